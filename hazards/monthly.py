"""The monthly hazard table: twelve figures for each kind of mine, counted from January to the end of a month.

A hazard counts in the year in which it was found. What happened later than the month's last day is not in its
figures: they are asked of the days on record, so that every month can be counted again at any time.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, Sum
from django.urls import reverse

from hazards.exports.register import KINDS
from hazards.list_filters import UNKNOWN, five_proved_by, listed_by, planned_by
from hazards.models import Facet, Hazard, Implementation, Level, Listing
from units.models import Region


@dataclass(frozen=True)
class Figure:
    """One column: its number in the official form, its words, how it is counted."""

    key: str
    number: int
    label: str
    formula: str


FIGURES = (
    Figure("mines", 1, "排查企业（家）", "发现日期在期内、未作废的隐患所在的矿山数"),
    Figure("general", 2, "排查一般隐患（项）", "期内发现、定为一般的隐患"),
    Figure("general_closed", 3, "一般隐患已整改（项）", "其中月末以前已复查销号的"),
    Figure("general_rate", 4, "一般隐患整改率（%）", "3÷2×100"),
    Figure("major", 5, "排查重大隐患（项）", "期内发现、定为重大的隐患"),
    Figure("major_closed", 6, "重大隐患已整改销号（项）", "其中月末以前已复查销号的"),
    Figure("major_rate", 7, "重大隐患整改率（%）", "6÷5×100"),
    Figure("planned", 8, "列入治理计划（项）", "重大隐患中月末以前制定了治理方案的"),
    Figure("five", 9, "达到“五到位”（项）", "重大隐患中月末以前五项都已落实、有印证并经确认的"),
    Figure("listed", 10, "挂牌督办（项）", "重大隐患中月末以前挂过牌的，已摘牌的也在内，撤销的不算"),
    Figure("listed_province", 11, "其中省级挂牌（项）", "10中由省级挂牌的"),
    Figure("funds", 12, "累计落实治理资金（万元）", "五落实“资金”一项填报的已用资金，落实日期在月末以前"),
)
COUNTED = (
    "mines",
    "general",
    "general_closed",
    "major",
    "major_closed",
    "planned",
    "five",
    "listed",
    "listed_province",
    "funds",
)
RATES = {"general_rate": ("general_closed", "general"), "major_rate": ("major_closed", "major")}
TOTAL = "total"
LABELS = {key: label for key, (label, _) in KINDS.items()} | {UNKNOWN: "未填类型", TOTAL: "合计"}

Numbers = dict[str, Decimal | int]
Table = dict[str, Numbers]
"""Kind of mine → figure → number. Rates are not in it: they follow from the others."""


def month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def count_figures(region: Region, year: int, month: int) -> Table:
    """Count the cumulative figures of a region from January to the end of a month (three queries)."""
    return count_hazards(Q(mine__region__code__startswith=region.prefix), month_end(year, month))


def hazards_of_year(end: dt.date) -> Any:
    """The hazards on record that were found from January to a day: all that figures of that day can count."""
    return Hazard.objects.on_record().filter(found_on__range=(dt.date(end.year, 1, 1), end))


def funds_by(end: dt.date) -> Any:
    """What was spent, as far as it was in place on that day."""
    return Implementation.objects.filter(facet=Facet.FUNDS, since__lte=end, spent__isnull=False)


def condition(key: str, end: dt.date) -> Q:
    """Which hazards of the year a figure counts on a day; for a rate, those of its numerator."""
    gone = Q(state=Hazard.State.CLOSED, closed_on__lte=end)
    general, major = Q(level=Level.GENERAL), Q(level=Level.MAJOR)
    match RATES[key][0] if key in RATES else key:
        case "general":
            return general
        case "general_closed":
            return general & gone
        case "major":
            return major
        case "major_closed":
            return major & gone
        case "planned":
            return major & planned_by(end)
        case "five":
            return major & five_proved_by(end)
        case "listed":
            return major & listed_by(end)
        case "listed_province":
            return major & listed_by(end, Listing.Level.PROVINCE)
        case "funds":
            return Q(pk__in=funds_by(end).values("hazard"))
        case _:
            return Q()


def count_by_mine(key: str, of: Q, end: dt.date) -> dict[str, Decimal]:
    """One figure of each mine, by its place in the tree of units (one query)."""
    hazards = hazards_of_year(end).filter(of)
    path = "hazard__mine__path" if key == "funds" else "mine__path"
    rows = (
        funds_by(end).filter(hazard__in=hazards.values("pk")) if key == "funds" else hazards.filter(condition(key, end))
    )
    number = Sum("spent") if key == "funds" else Count("mine" if key == "mines" else "pk", distinct=key == "mines")
    return {row[path]: Decimal(row["n"]) for row in rows.order_by().values(path).annotate(n=number)}


def count_hazards(of: Q, end: dt.date) -> Table:
    """Count the cumulative figures of the hazards that meet a condition, from January to a day (three queries).

    Rows are the kinds of mine and their total; the row of mines without a kind is there only when it holds something.
    """
    hazards = hazards_of_year(end).filter(of)
    told_apart = ("general", "general_closed", "major", "major_closed", "planned", "listed", "listed_province")
    counted = (
        hazards.order_by()
        .values("mine__mine__mine_type")
        .annotate(mines=Count("mine", distinct=True), **{key: Count("pk", condition(key, end)) for key in told_apart})
    )
    table = {key: empty() for key in (*KINDS, UNKNOWN)}
    _add(table, counted)
    proved = hazards.filter(condition("five", end)).order_by().values("mine__mine__mine_type")
    _add(table, proved.annotate(five=Count("pk")))
    funds = funds_by(end).filter(hazard__in=hazards.values("pk"))
    spent = funds.order_by().values("hazard__mine__mine__mine_type").annotate(funds=Sum("spent"))
    _add(table, spent, path="hazard__mine__mine__mine_type")
    if not any(table[UNKNOWN].values()):
        del table[UNKNOWN]
    return with_total(table)


def empty() -> Numbers:
    return dict.fromkeys(COUNTED, 0)


def with_total(table: Table) -> Table:
    rows = {key: row for key, row in table.items() if key != TOTAL}
    return rows | {TOTAL: {name: sum((row[name] for row in rows.values()), start=0) for name in COUNTED}}


def _add(table: Table, rows: Any, path: str = "mine__mine__mine_type") -> None:
    for row in rows:
        kind = row.pop(path)
        key = next((key for key, (_, kinds) in KINDS.items() if kind in kinds), UNKNOWN)
        for name, value in row.items():
            table[key][name] += value or 0


def stored(table: Table) -> dict[str, dict[str, str | int]]:
    """A table as JSON keeps it: sums of money as text, so that both databases give them back unchanged."""
    return {
        key: {name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        for key, row in table.items()
    }


def restored(figures: Mapping[str, Mapping[str, Any]]) -> Table:
    """A stored table as numbers again; a figure that an older program did not count is 0."""
    return {
        key: {name: Decimal(str(row.get(name, 0))) if name == "funds" else int(row.get(name, 0)) for name in COUNTED}
        for key, row in figures.items()
    }


def difference(table: Table, before: Table | None) -> Table:
    """What a month added to the table of the month before; late corrections of older months show here as well."""
    if before is None:
        return table
    keys = [key for key in LABELS if key in table or key in before]
    none = empty()
    return {key: {name: table.get(key, none)[name] - before.get(key, none)[name] for name in COUNTED} for key in keys}


def same(one: Table, other: Table) -> bool:
    return all(not any(row.values()) for row in difference(one, other).values())


def shown(row: Numbers, figure: Figure) -> str:
    """A figure as the form prints it: rates with one decimal, a dash where there is nothing to rate."""
    if figure.key in RATES:
        part, whole = (row[name] for name in RATES[figure.key])
        return f"{Decimal(part) * 100 / whole:.1f}" if whole else "—"
    value = row[figure.key]
    return f"{Decimal(value).normalize():f}" if figure.key == "funds" else str(value)


def rows_url(figure: Figure, kind: str, region: Region, year: int, month: int) -> str:
    """The list with exactly the rows behind a cumulative figure."""
    return rows_behind(figure.key, month_end(year, month), kind, {"region": region.pk})


def rows_behind(key: str, end: dt.date, kind: str, where: Mapping[str, Any]) -> str:
    """The list with the rows behind a figure from January to a day; `where` names a region, or a mine or enterprise.

    The problem list, wherever it can show just these hazards.
    """
    key = RATES[key][0] if key in RATES else key
    if key in ("mines", "funds"):
        return added_rows(key, end, None, kind, where)
    level = "general" if key.startswith("general") else "major"
    query: dict[str, Any] = {"found_after": dt.date(end.year, 1, 1), "found_before": end, **where, "level": level}
    if kind != TOTAL:
        query["kind"] = kind
    if key in ("general_closed", "major_closed"):
        query |= {"state": "closed", "closed_before": end}
    elif key == "listed_province":
        query["province"] = end
    elif key in ("planned", "five", "listed"):
        query[key] = end
    return f"{reverse('hazards:problems')}?{urlencode(query)}"


def added_rows(key: str, end: dt.date, after: dt.date | None, kind: str, where: Mapping[str, Any]) -> str:
    """The rows that a figure counts on a day and did not count on the day `after`."""
    query: dict[str, Any] = {"figure": RATES[key][0] if key in RATES else key, "on": end, **where}
    if after is not None and after.year == end.year:
        query["after"] = after
    if kind != TOTAL:
        query["kind"] = kind
    return f"{reverse('hazards:monthly_rows')}?{urlencode(query)}"
