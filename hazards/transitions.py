"""The legal moves of hazards and of requests for a later day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.transitions import FORMER, Move, Moves, Requirement

if TYPE_CHECKING:
    from hazards.models import (
        Hazard,
        HazardExtension,
        InstitutionalMeasure,
        Investigation,
        Listing,
        TipOff,
        TipOffReward,
    )
    from units.models import User


def reported_twice(hazard: Hazard, user: User) -> str | None:
    report = getattr(hazard, "double_report", None)
    if hazard.is_major and (report is None or not report.is_done):
        return "还没有完成双报告：向监管部门和职工代表大会报告的日期、回执都要填写。"
    return None


def not_listed(hazard: Hazard, user: User) -> str | None:
    if hazard.listings.open().exists():
        return "隐患正在挂牌督办，请先撤销或摘牌后再改。"
    return None


def report_written(hazard: Hazard, user: User) -> str | None:
    if hazard.is_major and not hasattr(hazard, "major_report"):
        return "还没有填写重大隐患报告（现状和原因、危害和难易、治理方案）。"
    return None


def plan_made(hazard: Hazard, user: User) -> str | None:
    if hazard.is_major and not hasattr(hazard, "treatment_plan"):
        return "还没有制定治理方案（六项内容）。"
    return None


def due_day_set(hazard: Hazard, user: User) -> str | None:
    return None if hazard.due_on else "还没有整改期限，请在定级时填写。"


def rectified_this_round(hazard: Hazard, user: User) -> str | None:
    if not any(one.round == hazard.round for one in hazard.rectifications.all()):
        return "还没有填报整改情况和整改后的照片。"
    return None


def five_in_place(hazard: Hazard, user: User) -> str | None:
    if not hazard.is_major:
        return None
    proved = {row.facet for row in hazard.implementations.all() if row.is_proved}
    missing = [str(label) for facet, label in _facets() if facet not in proved]
    if missing:
        return f"“五落实”还缺：{'、'.join(missing)}（要有落实情况、印证资料和第二人确认）。"
    return None


def reinspected_by_others(hazard: Hazard, user: User) -> str | None:
    """The re-inspection of this round passed, on site where major, signed by enough people, the rectifier not among them."""
    rounds = (one for one in hazard.reinspections.all() if one.round == hazard.round and one.result == "passed")
    found = next(rounds, None)
    if found is None:
        return "还没有合格的复查记录。"
    if hazard.is_major and not found.on_site:
        return "重大隐患必须到现场复查。"
    needed = hazard.rules["major_officers" if hazard.is_major else "general_officers"]
    others = sum(one.officer_id != hazard.rectifier_id for one in found.signatures.all())
    if others < needed:
        return f"复查人不足：除整改人以外至少{needed}人，现有{others}人。"
    return None


def not_the_rectifier(hazard: Hazard, user: User) -> str | None:
    if hazard.rectifier_id == user.pk:
        return "整改人不能复查、销号自己整改的隐患，请由其他人员办理。"
    return None


def major_needs_the_bureau(hazard: Hazard, user: User) -> str | None:
    if hazard.is_major and "inspector" not in hazard.relations_of(user):
        return "重大隐患由应急管理局复查销号。"
    return None


def investigated(hazard: Hazard, user: User) -> str | None:
    """Where the region wants it, the investigation of a major hazard is signed before the hazard is closed."""
    if not hazard.is_major or not hazard.rules["investigate_major"]:
        return None
    found = getattr(hazard, "investigation", None)
    return None if found is not None and found.is_signed else "还没有签发重大隐患调查报告（原因、责任、建议）。"


def requested_by_another(extension: HazardExtension, user: User) -> str | None:
    if extension.requested_by_id == user.pk:
        return "申请人不能审批自己的申请，请由另一名工作人员审批。"
    return None


def failed_again(hazard: Hazard, user: User) -> str | None:
    """The bureau opens a hazard again on its own decision; an inspector where the latest look-back found it so."""
    if "bureau" in hazard.relations_of(user):
        return None
    latest = hazard.look_backs.filter(on__isnull=False).order_by("-on", "-pk").first()
    return None if latest is not None and latest.fails else "回头看还没有发现问题；其他情况由应急管理局决定。"


def graded_at_all(hazard: Hazard, user: User) -> str | None:
    return None if hazard.level else "还没有定级，请先收回，定级后再办理。"


def _facets() -> list[tuple[str, str]]:
    from hazards.models.proofs import Facet

    return [(facet.value, str(facet.label)) for facet in Facet]


CLOSING: tuple[Requirement, ...] = (
    not_the_rectifier, major_needs_the_bureau, reinspected_by_others, five_in_place, investigated,
)  # fmt: skip

UNSETTLED = ("registered", "graded", "treating", "self_accepted", "awaiting", "returned")

# What another department answers only takes the place of the mine's own claim: a major hazard has to have everything
# by then that it would have on the usual way, and is re-inspected like any other.
ANSWERED: tuple[Requirement, ...] = (graded_at_all, report_written, reported_twice, plan_made, five_in_place)

HAZARD_MOVES: Moves = {
    ("registered", "grade"): Move("graded", "定级", ("bureau", "finder", "self_checker"), style="primary"),
    ("graded", "grade"): Move("graded", "重新定级", ("bureau",), (not_listed,), needs_note=True),
    ("graded", "start"): Move(
        "treating", "开始治理", ("mine",), (due_day_set, report_written, reported_twice, plan_made), style="primary"
    ),
    ("treating", "self_accept"): Move(
        "self_accepted", "自验合格", ("mine",), (rectified_this_round, five_in_place), style="primary"
    ),
    ("returned", "self_accept"): Move(
        "self_accepted", "再次自验合格", ("mine",), (rectified_this_round, five_in_place), style="primary"
    ),
    ("self_accepted", "ask"): Move("awaiting", "申请复查", ("mine",), style="primary"),
    ("awaiting", "close"): Move("closed", "复查合格，销号", ("inspector", "self_checker"), CLOSING, style="primary"),
    ("awaiting", "return"): Move(
        "returned",
        "复查不合格，退回",
        ("inspector", "self_checker"),
        (not_the_rectifier, major_needs_the_bureau),
        needs_note=True,
        style="danger",
    ),
    ("closed", "reopen"): Move(
        "returned", "回头看不合格，重新整改", ("bureau", "inspector"), (failed_again,), needs_note=True, style="danger"
    ),
    **{
        (state, "suspend"): Move("suspended", "停产暂缓", ("bureau",), needs_note=True)
        for state in UNSETTLED
        if state != "registered"
    },
    ("suspended", "resume"): Move(FORMER, "恢复办理", ("bureau",), style="primary"),
    **{
        (state, "hand_over"): Move("handed_over", "移送其他部门", ("bureau",), (not_listed,), needs_note=True)
        for state in UNSETTLED
    },
    ("handed_over", "take_back"): Move(FORMER, "收回办理", ("bureau", "receiver"), needs_note=True),
    ("handed_over", "answered"): Move(
        "awaiting", "答复已整改，待复查", ("bureau", "receiver"), ANSWERED, style="primary"
    ),
    **{
        (state, "void"): Move("void", "作废", ("admin",), (not_listed,), needs_note=True, style="danger")
        for state in UNSETTLED
    },
}

EXTENSION_MOVES: Moves = {
    ("requested", "approve"): Move("approved", "同意延期", ("bureau",), (requested_by_another,), style="primary"),
    ("requested", "refuse"): Move(
        "refused", "不同意", ("bureau",), (requested_by_another,), needs_note=True, style="danger"
    ),
    ("requested", "withdraw"): Move("withdrawn", "撤回申请", ("mine",)),
}


def investigation_written(investigation: Investigation, user: User) -> str | None:
    parts = {
        "查明的事实": investigation.facts,
        "直接原因": investigation.direct_cause,
        "管理原因": investigation.managerial_cause,
        "调查结论": investigation.conclusion,
    }
    missing = [label for label, text in parts.items() if not text]
    return f"还没有填写：{'、'.join(missing)}。" if missing else None


def recommends_something(investigation: Investigation, user: User) -> str | None:
    return None if investigation.recommendations.exists() else "还没有整改建议，至少添加一条。"


def written_by_another(investigation: Investigation, user: User) -> str | None:
    return "执笔人不能签发自己写的报告，请由另一名工作人员签发。" if investigation.written_by_id == user.pk else None


INVESTIGATION_MOVES: Moves = {
    ("drafting", "submit"): Move(
        "submitted", "送签发", ("bureau",), (investigation_written, recommends_something), style="primary"
    ),
    ("submitted", "sign"): Move("signed", "签发", ("bureau",), (written_by_another,), style="primary"),
    ("submitted", "send_back"): Move("drafting", "退回修改", ("bureau",), needs_note=True, style="danger"),
    ("signed", "reopen"): Move("drafting", "重新调查", ("admin",), needs_note=True),
}


def document_named(measure: InstitutionalMeasure, user: User) -> str | None:
    return None if measure.document else "还没有填写印发文件（名称或文号），请先在“修改”中填写。"


MEASURE_MOVES: Moves = {
    ("drafting", "issue"): Move("issued", "已印发", ("bureau", "lead"), (document_named,), style="primary"),
    ("drafting", "drop"): Move("dropped", "不再制定", ("bureau",), needs_note=True, style="danger"),
    ("issued", "revise"): Move("drafting", "重新修订", ("bureau", "lead"), needs_note=True),
    ("dropped", "resume"): Move("drafting", "恢复制定", ("bureau",)),
}


def treated_by_the_mine(listing: Listing, user: User) -> str | None:
    if listing.hazard.state not in ("self_accepted", "awaiting", "closed"):
        return "隐患还没有自验合格，请先在隐患页面填报整改并自验。"
    return None


def hazard_closed(listing: Listing, user: User) -> str | None:
    if listing.hazard.state != "closed":
        return "隐患还没有复查销号，不能摘牌，请先在隐患页面登记复查。"
    return None


def extension_waits(listing: Listing, user: User) -> str | None:
    return None if listing.open_extension else "没有等待答复的延期申请。"


LISTING_MOVES: Moves = {
    ("listed", "ask_extension"): Move("extension_asked", "申请延期", ("mine",)),
    ("failed", "ask_extension"): Move("extension_asked", "申请延期", ("mine",)),
    ("extension_asked", "grant"): Move("listed", "同意延期", ("lister",), (extension_waits,), style="primary"),
    ("extension_asked", "refuse"): Move(
        "listed", "不同意延期", ("lister",), (extension_waits,), needs_note=True, style="danger"
    ),
    ("listed", "ask_acceptance"): Move(
        "acceptance_asked", "申请验收摘牌", ("mine",), (treated_by_the_mine,), style="primary"
    ),
    ("failed", "ask_acceptance"): Move(
        "acceptance_asked", "再次申请验收", ("mine",), (treated_by_the_mine,), style="primary"
    ),
    ("acceptance_asked", "withdraw"): Move("listed", "撤回验收申请", ("mine",)),
    ("acceptance_asked", "lift"): Move("lifted", "验收合格，摘牌", ("lister",), (hazard_closed,), style="primary"),
    ("acceptance_asked", "fail"): Move("failed", "验收不合格", ("lister",), needs_note=True, style="danger"),
    **{
        (state, "revoke"): Move("revoked", "撤销挂牌", ("admin",), needs_note=True, style="danger")
        for state in ("listed", "failed", "acceptance_asked")
    },
}


RISK_MOVES: Moves = {
    ("in_force", "lift"): Move("lifted", "解除风险", ("mine", "bureau"), needs_note=True, style="danger"),
    ("lifted", "restore"): Move("in_force", "恢复管控", ("mine", "bureau"), needs_note=True),
}


def handled_where_true(tip_off: TipOff, user: User) -> str | None:
    if tip_off.is_confirmed and tip_off.state == "verified":
        return "举报属实或部分属实，请先登记处理情况再答复。"
    return None


def accounted_where_true(tip_off: TipOff, user: User) -> str | None:
    if tip_off.is_confirmed and tip_off.state == "answered":
        return "举报属实或部分属实，请先登记责任追究情况（不追究的写明理由）再办结。"
    return None


def reward_settled(tip_off: TipOff, user: User) -> str | None:
    if tip_off.rewards.filter(state__in=("proposed", "approved")).exists():
        return "举报奖励还没有审批或发放。"
    return None


TIP_OFF_MOVES: Moves = {
    ("received", "verify"): Move("verified", "登记核查结论", ("bureau",), style="primary"),
    ("received", "hand_over"): Move("handed_over", "移送其他部门", ("bureau",)),
    ("received", "decline"): Move("not_accepted", "不予受理", ("bureau",), style="danger"),
    ("verified", "handle"): Move("handled", "登记处理情况", ("bureau",), style="primary"),
    ("verified", "answer"): Move("answered", "答复举报人", ("bureau",), (handled_where_true,)),
    ("handled", "answer"): Move("answered", "答复举报人", ("bureau",), style="primary"),
    ("answered", "account"): Move("accounted", "登记责任追究", ("bureau",), style="primary"),
    ("answered", "close"): Move("closed", "办结", ("bureau",), (accounted_where_true, reward_settled)),
    ("accounted", "close"): Move("closed", "办结", ("bureau",), (reward_settled,), style="primary"),
    **{
        (state, "reopen"): Move("received", "重新核查", ("bureau",), needs_note=True)
        for state in ("closed", "not_accepted", "handed_over")
    },
}


def proposed_by_another(reward: TipOffReward, user: User) -> str | None:
    if reward.proposed_by_id == user.pk:
        return "提出人不能审批自己提出的奖励，请由另一名工作人员审批。"
    return None


REWARD_MOVES: Moves = {
    ("proposed", "approve"): Move("approved", "同意奖励", ("bureau",), (proposed_by_another,), style="primary"),
    ("proposed", "refuse"): Move(
        "refused", "不同意奖励", ("bureau",), (proposed_by_another,), needs_note=True, style="danger"
    ),
    ("approved", "pay"): Move("paid", "登记发放", ("bureau",), style="primary"),
}
