"""Numbers about a mine's hazards that say where to look: what comes back, what only inspectors find, how long it takes.

Every number is counted over hazards on record, by the day on which they were found, and opens its rows in the register.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.urls import reverse
from django.utils import timezone
from rapidfuzz import fuzz, process

from hazards.models import Hazard, Level, Source
from hazards.rules import RULES
from units.models import Unit
from units.rules import rules_for

MOST_COMPARED = 600
"""Hazards of one mine whose words are compared with each other, newest first."""
MOST_EARLIER = 10
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Repeat:
    """A hazard, the earlier one at the same mine that it repeats, and in what they agree."""

    later: Hazard
    earlier: Hazard
    how: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with the words that say how it was counted and the address of its rows."""

    label: str
    value: int | float | None
    unit: str
    how: str
    url: str
    warns: bool = False


@dataclass(frozen=True, slots=True)
class Indication:
    """How near a mine is to one of the counts upon which the law lets a closure be requested."""

    label: str
    count: int
    limit: int
    reached: bool
    words: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class MineCounters:
    """Everything that is counted about one mine, since a day."""

    mine: Unit
    since: dt.date
    figures: list[Figure]
    grade_warning: str
    indications: list[Indication]
    repeats: list[Repeat]
    repeat_months: int


def counters_of(mine: Unit, today: dt.date | None = None) -> MineCounters:
    """The counters of one mine (three queries, however many hazards it has)."""
    today = today or timezone.localdate()
    numbers = rules_for(mine.region.county.code)
    since = months_before(today, numbers["counted_months"])
    windows = {
        "short": today - dt.timedelta(days=numbers["closure_days"]),
        "year": months_before(today, 12),
        "producing": months_before(today, numbers["producing_months"]),
    }
    within = Q(found_on__gte=since)
    major, own, inspected = Q(level=Level.MAJOR), Q(source=Source.SELF_CHECK), Q(source=Source.INSPECTION)
    counted = (
        Hazard.objects.on_record()
        .filter(mine=mine, found_on__gte=min(since, *windows.values()), found_on__lte=today)
        .aggregate(
            own=Count("pk", within & own),
            inspected=Count("pk", within & inspected),
            own_major=Count("pk", within & own & major),
            inspected_major=Count("pk", within & inspected & major),
            closed=Count("pk", within & Q(state=Hazard.State.CLOSED)),
            checked=Count("pk", within & (Q(state=Hazard.State.CLOSED) | Q(returned_count__gt=0))),
            returned=Count("pk", within & Q(returned_count__gt=0)),
            gone=Avg(
                ExpressionWrapper(F("rectified_on") - F("found_on"), DurationField()),
                filter=within & Q(state=Hazard.State.CLOSED, rectified_on__isnull=False),
            ),
            short=Count("pk", Q(found_on__gte=windows["short"]) & major),
            year=Count("pk", Q(found_on__gte=windows["year"]) & major),
            producing=Count("pk", Q(found_on__gte=windows["producing"]) & major & inspected),
        )
    )
    return MineCounters(
        mine=mine,
        since=since,
        figures=_figures(counted, mine, since),
        grade_warning=_grade_warning(counted),
        indications=_indications(counted, mine, windows, numbers),
        repeats=repeats_at(mine, today, numbers),
        repeat_months=numbers["repeat_months"],
    )


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier; the last of the month where that month is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    first_of_next = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (first_of_next - dt.timedelta(days=1)).day))


def rows_url(mine: Unit, since: dt.date, **filters: str) -> str:
    """The address of the register with the rows behind a number."""
    given = {"mine": mine.pk, "found_after": since.isoformat(), "state": "on_record"} | filters
    return f"{reverse('hazards:hazards')}?{urlencode(given)}"


def _figures(counted: dict[str, Any], mine: Unit, since: dt.date) -> list[Figure]:
    share = round(100 * counted["returned"] / counted["checked"], 1) if counted["checked"] else None
    days = None if counted["gone"] is None else round(counted["gone"].total_seconds() / 86400, 1)
    own, inspected = {"source": "self_check"}, {"source": "inspection"}
    major = {"level": "major"}
    more = counted["inspected_major"] > counted["own_major"]
    return [
        Figure("自查发现", counted["own"], "条", "来源为企业自查", rows_url(mine, since, **own)),
        Figure("检查发现", counted["inspected"], "条", "来源为监管检查", rows_url(mine, since, **inspected)),
        Figure("自查重大", counted["own_major"], "条", "企业自查的重大隐患", rows_url(mine, since, **own, **major)),
        Figure(
            "检查重大", counted["inspected_major"], "条", "监管检查的重大隐患",
            rows_url(mine, since, **inspected, **major), warns=more,
        ),
        Figure(
            "平均整改天数", days, "天", f"已销号{counted['closed']}条：整改完成日期－发现日期，取平均",
            rows_url(mine, since, state="closed"),
        ),
        Figure(
            "复查退回率", share, "%", f"被退回过{counted['returned']}条÷已复查{counted['checked']}条",
            rows_url(mine, since, returned="true"),
        ),
    ]  # fmt: skip


def _grade_warning(counted: dict[str, Any]) -> str:
    if counted["inspected_major"] <= counted["own_major"]:
        return ""
    return (
        f"监管检查发现重大隐患{counted['inspected_major']}条，多于企业自查上报的{counted['own_major']}条。"
        "检查发现多于自查上报的，安全生产标准化等级可能降低一级，请按当地规定核实。"
    )


def _indications(
    counted: dict[str, Any], mine: Unit, windows: dict[str, dt.date], numbers: dict[str, int]
) -> list[Indication]:
    def one(name: str, label: str, words: str, key: str, **filters: str) -> Indication:
        count, limit = counted[name], numbers[key]
        url = rows_url(mine, windows[name], level="major", **filters)
        return Indication(label, count, limit, count >= limit, words, RULES[key].source, url)

    found = "发现的重大隐患条数，供参考；法律按行政处罚次数计算，以处罚决定为准。"
    producing = "监管检查发现的重大隐患条数，供参考；是否属于带着重大隐患生产，由执法人员认定。"
    return [
        one("short", f"近{numbers['closure_days']}天", found, "closure_in_days"),
        one("year", "近一年", found, "closure_in_year"),
        one(
            "producing", f"近{numbers['producing_months']}个月（检查发现）", producing, "producing_in_months",
            source="inspection",
        ),
    ]  # fmt: skip


def repeats_at(mine: Unit, today: dt.date, numbers: dict[str, int]) -> list[Repeat]:
    """Each hazard of the last months that repeats an earlier one at the mine, beside the latest such one, newest first.

    A repeat falls under the same clause, or says nearly the same, and was found on a later day within `repeat_months`
    (one query).
    """
    months = numbers["repeat_months"]
    rows = list(
        Hazard.objects.on_record()
        .filter(mine=mine, found_on__gte=months_before(today, 2 * months), found_on__lte=today)
        .select_related("clause")
        .order_by("-found_on", "-pk")[:MOST_COMPARED]
    )
    words = [_words_of(row) for row in rows]
    since = months_before(today, months)
    found = []
    for place, row in enumerate(rows):
        if row.found_on < since:
            break
        reach = months_before(row.found_on, months)
        earlier = [at for at in range(place + 1, len(rows)) if reach <= rows[at].found_on < row.found_on]
        repeat = _latest_like(row, words[place], rows, words, earlier, numbers["repeat_similarity"])
        if repeat is not None:
            found.append(repeat)
    return found


def repeats_of(hazard: Hazard) -> list[Repeat]:
    """The earlier hazards at the same mine that this one repeats, newest first (two queries)."""
    numbers = hazard.rules
    reach = months_before(hazard.found_on, numbers["repeat_months"])
    rows = list(
        Hazard.objects.on_record()
        .filter(mine=hazard.mine_id, found_on__gte=reach, found_on__lt=hazard.found_on)
        .select_related("clause")
        .order_by("-found_on", "-pk")[:MOST_COMPARED]
    )
    mine = _words_of(hazard)
    found = []
    for row in rows:
        how = _agreement(hazard, row, fuzz.ratio(mine, _words_of(row)), numbers["repeat_similarity"])
        if how:
            found.append(Repeat(hazard, row, how))
    return found[:MOST_EARLIER]


def _words_of(hazard: Hazard) -> str:
    return _NOT_WORDS.sub("", hazard.description).lower()[:200]


def _agreement(later: Hazard, earlier: Hazard, similarity: float, least: int) -> str:
    if later.clause_id is not None and later.clause_id == earlier.clause_id:
        return f"同一条款 {later.clause}"
    return f"内容相似 {similarity:.0f}%" if similarity >= least else ""


def _latest_like(
    row: Hazard, said: str, rows: Sequence[Hazard], words: Sequence[str], earlier: Sequence[int], least: int
) -> Repeat | None:
    """The latest earlier hazard under the same clause, else the one that says most nearly the same."""
    if row.clause_id is not None:
        for at in earlier:
            if rows[at].clause_id == row.clause_id:
                return Repeat(row, rows[at], _agreement(row, rows[at], 0, least))
    if not earlier or not said:
        return None
    best = process.extractOne(said, {at: words[at] for at in earlier}, scorer=fuzz.ratio, score_cutoff=least)
    return None if best is None else Repeat(row, rows[best[2]], _agreement(row, rows[best[2]], best[1], least))
