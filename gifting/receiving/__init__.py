"""Gifts that wait for a guest: the inbox, the answer to one, gift links, and settling answers by reading."""
