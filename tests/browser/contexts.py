"""Browser contexts that guests use one after another: a fresh one costs more than the page it shows."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser

from tests.browser.guest import Guest, Scheme, open_browser


@dataclass(slots=True)
class ContextPool:
    """Contexts that no guest uses now. One that cannot be cleared must not be given back."""

    browser: Browser
    origin: str
    _free: list[Guest] = field(default_factory=list)

    def take(self, *, width: int, scheme: Scheme, script: bool) -> Guest:
        """A guest in a context that remembers nothing but files: a free one, or a new one when none is free."""
        for guest in self._free:
            if guest.script == script:
                self._free.remove(guest)
                guest.use_screen(width, scheme)
                return guest
        return open_browser(self.browser, self.origin, width=width, scheme=scheme, script=script)

    def give_back(self, guest: Guest) -> None:
        """Clear the guest's context and keep it for the next one."""
        guest.forget_everything()
        self._free.append(guest)

    def close(self) -> None:
        """End the contexts that are free."""
        for guest in self._free:
            guest.context.close()
