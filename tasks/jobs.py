"""What the ledger does in the background: reading plans, confirming large ones, making the coming due items."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task

from common.errors import Refused
from common.jobs import Work, job
from tasks.models import PlanImport, ProgressImport
from tasks.plans.document import UnreadableDocument
from tasks.plans.reader import read_plan
from tasks.services import due_items, progress_imports, reporting_rules
from tasks.services.imports import CONFIRM, READ, confirm_import, fail_reading, finish_reading, open_source

logger = logging.getLogger(__name__)

BROKEN = "读取时出了错，已记入日志。请重试一次；仍不行请另存为.docx后再上传，或把文字粘贴进来。"


@job(READ, "读取方案文件")
def read_import(work: Work) -> dict[str, Any]:
    """Open the source, read the plan, match what is certain. A run that was killed half-way is simply done again."""
    row: PlanImport = PlanImport.objects.select_related("source", "region").get(pk=work.about.pk)
    try:
        work.progress(0, 3, "正在打开文件")
        document = open_source(row)
        work.progress(1, 3, f"正在读取任务、单位和时限（{document.characters}字）")
        plan = read_plan(document).to_json()
        work.progress(2, 3, f"读到{len(plan['tasks'])}项任务，正在对应责任单位")
        finish_reading(plan_import=row, document=document, plan=plan)
    except UnreadableDocument as error:
        fail_reading(plan_import=row, sentence=error.message)
        raise Refused(error.message) from error
    except Refused:
        raise
    except Exception:
        fail_reading(plan_import=row, sentence=BROKEN)
        raise
    return {"url": row.get_absolute_url()}


@job(CONFIRM, "把方案写进台账")
def write_import(work: Work) -> dict[str, Any]:
    """Confirm an import that makes more assignments than a page may wait for."""
    row: PlanImport = PlanImport.objects.get(pk=work.about.pk)
    work.progress(message="正在建立行动、任务和各单位的责任事项")
    campaign = confirm_import(
        by=work.by, plan_import=row, version=int(work.args["version"]), learn=bool(work.args["learn"])
    )
    return {"url": campaign.get_absolute_url()}


@job(progress_imports.CONFIRM, "导入进展")
def write_progress(work: Work) -> dict[str, Any]:
    """Write a long form of progress; a second run finds it written and only answers where it is."""
    run: ProgressImport = work.about
    if run.state != ProgressImport.State.CONFIRMED:
        work.progress(message="正在写入各事项的进展")
        progress_imports.confirm_progress_import(by=work.by, run=run)
    return {"url": run.get_absolute_url()}


@shared_task
def create_due_items() -> None:
    """Make the coming items of recurring duties; the schedule calls it every night."""
    made = due_items.create_due_items()
    logger.info("due items made: %d", made)


@shared_task
def create_reports() -> None:
    """Make the reports that are open for writing by now; the schedule calls it every night."""
    made = reporting_rules.create_reports()
    logger.info("reports made: %d", made)
