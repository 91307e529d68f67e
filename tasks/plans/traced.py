"""Text that remembers where every character was printed, so that cleaning never loses the original."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property

from .document import Span

_BLOCK_BITS = 24
_OFFSET_MASK = (1 << _BLOCK_BITS) - 1

# One character for one character, so that a match in the folded text has the same place in the printed text.
_FOLDED = {
    ord("，"): ",",
    ord("；"): ";",
    ord("："): ":",
    ord("！"): "!",
    ord("？"): "?",
    ord("％"): "%",
    ord("．"): ".",
}
_FOLDED |= {ord(mark): "(" for mark in "（﹙［【[{"} | {ord(mark): ")" for mark in "）﹚］】]}"}
_FOLDED |= {ord(mark): "-" for mark in "—–－―‐~～﹣"} | {0x3000: " ", 0xA0: " "}
_FOLDED |= {
    code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}

# 〔责任单位：…〕 is a bracket like any other; 〔2024〕 belongs to the number of a document.
_OPENING = re.compile(r"〔(?!\d{4}[〕)])")
_CLOSING = re.compile(r"(?<!\d{4})〕")
_BLANK = re.compile(r"\s+")


class Traced:
    """A string and, for each character, the block and offset where it stands in the document."""

    def __init__(self, text: str, origin: array[int]) -> None:
        self.text = text
        self.origin = origin

    @classmethod
    def of(cls, text: str, block: int) -> Traced:
        base = block << _BLOCK_BITS
        return cls(text, array("q", range(base, base + len(text))))

    @classmethod
    def empty(cls) -> Traced:
        return cls("", array("q"))

    @classmethod
    def join(cls, parts: Iterable[Traced], separator: str = "") -> Traced:
        texts: list[str] = []
        origin = array("q")
        for part in parts:
            if texts and separator:
                texts.append(separator)
                origin.extend([origin[-1] if origin else 0] * len(separator))
            texts.append(part.text)
            origin.extend(part.origin)
        return cls("".join(texts), origin)

    @cached_property
    def folded(self) -> str:
        """The text with one form for each punctuation mark and digit, of the same length."""
        return _CLOSING.sub(")", _OPENING.sub("(", self.text.translate(_FOLDED)))

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Traced({self.text!r})"

    def __getitem__(self, where: slice) -> Traced:
        piece = Traced(self.text[where], self.origin[where])
        if "folded" in self.__dict__:
            piece.__dict__["folded"] = self.folded[where]  # folded once for the whole document
        return piece

    def __add__(self, other: Traced) -> Traced:
        return Traced(self.text + other.text, self.origin + other.origin)

    def without(self, pattern: re.Pattern[str], *, folded: bool = False) -> Traced:
        """Drop every match of `pattern`."""
        matches = [match.span() for match in pattern.finditer(self.folded if folded else self.text)]
        return self.cut(matches)

    def cut(self, spans: Iterable[tuple[int, int]]) -> Traced:
        """Drop the given pieces, which must be in order and must not overlap."""
        texts: list[str] = []
        origin = array("q")
        at = 0
        for start, end in spans:
            texts.append(self.text[at:start])
            origin.extend(self.origin[at:start])
            at = end
        if at == 0:
            return self
        texts.append(self.text[at:])
        origin.extend(self.origin[at:])
        return Traced("".join(texts), origin)

    def replaced(self, pattern: re.Pattern[str], replacement: str) -> Traced:
        """Put `replacement` for every match; its characters point at the first character of the match."""
        texts: list[str] = []
        origin = array("q")
        at = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            if start == end:
                continue
            texts += [self.text[at:start], replacement]
            origin.extend(self.origin[at:start])
            origin.extend([self.origin[start]] * len(replacement))
            at = end
        if at == 0:
            return self
        texts.append(self.text[at:])
        origin.extend(self.origin[at:])
        return Traced("".join(texts), origin)

    def with_text(self, text: str) -> Traced:
        """The same places under other characters, one for one."""
        if len(text) != len(self.text):
            raise ValueError("one character for one character")
        return Traced(text, self.origin)

    def split(self, pattern: re.Pattern[str]) -> Iterator[Traced]:
        at = 0
        for match in pattern.finditer(self.text):
            yield self[at : match.start()]
            at = match.end()
        yield self[at:]

    def stripped(self, marks: str = "") -> Traced:
        start, end = 0, len(self.text)
        while start < end and (self.text[start].isspace() or self.text[start] in marks):
            start += 1
        while end > start and (self.text[end - 1].isspace() or self.text[end - 1] in marks):
            end -= 1
        return self if (start, end) == (0, len(self.text)) else self[start:end]

    def block_at(self, position: int) -> int:
        """The index of the block that prints the character at `position`."""
        return self.origin[position] >> _BLOCK_BITS

    def compact(self) -> Traced:
        """Without white space."""
        return self.without(_BLANK)

    def spans(self) -> tuple[Span, ...]:
        """Where the text stands: one span for each stretch inside one block, white space and cut pieces included."""
        found: list[Span] = []
        first = last = -1
        for code in self.origin:
            if first >= 0 and code >> _BLOCK_BITS == first >> _BLOCK_BITS and code >= first:
                if code > last:
                    last = code
                continue
            if first >= 0:
                found.append(_span(first, last))
            first = last = code
        if first >= 0:
            found.append(_span(first, last))
        return tuple(found)


def _span(first: int, last: int) -> Span:
    return Span(first >> _BLOCK_BITS, first & _OFFSET_MASK, (last & _OFFSET_MASK) + 1)
