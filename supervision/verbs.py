"""What the acts of this app are called in the history."""

from typing import Any

LETTER_VERBS = {
    "supervisionletter.drafted": "拟函",
    "supervisionletter.changed": "修改函件",
    "supervisionletter.declined": "决定不发函",
    "supervisionletter.approve": "审签同意",
    "supervisionletter.refuse": "退回修改",
    "supervisionletter.resubmit": "再次送审",
    "supervisionletter.send": "编号发出",
    "supervisionletter.file": "归档",
    "supervisionletter.withdraw": "撤回",
    "supervisionletter.talked": "登记约谈记录",
    "supervisionletter.published": "登记曝光情况",
    "letterreceipt.sign": "签收",
    "letterreceipt.enter": "登记纸质签收",
    "letterreceipt.answer": "答复",
    "letterreceipt.return": "退回答复",
}

CONSOLIDATION_VERBS = {
    "consolidatednarrative.written": "编写汇总文字",
}

REMINDER_VERBS = {
    "channel.changed": "设置提醒渠道",
    "channel.tested": "测试提醒渠道",
    "delivery.retried": "重发提醒",
    "ladder.set": "设置提醒台阶",
    "ladder.cleared": "恢复提醒台阶",
    "desk.set": "指定主管人员",
    "user.contact_changed": "设置接收方式",
}

REMINDER_DETAILS: dict[str, tuple[str, dict[Any, str]]] = {
    "quiet_hours": ("免打扰时间", {}),
    "desk": ("主管人员", {}),
    "wanted_kinds": ("接收的种类数", {}),
    "steps": ("提醒台阶", {}),
}
RANKING_VERBS = {"accidentcount.entered": "登记年度事故数", "accidentcount.confirmed": "确认全年没有事故"}
MEETING_VERBS = {
    "meetingseries.created": "新增例会",
    "meetingseries.changed": "修改例会",
    "meeting.planned": "安排会议",
    "meeting.hold": "登记召开",
    "meeting.corrected": "修改会议纪要",
    "meeting.cancel": "取消会议",
    "meeting.restore": "恢复召开",
    "meeting.decided": "登记议定事项",
}
