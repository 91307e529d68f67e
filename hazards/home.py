"""What of the register waits for somebody, for the first page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hazards.models import (
    HandOver,
    Hazard,
    HazardExtension,
    Implementation,
    Investigation,
    Listing,
    LookBack,
    Risk,
    Sign,
    TipOff,
)
from tasks.home import Panel
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
        return receiver_panels(user)
    return [*bureau_panels(user), *listing_panels(user), *counted_panels(user)]


def listing_panels(user: User) -> list[Panel]:
    """Listings on which the body that listed has to act, and those whose end is near, soonest first."""
    soon = timezone.localdate() + dt.timedelta(days=SOON)
    waits = Q(state__in=("extension_asked", "acceptance_asked"))
    ends = Q(state__in=Listing.RUNNING, due_on__lte=soon)
    rows = Listing.objects.visible_to(user).select_related("hazard__mine").order_by("due_on", "pk")
    of_mine = user.unit is not None and user.unit.kind == Unit.Kind.MINE
    address = reverse("hazards:listings") + "?heap=listings"
    if of_mine:
        return [Panel("listings", "期限临近的挂牌督办", rows.filter(ends), address, LISTING_ROW)]
    return [Panel("listings", "挂牌督办：待答复、待验收和期限临近的", rows.filter(waits | ends), address, LISTING_ROW)]


def counted_panels(user: User) -> list[Panel]:
    """Smaller heaps of the bureau, told by their number and address."""
    signs: Any = Sign.objects.visible_to(user)
    look_backs: Any = LookBack.objects.visible_to(user)
    hand_overs: Any = HandOver.objects.visible_to(user)
    hazards = reverse("hazards:hazards")
    panels = [
        Panel("signs", "整改疑点待判断", signs.filter(verdict="open"), reverse("hazards:signs") + "?verdict=open", ""),
        Panel(
            "look-backs", "待回头看", look_backs.filter(on=None), reverse("hazards:look_backs") + "?result=waiting", ""
        ),
        Panel(
            "hand-overs",
            "移送其他部门，等待答复",
            hand_overs.filter(outcome="waiting"),
            reverse("hazards:hand_overs") + "?outcome=waiting",
            "",
        ),
    ]
    if user.reviews:
        reports = Investigation.objects.filter(state="submitted").exclude(written_by=user)
        investigated = Hazard.objects.visible_to(user).filter(pk__in=reports.values("hazard"))
        panels.append(
            Panel("investigations", "重大隐患调查报告待签发", investigated, f"{hazards}?heap=investigations", "")
        )
    return panels


def receiver_panels(user: User) -> list[Panel]:
    """What the bureau has sent to the user's department, the oldest first."""
    if not user.reports or user.unit is None or user.unit.kind != Unit.Kind.DEPARTMENT:
        return []
    rows = HandOver.objects.open().filter(unit=user.unit).for_list().order_by("sent_on", "pk")
    address = reverse("hazards:hand_overs") + "?heap=hand-overs"
    return [Panel("hand-overs", "移送本部门办理的隐患", rows, address, "hazards/home_handover.html")]


def mine_panels(user: User) -> list[Panel]:
    """What the mine has to put right, the most pressing first."""
    today = timezone.localdate()
    owed = Hazard.objects.visible_to(user).filter(state__in=TO_DO).for_list().order_by("due_on", "pk")
    listed = reverse("hazards:hazards")
    late = Q(due_on__lt=today)
    return [
        Panel("hazards-late", "逾期未整改的隐患", owed.filter(late), f"{listed}?overdue=true", ROW, is_late=True),
        Panel(
            "hazards-returned",
            "复查退回的隐患",
            owed.filter(state="returned").exclude(late),
            f"{listed}?heap=hazards-returned",
            ROW,
        ),
        Panel(
            "hazards-open",
            "待整改的隐患",
            owed.exclude(state="returned").exclude(late),
            f"{listed}?heap=hazards-open&order=due",
            ROW,
        ),
        Panel(
            "risks-late",
            "复评到期的风险",
            Risk.objects.visible_to(user).overdue(today).for_list().order_by("review_on", "pk"),
            reverse("hazards:risks") + "?overdue=true",
            "hazards/home_risk.html",
        ),
    ]


def bureau_panels(user: User) -> list[Panel]:
    """What waits for the bureau, the longest waiting first."""
    seen = Hazard.objects.visible_to(user)
    listed = reverse("hazards:hazards")
    unconfirmed = Implementation.objects.filter(in_place=True, has_evidence=True, confirmed_by=None)
    to_confirm = (
        seen.exclude(state__in=("closed", "void"))
        .filter(pk__in=unconfirmed.values("hazard"))
        .for_list()
        .order_by("pk")  # the index of those that wait is in this order; a province has hundreds among a million
    )
    panels = [
        Panel(
            "hazards-awaiting",
            "待复查的隐患",
            seen.filter(state="awaiting").for_list().order_by("rectified_on", "pk"),
            f"{listed}?state=awaiting",
            ROW,
        ),
        Panel("hazards-facets", "待确认的五落实", to_confirm, f"{listed}?heap=hazards-facets", ROW),
    ]
    if user.reviews:
        requests = HazardExtension.objects.visible_to(user).filter(state="requested").for_list()
        tip_offs = TipOff.objects.visible_to(user).unanswered().for_list()
        panels = [
            Panel(
                "tip-offs",
                "待核查、待答复的举报",
                tip_offs.order_by("answer_by", "pk"),
                reverse("hazards:tip_offs") + "?state=open",
                "hazards/home_tipoff.html",
            ),
            Panel(
                "hazards-registered",
                "待定级的隐患",
                seen.filter(state="registered").for_list().order_by("found_on", "pk"),
                f"{listed}?state=registered",
                ROW,
            ),
            *panels,
            Panel(
                "hazards-extensions",
                "待审批的隐患延期",
                requests.order_by("requested_at", "pk"),
                reverse("hazards:extensions") + "?state=requested",
                "hazards/home_extension.html",
            ),
        ]
    return panels
