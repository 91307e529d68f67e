"""What the acts of this app are called in the history."""

from __future__ import annotations

from typing import Any

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
    "group.kept": "登记检查小组",
    "inspectionplan.started": "编制检查计划",
    "inspectionplan.changed": "修改检查计划",
    "inspectionplan.rule_kept": "修改检查覆盖要求",
    "inspectionplan.rule_dropped": "删去检查覆盖要求",
    "inspectionplan.issue": "开始执行检查计划",
    "inspectionplan.revise": "修订检查计划",
    "plannedvisit.planned": "安排检查",
    "clue.drafted": "起草线索移送",
    "clue.changed": "修改线索移送",
    "clue.submit": "送审批",
    "clue.send": "移送线索",
    "clue.send_back": "退回修改",
    "clue.receive": "签收线索",
    "clue.answer": "答复线索",
    "clue.refuse": "不予受理线索",
    "clue.void": "作废线索移送",
    "lookbackdraw.drawn": "抽取回头看",
    "plannedvisit.drop": "取消检查安排",
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

# What events tell beyond the fields of their record.
DETAILS: dict[str, tuple[str, dict[Any, str]]] = {
    "rule": ("规则", {}),
    "rules": ("规则（条）", {}),
    "drawn": ("抽取（条）", {}),
    "paid_on": ("缴款日期", {}),
    "visit": ("检查", {}),
    "checked_by": ("检查人", {}),
}
