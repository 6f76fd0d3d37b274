"""A list of gifts that opens only those it is asked for; to choose and to count it needs none of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from gifting.gift.domain import Direction, Gift, Item


@dataclass(frozen=True, slots=True)
class Line:
    """What choosing and counting need of a gift."""

    direction: Direction
    status: str  # a GiftStatus value, or whatever Paytronix sent
    item: Item


@dataclass(frozen=True, slots=True)
class Gifts:
    """Gifts in an order, by their places from 0. `open_places` returns those of the places, in their order."""

    lines: tuple[Line, ...]
    open_places: Callable[[Sequence[int]], tuple[Gift, ...]] = field(repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.lines)

    def at(self, places: Sequence[int]) -> tuple[Gift, ...]:
        """The gifts of these places."""
        return self.open_places(places)

    def all(self) -> tuple[Gift, ...]:
        """Every gift."""
        return self.at(range(len(self)))

    def only(self, places: Sequence[int]) -> "Gifts":
        """Those of these places as a list of their own."""
        lines = tuple(self.lines[place] for place in places)
        return Gifts(lines, lambda wanted: self.at([places[each] for each in wanted]))


def in_memory(gifts: Iterable[Gift]) -> Gifts:
    """Gifts that are all there."""
    there = tuple(gifts)
    lines = tuple(Line(each.direction, each.status, each.item) for each in there)
    return Gifts(lines, lambda places: tuple(there[place] for place in places))
