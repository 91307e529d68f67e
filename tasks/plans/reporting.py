"""Duties to report: who sends what to whom, how often and by which day."""

from __future__ import annotations

import re

from .flow import Flow
from .model import Report
from .traced import Traced

_RECEIVER = (
    r"[^,。;:、将把]{0,18}?(?:办公室|安委会|安委办|消安委|减灾委|领导小组|工作专班处?|专班|指挥部|管理局|局|厅|司|股|科|处|室|部门|党委和政府|政府|县委|市委|省委)"
    r"(?:[(][^()]{2,24}[)])?(?:[、和及](?:县|市|省|区)?(?:委|政府|安委会|安委办))?"
)
# X将…报(送)至Y; …向Y报告; 报送… with a day. Not 通报, 举报, 报批, 预报.
_SENDS = re.compile(
    rf"(?:(?<![通举预批警呈年月])(?:报送|上报|呈报|报备|书面报告|报(?!告|表|送|批|备))(?:至|给|到)?(?P<to>{_RECEIVER})(?=[,。;(]|备案|汇总|直至|$))"
    rf"|(?:向(?P<towards>{_RECEIVER})(?:直至(?P<also>{_RECEIVER}))?(?:书面)?(?:报告|汇报|报送|反馈)(?!制度))"
    rf"|(?:(?<![通举预批])(?:报送|上报)(?P<what>[^,。;]{{0,30}}?(?:情况|总结|报告|报表|进展|台账|清单|信息|材料)))"
    r"|(?P<event>重要(?:情况|信息)[^,。;]{0,4}随时报送)"
)
_SENDER = re.compile(
    r"(?P<from>(?:各[^,。;:]{1,28}?|请?[县市省区][^,。;:]{1,14}?[局委办厅部]|工作专班(?:办公室)?|牵头部门|责任单位|有关(?:部门|单位)))"
    r"(?=要|应|将|于|每|须|需|在\d|在每|把|汇总|总结|对|定期|按|及时|请|结合)"
)
_WHAT = re.compile(
    r"[将把](?P<a>[^。;]{2,90}?)(?:及时|书面|一并|汇总后?)*$|(?P<b>[^,。;将把要于]{2,24}?(?:总结评估|情况|总结|报告|报表|进展|台账|清单|重大问题))"
)
_EVERY = re.compile(r"每(?P<period>半年|季度?|月|周|年)|(?P<year>年度)|(?P<event>随时|及时|第一时间|遇到|发生)")
_PERIODS = {"半年": "half_year", "季": "quarter", "季度": "quarter", "月": "month", "周": "week", "年": "year"}
_DAY = re.compile(
    r"每月(?P<monthly>\d{1,2})日|每年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
    r"|(?:(?P<y>20\d{2})年)?(?P<m>1[0-2]|0?[1-9])月(?P<d>3[01]|[12]\d|0?[1-9])日"
)
_SENTENCE = re.compile(r"[。；;]")
_SENTENCE_MAX = 260


def read_reporting(flow: Flow, start: int, end: int, year: int | None) -> list[Report]:
    """The reports asked for between two places of the text."""
    found: list[Report] = []
    for sentence in flow.text[start:end].split(_SENTENCE):
        if len(sentence) <= _SENTENCE_MAX:
            found += _reports(sentence, year)
    return found


def _reports(sentence: Traced, year: int | None) -> list[Report]:
    """One report for each sending verb of a sentence; each reads the words since the verb before."""
    found: list[Report] = []
    low = 0
    for match in _SENDS.finditer(sentence.folded):
        before = sentence.folded[low : match.start()]
        receiver = match.group("to") or match.group("towards")
        if match.group("also"):
            receiver = f"{receiver}、{match.group('also')}"
        senders = list(_SENDER.finditer(before))
        what = (
            match.group("what")
            or (match.group("event") or "").removesuffix("随时报送").removesuffix("要")
            or _subject(before)
        )
        every, due = _rhythm(before + match.group(), year)
        if what is None or (receiver is None and due is None and not match.group("event")):
            continue
        piece = sentence[low : match.end()].stripped(",，、")
        found.append(
            Report(
                what, senders[-1].group("from") if senders else None, receiver, every, due, str(piece), piece.spans()
            )
        )
        low = match.end()
    return found


def _subject(before: str) -> str | None:
    matches = list(_WHAT.finditer(before))
    if not matches:
        return "汇总报告" if "汇总" in before else None
    return matches[-1].group("a") or matches[-1].group("b")


def _rhythm(words: str, year: int | None) -> tuple[str | None, str | None]:
    every = _EVERY.search(words)
    rhythm = None
    if every:
        rhythm = _PERIODS.get(every.group("period") or "") or ("year" if every.group("year") else "on_event")
    day = _DAY.search(words)
    if not day:
        return rhythm, None
    if day.group("monthly"):
        return "month", f"{int(day.group('monthly'))}th of month"
    if day.group("month"):
        return "year", f"{int(day.group('month')):02d}-{int(day.group('day')):02d}"
    printed = int(day.group("y")) if day.group("y") else year
    if printed is None:
        return rhythm or "once", None
    return "once", f"{printed}-{int(day.group('m')):02d}-{int(day.group('d')):02d}"
