"""A Paytronix stand-in that speaks the published API over HTTP, with state and faults of its own.

It is written from the seeds and the notes on the API, and knows nothing of the client it serves.
"""
