"""The contract watch: what Paytronix's answers had in them that no documentation has, counted by name."""
