from typing import Any

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = "数据交换"

    def ready(self) -> None:
        from common.history import register_details
        from common.statuses import Status, register_statuses
        from common.verbs import register_verbs
        from exchange.rules import RULES
        from exchange.verbs import DETAILS, VERBS
        from tasks.demo import register_demo
        from units.rules import register_rules

        register_rules("数据接口", RULES)
        register_verbs(VERBS)
        register_details(DETAILS)
        register_demo(load_demo_accounts)
        register_statuses(
            {
                "service.open": Status("在用", "green", "check"),
                "service.closed": Status("已停用", "grey", "stop"),
                "subscription.open": Status("推送中", "green", "check"),
                "subscription.unsigned": Status("等待生成密钥", "amber", "clock"),
                "subscription.closed": Status("已停用", "grey", "stop"),
                "hook.waiting": Status("等待发送", "blue", "clock"),
                "hook.sending": Status("正在发送", "blue", "half"),
                "hook.sent": Status("已送达", "green", "check"),
                "hook.failed": Status("未送达", "red", "alert"),
                "reconciliation.agrees": Status("一致", "green", "check"),
                "reconciliation.differs": Status("有差异", "red", "alert"),
                "line.on": Status("运行中", "green", "check"),
                "line.off": Status("没有启用", "grey", "stop"),
                "line.failing": Status("没有办成", "red", "alert"),
                "receipt.waiting": Status("等待办理", "blue", "clock"),
                "receipt.sending": Status("正在交换", "blue", "half"),
                "receipt.sent": Status("已完成", "green", "check"),
                "receipt.failed": Status("已停下", "red", "alert"),
                "token.good": Status("有效", "green", "check"),
                "token.expired": Status("已过期", "grey", "stop"),
            }
        )


def load_demo_accounts(county: Any) -> None:
    from exchange.demo import load_accounts  # only a new demo database needs it

    load_accounts(county)
