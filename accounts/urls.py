"""Addresses of sign-in and balance (public contract, docs/architecture.md, section 4)."""

from django.urls import path

from accounts.views import balance, confirm, entrance, session, sign_in

urlpatterns = [
    path("", entrance.entrance, name="entrance"),
    path("sign-in/", sign_in.by_password, name="sign_in"),
    path("sign-in/card/", sign_in.card_choice, name="card_choice"),
    path("sign-in/again/", confirm.confirm, name="confirm"),
    path("sign-out/", session.leave, name="sign_out"),
    path("session/extend/", session.extend, name="session_extend"),
    path("balance/", balance.balance, name="balance"),
    path("balance/refresh/", balance.refresh, name="balance_refresh"),
]
