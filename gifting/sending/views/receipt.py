"""The receipt of a gift and the page that follows it. Opening it sends nothing, however often."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget

from accounts.gate import BACKGROUND_HEADER, GuestRequest
from gifting.gift.looking_again import next_look
from gifting.gift.pages import no_gift_page
from gifting.ledger.wish import WishGone
from gifting.sending.domain import Following
from gifting.sending.draft import save_draft
from gifting.sending.follow import follow
from gifting.sending.send import retry
from gifting.sending.views.guards import account_of, sender_required
from gifting.sending.words import tell
from guestportal.web.fragments import render_page_or_fragment, wants_fragment


@require_safe
@sender_required
def sent(request: GuestRequest, wish_id: UUID) -> HttpResponse:
    """Where the gift is. `look=1` asks Paytronix now; `again` counts how often the page asked by itself."""
    by_itself = BACKGROUND_HEADER in request.headers
    try:
        following = follow(
            merchant=request.merchant,
            guest=request.guest,
            wish_id=wish_id,
            look="look" in request.GET,
            language=request.LANGUAGE_CODE,
        )
    except WishGone:
        return no_gift_page(request)
    return _page(request, following, by_itself=by_itself and wants_fragment(request))


@require_POST
@sender_required
def again(request: GuestRequest, wish_id: UUID) -> HttpResponse:
    """Try again with a gift that was not sent: on to a check page of its own."""
    try:
        draft = retry(
            merchant=request.merchant, guest=request.guest, account=account_of(request), wish_id=wish_id
        )
    except WishGone:
        return HttpResponseRedirect(reverse("gift_sent", args=[wish_id]))
    save_draft(request.session, draft)
    return redirect("send_check")


def _page(request: GuestRequest, following: Following, *, by_itself: bool) -> HttpResponse:
    context: dict[str, object] = {
        "guest": request.guest,
        "following": following,
        "gift": following.gift,
        "told": tell(following),
        "look": next_look(request.GET),
    }
    # Without news only the part that asks is replaced, so that nobody who reads or tabs here is disturbed.
    quiet = by_itself and following.is_unsettled
    response = render_page_or_fragment(
        request,
        page="gifting/sending/receipt.html",
        fragment="gifting/sending/_look_again.html" if quiet else "gifting/sending/_receipt.html",
        context=context,
    )
    return response if quiet or not by_itself else retarget(reswap(response, "outerHTML"), "#sent")
