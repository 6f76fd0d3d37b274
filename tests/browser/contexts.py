"""Browser contexts that guests use one after another: a fresh one costs more than the page it shows."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser

from tests.browser.guest import Guest, Scheme, welcome


@dataclass(slots=True)
class Rooms:
    """Those nobody is in. A guest who leaves something behind that cannot be cleared must not come back to one."""

    browser: Browser
    origin: str
    _free: list[Guest] = field(default_factory=list)

    def enter(self, *, width: int, scheme: Scheme, script: bool) -> Guest:
        """A guest whose browser remembers nothing but files."""
        for guest in self._free:
            if guest.script == script:
                self._free.remove(guest)
                guest.look_through(width, scheme)
                return guest
        return welcome(self.browser, self.origin, width=width, scheme=scheme, script=script)

    def leave(self, guest: Guest) -> None:
        guest.start_anew()
        self._free.append(guest)

    def close(self) -> None:
        for guest in self._free:
            guest.context.close()
