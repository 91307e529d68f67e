"""What a mine owes by a day for its file: its monthly word, and licences to be renewed in time."""

from __future__ import annotations

from common.due import DueSource
from mines.models import FileConfirmation, Licence, Mine

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
SOURCES = (CONFIRMATIONS, LICENCES)
