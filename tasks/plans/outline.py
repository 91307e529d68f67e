"""Numbers at the head of paragraphs become a tree of headings, also where line breaks, numbers or headings are lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from .flow import Flow, Gap
from .traced import Traced
from .vocabulary import KNOWN_CHAPTER, NUMERALS


class Rank(IntEnum):
    """The usual order of numbering in official documents (GB/T 9704: 一、 （一） 1. （1）)."""

    ROOT = 0
    APPENDIX = 1
    TOPIC = 2
    CHAPTER = 3
    SECTION = 4
    ITEM = 5
    DECIMAL = 6
    SUBITEM = 7
    CIRCLED = 8


@dataclass(slots=True)
class Node:
    """A numbered piece of the document. `start`..`head` is the number, `head`..`end` title, body and children."""

    rank: Rank
    number: int
    start: int
    head: int
    end: int = 0
    strong: bool = True
    parent: Node | None = field(default=None, repr=False)
    children: list[Node] = field(default_factory=list)
    title_end: int | None = None

    @property
    def own_end(self) -> int:
        """Where the text before the first child stops."""
        return self.children[0].start if self.children else self.end

    def walk(self) -> Iterator[Node]:
        for child in self.children:
            yield child
            yield from child.walk()

    def ancestors(self) -> list[Node]:
        """From the outermost heading to the parent."""
        line: list[Node] = []
        node = self.parent
        while node is not None and node.rank is not Rank.ROOT:
            line.append(node)
            node = node.parent
        return line[::-1]


@dataclass(slots=True)
class Candidate:
    rank: Rank
    number: int
    start: int
    head: int
    strong: bool
    lost: bool = False
    own_line: bool = False


_N = rf"[{NUMERALS}]{{1,4}}"
_CANDIDATES = re.compile(
    rf"(?P<appendix>附件(?P<appendix_n>\d{{0,2}}|{_N})[:]?(?=\S))"
    rf"|(?P<topic>专题(?P<topic_n>{_N})(?=[:、\u4e00-\u9fff])|第(?P<topic_m>{_N})(?:章|部分|篇))"
    rf"|(?P<chapter>(?P<chapter_n>{_N}|[-—–])、(?!{_N}(?:级|等|类|线|层|、|届)))"
    rf"|(?P<section>[(](?P<section_n>{_N})[)]、?|[㈠-㈩])"
    rf"|(?P<decimal>(?<![\d.])\d{{1,2}}[.](?P<decimal_n>\d{{1,2}})[.]?(?=[\u4e00-\u9fff“]))"
    rf"|(?P<third>(?<![\d.])\d{{1,2}}[.]\d{{1,2}}[.](?P<third_n>\d{{1,2}})[.]?(?=[\u4e00-\u9fff“]))"
    rf"|(?P<item>(?<![\d.])(?P<item_n>\d{{1,3}})(?:[.](?=20\d{{2}}年|\D|$)|、|[)](?=[\u4e00-\u9fff“《])))"
    rf"|(?P<subitem>[(](?P<subitem_n>\d{{1,2}})[)]、?|[⑴-⒇])"
    rf"|(?P<circled>[①-⑳])"
)
_RANKS = {
    "appendix": Rank.APPENDIX,
    "topic": Rank.TOPIC,
    "chapter": Rank.CHAPTER,
    "section": Rank.SECTION,
    "decimal": Rank.DECIMAL,
    "third": Rank.SUBITEM,
    "item": Rank.ITEM,
    "subitem": Rank.SUBITEM,
    "circled": Rank.CIRCLED,
}
_LOST_CHAPTER = re.compile(rf"(?:(?<=[。)])|^)、?{KNOWN_CHAPTER}(?=[(]一[)])")
# )强化督导检查。…: what is left of （四） when the copy lost the rest.
_LOST_SECTION = re.compile(r"[)](?=[\u4e00-\u9fff、]{4,24}。)")
# 2 重点任务, above 2.1: a number without a mark is a heading when its first part follows.
_BARE_NUMBER = re.compile(r"(?P<n>\d{1,2})[\u4e00-\u9fff]{2,20}$")
_LOST_ORDINAL = re.compile(r"、(?=[\u4e00-\u9fff]{2,20})")
_KNOWN_LINE = re.compile(rf"、?{KNOWN_CHAPTER}[:。]?$")
_RINGS = {"①": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", "㈠": "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩", "⑴": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"}
_BEFORE = frozenset("。;:!?)”》…")
_DIGITS = {character: value for value, character in enumerate(NUMERALS, 1)}


def ordinal(numerals: str) -> int:
    """二十一 -> 21; digits are read as digits."""
    if numerals.isdigit():
        return int(numerals)
    if numerals in "-—–":
        return 1  # a copy prints the dash for 一
    tens, _, ones = numerals.rpartition("十")
    if "十" not in numerals:
        return _DIGITS.get(numerals, 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)


def outline(flow: Flow, foot: int | None = None) -> Node:
    """The tree of numbered headings of a text, up to `foot` where the signature begins."""
    foot = len(flow.text) if foot is None else foot
    root = Node(Rank.ROOT, 0, 0, 0, end=foot)
    stack = [root]
    last: dict[Rank, int] = {}
    for candidate in sorted(_candidates(flow), key=lambda found: found.start):
        if candidate.start >= foot or not _fits(candidate, stack, last, flow):
            continue
        while stack[-1].rank >= candidate.rank:
            stack.pop().end = candidate.start
        number = candidate.number
        if candidate.lost:
            number = last.get(candidate.rank, 0) + 1
        node = Node(candidate.rank, number, candidate.start, candidate.head, strong=candidate.strong, parent=stack[-1])
        stack[-1].children.append(node)
        stack.append(node)
        last = {
            rank: value
            for rank, value in last.items()
            if rank <= candidate.rank or rank >= Rank.ITEM or rank is Rank.SECTION
        }
        last[candidate.rank] = number
    while stack:
        stack.pop().end = foot
    _find_titles(root, flow)
    return root


def _candidates(flow: Flow) -> Iterator[Candidate]:
    folded = flow.folded
    for match in _CANDIDATES.finditer(folded):
        name = next(name for name in _RANKS if match.group(name))
        start = match.start()
        gap = flow.gap(start)
        strong = gap is Gap.LINE
        if not strong and gap is Gap.NONE and folded[start - 1] not in _BEFORE and not _after_heading(folded, start):
            continue
        if not strong and gap is Gap.WRAP and folded[start - 1] not in _BEFORE and name in ("item", "chapter"):
            continue
        if name in ("appendix", "topic", "decimal", "third") and not strong:
            continue
        ring = next((first for first in "①㈠⑴" if match.group()[0] in _RINGS[first]), None)
        if ring:
            number = ord(match.group()[0]) - ord(ring) + 1
        elif name == "appendix":
            number = ordinal(match.group("appendix_n") or "0")
        else:
            number = ordinal(match.group(f"{name}_n") or match.group("topic_m"))
        if number:
            yield Candidate(_RANKS[name], number, start, match.end(), strong)
        elif name == "appendix":
            yield Candidate(_RANKS[name], 0, start, match.end(), strong)
    for match in _LOST_CHAPTER.finditer(folded):
        yield Candidate(Rank.CHAPTER, 0, match.start(), match.start() + match.group().startswith("、"), True, lost=True)
    for start in [0, *flow.lines]:
        line = folded[start : flow.next_line(start)]
        bare = _BARE_NUMBER.match(line)
        if bare and folded.startswith(f"{bare.group('n')}.1", start + len(line)):
            yield Candidate(Rank.CHAPTER, int(bare.group("n")), start, start + bare.end("n"), True)
        stump = _LOST_SECTION.match(line)
        if stump:
            yield Candidate(Rank.SECTION, 0, start, start + stump.end(), True, lost=True)
        if (_KNOWN_LINE.match(line) or (_LOST_ORDINAL.match(line) and len(line) <= 25)) and not _LOST_CHAPTER.match(
            folded, start
        ):
            own_line = _KNOWN_LINE.match(line) is not None and len(line) >= 4
            yield Candidate(Rank.CHAPTER, 0, start, start + line.startswith("、"), True, lost=True, own_line=own_line)


def _after_heading(folded: str, start: int) -> bool:
    """二、主要任务(一)…: the number follows a heading that has no full stop."""
    before = folded[max(0, start - 30) : start]
    return bool(re.search(rf"(?:^|[。;)!?])(?:{_N}、|[(]{_N}[)])[^。;:!?]{{2,26}}$", before)) or bool(
        re.search(rf"{KNOWN_CHAPTER}$", before)
    )


def _fits(candidate: Candidate, stack: list[Node], last: dict[Rank, int], flow: Flow) -> bool:
    """Does the number continue the list it would stand in?"""
    if candidate.lost:
        return candidate.own_line or any(node.rank is candidate.rank for node in stack)
    if candidate.rank is Rank.APPENDIX:
        return True
    if candidate.rank is Rank.TOPIC:
        return candidate.number == 1 or candidate.number == last.get(Rank.TOPIC, 0) + 1
    open_node = next((node for node in stack if node.rank is candidate.rank), None)
    number = candidate.number
    if open_node is not None:
        if number == open_node.number + 1:
            return True
        if not candidate.strong:
            return False
        return (
            open_node.number < number <= open_node.number + 3
            or number == 1
            or (number == open_node.number and candidate.rank is Rank.CHAPTER)
        )
    if number == 1 or number == last.get(candidate.rank, 0) + 1:
        return True
    return candidate.strong and 0 < number - last.get(candidate.rank, 0) <= 3


_TITLE_STOP = re.compile(r"[。!?]")
_TITLE_MAX = 48
_COLON_TITLE_MAX = 32
# The responsibility printed behind a title: （牵头单位：…；配合单位：…）.
_TITLE_NOTE = re.compile(r"[(](?:[^()]|[(][^()]*[)])*?(?:单位|部门|牵头|负责|配合|落实)(?:[^()]|[(][^()]*[)])*[)]$")


def _find_titles(root: Node, flow: Flow) -> None:
    for node in root.walk():
        node.title_end = _title_end(node, flow)


def _title_end(node: Node, flow: Flow) -> int | None:
    """The heading is what stands before the first full stop or the end of the line; None when it would be a sentence."""
    folded, limit = flow.folded, node.own_end
    stop = _TITLE_STOP.search(folded, node.head, limit)
    end = stop.start() if stop else limit
    line = flow.next_line(node.head)
    if node.head < line < end:
        end = line
    if node.rank in (Rank.CHAPTER, Rank.TOPIC, Rank.APPENDIX):
        known = re.compile(rf"{KNOWN_CHAPTER}").match(folded, node.head)
        gap = flow.next_gap(node.head, end)
        if known and known.end() < end and (end - node.head > 22 or folded[known.end()] == ":"):
            end = known.end()
        elif gap < end and end - node.head > _TITLE_MAX and 2 <= gap - node.head <= 30:
            end = gap
    if end >= limit and not node.children and node.rank >= Rank.SECTION:
        return _colon_title(node, folded, limit)
    if node.rank >= Rank.SECTION and end > node.head:
        gap = flow.next_gap(node.head, end)
        if not flow.lines and 4 <= gap - node.head <= 30 and re.match(r"[^,。;:、]{2,12}:", folded[gap:end]):
            return gap
        colon = folded.find(":", node.head, end)
        if colon > 0 and (heading := _colon_title(node, folded, end)) is not None:
            end = heading
    note = _TITLE_NOTE.search(folded, node.head, end)
    if not 2 <= (note.start() if note else end) - node.head <= _TITLE_MAX:
        return _colon_title(node, folded, limit)
    return end


def _colon_title(node: Node, folded: str, limit: int) -> int | None:
    """强化培训：…: a short phrase before a colon; one that announces a list is a sentence."""
    colon = folded.find(":", node.head, min(limit, node.head + _COLON_TITLE_MAX))
    phrase = folded[node.head : max(node.head, colon)]
    if len(phrase) < 2 or re.search(r"[,;。(]|以下|如下|包括", phrase) or ("、" in phrase and len(phrase) < 12):
        return None
    return colon


def title_of(node: Node, flow: Flow) -> Traced | None:
    """The title without number, final marks and the responsibility printed behind it."""
    return None if node.title_end is None else _plain(flow.text[node.head : node.title_end])


def heading_of(node: Node, flow: Flow) -> Traced:
    """The number and the title as printed: （二）健全标准体系."""
    return _plain(flow.text[node.start : node.title_end if node.title_end is not None else node.head])


def _plain(title: Traced) -> Traced:
    title = title.stripped("。:：;；,，")
    note = _TITLE_NOTE.search(title.folded)
    return title[: note.start()].stripped("。:：;；,，") if note and note.start() >= 4 else title


def body_start(node: Node, flow: Flow) -> int:
    """Where the body begins: after the title and its mark."""
    start = node.head if node.title_end is None else node.title_end
    while start < node.end and flow.folded[start] in "。:;,!?" and node.title_end is not None:
        start += 1
        if flow.folded[start - 1] in "。:":
            break
    return start
