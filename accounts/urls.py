"""Addresses of sign-in and balance (public contract, design section 4)."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("", views.entrance, name="entrance"),
    path("sign-out/", views.leave, name="sign_out"),
    path("balance/", views.balance, name="balance"),
    path("balance/refresh/", views.balance_refresh, name="balance_refresh"),
]
