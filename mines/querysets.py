"""Questions about many mines and what stands in their files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models
from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery, Value, Window
from django.db.models.functions import Coalesce, JSONObject, RowNumber, Substr
from django.utils import timezone

from units.querysets import in_reach

if TYPE_CHECKING:
    from units.models import User


FIVE_HEADS = ("manager", "chief", "safety", "production", "electric")
"""Manager, chief engineer and the deputies for safety, production and machines (五职矿长)."""
YEAR = dt.timedelta(days=365)


def month_of(day: dt.date) -> dt.date:
    """The first day of a day's month."""
    return day.replace(day=1)


class FirstRows(NamedTuple):
    """The first rows of a queryset in the order of their model, and how many there are in all."""

    rows: list[Any]
    total: int


def first_rows(wanted: Mapping[str, models.QuerySet[Any]], most: int) -> dict[str, FirstRows]:
    """The first rows of several querysets in one query, however many and of whatever models they are.

    The rows travel as JSON, so that unlike tables fit into one union. Moments and JSON are left out and fetched when
    somebody asks for them.
    """
    found = {key: FirstRows([], 0) for key in wanted}
    parts = [
        rows.order_by()
        .annotate(nth_row=Window(RowNumber(), order_by=rows.model._meta.ordering), all_rows=Window(Count("pk")))
        .filter(nth_row__lte=most)
        .values_list(
            Value(key, models.CharField()), "nth_row", "all_rows",
            JSONObject(**{field.attname: field.attname for field in _told(rows.model)}),
        )
        for key, rows in wanted.items()
    ]  # fmt: skip
    if not parts:
        return found
    for key, _, total, told in sorted(parts[0].union(*parts[1:], all=True), key=lambda one: one[:2]):
        model = wanted[key].model
        values = {
            field.attname: None if (value := told[field.attname]) is None else field.to_python(str(value))
            for field in _told(model)
        }
        found[key] = FirstRows([*found[key].rows, model.from_db(wanted[key].db, values.keys(), values.values())], total)
    return found


def _told(model: type[models.Model]) -> list[Any]:
    left_out = (models.DateTimeField, models.JSONField)
    return [field for field in model._meta.concrete_fields if not isinstance(field, left_out)]


class MineQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="unit__"))

    def for_list(self) -> Self:
        return self.select_related("unit", "unit__region")


class LineQuerySet(models.QuerySet[Any]):
    """The lines of files: seen by whoever sees the mine."""

    def visible_to(self, user: User) -> Self:
        return self.filter(in_reach(user, unit="mine__unit__"))

    def for_list(self) -> Self:
        return self.select_related("mine__unit")


class KeyPostQuerySet(LineQuerySet):
    """What is wrong with key posts; `faults_of_posts` says the same of one mine in words."""

    def current(self) -> Self:
        return self.filter(until__isnull=True)

    def lacking(self) -> Self:
        """People in office who lack something: the same rule as `KeyPost.lacks`."""
        schooled = Q(education__lt=F("education_needed"))
        return self.current().filter(schooled | Q(years__lt=F("years_needed")) | Q(certificate=""))

    def vacant(self) -> Self:
        """The last holder of each of the five posts that nobody holds now."""
        posts = self.model.objects.filter(mine=OuterRef("mine"), post=OuterRef("post"))
        later = posts.filter(Q(until__isnull=True) | Q(until__gt=OuterRef("until")))
        return self.filter(~Exists(later), post__in=FIVE_HEADS, until__isnull=False).exclude(
            mine__state__in=("closing", "closed")
        )

    def often(self, today: dt.date | None = None) -> Self:
        """Mine and post where as many people took up the post within a year as the rule calls frequent."""
        begun = self.filter(since__gt=(today or timezone.localdate()) - YEAR).order_by()
        counted: Any = begun.values("mine", "post").annotate(taken=Count("pk"), limit=Min("changes_flagged"))
        found: Self = counted.filter(taken__gte=F("limit"))
        return found

    def doubled(self) -> Self:
        """People in office whose name also stands in a key post of another mine of the county."""
        other = self.model.objects.current().filter(
            name=OuterRef("name"), mine__unit__region__code__startswith=OuterRef("county")
        )
        rows = self.current().annotate(county=Substr("mine__unit__region_id", 1, 6))
        return rows.filter(Exists(other.exclude(mine=OuterRef("mine"))))


class AccidentQuerySet(LineQuerySet):
    def to_follow_up(self) -> Self:
        """Closed cases whose look back has not been entered."""
        return self.filter(follow_up_by__isnull=False, followed_up_on__isnull=True)


class CreditQuerySet(LineQuerySet):
    def in_force(self, day: dt.date | None = None) -> Self:
        """The same rule as `CreditMark.is_in_force`."""
        day = day or timezone.localdate()
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)

    def bad(self) -> Self:
        return self.exclude(kind="good")


class ProposalQuerySet(LineQuerySet):
    def visible_to(self, user: User) -> Self:
        """Like its page: for the mine that wants the change, and for the bureau that decides."""
        rows = super().visible_to(user)
        return rows if user.reviews else rows.filter(mine=user.unit_id) if user.reports else rows.none()

    def waiting(self) -> Self:
        return self.filter(state="waiting")


class ConfirmationQuerySet(LineQuerySet):
    def open(self) -> Self:
        return self.filter(confirmed_on__isnull=True).exclude(mine__state="closed")

    def overdue(self, day: dt.date | None = None) -> Self:
        """The same rule as `FileConfirmation.is_overdue`."""
        return self.filter(confirmed_on__isnull=True, due_on__lt=day or timezone.localdate())


def mine_units(user: User) -> models.QuerySet[Any]:
    """Every mine in use that the user sees, also one without a file, with its next licence to expire and this month's word.

    `expires`: the first day on which one of its licences ends. `confirmed`: whether the file is confirmed this month.
    `heads`: how many of the five posts are held. `changing`: whether one of its posts changes hands frequently.
    `doubled`: whether somebody in its posts has the name of somebody in another mine's.
    """
    from mines.models import FileConfirmation, KeyPost, Licence
    from units.models import Unit

    ending = Licence.objects.filter(mine=OuterRef("pk"), is_current=True, expires_on__isnull=False).order_by()
    said = FileConfirmation.objects.filter(
        mine=OuterRef("pk"), month=month_of(timezone.localdate()), confirmed_on__isnull=False
    )
    heads = KeyPost.objects.current().filter(mine=OuterRef("pk"), post__in=FIVE_HEADS).order_by()
    rows: models.QuerySet[Any] = Unit.objects.visible_to(user).filter(kind=Unit.Kind.MINE, is_active=True)
    return rows.select_related("region", "parent", "mine", "mine__supervising_unit").annotate(
        expires=Subquery(ending.values("mine").annotate(first=Min("expires_on")).values("first")),
        confirmed=Exists(said),
        heads=Coalesce(Subquery(heads.values("mine").annotate(held=Count("post")).values("held")), 0),
        changing=Exists(KeyPost.objects.filter(mine=OuterRef("pk")).often()),
        doubled=Exists(KeyPost.objects.filter(mine=OuterRef("pk")).doubled()),
    )


class SuspensionQuerySet(LineQuerySet):
    def for_list(self) -> Self:
        return self.select_related("mine__unit__region", "listed_in", "owner")

    def open(self) -> Self:
        return self.filter(state__in=("running", "requested", "accepted", "signed"))

    def on_record(self) -> Self:
        return self.exclude(state="void")


class RegionTargetQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """For whoever reads the whole region."""
        if user.unit is None or not user.reads_region:
            return self.none()
        return self.filter(region__code__startswith=user.unit.region.prefix)


class SuspensionListQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """For whoever reads the whole region."""
        if user.unit is None or not user.reads_region:
            return self.none()
        return self.filter(region__code__startswith=user.unit.region.prefix)
