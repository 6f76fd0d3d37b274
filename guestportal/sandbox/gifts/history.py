"""What the history endpoint reads: the truth, or on command an earlier state, as a lagging copy would show."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from guestportal.sandbox.gifts.book import GiftBook
from guestportal.sandbox.gifts.transfers import Transfer


@dataclass(slots=True)
class HistoryReads:
    """How the next reads lie: `stale_calls` of them show `lag_seconds` ago, or else the state at `revision`."""

    stale_calls: int = 0
    lag_seconds: float | None = None
    revision: int = 0

    def be_stale(self, book: GiftBook, *, calls: int, lag_seconds: float | None) -> None:
        """Let the next reads show an earlier state; without a lag it is the one of this moment."""
        self.stale_calls, self.lag_seconds, self.revision = calls, lag_seconds, book.revision

    def read(self, book: GiftBook, *, now: datetime) -> tuple[Transfer, ...]:
        """Return the transfers for one read, oldest transaction number first."""
        if self.stale_calls <= 0:
            return book.all()
        self.stale_calls -= 1
        if self.lag_seconds is None:
            return book.at_revision(self.revision)
        return book.at_time(now - timedelta(seconds=self.lag_seconds))
