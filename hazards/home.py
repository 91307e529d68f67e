"""What of the register waits for somebody, for the first page."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hazards.models import Hazard, HazardExtension, Risk, TipOff
from tasks.home import Panel, some
from units.models import Role, Unit, User

ROW = "hazards/home_row.html"
TO_DO = ("graded", "treating", "self_accepted", "returned")
"""States in which the mine has the next step."""


def home_panels(user: User) -> list[Panel]:
    """The heaps of a mine's people, and of the bureau's who grade, confirm and re-inspect."""
    if user.reports and user.unit is not None and user.unit.kind == Unit.Kind.MINE:
        return mine_panels(user)
    return bureau_panels(user) if user.reviews or user.role == Role.INSPECTOR else []


def mine_panels(user: User) -> list[Panel]:
    """What the mine has to put right, the most pressing first (four queries)."""
    today = timezone.localdate()
    owed = Hazard.objects.visible_to(user).filter(state__in=TO_DO).for_list().order_by("due_on", "pk")
    listed = reverse("hazards:hazards")
    late = Q(due_on__lt=today)
    return [
        Panel("hazards-late", "逾期未整改的隐患", some(owed.filter(late)), f"{listed}?overdue=true", ROW),
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
