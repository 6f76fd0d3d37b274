"""`python -m guestportal.sandbox --port N`: the sandbox without Django, for a quick start."""

import argparse
import io
import os
import signal
import sys
import threading
from functools import partial

from guestportal.sandbox.server import serve


def main() -> int:
    """Run until a signal comes; return 1 when the port cannot be opened."""
    parser = argparse.ArgumentParser(
        prog="python -m guestportal.sandbox", description="A Paytronix stand-in."
    )
    parser.add_argument("--port", type=int, required=True, help="the port to listen on; 0 takes any free one")
    parser.add_argument("--end-with-input", action="store_true", help="end when standard input ends")
    options = parser.parse_args()
    if options.end_with_input:
        threading.Thread(target=_end_with_input, daemon=True).start()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # One password holds letters that not every terminal has.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        serve(port=options.port, announce=partial(print, flush=True))
    except OSError as error:
        sys.stderr.write(f"The sandbox cannot listen on port {options.port}: {error.strerror}\n")
        return 1
    return 0


def _end_with_input() -> None:
    # A test run that is killed closes this pipe, so that no sandbox outlives it. os.read holds no lock that
    # the interpreter would wait for at its end, as sys.stdin does.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
