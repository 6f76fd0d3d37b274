"""Places at which a call ends before Paytronix has seen it. A plugin, for every test that needs one."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.certificates import write_certificate


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    """Key and certificate of 127.0.0.1 in one file, signed by itself."""
    return write_certificate(tmp_path)


@pytest.fixture
def trusted_pem(pem: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate of `pem`, which requests takes for an authority's while this is in use."""
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(pem))
    return pem


@pytest.fixture
def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port whose queue of waiting connections is full, so that no further one is answered."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _place in range(16):
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0.1)
            try:
                waiting.connect(listener.getsockname())
            except TimeoutError:
                break
        else:
            pytest.skip("this machine's queue of connections never fills up")
        yield int(listener.getsockname()[1])
