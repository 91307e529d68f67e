"""Numbers at the head of paragraphs become a tree of headings, also where line breaks, numbers or headings are lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .flow import Flow, Gap
from .nodes import Node, Rank, ordinal
from .titles import find_titles
from .vocabulary import KNOWN_CHAPTER, NAMED_NUMBER, NUMERALS


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
    rf"|(?P<decimal>(?<![\d.])\d{{1,2}}[.](?P<decimal_n>\d{{1,2}})[.]?(?=[\u4e00-\u9fff“])(?!月[\d底末前份上中下]))"
    rf"|(?P<third>(?<![\d.])\d{{1,2}}[.]\d{{1,2}}[.](?P<third_n>\d{{1,2}})[.]?(?=[\u4e00-\u9fff“]))"
    rf"|(?P<item>(?<![\d.])(?P<item_n>\d{{1,3}})(?:[.](?=20\d{{2}}年|\d{{1,2}}月[\d底末前份上中下]|\D|$)|、|[)](?=[\u4e00-\u9fff“《])))"
    rf"|(?P<subitem>[(](?P<subitem_n>\d{{1,2}})[)]、?|[⑴-⒇])"
    rf"|(?P<circled>[①-⑳])"
    rf"|(?P<stopped>[⒈-⒛])"
    rf"|(?P<roman>[Ⅰ-Ⅻ][.、]?)"
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
    "stopped": Rank.ITEM,
    "roman": Rank.SECTION,
}
_LOST_CHAPTER = re.compile(rf"(?:(?<=[。)])|^)、?{KNOWN_CHAPTER}(?=[(]一[)])")
# )强化督导检查。…: what is left of （四） when the copy lost the rest.
_LOST_SECTION = re.compile(r"[)](?=[\u4e00-\u9fff、]{4,24}。)")
# 2 重点任务, above 2.1: a number without a mark is a heading when its first part follows.
_BARE_NUMBER = re.compile(r"(?P<n>\d{1,2})[\u4e00-\u9fff]{2,20}$")
# 3 对逾期未检验的货车…, 3对…: an item whose number has no mark; not 3个月, 3家.
_BARE_ITEM = re.compile(
    r"(?P<n>\d{1,2})(?=[\u4e00-\u9fff“《])(?![年月日天周时分秒点个家座处起次人名项条台套辆件所户公里吨支批级米度届号类种位万亿千百十余多])"
)
_LOST_ORDINAL = re.compile(r"、(?=[\u4e00-\u9fff]{2,20})")
_KNOWN_LINE = re.compile(rf"、?{KNOWN_CHAPTER}[:。]?$")
_RINGS = {"①": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", "㈠": "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩", "⑴": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", "Ⅰ": "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ",
          "⒈": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"}  # fmt: skip
_BEFORE = frozenset("。;:!?)”》…")


def number_rank(line: str) -> Rank | None:
    """The rank of the number that a line begins with; None without one."""
    match = _CANDIDATES.match(line)
    return next((rank for name, rank in _RANKS.items() if match.group(name)), None) if match else None


def outline(flow: Flow, foot: int | None = None, styled: Mapping[int, Rank] | None = None) -> Node:
    """The tree of headings of a text, up to `foot` where the signature begins.

    `styled` names the places where a heading without a number begins, and its rank (see `styled.styled_headings`).
    """
    foot = len(flow.text) if foot is None else foot
    root = Node(Rank.ROOT, 0, 0, 0, end=foot)
    stack = [root]
    last: dict[Rank, int] = {}
    styled = styled or {}
    candidates = [candidate for candidate in _candidates(flow) if candidate.start not in styled]
    candidates += [Candidate(rank, 0, start, start, True, lost=True, own_line=True) for start, rank in styled.items()]
    for candidate in sorted(candidates, key=lambda found: found.start):
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
    find_titles(root, flow)
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
        if name in ("appendix", "topic", "decimal", "third", "roman") and not strong:
            continue
        ring = next((first for first in _RINGS if match.group()[0] in _RINGS[first]), None)
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
    yield from _bare_items(flow)
    for match in _LOST_CHAPTER.finditer(folded):
        head, own_line = match.start() + match.group().startswith("、"), flow.gap(match.start()) is Gap.LINE
        yield Candidate(Rank.CHAPTER, 0, match.start(), head, True, lost=True, own_line=own_line)
    for start in [0, *flow.lines]:
        line = folded[start : flow.next_line(start)]
        bare = _BARE_NUMBER.match(line)
        if bare and folded.startswith(f"{bare.group('n')}.1", start + len(line)):
            yield Candidate(Rank.CHAPTER, int(bare.group("n")), start, start + bare.end("n"), True)
        labelled = NAMED_NUMBER.match(line)
        if labelled:
            yield Candidate(Rank.SECTION, ordinal(labelled.group("n")), start, start + labelled.end(), True)
        stump = _LOST_SECTION.match(line)
        if stump:
            yield Candidate(Rank.SECTION, 0, start, start + stump.end(), True, lost=True)
        if (_KNOWN_LINE.match(line) or (_LOST_ORDINAL.match(line) and len(line) <= 25)) and not _LOST_CHAPTER.match(
            folded, start
        ):
            own_line = _KNOWN_LINE.match(line) is not None and len(line) >= 4
            yield Candidate(Rank.CHAPTER, 0, start, start + line.startswith("、"), True, lost=True, own_line=own_line)


def _bare_items(flow: Flow) -> Iterator[Candidate]:
    """Lines that begin with 1, 2, 3 … and no mark behind; two in order with a blank behind the number, else three."""
    found = [match for start in [0, *flow.lines] if (match := _BARE_ITEM.match(flow.folded, start))]
    run: list[re.Match[str]] = []
    for match in [*found, None]:
        if match is not None and int(match.group("n")) == len(run) + 1:
            run.append(match)
            continue
        padded = all(item.group("n").startswith("0") for item in run)  # 01工作目标: chapters of a web page
        spaced = sum(1 for item in run if flow.gap(item.end()) is Gap.SPACE)
        if len(run) >= 3 or (len(run) == 2 and spaced == 2):
            for item in run:
                rank = Rank.CHAPTER if padded else Rank.ITEM
                yield Candidate(rank, int(item.group("n")), item.start(), item.end(), True)
        run = [match] if match is not None and int(match.group("n")) == 1 else []


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
