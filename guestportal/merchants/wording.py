"""The portal's own words for a card's number and code, where a merchant has none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from guestportal.merchants.definition import CardWords
from guestportal.merchants.toml_file import CardTable, CardWordsTable


@dataclass(frozen=True, slots=True)
class _Wording:
    """One language. `{lengths}` stands for a card's lengths in words."""

    either: str
    span: str
    number_label: str
    number_hint: str
    number_hint_with_letters: str
    code_label: str
    code_hint: str
    picture_text: str


_WORDINGS: Final[Mapping[str, _Wording]] = {
    "en": _Wording(
        either="{first} or {last}",
        span="{first} to {last}",
        number_label="Card number",
        number_hint="The {lengths} digits on your card; spaces do not matter.",
        number_hint_with_letters="The {lengths} letters and digits on your card; spaces do not matter.",
        code_label="Registration code",
        code_hint="The {lengths} characters printed near the card number.",
        picture_text="Both are on the back of the card. The code may be under a strip that scratches off.",
    ),
    "es": _Wording(
        either="{first} o {last}",
        span="{first} a {last}",
        number_label="Número de tarjeta",
        number_hint="Los {lengths} dígitos de su tarjeta; los espacios no importan.",
        number_hint_with_letters="Las {lengths} letras y cifras de su tarjeta; los espacios no importan.",
        code_label="Código de registro",
        code_hint="Los {lengths} caracteres impresos cerca del número de tarjeta.",
        picture_text="Ambos están al dorso de la tarjeta. El código puede estar bajo una banda que se raspa.",
    ),
    "fr": _Wording(
        either="{first} ou {last}",
        span="{first} à {last}",
        number_label="Numéro de carte",
        number_hint="Les {lengths} chiffres de votre carte ; les espaces ne comptent pas.",
        number_hint_with_letters="Les {lengths} lettres et chiffres de votre carte ; les espaces ne comptent pas.",
        code_label="Code d\u2019inscription",
        code_hint="Les {lengths} caractères imprimés près du numéro de carte.",
        picture_text="Les deux sont au dos de la carte. Le code peut se trouver sous une bande à gratter.",
    ),
}


def lengths_in_words(lengths: tuple[int, ...], language: str) -> str:
    """`lengths` (sorted, at least one) for people: "16", "14 or 16", "10, 13 or 16", "10 to 19"."""
    wording = _wording(language)
    *others, last = (str(length) for length in lengths)
    if not others:
        return last
    if len(lengths) > 2 and lengths == tuple(range(lengths[0], lengths[-1] + 1)):
        return wording.span.format(first=others[0], last=last)
    return wording.either.format(first=", ".join(others), last=last)


def card_words(
    card: CardTable, overrides: Mapping[str, CardWordsTable], languages: tuple[str, ...]
) -> dict[str, CardWords]:
    """The words for each of `languages`, the first of which is the default one.

    `[card.<language>]` wins, then `[card]`, then the portal's own. A word in `[card]` that merely repeats the
    portal's own in the default language is no wish of the merchant's, so other languages keep their own.
    """
    default = _own_words(card, languages[0])
    found = {}
    for language in languages:
        own = _own_words(card, language)
        override = overrides.get(language, CardWordsTable())

        def choose(field: str, own: CardWords = own, override: CardWordsTable = override) -> str:
            general = getattr(card, field)
            if general == getattr(default, field):
                general = None
            return " ".join(str(getattr(override, field) or general or getattr(own, field)).split())

        found[language] = CardWords(
            number_label=choose("number_label"),
            number_hint=choose("number_hint"),
            code_label=choose("code_label"),
            code_hint=choose("code_hint"),
            picture_text=choose("picture_text"),
        )
    return found


def _own_words(card: CardTable, language: str) -> CardWords:
    wording = _wording(language)
    number_hint = wording.number_hint_with_letters if card.number_letters else wording.number_hint
    return CardWords(
        number_label=wording.number_label,
        number_hint=number_hint.format(lengths=lengths_in_words(distinct(card.number_lengths), language)),
        code_label=wording.code_label,
        code_hint=wording.code_hint.format(lengths=lengths_in_words(distinct(card.code_lengths), language)),
        picture_text=wording.picture_text,
    )


def distinct(lengths: tuple[int, ...]) -> tuple[int, ...]:
    """The lengths once each, shortest first."""
    return tuple(sorted(set(lengths)))


def _wording(language: str) -> _Wording:
    return _WORDINGS.get(language, _WORDINGS["en"])
