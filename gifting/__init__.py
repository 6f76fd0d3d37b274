"""Gifts between guests: those that wait, their answers, links to them, and the history."""
