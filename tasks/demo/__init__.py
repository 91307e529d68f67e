"""The demo county of fixtures/: its bodies and people, the five campaigns, and a life that fits the day of loading.

Apps upstairs add their part with `register_demo`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_parts: list[Callable[[Any], None]] = []


def register_demo(part: Callable[[Any], None]) -> None:
    """Let `load_demo` call `part(county)` when units, people and campaigns are there; from `AppConfig.ready`."""
    if part not in _parts:
        _parts.append(part)


def load_parts(county: Any) -> None:
    for part in _parts:
        part(county)
