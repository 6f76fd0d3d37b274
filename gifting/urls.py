"""Addresses of gifting (public contract, design section 4)."""

from django.urls import path, register_converter

from gifting.handles import LENGTH
from gifting.views import answer, history, link, send, sent, waiting


class HandleConverter:
    """What a handle looks like; anything else is no address of ours, and asks nobody."""

    regex = f"[A-Za-z0-9_-]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(HandleConverter, "handle")

urlpatterns = [
    path("gifts/", waiting.gifts, name="gifts"),
    path("gifts/waiting/", waiting.waiting_part, name="gifts_waiting"),
    path("gifts/send/", send.what, name="send_what"),
    path("gifts/send/who/", send.who, name="send_who"),
    path("gifts/send/message/", send.message, name="send_message"),
    path("gifts/send/check/", send.check, name="send_check"),
    path("gifts/sent/<uuid:wish_id>/", sent.sent, name="gift_sent"),
    path("gifts/sent/<uuid:wish_id>/again/", sent.again, name="gift_send_again"),
    path("gifts/<handle:handle>/accept/", answer.accept, name="gift_accept"),
    path("gifts/<handle:handle>/decline/", answer.decline, name="gift_decline"),
    path("gifts/<handle:handle>/deadline.ics", waiting.calendar, name="gift_calendar"),
    path("g/", link.preview, name="gift_preview"),
    path("g/<path:code>/", link.link, name="gift_link"),
    path("g/<path:code>", link.link),  # mail programs lose a slash at the end
    path("history/", history.history, name="history"),
    path("history.csv", history.spreadsheet, name="history_csv"),
]
