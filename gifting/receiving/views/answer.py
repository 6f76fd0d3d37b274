"""Accepting and declining. Only a POST answers; GET on decline is its confirmation page."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gate import GuestRequest, guest_required
from accounts.refusals import paused
from gifting.gift.looking_again import FIRST
from gifting.gift.note_form import NoteForm
from gifting.gift.pages import (
    claims_paused_page,
    failure_page,
    no_gift_page,
    where_gifts_are_offered,
)
from gifting.gift.refusals import not_sent
from gifting.ledger.answers import Action
from gifting.receiving.answer import answer_gift
from gifting.receiving.inbox import (
    GiftNotWaiting,
    InboxItem,
    ItemState,
    NoSuchGift,
    find_item,
    load_inbox,
)
from gifting.receiving.outcomes import AnswerOutcome, OutcomeKind, reference_of
from gifting.receiving.views.inbox import gifts_page
from gifting.receiving.views.item import item_on_page, note_form
from guestportal.paytronix.errors import PaytronixError
from guestportal.storage.lookup import ClaimsPaused
from guestportal.throttling.errors import CountersUnreachable, Throttled
from guestportal.web.error_pages import too_many_tries
from guestportal.web.fragments import render_page_or_fragment, wants_fragment, whole_page
from guestportal.web.reopening import form_page
from guestportal.web.sessions import GIFT_LINK

_UNANSWERABLE = (NoSuchGift, GiftNotWaiting, PaytronixError)
_STATUS = {OutcomeKind.REFUSED: 422, OutcomeKind.READ_ONLY: 409}


@require_POST
@where_gifts_are_offered
@guest_required
def accept(request: GuestRequest, handle: str) -> HttpResponse:
    """Accept a gift, with an optional note in `message`."""
    form = note_form(request, bound=True)
    if form.is_valid():
        return _answer(request, handle, Action.ACCEPT, form)
    return _note_not_taken(request, handle, form)


@form_page
@require_http_methods(["GET", "HEAD", "POST"])
@where_gifts_are_offered
@guest_required
def decline(request: GuestRequest, handle: str) -> HttpResponse:
    """Ask whether to decline a gift, or decline it with an optional note in `message`."""
    bound = request.method == "POST"
    form = note_form(request, bound=bound)
    if bound and form.is_valid():
        return _answer(request, handle, Action.DECLINE, form)
    try:
        waiting = find_item(
            merchant=request.merchant, guest=request.guest, handle=handle, action=Action.DECLINE
        )
    except _UNANSWERABLE as error:
        return _unanswerable_page(request, error)
    if not _may_answer(request, waiting, Action.DECLINE):
        return _outcome_page(request, _not_now(request, waiting))
    context: dict[str, object] = {
        "guest": request.guest,
        "item": item_on_page(request, waiting, form=form),
        "form": form,
    }
    return render_page_or_fragment(
        request,
        page="gifting/receiving/decline.html",
        fragment="gifting/receiving/_decline_question.html",
        context=context,
        status=422 if bound else 200,
    )


def _answer(request: GuestRequest, handle: str, action: Action, form: NoteForm) -> HttpResponse:
    try:
        outcome = answer_gift(
            merchant=request.merchant,
            guest=request.guest,
            handle=handle,
            action=action,
            note=form.cleaned_data["message"],
            language=request.LANGUAGE_CODE,
            link_code=request.session.get(GIFT_LINK, ""),
        )
    except NoSuchGift:
        return no_gift_page(request)
    except Throttled as error:
        return too_many_tries(request, retry_after_seconds=error.retry_after_seconds)
    except ClaimsPaused:
        return claims_paused_page(request, retry_url=reverse("gifts"))
    except CountersUnreachable:
        context = {"alert": paused(), "retry_url": reverse("gifts")}
        return whole_page(request, "gifting/gift/unavailable.html", context, status=503)
    except PaytronixError as error:
        return failure_page(request, error, alert=not_sent(error))
    return _outcome_page(request, outcome)


def _outcome_page(request: GuestRequest, outcome: AnswerOutcome) -> HttpResponse:
    """What came of it: in place for htmx, as a page for what is not possible, else on the page of gifts."""
    if not wants_fragment(request) and (
        outcome.is_done or (outcome.is_confirming and not outcome.making_sure)
    ):
        if outcome.is_done:  # what is being confirmed the page says itself, and by then it may know more
            reference = _("Reference %(reference)s") % {"reference": outcome.reference}
            messages.success(request, f"{outcome.sentence} {reference}")
        return HttpResponseRedirect(reverse("gifts"))
    context: dict[str, object] = {
        "guest": request.guest,
        "outcome": outcome,
        "gift_count": outcome.waiting_count,
        "linked": _on_link_page(request),
        "look": FIRST if outcome.is_confirming else None,
    }
    return render_page_or_fragment(
        request,
        page="gifting/receiving/answered.html",
        fragment="gifting/receiving/_answered_gift.html",
        context=context,
        status=200 if wants_fragment(request) else _status_of(outcome),
    )


def _status_of(outcome: AnswerOutcome) -> int:
    return 422 if outcome.refusal and outcome.making_sure else _STATUS.get(outcome.kind, 409)


def _unanswerable_page(
    request: GuestRequest, error: NoSuchGift | GiftNotWaiting | PaytronixError
) -> HttpResponse:
    """Why the gift cannot be shown for an answer."""
    match error:
        case NoSuchGift():
            return no_gift_page(request)
        case GiftNotWaiting():
            return _outcome_page(request, error.outcome)
        case PaytronixError():
            return failure_page(request, error)


def _note_not_taken(request: GuestRequest, handle: str, form: NoteForm) -> HttpResponse:
    """The gift again, with the note as it was written and what to change in it. Nothing was sent."""
    try:
        if not wants_fragment(request):
            waiting = load_inbox(merchant=request.merchant, guest=request.guest)
            if any(
                item.handle == handle and _may_answer(request, item, Action.ACCEPT) for item in waiting.items
            ):
                return gifts_page(request, waiting, failed_handle=handle)
        item = find_item(merchant=request.merchant, guest=request.guest, handle=handle, action=Action.ACCEPT)
    except _UNANSWERABLE as error:
        return _unanswerable_page(request, error)
    if not _may_answer(request, item, Action.ACCEPT):
        return _outcome_page(request, _not_now(request, item))
    context: dict[str, object] = {
        "guest": request.guest,
        "item": item_on_page(request, replace(item, state=ItemState.WAITING), form=form),
        "linked": _on_link_page(request),
    }
    return render_page_or_fragment(
        request,
        page="gifting/receiving/inbox.html",
        fragment="gifting/receiving/_inbox_item.html",
        context=context,
        status=422,
    )


def _may_answer(request: GuestRequest, item: InboxItem, action: Action) -> bool:
    """Whether pressing a button can do anything: a link's code may stand in for one that the list left out."""
    return item.may_be_answered(action) or (
        item.state is ItemState.READ_ONLY and GIFT_LINK in request.session
    )


def _not_now(request: GuestRequest, item: InboxItem) -> AnswerOutcome:
    """Why a waiting gift cannot be answered just now."""
    kind = OutcomeKind.READ_ONLY if item.state is ItemState.READ_ONLY else OutcomeKind.CONFIRMING
    return AnswerOutcome(
        kind=kind,
        handle=item.handle,
        action=item.action,
        gift=item.gift,
        making_sure=item.state is ItemState.REPEATABLE,
        reference=item.reference or reference_of(kind, None, merchant=request.merchant),
    )


def _on_link_page(request: GuestRequest) -> bool:
    """Whether htmx asks from the page of a gift link, where there is no list to look at again."""
    return bool(request.htmx) and request.htmx.current_url_abs_path == reverse("gift_preview")
