"""What inspections counted: the columns of the enforcement count, by county, group, officer or mine, for any period.

Everything is counted of finished visits by the day on which they began, and of documents in force by the day on which they
were issued. A visit, and what came of it, counts for each of its officers, so officers do not add up to the total.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from hazards.models import Level
from inspections.coverage import span_of
from inspections.document_kinds import DECISIONS
from inspections.models import Document, Measure, PatrolGroup, Penalty, Visit, VisitResult
from units.models import Region, Unit, User
from units.rules import rules_for

TEN_THOUSAND = Decimal(10000)


@dataclass(frozen=True, slots=True)
class Period:
    """A month (2026-11), quarter (2026-Q4), half-year (2026-H2) or year (2026)."""

    key: str
    label: str
    since: dt.date
    until: dt.date


_KEY = re.compile(r"(20\d\d)(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?", re.ASCII)


def period_of(key: str) -> Period:
    """The period of a key. Raises ValueError for anything else."""
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(key)
    year, month, quarter, half = (int(part) if part else 0 for part in found.groups())
    if month:
        return Period(key, f"{year}年{month}月", *span_of("month", dt.date(year, month, 1)))
    if quarter:
        return Period(
            key, f"{year}年第{'一二三四'[quarter - 1]}季度", *span_of("quarter", dt.date(year, quarter * 3, 1))
        )
    if half:
        return Period(key, f"{year}年{'上下'[half - 1]}半年", *span_of("half", dt.date(year, half * 6, 1)))
    return Period(key, f"{year}年", *span_of("year", dt.date(year, 1, 1)))


def periods_until(today: dt.date) -> list[Period]:
    """What can be chosen: twelve months, four quarters, two half-years and two years, the latest first."""
    keys, month = [], today.replace(day=1)
    for index in range(12):
        keys.append(f"{month:%Y-%m}")
        if index % 3 == 0:
            quarter = f"{month.year}-Q{(month.month + 2) // 3}"
            keys.append(quarter)
        if index % 6 == 0:
            keys.append(f"{month.year}-H{1 if month.month < 7 else 2}")
        month = (month - dt.timedelta(days=1)).replace(day=1)
    keys += [str(today.year), str(today.year - 1)]
    order = {"-Q": 1, "-H": 2}
    ranked = sorted(keys, key=lambda key: (order.get(key[4:6], 3 if len(key) == 4 else 0), -int(key[:4])))
    return [period_of(key) for key in dict.fromkeys(ranked)]


@dataclass(frozen=True)
class Source:
    """Rows of one noun: which count in a period, and the path from a row to its visit."""

    rows: Callable[[Period], QuerySet[Any]]
    visit: str
    day: str
    value: Any
    is_sum: bool = False


def _visits(period: Period) -> QuerySet[Any]:
    rows: QuerySet[Any] = Visit.objects.filter(state=Visit.State.FINISHED, begun_on__range=(period.since, period.until))
    return rows


def _in_force(period: Period, path: str = "") -> Q:
    return Q(**{f"{path}state__in": Document.IN_FORCE, f"{path}issued_on__range": (period.since, period.until)})


SOURCES = {
    "visit": Source(_visits, "", "begun_on", "pk"),
    "document": Source(lambda period: Document.objects.filter(_in_force(period)), "visit__", "issued_on", "pk"),
    "finding": Source(
        lambda period: VisitResult.objects.filter(
            hazard__isnull=False,
            visit__state=Visit.State.FINISHED,
            visit__begun_on__range=(period.since, period.until),
        ).exclude(hazard__state="void"),
        "visit__",
        "visit__begun_on",
        "pk",
    ),
    "measure": Source(
        lambda period: Measure.objects.filter(_in_force(period, "document__")),
        "document__visit__", "document__issued_on", "quantity", is_sum=True,
    ),
    "penalty": Source(
        lambda period: Penalty.objects.filter(_in_force(period, "document__"), document__kind__in=DECISIONS),
        "document__visit__", "document__issued_on", "amount", is_sum=True,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One column: a condition on the rows of a source."""

    key: str
    label: str
    unit: str
    source: str
    condition: Q

    @property
    def heading(self) -> str:
        return f"{self.label}（{self.unit}）"


FIGURES = (
    Figure("visits", "检查", "次", "visit", Q()),
    Figure("documents", "执法文书", "份", "document", Q()),
    Figure("general", "一般隐患", "条", "finding", Q(hazard__level=Level.GENERAL)),
    Figure("major", "重大隐患", "条", "finding", Q(hazard__level=Level.MAJOR)),
    *(Figure(kind.value, str(kind.label), Measure.UNITS[kind.value], "measure", Q(kind=kind)) for kind in Measure.Kind),
    Figure("fined_unit", "罚款：单位", "万元", "penalty", Q(subject=Penalty.Subject.UNIT)),
    Figure("fined_head", "罚款：主要负责人", "万元", "penalty", Q(subject=Penalty.Subject.HEAD)),
)
BY_KEY = {one.key: one for one in FIGURES}
FINED = ("fined_unit", "fined_head")
MEASURES = tuple(kind.value for kind in Measure.Kind)
GROUPS = {"region": "县（市、区）", "group": "检查小组", "officer": "执法人员", "mine": "矿山"}
_PATHS = {"region": "region", "group": "group", "officer": "officers__officer", "mine": "mine"}


@dataclass(slots=True)
class Row:
    """One line of the count; `key` is the key of its group ("" for none), `flags` what is to be told of it."""

    key: str
    name: str
    values: dict[str, int | Decimal] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)

    def shown(self) -> list[tuple[Figure, str]]:
        return [(one, shown(one, self.values.get(one.key, 0))) for one in FIGURES]


def shown(figure: Figure, value: int | Decimal) -> str:
    """A value as it is printed: money in ten thousand yuan with as many places as it needs."""
    if figure.source == "penalty":
        return f"{(Decimal(value) / TEN_THOUSAND).normalize():f}"
    return str(value)


def rows_behind(figure: Figure, period: Period, region: Region, by: str = "", key: str = "") -> QuerySet[Any]:
    """The very rows that a number counts or adds up."""
    source = SOURCES[figure.source]
    rows = source.rows(period).filter(figure.condition, **{f"{source.visit}region__code__startswith": region.prefix})
    if by:
        path = f"{source.visit}{_PATHS[by]}"
        rows = rows.filter(**({path: key} if key else {f"{path}__isnull": True}))
    return rows


def count(period: Period, region: Region, by: str) -> tuple[list[Row], Row]:
    """Every line of a count, by name, and its total (two queries for each of the five sources)."""
    found: dict[Any, dict[str, int | Decimal]] = defaultdict(dict)
    total = Row("", "合计")
    for name, source in SOURCES.items():
        columns = {
            one.key: (Sum if source.is_sum else Count)(source.value, filter=one.condition or None)
            for one in FIGURES
            if one.source == name
        }
        rows = source.rows(period).filter(**{f"{source.visit}region__code__startswith": region.prefix}).order_by()
        for line in rows.values(of=F(f"{source.visit}{_PATHS[by]}")).annotate(**columns):
            found[line.pop("of")] |= {key: value or 0 for key, value in line.items()}
        total.values |= {key: value or 0 for key, value in rows.aggregate(**columns).items()}
    names = _names(by, [key for key in found if key is not None])
    made = [Row(str(key or ""), names.get(key, "不以小组名义"), values) for key, values in found.items()]
    limits = rules_for(region)
    for row in made:
        row.flags = flags_of(row, limits) if by != "mine" else []
    return sorted(made, key=lambda row: (not row.key, row.name)), total


def flags_of(row: Row, limits: dict[str, int]) -> list[str]:
    """零处罚: visits enough and not one penalty. 只检查不处罚: hazards enough, and neither penalty nor measure."""
    value = row.values.get
    fined = any(value(key, 0) for key in FINED)
    flags = []
    if value("visits", 0) >= limits["count_zero_visits"] and not fined:
        flags.append("零处罚")
    hazards = value("general", 0) + value("major", 0)
    if hazards >= limits["count_unpunished_hazards"] and not fined and not any(value(key, 0) for key in MEASURES):
        flags.append("只检查不处罚")
    return flags


def _names(by: str, keys: list[Any]) -> dict[Any, str]:
    model: Any = {"region": Region, "group": PatrolGroup, "officer": User, "mine": Unit}[by]
    return dict(model.objects.filter(pk__in=keys).values_list("pk", "name"))
