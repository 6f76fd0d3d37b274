"""`manage.py settle_gifts [--loop]`: find out what became of gifts and answers whose end nobody saw.

It reads, and never sends or answers. Several may run at once.
"""

import logging
import signal
import threading
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from gifting.ledger import answers, wishes
from gifting.receiving.settle import settle_unattended as settle_answers
from gifting.sending.settle import settle_unattended as settle_wishes
from guestportal.merchants.registry import current_registry

log = logging.getLogger("gifting")


class Command(BaseCommand):
    help = "Settle open gifts and answers by reading them at Paytronix; run it every minute, or with --loop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until a signal ends it")
        parser.add_argument("--every", type=float, default=10.0, metavar="SECONDS", help="the loop's pause")

    def handle(self, *, loop: bool, every: float, **options: object) -> None:
        ended = threading.Event()
        if loop:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: ended.set())
        self._settle()
        while loop and not ended.wait(every):
            try:
                close_old_connections()
                self._settle()
            except Exception:
                # Whatever it was, guests still wait for an answer: the next round tries again.
                log.exception("settle_gifts_failed", extra={"fields": {"event": "settle_gifts_failed"}})

    def _settle(self) -> None:
        for merchant in current_registry():
            for name, result in (
                ("gifts", settle_wishes(merchant=merchant)),
                ("answers", settle_answers(merchant=merchant)),
            ):
                self.stdout.write(
                    f"{merchant.slug}: {name}: looked at {result.looked_at}, settled {result.settled}, "
                    f"could not read {result.unread}"
                )
            wishes.thin(merchant=merchant)
            answers.thin(merchant=merchant)
