"""An inbox item as the templates get it: with the form of its answer."""

from dataclasses import dataclass

from gifting.gift.domain import Gift
from gifting.gift.message_rules import longest_message
from gifting.gift.note_form import NoteForm
from gifting.receiving.inbox import InboxItem, ItemState
from guestportal.web.http import PortalRequest


@dataclass(frozen=True, slots=True)
class ItemOnPage:
    """An inbox item with the form of its answer."""

    handle: str
    gift: Gift
    state: ItemState
    action: str
    reference: str
    form: NoteForm


def note_form(request: PortalRequest, *, bound: bool = False) -> NoteForm:
    """The form of a note, empty or as it was sent."""
    return NoteForm(request.POST if bound else None, longest=longest_message(request.merchant))


def item_on_page(request: PortalRequest, waiting: InboxItem, *, form: NoteForm | None = None) -> ItemOnPage:
    """A waiting gift for a template, with an empty form unless one is given."""
    return ItemOnPage(
        handle=waiting.handle,
        gift=waiting.gift,
        state=waiting.state,
        action=waiting.action,
        reference=waiting.reference,
        form=form or note_form(request),
    )
