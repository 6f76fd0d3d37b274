"""Copies of the source tree to break or to start elsewhere, and Python processes with an environment of their own."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.support.sandbox import REPOSITORY

# Made up for the tests; they open nothing.
PRODUCTION: Mapping[str, str] = {
    "SECRET_KEY": "test-only-" + "QxV3zKf8LmPw2RtY6uHs9JbNcEdGaT4k" * 2,
    "LOOKUP_KEY": "test-only-" + "Lk7vQ2xWm9RtZ4pYc8HsBfNdJ3gTaE6u" * 2,
    "ENCRYPTION_KEYS": "dGVzdHMtb25seS1lbmNyeXB0aW9uLWtleS0wMTIzNDU=",
    "ALLOWED_HOSTS": "rewards.example",
}
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.sqlite3*", ".env", "*.pyc")


def copy_source(folder: Path) -> Path:
    """A copy of the code and what it reads at start, without the developer's own settings and data."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    for name in project["tool"]["importlinter"]["root_packages"]:
        shutil.copytree(REPOSITORY / name, folder / name, ignore=_LEFT_OUT)
    for name in ("manage.py", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, folder / name)
    return folder


def run_python(
    *arguments: str, environment: Mapping[str, str], folder: Path, timeout_seconds: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run this Python in a folder with exactly that environment."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
        check=False,
    )
