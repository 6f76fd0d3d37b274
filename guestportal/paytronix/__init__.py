"""The floor: everything about the vendor's API, and nothing about the web, merchants or guests."""
