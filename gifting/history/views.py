"""What was given and received: the page with its filters, and the same as a file."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.gate import GuestRequest, guest_required
from gifting.gift.domain import GiftStatus
from gifting.gift.pages import failure_page, where_gifts_are_offered
from gifting.gift.words import status_word
from gifting.history import kept
from gifting.history.csv_export import history_file
from gifting.history.filters import Filters, read_filters, read_page_number
from gifting.history.kept import KeptGone
from gifting.history.listing import History, matching, page_of, totals
from gifting.history.reading import load_history, read_history
from gifting.receiving.inbox import note_shown
from gifting.sending.follow import recent_wishes
from guestportal.paytronix.errors import PaytronixError
from guestportal.web.fragments import render_page_or_fragment, wants_fragment

_BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take the file for a local encoding


@require_safe
@where_gifts_are_offered
@guest_required
def history(request: GuestRequest) -> HttpResponse:
    """Both directions, newest first, by month; filters and page come from the query string."""
    return _answer(request, _page)


@require_POST
@where_gifts_are_offered
@guest_required
def refresh(request: GuestRequest) -> HttpResponse:
    """Forget the kept history; the page, with the filters of the query string, then reads it anew."""
    kept.drop(guest=request.guest)
    return HttpResponseRedirect(_address(read_filters(request.GET), read_page_number(request.GET)))


@require_safe
@where_gifts_are_offered
@guest_required
def spreadsheet(request: GuestRequest) -> HttpResponse:
    """All gifts that pass the filters, as CSV."""
    return _answer(request, _file)


def _answer(request: GuestRequest, show: Callable[[GuestRequest, History], HttpResponse]) -> HttpResponse:
    """The history shown; read anew where what is kept of it goes while it is being opened."""
    try:
        try:
            return show(request, load_history(merchant=request.merchant, guest=request.guest))
        except KeptGone:
            return show(request, read_history(merchant=request.merchant, guest=request.guest))
    except PaytronixError as error:
        return failure_page(request, error)


def _page(request: GuestRequest, read: History) -> HttpResponse:
    filters = read_filters(request.GET)
    found = matching(read.gifts, filters)
    page = page_of(found, read_page_number(request.GET), zone=request.merchant.locale.time_zone)
    recent = recent_wishes(merchant=request.merchant, guest=request.guest, language=request.LANGUAGE_CODE)
    context: dict[str, object] = {
        "guest": request.guest,
        "unsettled": tuple(each for each in recent if each.is_unsettled),
        "months": page.months,
        "page": page,
        "previous_url": _address(filters, page.number - 1) if page.number > 1 else "",
        "next_url": _address(filters, page.number + 1) if page.number < page.count else "",
        "filters": filters,
        "statuses": _statuses(read, filters),
        "totals": () if read.has_unread else totals(found),
        "refresh_url": _address(filters, page.number, name="history_refresh"),
        "has_unread": read.has_unread,
        "csv_url": _address(filters, name="history_csv"),
        "clear_url": reverse("history"),
        "found": len(found),
        "all_count": len(read.gifts),
        "gift_count": read.waiting_count,
        "ended_answers": read.ended_answers,
        "unlisted_answers": read.unlisted_answers,
        "read_at": read.asked_at,
    }
    response = render_page_or_fragment(
        request,
        page="gifting/history/history.html",
        fragment="gifting/history/_history.html",
        context=context,
    )
    if read.inbox and not wants_fragment(request):
        note_shown(read.inbox)
    return response


def _file(request: GuestRequest, read: History) -> HttpResponse:
    content = _BYTE_ORDER_MARK + history_file(matching(read.gifts, read_filters(request.GET)).all())
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="gifts.csv"'
    return response


def _statuses(read: History, filters: Filters) -> tuple[tuple[str, str], ...]:
    """The documented states, then what else there is, each with its word."""
    others = sorted({line.status for line in read.gifts.lines if line.status} | {filters.status} - {""})
    values = dict.fromkeys([*(status.value for status in GiftStatus), *others])
    return tuple((value, status_word(value)) for value in values)


def _address(filters: Filters, page: int = 1, *, name: str = "history") -> str:
    given = {"direction": filters.direction, "status": filters.status, "q": filters.q}
    query = {key: value for key, value in given.items() if value}
    if page > 1:
        query["page"] = str(page)
    return reverse(name) + (f"?{urlencode(query)}" if query else "")
