"""An attacker or a guest: a browser at an address, which can solve proofs."""

import html
import re
import time
from dataclasses import dataclass, field
from enum import Enum
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from tests.support.proof_solving import solve

TIMEOUT_SECONDS = 60
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_PROOF = re.compile(r'data-proof="([^"]+)"')


class Answer(Enum):
    """What became of one press of the button."""

    IN = "signed in"
    REFUSED = "refused like a wrong code"
    PROOF = "asked for a proof"
    THROTTLED = "429"
    UNAVAILABLE = "503"
    NOTHING = "no answer"


@dataclass(slots=True)
class Visitor:
    """One connection, one cookie jar and one form's token, which attackers use again and again; and an address."""

    port: int
    address: str
    solves: bool
    _connection: HTTPConnection | None = None
    _cookies: dict[str, str] = field(default_factory=dict)
    _token: str = ""
    _proof: str = ""
    seconds: float = 0.0  # of the last press, without the sums

    def enter(self, number: str, code: str) -> Answer:
        """Fill in the card form; a proof that is asked for is solved once where `solves` allows it."""
        return self._fill_in("/", {"card_number": number, "registration_code": code})

    def sign_in(self, username: str, password: str) -> Answer:
        return self._fill_in("/sign-in/", {"username": username, "password": password})

    def open(self, path: str) -> int:
        """The status of a page."""
        return self._request("GET", path)[0]

    def close(self) -> None:
        if self._connection:
            self._connection.close()

    def _fill_in(self, path: str, fields: dict[str, str]) -> Answer:
        try:
            if not self._token and self._request("GET", path)[0] != 200:
                return Answer.NOTHING
            answer = self._press(path, fields)
            if answer is Answer.PROOF and self.solves:
                answer = self._press(path, fields)
        except (OSError, HTTPException):
            self.close()
            self._connection = None
            return Answer.NOTHING
        return answer

    def _press(self, path: str, fields: dict[str, str]) -> Answer:
        proof = solve(html.unescape(self._proof)) if self._proof and self.solves else ""
        started = time.perf_counter()
        sent = {**fields, "csrfmiddlewaretoken": self._token, "proof": proof}
        status, body = self._request("POST", path, urlencode(sent))
        self.seconds = time.perf_counter() - started
        match status:
            case 302:
                return Answer.IN
            case 422 if "One more moment" in body:
                return Answer.PROOF
            case 422:
                return Answer.REFUSED
            case 429:
                return Answer.THROTTLED
            case 503:
                return Answer.UNAVAILABLE
            case _:
                return Answer.NOTHING

    def _request(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        self._connection = self._connection or HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        headers = {"X-Forwarded-For": f"203.0.113.99, {self.address}", "Accept-Language": "en"}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body or None, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        for morsel in response.headers.get_all("Set-Cookie") or ():
            name, _equals, value = morsel.partition(";")[0].partition("=")
            self._cookies[name] = value
        if found := _TOKEN.search(text):
            self._token = found[1]
        proof = _PROOF.search(text)
        self._proof = proof[1] if proof else ""
        return response.status, text
