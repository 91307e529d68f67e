"""Questions about many hazards and clauses."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from units.querysets import in_reach

if TYPE_CHECKING:
    from units.models import User

COUNTY_DIGITS = 6
"""How many digits the code of a county has; a hazard's region is always the county that its mine lies in."""
OPEN_STATES = ("registered", "graded", "treating", "self_accepted", "returned")
"""States in which somebody still has to act before the day of the hazard; only these can be overdue."""
WAITING_STATES = ("suspended", "handed_over")
"""States beside the way: the hazard waits for its mine to resume, or for another department's answer."""

TIP_OFF_UNANSWERED = ("received", "verified", "handled")
"""States in which somebody still waits for the bureau's answer; only these can be overdue."""


class StandardQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Published standards are read by everybody who has logged in."""
        return self.all()

    def for_list(self) -> Self:
        return self.annotate(
            clause_count=models.Count("clauses", Q(clauses__is_selectable=True)),
            worded_count=models.Count("clauses", ~Q(clauses__official_text="")),
        )

    def in_force(self, day: dt.date) -> Self:
        return self.filter(Q(in_force_until__isnull=True) | Q(in_force_until__gte=day), in_force_from__lte=day)


class ClauseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.all()

    def for_list(self) -> Self:
        return self.select_related("category")

    def matching(self, words: str) -> Self:
        """Clauses in which every word occurs: in code, label, the label's first letters, category or official text."""
        rows = self
        for word in words.lower().split()[:6]:
            rows = rows.filter(Q(search_key__icontains=word) | Q(official_text__icontains=word))
        return rows

    def offered(self, *, day: dt.date, mine_type: str | None) -> list[Any]:
        """The clauses that a hazard found on `day` in a mine of this type may fall under, in the catalogue's order.

        A mine without a known type is offered all of them. Filtered in Python: a catalogue holds some hundred rows,
        and JSON containment differs between databases.
        """
        standards = {"standard__in_force_from__lte": day, "is_selectable": True}
        rows = self.filter(
            Q(standard__in_force_until__isnull=True) | Q(standard__in_force_until__gte=day), **standards
        ).select_related("standard", "category")
        return [clause for clause in rows if mine_type is None or mine_type in clause.mine_types]


class HazardQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those of the mines in reach. A county is asked for as such: its index holds the order of the list as well."""
        region, path = user.reach.region, user.reach.path
        if path is None and region is not None and len(region) == COUNTY_DIGITS:
            return self.filter(region=region)
        return self.filter(in_reach(user, unit="mine__"))

    def for_list(self) -> Self:
        return self.select_related("mine", "mine__region", "clause")

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `Hazard.is_overdue`."""
        return self.filter(due_on__lt=day or timezone.localdate(), state__in=OPEN_STATES)

    def not_overdue(self, day: dt.date | None = None) -> Self:
        """All others. Said in its own words: a list of those that are not in another is read whole before the first."""
        on_time = Q(due_on__isnull=True) | Q(due_on__gte=day or timezone.localdate()) | ~Q(state__in=OPEN_STATES)
        return self.filter(on_time)

    def due_within(self, days: int) -> Self:
        today = timezone.localdate()
        return self.filter(due_on__range=(today, today + dt.timedelta(days=days)), state__in=OPEN_STATES)

    def on_record(self) -> Self:
        """Everything but mistaken entries."""
        return self.exclude(state="void")


class HazardExtensionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="hazard__mine__"))

    def for_list(self) -> Self:
        return self.select_related("hazard__mine", "requested_by", "decided_by")


class ListingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="hazard__mine__"))

    def for_list(self) -> Self:
        return self.select_related("hazard__mine", "hazard__clause").prefetch_related("extensions")

    def open(self) -> Self:
        return self.filter(state__in=("listed", "extension_asked", "failed", "acceptance_asked"))

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `Listing.is_overdue`."""
        return self.filter(state__in=("listed", "extension_asked", "failed"), due_on__lt=day or timezone.localdate())


class HandOverQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Those of the hazards in reach, and those that were sent to one's own unit."""
        return self.filter(in_reach(user, unit="hazard__mine__") | models.Q(unit__isnull=False, unit=user.unit_id))

    def for_list(self) -> Self:
        return self.select_related("hazard__mine", "hazard__clause", "sent_by__unit", "unit")

    def open(self) -> Self:
        return self.filter(outcome="waiting")


class LookBackQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Like signs: for those who read the region, so that a visit is not announced."""
        return self.filter(in_reach(user, unit="hazard__mine__")) if user.reads_region else self.none()

    def for_list(self) -> Self:
        return self.select_related("hazard__mine", "sign", "ordered_by")

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `LookBack.is_overdue`."""
        return self.filter(on__isnull=True, due_on__lt=day or timezone.localdate())


class InvestigationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """A draft is for those who read the region; what is signed for everybody who sees the hazard."""
        rows = self.filter(in_reach(user, unit="hazard__mine__"))
        return rows if user.reads_region else rows.filter(state="signed")

    def for_page(self) -> Self:
        return self.select_related("written_by__unit", "signed_by__unit").prefetch_related(
            "liabilities", "recommendations__unit", "recommendations__measure"
        )


class RegisterImportQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """The bureau sees what its own people handed in, a mine what the mine's people did."""
        return self.none() if user.unit_id is None or not user.reports else self.filter(unit=user.unit_id)


class MeasureQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="lead_unit__"))

    def for_list(self) -> Self:
        return self.select_related("lead_unit", "campaign")

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `InstitutionalMeasure.is_overdue`."""
        return self.filter(state="drafting", due_on__lt=day or timezone.localdate())


class MonthlyFiguresQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Whoever reads the whole region sees its figures."""
        if user.unit is None or not user.reads_region:
            return self.none()
        return self.filter(region__code__startswith=user.unit.region.prefix)


class SignQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Signs are for those who check a region; a mine is not told what gives it away."""
        return self.filter(in_reach(user, unit="hazard__mine__")) if user.reads_region else self.none()

    def for_list(self) -> Self:
        return self.select_related("hazard__mine", "other_hazard", "evidence", "other_evidence", "judged_by")


class AreaQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="mine__"))

    def for_list(self) -> Self:
        return self.select_related("mine")


class RiskQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="area__mine__"))

    def for_list(self) -> Self:
        return self.select_related("area__mine")

    def in_force(self) -> Self:
        return self.filter(state="in_force")

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `Risk.is_overdue`."""
        return self.in_force().filter(review_on__lt=day or timezone.localdate())


class TipOffQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Tip-offs are for those who read the whole region: no mine, enterprise or township learns of them."""
        if user.unit is None or not user.reads_region:
            return self.none()
        return self.filter(region__code__startswith=user.unit.region.prefix)

    def for_list(self) -> Self:
        return self.select_related("mine", "hazard")

    def unanswered(self) -> Self:
        return self.filter(state__in=TIP_OFF_UNANSWERED)

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `TipOff.is_overdue`."""
        today = day or timezone.localdate()
        late_to_verify = Q(state="received", verify_by__lt=today)
        return self.filter(late_to_verify | Q(state__in=("verified", "handled"), answer_by__lt=today))


class TipOffRewardQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        if user.unit is None or not user.reads_region:
            return self.none()
        return self.filter(tip_off__region__code__startswith=user.unit.region.prefix)


def mines_with_risks(mines: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Mines with their counts: risks in force of each level, reviews past their day (late) and open hazards."""
    from hazards.models import Hazard, Risk

    def count(rows: models.QuerySet[Any], mine: str) -> Any:
        grouped = (
            rows.filter(**{mine: models.OuterRef("pk")}).order_by().values(mine).annotate(count=models.Count("pk"))
        )
        return Coalesce(models.Subquery(grouped.values("count")), 0)

    risks = Risk.objects.in_force()
    by_level = {level: count(risks.filter(level=level), "area__mine") for level in Risk.COLOURS}
    return mines.select_related("parent").annotate(
        **by_level,
        late=count(Risk.objects.overdue(), "area__mine"),
        open_hazards=count(Hazard.objects.exclude(state__in=("closed", "void")), "mine"),
    )
