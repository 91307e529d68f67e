"""What is owed by a day for the file of a mine: by the mine, by the leaders who answer for it, by its bureau."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from common.due import DueSource
from mines.models import (
    Accident,
    Contractor,
    FileConfirmation,
    HiddenCause,
    KeyPost,
    Licence,
    Mine,
    PhaseOut,
    ResponsibleLeader,
    Suspension,
)

CONFIRMATIONS = DueSource(
    kind="mine_file",
    label="矿山档案月度确认",
    open_rows=lambda: FileConfirmation.objects.open(),
    page=Mine,
    url_name="mines:mine",
    page_key="mine_id",
    unit="mine_id",
    region="mine__unit__region_id",
    title=lambda month: f"确认{month:%Y年%m月}矿山档案",
    title_fields=("month",),
)
LICENCES = DueSource(
    kind="licence",
    label="证照延期",
    open_rows=lambda: Licence.objects.filter(is_current=True, renew_by__isnull=False).exclude(mine__state="closed"),
    page=Mine,
    url_name="mines:mine",
    page_key="mine_id",
    due_on="renew_by",
    unit="mine_id",
    region="mine__unit__region_id",
    title=lambda kind, number, expires_on: f"{Licence.Kind(kind).label}{number}{expires_on:%Y-%m-%d}到期，申请延期",
    title_fields=("kind", "number", "expires_on"),
)


def _suspension(kind: str, label: str, due_on: str, open_rows: Callable[[], Any], verb: str) -> DueSource:
    """A step of a standstill that its bureau owes by a day."""
    return DueSource(
        kind=kind,
        label=label,
        open_rows=open_rows,
        page=Suspension,
        url_name="mines:suspension",
        due_on=due_on,
        unit="owner_id",
        region="mine__unit__region_id",
        title=lambda mine: f"{verb}：{mine}",
        title_fields=("mine__unit__name",),
    )


SUSPENSIONS = (
    _suspension(
        "suspension_list", "停产名单上报", "list_by",
        lambda: Suspension.objects.open().filter(listed_in__sent_on__isnull=True), "上报停产停建名单",
    ),
    _suspension(
        "suspension_notice", "停产公告", "announce_by",
        lambda: Suspension.objects.open().filter(announced_on__isnull=True), "公告停产停建",
    ),
    _suspension(
        "resumption_acceptance", "复产验收", "accept_by",
        lambda: Suspension.objects.filter(state="requested", by_department=True), "复产复工验收",
    ),
    _suspension(
        "resumption_notice", "复产公告", "resumption_announce_by",
        lambda: Suspension.objects.filter(state__in=("signed", "resumed"), resumption_announced_on__isnull=True),
        "公告复产复工",
    ),
)  # fmt: skip
POSTS = DueSource(
    kind="key_post",
    label="关键岗位补齐",
    open_rows=lambda: KeyPost.objects.vacant().filter(fill_by__isnull=False),
    page=Mine,
    url_name="mines:mine",
    page_key="mine_id",
    due_on="fill_by",
    unit="mine_id",
    region="mine__unit__region_id",
    title=lambda post, until: f"{KeyPost.Post(post).label}{until:%Y-%m-%d}离任，补齐岗位",
    title_fields=("post", "until"),
)


def _leader(act: str, verb: str) -> DueSource:
    """A prescribed act of the leaders responsible for mines."""
    return DueSource(
        kind=f"leader_{act}",
        label=f"包保{verb}",
        open_rows=lambda: ResponsibleLeader.objects.filter(until__isnull=True, **{f"{act}_due__isnull": False}).exclude(
            mine__state="closed"
        ),
        page=Mine,
        url_name="mines:mine",
        page_key="mine_id",
        due_on=f"{act}_due",
        unit="unit_id",
        region="mine__unit__region_id",
        person="account_id",
        title=lambda name, mine: f"包保领导{name}{verb}{mine}",
        title_fields=("name", "mine__unit__name"),
    )


LEADERS = (_leader("prompt", "提示提醒"), _leader("visit", "现场督导"))
FOLLOW_UPS = DueSource(
    kind="accident",
    label="事故结案后评估",
    open_rows=lambda: Accident.objects.to_follow_up().filter(created_by__unit__isnull=False),
    page=Mine,
    url_name="mines:mine",
    page_key="mine_id",
    due_on="follow_up_by",
    unit="created_by__unit_id",
    region="mine__unit__region_id",
    title=lambda mine, day: f"评估{mine}{day:%Y-%m-%d}事故整改和防范措施落实情况",
    title_fields=("mine__unit__name", "happened_on"),
)
CONTRACTORS = DueSource(
    kind="contractor_check",
    label="外包单位检查考核",
    open_rows=lambda: Contractor.objects.filter(until__isnull=True, check_by__isnull=False).exclude(
        mine__state="closed"
    ),
    page=Mine,
    url_name="mines:mine",
    page_key="mine_id",
    due_on="check_by",
    unit="mine_id",
    region="mine__unit__region_id",
    title=lambda name: f"检查考核外包单位{name}",
    title_fields=("name",),
)
CAUSES = DueSource(
    kind="hidden_cause",
    label="隐蔽致灾因素治理",
    open_rows=lambda: HiddenCause.objects.filter(due_on__isnull=False, done_on__isnull=True).exclude(
        mine__state="closed"
    ),
    page=Mine,
    url_name="mines:mine",
    page_key="mine_id",
    unit="mine_id",
    region="mine__unit__region_id",
    title=lambda area, kind: f"治理{area}{HiddenCause.Kind(kind).label}",
    title_fields=("area", "kind"),
)
PHASE_OUTS = DueSource(
    kind="phase_out",
    label="退出和闭库",
    open_rows=lambda: PhaseOut.objects.filter(done_on__isnull=True, created_by__unit__isnull=False),
    page=Mine,
    url_name="mines:mine",
    page_key="mine_id",
    unit="created_by__unit_id",
    region="mine__unit__region_id",
    title=lambda mine, kind: f"{mine}{PhaseOut.Kind(kind).label}",
    title_fields=("mine__unit__name", "kind"),
)
SOURCES = (
    CONFIRMATIONS, LICENCES, POSTS, *LEADERS, FOLLOW_UPS, CONTRACTORS, CAUSES, PHASE_OUTS, *SUSPENSIONS,
)  # fmt: skip
