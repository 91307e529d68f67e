"""Read a plan document from the shell: a tree in Chinese, or the JSON that the importer uses."""

from __future__ import annotations

import json
import runpy
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tasks.plans.document import UnreadableDocument
from tasks.plans.formats import open_document
from tasks.plans.model import Plan, Task
from tasks.plans.reader import read_plan

ROLES = {"lead": "牵头", "responsible": "责任", "cooperating": "配合"}
PERIODS = {
    "week": "每周",
    "half_month": "每半月",
    "month": "每月",
    "quarter": "每季度",
    "half_year": "每半年",
    "year": "每年",
}


class Command(BaseCommand):
    help = "读取一份方案文件，列出任务、责任单位和完成时限。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="方案文件（txt、md、html、docx、xlsx、pdf）")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--score", type=Path, metavar="GOLD", help="与标注文件比较；同目录上级需有 score.py")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise CommandError(f"打不开文件“{path}”，请检查路径和权限。", returncode=1) from error
        try:
            plan = read_plan(open_document(path.name, data))
        except UnreadableDocument as error:
            raise CommandError(error.message, returncode=1) from error
        if options["score"]:
            self._score(plan, options["score"])
        elif options["json"]:
            self.stdout.write(json.dumps(plan.to_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(tree(plan))

    def _score(self, plan: Plan, gold: Path) -> None:
        scorer = gold.resolve().parent.parent / "score.py"
        if not gold.exists() or not scorer.exists():
            raise CommandError(f"找不到标注文件“{gold}”或它上级目录的 score.py。", returncode=1)
        module = runpy.run_path(str(scorer))
        tallies = module["score"](plan.to_json(), json.loads(gold.read_text(encoding="utf-8")))
        for part, tally in tallies.items():
            self.stdout.write(f"{part:12} 准确率 {tally.precision:.3f}  召回率 {tally.recall:.3f}  F1 {tally.f1:.3f}")
            for note in tally.notes:
                self.stdout.write(f"    {note}")


def tree(plan: Plan) -> str:
    """The plan as an indented list for people."""
    campaign = plan.campaign
    lines = [campaign.title or "（未见标题）"]
    facts = (("文号", campaign.document_number), ("印发单位", campaign.issuer), ("印发日期", campaign.issued_on))
    lines += [f"{label}：{value}" for label, value in facts if value]
    if campaign.start or campaign.end:
        lines.append(f"起止：{campaign.start or '—'} 至 {campaign.end or '—'}")
    for stage in plan.stages:
        lines.append(f"阶段：{stage.name}（{stage.start or '—'} 至 {stage.end or '—'}）")
    for goal in plan.goals:
        lines.append(f"目标：{goal.text}")
    path: list[str] = []
    for task in plan.tasks:
        if task.path != path:
            shared = next(
                (at for at, pair in enumerate(zip(task.path, path, strict=False)) if pair[0] != pair[1]), len(path)
            )
            lines += ["", *("  " * at + task.path[at] for at in range(min(shared, len(task.path)), len(task.path)))]
            path = task.path
        lines += _task_lines(task, "  " * len(path))
    lines += ["", f"共 {len(plan.leaves())} 项任务，{len(plan.warnings)} 条提示。"]
    lines += [f"提示：{warning.message}" for warning in plan.warnings]
    return "\n".join(lines)


def _task_lines(task: Task, indent: str) -> list[str]:
    opening = task.title or (task.text[:40] + ("……" if len(task.text) > 40 else ""))
    lines = [f"{indent}[{task.id}] {opening}"]
    if task.children:
        return lines
    for role, label in ROLES.items():
        names = "、".join(unit.expanded or unit.name for unit in task.units if unit.role == role)
        if names:
            lines.append(f"{indent}    {label}：{names}")
    due = "；".join(
        (deadline.date.isoformat() if deadline.date else deadline.text)
        + (f"（{deadline.scope}）" if deadline.scope else "")
        for deadline in task.deadlines
    )
    if due:
        lines.append(f"{indent}    时限：{due}")
    again = "；".join(f"{PERIODS[found.every]}{found.times}次" for found in task.recurrences)
    if again:
        lines.append(f"{indent}    周期：{again}")
    return lines
