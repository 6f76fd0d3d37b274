"""The gifts that wait: their page, the balance page's part of it, and a deadline for the calendar."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.gate import BACKGROUND_HEADER, GuestRequest, guest_required
from gifting.gift.looking_again import Look, next_look
from gifting.gift.pages import (
    failure_page,
    no_gift_page,
    where_gifts_are_offered,
)
from gifting.gift.refusals import unavailable
from gifting.ledger.answers import Action
from gifting.receiving.calendar import deadline_file
from gifting.receiving.handles import LENGTH
from gifting.receiving.inbox import (
    GiftNotWaiting,
    Inbox,
    ItemState,
    NoSuchGift,
    find_item,
    load_inbox,
    note_shown,
)
from gifting.receiving.outcomes import AnswerOutcome, OutcomeKind, reference_of
from gifting.receiving.views.item import ItemOnPage, item_on_page, note_form
from guestportal.paytronix.errors import PaytronixError
from guestportal.web.fragments import VARY_ON, render_page_or_fragment, wants_fragment, whole_page

_MOST_UNSETTLED = 50  # answers of one page


@require_safe
@where_gifts_are_offered
@guest_required
def gifts(request: GuestRequest) -> HttpResponse:
    """All gifts that wait for the guest's card, soonest deadline first.

    An open page that looks again by itself says as `unsettled` which answers it shows so, and gets their news alone.
    """
    looks_again = BACKGROUND_HEADER in request.headers and wants_fragment(request)
    unsettled = _unsettled(request) if looks_again else ()
    try:
        waiting = load_inbox(merchant=request.merchant, guest=request.guest, unsettled=unsettled)
    except PaytronixError as error:
        return _news(request, look=next_look(request.GET)) if looks_again else failure_page(request, error)
    return _news_of(request, waiting, unsettled) if looks_again else gifts_page(request, waiting)


def gifts_page(request: GuestRequest, waiting: Inbox, *, failed_handle: str = "") -> HttpResponse:
    """The page, or its fragment. With `failed_handle` that gift's form says what to change, with status 422."""
    form = note_form(request, bound=True) if failed_handle else None
    context: dict[str, object] = {
        "guest": request.guest,
        "items": tuple(
            item_on_page(request, replace(each, state=ItemState.WAITING), form=form)
            if each.handle == failed_handle
            else item_on_page(request, each)
            for each in waiting.items
        ),
        "ended_answers": waiting.ended_answers,
        "unlisted_answers": waiting.unlisted_answers,
        "gift_count": waiting.count,
        "look": next_look(request.GET) if waiting.is_confirming else None,
        "has_unread": waiting.has_unread,
        "read_at": waiting.asked_at,
        "form": form,
        "failed_handle": failed_handle,
    }
    response = render_page_or_fragment(
        request,
        page="gifting/receiving/inbox.html",
        fragment="gifting/receiving/_inbox.html",
        context=context,
        status=422 if failed_handle else 200,
    )
    if not wants_fragment(request):  # of a fragment a page may have taken one gift alone
        note_shown(waiting)
    return response


def _unsettled(request: GuestRequest) -> tuple[str, ...]:
    handles = dict.fromkeys(request.GET.getlist("unsettled")[:_MOST_UNSETTLED])
    return tuple(handle for handle in handles if len(handle) == LENGTH)


def _news_of(request: GuestRequest, waiting: Inbox, unsettled: Collection[str]) -> HttpResponse:
    """What a page gets that shows these answers as unsettled: each that is so no longer, in its place."""
    ended = {outcome.handle: outcome for outcome in waiting.ended_answers}
    items = {item.handle: item for item in waiting.items}
    still_open = {outcome.handle for outcome in waiting.unlisted_answers}
    still_open |= {item.handle for item in waiting.items if item.state is ItemState.CONFIRMING}
    settled = [handle for handle in unsettled if handle not in still_open]
    gone = [handle for handle in settled if handle not in ended and handle not in items]
    return _news(
        request,
        look=next_look(request.GET) if len(settled) < len(unsettled) else None,
        items=[item_on_page(request, items[each]) for each in settled if each in items],
        outcomes=[
            *(ended[each] for each in settled if each in ended),
            *(_gone(request, each) for each in gone if not waiting.has_unread),
        ],
        count=waiting.count,
    )


def _gone(request: GuestRequest, handle: str) -> AnswerOutcome:
    """A gift that was not answered and is on no list any more."""
    kind = OutcomeKind.NO_LONGER_WAITING
    reference = reference_of(kind, None, merchant=request.merchant)
    return AnswerOutcome(kind=kind, handle=handle, action="", reference=reference)


def _news(
    request: GuestRequest,
    *,
    look: Look | None,
    items: Sequence[ItemOnPage] = (),
    outcomes: Sequence[AnswerOutcome] = (),
    count: int | None = None,
) -> HttpResponse:
    context: dict[str, object] = {
        "guest": request.guest,
        "look": look,
        "items": items,
        "outcomes": outcomes,
        "gift_count": count,
    }
    response = render(request, "gifting/receiving/_news.html", context)
    patch_vary_headers(response, VARY_ON)
    return response


@require_safe
@where_gifts_are_offered
@guest_required
def waiting_part(request: GuestRequest) -> HttpResponse:
    """What the balance page loads after its first paint. Opened by itself it leads to the page of gifts."""
    if not wants_fragment(request):
        response: HttpResponse = HttpResponseRedirect(reverse("gifts"))
    else:
        context: dict[str, object] = {"guest": request.guest, "is_fragment": True}
        try:
            waiting = load_inbox(merchant=request.merchant, guest=request.guest)
        except PaytronixError as error:
            context |= {"items": (), "gift_count": None, "alert": unavailable(error)}
        else:
            context |= {"items": waiting.items[:1], "gift_count": waiting.count, "alert": None}
            context["has_unread"] = waiting.has_unread
        response = render(request, "gifting/receiving/_balance_teaser.html", context)
    patch_vary_headers(response, VARY_ON)
    return response


@require_safe
@where_gifts_are_offered
@guest_required
def calendar(request: GuestRequest, handle: str) -> HttpResponse:
    """The gift's deadline as a calendar file."""
    try:
        waiting = find_item(
            merchant=request.merchant, guest=request.guest, handle=handle, action=Action.ACCEPT
        )
    except NoSuchGift:
        return no_gift_page(request)
    except GiftNotWaiting as gone:
        context: dict[str, object] = {
            "outcome": gone.outcome,
            "gift_count": gone.outcome.waiting_count,
            "is_fragment": False,
        }
        return whole_page(request, "gifting/receiving/answered.html", context, status=409)
    except PaytronixError as error:
        return failure_page(request, error)
    deadline = waiting.gift.deadline
    if deadline is None or deadline.date is None or not deadline.stated or deadline.is_over(timezone.now()):
        return no_gift_page(request)
    content = deadline_file(
        waiting.gift,
        deadline,
        uid=f"{handle}@{request.get_host()}",
        url=request.build_absolute_uri(reverse("gifts")),
        now=timezone.now(),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="gift-deadline.ics"'
    return response
