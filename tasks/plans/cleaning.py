"""From a document as printed to clean text: named steps, each of which can be switched off, each keeping the places."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import groupby, islice
from typing import Protocol

from .document import Block, Document
from .grid_blanks import split_blanks
from .grid_lines import split_stacked
from .grids import Grid, Slot, split_text_grids
from .traced import Traced
from .vocabulary import SITE_LINES

Segment = Traced | Grid


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One named way to clean text. `wanted` looks at the whole document once; `cells` says whether cells need it too."""

    name: str
    label: str
    apply: Callable[[Traced], Traced]
    wanted: Callable[[str], bool] = lambda text: True
    cells: bool = True


# --- Pinyin -----------------------------------------------------------------------------------------------------------

_READING = re.compile(r"(?:(?<!\s)\s+)?[(（]([a-zA-Züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜɡ\u0300-\u030c\s]{1,12})[)）]")
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?[aeiouüvāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ\u0300-\u030c]{1,6}(?:n[gɡ]?|r)?", re.I
)
_READABLE_BEFORE = re.compile(r"[\u3400-\u9fff)）]\s*$")


def _readings(text: str) -> Iterator[tuple[int, int]]:
    """Where a character is followed by its reading in brackets, also when a line break cuts the bracket."""
    for match in _READING.finditer(text):
        if _SYLLABLE.fullmatch("".join(match.group(1).split())) and _READABLE_BEFORE.search(
            text[max(0, match.start() - 3) : match.start()]
        ):
            yield match.span()


def _drop_pinyin(text: Traced) -> Traced:
    """安(an)全(quan)(quan) -> 安全."""
    return text.cut(_readings(text.text))


def _has_pinyin(text: str) -> bool:
    return sum(1 for _ in islice(_readings(text.translate(_WIDE)), 3)) == 3


# --- Traditional characters -------------------------------------------------------------------------------------------

# OpenCC leaves 著 because it has two modern forms: 着 everywhere but in these words.
_ZHU = re.compile(r"(?<![显名编卓昭土论原专遗巨译合拙])著(?![名作述称录书者])")


@lru_cache(maxsize=1)
def _simplifier() -> _Converter:
    from opencc import OpenCC

    converter: _Converter = OpenCC("t2s")
    return converter


def _is_traditional(text: str) -> bool:
    """True when more than one Chinese character in two hundred has another simplified form."""
    simplified = _simplifier().convert(text)
    changed = sum(1 for old, new in zip(text, simplified, strict=False) if old != new)
    return changed > 3 and changed * 200 > sum(1 for character in text if "\u4e00" <= character <= "\u9fff")


def _simplify(text: Traced) -> Traced:
    simplified = _simplifier().convert(text.text)
    if len(simplified) != len(text):
        simplified = "".join(_one_for_one(character) for character in text.text)
    return text.with_text(_ZHU.sub("着", simplified))


def _one_for_one(character: str) -> str:
    simplified = _simplifier().convert(character)
    return simplified if len(simplified) == 1 else character


# --- Markup and width -------------------------------------------------------------------------------------------------

_BREAKING_TAG = re.compile(r"</?(?:p|div|br|li|tr|h[1-6])\b[^<>]{0,200}/?>", re.I)
_TAG = re.compile(r"</?(?:[a-z][a-z0-9]{0,9})\b[^<>]{0,400}/?>|<!--.{0,400}?-->", re.I | re.S)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6});")
_MARKDOWN = re.compile(
    r"\*\*|(?<=\n)#{1,6}[ \t]+|^#{1,6}[ \t]+|(?<=\n)>[ \t]|(?<=\n)[ \t]*[-*+][ \t]+(?=[\u4e00-\u9fff*\[【(（“])|\\(?=[().\-#*_])"
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f]")


def _drop_markup(text: Traced) -> Traced:
    text = text.replaced(_BREAKING_TAG, "\n").without(_TAG)
    while entity := _ENTITY.search(text.text):
        plain = unescape(entity.group())
        plain = "" if plain == entity.group() else plain.replace("\xa0", " ")[:1]
        start, end = entity.span()
        kept = text[start : start + 1].with_text(plain) if plain else Traced.empty()
        text = text[:start] + kept + text[end:]
    return text.without(_MARKDOWN)


_LATIN_STOP = re.compile(r"(?<=[\u4e00-\u9fff”\"」)）])[.](?=\s|[\u4e00-\u9fff“\"（(]|\d{1,2}[、.]|$)")


def _uses_latin_stops(text: str) -> bool:
    return sum(1 for _ in _LATIN_STOP.finditer(text)) > 2 * text.count("。")


def _full_stops(text: Traced) -> Traced:
    return text.with_text(_LATIN_STOP.sub("。", text.text))


def _drop_invisible(text: Traced) -> Traced:
    return text.without(_INVISIBLE)


_WIDE = {code: chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE |= {0xFF0E: ".", 0xFF05: "%", 0x3000: " ", 0xA0: " "}


def _narrow(text: Traced) -> Traced:
    """Full-width digits, letters, points and blanks; Chinese punctuation stays as printed."""
    return text.with_text(text.text.translate(_WIDE))


# --- What sites and pages add -----------------------------------------------------------------------------------------

_PAGE_OF = re.compile(r"第\s*\d{1,4}\s*[页頁]\s*[,，/]?\s*[(（]?\s*共\s*\d{1,4}\s*[页頁]\s*[)）]?")
_PAGE_LINE = re.compile(
    r"(?m)^[ \t\u3000]*(?:[-—–－·]{1,3}\s?\d{1,4}\s?[-—–－·]{1,3}|\d{1,4}|\d{1,4}\s?/\s?\d{1,4}|第\s?\d{1,4}\s?[页頁]|Page\s?\d+(?:\s?of\s?\d+)?)[ \t\u3000]*$"
)
_PAGE_INLINE = re.compile(r"(?<=\s)[—–－-]{1,2}\s?\d{1,4}\s?[—–－-]{1,2}(?=\s)")
_LINE = re.compile(r"[^\n]+")
_STARTS_NUMBERED = re.compile(r"\s*(?:[一二三四五六七八九十]+[、是]|[(（][一二三四五六七八九十\d]+[)）]|\d+[.、．]|\|)")
_MID_SENTENCE = re.compile(r"[^\s。！？；：!?;:]\s*$")


_SITE_NAME = re.compile(r"\s*[\u4e00-\u9fff]{2,12}网站?\s*$")
_TOP = 200
_DOCUMENT_NUMBER = re.compile(r"(?<=[:：\s])[\u4e00-\u9fff]{2,12}[〔\[(（]\d{4}[〕\])）]第?\d{1,4}号")


def _drop_site_lines(text: Traced) -> Traced:
    """Lines that a site prints around its documents, such as counters, share buttons and copyright notices."""
    found = []
    for line in _LINE.finditer(text.text):
        name = line.start() < _TOP and _SITE_NAME.match(line.group())
        if name or (len(line.group()) <= 240 and SITE_LINES.search(line.group())):
            number = _DOCUMENT_NUMBER.search(line.group())
            if number:  # 索引号：… 发文字号：X〔2024〕5号 …
                found += [(line.start(), line.start() + number.start()), (line.start() + number.end(), line.end())]
            else:
                found.append(line.span())
    return text.cut(found)


def _drop_page_marks(text: Traced) -> Traced:
    return text.without(_PAGE_OF).without(_PAGE_LINE).without(_PAGE_INLINE)


def _drop_page_headers(text: Traced) -> Traced:
    """Short lines that come back three times or more; the first one stays unless it cuts a sentence."""
    lines = [(match.group().strip(), match.span()) for match in _LINE.finditer(text.text)]
    counts = Counter(line for line, _ in lines)
    seen: set[str] = set()
    found = []
    for line, span in lines:
        repeated = counts[line] >= 3 and 4 <= len(line) <= 45 and not _STARTS_NUMBERED.match(line)
        if repeated and not re.search(r"[。；;：:|)）]$|单位|部门|时限|[:：|]", line):
            if line in seen or (span[0] > 300 and _MID_SENTENCE.search(text.text[max(0, span[0] - 9) : span[0]])):
                found.append(span)
            seen.add(line)
    return text.cut(found)


_CONTENTS = re.compile(
    r"(?m)^[^\n]{2,60}?(?:[.．·]{3,}|…{2,})\s*[(（]?\d{0,3}[)）]?[ \t]*$|^[ \t\u3000]*目[ \t\u3000]*[录錄][ \t\u3000]*$"
)


def _drop_contents(text: Traced) -> Traced:
    """The lines of a table of contents: 一、总体要求……1."""
    return text.without(_CONTENTS)


_CHUNK = re.compile(r"(?:\A\s*|(?<!\s)\s+)(\d{1,4})、")


def _drop_chunk_marks(text: Traced) -> Traced:
    """Numbers 1、2、3、… that a site prints where it cuts the text, wherever that falls: mostly inside sentences.

    A real list is told apart by what stands before its numbers: a full stop or a heading.
    """
    waiting: dict[int, list[re.Match[str]]] = {}
    for match in _CHUNK.finditer(text.text):
        waiting.setdefault(int(match.group(1)), []).append(match)
    run: list[re.Match[str]] = []
    cutting = 0
    while later := [match for match in waiting.get(len(run) + 1, ()) if not run or match.start() >= run[-1].end()]:
        cuts = [match for match in later if _cuts(text.text, run[-1].end() if run else 0, match.start())]
        cutting += bool(cuts)
        run.append((cuts or later)[0])
    if (len(run) < 3 or cutting * 10 < (len(run) - 1) * 6) and not _opens_copy(text.text, run, cutting):
        return text
    return text.cut(
        (
            match.start()
            if _MID_SENTENCE.search(text.text[max(0, match.start() - 9) : match.start()])
            else match.start(1),
            match.end(),
        )
        for match in run
    )


def _opens_copy(text: str, run: list[re.Match[str]], cutting: int) -> bool:
    """A short copy in one or two pieces: 1、 stands before its title, and its chapters have numbers of their own."""
    if not 1 <= len(run) <= 2 or cutting < len(run) - 1:
        return False
    first = text[run[0].end() : run[1].start() if len(run) > 1 else len(text)]
    before = text[: run[0].start()].strip()
    chapter = re.search(r"一、", first)
    return chapter is not None and chapter.start() >= 20 and "\n" not in before and len(before) < 400


_WHOLE_LINE = re.compile(r"\s*(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）])|[^\n]{0,12}[:：]")
_WHOLE_LINE_MAX = 60
# （责任单位：…；完成时限：…）: a list item may end in its fields.
_CLOSED_FIELD = re.compile(r"(?:单位|部门|时限|负责|牵头|配合|落实)[^\n]*[)）\]】]\s*$")


def _cuts(text: str, previous: int, at: int) -> bool:
    """The mark stands inside a sentence, far from the one before, and not below a heading or a labelled field."""
    line = text[text.rfind("\n", 0, len(text[:at].rstrip())) + 1 : at].rstrip()
    if len(line) <= _WHOLE_LINE_MAX and _WHOLE_LINE.match(line):
        return False
    inside = _MID_SENTENCE.search(text[max(0, at - 9) : at]) and not _CLOSED_FIELD.search(text[max(0, at - 200) : at])
    return at - previous > 60 and bool(inside)


# A copy that lost one byte of the blank before （一） reads the rest of GBK one byte late: 。ㄒ唬 stands for （一）.
_SHIFTED = {
    "一": "。ㄒ唬", "二": "。ǘ", "三": "。ㄈ", "四": "。ㄋ模", "五": "。ㄎ澹", "七": "。ㄆ撸", "八": "。ò耍", "九": "。ň牛", "十": "。ㄊ",
}  # fmt: skip
_SHIFTED_PATTERNS = {
    f"（{numeral}）": re.compile(rf"[?？]?{shifted}[\u2500-\u257f\ue000-\uf8ff]?")
    for numeral, shifted in _SHIFTED.items()
}


def _has_shifted_bytes(text: str) -> bool:
    return any(shifted in text for shifted in _SHIFTED.values())


def _mend_numbers(text: Traced) -> Traced:
    for printed, pattern in _SHIFTED_PATTERNS.items():
        text = text.replaced(pattern, printed)
    return text


STEPS: tuple[Step, ...] = (
    Step("invisible", "不可见字符", _drop_invisible),
    Step("shifted_bytes", "错位字节", _mend_numbers, wanted=_has_shifted_bytes),
    Step("width", "全角字符", _narrow),
    Step("stops", "西文句点", _full_stops, wanted=_uses_latin_stops),
    Step("page_marks", "页码", _drop_page_marks, cells=False),
    Step("contents", "目录", _drop_contents, cells=False),
    Step("page_headers", "重复页眉", _drop_page_headers, cells=False),
    Step("chunk_marks", "分段编号", _drop_chunk_marks, cells=False),
    Step("pinyin", "括注拼音", _drop_pinyin, wanted=_has_pinyin),
    Step("traditional", "繁体字转换", _simplify, wanted=_is_traditional),
    Step("markup", "网页标记", _drop_markup),
    Step("site_lines", "网站附加文字", _drop_site_lines, cells=False),
)
STEP_NAMES = (*(step.name for step in STEPS), "text_tables")


def clean(document: Document, *, without: Collection[str] = ()) -> list[Segment]:
    """The document as running text and tables in reading order, cleaned by every step not named in `without`."""
    everything = "\n".join(block.text for block in document.blocks)
    steps = [step for step in STEPS if step.name not in without and step.wanted(everything)]
    segments: list[Segment] = []
    for is_cell, group in groupby(document.blocks, key=lambda block: block.cell.table if block.cell else -1):
        blocks = list(group)
        if is_cell >= 0:
            segments.append(_grid(blocks))
            continue
        stream = Traced.join((Traced.of(block.text, block.index) for block in blocks), "\n")
        segments += [stream] if "text_tables" in without else _text_tables(stream)
    segments = [_cleaned(segment, steps) for segment in segments]
    if "text_tables" in without:
        return segments
    # Heads of columns are words, so they are looked for in the words as cleaned.
    return [
        part for segment in segments for part in (split_blanks(segment) if isinstance(segment, Traced) else [segment])
    ]


def _text_tables(stream: Traced) -> list[Segment]:
    """Running text and the tables printed inside it, with tags, bars or tabs, or one cell a line."""
    parts = split_text_grids(stream)
    return [piece for part in parts for piece in (split_stacked(part) if isinstance(part, Traced) else [part])]


def _cleaned(segment: Segment, steps: list[Step]) -> Segment:
    if isinstance(segment, Traced):
        for step in steps:
            segment = step.apply(segment)
        return segment
    for row in segment.rows:
        for slot in row:
            for step in steps:
                if step.cells:
                    slot.text = step.apply(slot.text)
    return segment


def _grid(blocks: list[Block]) -> Grid:
    """The cells of one table of the file; several paragraphs of one cell are joined with a line feed."""
    rows: dict[int, dict[int, Slot]] = {}
    for block in blocks:
        cell = block.cell
        assert cell is not None
        text = Traced.of(block.text, block.index)
        row = rows.setdefault(cell.row, {})
        if cell.column in row:
            row[cell.column].text = Traced.join((row[cell.column].text, text), "\n")
        else:
            row[cell.column] = Slot(text, cell.column, cell.row_span, cell.column_span)
    return Grid(
        [[rows[r][c] for c in sorted(rows[r])] for r in sorted(rows)], first_row=min(rows), placed=_tells_merges(rows)
    )


def _tells_merges(rows: dict[int, dict[int, Slot]]) -> bool:
    """Whether the file itself says which cells are merged: copies of a print carry tables in which none is."""
    return any(slot.row_span > 1 for row in rows.values() for slot in row.values())
