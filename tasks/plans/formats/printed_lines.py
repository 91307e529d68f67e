"""Printed characters become lines, lines become paragraphs.

A printed page (PDF, OFD) knows no paragraphs. A line belongs to the one before when that one was full: when the first characters of the
next would not have fitted on it. Chinese print sets every character in a square, so this can be measured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter, itemgetter
from statistics import median

from tasks.plans.formats.printed_page import Char

# Numbers that begin a paragraph of an official document.
MARKER = re.compile(
    r"[一二三四五六七八九十]{1,3}(?:、|是|要)|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}[.．、](?!\d)|第[一二三四五六七八九十百]+[章条节]"
    r"|附件|[①-⑳]|[\u2474-\u249b]|[●■◆•·]"
)
SENTENCE_END = "。；;！？!?：:"
# Print never begins a line with these, so they come over together with the character before them.
NEVER_FIRST = "，。、；：！？）》”’」』】〕…—,.;:!?)]}%％"
NEVER_LAST = "（《“‘「『【〔([{"
RAGGED = 1.6  # characters that a line may fall short of the edge where the text is not justified
# Bodies listed one a line in a narrow cell: such a line is never continued by the next body's name.
BODY_END = re.compile(r"[局委办厅部府会位门院所队站司处室股科区镇乡]$")
BODY_START = re.compile(r"[县市区省州各镇乡国]")


@dataclass(slots=True)
class Line:
    """One printed line: its text and box, in points."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    page: int = 0
    first_width: float = 0.0  # of the characters that had to stay together at its start


_LEFT = attrgetter("left")


def lines_of(chars: Sequence[Char], page: int) -> list[Line]:
    """The lines of a page or cell from top to bottom."""
    rows: list[list[Char]] = []
    middle = size = 0.0
    for place, char in sorted((((char.top + char.bottom) / 2, char) for char in chars), key=itemgetter(0)):
        away = place - middle
        if rows and not away:
            rows[-1].append(char)
            continue
        small, great = (size, char.size) if size < char.size else (char.size, size)
        if rows and away <= max(0.5 * small, 0.35 * great):
            rows[-1].append(char)
            # The line is where its characters are, not where the first of them is.
            middle += away / min(len(rows[-1]), 8)
        else:
            rows.append([char])
            middle = place
        size = char.size
    return [_line(sorted(row, key=_LEFT), page) for row in rows]


def _line(chars: list[Char], page: int) -> Line:
    # The square of a Chinese character is the size of the print; its box may be taller.
    squares = [char.right - char.left for char in chars if char.text > "\u2e80"]
    size = _median(squares or [char.size * 0.9 for char in chars])
    # Justified print stretches all gaps of a line alike; only a gap much wider than the others parts words.
    gaps = [b.left - a.right for a, b in pairwise(chars)]
    usual = max(0.0, _median(gaps)) if gaps else 0.0
    pieces: list[str] = []
    previous: Char | None = None
    narrowest = 0.12 * size
    for char in chars:
        if previous is not None:
            gap = char.left - previous.right
            if gap <= narrowest and char.text != previous.text:  # the usual case: neither printed twice nor parted
                pieces.append(char.text)
                previous = char
                continue
            if char.text == previous.text and char.left - previous.left < 0.2 * char.size:
                continue  # bold printed twice, a hair apart
            latin = previous.text.isascii(), char.text.isascii()
            if all(latin):
                wide = gap > 0.18 * size
            else:  # beside a figure print sets a quarter of a character that is no space
                wide = gap > (0.9 if any(latin) else 0.22) * size + usual and gap > 2.5 * usual
            if wide or (char.after_space and gap > 0.12 * size):
                pieces.append(" ")
        pieces.append(char.text)
        previous = char
    return Line(
        "".join(pieces),
        chars[0].left,
        max(char.right for char in chars),
        min(char.top for char in chars),
        max(char.bottom for char in chars),
        size,
        page,
        _first_width(chars, size),
    )


def _median(values: list[float]) -> float:
    """The median, or of an even number the upper of the two in the middle, which serves a measure as well."""
    return sorted(values)[len(values) // 2]


def _first_width(chars: list[Char], size: float) -> float:
    """The width of what could not be parted at the start of a line: a figure or word, a bracket with its character."""
    last = 0
    while last + 1 < len(chars) and last < 12:
        here, following = chars[last].text, chars[last + 1].text
        in_word = here.isascii() and here.isalnum() and following.isascii() and following.isalnum()
        if not (in_word or here in NEVER_LAST or following in NEVER_FIRST):
            break
        last += 1
    return max(chars[last].right - chars[0].left, 0.5 * size)


@dataclass(slots=True)
class Measure:
    """The left and right edge between which text is set."""

    left: float
    right: float


def measure_of(lines: Sequence[Line], page_width: float) -> Measure | None:
    """The type area of a page by its lines; None when there are too few to tell."""
    if len(lines) < 3:
        return None
    size = median(line.size for line in lines)
    right = _edge(sorted((line.right for line in lines), reverse=True), size)
    left = _edge(sorted(line.left for line in lines), size)
    if right < 0.8 * (page_width - left):
        right = page_width - left  # only short lines: then the margins are taken to be equal
    return Measure(left, right)


def _edge(places: list[float], size: float) -> float:
    """The outermost place that several lines share; one line that sticks out does not count."""
    enough = max(2, len(places) // 12)
    for index, place in enumerate(places):
        if sum(abs(other - place) < 0.6 * size for other in places[index : index + enough]) >= min(enough, len(places)):
            return place
    return places[0]


def paragraphs_of(lines: Sequence[Line], measure: Measure) -> list[list[Line]]:
    """The lines of one column of text gathered into paragraphs."""
    paragraphs: list[list[Line]] = []
    pitch = _pitch(lines)
    setting = Setting(measure, pitch, _sets_in_first_lines(lines, measure))
    for line in lines:
        if paragraphs and runs_on(paragraphs[-1], line, setting):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


@dataclass(slots=True)
class Setting:
    """How a text is set: its edges, the step from line to line, and whether first lines are set in."""

    measure: Measure
    pitch: float
    sets_in: bool


def _is_set_in(line: Line, measure: Measure) -> bool:
    return 1.2 * line.size < line.left - measure.left < 3.2 * line.size


def _sets_in_first_lines(lines: Sequence[Line], measure: Measure) -> bool:
    """Official print sets first lines in by two characters: then an edge line continues, whatever the line before."""
    set_in = sum(_is_set_in(line, measure) for line in lines)
    at_edge = sum(line.left - measure.left < 0.6 * line.size for line in lines)
    return set_in >= 2 and set_in * 25 >= len(lines) and at_edge >= 2


def runs_on(paragraph: Sequence[Line], line: Line, setting: Setting) -> bool:
    """Whether `line` continues the paragraph."""
    last, measure = paragraph[-1], setting.measure
    size = max(last.size, line.size)
    slack = measure.right - last.right
    if abs(last.size - line.size) > 0.18 * size:
        return False
    if last.page == line.page and setting.pitch and line.top - last.top > 1.6 * setting.pitch:
        return False
    at_edge = line.left - measure.left < 0.6 * size
    if setting.sets_in and at_edge:
        # Words and brackets that may not be parted leave a ragged edge, but never a third of a line.
        ragged = 0.33 * (measure.right - measure.left)
        return slack < (line.first_width + RAGGED * size if starts_paragraph(last, line) else ragged)
    ended = last.text[-1:] in SENTENCE_END
    if slack >= line.first_width + (0.35 if ended else RAGGED) * size:
        return False  # the first word would have fitted: the writer ended the line
    if not at_edge and line.left - measure.left > 1.2 * size:
        # A block set in as a whole runs on at its own left edge; a first line set in begins a paragraph.
        same_edge = len(paragraph) > 1 and abs(last.left - line.left) < 0.6 * size
        centred = abs((line.left - measure.left) - (measure.right - line.right)) < size
        centred = centred and not ended and not (setting.sets_in and _is_set_in(line, measure))
        return (same_edge or centred) and not starts_paragraph(last, line)
    return not starts_paragraph(last, line)


def starts_paragraph(last: Line, line: Line) -> bool:
    return last.text[-1:] in SENTENCE_END + "）)" and MARKER.match(line.text) is not None


def _pitch(lines: Sequence[Line]) -> float:
    steps = [b.top - a.top for a, b in pairwise(lines) if a.page == b.page and b.top > a.top]
    return median(steps) if steps else 0.0


def joined_text(lines: Sequence[Line]) -> str:
    """The text of a paragraph; a space only where two Latin words meet at a line end."""
    text = ""
    for line in lines:
        if text and text[-1].isascii() and text[-1].isalpha() and line.text[0].isascii() and line.text[0].isalpha():
            text += " "
        text += line.text
    return text


def cell_lines(lines: Sequence[Line], left: float, right: float) -> str:
    """The text of a table cell: lines that were full are joined with the next, others stay lines."""
    if not lines:
        return ""
    padding = min(max(min(line.left - left for line in lines), 0.0), 8.0)
    measure = Measure(left + padding, right - padding)
    paragraphs: list[list[Line]] = []
    for line in lines:
        last = paragraphs[-1][-1] if paragraphs else None
        if (
            last is not None
            and _slack_in_cell(last, measure) < line.first_width + 0.3 * line.size
            and not starts_paragraph(last, line)
            and not (BODY_END.search(last.text) and BODY_START.match(line.text))
        ):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return "\n".join(joined_text(paragraph) for paragraph in paragraphs)


def joined_cell(above: str, below: str) -> str:
    """The text of a cell that the end of a page cuts in two."""
    ended = not above or not below or MARKER.match(below) is not None
    ended = ended or (BODY_END.search(above) is not None and BODY_START.match(below) is not None)
    return f"{above}\n{below}".strip() if ended else above + below


def _slack_in_cell(line: Line, measure: Measure) -> float:
    """The room left on a line; a centred line leaves it on both sides."""
    before, after = line.left - measure.left, measure.right - line.right
    centred = before > 0.5 * line.size and abs(before - after) < 0.8 * line.size
    return before + after if centred else after
