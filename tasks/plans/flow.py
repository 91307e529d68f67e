"""Running text without white space, with the line and paragraph breaks that mean something."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container
from dataclasses import dataclass, field
from enum import IntEnum

from .traced import Traced
from .vocabulary import BODY_END, KNOWN_CHAPTER, LABEL, NAMED_NUMBER, NUMERALS

_BLANK = re.compile(r"\s+")
_MARKER = re.compile(
    rf"(?:第[{NUMERALS}百零\d]+(?:[章节条篇]|部分)|[Ⅰ-Ⅻ]|(?:[{NUMERALS}]{{1,4}}|[-—–])、|[(][{NUMERALS}]{{1,4}}[)]|\d{{1,2}}(?:[.]\d{{1,2}}){{1,2}}[.]?(?=[\u4e00-\u9fff])|\d{{1,3}}[.、](?:(?!\d)|(?=20\d{{2}}年|\d{{1,2}}月[\d底末前份上中下]))|[(]\d{{1,3}}[)]|[①-⑳⑴-⒇⒈-⒛㈠-㈩]|[●■◆▲★◇□▪•]|[{NUMERALS}]+是|附件|附[:\d]|专题[{NUMERALS}]|{NAMED_NUMBER.pattern.replace('?P<n>', '?:')})"
)
_SENTENCE_END = ("。", "!", "?", ";", ":", "…", "|")
_KNOWN_TITLE = re.compile(rf"(?:[{NUMERALS}]+、|[(][{NUMERALS}]+[)])?{KNOWN_CHAPTER}[:。]?$")
_HEADING_MAX = 45


class Gap(IntEnum):
    """What white space stood before a character."""

    NONE = 0
    SPACE = 1
    WRAP = 2
    LINE = 3


@dataclass(slots=True)
class Flow:
    """Text without white space; `gaps` says, by position, what was printed before that character."""

    text: Traced
    gaps: dict[int, Gap] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    wrapped: bool = False
    fields: dict[tuple[int, int], object] = field(default_factory=dict, repr=False)

    @property
    def folded(self) -> str:
        return self.text.folded

    def gap(self, position: int) -> Gap:
        return Gap.LINE if position == 0 else self.gaps.get(position, Gap.NONE)

    def next_line(self, position: int) -> int:
        """Where the next printed paragraph begins after `position`, or the end of the text."""
        at = bisect_left(self.lines, position + 1)
        return self.lines[at] if at < len(self.lines) else len(self.text)

    def next_gap(self, position: int, end: int) -> int:
        """The first white space of any kind after `position`, or `end`."""
        return next((at for at in range(position + 1, end) if at in self.gaps), end)


def flow_of(stream: Traced, headings: Container[int] = ()) -> Flow:
    """Take the white space out of `stream` and decide which line breaks end a paragraph.

    Lines of a PDF or of a damaged copy break inside sentences. A break is kept when the line before it ends a sentence
    or is a heading, or when a number, a label or a table follows. `headings` are the blocks whose style makes them
    headings: these are paragraphs whatever they print.
    """
    gaps: dict[int, Gap] = {}
    removed = 0
    for match in _BLANK.finditer(stream.text):
        position = match.start() - removed
        removed += len(match.group())
        gaps[position] = Gap.LINE if "\n" in match.group() or "\r" in match.group() else Gap.SPACE
    flow = Flow(stream.without(_BLANK), {at: gap for at, gap in gaps.items() if at > 0})
    breaks = [at for at, gap in flow.gaps.items() if gap is Gap.LINE and at < len(flow.text)]
    if not breaks:
        flow.lines += _lines_of_one_line(flow)
        flow.gaps |= dict.fromkeys(flow.lines, Gap.LINE)
    flow.wrapped = _is_wrapped(flow.folded, breaks)
    previous = 0
    for number, at in enumerate(breaks):
        following = breaks[number + 1] if number + 1 < len(breaks) else len(flow.text)
        styled = flow.text.block_at(at - 1) in headings or flow.text.block_at(at) in headings
        if styled or _ends_paragraph(flow.folded, previous, at, following, flow.wrapped):
            flow.lines.append(at)
            previous = at
        else:
            flow.gaps[at] = Gap.WRAP
    return flow


# Numbers that count only at the start of a line: 2.1.1, Ⅰ, 附件2, 第二部分.
_LINE_NUMBER = re.compile(
    rf"\d{{1,2}}(?:[.]\d{{1,2}}){{1,2}}[.]?(?=[\u4e00-\u9fff])|[Ⅰ-Ⅻ]|附件[\d{NUMERALS}]|第[{NUMERALS}]{{1,3}}(?:部分|篇)"
)


def _lines_of_one_line(flow: Flow) -> list[int]:
    """Where a copy that turned its line ends into blanks had them: before such numbers, and before the bare 2 above 2.1."""
    found = [at for at in flow.gaps if at < len(flow.text) and _LINE_NUMBER.match(flow.folded, at)]
    bare: dict[int, int] = {}
    for at in sorted(flow.gaps):
        number = re.match(r"(?P<n>\d{1,2})(?:(?P<part>[.]1(?!\d|[.]))|(?=[\u4e00-\u9fff]))", flow.folded[at : at + 6])
        if number and number.group("part") and int(number.group("n")) in bare:
            found += [place for value, place in bare.items() if value <= int(number.group("n"))]
        elif number and not number.group("part"):
            bare[int(number.group("n"))] = at
    return sorted(set(found))


# 牵头单位：…: a line of a form ends where its words end.
_FORM_LINE = re.compile(rf"[(]?(?:{LABEL.pattern}):")


def _is_heading(line: str) -> bool:
    """A short line with a number or a known title; a bracket left open says that the heading goes on."""
    named = _MARKER.match(line) or _KNOWN_TITLE.match(line)
    whole = "。" not in line and line.count("(") <= line.count(")")
    return len(line) <= _HEADING_MAX and bool(named) and whole


def _is_wrapped(folded: str, breaks: list[int]) -> bool:
    """True when many lines stop inside a sentence."""
    stopped = counted = 0
    first = next((at for at in breaks if _MARKER.match(folded, at)), 0)
    breaks = [at for at in breaks if at >= first]
    previous = first
    for number, at in enumerate(breaks):
        line = folded[previous:at]
        following = folded[at : breaks[number + 1] if number + 1 < len(breaks) else len(folded)]
        previous = at
        if not line or _is_heading(line) or len(line) < 4 or _is_signature(line) or _FORM_LINE.match(line):
            continue
        counted += 1
        if not line.endswith((*_SENTENCE_END, ")", "”", "》")) and not _MARKER.match(following):
            stopped += 1
    return stopped >= 4 and stopped * 5 > counted


def _ends_paragraph(folded: str, start: int, at: int, end: int, wrapped: bool) -> bool:
    line, following = folded[start:at], folded[at:end]
    if _MARKER.match(following) or _KNOWN_TITLE.match(following):
        return not _continues_number(line, following)
    label = LABEL.match(following.lstrip("("))
    if label and following.lstrip("(")[label.end() : label.end() + 1] == ":":
        return True
    if line.endswith(_SENTENCE_END) or _ends_field(line, following):
        return True
    if line.endswith((")", "”", "》")) and not wrapped:
        return True
    if _is_heading(line):
        return not wrapped or _KNOWN_TITLE.match(line) is not None or not _sentence_soon(line, following)
    if _is_title_line(line) or _is_signature(following) or _is_signature(line):
        return True
    return not wrapped and len(line) <= 30 and len(following) > 30 and not line.endswith((",", "、"))


def _ends_field(line: str, following: str) -> bool:
    """The line ends a list of bodies (责任单位：…、县公安局) and the next one does not go on with it."""
    colon = line.rfind(":")
    labelled = colon > 0 and LABEL.search(line[max(0, colon - 8) : colon]) is not None and "。" not in line[colon:]
    return (labelled and BODY_END.search(line) is not None and following[:1] not in "、,;和及以") or (
        labelled and following.startswith(("以上", "上述"))
    )


def _continues_number(line: str, following: str) -> bool:
    """2022 | 1、… cannot be told from a number cut in two, but a line that ends in a digit or an open mark can."""
    return bool(re.search(r"[\d第(〔《“、,]$", line)) and not re.match(rf"[(]?[{NUMERALS}]+[)、]", following)


def _sentence_soon(line: str, following: str) -> bool:
    """The heading goes on: its full stop comes within the length of a heading, and no labelled paragraph begins."""
    if re.match(r"[^,。;:、]{2,12}:", following):
        return False
    stop = following.find("。")
    return stop >= 0 and len(line) + stop <= _HEADING_MAX


_TITLE_LINE = re.compile(
    r"(?:方案|计划|要点|清单|意见|措施|通知|规划|办法|规定|条例|文件|(?<=的)(?:通报|报告|总结|公告|决定|函|汇报|讲话|发言|致辞))(?:[(].{0,24}[)])?$"
)
_SIGNATURE = re.compile(r"(?:\d{4}年\d{1,2}月\d{1,2}日?|[〇○零一二三四五六七八九十]{4}年.{1,6}日|[(]此件.{0,12}[)])$")


def _is_title_line(line: str) -> bool:
    return len(line) <= 60 and bool(_TITLE_LINE.search(line))


def _is_signature(line: str) -> bool:
    return len(line) <= 60 and bool(_SIGNATURE.match(line))
