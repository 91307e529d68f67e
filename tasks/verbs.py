"""What the acts of this app are called in the history."""

from typing import Any

VERBS = {
    "campaign.created": "建立专项行动",
    "campaign.past_loaded": "装入以往办理情况",
    "campaign.revised": "按修订稿调整行动",
    "campaign.close": "结束行动",
    "campaign.reopen": "恢复实施",
    "task.appended": "方案以外增加任务",
    "assignment.start": "开始办理",
    "assignment.progress": "填报进展",
    "assignment.submit": "提交审核",
    "assignment.recall": "撤回提交",
    "assignment.accept": "审核通过",
    "assignment.return": "退回",
    "assignment.reopen": "重新办理",
    "assignment.extended": "期限延长",
    "assignment.deadline": "单独规定期限",
    "dueitem.report": "报请审核",
    "dueitem.accept": "审核通过",
    "dueitem.return": "退回",
    "deadlineextension.requested": "申请延期",
    "deadlineextension.approve": "同意延期",
    "deadlineextension.refuse": "不同意延期",
    "deadlineextension.withdraw": "撤回延期申请",
    "reportingrule.set": "设定报送规则",
    "reportingrule.changed": "修改报送规则",
    "progressreport.past_loaded": "装入以往月报",
    "progressreport.saved": "填报",
    "progressreport.sign": "签发",
    "progressreport.reopen": "撤销签发",
    "progressreport.submit": "报送",
    "progressreport.recall": "撤回报送",
    "progressreport.accept": "审核通过",
    "progressreport.return": "退回",
    "progressreport.written": "写入责任事项台账",
    "progressreport.correction": "开始更正",
    "progressreport.drop": "放弃更正",
    "progressimport.confirmed": "写入进展填报表",
    "target.reading": "填写目标读数",
    "responsibility.matched": "对应责任单位",
}

# What events tell beyond the fields of their record.
DETAILS: dict[str, tuple[str, dict[Any, str]]] = {
    "written": ("写入进展（项）", {}),
    "items": ("办结本期事项（项）", {}),
    "finished": ("报请办结任务（项）", {}),
    "passed": ("未写入（项）", {}),
}
