"""A Paytronix stand-in that speaks the published API over HTTP, with state and faults of its own.

It is written from docs/paytronix-api.md, and knows nothing of the client it serves.
"""
