"""Duties that come back: 每月, 每季度至少一次, 按月更新, 月度统计、季度考核."""

from __future__ import annotations

import re

from .model import Every, Recurrence
from .traced import Traced

_PERIODS: tuple[tuple[str, Every], ...] = (
    (r"半年度?|六个月|6个月", "half_year"),
    (r"半个?月|旬|两周|两个星期|15天|十五天", "half_month"),
    (r"年度?|一年", "year"),
    (r"季度?|个季度|三个月|3个月", "quarter"),
    (r"个?月度?|一个月", "month"),
    (r"周|星期|礼拜|7天|七天", "week"),
)
_COUNT = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "十": 10}
_EVERY = re.compile(
    r"每(?P<period>半年度?|六个月|6个月|半个?月|旬|两周|15天|十五天|7天|七天|年度?|季度?|三个月|3个月|个?月度?|周|星期)(?!度?(?:现场检查次数|次数|产量|产能))|(?P<by>按|逐)(?P<period2>半年|季度?|月度?|周|年)(?!度?(?:任务|计划|目标|龄|产))(?=[\u4e00-\u9fff])"
)
_SERIES_WORD = (
    r"(?:统计|调度|通报|考核|总结|评估|分析|会商|研判|例会|督查|督导|检查|报告|评价|排名|排查|小结|点评|晾晒|评比)"
)
_SERIES = re.compile(rf"(?P<period>月度?|季度?|半年度?|年度?|年底|年终|周)(?P<word>{_SERIES_WORD})")
_TIMES = re.compile(r"(?P<times>\d{1,2}|[一二两三四五六十])(?:次|轮|遍|期|场)")
_STOP = re.compile(r"[,;。:]")
_CLAUSE_MAX = 120
_QUOTED = re.compile(r"《[^《》]*》")
_BEFORE = re.compile(r"(?:明确|规定|确定)$")


def read_recurrences(text: Traced) -> list[Recurrence]:
    """Every printed duty that comes back, in order; `times` is the printed number, 1 when none."""
    folded = _QUOTED.sub(lambda match: "·" * len(match.group()), text.folded)
    found: list[tuple[int, Recurrence]] = []
    for match in _EVERY.finditer(folded):
        if _BEFORE.search(folded[max(0, match.start() - 2) : match.start()]):
            continue
        every = _every(match.group("period") or match.group("period2"))
        end = _clause_end(folded, match.end())
        following = _EVERY.search(folded, match.end(), end)
        reach = folded[match.end() : following.start() if following else end]
        times = _TIMES.search(reach)
        piece = text[match.start() : end]
        found.append((match.start(), Recurrence(every, _number(times), str(piece), spans=piece.spans())))
    found += _series(text, folded)
    return [recurrence for _, recurrence in sorted(found, key=lambda item: item[0])]


def _series(text: Traced, folded: str) -> list[tuple[int, Recurrence]]:
    """月度统计、季度考核、半年通报、年底总结: only as a row of at least two, since one alone is usually a name."""
    found: list[tuple[int, Recurrence]] = []
    matches = [
        match for match in _SERIES.finditer(folded) if not folded[max(0, match.start() - 1) : match.start()].isdigit()
    ]
    for number, match in enumerate(matches):
        near = [
            other
            for other in (
                matches[number - 1] if number else None,
                matches[number + 1] if number + 1 < len(matches) else None,
            )
            if other
            and re.fullmatch(
                r"[、,“”和及]{1,3}", folded[min(match.end(), other.end()) : max(match.start(), other.start())]
            )
        ]
        if not near:
            continue
        piece = text[match.start() : match.end()]
        found.append((match.start(), Recurrence(_every(match.group("period")), 1, str(piece), spans=piece.spans())))
    return found


def _every(period: str) -> Every:
    if period in ("年底", "年终"):
        return "year"
    return next(every for pattern, every in _PERIODS if re.fullmatch(pattern, period))


def _clause_end(folded: str, at: int) -> int:
    high = min(len(folded), at + _CLAUSE_MAX)
    stop = _STOP.search(folded, at, high)
    return stop.start() if stop else high


def _number(times: re.Match[str] | None) -> int:
    if not times:
        return 1
    word = times.group("times")
    return int(word) if word.isdigit() else _COUNT[word]
