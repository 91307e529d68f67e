"""Rich text (.rtf, and many a .doc that is rich text inside): paragraphs and tables in the order of print.

Word writes the numbers it counts into the file beside each paragraph, so they are simply read. Read after Microsoft's
Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import limits
from tasks.plans.formats.building import DocumentBuilder
from tasks.plans.formats.detection import RICH_TEXT, Kind
from tasks.plans.formats.tables_by_edges import Edge, Row, placed

_TOKEN = re.compile(rb"\\(?:([a-z]{1,32})(-?\d{1,10})? ?|'([0-9a-fA-F]{2})|(.))|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.S)
# Groups that hold no words of the body. \* marks more of them.
_APART = frozenset(
    b"""fonttbl colortbl stylesheet info header headerl headerr headerf footer footerl footerr footerf footnote annotation
    pict object listtable listoverridetable revtbl rsidtbl generator themedata datastore latentstyles fldinst xe tc bkmkstart
    bkmkend pntext private filetbl pgptbl mmathPr shpinst nonshppict atnid atnauthor do sp upr""".split()
)
_KEPT = frozenset((b"shptxt", b"ud"))
_SIGNS = {
    b"tab": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_CHARSETS = {0: "cp1252", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950"}
_DEPTH = 500


@dataclass(frozen=True, slots=True)
class State:
    """What a group inherits and gives back when it closes."""

    apart: bool = False
    hidden: bool = False
    in_table: bool = False
    outline: int = 9
    font: int = 0
    skip: int = 1  # characters that stand in for one of \u


@dataclass(slots=True)
class _Reader:
    builder: DocumentBuilder
    state: State = field(default_factory=State)
    stack: list[State] = field(default_factory=list)
    fonts: dict[int, str] = field(default_factory=dict)
    codepage: str = "cp1252"
    bytes_: bytearray = field(default_factory=bytearray)
    pieces: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    left: int = 0
    merge: Edge = field(default_factory=lambda: Edge(0, 0))
    to_skip: int = 0
    high: int = 0
    in_fonts: int = 0

    def read(self, data: bytes) -> None:
        for count, token in enumerate(_TOKEN.finditer(data)):
            if count % 20_000 == 0:
                self.builder.watch.check()
                if len(self.pieces) > limits.CHARACTERS:
                    raise UnreadableDocument(limits.TOO_LONG)
            word, number, code, sign, brace, text = token.groups()
            if brace == b"{":
                self._flush()
                if len(self.stack) > _DEPTH:
                    raise UnreadableDocument(RICH_TEXT)
                self.stack.append(self.state)
            elif brace:
                self._flush()
                self.state = self.stack.pop() if self.stack else self.state
                self.in_fonts = self.in_fonts if len(self.stack) >= self.in_fonts else 0
            elif word:
                self._word(word, int(number) if number else None)
            elif code:
                self._bytes(bytes.fromhex(code.decode()), 1)
            elif sign == b"*":
                self.state = replace(self.state, apart=True)
            elif sign in (b"~", b"_", b"-", b"{", b"}", b"\\"):
                self._put({b"~": " ", b"_": "-", b"-": ""}.get(sign, sign.decode()))
            elif sign in (b"\n", b"\r"):
                self._paragraph()
            elif text:
                self._bytes(text, len(text))
        self._flush()
        self._paragraph()
        self._close_table()

    def _word(self, word: bytes, number: int | None) -> None:
        if word == b"u":
            self._flush()
            self._unit((number or 0) & 0xFFFF)
            self.to_skip = self.state.skip
            return
        self._flush()
        if word in _APART and self.stack:
            self.in_fonts = len(self.stack) if word == b"fonttbl" else self.in_fonts
            self.state = replace(self.state, apart=True)
        elif word in _KEPT:
            self.state = replace(self.state, apart=False)
        elif word == b"uc":
            self.state = replace(self.state, skip=number or 0)
        elif word == b"ansicpg":
            self.codepage = "gb18030" if number == 936 else f"cp{number}"
        elif word == b"f":
            self.state = replace(self.state, font=number or 0)
        elif word == b"fcharset" and self.in_fonts:
            self.fonts[self.state.font] = _CHARSETS.get(number or 0, self.codepage)
        elif word in (b"v", b"deleted"):
            self.state = replace(self.state, hidden=number != 0)
        elif word == b"plain":
            self.state = replace(self.state, hidden=False)
        elif self.state.apart:
            return
        elif word in _SIGNS:
            self._put(_SIGNS[word])
        else:
            self._layout(word, number)

    def _layout(self, word: bytes, number: int | None) -> None:
        if word in (b"par", b"sect", b"page"):
            self._paragraph()
        elif word == b"pard":
            self.state = replace(self.state, in_table=False, outline=9)
        elif word == b"intbl":
            self.state = replace(self.state, in_table=True)
        elif word == b"outlinelevel":
            self.state = replace(self.state, outline=9 if number is None else number)
        elif word == b"trowd":
            self.edges, self.left, self.merge = [], 0, Edge(0, 0)
        elif word == b"trleft":
            self.left = number or 0
        elif word in (b"clvmgf", b"clvmrg", b"clmrg"):
            self.merge = replace(
                self.merge,
                begins=self.merge.begins or word == b"clvmgf",
                continues=self.merge.continues or word == b"clvmrg",
                joined=self.merge.joined or word == b"clmrg",
            )
        elif word == b"cellx":
            left = self.edges[-1].right if self.edges else self.left
            self.edges.append(replace(self.merge, left=left, right=number or 0))
            self.merge = Edge(0, 0)
        elif word == b"cell":
            self.texts.append("\n".join([*self.lines, self._taken()]))
            self.lines = []
        elif word in (b"nestcell", b"nestrow"):
            self.lines.append(self._taken())
        elif word == b"row":
            if len(self.rows) > limits.ROWS or len(self.edges) > limits.COLUMNS:
                raise UnreadableDocument(limits.TOO_LONG)
            if self.rows and self.texts == self.rows[0].texts:  # the next table, with no paragraph between
                self._close_table()
            self.rows.append(Row(self.texts, list(self.edges)))
            self.texts = []

    def _bytes(self, content: bytes, length: int) -> None:
        """Bytes of the code page; what stands in for a character of \\u is passed over."""
        passed = min(self.to_skip, length)
        self.to_skip -= passed
        self.bytes_ += content[passed:]

    def _unit(self, unit: int) -> None:
        if 0xD800 <= unit < 0xDC00:
            self.high = unit
        elif 0xDC00 <= unit < 0xE000 and self.high:
            self._put(chr(0x10000 + ((self.high - 0xD800) << 10) + unit - 0xDC00))
            self.high = 0
        elif not 0xD800 <= unit < 0xE000:
            self._put(chr(unit))

    def _flush(self) -> None:
        if self.bytes_:
            text = bytes(self.bytes_)
            self.bytes_.clear()
            try:
                self._put(text.decode(self.fonts.get(self.state.font, self.codepage), "replace"))
            except LookupError:
                self._put(text.decode("gb18030", "replace"))

    def _put(self, text: str) -> None:
        self._flush()
        if not self.state.apart and not self.state.hidden:
            self.pieces.append(text)

    def _taken(self) -> str:
        text = "".join(self.pieces)
        self.pieces = []
        return text

    def _paragraph(self) -> None:
        text = self._taken()
        if self.state.in_table:
            self.lines.append(text)
            return
        self._close_table()
        style = f"h{self.state.outline + 1}" if self.state.outline < 6 else ""
        self.builder.paragraph(text, style=style)

    def _close_table(self) -> None:
        if self.rows:
            self.builder.table(placed(self.rows))
            self.rows = []


def open_rtf(name: str, data: bytes) -> Document:
    """Opens rich text. Raises UnreadableDocument."""
    builder = DocumentBuilder(name, Kind.RTF)
    _Reader(builder).read(data)
    if not builder.blocks:
        raise UnreadableDocument(RICH_TEXT)
    return builder.document()
