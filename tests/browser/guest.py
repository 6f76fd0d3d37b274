"""A guest with a browser: what they do, and everything the browser complained about meanwhile."""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Locator,
    Page,
    Request,
    Route,
    WebError,
    expect,
)

from guestportal.sandbox.cards import Card
from tests.support.plain_browser import sign_in_with_card

Scheme: TypeAlias = Literal["light", "dark"]

PHONE = 360
DESK = 1280
HEIGHT = 800
LOOKS: tuple[tuple[int, Scheme], ...] = ((PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark"))

# A part that has yet to be asked for, is on its way, or has just come: then the focus still moves.
UNSETTLED: Final = "[hx-trigger=load], .htmx-request, .htmx-swapping, .htmx-settling"

# A violation of the policy also stands in the console; this names the directive and the element.
_REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@dataclass(eq=False)  # no slots: Playwright keeps its wrappers of our listeners on the object
class Guest:
    """One browser context with one page. `problems` must be empty when the test ends."""

    context: BrowserContext
    page: Page
    origin: str
    width: int = DESK
    scheme: Scheme = "light"
    script: bool = True
    problems: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    view: list[Request] = field(default_factory=list)  # those since the last navigation, that one included
    _expected: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to an address of the portal and wait until it has loaded, with the parts that it asks for by itself."""
        self.page.goto(path)
        self.settle()

    def open_tab(self, path: str) -> Page:
        """Open an address in a second tab, and wait until that asks for nothing more."""
        view = self.view[:]
        tab = self.context.new_page()
        tab.goto(path)
        self.settle(tab)
        self.view[:] = view  # what the guest's own page is made of
        return tab

    def expect_problem(self, *texts: str) -> None:
        """Let complaints that hold one of these texts pass."""
        self._expected += texts

    def expect_status(self, status: int) -> None:
        """Let the browser complain that a page or request was answered with this status."""
        if status >= 400:
            self.expect_problem(f"the server responded with a status of {status}")

    def complaints(self) -> list[str]:
        """What the browser complained about, without the expected."""
        return [each for each in self.problems if not any(text in each for text in self._expected)]

    def forget_everything(self) -> None:
        """Leave the portal and forget it, as a guest with a fresh browser; only the cache of files stays.

        Not where a clock was installed or a script planted: those stay in a context for good.
        """
        for page in self.context.pages:
            if page is not self.page:
                page.close()
        self.page.unroute_all()
        self.context.set_offline(False)
        self.context.clear_permissions()
        # A page of the same origin: any other ends the process, by the opener policy, and all that is warm in it.
        self.page.goto("/healthz")
        self.context.clear_cookies()
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        assert self.page.evaluate("() => String(Date).includes('[native code]')"), "a clock was installed"
        for noted in (self.problems, self.requests, self.view, self._expected):
            noted.clear()

    def use_screen(self, width: int, scheme: Scheme) -> None:
        """Use a screen of this width, in this colour scheme."""
        self.width, self.scheme = width, scheme
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(
            media="null", color_scheme=scheme, reduced_motion="no-preference", forced_colors="none"
        )

    def enter(self, number: str, code: str) -> None:
        """Fill in the form on the entrance, press its button and wait for the next page."""
        self.number.fill(number)
        self.code.fill(code)
        self.submit("Show my balance")

    def submit(self, button: str) -> None:
        """Press a button that leads to another page, and wait until that has loaded."""
        with self.page.expect_event("load"):
            self.page.get_by_role("button", name=button, exact=True).click()
        self.settle()

    def settle(self, tab: Page | None = None) -> None:
        """Wait until the page, or a second tab, has all its parts in place and the focus where it belongs."""
        if self.script:
            expect((tab or self.page).locator(UNSETTLED)).to_have_count(0)

    def hold_requests(self, pattern: str) -> "HeldRequests":
        """Keep back requests to matching addresses until they are released."""
        held = HeldRequests(self.page)

        def keep(route: Route) -> None:
            held.routes.append(route)

        self.page.route(pattern, keep)
        return held

    def come_with_card(self, card: Card) -> None:
        """Be signed in with a card, without the entrance: for tests that are about another page."""
        client = Client()
        sign_in_with_card(client, card.number, card.code)
        self.take_session_of(client)

    def take_session_of(self, client: Client) -> None:
        """Use the session of a Django test client that is signed in."""
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.origin}])

    @property
    def number(self) -> Locator:
        return self.page.get_by_label("Card number")

    @property
    def code(self) -> Locator:
        return self.page.get_by_label("Registration code")

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    def focused(self) -> str:
        """What a guest would call the element that has the focus; empty for the page itself."""
        name: str = self.page.evaluate(
            """() => {
              const element = document.activeElement;
              if (!element || element === document.body) return "";
              const label = element.labels?.[0]?.innerText || element.querySelector("img")?.alt;
              return (label || element.innerText || element.id).trim().split("\\n")[0];
            }"""
        )
        return name

    def note_request(self, request: Request) -> None:
        if request.is_navigation_request():
            self.view.clear()
        self.requests.append(request)
        self.view.append(request)
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self.problems.append(f"request to {request.url}")

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.problems.append(f"console: {message.text}")

    def note_error(self, error: WebError) -> None:
        self.problems.append(f"script: {error.error}")

    def note_dialog(self, dialog: Dialog) -> None:
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@dataclass(slots=True)
class HeldRequests:
    """Requests that are kept back until `release`, oldest first."""

    page: Page
    routes: list[Route] = field(default_factory=list)

    def release(self) -> None:
        """Let the newest request go on, and wait for it where it has not been made yet."""
        for _glance in range(1_000):
            if self.routes:
                self.routes.pop().continue_()
                return
            self.page.evaluate("() => null")  # what came meanwhile is told before the answer
        raise AssertionError("no request was kept back")


def open_browser(
    browser: Browser,
    origin: str,
    *,
    width: int = DESK,
    scheme: Scheme = "light",
    script: bool = True,
) -> Guest:
    """A guest with a fresh browser context; close `context` when done."""
    context = browser.new_context(
        base_url=origin,
        viewport={"width": width, "height": HEIGHT},
        color_scheme=scheme,
        java_script_enabled=script,
        locale="en-US",
        reduced_motion="no-preference",
        service_workers="block",
    )
    context.set_default_timeout(10_000)
    context.add_init_script(_REPORT_VIOLATIONS)
    guest = Guest(
        context=context, page=context.new_page(), origin=origin, width=width, scheme=scheme, script=script
    )
    context.on("request", guest.note_request)
    context.on("console", guest.note_console)
    context.on("weberror", guest.note_error)
    context.on("dialog", guest.note_dialog)
    return guest
