"""Long work on the register."""

from __future__ import annotations

from typing import Any

from common.jobs import Work, job
from hazards.models import RegisterImport
from hazards.services import imports


@job(imports.CHECK, "检查隐患台账")
def check_import(work: Work) -> dict[str, Any]:
    """Check a register; checking twice gives the same."""
    run: RegisterImport = work.about
    if run.state in (RegisterImport.State.UPLOADED, RegisterImport.State.CHECKED):
        work.progress(message="正在检查")
        imports.check_import(by=work.by, run=run, progress=lambda done: work.progress(done))
    return {"url": run.get_absolute_url()}


@job(imports.CONFIRM, "导入隐患台账")
def confirm_import(work: Work) -> dict[str, Any]:
    """Write a checked register; a second run finds it confirmed and only answers where it is."""
    run: RegisterImport = work.about
    if run.state != RegisterImport.State.CONFIRMED:
        work.progress(message="正在写入")
        imports.confirm_import(by=work.by, run=run, progress=lambda done: work.progress(done))
    return {"url": run.get_absolute_url()}
