"""Duties to report: who sends what to whom, how often and by which day."""

from __future__ import annotations

import re

from .flow import Flow
from .model import Report

_VERB = re.compile(
    r"(?:报送|上报|报告|汇报|报备|反馈|报)(?P<way>至|给|到)?(?P<to>(?!送|报|年度|阶段|情况|工作|总结|进展)[^,。;、的情和]{2,22}?)?(?=[,。;(]|$)"
)
_EVERY = re.compile(r"每(?P<period>半年|季度?|月|周|年)|(?P<annual>年度)|(?P<event>随时|及时|第一时间|遇到|发生)")
_DAY = re.compile(
    r"每月(?P<monthly>\d{1,2})日|每年(?P<month>\d{1,2})月(?P<day>\d{1,2})日|(?P<y>20\d{2})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日|(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日前"
)
_FROM = re.compile(
    r"^(?:请)?(?P<from>(?:各|县|市|省|区|工作专班|有关|相关)[^,。;]{1,30}?)(?=要|应|将|于|每|须|需|在|把|汇总|对|按|总结|负责|结合|分别)"
)
_PERIODS = {"半年": "half_year", "季": "quarter", "季度": "quarter", "月": "month", "周": "week", "年": "year"}


def read_reporting(flow: Flow, start: int, end: int, year: int | None) -> list[Report]:
    """The sentences between two places that ask for a report."""
    found: list[Report] = []
    for sentence in flow.text[start:end].split(re.compile(r"[。；;]")):
        folded = sentence.folded
        verb = next((match for match in _VERB.finditer(folded) if match.group("to") or match.group("way")), None)
        if (
            verb is None
            or len(sentence) > 220
            or not re.search(r"情况|总结|报告|报表|方案|台账|清单|进展|信息|名单|材料|问题|联络员", folded)
        ):
            continue
        every, due = _rhythm(folded, year)
        sender = _FROM.search(folded.lstrip(",、"))
        what = re.search(r"(?:将|把)(?P<what>[^,。;]{2,60}?)(?:报|上报|汇总|书面)", folded) or re.search(
            r"(?P<what>[^,。;将把]{2,24}?(?:情况|总结|报告|报表|方案|台账|清单|进展))", folded
        )
        found.append(
            Report(
                what.group("what") if what else "报告", sender.group("from") if sender else None, verb.group("to"), every, due,
                str(sentence), spans=sentence.spans(),
            )
        )  # fmt: skip
    return found


def _rhythm(folded: str, year: int | None) -> tuple[str | None, str | None]:
    every = _EVERY.search(folded)
    rhythm = None
    if every:
        rhythm = _PERIODS.get(every.group("period") or "") or ("year" if every.group("annual") else "on_event")
    day = _DAY.search(folded)
    if not day:
        return rhythm, None
    if day.group("monthly"):
        return "month", f"{int(day.group('monthly'))}th of month"
    if day.group("month"):
        return "year", f"{int(day.group('month')):02d}-{int(day.group('day')):02d}"
    years = int(day.group("y")) if day.group("y") else year
    month, number = int(day.group("m") or day.group("m2")), int(day.group("d") or day.group("d2"))
    if years is None or not (1 <= month <= 12 and 1 <= number <= 31):
        return rhythm or "once", None
    return rhythm or "once", f"{years}-{month:02d}-{number:02d}"
