"""Every transfer of one history with its earlier states, and the wallet changes that go with each step.

Decides no right: `rules` asks first. Its callers hold the sandbox's lock and say what time it is.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Final

from guestportal.sandbox.gifts.holders import Holder, HolderDirectory
from guestportal.sandbox.gifts.transfers import (
    Goods,
    Origin,
    Status,
    Target,
    ToAccount,
    Transfer,
    last_day,
)
from guestportal.sandbox.gifts.wallets import WalletChanges

# Above 2 to the power of 53: a reader that goes through a binary float shows a wrong number.
_FIRST_ID: Final = 9_007_199_254_800_001
_CODE_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    revision: int
    at: datetime
    transfer: Transfer


class GiftBook:
    """All transfers by transaction number. `shows_codes` false leaves `code` out of every TransferInfo.

    `revision` counts the changes there have been; `at_revision` takes it.
    """

    def __init__(self) -> None:
        self.holders = HolderDirectory()
        self.changes = WalletChanges()
        self.shows_codes = True
        self._ids = count(_FIRST_ID, 13)
        self.revision = 0
        self._versions: dict[int, list[_Version]] = {}

    def send(
        self,
        *,
        sender: Holder,
        target: Target,
        goods: Goods,
        days: int | None,
        message: str | None,
        now: datetime,
        origin: Origin,
    ) -> Transfer:
        """Take the goods out of the sender's wallet and return the transfer that now waits."""
        self._move(sender.account_code, goods.source_wallet, -goods.source_amount)
        transfer = Transfer(
            code="".join(secrets.choice(_CODE_LETTERS) for _ in range(16)),
            origin=origin,
            out_id=next(self._ids),
            from_account=sender.account_code,
            target=target,
            goods=goods,
            made_at=now,
            expires_on=last_day(now, days),
            message=message,
        )
        return self._write(transfer, now)

    def put_in(self, transfer: Transfer, *, now: datetime) -> Transfer:
        """Take a transfer in as it is, with new transaction numbers as its status needs; no wallet changes."""
        accepted = transfer.status is Status.ACCEPTED
        voided = transfer.status in {Status.REJECTED, Status.RETURNED, Status.EXPIRED}
        numbered = replace(
            transfer,
            out_id=next(self._ids),
            in_id=next(self._ids) if accepted else None,
            void_id=next(self._ids) if voided else None,
        )
        return self._write(numbered, now)

    def accept(self, transfer: Transfer, *, by: Holder, message: str | None, now: datetime) -> Transfer:
        """Give the goods to an account."""
        self._move(by.account_code, transfer.goods.destination_wallet, transfer.goods.destination_amount)
        accepted = replace(
            transfer,
            status=Status.ACCEPTED,
            in_id=next(self._ids),
            answered_at=now,
            answered_by=by.account_code,
            response_message=message,
        )
        return self._write(accepted, now)

    def reject(
        self, transfer: Transfer, *, by: Holder | None, message: str | None, now: datetime
    ) -> Transfer:
        """Give the goods back to the sender because the recipient declined."""
        answered = replace(
            transfer,
            answered_at=now,
            answered_by=by.account_code if by else None,
            response_message=message,
        )
        return self.give_back(answered, status=Status.REJECTED, now=now)

    def give_back(self, transfer: Transfer, *, status: Status, now: datetime) -> Transfer:
        """Put the goods back into the sender's wallet and void the transfer."""
        self._move(transfer.from_account, transfer.goods.source_wallet, transfer.goods.source_amount)
        return self._write(replace(transfer, status=status, void_id=next(self._ids)), now)

    def end_overdue(self, now: datetime) -> None:
        """End gifts that were not answered in time: EXPIRED, or RETURNED when no account ever had the address linked.

        Which of the two words Paytronix uses when is not documented; both give the goods back.
        """
        for transfer in self.all():
            if transfer.status is Status.PENDING and transfer.ends_at is not None and transfer.ends_at <= now:
                reached = self.recipient_of(transfer) is not None
                status = Status.EXPIRED if reached else Status.RETURNED
                self.give_back(transfer, status=status, now=transfer.ends_at)

    def recipient_of(self, transfer: Transfer) -> Holder | None:
        """Return the account that answered or can answer; None for an address that no account has linked."""
        if transfer.answered_by is not None:
            return self.holders.by_code(transfer.answered_by)
        if isinstance(transfer.target, ToAccount):
            return self.holders.by_code(transfer.target.account_code)
        return self.holders.by_external(transfer.target.identifier)

    def all(self) -> tuple[Transfer, ...]:
        """Return every transfer as it is now, oldest transaction number first."""
        return tuple(versions[-1].transfer for versions in self._versions.values())

    def by_code(self, code: str) -> Transfer | None:
        """Return the transfer with a code."""
        return next((transfer for transfer in self.all() if transfer.code == code), None)

    def by_id(self, out_id: int) -> Transfer | None:
        """Return the transfer with the number of its outbound transaction."""
        versions = self._versions.get(out_id)
        return versions[-1].transfer if versions else None

    def at_revision(self, revision: int) -> tuple[Transfer, ...]:
        """Return the transfers as they were after that change."""
        return self._earlier(lambda version: version.revision <= revision)

    def at_time(self, moment: datetime) -> tuple[Transfer, ...]:
        """Return the transfers as they were at a moment of the sandbox's clock."""
        return self._earlier(lambda version: version.at <= moment)

    def clear(self) -> None:
        """Forget every transfer; wallets stay as they are."""
        self._versions.clear()

    def _earlier(self, counts: Callable[[_Version], bool]) -> tuple[Transfer, ...]:
        known: Iterable[list[_Version]] = (
            [version for version in versions if counts(version)] for versions in self._versions.values()
        )
        return tuple(versions[-1].transfer for versions in known if versions)

    def _move(self, account_code: int, wallet_code: int, amount: Decimal) -> None:
        self.changes.add(account_code, wallet_code, amount)

    def _write(self, transfer: Transfer, now: datetime) -> Transfer:
        self.revision += 1
        version = _Version(revision=self.revision, at=now, transfer=transfer)
        self._versions.setdefault(transfer.out_id, []).append(version)
        return transfer
