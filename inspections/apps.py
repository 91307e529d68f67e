from typing import Any

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "检查执法"

    def ready(self) -> None:
        from common.due import register_due_source
        from common.guards import register_guards
        from common.history import register_details
        from common.indicators import register_indicators
        from common.navigation import NavigationEntry, register_navigation
        from common.panels import register_object_panels
        from common.statuses import Status, register_statuses
        from common.verbs import register_verbs
        from hazards.apps import sees_hazards
        from hazards.models import Hazard
        from inspections.access import register_access
        from inspections.document_kinds import RULES as DOCUMENT_RULES
        from inspections.due import SOURCES
        from inspections.guards import GUARDS
        from inspections.home import home_panels
        from inspections.indicators import (
            DOCUMENTS,
            FINDINGS,
            FOUND,
            ISSUED,
            PENALTIES,
            PUNISHED,
            REPORT_FIGURES,
            VISITED,
            VISITS,
        )
        from inspections.panels import hazard_panels, unit_panels
        from inspections.rules import RULES
        from inspections.verbs import DETAILS, VERBS
        from tasks.demo import register_demo
        from tasks.home import register_home_panels
        from tasks.report_figures import register_report_figures
        from units.models import Unit
        from units.rules import register_rules

        register_guards(*GUARDS)
        register_rules("检查执法", {**RULES, **DOCUMENT_RULES})
        register_verbs(VERBS)
        register_details(DETAILS)
        register_access()
        register_indicators(VISITS, VISITED)
        register_indicators(FINDINGS, FOUND)
        register_indicators(DOCUMENTS, ISSUED)
        register_indicators(PENALTIES, *PUNISHED)
        register_report_figures(*REPORT_FIGURES)
        for source in SOURCES:
            register_due_source(source)
        register_home_panels(home_panels)
        register_object_panels(Unit, unit_panels)
        register_object_panels(Hazard, hazard_panels)
        register_demo(load_demo_inspections)
        register_navigation(
            NavigationEntry(
                "检查",
                "inspections:visits",
                "inspect",
                order=40,
                visible=sees_hazards,
                on_bar=lambda user: user.role == "inspector",
            )
        )
        register_statuses(
            {
                "visit.running": Status("检查中", "blue", "half"),
                "visit.finished": Status("已完成", "green", "check"),
                "visit.void": Status("已作废", "grey", "stop"),
                "visit.passed": Status("合格", "green", "check"),
                "visit.failed": Status("不合格", "red", "alert"),
                "visit.na": Status("不涉及", "grey", "circle"),
                "document.drafted": Status("起草中", "grey", "edit"),
                "document.submitted": Status("待审批", "blue", "clock"),
                "document.approved": Status("已签发", "blue", "half"),
                "document.closed": Status("已归档", "green", "check"),
                "document.void": Status("已作废", "grey", "stop"),
                "inspectionplan.drafting": Status("编制中", "grey", "edit"),
                "inspectionplan.in_force": Status("执行中", "green", "check"),
                "clue.drafted": Status("起草中", "grey", "edit"),
                "clue.submitted": Status("待审批", "blue", "clock"),
                "clue.sent": Status("已移送", "blue", "half"),
                "clue.received": Status("已签收", "blue", "half"),
                "clue.answered": Status("已答复", "green", "check"),
                "clue.refused": Status("不予受理", "amber", "returned"),
                "clue.void": Status("已作废", "grey", "stop"),
                "plannedvisit.planned": Status("已安排", "blue", "clock"),
                "plannedvisit.done": Status("已完成", "green", "check"),
                "plannedvisit.dropped": Status("已取消", "grey", "stop"),
                "checklist.drafting": Status("编制中", "grey", "edit"),
                "checklist.in_use": Status("使用中", "green", "check"),
                "checklist.retired": Status("已停用", "grey", "pause"),
            }
        )


def load_demo_inspections(county: Any) -> None:
    from inspections.demo import load_inspections  # only a new demo database needs it

    load_inspections(county)
