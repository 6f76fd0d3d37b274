"""Sending a gift: at most one call per wish, and nothing lost (design, section 6)."""
