"""A clock that a test moves by hand, in place of time.monotonic."""


class Clock:
    """Seconds since nothing in particular."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
