"""What mines come to by the year: accidents and deaths against output, set beside the region's targets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, IntegerField, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from mines.models import Accident, MonthlyOutput, PhaseOut, RegionTarget
from mines.plan_numbers import PLAN_NUMBERS
from units.models import Region

COAL = Q(mine__mine_type__startswith="coal")
RATE_FORMULA = "煤矿百万吨死亡率＝煤矿死亡人数÷煤矿产量（百万吨）"


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One year of some mines. Output in ten thousand tonnes; deaths and output of coal mines apart, for their rate."""

    year: int
    accidents: int = 0
    deaths: int = 0
    injured: int = 0
    output: Decimal = Decimal(0)
    coal_deaths: int = 0
    coal_output: Decimal = Decimal(0)

    @property
    def death_rate(self) -> Decimal | None:
        """Deaths of coal mines per million tonnes of coal; None without output."""
        if not self.coal_output:
            return None
        return (self.coal_deaths * 100 / self.coal_output).quantize(Decimal("0.001"))


def years_of(mines: Any, years: Iterable[int]) -> list[YearFigures]:
    """The figures of each year, the latest first, of the mines of a queryset or of one mine (one query)."""
    years = sorted(years, reverse=True)
    which = {"mine": mines} if not isinstance(mines, QuerySet) else {"mine__in": mines.values("pk")}
    none, nothing = Value(0, IntegerField()), Value(0, DecimalField())
    tonnes = DecimalField(max_digits=18, decimal_places=3)
    accidents = (
        Accident.objects.filter(**which, happened_on__year__gte=years[-1])
        .order_by()
        .annotate(year=ExtractYear("happened_on"))
        .values("year")
        .annotate(
            count=Count("pk"), dead=Sum("deaths"), hurt=Sum("injured"),
            coal_dead=Coalesce(Sum("deaths", filter=COAL), 0), tonnes=nothing, coal_tonnes=nothing,
        )
        .values_list("year", "count", "dead", "hurt", "coal_dead", "tonnes", "coal_tonnes")
    )  # fmt: skip
    outputs = (
        MonthlyOutput.objects.filter(**which, month__year__gte=years[-1])
        .order_by()
        .annotate(year=ExtractYear("month"))
        .values("year")
        .annotate(
            count=none, dead=none, hurt=none, coal_dead=none, made=Sum("tonnes"),
            coal_made=Coalesce(Sum("tonnes", filter=COAL), Value(0), output_field=tonnes),
        )
        .values_list("year", "count", "dead", "hurt", "coal_dead", "made", "coal_made")
    )  # fmt: skip
    found = {year: [Decimal(0)] * 6 for year in years}
    for year, *numbers in accidents.union(outputs, all=True):
        if year in found:
            found[year] = [one + Decimal(str(other)) for one, other in zip(found[year], numbers, strict=True)]
    return [
        YearFigures(year, int(count), int(dead), int(hurt), made, int(coal_dead), coal_made)
        for year, (count, dead, hurt, coal_dead, made, coal_made) in found.items()
    ]


def targets_of(region: Region | str, years: Iterable[int]) -> dict[tuple[str, int], RegionTarget]:
    """The targets that a county set, by subject and year (one query)."""
    code = region if isinstance(region, str) else region.code
    rows = RegionTarget.objects.filter(region=code[:6], year__in=list(years))
    return {(one.subject, one.year): one for one in rows}


Limited = tuple[YearFigures, RegionTarget | None, RegionTarget | None]


def beside_targets(years: Iterable[YearFigures], region: Region | str) -> list[Limited]:
    """Each year with the county's limits of its death rate and of its deaths (one query)."""
    years = list(years)
    targets = targets_of(region, (one.year for one in years))
    return [(one, targets.get(("death_rate", one.year)), targets.get(("deaths", one.year))) for one in years]


@dataclass(frozen=True, slots=True)
class ClosureYear:
    """How many mines or ponds were to be closed in a year: by the plan of a whole city, by the county's own target,
    by what is entered, and how many are done. `own` is the target, `plan` the number with its source."""

    kind: PhaseOut.Kind
    year: int
    plan: tuple[int, str] | None
    own: RegionTarget | None
    planned: int
    done: int

    @property
    def missing(self) -> int:
        """How many more have to be done to reach the county's target, or what it entered itself."""
        return max(0, int(self.own.value if self.own else self.planned) - self.done)

    @property
    def is_late(self) -> bool:
        """Whether the year is over and something is missing."""
        return self.missing > 0 and self.year < timezone.localdate().year


def closures_of(rows: QuerySet[PhaseOut], region: Region | str) -> list[ClosureYear]:
    """Closures by year and kind, the latest first, of the lines of a queryset (two queries)."""
    counted = {
        (kind, year): (planned, done)
        for kind, year, planned, done in rows.order_by()
        .values_list("kind", "year")
        .annotate(planned=Count("pk"), done=Count("done_on"))
    }
    code = region if isinstance(region, str) else region.code
    kinds = PhaseOut.Kind.values
    own = {(one.subject, one.year): one for one in RegionTarget.objects.filter(region=code[:6], subject__in=kinds)}
    keys = sorted(counted.keys() | own.keys() | PLAN_NUMBERS.keys(), key=lambda key: (-key[1], key[0]))
    return [
        ClosureYear(PhaseOut.Kind(kind), year, PLAN_NUMBERS.get((kind, year)), own.get((kind, year)),
                    *counted.get((kind, year), (0, 0)))
        for kind, year in keys
    ]  # fmt: skip
