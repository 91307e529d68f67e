"""What the acts of this app, and what they tell, are called in the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from common.history import is_named

VERBS = {
    "standard.loaded": "载入判定标准",
    "hazard.registered": "登记隐患",
    "hazard.imported": "从台账导入",
    "hazard.grade": "定级",
    "hazard.start": "开始治理",
    "hazard.reported": "填写重大隐患报告",
    "hazard.double_reported": "登记双报告",
    "hazard.planned": "制定治理方案",
    "hazard.facet": "填报五落实",
    "hazard.facet_confirmed": "确认五落实",
    "hazard.rectified": "填报整改",
    "hazard.self_accept": "自验合格",
    "hazard.ask": "申请复查",
    "hazard.reinspected": "登记复查",
    "hazard.close": "销号",
    "hazard.return": "复查退回",
    "hazard.reopen": "重新整改",
    "hazard.suspend": "停产暂缓",
    "hazard.resume": "恢复办理",
    "hazard.hand_over": "移送其他部门",
    "hazard.received": "登记移送签收",
    "hazard.treatment_told": "填报移送办理情况",
    "hazard.take_back": "收回办理",
    "hazard.answered": "登记移送答复",
    "hazard.void": "作废",
    "hazard.looked_back": "回头看",
    "lookback.ordered": "安排回头看",
    "hazard.investigated": "签发调查报告",
    "investigation.written": "填写调查内容",
    "investigation.liability": "添加责任认定",
    "investigation.recommendation": "添加整改建议",
    "investigation.dropped": "删去一条",
    "investigation.submit": "送签发",
    "investigation.sign": "签发",
    "investigation.send_back": "退回修改",
    "investigation.reopen": "重新调查",
    "investigation.listed": "列入制度措施清单",
    "hazardextension.requested": "申请延期",
    "hazardextension.approve": "同意延期",
    "hazardextension.refuse": "不同意延期",
    "hazardextension.withdraw": "撤回延期申请",
    "hazard.extended": "期限延长",
    "sign.judged": "判断整改疑点",
    "hazard.changed": "修改",
    "listing.listed": "挂牌督办",
    "listing.published": "登记上报和公布",
    "listing.ask_extension": "申请延长督办期限",
    "listing.grant": "同意延长督办期限",
    "listing.refuse": "不同意延长督办期限",
    "listing.ask_acceptance": "申请验收摘牌",
    "listing.withdraw": "撤回验收申请",
    "listing.lift": "验收合格，摘牌",
    "listing.fail": "验收不合格",
    "listing.escalated": "两次验收不合格，升级处理",
    "listing.revoke": "撤销挂牌",
    "registerimport.checked": "检查台账文件",
    "registerimport.confirmed": "导入隐患台账",
    "institutionalmeasure.created": "新增制度措施",
    "institutionalmeasure.changed": "修改制度措施",
    "institutionalmeasure.issue": "印发",
    "institutionalmeasure.drop": "不再制定",
    "institutionalmeasure.revise": "重新修订",
    "institutionalmeasure.resume": "恢复制定",
    "risk.created": "登记风险",
    "risk.changed": "修改风险",
    "risk.reviewed": "复评风险",
    "risk.lift": "解除风险",
    "risk.restore": "恢复管控",
    "riskmap.areas": "改动区域",
    "riskmap.background": "更换底图",
    "tipoff.received": "收到举报",
    "tipoff.verify": "登记核查结论",
    "tipoff.handle": "登记处理情况",
    "tipoff.answer": "答复举报人",
    "tipoff.decline": "不予受理",
    "tipoff.hand_over": "移送其他部门",
    "tipoff.account": "登记责任追究",
    "tipoff.close": "办结",
    "tipoff.reopen": "重新核查",
    "tipoff.contact_read": "查看举报人联系方式",
    "tipoff.hazard": "登记为隐患",
    "tipoff.reward_proposed": "提出举报奖励",
    "tipoff.reward_moved": "办理举报奖励",
    "tipoffreward.approve": "同意举报奖励",
    "tipoffreward.refuse": "不同意举报奖励",
    "tipoffreward.pay": "发放举报奖励",
    "region.tip_off_officer": "指定举报专办员",
    "monthlyfigures.closed": "月报结账",
    "monthlyfigures.reopened": "重开月报",
}


def details() -> dict[str, tuple[str, Mapping[Any, str]]]:
    """The labels of what events of a hazard tell about its reports, plan, facets and checks."""
    from hazards.models import DoubleReport, Implementation, MajorReport, Rectification, Reinspection, TreatmentPlan

    told: dict[str, tuple[str, Mapping[Any, str]]] = {
        field.name: (str(field.verbose_name), {key: str(label) for key, label in field.flatchoices})
        for model in (DoubleReport, Implementation, MajorReport, TreatmentPlan, Rectification, Reinspection)
        for field in model._meta.concrete_fields
        if isinstance(field, models.Field) and not field.primary_key and is_named(field)
    }
    words = {
        "files": "资料份数",
        "amount": "金额（元）",
        "officer": "举报专办员",
        "clauses": "条款（条）",
        "new": "首次载入",
        "hazard": "隐患",
        "closed_by": "销号人",
        "decided_by": "审批人",
        "verified_by": "核查人",
        "answered_by": "答复人",
        "asked_by": "申请人",
        "requested_by": "申请人",
    }
    return told | {name: (label, {}) for name, label in words.items()}
