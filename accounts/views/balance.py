"""What is on the card."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import refusals, services
from accounts.domain import Account
from accounts.errors import PasswordNeeded, SignInEnded
from accounts.forms import PasswordForm
from accounts.gate import GuestRequest, guest_required, to_sign_in_after
from accounts.identities import PasswordIdentity
from accounts.refusals import Typed
from accounts.services import PasswordAgain
from accounts.verdict import judge
from guestportal.paytronix.errors import CredentialsRefused, InvalidStatus, PaytronixError, Refused
from guestportal.throttling.errors import CountersUnreachable, Throttled
from guestportal.web.client_address import client_address
from guestportal.web.error_pages import too_many_tries
from guestportal.web.fragments import render_page_or_fragment, wants_fragment, whole_page


@require_safe
@guest_required
def balance(request: GuestRequest) -> HttpResponse:
    """The last reading, or a new one when that is older than the merchant's limit and can be made."""
    account, merchant = request.guest.account, request.merchant
    can_ask = not isinstance(request.guest.identity, PasswordIdentity)
    if account and (services.is_fresh(account, merchant=merchant) or not can_ask):
        return _balance(request, account)
    return _read_anew(request)


@require_POST
@sensitive_post_parameters("password")
@guest_required
def refresh(request: GuestRequest) -> HttpResponse:
    """Read the balances anew and show them; field `password` for guests whose password is not kept."""
    if "password" in request.POST and not (form := PasswordForm(request.POST)).is_valid():
        return whole_page(request, "accounts/password.html", {"form": form}, status=422)
    password = request.POST.get("password")
    return _read_anew(request, again=PasswordAgain(password, client_address(request)) if password else None)


def _read_anew(request: GuestRequest, *, again: PasswordAgain | None = None) -> HttpResponse:  # noqa: PLR0911 - one return per outcome
    merchant, guest, language = request.merchant, request.guest, request.LANGUAGE_CODE
    try:
        account = services.read_account_anew(merchant=merchant, guest=guest, again=again)
    except SignInEnded as ended:
        return to_sign_in_after(request, ended)
    except PasswordNeeded:
        return whole_page(request, "accounts/password.html", {"form": PasswordForm()})
    except CredentialsRefused as error:  # with a password only: other credentials end the sign-in
        form = PasswordForm(request.POST)
        wrong = _("We could not confirm this password.")
        refusal = refusals.refusal(error, merchant=merchant, language=language, default=wrong)
        form.add_error("password", wrong)
        return whole_page(request, "accounts/password.html", {"form": form, "refusal": refusal}, status=422)
    except InvalidStatus as error:
        refusal = refusals.invalid_status(error, merchant=merchant, language=language)
        return whole_page(request, "accounts/invalid_status.html", {"refusal": refusal})
    except Refused as error:
        refusal = refusals.refusal(error, merchant=merchant, language=language, show_vendor_text=True)
        return whole_page(request, "accounts/failure.html", {"refusal": refusal})
    except Throttled as error:
        return too_many_tries(request, retry_after_seconds=error.retry_after_seconds)
    except CountersUnreachable:
        context = {"alert": refusals.paused(), "retry_url": reverse("balance")}
        return whole_page(request, "accounts/unavailable.html", context, status=503)
    except PaytronixError as error:
        if guest.account is None:
            alert = refusals.unavailable(error, typed=Typed.NOTHING)
            return whole_page(
                request,
                "accounts/unavailable.html",
                {"alert": alert, "retry_url": reverse("balance")},
                status=503,
            )
        # The older reading is still true of its time, and the page says so.
        return _balance(request, guest.account, unread=error.reference)
    if request.method != "POST":
        return _balance(request, account)
    messages.success(request, _("Your balances were read again just now."))
    return _balance(request, account) if wants_fragment(request) else HttpResponseRedirect(reverse("balance"))


def _balance(request: GuestRequest, account: Account, *, unread: str = "") -> HttpResponse:
    """The page of a reading; `unread` is the reference of a call that should have brought a newer one."""
    context = {
        "guest": request.guest,
        "account": account,
        "verdict": judge(account=account, merchant=request.merchant, language=request.LANGUAGE_CODE),
        "unread": unread,
    }
    return render_page_or_fragment(
        request, page="accounts/balance.html", fragment="accounts/_account.html", context=context
    )
