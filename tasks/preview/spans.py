"""Where words stand in the source, as the page carries it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Spans = Sequence[Sequence[int]]


def places(spans: Spans | None) -> str:
    """Spans as the page carries them: "block:start:end" with commas between."""
    return ",".join(f"{block}:{start}:{end}" for block, start, end in spans or ())


def anchor(spans: Spans | None) -> str:
    """The address of the first block of some spans, from the preview's own; empty where there is none."""
    return f"source/#b{spans[0][0]}" if spans else ""


@dataclass(slots=True)
class Shown:
    """One small field of a task: its words, what kind it is, and where it stands in the source."""

    text: str
    kind: str = ""
    at: str = ""
    href: str = ""
    hint: str = ""
