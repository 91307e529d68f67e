"""Files of the ledger to print, to fill in off line and to hand in again."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpResponseBase
from django.utils import timezone

from common.errors import Refused
from tasks.exports.excel import write_xlsx
from tasks.exports.task_list import TaskList, task_list_of
from tasks.exports.word import write_docx

if TYPE_CHECKING:
    from tasks.views.campaigns import CampaignPage

PAPERS = (
    ("word", "任务清单 Word（官方表式）"),
    ("form", "任务清单 Excel（官方表式）"),
)
"""The further files of a campaign's page: value of `export` in the address, and label."""

MOST_ROWS = 20_000
"""Assignments in one paper. More make a file that no office program opens with pleasure."""

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def answer(page: CampaignPage, form: str) -> HttpResponseBase:
    """The paper that was asked for, of the tasks that match the page's filter."""
    if page.owed.filter(task__in=page.filtered.order_by().values("pk"))[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise Refused(f"内容超过{MOST_ROWS // 10_000}万项，文件会太大。请先按章节或责任部门筛选后再导出。")
    paper = paper_of(page)
    if form == "word":
        return _file(write_docx, paper, f"{paper.title}.docx", WORD)
    return _file(write_xlsx, paper, f"{paper.title}.xlsx", EXCEL)


def paper_of(page: CampaignPage) -> TaskList:
    filtered_by = "；".join(f"{one.label}：{one.text}" for one in page.active_filters())
    tasks = page.ordered.prefetch_related("deadlines", "recurrences")
    return task_list_of(page.campaign, tasks, today=timezone.localdate(), filtered_by=filtered_by)


def _file(write: Any, content: Any, name: str, media_type: str) -> FileResponse:
    # A file and not memory: a large paper would otherwise stand in the web process twice.
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write(content, target)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=media_type)
