"""Sending a gift: at most one call per wish, and nothing lost (docs/architecture.md, section 6)."""
