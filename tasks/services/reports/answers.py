"""What somebody types into a report, beside what was there when they began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tasks.reporting import token


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What somebody typed for one task, and the token of what they had been shown."""

    state: str
    percent: int
    text: str
    token: str

    @property
    def digest(self) -> str:
        return token(self.state, self.percent, self.text)


@dataclass(frozen=True, slots=True)
class FigureAnswer:
    stated: Decimal
    reason: str
    token: str

    @property
    def digest(self) -> str:
        return token(self.stated, self.reason)


@dataclass(frozen=True, slots=True)
class WordsAnswer:
    text: str
    token: str

    @property
    def digest(self) -> str:
        return token(self.text)


@dataclass(frozen=True)
class Answers:
    """What a page or a spreadsheet says of a report; what is left out stays as it is.

    `lines` by assignment, `figures` by key, `narrative` by field of the report.
    """

    narrative: Mapping[str, WordsAnswer] = field(default_factory=dict)
    lines: Mapping[int, LineAnswer] = field(default_factory=dict)
    figures: Mapping[str, FigureAnswer] = field(default_factory=dict)
