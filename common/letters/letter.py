"""What an official letter says, apart from how it looks."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

# What XML, and so a Word file, cannot hold; line breaks are treated before.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

FIGURES = re.compile(r"[-—0-9.,%/]+")
"""A cell of a table that holds nothing but a number or a day, and stands in the middle."""
TITLE_EMS = 20.0
"""Characters of 二号 that fit into one line of 156 mm."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words of the body; line breaks in it begin new paragraphs."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the body, with its printed number: level 1 is 一、, level 2 is （一）."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table inside the body. `head` may be empty; `shares` are the widths of the columns against each other."""

    rows: Sequence[Sequence[str]]
    head: Sequence[str] = ()
    shares: Sequence[int] = ()

    @property
    def width(self) -> int:
        return max([len(self.head), *(len(row) for row in self.rows)], default=0)

    def filled(self) -> list[list[str]]:
        """Every row, each as wide as the widest."""
        return [[printable(cell) for cell in row] + [""] * (self.width - len(row)) for row in self.rows]

    def widths(self) -> list[int]:
        return list(self.shares) if len(self.shares) == self.width else [1] * self.width


Block = Paragraph | Heading | Table


@dataclass(frozen=True, slots=True)
class Letter:
    """One official letter.

    `organ` is printed in red above the letter (发文机关标志) with a red rule below the number; an empty one leaves both
    away. `to` (主送机关) may be empty, as in a record. `signers` sign above the date; a record has neither. `attachments` are listed by name,
    `copies` (抄送) at the foot of the last page.
    """

    title: str
    body: Sequence[Block]
    signers: Sequence[str] = ()
    date: dt.date | None = None
    number: str = ""
    organ: str = ""
    to: str = ""
    attachments: Sequence[str] = ()
    copies: Sequence[str] = ()
    note: str = ""

    @property
    def date_in_words(self) -> str:
        """The date as GB/T 9704-2012 7.3.5.4 writes it: Arabic figures without leading zeros; empty without one."""
        if self.date is None:
            return ""
        return f"{self.date.year}年{self.date.month}月{self.date.day}日"


def printable(text: str) -> str:
    """One line of text that every file format can hold."""
    return _UNPRINTABLE.sub("", " ".join(text.split()))


def lines_of(text: str) -> list[str]:
    """The paragraphs of a text, without empty ones."""
    return [line for raw in text.splitlines() if (line := printable(raw))]


def attachment_lines(names: Sequence[str]) -> list[str]:
    """The names as they are listed after the body: without full stop, numbered where there are several."""
    clean = [printable(name).rstrip("。") for name in names]
    return clean if len(clean) == 1 else [f"{index}. {name}" for index, name in enumerate(clean, 1)]


def ems(text: str) -> float:
    """How wide a text is set, in characters of its own size: a Latin letter or figure takes half of one."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def title_lines(title: str) -> list[tuple[str, float]]:
    """Each given line of a title and how wide to set it, in characters, so that what it breaks into is of even length."""
    found = []
    for line in lines_of(title):
        breaks_into = ceil(ems(line) / TITLE_EMS)
        found.append((line, TITLE_EMS if breaks_into == 1 else min(TITLE_EMS, ceil(ems(line) / breaks_into) + 1)))
    return found


def signature_lines(signers: Sequence[str], date: str) -> list[tuple[str, float]]:
    """Signers and date, each with how many characters it ends from the right edge (GB/T 9704-2012 7.3.5.1).

    The date ends four characters from the edge and each signer stands centred above it, or ends at the edge where its
    name is too long for that. Without signers and date there are no lines.
    """
    of_date = 4.0
    lines = [(name, max(0.0, of_date + (ems(date) - ems(name)) / 2)) for name in map(printable, signers)]
    return [*lines, (date, of_date)] if date else lines
