"""What the acts of this app are called in the history."""

from __future__ import annotations

VERBS = {
    "checklist.created": "编制检查表",
    "checklist.item_added": "添加检查项",
    "checklist.item_changed": "修改检查项",
    "checklist.item_dropped": "删去检查项",
    "checklist.drawn": "按判定标准生成检查项",
    "checklist.issue": "启用检查表",
    "checklist.retire": "停用检查表",
    "certificate.kept": "登记执法证件",
    "visit.opened": "开始检查",
    "visit.changed": "修改检查信息",
    "visit.item_added": "现场添加检查项",
    "visit.filled": "填写检查结果",
    "visit.finding": "登记为隐患",
    "visit.finish": "完成检查",
    "visit.void": "作废检查",
    "visit.reopen": "重新打开检查",
    "document.drafted": "起草执法文书",
    "document.changed": "修改执法文书",
    "document.submit": "送审批",
    "document.approve": "签发",
    "document.send_back": "退回修改",
    "document.close": "归档",
    "document.void": "作废文书",
    "document.published": "登记公示",
    "document.paid": "登记缴款",
}
