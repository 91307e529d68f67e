"""A sheet as every reader hands it on, and how much of one is read."""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 20 * 1024 * 1024
MAX_COLUMNS = 120
MAX_UNPACKED = 120 * 1024 * 1024

Line = tuple[int, list[object]]
"""A row's number, from 1, and its cells."""
Merge = tuple[int, int, int, int]
"""First column, first row, last column, last row; columns from 0, rows from 1."""


@dataclass(frozen=True)
class Sheet:
    title: str
    lines: list[Line]
    merges: list[Merge]
