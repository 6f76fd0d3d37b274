"""`manage.py gift_report`: where the gifts sent through this portal stand, for the merchant. No personal data."""

from argparse import ArgumentParser
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gifting.ledger.report import reviews_of, slugs, states_of
from guestportal.merchants.registry import current_registry


class Command(BaseCommand):
    help = "States and ages of the gifts that guests sent, and which of them a person has to look at."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchant", metavar="SLUG", help="one merchant alone")

    def handle(self, *, merchant: str | None, **options: object) -> None:
        registry = current_registry()
        if merchant is not None and registry.by_slug(merchant) is None:
            raise CommandError(f"No merchant is called {merchant}.")
        now = timezone.now()
        for slug in slugs():
            if merchant not in {None, slug}:
                continue
            known = registry.by_slug(slug)
            for line in states_of(slug):
                remark = "" if known else "  no merchant file: nobody settles these"
                self.stdout.write(
                    f"{slug}  {line.state:<12}  {line.count:>6}  oldest {_age(line.oldest, now)}{remark}"
                )
            for review in reviews_of(known) if known else ():
                self.stdout.write(
                    f"{slug}  review        {review.wish_id}  sent {review.sent_at:%Y-%m-%d %H:%M:%S}Z  "
                    f"age {_age(review.sent_at, now)}  cause {review.cause}  "
                    f"reference {review.reference or '-'}  call {review.call or '-'}"
                )


def _age(moment: datetime, now: datetime) -> str:
    """The largest unit that is full: "3d", "5h", "12m", "40s"."""
    seconds = int((now - moment).total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{max(seconds, 0)}s"
