"""What a mine owes by a day for its file: its monthly word, and licences to be renewed in time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from common.due import DueSource
from mines.models import FileConfirmation, Licence, Mine, Suspension

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
SOURCES = (CONFIRMATIONS, LICENCES, *SUSPENSIONS)
