"""The portal behind a socket, inside the test process, with static files served as in production.

In the test process a test can queue faults, end sessions and change the merchant while the browser looks on.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings
from django.test.testcases import QuietWSGIRequestHandler

from tests.browser.accessibility import AXE, AXE_FILE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_STORAGES: Final = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


@contextmanager
def pages_as_in_production(static_root: Path) -> Iterator[None]:
    """While inside, pages name static files as they are hashed, compressed and handed out."""
    with override_settings(STATIC_ROOT=static_root, STORAGES=_STORAGES):
        yield


class PortalServer:
    """One server for the whole run. Its threads use the test's own connection while the database is in memory."""

    def __init__(self, static_root: Path) -> None:
        with pages_as_in_production(static_root):
            call_command("collectstatic", interactive=False, verbosity=0)
            (static_root / AXE_FILE).write_text(AXE, encoding="utf-8")
            with override_settings(WHITENOISE_USE_FINDERS=False, WHITENOISE_AUTOREFRESH=False):
                handler = WSGIHandler()
        shared = _shared_connections()
        self._server = ThreadedWSGIServer(
            ("127.0.0.1", 0), QuietWSGIRequestHandler, connections_override=shared
        )
        self._server.set_app(_one_at_a_time(handler) if shared else handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        for connection in _shared_connections().values():
            connection.inc_thread_sharing()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for connection in _shared_connections().values():
            connection.dec_thread_sharing()


def _one_at_a_time(handler: "WSGIApplication") -> "WSGIApplication":
    """Requests that share a connection must not share a transaction."""
    turn = threading.Lock()

    def take_turns(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with turn:
            return handler(environ, start_response)

    return take_turns


def _shared_connections() -> dict[str, BaseDatabaseWrapper]:
    """An in-memory SQLite database lives in its connection; any other is opened by each thread for itself."""
    return {
        connection.alias: connection
        for connection in connections.all()
        if connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]
    }
