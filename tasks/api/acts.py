"""Progress, reports and plans filed by other systems, through the services that the pages call."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from common import inputs
from common.api import Act
from common.errors import Conflict, Refused
from common.inputs import Given, VisibleField, choice, words
from tasks.api.plans import PlanGiven, plain
from tasks.models import Assignment, Campaign, DueItem, PlanImport, ProgressReport, ReportEntry
from tasks.reporting import MOST_WORDS, NARRATIVE, Sheet, token
from tasks.services.assignments import move_assignment, report_progress
from tasks.services.due_items import move_due_item
from tasks.services.imports import confirm_import, discard_import
from tasks.services.pushes import push_plan, push_plan_again
from tasks.services.reports import (
    Answers,
    FigureAnswer,
    LineAnswer,
    WordsAnswer,
    correct_report,
    decide_report,
    move_report,
    save_report,
    sign_report,
)
from tasks.transitions import ASSIGNMENT_MOVES, DUE_ITEM_MOVES, REPORT_MOVES
from units.models import Region, User


class ProgressGiven(Given):
    """填报进展；要报一期或一个时限的，给出到期事项。"""

    example = {"percent": 60, "text": "已完成井下三个采区的排查，整改12处，余下4处月底前完成。"}

    percent = serializers.IntegerField(min_value=0, max_value=100, help_text="进度（%）")
    text = serializers.CharField(max_length=MOST_WORDS, help_text="做了什么、做到哪一步")
    due_item = VisibleField(DueItem, required=False, allow_null=True, help_text="到期事项")


class EntryGiven(Given):
    """月报中一项任务的进展。"""

    assignment = serializers.IntegerField(min_value=1, help_text="责任事项")
    state = choice(ReportEntry, "state")
    percent = serializers.IntegerField(min_value=0, max_value=100, help_text="进度（%）")
    text = serializers.CharField(max_length=MOST_WORDS, allow_blank=True, help_text="进展情况")


class FigureGiven(Given):
    """月报中一个数字；与系统数不同的要写理由。"""

    key = serializers.CharField(max_length=60, help_text="代码，见报告的 sheet")
    stated = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=Decimal(0), help_text="填报数")
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, help_text="更改理由")


class ReportChange(Given):
    """填写报告；没有给出的内容不变。entries 和 figures 各行的代码见报告的 sheet；stated 与系统数不同的写明 reason。"""

    example = {
        "progress": "本月排查隐患23条，整改21条。", "problems": "两处整改等待设备到货。", "plans": "下月10日前全部整改。",
        "entries": [{"assignment": 31, "state": "in_progress", "percent": 60, "text": "已完成三个采区的排查。"}],
        "figures": [{"key": "general_found", "stated": "23", "reason": "补报上月漏报的1条"}],
    }  # fmt: skip

    progress = words(ProgressReport, "progress", required=False)
    problems = words(ProgressReport, "problems", required=False)
    plans = words(ProgressReport, "plans", required=False)
    entries = EntryGiven(many=True, required=False)
    figures = FigureGiven(many=True, required=False)


class FilesGiven(Given):
    """附件；给出责任事项的，附在那一项任务下。"""

    assignment = serializers.IntegerField(min_value=1, required=False, allow_null=True, help_text="责任事项")


class SignatureGiven(Given):
    """签发。矿长本人的账号不用写姓名。"""

    signed_for = words(ProgressReport, "signed_for", required=False)


class CorrectionGiven(Given):
    """更正已通过的报告：建立新的一版。"""

    reason = words(ProgressReport, "correction_reason")


class RemarkedMove(inputs.move_of("Report", REPORT_MOVES, ("sign",))):  # type: ignore[misc]
    """办理一步；退回时可以在各行写意见。"""

    remarks = serializers.DictField(
        child=serializers.CharField(max_length=500), required=False, help_text="line-<责任事项> 或 figure-<代码> → 意见"
    )


class PlanPush(Given):
    """推送一份方案：成为待核对的草稿，由有权的人或账号确认后建立行动。"""

    example = {
        "name": "2026年煤矿安全专项整治实施方案",
        "plan": {
            "campaign": {
                "title": "2026年煤矿安全专项整治实施方案", "document_number": "县安办〔2026〕8号", "issuer": "县安委会办公室",
                "issued_on": "2026-03-01", "start": "2026-03-01", "end": "2026-12-31", "level": "county",
            },
            "stages": [{"name": "排查整治", "start": "2026-03-01", "end": "2026-09-30"}],
            "tasks": [
                {
                    "id": "1", "number": "1", "title": "开展隐蔽致灾因素普查", "text": "各煤矿企业2026年6月底前完成普查。",
                    "units": [{"name": "各煤矿企业", "role": "responsible", "collective": True}],
                    "deadlines": [{"kind": "date", "date": "2026-06-30", "text": "2026年6月底前"}],
                    "recurrences": [{"every": "month", "times": 1, "text": "每月报送进展"}],
                }
            ],
        },
    }  # fmt: skip

    name = words(PlanImport, "name")
    plan = PlanGiven()
    region = VisibleField(Region, required=False, allow_null=True, help_text="行政区划代码；不给出就是账号单位的地区")
    revises = VisibleField(Campaign, required=False, allow_null=True, help_text="修订的是哪项行动")


class ConfirmGiven(Given):
    """确认草稿。version 是看到的草稿版本，别人改过就不写入。"""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="草稿的版本")


class DiscardGiven(Given):
    """放弃草稿。"""

    note = inputs.note()


def progress(*, by: User, row: Assignment, given: dict[str, Any]) -> Assignment:
    report_progress(by=by, assignment=row, **given)
    return row


def move_owed(*, by: User, row: Assignment, given: dict[str, Any]) -> Assignment:
    return move_assignment(by=by, assignment=row, **given)


def move_item(*, by: User, row: DueItem, given: dict[str, Any]) -> DueItem:
    return move_due_item(by=by, item=row, **given)


def write_report(*, by: User, row: ProgressReport, given: dict[str, Any]) -> ProgressReport:
    """Write what was given over what stands there; that its sender had seen it was asked by the version."""
    sheet = Sheet(row)
    lines, figures = {line.pk: line for line in sheet.lines}, {one.key: one for one in sheet.figures}
    faults: dict[str, list[str]] = {}
    seen: set[int | str] = set()
    for index, entry in enumerate(given.get("entries", [])):
        line = lines.get(entry["assignment"])
        if line is None:
            faults[f"entries.{index}.assignment"] = ["这份报告里没有这一责任事项，请按报告的 sheet 填写。"]
        elif line.pk in seen:
            faults[f"entries.{index}.assignment"] = ["前面已经填了这一责任事项，请只填一次。"]
        elif entry["state"] == ReportEntry.State.FINISHED and line.assignment.is_ongoing:
            faults[f"entries.{index}.state"] = ["这是长期坚持的任务，不能填“已完成”，请填“推进中”。"]
        seen.add(entry["assignment"])
    for index, figure in enumerate(given.get("figures", [])):
        if figure["key"] not in figures:
            faults[f"figures.{index}.key"] = ["这份报告里没有这个数字，请按报告的 sheet 填写。"]
        elif figure["key"] in seen:
            faults[f"figures.{index}.key"] = ["前面已经填了这个数字，请只填一次。"]
        seen.add(figure["key"])
    if faults:
        raise Refused("请改正标出的内容后再发送。", code="invalid", fields=faults)
    answers = Answers(
        narrative={name: WordsAnswer(given[name], token(getattr(row, name))) for name in NARRATIVE if name in given},
        lines={
            one["assignment"]: LineAnswer(one["state"], one["percent"], one["text"], lines[one["assignment"]].token)
            for one in given.get("entries", [])
        },
        figures={
            one["key"]: FigureAnswer(one["stated"], one.get("reason", ""), figures[one["key"]].token)
            for one in given.get("figures", [])
        },
    )
    save_report(by=by, report=row, answers=answers)
    return row


def attach(*, by: User, row: ProgressReport, given: dict[str, Any]) -> ProgressReport:
    files, key = given.get("files", []), given.get("assignment")
    if not files:
        raise Refused("请以 multipart/form-data 发送文件。", code="invalid", fields={"files": ["请附上文件。"]})
    if key is not None and key not in {line.pk for line in Sheet(row).lines}:
        raise Refused(
            "请改正标出的内容后再发送。", code="invalid", fields={"assignment": ["这份报告里没有这一责任事项。"]}
        )
    if key is None:
        save_report(by=by, report=row, answers=Answers(), attachments=files)
    else:
        save_report(by=by, report=row, answers=Answers(), files={key: files})
    return row


def sign(*, by: User, row: ProgressReport, given: dict[str, Any]) -> ProgressReport:
    return sign_report(by=by, report=row, **given)


def correct(*, by: User, row: ProgressReport, given: dict[str, Any]) -> ProgressReport:
    return correct_report(by=by, report=row, **given)


def decide(*, by: User, row: ProgressReport, given: dict[str, Any]) -> ProgressReport:
    if given["action"] in ("accept", "return"):
        return decide_report(by=by, report=row, **given)
    given.pop("remarks", None)
    return move_report(by=by, report=row, **given)


def plan_of(given: Mapping[str, Any]) -> Any:
    """The plan as plain data; one that prints no title goes by the name under which it was sent."""
    plan = plain(given["plan"])
    plan["campaign"]["title"] = plan["campaign"].get("title") or given["name"]
    return plan


def push(*, by: User, row: None, given: dict[str, Any]) -> PlanImport:
    region = given.get("region") or (by.unit.region if by.unit else None)
    if region is None:
        raise Refused("请给出地区。", code="invalid", fields={"region": ["请给出行政区划代码。"]})
    return push_plan(by=by, region=region, name=given["name"], plan=plan_of(given), revises=given.get("revises"))


def push_again(*, by: User, row: PlanImport, given: dict[str, Any]) -> PlanImport:
    return push_plan_again(by=by, plan_import=row, name=given["name"], plan=plan_of(given))


def confirm(*, by: User, row: PlanImport, given: dict[str, Any]) -> PlanImport:
    if row.state == PlanImport.State.DISCARDED:
        raise Conflict("这份草稿已经放弃，请重新推送。")
    confirm_import(by=by, plan_import=row, version=given["version"])
    return row


def discard(*, by: User, row: PlanImport, given: dict[str, Any]) -> PlanImport:
    return discard_import(by=by, plan_import=row, **given)


ACTS = (
    Act("assignments", "填报进展", ProgressGiven, progress, "progress", files=True),
    Act("assignments", "办理一步", inputs.move_of("Assignment", ASSIGNMENT_MOVES), move_owed, "act"),
    Act("due-items", "办理一步", inputs.move_of("DueItem", DUE_ITEM_MOVES), move_item, "act"),
    Act("reports", "填写报告", ReportChange, write_report),
    Act("reports", "附上文件", FilesGiven, attach, "files", files=True),
    Act("reports", "签发", SignatureGiven, sign, "sign"),
    Act("reports", "更正已通过的报告", CorrectionGiven, correct, "correction"),
    Act("reports", "办理一步", RemarkedMove, decide, "act"),
    Act("plan-imports", "推送方案", PlanPush, push, makes=True, renews=push_again),
    Act("plan-imports", "确认草稿，建立行动", ConfirmGiven, confirm, "confirm"),
    Act("plan-imports", "放弃草稿", DiscardGiven, discard, "discard"),
)
