"""The portal under siege: behind one trusted proxy, which the siege itself plays, with several workers."""

import os
import tempfile
from typing import Final

from tests.tools.served_portal import ServedPortal

OPTIONS: Final = (
    *("--worker-class", "gthread", "--workers", "2", "--threads", "32"),
    *("--backlog", "512", "--keep-alive", "30", "--log-level", "warning"),
)
# What the sums of the attackers and guests cost this machine is no part of what is measured.
PROOF_ROUNDS: Final = 4


class Portal(ServedPortal):
    """A running portal with the counters' `limits`, in the form of the setting LIMITS.

    Its database is that of DATABASE_URL where there is one.
    """

    def __init__(self, *, limits: str = "") -> None:
        own_database = os.environ.get("DATABASE_URL")
        super().__init__(
            tempfile.TemporaryDirectory(prefix="siege-"),
            application="tests.tools.siege.wsgi",
            options=OPTIONS,
            environment={
                "HTTPS_ONLY": "false",
                "TRUSTED_PROXY_COUNT": "1",
                "PROOF_ROUNDS": str(PROOF_ROUNDS),
                "LIMITS": limits,
                **({"DATABASE_URL": own_database} if own_database else {}),
            },
        )
