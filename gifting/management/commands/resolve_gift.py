"""`manage.py resolve_gift REF --sent TXN | --not-sent --by NAME`: end a gift that a person had to look at."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from gifting.ledger.resolve import NotResolved, resolve


class Command(BaseCommand):
    help = "Say what became of a gift that needs review, as gift_report lists it. The guest reads it at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ref", metavar="REF", help="the gift's reference, or its id in gift_report")
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument("--sent", metavar="TXN", help="it was sent: Paytronix's transaction number")
        how.add_argument("--not-sent", action="store_true", help="it was not sent: the guest may try again")
        parser.add_argument("--by", metavar="NAME", required=True, help="who has looked; it is recorded")

    def handle(self, *, ref: str, sent: str | None, by: str, **options: object) -> None:
        try:
            row = resolve(ref=ref, transaction_id=sent, by=by)
        except NotResolved as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(f"{row.merchant}  {row.id}  {row.state}  {row.cause}")
