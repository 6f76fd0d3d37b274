"""The accounts behind the cards: their codes, the people, and the external accounts linked to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from guestportal.sandbox import cards


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One account. The first card is its primary one; a name that is None is left out of replies.

    `external` are the identifiers of linked external accounts: e-mail addresses, compared without regard to
    case, and Facebook ids. An account that is not `active` neither sends nor accepts.
    """

    account_code: int
    card_numbers: tuple[str, ...]
    salutation: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    external: tuple[str, ...] = ()
    active: bool = True

    @property
    def primary_card(self) -> str:
        """The card number that gift replies show."""
        return self.card_numbers[0]

    def has_external(self, identifier: str) -> bool:
        """Return whether an external account is linked to this one."""
        return identifier.casefold() in {linked.casefold() for linked in self.external}


ANA: Final = Holder(
    account_code=900001,
    card_numbers=(cards.SEED.number,),
    salutation="Ms.",
    first_name="Ana",
    last_name="Example",
    external=("ana@example.com", "100004567890123"),
)
ROSA: Final = Holder(
    account_code=900002,
    card_numbers=(cards.RICH.number, "6000301000731214"),
    first_name="Rosa",
    last_name="Lindqvist",
    external=("rosa@example.com", "Gold.Rosa@Example.org"),
)
THEO: Final = Holder(
    account_code=900003,
    card_numbers=(cards.SHORT.number,),
    first_name="Th\u00e9o",
    last_name="Marchetti",
    external=("theo@example.com",),
)
THEO_SECOND: Final = Holder(
    account_code=900004, card_numbers=(cards.SECOND.number,), first_name="Th\u00e9o", last_name="Marchetti"
)
IVO: Final = Holder(
    account_code=900005,
    card_numbers=(cards.INVALID_STATUS.number,),
    first_name="Ivo",
    last_name="Brandt",
    external=("ivo@example.com",),
    active=False,
)
SOFIA: Final = Holder(
    account_code=9007199254740993,
    card_numbers=(cards.REPLACEMENT.number, cards.EXCHANGED.number),
    first_name="Sof\u00eda",
    last_name="Pe\u00f1a",
    external=("sofia@example.com",),
)
PAUL: Final = Holder(
    account_code=900006, card_numbers=(cards.SUSPENDED.number,), first_name="Paul", active=False
)
LUIS: Final = Holder(account_code=900007, card_numbers=(cards.DISABLED.number,), first_name="Luis")
NOBODY: Final = Holder(account_code=900008, card_numbers=(cards.UNREGISTERED.number,))
MARKUP: Final = Holder(
    account_code=900009,
    card_numbers=(cards.HUGE.number,),
    salutation="<b>Dr.</b>",
    first_name="<i>O'Brien</i>",
    last_name="\u202eevil",
)
EARLY: Final = Holder(
    account_code=900010, card_numbers=(cards.OLD_RELEASE.number,), first_name="Early", last_name="Bird"
)
LOCKED: Final = Holder(account_code=900011, card_numbers=(cards.LOCKED.number,), active=False)
MINA: Final = Holder(account_code=900012, card_numbers=(cards.TERMINATED.number,), active=False)
EXCHANGED: Final = Holder(account_code=900013, card_numbers=(cards.EXCHANGED_INVALID.number,), active=False)
LOTS: Final = Holder(account_code=900014, card_numbers=(cards.MANY_LOTS.number,), first_name="Lots")

HOLDERS: Final = (
    ANA,
    ROSA,
    THEO,
    THEO_SECOND,
    IVO,
    SOFIA,
    PAUL,
    LUIS,
    NOBODY,
    MARKUP,
    EARLY,
    LOCKED,
    MINA,
    EXCHANGED,
    LOTS,
)


class HolderDirectory:
    """Finds accounts by what gift calls name them with."""

    def __init__(self, holders: Iterable[Holder] = HOLDERS) -> None:
        self._by_code = {holder.account_code: holder for holder in holders}
        self._by_card = {
            number: holder for holder in self._by_code.values() for number in holder.card_numbers
        }

    def by_card(self, card_number: str) -> Holder | None:
        """Return the account of any of its cards."""
        return self._by_card.get(card_number)

    def by_code(self, account_code: int) -> Holder | None:
        """Return the account with this code."""
        return self._by_code.get(account_code)

    def by_external(self, identifier: str) -> Holder | None:
        """Return the account an external account is linked to."""
        return next((holder for holder in self._by_code.values() if holder.has_external(identifier)), None)
