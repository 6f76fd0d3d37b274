"""How one merchant's Paytronix is reached: address, identity and time budget."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Integration:
    """What Paytronix hands to an integrator (docs/paytronix-api.md, section 1), with our time limits beside it.

    `base_url` ends with the pinned release and has no trailing slash. All times are seconds;
    `deadline_seconds` bounds one call, a retry included.
    """

    slug: str
    base_url: str
    merchant_id: int
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    connect_timeout_seconds: float
    read_timeout_seconds: float
    deadline_seconds: float

    @property
    def program(self) -> tuple[str, str]:
        """Whose cards and guests they are: several merchant files may lead to one, whatever release they ask."""
        parts = urlsplit(self.base_url)
        # One address may be written with its port and without.
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        return f"{parts.hostname}:{port}", str(self.merchant_id)

    @property
    def release(self) -> str:
        """The API release that is asked, such as "25.33": the end of the base URL."""
        return self.base_url.rpartition("/")[2][:32]
