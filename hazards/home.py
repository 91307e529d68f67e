"""What of the register waits for somebody, for the first page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from hazards.models import HandOver, Hazard, HazardExtension, Investigation, Listing, LookBack, Risk, Sign, TipOff
from tasks.home import Panel, some
from units.models import Role, Unit, User

ROW = "hazards/home_row.html"
LISTING_ROW = "hazards/home_listing.html"
SOON = 30
"""Days before the end of a listing from which on it is shown."""
TO_DO = ("graded", "treating", "self_accepted", "returned")
"""States in which the mine has the next step."""


def home_panels(user: User) -> list[Panel]:
    """The heaps of a mine's people, and of the bureau's who grade, confirm and re-inspect."""
    if user.reports and user.unit is not None and user.unit.kind == Unit.Kind.MINE:
        return [*mine_panels(user), *listing_panels(user)]
    if not (user.reviews or user.role == Role.INSPECTOR):
        return []
    return [*bureau_panels(user), *listing_panels(user), *counted_panels(user)]


def listing_panels(user: User) -> list[Panel]:
    """Listings on which the body that listed has to act, and those whose end is near, soonest first (one query)."""
    soon = timezone.localdate() + dt.timedelta(days=SOON)
    waits = Q(state__in=("extension_asked", "acceptance_asked"))
    ends = Q(state__in=Listing.RUNNING, due_on__lte=soon)
    rows = Listing.objects.visible_to(user).select_related("hazard__mine").order_by("due_on", "pk")
    of_mine = user.unit is not None and user.unit.kind == Unit.Kind.MINE
    if of_mine:
        return [
            Panel("listings", "期限临近的挂牌督办", some(rows.filter(ends)), reverse("hazards:listings"), LISTING_ROW)
        ]
    title = "挂牌督办：待答复、待验收和期限临近的"
    return [
        Panel(
            "listings", title, some(rows.filter(waits | ends)), reverse("hazards:listings") + "?state=open", LISTING_ROW
        )
    ]


@dataclass(frozen=True)
class Heap:
    """A heap that is told by its size."""

    label: str
    count: int
    url: str


def counted_panels(user: User) -> list[Panel]:
    """Smaller heaps of the bureau, each with its number and address (one query for all)."""
    signs: Any = Sign.objects.visible_to(user)
    look_backs: Any = LookBack.objects.visible_to(user)
    heaps: dict[str, tuple[str, Any, str]] = {
        "signs": ("整改疑点待判断", signs.filter(verdict="open"), reverse("hazards:signs") + "?verdict=open"),
        "look_backs": ("待回头看", look_backs.filter(on=None), reverse("hazards:look_backs") + "?result=waiting"),
        "hand_overs": (
            "移送其他部门，等待答复",
            HandOver.objects.visible_to(user).filter(outcome="waiting"),
            reverse("hazards:hazards") + "?state=handed_over",
        ),
    }
    if user.reviews:
        waiting = Investigation.objects.visible_to(user).filter(state="submitted").exclude(written_by=user)
        heaps["reports"] = ("重大隐患调查报告待签发", waiting, reverse("hazards:hazards") + "?investigation=submitted")
    counts: Any = {name: Subquery(counted(rows)) for name, (_, rows, _) in heaps.items()}
    found: Any = User.objects.filter(pk=user.pk).values(**counts)[0]
    rows = [Heap(label, found[name], url) for name, (label, _, url) in heaps.items() if found[name]]
    return [Panel("hazards-more", "疑点、回头看、移送和调查", rows, "", "hazards/home_heap.html")]


def counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    """How many rows there are, as a query with one value to stand inside another."""
    return (
        rows.order_by()
        .annotate(how_many=Func(F("pk"), function="COUNT", output_field=IntegerField()))
        .values("how_many")
    )


def mine_panels(user: User) -> list[Panel]:
    """What the mine has to put right, the most pressing first (four queries)."""
    today = timezone.localdate()
    owed = Hazard.objects.visible_to(user).filter(state__in=TO_DO).for_list().order_by("due_on", "pk")
    listed = reverse("hazards:hazards")
    late = Q(due_on__lt=today)
    return [
        Panel("hazards-late", "逾期未整改的隐患", some(owed.filter(late)), f"{listed}?overdue=true", ROW, is_late=True),
        Panel(
            "hazards-returned",
            "复查退回的隐患",
            some(owed.filter(state="returned").exclude(late)),
            f"{listed}?state=returned",
            ROW,
        ),
        Panel(
            "hazards-open",
            "待整改的隐患",
            some(owed.exclude(state="returned").exclude(late)),
            f"{listed}?state=open&order=due",
            ROW,
        ),
        Panel(
            "risks-late",
            "复评到期的风险",
            some(Risk.objects.visible_to(user).overdue(today).for_list().order_by("review_on", "pk")),
            reverse("hazards:risks") + "?overdue=true",
            "hazards/home_risk.html",
        ),
    ]


def bureau_panels(user: User) -> list[Panel]:
    """What waits for the bureau, the longest waiting first (at most five queries)."""
    seen = Hazard.objects.visible_to(user)
    listed = reverse("hazards:hazards")
    unconfirmed = Q(implementations__in_place=True, implementations__has_evidence=True)
    to_confirm = (
        seen.exclude(state__in=("closed", "void"))
        .filter(pk__in=Hazard.objects.filter(unconfirmed, implementations__confirmed_by=None).values("pk"))
        .for_list()
        .order_by("due_on", "pk")
    )
    panels = [
        Panel(
            "hazards-awaiting",
            "待复查的隐患",
            some(seen.filter(state="awaiting").for_list().order_by("rectified_on", "pk")),
            f"{listed}?state=awaiting",
            ROW,
        ),
        Panel("hazards-facets", "待确认的五落实", some(to_confirm), f"{listed}?level=major&state=open", ROW),
    ]
    if user.reviews:
        requests = HazardExtension.objects.visible_to(user).filter(state="requested").for_list()
        tip_offs = TipOff.objects.visible_to(user).unanswered().for_list()
        panels = [
            Panel(
                "tip-offs",
                "待核查、待答复的举报",
                some(tip_offs.order_by("answer_by", "pk")),
                reverse("hazards:tip_offs") + "?state=open",
                "hazards/home_tipoff.html",
            ),
            Panel(
                "hazards-registered",
                "待定级的隐患",
                some(seen.filter(state="registered").for_list().order_by("found_on", "pk")),
                f"{listed}?state=registered",
                ROW,
            ),
            *panels,
            Panel(
                "hazards-extensions",
                "待审批的隐患延期",
                some(requests.order_by("requested_at", "pk")),
                reverse("hazards:extensions") + "?state=requested",
                "hazards/home_extension.html",
            ),
        ]
    return panels
