"""A list as a workbook: made while the user waits, or by a job where there are many rows.

The job opens the very address of the list as the one who asked for it, so that filter, order, reach and every guard of
the page are the same; what would have been answered is kept as a file that its owner fetches.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, resolve, reverse

from common.errors import Refused
from common.jobs import Work, job, start_job
from common.models import Job
from common.spreadsheets import XLSX

SHEET_NOW = 20_000
"""Rows of an .xlsx made while the user waits (about three seconds)."""
SHEET_CAP = 300_000
"""Rows of the largest .xlsx that a job makes within its time; .csv has no limit, since it streams."""
KEPT_SECONDS = 24 * 3600
_KIND = "common.export"


def answer_with_book(
    request: HttpRequest, rows: QuerySet[Any], make: Callable[[], IO[bytes]], name: str
) -> HttpResponseBase:
    """The workbook that `make` makes of `rows`; where they are many, the way to the job that makes it.

    Raises Refused beyond SHEET_CAP, with what to do instead.
    """
    if isinstance(request, _Rerun):
        return FileResponse(make(), filename=name, content_type=XLSX)
    count = rows.order_by().values("pk")[: SHEET_CAP + 1].count()
    if count > SHEET_CAP:
        words = f"超过{SHEET_CAP // 10_000}万条，一份表格放不下。请先筛选，或导出 CSV（不限条数）。"
        raise Refused(words, code="too_many_rows")
    if count > SHEET_NOW:
        return HttpResponseRedirect(start_export(request, name, count).get_absolute_url())
    return FileResponse(make(), as_attachment=True, filename=name, content_type=XLSX)


def start_export(request: HttpRequest, name: str, count: int) -> Job:
    """Queue the making of this address's file; asked for again while that is under way, the same job."""
    by: Any = request.user
    args = {"address": request.get_full_path(), "name": name, "count": count}
    for running in Job.objects.visible_to(by).unfinished().filter(kind=_KIND, by=by):
        if running.args["address"] == args["address"]:
            return running
    return start_job(_KIND, by=by, args=args)


@job(_KIND, "导出表格")
def write_export(work: Work) -> dict[str, Any]:
    """Open the list at its address once more and keep the workbook; a second run writes the same file anew."""
    if work.by is None or not work.by.is_active:
        raise Refused("账号已停用，不能导出。")
    work.progress(0, work.args["count"], "正在写表格")
    request = _Rerun(work)
    try:
        match = resolve(request.path)
    except Resolver404 as error:
        raise Refused("这个列表已不存在，请从菜单重新进入。") from error
    answer = match.func(request, *match.args, **match.kwargs)
    path = export_path(work.job)
    path.parent.mkdir(parents=True, exist_ok=True)
    sweep(path.parent)
    unfinished = path.with_suffix(".part")
    with answer.file_to_stream as made, unfinished.open("wb") as target:
        shutil.copyfileobj(made, target)
    unfinished.replace(path)
    return {"url": reverse("common:job_file", args=[work.job.public_id]), "file": work.args["name"]}


def export_path(row: Job) -> Path:
    """Where the file of an export lies until it is swept away."""
    return Path(settings.VAR_DIR) / "exports" / f"{row.public_id}.xlsx"


def sweep(folder: Path) -> None:
    """Remove what nobody fetched in time."""
    for path in folder.iterdir():
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)


class _Rerun(HttpRequest):
    """The request for a list's file as the job makes it, in the name of its owner."""

    def __init__(self, work: Work) -> None:
        super().__init__()
        self.method = "GET"
        self.path, _, query = work.args["address"].partition("?")
        self.GET = QueryDict(query)
        self.user = work.by
