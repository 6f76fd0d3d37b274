"""The pages of gifts that wait."""
