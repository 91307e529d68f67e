"""Printed pages become paragraphs and tables: running lines dropped, both carried over page ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tasks.plans.document import UnreadableDocument
from tasks.plans.formats import limits, text
from tasks.plans.formats.building import DocumentBuilder
from tasks.plans.formats.printed_lines import Line, Measure, joined_text, lines_of, measure_of, paragraphs_of
from tasks.plans.formats.printed_page import PageContent
from tasks.plans.formats.printed_paging import PagedTables
from tasks.plans.formats.printed_tables import Grid, find_tables

SCANNED = "这是扫描的{}，里面只有图片没有文字，请上传原来的Word文件，或先识别成文字再上传。"
NO_WORDS = "{}里没有文字，请检查后重新上传。"
TOO_MANY_PAGES = f"文件超过{limits.PAGES}页，不像一份方案，请只保留方案正文和任务表后再上传。"
GARBLED = "{}里的文字复制出来是乱码，请上传原来的Word文件，或把文字粘贴进来。"
PICTURE_PAGES = "第{}页只有图片没有文字，这些页没有读取，请核对。"

PAGE_NUMBER = re.compile(
    r"[-—–―－·•.\s]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?|[ivxlc]{1,6}|Page\s*\d+.{0,12})[-—–―－·•.\s]*",
    re.IGNORECASE,
)
EDGE = 0.88  # of the page's height; below it, and as far from the top, stand page numbers and running lines


@dataclass(slots=True)
class Page:
    """A page taken apart: its text lines outside tables, and its tables."""

    number: int
    width: float
    height: float
    lines: list[Line]
    grids: list[Grid] = field(default_factory=list)


def taken_apart(content: PageContent) -> Page:
    grids = find_tables(content)
    inside = {id(char) for grid in grids for char in grid.holding(content.chars)}
    outside = [char for char in content.chars if id(char) not in inside]
    return Page(content.number, content.width, content.height, lines_of(outside, content.number), grids)


def add_pages(builder: DocumentBuilder, contents: Iterator[PageContent], kind: str) -> None:
    """Adds the paragraphs and tables of all pages to the document.

    Raises UnreadableDocument for scans and garbled text; `kind` is the word for the file in the sentence.
    """
    pages, pictures, characters = [], [], 0
    for content in contents:
        builder.watch.check()
        characters += len(content.chars)
        if characters > limits.CHARACTERS:
            raise UnreadableDocument(limits.TOO_LONG)
        pages.append(taken_apart(content))
        if content.has_image and len(content.chars) < 10:
            pictures.append(content.number)
    if pages and len(pictures) == len(pages):
        raise UnreadableDocument(SCANNED.format(kind))
    if not any(page.lines or page.grids for page in pages):
        raise UnreadableDocument(NO_WORDS.format(kind))
    if pictures:
        builder.warn(PICTURE_PAGES.format("、".join(map(str, pictures[:10])) + ("等" if len(pictures) > 10 else "")))
    drop_running_lines(pages)
    _Assembly(builder).add(pages)
    text.refuse_garbled("".join(block.text for block in builder.blocks), GARBLED.format(kind))


# What is printed on every page


def drop_running_lines(pages: Sequence[Page]) -> None:
    """Removes page numbers, and headers and footers that return on most pages at the same height."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_running_key(line) for line in _edge_lines(page)})
    for page in pages:
        edge = {id(line) for line in _edge_lines(page)}
        page.lines = [
            line for line in page.lines if id(line) not in edge or not _is_running(line, page, seen, len(pages))
        ]


def _edge_lines(page: Page) -> list[Line]:
    """The two outermost lines above and below, where they stand outside the tables."""
    if not page.lines:
        return []
    top = min((grid.top for grid in page.grids), default=page.height)
    bottom = max((grid.bottom for grid in page.grids), default=0.0)
    first = [line for line in page.lines[:2] if line.bottom < min(top, page.height * (1 - EDGE))]
    last = [line for line in page.lines[-2:] if line.top > max(bottom, page.height * EDGE)]
    return first + [line for line in last if line not in first]


def _running_key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", re.sub(r"\s", "", line.text)), round(line.top / 6)


def _is_running(line: Line, page: Page, seen: Counter[tuple[str, int]], pages: int) -> bool:
    if PAGE_NUMBER.fullmatch(line.text):
        return True
    key, place = _running_key(line)
    times = sum(seen[key, near] for near in (place - 1, place, place + 1))
    return times >= 2 and times >= (0.4 * pages if pages > 3 else pages)


# Pages become blocks


class _Assembly:
    """Puts paragraphs and tables in order, carrying both over page ends."""

    def __init__(self, builder: DocumentBuilder) -> None:
        self.builder = builder
        self.open_lines: list[Line] = []  # text since the last table
        self.measures: dict[int, Measure] = {}
        self.tables = PagedTables()

    def add(self, pages: Sequence[Page]) -> None:
        last_measure: tuple[float, Measure] | None = None
        for page in pages:
            measure = measure_of(page.lines, page.width)
            if measure is None or (last_measure and len(page.lines) < 6 and abs(last_measure[0] - page.width) < 1):
                measure = last_measure[1] if last_measure else _plain_measure(page)
            else:
                last_measure = (page.width, measure)
            self.measures[page.number] = measure
            self._page(page)
        self._end_table()
        self._end_text()

    def _page(self, page: Page) -> None:
        lines = list(page.lines)
        for grid in page.grids:
            above = [line for line in lines if line.top < grid.top]
            lines = lines[len(above) :]
            self._text(above)
            self._table(grid, page.number)
        self._text(lines)

    def _text(self, lines: list[Line]) -> None:
        if lines:
            self._end_table()
            self.open_lines.extend(lines)

    def _end_text(self) -> None:
        for paragraph in _flow(self.open_lines, self.measures):
            self.builder.paragraph(joined_text(paragraph), page=paragraph[0].page)
        self.open_lines = []

    def _table(self, grid: Grid, page: int) -> None:
        self._end_text()
        self.builder.table(self.tables.add(grid, page))

    def _end_table(self) -> None:
        self.builder.table(self.tables.end())


def _plain_measure(page: Page) -> Measure:
    if not page.lines:
        return Measure(0.0, page.width)
    return Measure(min(line.left for line in page.lines), max(line.right for line in page.lines))


def _flow(lines: Sequence[Line], measures: dict[int, Measure]) -> list[list[Line]]:
    """Paragraphs over page ends: every line is moved to a common left edge first."""
    if not lines:
        return []
    moved = []
    for line in lines:
        measure = measures[line.page]
        width = measure.right - measure.left
        moved.append(
            Line(
                line.text,
                line.left - measure.left,
                line.right - measure.left + (10_000 - width),
                line.top,
                line.bottom,
                line.size,
                line.page,
                line.first_width,
            )
        )
    return paragraphs_of(moved, Measure(0.0, 10_000.0))
