"""One class per Paytronix service; each method is one call."""
