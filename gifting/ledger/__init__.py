"""What is written down before Paytronix hears of it, and how it comes to an end. It asks Paytronix nothing."""
