"""What is owed for the files of mines and for standstills, as heaps of the first page told by their size."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from mines.models import (
    Accident,
    Contractor,
    FileConfirmation,
    FileProposal,
    HiddenCause,
    KeyPost,
    Licence,
    PhaseOut,
    ResponsibleLeader,
    Suspension,
)
from tasks.home import Panel
from units.models import Unit, User

SOON = dt.timedelta(days=30)
"""How long before its day something is shown."""
WEEK = dt.timedelta(days=7)
"""The same of what comes back every month."""


def mine_file_panels(user: User) -> list[Panel]:
    """The heaps of a mine's people about their own file, and of the bureau about all mines in reach."""
    if user.reports and user.unit is not None and user.unit.kind == Unit.Kind.MINE:
        return _of_mine(user, user.unit)
    return _of_bureau(user) if user.reviews else []


def _of_mine(user: User, mine: Unit) -> list[Panel]:
    today = timezone.localdate()
    soon = today + SOON
    page = reverse("mines:mine", args=[mine.pk])

    def heap(key: str, title: str, rows: Any, section: str) -> Panel:
        return Panel(f"file-{key}", title, rows.filter(mine=mine.pk), f"{page}?open={section}#{section}", "")

    kinds: tuple[Any, ...] = (Licence, KeyPost, Contractor, HiddenCause)
    seen: dict[Any, Any] = {model: model.objects.visible_to(user) for model in kinds}
    confirmations = FileConfirmation.objects.visible_to(user).open().filter(mine=mine.pk, month=today.replace(day=1))
    return [
        Panel("file-word", "本月档案待确认", confirmations, reverse("mines:file_confirm", args=[mine.pk]), ""),
        heap("licences", "证照待延期", seen[Licence].filter(is_current=True, renew_by__lte=today), "licences"),
        heap("posts", "关键岗位待补齐", seen[KeyPost].vacant(), "posts"),
        heap(
            "contractors",
            "外包单位待检查",
            seen[Contractor].filter(until=None, check_by__lte=today + WEEK),
            "contractors",
        ),
        heap("causes", "隐蔽致灾因素待治理", seen[HiddenCause].filter(done_on=None, due_on__lte=soon), "causes"),
    ]


def _of_bureau(user: User) -> list[Panel]:
    today = timezone.localdate()
    soon = today + SOON
    standing: Any = Suspension.objects.visible_to(user)
    listed = reverse("mines:suspensions")

    def lines(slug: str) -> str:
        return reverse("mines:line_list", args=[slug])

    leaders: Any = ResponsibleLeader.objects.visible_to(user).filter(until=None)
    late = Q(prompt_due__lt=today) | Q(visit_due__lt=today)
    return [
        Panel("file-proposals", "档案修改待核定", FileProposal.objects.visible_to(user).waiting(), reverse("mines:mines"), ""),
        Panel("standing-list", "停产名单待上报", standing.open().filter(listed_in__sent_on=None), f"{listed}?heap=standing-list", ""),
        Panel("standing-requests", "复产待验收", standing.filter(state="requested", by_department=True), f"{listed}?heap=standing-requests", ""),
        Panel("standing-signatures", "复产待签字", standing.filter(state="accepted", by_department=True), f"{listed}?heap=standing-signatures", ""),
        Panel("leaders", "包保领导逾期未履职", leaders.filter(late), lines("leaders") + "?late=true", "", is_late=True),
        Panel("accidents", "事故结案后待评估", Accident.objects.visible_to(user).to_follow_up().filter(follow_up_by__lte=soon), lines("accidents") + "?heap=accidents", ""),
        Panel("phase-outs", "退出和闭库待完成", PhaseOut.objects.visible_to(user).filter(done_on=None, due_on__lte=soon), lines("phaseouts") + "?heap=phase-outs", ""),
    ]  # fmt: skip
