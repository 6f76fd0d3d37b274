"""A clock that stands still, for what is counted in windows of time."""

from tests.support.stopped_clock import clock

__all__ = ["clock"]
