"""The words beside the card form: the merchant's, and where it has none the portal's own, from the catalogues."""

from dataclasses import fields

from django.utils.translation import gettext as _
from django.utils.translation import override

from guestportal.merchants.definition import CardWords
from guestportal.merchants.merchant_file import CardTable


def lengths_in_words(lengths: tuple[int, ...], language: str) -> str:
    """`lengths` (sorted, at least one) for people: "16", "14 or 16", "10, 13 or 16", "10 to 19"."""
    first, last = lengths[0], lengths[-1]
    if first == last:
        return str(last)
    with override(language):
        if len(lengths) > 2 and lengths == tuple(range(first, last + 1)):
            return _("%(first)s to %(last)s") % {"first": first, "last": last}
        return _("%(others)s or %(last)s") % {"others": ", ".join(map(str, lengths[:-1])), "last": last}


def card_words(card: CardTable, languages: tuple[str, ...]) -> dict[str, CardWords]:
    """The words for each of `languages`, the first of which is the default one.

    `[card.<language>]` wins, then `[card]`, then the portal's own. A word in `[card]` that merely repeats the
    portal's own in the default language is no wish of the merchant's, so other languages keep their own.
    """
    portal_words = {language: _portal_words(card, language) for language in languages}

    def choose(name: str, language: str) -> str:
        own, default = getattr(portal_words[language], name), getattr(portal_words[languages[0]], name)
        general: str | None = getattr(card, name)
        special: str | None = getattr(card.by_language.get(language), name, None)
        return special or (general if general != default else None) or own

    return {
        language: CardWords(**{each.name: choose(each.name, language) for each in fields(CardWords)})
        for language in languages
    }


def _portal_words(card: CardTable, language: str) -> CardWords:
    number = {"lengths": lengths_in_words(card.number_lengths, language)}
    code = {"lengths": lengths_in_words(card.code_lengths, language)}
    with override(language):
        return CardWords(
            number_label=_("Card number"),
            number_hint=_("The %(lengths)s letters and digits on your card; spaces do not matter.") % number
            if card.number_has_letters
            else _("The %(lengths)s digits on your card; spaces do not matter.") % number,
            code_label=_("Registration code"),
            code_hint=_("The %(lengths)s characters printed near the card number.") % code,
            picture_text=_(
                "Both are on the back of the card. The code may be under a strip that scratches off."
            ),
        )
