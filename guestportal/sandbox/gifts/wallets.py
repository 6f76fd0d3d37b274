"""What gifts have added to and taken from wallets since the start, laid over what accountInformation says.

A card's seeded reply stays as it is until a gift changes one of its wallets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from typing import Final, TypeGuard

from guestportal.sandbox.gifts.programme import names_of
from guestportal.sandbox.jsontext import JsonObject, JsonValue

# More digits than any seeded balance has.
_DIGITS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletBalance:
    """One wallet of an account as accountInformation shows it."""

    code: int
    name: str
    balance: Decimal
    giftable: bool


class WalletChanges:
    """The sum of all gifts per account and wallet."""

    def __init__(self) -> None:
        self._changes: dict[tuple[int, int], Decimal] = {}

    def add(self, account_code: int, wallet_code: int, amount: Decimal) -> None:
        """Add an amount, or take one that is negative."""
        key = (account_code, wallet_code)
        self._changes[key] = self._changes.get(key, Decimal(0)) + amount

    def apply(self, account_code: int, reply: JsonObject) -> JsonObject:
        """Return the reply with changed balances; a wallet that the account did not have is put at the end."""
        changes = {
            wallet_code: amount
            for (owner, wallet_code), amount in self._changes.items()
            if owner == account_code
        }
        if not changes or reply.get("result") != "success":
            return reply
        changed = dict(reply)
        for member in ("storedValueBalance", "pointBalances", "rewardBalances"):
            wallets = reply.get(member)
            if isinstance(wallets, Mapping):
                changed[member] = _apply_one(wallets, changes)
            elif _is_list(wallets):
                changed[member] = [
                    _apply_one(entry, changes) if isinstance(entry, Mapping) else entry for entry in wallets
                ]
        for wallet_code, amount in changes.items():
            member = "pointBalances" if names_of(wallet_code).counts_points else "rewardBalances"
            present = changed.get(member)
            changed[member] = [*(present if _is_list(present) else ()), _new_wallet(wallet_code, amount)]
        return changed


def balances_of(reply: JsonObject) -> tuple[WalletBalance, ...]:
    """Return the readable wallets of an accountInformation reply."""
    entries: list[JsonValue] = [reply.get("storedValueBalance")]
    for member in ("pointBalances", "rewardBalances"):
        wallets = reply.get(member)
        entries += wallets if _is_list(wallets) else ()
    return tuple(wallet for entry in entries if (wallet := _read(entry)) is not None)


def _apply_one(wallet: JsonObject, changes: dict[int, Decimal]) -> JsonObject:
    """Return the wallet with its change, and take the change out of those still to be applied."""
    read = _read(wallet)
    if read is None or read.code not in changes:
        return wallet
    amount, parts = changes.pop(read.code), wallet.get("expirations")
    with localcontext(prec=_DIGITS):
        changed = {**wallet, "balance": _written(read.balance + amount, like=wallet.get("balance"))}
        if amount < 0 and _is_list(parts):
            changed["expirations"] = _without(parts, -amount)
    return changed


def _without(parts: Sequence[JsonValue], taken: Decimal) -> list[JsonValue]:
    """Return the expirations that are left when what ends soonest is used first; their order stays."""
    left: list[JsonValue] = list(parts)
    for part in sorted(parts, key=_end_of):
        if taken <= 0 or not isinstance(part, Mapping):
            continue
        amount = _decimal(part.get("amount"))
        if amount is None:
            continue
        place = left.index(part)
        if amount <= taken:
            left.pop(place)
        else:
            left[place] = {**part, "amount": _written(amount - taken, like=part.get("amount"))}
        taken -= amount
    return left


def _new_wallet(wallet_code: int, amount: Decimal) -> JsonObject:
    names = names_of(wallet_code)
    name = names.plural if names.counts_points else names.name
    return {"balance": format(amount, "f"), "giftable": True, "name": name, "walletCode": wallet_code}


def _read(entry: JsonValue) -> WalletBalance | None:
    if not isinstance(entry, Mapping):
        return None
    code, balance = entry.get("walletCode"), _decimal(entry.get("balance"))
    if not isinstance(code, int) or balance is None:
        return None
    return WalletBalance(
        code=code, name=str(entry.get("name", "")), balance=balance, giftable=entry.get("giftable") is True
    )


def _decimal(value: JsonValue) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _written(amount: Decimal, *, like: JsonValue) -> str | Decimal:
    """Return an amount as a decimal string, or as a number where the reply has numbers."""
    return format(amount, "f") if isinstance(like, str) else amount


def _is_list(value: JsonValue) -> TypeGuard[Sequence[JsonValue]]:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _end_of(part: JsonValue) -> str:
    return str(part.get("expirationDate")) if isinstance(part, Mapping) else ""
