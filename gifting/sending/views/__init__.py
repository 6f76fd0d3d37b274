"""The pages of sending a gift."""
