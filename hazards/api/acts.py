"""Hazards registered, treated and rectified by other systems, through the services that the pages call.

Re-inspection is not among them: it is signed by people who were there.
"""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common import inputs
from common.api import Act
from common.errors import Conflict
from common.inputs import CodeField, Given, VisibleField, choice, day, words
from hazards.models import (
    Clause,
    DoubleReport,
    Facet,
    Hazard,
    Implementation,
    MajorReport,
    MineArea,
    Rectification,
    TreatmentPlan,
)
from hazards.services.extensions import request_hazard_extension
from hazards.services.proofs import (
    PLAN_PARTS,
    REPORT_PARTS,
    confirm_facet,
    prove_facet,
    record_double_report,
    rectify_hazard,
    write_major_report,
    write_treatment_plan,
)
from hazards.services.register import (
    ARRANGED,
    FOUND,
    SIMPLE_MOVES,
    change_hazard,
    grade_hazard,
    move_hazard,
    register_hazard,
)
from hazards.transitions import HAZARD_MOVES
from tasks.models import Task
from units.models import Unit, User

WITH_OWN_FORM = tuple({action for _, action in HAZARD_MOVES} - set(SIMPLE_MOVES))


class HazardGiven(Given):
    """登记一条隐患。矿山登记自查的，应急管理局登记检查、举报、交办和监测发现的。"""

    example = {
        "mine": 12, "place": "3号皮带巷机头", "description": "皮带机头防护罩缺失，转动部位外露。", "source": "self_check",
        "found_on": "2026-11-20", "due_on": "2026-11-30", "measures": "停机加装防护罩", "responsible_person": "王建军",
    }  # fmt: skip

    mine = VisibleField(Unit, help_text="矿山（单位编号）")
    place = words(Hazard, "place")
    description = words(Hazard, "description", most=4000)
    source = choice(Hazard, "source")
    found_on = day("发现日期")
    found_by = words(Hazard, "found_by", required=False)
    clause = VisibleField(Clause, required=False, allow_null=True, help_text="判定条款，见 standards")
    due_on = day("建议整改期限", required=False)
    task = VisibleField(Task, required=False, allow_null=True, help_text="所属行动任务")
    area = VisibleField(MineArea, required=False, allow_null=True, help_text="区域；不给出就按地点归入")
    measures = words(Hazard, "measures", required=False, most=4000)
    responsible_unit = words(Hazard, "responsible_unit", required=False)
    responsible_person = words(Hazard, "responsible_person", required=False)
    remark = words(Hazard, "remark", required=False)


class HazardChange(Given):
    """更正隐患的内容；地点和隐患内容只在定级以前可以更正。"""

    example = {"measures": "停机加装防护罩，装好前派专人看守", "responsible_person": "王建军"}

    place = words(Hazard, "place", required=False)
    description = words(Hazard, "description", required=False, most=4000)
    measures = words(Hazard, "measures", required=False, most=4000)
    responsible_unit = words(Hazard, "responsible_unit", required=False)
    responsible_person = words(Hazard, "responsible_person", required=False)
    remark = words(Hazard, "remark", required=False)
    task = VisibleField(Task, required=False, allow_null=True, help_text="所属行动任务")


class GradeGiven(Given):
    """定级。重大隐患由应急管理局定；矿山可以把自查的、没有选条款的定为一般隐患。"""

    level = choice(Hazard, "level")
    due_on = day("整改期限")
    clause = VisibleField(Clause, required=False, allow_null=True, help_text="判定条款")
    reason = words(Hazard, "level_reason", required=False)
    note = inputs.note()


class MajorReportGiven(Given):
    """重大隐患报告的三部分。"""

    present_state = words(MajorReport, "present_state")
    harm = words(MajorReport, "harm")
    treatment = words(MajorReport, "treatment")


class TreatmentPlanGiven(Given):
    """治理方案的六部分。"""

    goals = words(TreatmentPlan, "goals")
    methods = words(TreatmentPlan, "methods")
    resources = words(TreatmentPlan, "resources")
    people = words(TreatmentPlan, "people")
    schedule = words(TreatmentPlan, "schedule")
    safety = words(TreatmentPlan, "safety")


class DoubleReportGiven(Given):
    """双报告的日期和回执；每次都给出全部四项。"""

    regulator_on = day("向监管部门报告日期", required=False)
    regulator_receipt = words(DoubleReport, "regulator_receipt", required=False)
    congress_on = day("向职工代表大会报告日期", required=False)
    congress_receipt = words(DoubleReport, "congress_receipt", required=False)


class ImplementationGiven(Given):
    """五落实中的一项；改动后原来的确认失效，须由应急管理局重新确认。已落实的要写明日期和怎样落实的。"""

    example = {
        "facet": "responsibility", "in_place": True, "since": "2026-11-20",
        "statement": "矿长任组长，机电矿长负责加装，安全科每班检查。",
    }  # fmt: skip

    facet = choice(Implementation, "facet")
    in_place = serializers.BooleanField(help_text="已落实")
    since = day("落实日期", required=False)
    statement = words(Implementation, "statement", required=False)
    person = words(Implementation, "person", required=False)
    duty = words(Implementation, "duty", required=False)
    phone = words(Implementation, "phone", required=False)
    planned = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True, help_text="计划资金（万元）"
    )
    spent = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, required=False, allow_null=True, help_text="已用资金（万元）"
    )
    until = day("完成期限", required=False)


class ConfirmationGiven(Given):
    """确认五落实中的一项，由应急管理局填报人以外的账号办理。"""

    facet = CodeField(choices=Facet.values, help_text="方面")


class RectificationGiven(Given):
    """填报整改；第一次填报须附整改后的照片或资料，以 multipart/form-data 发送。"""

    example = {"statement": "已加装防护罩并试运转。", "done_on": "2026-11-25"}

    statement = words(Rectification, "statement")
    done_on = day("完成日期")


class ExtensionGiven(Given):
    """申请延期。"""

    example = {"new_due_on": "2026-12-20", "reason": "防护罩为定制件，厂家12月10日交货。"}

    new_due_on = day("延期后的日期")
    reason = serializers.CharField(max_length=1000, help_text="延期的理由")


def make(*, by: User, row: None, given: dict[str, Any]) -> Hazard:
    return register_hazard(by=by, **given)


def change(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    return change_hazard(by=by, hazard=row, **given)


def renew(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    """The same hazard pushed again: what it says anew is taken over, what was decided here since stays.

    Clause and day are decided by the grading, files come in with what they prove. Raises Conflict for another mine,
    source or day of finding: that is another hazard.
    """
    if (row.mine_id, row.source, row.found_on) != (given["mine"].pk, given["source"], given["found_on"]):
        raise Conflict("这个编号已经用于另一条隐患（矿山、来源或发现日期不同），请换一个编号。", code="other_record")
    fresh = {
        name: value for name, value in given.items() if name in (*FOUND, *ARRANGED) and getattr(row, name) != value
    }
    return change_hazard(by=by, hazard=row, **fresh) if fresh else row


def grade(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    return grade_hazard(by=by, hazard=row, **given)


def move(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    return move_hazard(by=by, hazard=row, **given)


def report_major(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    write_major_report(by=by, hazard=row, parts={name: given[name] for name in REPORT_PARTS})
    return row


def plan_treatment(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    write_treatment_plan(by=by, hazard=row, parts={name: given[name] for name in PLAN_PARTS})
    return row


def report_twice(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    record_double_report(
        by=by,
        hazard=row,
        regulator_on=given.get("regulator_on"),
        regulator_receipt=given.get("regulator_receipt", ""),
        congress_on=given.get("congress_on"),
        congress_receipt=given.get("congress_receipt", ""),
        files=given.get("files", ()),
    )
    return row


def prove(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    facet, files = given.pop("facet"), given.pop("files", ())
    prove_facet(by=by, hazard=row, facet=facet, fields=given, files=files)
    return row


def confirm(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    if not row.implementations.filter(facet=given["facet"]).exists():
        raise Conflict("这条隐患没有开立“五落实”。")
    confirm_facet(by=by, hazard=row, facet=given["facet"])
    return row


def rectify(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    rectify_hazard(by=by, hazard=row, **given)
    return row


def extend(*, by: User, row: Hazard, given: dict[str, Any]) -> Hazard:
    request_hazard_extension(by=by, hazard=row, **given)
    return row


ACTS = (
    Act("hazards", "登记隐患", HazardGiven, make, makes=True, files=True, renews=renew),
    Act("hazards", "更正隐患内容", HazardChange, change),
    Act("hazards", "定级", GradeGiven, grade, "grade"),
    Act("hazards", "填写重大隐患报告", MajorReportGiven, report_major, "major-report"),
    Act("hazards", "填写治理方案", TreatmentPlanGiven, plan_treatment, "treatment-plan"),
    Act("hazards", "登记双报告", DoubleReportGiven, report_twice, "double-report", files=True),
    Act("hazards", "填报五落实", ImplementationGiven, prove, "implementations", files=True),
    Act("hazards", "确认五落实", ConfirmationGiven, confirm, "confirmations"),
    Act("hazards", "填报整改", RectificationGiven, rectify, "rectifications", files=True),
    Act("hazards", "申请延期", ExtensionGiven, extend, "extensions"),
    Act("hazards", "办理一步", inputs.move_of("Hazard", HAZARD_MOVES, WITH_OWN_FORM), move, "act"),
)
