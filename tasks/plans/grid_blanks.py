"""Tables pasted as text whose cells only blanks keep apart: 1 完成边坡监测 县应急局 6月底."""

from __future__ import annotations

import re
from functools import cache

from .grid_rows import Column, is_task_head, kind_of_head
from .grids import Grid, Slot
from .traced import Traced
from .units import is_unit_list

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"[(（]?\d{1,3}[)）.、．]?$")
_TIME = re.compile(
    r"^(?:到|于|在)?(?:20\d{2}[年./-]|\d{1,2}月|[一二三四]季度|第[一二三四]季度|[上下]半年|年底|年内|每[年月季周日]|长期|持续|常态|全年|即时|立即|适时)"
)
_STOPS = re.compile(r"附件|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|注[:：]|备注[:：]|说明[:：]")
_BODIES = ("lead", "responsible", "cooperating")
_WORDS_MAX = 40
_CONTINUED_MAX = 60


def split_blanks(stream: Traced) -> list[Traced | Grid]:
    """Running text and the tables in it whose head and rows are single lines of words."""
    places = [match.span() for match in _LINE.finditer(stream.text) if match.group().strip()]
    parts: list[Traced | Grid] = []
    at = number = 0
    while number < len(places):
        columns = _head(stream[slice(*places[number])])
        rows, following = _rows(stream, places, number + 1, columns) if columns else ([], number)
        if len(rows) < 2:
            number += 1
            continue
        if stream.text[at : places[number][0]].strip():
            parts.append(stream[at : places[number][0]])
        heads = list(_words(stream[slice(*places[number])]))
        grid = Grid([[Slot(head, index) for index, head in enumerate(heads)]])
        grid.rows += [[Slot(text, index) for index, text in enumerate(row)] for row in rows]
        parts.append(grid)
        at, number = places[following - 1][1], following
    if stream.text[at:].strip() or not parts:
        parts.append(stream[at:])
    return parts


def _words(line: Traced) -> list[Traced]:
    return [line[match.start() : match.end()] for match in _WORD.finditer(line.text)]


def _head(line: Traced) -> list[Column]:
    """The columns when the line is nothing but heads of columns; else none."""
    words = _words(line) if len(line) <= 80 else []
    if not 3 <= len(words) <= 9:
        return []
    columns = [Column(index, kind_of_head(word.folded), word.folded) for index, word in enumerate(words)]
    return columns if all(column.kind for column in columns) and is_task_head(columns) else []


def _rows(
    stream: Traced, places: list[tuple[int, int]], start: int, columns: list[Column]
) -> tuple[list[list[Traced]], int]:
    """The cells of each row, and the line after the table. A line without a number goes on with the row above."""
    if columns[0].kind != "number":
        return _plain_rows(stream, places, start, columns)
    gathered: list[list[Traced]] = []
    at = start
    while at < len(places):
        words = _words(stream[slice(*places[at])])
        numbered = len(words) > 1 and bool(_NUMBER.match(words[0].text))
        if _STOPS.match(words[0].text) or not (numbered or _goes_on(words, gathered, columns)):
            break
        if numbered:
            gathered.append(words)
        else:
            gathered[-1] += words
        at += 1
    rows = []
    for words in gathered:
        cells = _placed(words[1:], columns[1:]) if len(words) <= _WORDS_MAX else None
        if cells is None:
            return [], start
        rows.append([words[0], *cells])
    return rows, at


def _plain_rows(
    stream: Traced, places: list[tuple[int, int]], start: int, columns: list[Column]
) -> tuple[list[list[Traced]], int]:
    """Rows without numbers: lines of as many words as there are columns, each word fit for its column."""
    rows: list[list[Traced]] = []
    for place in places[start:]:
        words = _words(stream[slice(*place)])
        fits = len(words) == len(columns) and not any(
            _misfit([word], column.kind) for word, column in zip(words, columns, strict=True)
        )
        if not fits:
            break
        rows.append(words)
    return rows, start + len(rows)


def _goes_on(words: list[Traced], gathered: list[list[Traced]], columns: list[Column]) -> bool:
    size = sum(map(len, words))
    return bool(gathered) and size <= _CONTINUED_MAX and (len(gathered[-1]) < len(columns) or len(words) > 1)


def _placed(words: list[Traced], columns: list[Column]) -> list[Traced] | None:
    """The words given to the columns from left to right so that names stand below unit heads and times below days."""

    @cache
    def best(word: int, column: int) -> tuple[float, tuple[int, ...]]:
        if column == len(columns):
            return (0.0, ()) if word == len(words) else (1e6, ())
        ways = []
        for end in range(word, len(words) + 1):
            cost, rest = best(end, column + 1)
            ways.append((cost + _misfit(words[word:end], columns[column].kind), (end, *rest)))
        return min(ways)

    cost, ends = best(0, 0)
    if cost > 1.5 * len(columns):
        return None
    starts = (0, *ends)
    return [Traced.join(words[low:high], " ") for low, high in zip(starts, ends, strict=False)]


def _misfit(words: list[Traced], kind: str) -> float:
    """How badly the words fit below a head of this kind; 0 is a fit."""
    if not words:
        return {"task": 8.0, "measure": 8.0, "progress": 0.0}.get(kind, 1.0)
    more = 0.3 * (len(words) - 1)
    names = sum(1 for word in words if is_unit_list(word.folded))
    times = sum(1 for word in words if _TIME.match(word.folded))
    if kind in _BODIES:
        return more + 3.0 * (len(words) - names)
    if kind == "deadline":
        return more + 3.0 * (len(words) - times)
    return more + 1.5 * (names + times)
