"""The portal behind TLS on the loopback, as scanners see it: static files hashed, no limits of a merchant's own."""

import re
import shutil
import tempfile
from pathlib import Path
from typing import Final

from tests.support.certificates import write_certificate
from tests.support.sandbox import REPOSITORY
from tests.tools.served_portal import HOST, ServedPortal

MERCHANTS: Final = REPOSITORY / "guestportal" / "merchants"
OPTIONS: Final = ("--worker-class", "gthread", "--threads", "16", "--log-level", "warning")
_OWN_LIMIT: Final = re.compile(r"^\w+_in_(?:\d+_minutes|an_hour|a_day) = .*$", re.MULTILINE)


class SecurePortal(ServedPortal):
    """A running portal. `settings` are further settings, `origin` is where it is, `trusted` its certificate."""

    def __init__(self, **settings: str) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="scanned-")
        folder = Path(temporary.name)
        self.trusted = write_certificate(folder)
        super().__init__(
            temporary,
            application="tests.tools.scan.wsgi",
            options=OPTIONS,
            certificate=self.trusted,
            environment={
                "MERCHANTS_DIR": str(_merchants_without_own_limits(folder)),
                "STATIC_FOLDER": str(folder / "static"),
                **settings,
            },
        )
        self.origin = f"https://{HOST}:{self.port}"


def _merchants_without_own_limits(folder: Path) -> Path:
    """A copy of the merchant files: the environment may loosen the portal's limits, a merchant's own it may not."""
    copy = folder / "merchants"
    shutil.copytree(MERCHANTS, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (copy / "demo.toml").read_text(encoding="utf-8")
    (copy / "demo.toml").write_text(_OWN_LIMIT.sub("", text), encoding="utf-8")
    return copy
