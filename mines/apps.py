from typing import Any

from django.apps import AppConfig


class MinesConfig(AppConfig):
    name = "mines"
    verbose_name = "矿山"

    def ready(self) -> None:
        from common.due import register_due_source
        from common.evidence import register_evidence_access
        from common.guards import register_guards
        from common.history import register_details, register_verbs
        from common.indicators import register_indicators
        from common.navigation import NavigationEntry, register_navigation
        from common.panels import register_object_panels
        from common.statuses import Status, register_statuses
        from mines.due import SOURCES
        from mines.exports import MINES
        from mines.guards import GUARDS
        from mines.imports import MineChecker, check_imports_mines, write_mines
        from mines.indicators import ACCIDENTS, HAPPENED, INDICATORS, SUSPENSIONS
        from mines.models import Mine, Suspension, SuspensionList
        from mines.panels import unit_panels
        from mines.rules import RULES
        from mines.verbs import verbs
        from units.models import DirectoryImport, Unit
        from units.rules import register_rules
        from units.services.imports import register_table

        register_guards(*GUARDS)
        register_rules("矿山", RULES)
        register_verbs(verbs())
        register_details({"line": ("台账编号", {})})
        register_indicators(SUSPENSIONS, *INDICATORS)
        register_indicators(ACCIDENTS, *HAPPENED)
        register_evidence_access(Mine, may_see(Mine))
        register_evidence_access(Suspension, may_see(Suspension))
        register_evidence_access(SuspensionList, may_see(SuspensionList))
        register_object_panels(Unit, unit_panels)
        for source in SOURCES:
            register_due_source(source)
        register_table(
            DirectoryImport.Noun.MINES,
            sheet=MINES,
            checker=MineChecker,
            check_right=check_imports_mines,
            write=write_mines,
        )
        register_navigation(
            NavigationEntry(
                "矿山", "mines:mines", "mine", order=30, visible=sees_mines, also=("/suspended-mines/", "/mine-credit/")
            )
        )
        register_statuses(
            {
                "mine.producing": Status("正常生产", "green", "check"),
                "mine.building": Status("建设", "blue", "half"),
                "mine.suspended": Status("停产停建", "amber", "pause"),
                "mine.closing": Status("关闭（闭库）中", "grey", "clock"),
                "mine.closed": Status("已关闭", "grey", "stop"),
                "mine.none": Status("待建档", "grey", "circle"),
                "suspension.running": Status("停产停建中", "amber", "pause"),
                "suspension.requested": Status("待验收", "blue", "clock"),
                "suspension.accepted": Status("待签字", "blue", "half"),
                "suspension.signed": Status("已签字", "green", "check"),
                "suspension.resumed": Status("已复产复工", "green", "check"),
                "suspension.void": Status("登记有误", "grey", "stop"),
                "licence.valid": Status("有效", "green", "check"),
                "licence.endless": Status("长期有效", "green", "check"),
                "licence.expiring": Status("即将到期", "amber", "clock"),
                "licence.expired": Status("已过期", "red", "alert"),
                "licence.replaced": Status("已换发", "grey", "stop"),
            }
        )


def sees_mines(user: Any) -> bool:
    """Whether mines are this user's business: of the region's offices, a township, an enterprise or a mine."""
    return bool(user.reads_region or (user.unit and user.unit.kind in ("mine", "enterprise", "township")))


def may_see(model: Any) -> Any:
    """Whether what a paper is about is in the user's sight."""

    def seen(user: Any, key: str) -> bool:
        found: bool = model.objects.visible_to(user).filter(pk=key).exists()
        return found

    return seen
