"""What the acts of this app are called in the history."""

from __future__ import annotations

from mines.ledgers import all_ledgers

VERBS = {
    "mine.opened": "建立档案",
    "mine.changed": "修改档案",
    "mine.proposed": "申请修改档案",
    "mine.declined": "不采纳修改",
    "mine.confirmed": "确认档案",
    "mine.suspend": "停产停建",
    "mine.resume": "恢复生产建设",
    "mine.rebuild": "转入建设",
    "mine.complete": "竣工转入生产",
    "mine.begin_closing": "进入关闭",
    "mine.close": "关闭",
    "suspension.begun": "登记停产停建",
    "suspension.request": "申请复产复工",
    "suspension.accept": "验收合格",
    "suspension.return": "退回整改",
    "suspension.signature": "登记签字",
    "suspension.sign": "签字完成",
    "suspension.resume": "恢复生产建设",
    "suspension.void": "作废",
    "suspension.announced": "登记公告",
    "suspensionlist.made": "生成名单",
    "suspensionlist.sent": "上报名单",
    "regiontarget.set": "设置年度指标",
}


def verbs() -> dict[str, str]:
    """All labels, those of the ledgers among them."""
    acts = {"added": "登记", "changed": "修改", "removed": "删去"}
    lines = {f"mine.{one.slug}_{act}": f"{word}{one.title}" for one in all_ledgers() for act, word in acts.items()}
    return VERBS | lines
