"""Template filters of gifting."""
