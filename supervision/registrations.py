"""What letters, ranking, the overview and meetings tell the rooms below."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from common.due import register_due_source
from common.navigation import NavigationEntry, register_navigation
from common.panels import register_object_panels
from common.statuses import Status, register_statuses
from common.verbs import register_verbs
from hazards.models import Hazard, Listing
from supervision.access import register_letter_access
from supervision.due import MEETINGS, RECEIPTS
from supervision.home import calendar_panels, letter_panels
from supervision.letter_kinds import RULES
from supervision.panels import decision_behind, loop_of_assignment, loop_of_hazard, loop_of_listing
from supervision.ranking import ASSESSMENT, COLOURS, weight_rules
from supervision.verbs import LETTER_VERBS, MEETING_VERBS, RANKING_VERBS
from tasks.demo import register_demo
from tasks.home import register_home_panels, register_landing
from tasks.models import Assignment, Task
from units.models import Role
from units.rules import register_rules


def register_letters() -> None:
    register_rules("督办函件", RULES)
    register_verbs(LETTER_VERBS)
    register_letter_access()
    register_due_source(RECEIPTS)
    register_home_panels(letter_panels)
    register_home_panels(calendar_panels)
    register_demo(load_demo_letters)
    register_object_panels(Assignment, loop_of_assignment)
    register_object_panels(Hazard, loop_of_hazard)
    register_object_panels(Listing, loop_of_listing)
    register_navigation(
        NavigationEntry(
            "督办",
            "supervision:letters",
            "supervise",
            order=45,
            also=("/letters/", "/ranking/", "/reminders/", "/meetings/"),
            on_bar=lambda user: user.role == Role.LEADER,
        )
    )
    register_statuses(
        {
            "letter.drafted": Status("待审签", "amber", "clock"),
            "letter.refused": Status("退回修改", "amber", "returned"),
            "letter.approved": Status("待发出", "blue", "half"),
            "letter.sent": Status("已发出", "blue", "half"),
            "letter.filed": Status("已归档", "green", "check"),
            "letter.withdrawn": Status("已撤回", "grey", "stop"),
            "letter.declined": Status("不发函", "grey", "stop"),
            "receipt.waiting": Status("待签收", "amber", "clock"),
            "receipt.signed": Status("待答复", "blue", "half"),
            "receipt.answered": Status("已答复", "green", "check"),
        }
    )


def register_ranking() -> None:
    """After the rooms below have registered what they count: each rate gets a weight."""
    register_rules("排名考核", weight_rules() | COLOURS | ASSESSMENT)
    register_verbs(RANKING_VERBS)
    register_demo(load_demo_snapshots)
    register_statuses({"card.red": Status("红牌", "red", "alert"), "card.yellow": Status("黄牌", "amber", "alert")})


def register_overview() -> None:
    """A leader begins with the overview; who else reads the region finds it from the first page."""
    register_landing(lambda user: reverse("supervision:overview") if user.role == Role.LEADER else "")
    register_navigation(
        NavigationEntry(
            "总览",
            "supervision:overview",
            "chart",
            order=15,
            visible=lambda user: user.role == Role.LEADER,
            on_bar=lambda user: True,
        )
    )


def register_meetings() -> None:
    register_verbs(MEETING_VERBS)
    register_due_source(MEETINGS)
    register_demo(load_demo_meetings)
    register_object_panels(Task, decision_behind)
    register_object_panels(Assignment, decision_behind)
    register_statuses(
        {
            "meeting.planned": Status("待召开", "blue", "clock"),
            "meeting.held": Status("已召开", "green", "check"),
            "meeting.cancelled": Status("已取消", "grey", "stop"),
        }
    )


def load_demo_meetings(county: Any) -> None:
    from supervision.demo import load_meetings

    load_meetings(county)


def load_demo_snapshots(county: Any) -> None:
    from supervision.demo import load_snapshots

    load_snapshots(county)


def load_demo_letters(county: Any) -> None:
    from supervision.demo import load_letters  # only a new demo database needs it

    load_letters(county)
