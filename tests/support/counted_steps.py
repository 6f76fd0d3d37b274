"""How much work a call is, in steps that are the same on every machine."""

import sys
import unicodedata
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest


def count_steps(monkeypatch: pytest.MonkeyPatch, call: Callable[[], object]) -> int:
    """The lines that Python runs in a call, and the square of every text whose accents it sorts."""
    steps = 0
    normalize = unicodedata.normalize

    def traced(_frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal steps
        steps += event == "line"
        return traced

    def normalizing(form: Any, text: str) -> str:
        nonlocal steps
        steps += len(text) ** 2
        return normalize(form, text)

    before = sys.gettrace()
    with monkeypatch.context() as patch:
        patch.setattr(unicodedata, "normalize", normalizing)
        sys.settrace(traced)
        try:
            call()
        finally:
            sys.settrace(before)
    return steps
