from typing import Any

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = "督办"

    def ready(self) -> None:
        from common.history import register_details
        from common.statuses import Status, register_statuses
        from common.verbs import register_verbs
        from supervision.ladder_panels import register_panels
        from supervision.registrations import (
            register_letters,
            register_meetings,
            register_overview,
            register_ranking,
        )
        from supervision.rules import RULES
        from supervision.verbs import CONSOLIDATION_VERBS, REMINDER_DETAILS, REMINDER_VERBS
        from tasks.demo import register_demo
        from units.rules import register_rules

        register_rules("提醒", RULES)
        register_verbs(REMINDER_VERBS)
        register_verbs(CONSOLIDATION_VERBS)
        register_details(REMINDER_DETAILS)
        register_demo(load_demo_reminders)
        register_statuses(
            {
                "delivery.waiting": Status("待发送", "grey", "clock"),
                "delivery.sending": Status("发送中", "blue", "half"),
                "delivery.sent": Status("已发送", "green", "check"),
                "delivery.failed": Status("未送达", "red", "alert"),
                "delivery.unsure": Status("不确定", "amber", "help"),
                "delivery.dropped": Status("不需再发", "grey", "stop"),
            }
        )
        register_letters()
        register_ranking()
        register_overview()
        register_meetings()
        # Last, when every kind of thing that is due is known.
        register_panels()


def load_demo_reminders(county: Any) -> None:
    from supervision.demo import load_reminders  # only a new demo database needs it

    load_reminders(county)
