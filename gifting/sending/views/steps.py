"""The steps of sending, one decision a page. Only the check page's POST sends; all others change the draft alone."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gate import GuestRequest, is_confirmed, to_confirmation
from gifting.gift.message_rules import longest_message
from gifting.gift.note_form import NoteForm
from gifting.gift.pages import claims_paused_page
from gifting.ledger.wish import AlreadySent, GiftUnderWay, Recipient, SendingLimit, Twin, TwinFound, WishGone
from gifting.sending.domain import Following, OfferGone, Prepared
from gifting.sending.draft import Draft, load_draft, save_draft, spent
from gifting.sending.follow import follow, recent_wishes
from gifting.sending.forms import AccountForm, WhatForm, WhoForm, meant_address
from gifting.sending.send import (
    begin,
    check_day,
    is_spent,
    offers_of,
    prepare,
    refreshed,
    send,
)
from gifting.sending.views.guards import account_of, sender_required, step_page, stopped_page
from gifting.sending.words import limit_words, obstacle_words
from guestportal.storage.lookup import ClaimsPaused
from guestportal.web.reopening import form_page

_TYPED = "sending_typed"  # what stands in forms that the guest left by their Back button
_LONGEST_TYPED = 2000


@form_page
@require_http_methods(["GET", "HEAD", "POST"])
@sender_required
def what(request: GuestRequest) -> HttpResponse:
    """Which reward. Opened anew it asks Paytronix what may be sent, and keeps what was decided before."""
    draft = _draft(request)
    if draft is not None and is_spent(merchant=request.merchant, guest=request.guest, draft=draft):
        draft = None
    if request.method == "POST" and draft is not None:
        return _what_chosen(request, draft)
    open_one = _open_one(request)
    # After a refusal the next gift may be written meanwhile.
    if open_one is not None and not open_one.is_refused:
        return stopped_page(request, "under_way", following=open_one)
    try:
        check_day(merchant=request.merchant, guest=request.guest)
    except SendingLimit as limit:
        return stopped_page(request, "limit", limit=limit_words(limit), status=429)
    account = account_of(request, fresh=True)
    if draft is None:
        draft = begin(merchant=request.merchant, guest=request.guest, account=account)
    else:
        draft = refreshed(merchant=request.merchant, guest=request.guest, account=account, draft=draft)
    save_draft(request.session, draft)
    return _what_page(request, draft, None)


@form_page
@require_http_methods(["GET", "HEAD", "POST"])
@sender_required
def who(request: GuestRequest) -> HttpResponse:
    """To whom: a recipient of an earlier gift, an e-mail address with a name, or an account code."""
    draft = _draft_at(request, "who")
    if isinstance(draft, HttpResponse):
        return draft
    if request.method != "POST":
        return _who_page(request, draft)
    sent = request.POST
    if "back" in sent:
        return _leave(request, "who", "send_what", "recipient_email", "recipient_name")
    form: WhoForm | AccountForm
    if "person" in sent:
        known = next((person for person in draft.people if person.key == sent["person"]), None)
        if known is None:
            return _who_page(request, draft)
        form = WhoForm({"recipient_email": known.address, "recipient_name": known.name})
    elif "account_code" in sent and request.merchant.features.send_to_account:
        form = AccountForm(sent)
    else:
        form = WhoForm(sent)
    if not form.is_valid():
        return _who_page(request, draft, form, status=422)
    _forget_typed(request, "who")
    return _go_on(request, replace(draft, recipient=form.recipient), "send_message")


@form_page
@require_http_methods(["GET", "HEAD", "POST"])
@sender_required
def message(request: GuestRequest) -> HttpResponse:
    """What to say with it, if anything."""
    draft = _draft_at(request, "message")
    if isinstance(draft, HttpResponse):
        return draft
    longest = longest_message(request.merchant)
    if not longest:
        return redirect("send_check")
    if request.method != "POST":
        text = _typed(request, "message").get("message", draft.message)
        form = NoteForm(initial={"message": text}, longest=longest)
        return step_page(request, "message", {"form": form, "recipient": draft.recipient})
    if "back" in request.POST:
        return _leave(request, "message", "send_who", "message")
    form = NoteForm(request.POST, longest=longest)
    if not form.is_valid():
        return step_page(request, "message", {"form": form, "recipient": draft.recipient}, status=422)
    _forget_typed(request, "message")
    return _go_on(request, replace(draft, message=form.cleaned_data["message"]), "send_check")


@form_page
@require_http_methods(["GET", "HEAD", "POST"])
@sender_required
def check(request: GuestRequest) -> HttpResponse:
    """Everything once more, and the one button that sends. Fields `wish` and `another`."""
    is_sending = request.method == "POST"
    draft = None if is_sending else _draft_at(request, "check")
    if isinstance(draft, HttpResponse):
        return draft
    if not is_confirmed(request.guest, merchant=request.merchant, now=timezone.now()):
        return to_confirmation(request, then=reverse("send_check"))
    if draft is None:
        return _send(request)
    account = account_of(request, fresh=True)
    draft = refreshed(merchant=request.merchant, guest=request.guest, account=account, draft=draft)
    return _check_page(request, draft)


def _send(request: GuestRequest) -> HttpResponse:
    wish_id = _wish_id(request)
    another = request.POST.get("another") == "1"
    try:
        send(merchant=request.merchant, guest=request.guest, wish_id=wish_id, another=another)
    except WishGone:
        messages.warning(
            request, _("That page was an older one, and nothing was sent. Check your gift again.")
        )
        return redirect("send_check")
    except AlreadySent as sent:
        return redirect("gift_sent", wish_id=sent.wish_id)
    except GiftUnderWay as other:
        messages.warning(
            request, _("This is another gift, which is still being confirmed. The new one was not sent.")
        )
        return redirect("gift_sent", wish_id=other.wish_id)
    except TwinFound as found:
        draft = _draft_at(request, "check")
        if isinstance(draft, HttpResponse):
            return draft
        return _check_page(request, draft, twin=found.twin, status=409)
    except SendingLimit as limit:
        return stopped_page(request, "limit", limit=limit_words(limit), was_pressed=True, status=429)
    except ClaimsPaused:
        return claims_paused_page(request, retry_url=reverse("send_check"))
    sent_draft = _draft(request)
    if sent_draft is not None and sent_draft.wish_id == wish_id:
        save_draft(request.session, spent(sent_draft))
    request.session.pop(_TYPED, None)
    return redirect("gift_sent", wish_id=wish_id)


def _open_one(request: GuestRequest) -> Following | None:
    """The gift whose end is still not known after one more look at it."""
    merchant, guest, language = request.merchant, request.guest, request.LANGUAGE_CODE
    recent = recent_wishes(merchant=merchant, guest=guest, language=language)
    open_one = next((each for each in recent if each.is_unsettled), None)
    if open_one is None:
        return None
    looked_at = follow(merchant=merchant, guest=guest, wish_id=open_one.id, look=False, language=language)
    return looked_at if looked_at.is_unsettled else None


def _wish_id(request: GuestRequest) -> UUID:
    """The check page's one-time key; what is none names no wish."""
    try:
        return UUID(request.POST.get("wish", ""))
    except ValueError:
        return UUID(int=0)


def _what_chosen(request: GuestRequest, draft: Draft) -> HttpResponse:
    offers = offers_of(draft, merchant=request.merchant, account=account_of(request))
    form = WhatForm(request.POST, offers=offers)
    if not form.is_valid():
        return _what_page(request, draft, form, status=422)
    return _go_on(request, replace(draft, wallet_code=form.cleaned_data["wallet_code"]), "send_who")


def _what_page(
    request: GuestRequest, draft: Draft, form: WhatForm | None, *, status: int = 200
) -> HttpResponse:
    account = account_of(request)
    offers = offers_of(draft, merchant=request.merchant, account=account)
    sendable = [offer for offer in offers if offer.sendable]
    obstacles = [offer for offer in offers if not offer.sendable]
    if not sendable:
        return stopped_page(request, "nothing", obstacles=obstacles, account=account)
    context: dict[str, object] = {
        "form": form or WhatForm(offers=offers),
        "offers": sendable,
        "obstacles": obstacles,
        "chosen": sendable[0].wallet_code if len(sendable) == 1 else draft.wallet_code,
        "account": account,
    }
    return step_page(request, "what", context, status=status)


def _who_page(
    request: GuestRequest, draft: Draft, form: WhoForm | AccountForm | None = None, *, status: int = 200
) -> HttpResponse:
    recipient = draft.recipient or Recipient()
    by_address, by_account = form, form
    if not isinstance(by_address, WhoForm):
        decided = {"recipient_email": recipient.address, "recipient_name": recipient.name}
        by_address = WhoForm(initial={**decided, **_typed(request, "who")})
    if not isinstance(by_account, AccountForm):
        by_account = AccountForm(initial={"account_code": recipient.account_code})
    context: dict[str, object] = {
        "form": form or by_address,
        "by_address": by_address,
        "by_account": by_account if request.merchant.features.send_to_account else None,
        "account_open": isinstance(form, AccountForm) or recipient.account_code is not None,
        "people": draft.people,
    }
    return step_page(request, "who", context, status=status)


def _check_page(
    request: GuestRequest, draft: Draft, *, twin: Twin | None = None, status: int = 200
) -> HttpResponse:
    account = account_of(request)
    try:
        prepared = prepare(merchant=request.merchant, guest=request.guest, draft=draft, account=account)
    except AlreadySent as sent:
        return redirect("gift_sent", wish_id=sent.wish_id)
    except OfferGone as gone:
        why = obstacle_words(gone.offer) if gone.offer else ""
        messages.warning(request, why or _("What you chose can no longer be sent. Choose something else."))
        return redirect("send_what")
    save_draft(request.session, replace(draft, wish_id=prepared.wish_id))
    context: dict[str, object] = {
        "prepared": prepared,
        "twin": twin or prepared.twin,
        "meant": _meant(prepared),
        "account": account,
    }
    return step_page(request, "check", context, status=status)


def _meant(prepared: Prepared) -> Recipient | None:
    """Who was probably meant, when a new address looks like a slip."""
    recipient = prepared.recipient
    address = meant_address(recipient.address) if prepared.first_time else ""
    return replace(recipient, address=address) if address else None


def _draft(request: GuestRequest) -> Draft | None:
    return load_draft(request.session, card_number=request.guest.card_number)


def _draft_at(request: GuestRequest, step: str) -> Draft | HttpResponse:
    """The draft for a step, or where to go instead: to the receipt, or to a decision that is still to be made."""
    draft = _draft(request)
    if draft is None:
        return redirect("send_what")
    if is_spent(merchant=request.merchant, guest=request.guest, draft=draft):
        assert draft.wish_id is not None  # noqa: S101 - what is spent has one
        return redirect("gift_sent", wish_id=draft.wish_id)
    if draft.wallet_code is None:
        return redirect("send_what")
    if draft.recipient is None and step != "who":
        return redirect("send_who")
    return draft


def _go_on(request: GuestRequest, draft: Draft, name: str) -> HttpResponse:
    """Keep the draft, and on to the next step; to the check page for a guest who came to change one thing."""
    save_draft(request.session, draft)
    complete = draft.wallet_code is not None and draft.recipient is not None
    return HttpResponseRedirect(reverse("send_check" if "change" in request.GET and complete else name))


def _leave(request: GuestRequest, step: str, name: str, *fields: str) -> HttpResponse:
    """Back, with what stands in the form kept as it was typed."""
    typed = {field: request.POST.get(field, "")[:_LONGEST_TYPED] for field in fields}
    request.session[_TYPED] = {**request.session.get(_TYPED, {}), step: typed}
    return redirect(name)


def _typed(request: GuestRequest, step: str) -> dict[str, str]:
    kept: dict[str, str] = request.session.get(_TYPED, {}).get(step, {})
    return kept


def _forget_typed(request: GuestRequest, step: str) -> None:
    kept = request.session.get(_TYPED, {})
    if step in kept:
        request.session[_TYPED] = {name: typed for name, typed in kept.items() if name != step}
