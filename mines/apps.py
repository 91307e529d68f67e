from typing import Any

from django.apps import AppConfig


class MinesConfig(AppConfig):
    name = "mines"
    verbose_name = "矿山"

    def ready(self) -> None:
        from common.due import register_due_source
        from common.evidence import register_evidence_access
        from common.history import register_verbs
        from common.navigation import NavigationEntry, register_navigation
        from common.panels import register_object_panels
        from common.statuses import Status, register_statuses
        from mines.due import SOURCES
        from mines.exports import MINES
        from mines.imports import MineChecker, check_imports_mines, write_mines
        from mines.models import Mine
        from mines.panels import unit_panels
        from mines.rules import RULES
        from mines.verbs import verbs
        from units.models import DirectoryImport, Unit
        from units.rules import register_rules
        from units.services.imports import register_table

        register_rules("矿山", RULES)
        register_verbs(verbs())
        register_evidence_access(Mine, may_see_mine)
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
        register_navigation(NavigationEntry("矿山", "mines:mines", "mine", order=30, visible=sees_mines))
        register_statuses(
            {
                "mine.producing": Status("正常生产", "green", "check"),
                "mine.building": Status("建设", "blue", "half"),
                "mine.suspended": Status("停产停建", "amber", "pause"),
                "mine.closing": Status("关闭（闭库）中", "grey", "clock"),
                "mine.closed": Status("已关闭", "grey", "stop"),
                "mine.none": Status("待建档", "grey", "circle"),
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


def may_see_mine(user: Any, key: str) -> bool:
    """Whether the mine that a paper is about is in the user's sight."""
    from mines.models import Mine

    seen: bool = Mine.objects.visible_to(user).filter(pk=key).exists()
    return seen
