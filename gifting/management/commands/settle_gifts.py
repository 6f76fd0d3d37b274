"""`manage.py settle_gifts [--loop]`: find out what became of gifts and answers whose end is unknown.

It reads, and never sends or answers. Several may run at once.
"""

import logging
import signal
import threading
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections

from gifting.history import kept
from gifting.ledger import answers, wishes
from gifting.receiving.settle import settle_unattended as settle_answers
from gifting.sending.settle import settle_unattended as settle_wishes
from guestportal.merchants.definition import Merchant
from guestportal.merchants.registry import current_registry
from guestportal.watch.waiting import write_all

log = logging.getLogger("gifting")


class Command(BaseCommand):
    help = "Settle open gifts and answers by reading them at Paytronix; run it every minute, or with --loop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until a signal ends it")
        parser.add_argument("--every", type=float, default=10.0, metavar="SECONDS", help="the loop's pause")

    def handle(self, *, loop: bool, every: float, **options: object) -> None:
        if not loop:
            if failed := self._round():
                raise CommandError(f"{failed} could not be settled; the log names each as row_not_settled.")
            return
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        while True:
            self._round()
            if ended.wait(every):
                break
            close_old_connections()

    def _round(self) -> int:
        """One look at everything that is due; returns how many rows or merchants failed. One stops no other."""
        failed = 0
        for merchant in current_registry():
            try:
                failed += self._settle(merchant)
            except Exception:
                # Whatever it was, guests still wait for an answer: the next round tries again.
                failed += 1
                line = {"event": "settle_gifts_failed", "merchant": merchant.slug}
                log.exception("settle_gifts_failed", extra={"fields": line})
        write_all()
        return failed

    def _settle(self, merchant: Merchant) -> int:
        failed = 0
        for name, settle in (("gifts", settle_wishes), ("answers", settle_answers)):
            result = settle(merchant=merchant)
            failed += result.failed
            self.stdout.write(
                f"{merchant.slug}: {name}: looked at {result.looked_at}, settled {result.settled}, "
                f"could not read {result.unread}" + (f", failed {result.failed}" if result.failed else "")
            )
        wishes.thin(merchant=merchant)
        answers.thin(merchant=merchant)
        kept.sweep(merchant=merchant)
        return failed
