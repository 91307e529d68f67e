"""How a Word 97–2003 file is laid out: where its characters stand and which properties each paragraph and run has.

Microsoft's published format [MS-DOC]: the file information block (2.5), the piece table (2.8.35), formatted disk pages
(2.9.33, 2.9.37), properties as numbered operations (2.2.5). WPS writes its .wps files in the same format.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from struct import unpack_from
from typing import NamedTuple

from tasks.plans.formats import limits
from tasks.plans.formats.tables_by_edges import Edge

PAGE = 512
# Places of tables in the file information block, counted in pairs of offset and length.
STYLES, CHARACTER_PAGES, PARAGRAPH_PAGES, PIECES, ANCHORS, BOXES, LISTS, LIST_OVERRIDES = 1, 12, 13, 33, 40, 56, 73, 74
# The parts of the text in the order in which they stand: body, notes, headers, macros, comments, end notes, text boxes.
PART_LENGTHS = 76
# Operations; their names in [MS-DOC] stand beside them.
DELETED, HIDDEN, HUGE = 0x0800, 0x083C, 0x6646  # sprmCFRMarkDel, sprmCFVanish, sprmPHugePapx
IN_TABLE, ROW_END, DEPTH = 0x2416, 0x2417, 0x6649  # sprmPFInTable, sprmPFTtp, sprmPItap
INNER_ROW_END = 0x244C  # sprmPFInnerTtp
LIST_LEVEL, LIST = 0x260A, 0x460B  # sprmPIlvl, sprmPIlfo
OUTLINE, TABLE = 0x2640, 0xD608  # sprmPOutLvl, sprmTDefTable
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)


class Properties(NamedTuple):
    """What a stretch of the file carries: the index of its style and its operations with their operands."""

    style: int = 0
    operations: dict[int, bytes] = {}  # never written to

    def over(self, style: dict[int, bytes]) -> Properties:
        """These properties with those of the style that they leave open."""
        return Properties(self.style, {**style, **self.operations})

    def number(self, operation: int, otherwise: int = 0) -> int:
        operand = self.operations.get(operation)
        return int.from_bytes(operand[:4], "little") if operand else otherwise


class Character(NamedTuple):
    text: str
    offset: int  # where it stands in the file, the key to its properties


class Layout:
    """The streams of one file. Every read checks itself: struct raises where a hostile offset points outside."""

    def __init__(self, main: bytes, table: bytes, data: bytes, watch: limits.Watch) -> None:
        self.main = main
        self.table = table
        self.data = data
        self.watch = watch

    def place(self, index: int) -> tuple[int, int]:
        """Offset and length of a table in the table stream."""
        offset, length = unpack_from("<II", self.main, 154 + 8 * index)
        return offset, min(length, max(0, len(self.table) - offset))

    def body(self) -> range:
        """The places of the characters of the body, without headers, notes and text boxes."""
        return range(unpack_from("<I", self.main, PART_LENGTHS)[0])

    def boxes(self) -> dict[int, range]:
        """The places of the words of each text box, by the place of the mark at which it hangs."""
        first = sum(unpack_from("<6I", self.main, PART_LENGTHS))
        words = {lid: range(first + low, first + high) for low, high, lid in self._places(BOXES, 22, 14)}
        return {low: words[lid] for low, _, lid in self._places(ANCHORS, 26, 0) if lid in words}

    def _places(self, table: int, size: int, at: int) -> Iterator[tuple[int, int, int]]:
        """Where each item of a table begins and ends, and the number of its shape."""
        offset, length = self.place(table)
        count = max(0, (length - 4) // (size + 4))
        starts = unpack_from(f"<{count + 1}I", self.table, offset) if count else ()
        for index in range(count):
            lid = unpack_from("<I", self.table, offset + 4 * (count + 1) + size * index + at)[0]
            yield starts[index], starts[index + 1], lid

    def styles(self) -> dict[int, dict[int, bytes]]:
        """The operations of every paragraph style with those of the styles it is based on ([MS-DOC] 2.9.271)."""
        offset, length = self.place(STYLES)
        sheet = self.table[offset : offset + length]
        if len(sheet) < 6:
            return {}
        head, count, fixed = unpack_from("<3H", sheet)
        own: dict[int, tuple[int, dict[int, bytes]]] = {}
        at = 2 + head
        for index in range(count):
            size = unpack_from("<H", sheet, at)[0]
            style, at = sheet[at + 2 : at + 2 + size], at + 2 + size
            if size < fixed + 6:
                continue
            kind = unpack_from("<H", style, 2)[0]
            name = fixed + 4 + 2 * unpack_from("<H", style, fixed)[0]
            if kind & 15 == 1 and name + 4 <= size:
                own[index] = kind >> 4, operations(style[name + 4 : name + 2 + unpack_from("<H", style, name)[0]])
        found = {}
        for index in own:
            chain: list[int] = []
            while index in own and index not in chain:
                chain.append(index)
                index = own[index][0]
            found[chain[0]] = {code: operand for link in reversed(chain) for code, operand in own[link][1].items()}
        return found

    def characters(self, part: range) -> Iterator[Character]:
        """The characters at some places of the text, in the order of print."""
        offset, length = self.place(PIECES)
        end = offset + length
        while offset < end and self.table[offset] == 1:  # properties of pieces, not needed
            offset += 3 + unpack_from("<H", self.table, offset + 1)[0]
        count = (unpack_from("<I", self.table, offset + 1)[0] - 4) // 12
        starts = unpack_from(f"<{count + 1}I", self.table, offset + 5)
        if list(starts) != sorted(starts):
            raise ValueError("pieces overlap")  # nothing is printed twice
        for piece in range(count):
            place = unpack_from("<I", self.table, offset + 5 + 4 * (count + 1) + 8 * piece + 2)[0]
            skipped = max(0, part.start - starts[piece])
            length = min(starts[piece + 1], part.stop) - starts[piece] - skipped
            if length <= 0:
                continue
            narrow = bool(place & 0x40000000)
            at = (place & 0x3FFFFFFF) // 2 if narrow else place & 0x3FFFFFFF
            width = 1 if narrow else 2
            at += skipped * width
            text = self.main[at : at + length * width].decode("cp1252" if narrow else "utf-16-le", "replace")
            units = text if narrow else _units(text)
            for number, character in enumerate(units):
                yield Character(character, at + number * width)

    def properties(self, pages: int) -> Ranges:
        """The properties of all paragraphs (PARAGRAPH_PAGES) or all runs (CHARACTER_PAGES)."""
        offset, length = self.place(pages)
        count = max(0, (length - 4) // 8)
        numbers = unpack_from(f"<{count}I", self.table, offset + 4 * (count + 1)) if count else ()
        found: list[tuple[int, Properties]] = []
        for number in numbers[: len(self.main) // PAGE + 1]:  # each page belongs to one kind once
            self.watch.check()
            found += self._page((number & 0x3FFFFF) * PAGE, paragraphs=pages == PARAGRAPH_PAGES)
        return Ranges(sorted(found, key=lambda item: item[0]))

    def _page(self, start: int, *, paragraphs: bool) -> Iterator[tuple[int, Properties]]:
        page = self.main[start : start + PAGE]
        if len(page) < PAGE:
            return
        count = page[-1]
        step = 13 if paragraphs else 1
        for index in range(count):
            offset = unpack_from("<I", page, 4 * index)[0]
            at = 2 * page[4 * (count + 1) + step * index]
            if not at:
                yield offset, Properties()
            elif paragraphs:
                size, head = (2 * page[at] - 1, 1) if page[at] else (2 * page[at + 1], 2)
                content = page[at + head : at + head + size]
                yield offset, Properties(int.from_bytes(content[:2], "little"), self._operations(content[2:]))
            else:
                yield offset, Properties(0, self._operations(page[at + 1 : at + 1 + page[at]]))

    def _operations(self, content: bytes) -> dict[int, bytes]:
        found = operations(content)
        if HUGE in found:  # the properties of a wide row stand in the data stream
            at = int.from_bytes(found[HUGE], "little")
            size = int.from_bytes(self.data[at : at + 2], "little")
            found |= operations(self.data[at + 2 : at + 2 + size])
        return found


def _units(text: str) -> Iterator[str]:
    """One item for each 16-bit unit, so that offsets count; the second unit of a rare character is empty."""
    for character in text:
        yield character
        if ord(character) > 0xFFFF:
            yield ""


def operations(content: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at + 3 <= len(content):
        code = int.from_bytes(content[at : at + 2], "little")
        size, head = _SIZES[code >> 13], 2
        if code == TABLE:
            size, head = int.from_bytes(content[at + 2 : at + 4], "little") - 1, 4
        elif not size:
            size, head = content[at + 2], 3
        found[code] = content[at + head : at + head + max(0, size)]
        at += head + max(0, size)
    return found


class Ranges:
    """Properties by the place in the file where they begin."""

    def __init__(self, found: list[tuple[int, Properties]]) -> None:
        self._starts = [start for start, _ in found]
        self._found = found
        self._low = self._high = 0  # the range last asked for: characters come in order
        self._last = Properties()

    def at(self, offset: int) -> Properties:
        if not self._low <= offset < self._high:
            index = bisect_right(self._starts, offset) - 1
            self._low = self._starts[index] if index >= 0 else 0
            self._high = self._starts[index + 1] if index + 1 < len(self._starts) else 1 << 32
            self._last = self._found[index][1] if index >= 0 else Properties()
        return self._last


def cells_of(row: Properties) -> list[Edge]:
    """The cells that a row defines."""
    operand = row.operations.get(TABLE, b"")
    count = operand[0] if operand else 0
    edges = unpack_from(f"<{count + 1}h", operand, 1) if len(operand) >= 3 + 2 * count else ()
    found = []
    for index in range(count if edges else 0):
        at = 1 + 2 * (count + 1) + 20 * index
        flags = int.from_bytes(operand[at : at + 2], "little")
        down = flags >> 5 & 3
        found.append(Edge(edges[index], edges[index + 1], flags & 3 == 2, down == 3, down == 1))
    return found
