"""Tests of the Paytronix sandbox itself, over real connections."""
