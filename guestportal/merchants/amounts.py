"""An exact amount in the unit that a merchant gave a wallet."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from operator import add, mul, sub
from typing import Final

from guestportal.merchants.definition import Unit

_EXACT_DIGITS: Final = 2_000  # an amount that was read has at most 500 (`read_amount`), so no sum is rounded


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as Paytronix sent it. `value` is exact; None when `received` is no decimal or is absent."""

    received: str | None
    value: Decimal | None
    unit: Unit = Unit.NUMBER
    currency: str | None = None

    @property
    def plural_count(self) -> int:
        """The whole number with which a sentence about this amount takes its singular or plural.

        Money counts as one. A fraction below 2 is neither one nor many everywhere: 0 is the number that is
        plural in English and Spanish, and singular in French, as "1.5" is.
        """
        if self.unit is Unit.MONEY:
            return 1
        if self.value is None:
            return 2
        whole = abs(int(self.value))
        return whole if whole >= 2 or whole == abs(self.value) else 0

    def plus(self, other: "Amount") -> "Amount":
        """The exact sum in this amount's unit; without a value when one of the two has none."""
        return self._combined(add, other)

    def minus(self, other: "Amount") -> "Amount":
        """The exact difference in this amount's unit; without a value when one of the two has none."""
        return self._combined(sub, other)

    def times(self, count: int) -> "Amount":
        """The exact product; this amount itself for one, and without a value when it has none."""
        if count == 1:
            return self
        return self._combined(mul, replace(self, value=Decimal(count)))

    def _combined(self, operation: Callable[[Decimal, Decimal], Decimal], other: "Amount") -> "Amount":
        if self.value is None or other.value is None:
            return replace(self, received=None, value=None)
        with localcontext(prec=_EXACT_DIGITS):
            value = operation(self.value, other.value)
        return replace(self, received=format(value, "f"), value=value)
