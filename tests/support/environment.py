"""The environment every test runs in, set before Django reads its settings."""

import os

os.environ.setdefault("DEBUG", "true")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs inside an event loop
# What slows guessing down would slow the tests down; the tests about it turn it on.
os.environ.setdefault("FAILED_ANSWER_SECONDS", "0")
os.environ.setdefault("PROOF_ROUNDS", "3")
