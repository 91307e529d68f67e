from typing import Any

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"
    verbose_name = "隐患"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from common.due import register_due_source
        from common.guards import register_guards
        from common.history import register_details
        from common.indicators import register_indicators
        from common.navigation import NavigationEntry, register_navigation
        from common.panels import register_object_panels
        from common.search import register_search
        from common.statuses import Status, register_statuses
        from common.verbs import register_verbs
        from hazards.access import register_access
        from hazards.due import HAZARDS, LISTINGS, RISKS
        from hazards.guards import GUARDS
        from hazards.home import home_panels
        from hazards.indicators import HAZARDS as COUNTED_HAZARDS
        from hazards.indicators import INDICATORS, MEASURES
        from hazards.panels import task_panels, unit_panels
        from hazards.report_figures import HazardFigures
        from hazards.rules import RULES
        from hazards.search import find_clauses, find_hazards
        from hazards.services.register import move_register
        from hazards.services.waiting import follow_mine
        from hazards.verbs import VERBS, details
        from mines.services.suspension import on_resumption
        from tasks.demo import register_demo
        from tasks.home import register_home_panels
        from tasks.models import Task
        from tasks.report_figures import register_report_figures
        from units.models import Unit
        from units.rules import register_rules

        register_guards(*GUARDS)
        register_rules("隐患", RULES)
        register_verbs(VERBS)
        register_indicators(COUNTED_HAZARDS, *INDICATORS)
        register_indicators(MEASURES)
        register_details(details())
        register_access()
        on_resumption(follow_mine)
        post_save.connect(move_register, sender=Unit, dispatch_uid="hazards.move_register")
        register_due_source(HAZARDS)
        register_due_source(LISTINGS)
        register_due_source(RISKS)
        register_home_panels(home_panels)
        register_report_figures(HazardFigures())
        register_object_panels(Task, task_panels)
        register_object_panels(Unit, unit_panels)
        register_demo(load_demo_hazards)
        register_search("隐患", find_hazards)
        register_search("判定条款", find_clauses)
        register_navigation(
            NavigationEntry(
                "隐患",
                "hazards:hazards",
                "hazard",
                order=35,
                visible=sees_hazards,
                also=("/standards/", "/listings/", "/risks/", "/tip-offs/", "/hand-overs/"),
                on_bar=lambda user: True,
            ),
            # The register is not a department's business; what was handed over to it is.
            NavigationEntry("移送", "hazards:hand_overs", "hazard", order=35, visible=receives_hazards),
        )
        register_statuses(
            {
                "hazard.registered": Status("待定级", "grey", "circle"),
                "hazard.graded": Status("已定级", "blue", "half"),
                "hazard.treating": Status("治理中", "blue", "half"),
                "hazard.self_accepted": Status("自验合格", "blue", "half"),
                "hazard.awaiting": Status("待复查", "blue", "clock"),
                "hazard.returned": Status("复查退回", "amber", "returned"),
                "hazard.closed": Status("已销号", "green", "check"),
                "hazard.suspended": Status("停产暂缓", "grey", "pause"),
                "hazard.handed_over": Status("已移送", "grey", "leave"),
                "hazard.void": Status("已作废", "grey", "stop"),
                "hand_over.waiting": Status("待签收", "amber", "clock"),
                "hand_over.received": Status("已签收", "blue", "half"),
                "hand_over.treating": Status("办理中", "blue", "half"),
                "hand_over.treated": Status("答复已整改", "green", "check"),
                "hand_over.taken_back": Status("已收回", "grey", "stop"),
                "look_back.waiting": Status("待回头看", "blue", "clock"),
                "look_back.holds": Status("整改属实", "green", "check"),
                "look_back.fails": Status("不属实或反弹", "red", "alert"),
                "investigation.drafting": Status("调查中", "blue", "half"),
                "investigation.submitted": Status("待签发", "blue", "clock"),
                "investigation.signed": Status("已签发", "green", "check"),
                "listing.listed": Status("挂牌督办中", "blue", "half"),
                "listing.extension_asked": Status("延期待批", "blue", "clock"),
                "listing.acceptance_asked": Status("待验收", "blue", "clock"),
                "listing.failed": Status("验收不合格", "amber", "returned"),
                "listing.lifted": Status("已摘牌", "green", "check"),
                "listing.revoked": Status("已撤销", "grey", "stop"),
                "listing.escalated": Status("已升级", "red", "alert"),
                "level.major": Status("重大隐患", "red", "alert"),
                "level.general": Status("一般隐患", "grey", "circle"),
                "level.none": Status("待定级", "grey", "circle"),
                "measure.drafting": Status("制定中", "blue", "half"),
                "measure.issued": Status("已印发", "green", "check"),
                "measure.dropped": Status("不再制定", "grey", "stop"),
                "sign.open": Status("待判断", "amber", "clock"),
                "sign.fine": Status("没有问题", "green", "check"),
                "sign.suspicious": Status("可疑", "red", "alert"),
                "risk.in_force": Status("管控中", "blue", "half"),
                "risk.lifted": Status("已解除", "grey", "stop"),
                "tipoff.received": Status("待核查", "amber", "clock"),
                "tipoff.verified": Status("已核查", "blue", "half"),
                "tipoff.handled": Status("已处理", "blue", "half"),
                "tipoff.answered": Status("已答复", "blue", "check"),
                "tipoff.accounted": Status("已追责", "blue", "check"),
                "tipoff.closed": Status("已办结", "green", "check"),
                "tipoff.not_accepted": Status("不予受理", "grey", "stop"),
                "tipoff.handed_over": Status("已移送", "grey", "right"),
                "reward.proposed": Status("待审批", "blue", "clock"),
                "reward.approved": Status("已同意", "blue", "check"),
                "reward.refused": Status("未同意", "grey", "stop"),
                "reward.paid": Status("已发放", "green", "check"),
                "standard.in_force": Status("现行", "green", "check"),
                "standard.former": Status("已被替代", "grey", "stop"),
                "standard.coming": Status("尚未施行", "blue", "clock"),
            }
        )


def sees_hazards(user: Any) -> bool:
    """Whether the register is this user's business: of the region's offices, a township, an enterprise or a mine."""
    return bool(user.reads_region or (user.unit and user.unit.kind in ("mine", "enterprise", "township")))


def receives_hazards(user: Any) -> bool:
    """Whether hazards are handed over to this user: to the people of a department outside of the bureau."""
    return bool(not user.reads_region and user.unit and user.unit.kind == "department")


def load_demo_hazards(county: Any) -> None:
    from hazards.demo import load_hazards  # only a new demo database needs it

    load_hazards(county)
