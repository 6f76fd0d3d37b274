"""Addresses of gifting (public contract, docs/architecture.md, section 4)."""

from django.urls import path, register_converter

from gifting.history import views as history
from gifting.receiving.handles import LENGTH
from gifting.receiving.views import answer, inbox, link
from gifting.sending.views import receipt, steps


class HandleConverter:
    """What a handle looks like; anything else is no address of ours."""

    regex = f"[A-Za-z0-9_-]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(HandleConverter, "handle")

urlpatterns = [
    path("gifts/", inbox.gifts, name="gifts"),
    path("gifts/waiting/", inbox.waiting_part, name="gifts_waiting"),
    path("gifts/send/", steps.what, name="send_what"),
    path("gifts/send/who/", steps.who, name="send_who"),
    path("gifts/send/message/", steps.message, name="send_message"),
    path("gifts/send/check/", steps.check, name="send_check"),
    path("gifts/sent/<uuid:wish_id>/", receipt.sent, name="gift_sent"),
    path("gifts/sent/<uuid:wish_id>/again/", receipt.again, name="gift_send_again"),
    path("gifts/<handle:handle>/accept/", answer.accept, name="gift_accept"),
    path("gifts/<handle:handle>/decline/", answer.decline, name="gift_decline"),
    path("gifts/<handle:handle>/deadline.ics", inbox.calendar, name="gift_calendar"),
    path("g/", link.preview, name="gift_preview"),
    path("g/<path:code>/", link.link, name="gift_link"),
    path("g/<path:code>", link.link),  # mail programs lose a slash at the end
    path("history/", history.history, name="history"),
    path("history/refresh/", history.refresh, name="history_refresh"),
    path("history.csv", history.spreadsheet, name="history_csv"),
]
