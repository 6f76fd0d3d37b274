"""The entrance: a card number and a registration code in, the balance page out."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms import CardForm
from accounts.views.entry import EntryPage, come_in
from accounts.views.failures import signed_out_alert, visitor_of
from guestportal.merchants.definition import SignIn
from guestportal.throttling.tries import Purpose
from guestportal.web.http import PortalRequest
from guestportal.web.reopening import form_page

page = EntryPage("accounts/entrance.html", Purpose.CARD)


@form_page
@never_cache
@sensitive_post_parameters("card_number", "registration_code")
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: PortalRequest) -> HttpResponse:
    """The card form, or where it leads. A merchant without card sign-in has the user-name form here."""
    merchant = request.merchant
    if SignIn.CARD not in merchant.sign_in:
        return redirect("sign_in")
    words = merchant.card_words(request.LANGUAGE_CODE)
    # A form that the merchant has paused takes nothing either: it is paused because cards are being guessed.
    if request.method != "POST" or not merchant.features.card_form:
        return page(request, CardForm(card=merchant.card, words=words), alert=signed_out_alert(request))
    form = CardForm(request.POST, card=merchant.card, words=words)
    if not form.is_valid():
        return page(request, form, status=422)
    return come_in(
        request,
        form,
        attempt=partial(
            services.open_card, merchant=merchant, visitor=visitor_of(request), identity=form.identity
        ),
        page=page,
        refused=_("We could not open this card. Check the number and the code, or try again later."),
    )
