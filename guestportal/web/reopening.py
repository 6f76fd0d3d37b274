"""The address at which a page can be opened again: after a change of language, or from another tab."""

from typing import Any, TypeVar

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.http import urlencode

View = TypeVar("View", bound=Any)  # any view: it is handed on as it is


def form_page(view: View) -> View:
    """Mark a view whose form is sent to the page's own address: what a POST answers can be opened there again."""
    view.is_form_page = True
    return view


def reopened_at(request: HttpRequest) -> str:
    """The address at which this page can be opened again; empty for an answer that has none of its own."""
    if request.method != "POST":
        return request.get_full_path()
    match = request.resolver_match
    if match is None or not getattr(match.func, "is_form_page", False):
        return ""
    try:
        way_back = request.POST.get("next")  # the form carries what stood in the address
    except BadRequest:  # an unreadable body; this is its error page
        return ""
    return f"{request.path}?{urlencode({'next': way_back})}" if way_back else request.get_full_path()
