"""Whether lists that were read at a moment may still be true of a card's gifts, as far as the ledgers know."""

from datetime import datetime

from django.db.models import Q

from accounts.credentials import card_key_of
from gifting.ledger import answers, wishes
from gifting.ledger.schedule import settling_time
from gifting.models import Answer, Wish
from guestportal.merchants.definition import Merchant


def may_have_moved(*, merchant: Merchant, card_number: str, since: datetime) -> bool:
    """Whether a gift of this card is on its way, its end unseen, or may not yet have stood in lists of that moment.

    Lists lag: what was answered or sent within the settling time before them counts too.
    """
    seen_from = since - settling_time(merchant)
    moved = Q(claimed_at__gte=seen_from) | Q(settled_at__gte=seen_from)
    of_card = {"card_key": card_key_of(merchant=merchant, card_number=card_number)}
    answered = Answer.objects.filter(moved | Q(state__in=answers.OPEN) | Q(is_news=True), **of_card)
    sent = Wish.objects.filter(moved | Q(state__in=wishes.OPEN), **of_card)
    return answered.exists() or sent.exists()
