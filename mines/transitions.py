"""The legal moves of a mine's state of production, and of a standstill on its way back to work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.transitions import FORMER, Move, Moves

if TYPE_CHECKING:
    from mines.models import Mine, Suspension
    from units.models import User


def resumption_signed(mine: Mine, user: User) -> str | None:
    """No mine works again before the acceptance of its standstill is signed; the database holds the same."""
    if mine.suspensions.filter(state__in=("running", "requested", "accepted")).exists():
        return "复产复工验收还没有签字，不能恢复生产建设。请先在停产停建页面办理申请、验收和签字。"
    if not mine.suspensions.filter(state__in=("signed", "void")).exists():
        return "没有停产停建登记，不能办理复产；请先补登。"
    signed = mine.suspensions.filter(state="signed").first()
    return None if signed is None else signatures_read_by_another(signed, user)


def signatures_read_by_another(suspension: Suspension, user: User) -> str | None:
    """Signatures are given on paper: whoever entered them does not also let the mine work by them."""
    if suspension.signatures.filter(recorded_by=user).exists():
        return "签字是您登记的，请由另一名工作人员核对签字后办理恢复生产建设。"
    return None


MINE_MOVES: Moves = {
    ("producing", "suspend"): Move("suspended", "停产", ("bureau", "mine"), needs_note=True),
    ("building", "suspend"): Move("suspended", "停建", ("bureau", "mine"), needs_note=True),
    ("suspended", "resume"): Move(FORMER, "恢复生产建设", ("bureau",), (resumption_signed,), style="primary"),
    ("producing", "rebuild"): Move("building", "转入建设（改扩建）", ("bureau",), needs_note=True),
    ("building", "complete"): Move("producing", "竣工验收，转入生产", ("bureau",), needs_note=True),
    **{
        (state, "begin_closing"): Move("closing", "进入关闭（闭库）", ("bureau",), needs_note=True)
        for state in ("producing", "building", "suspended")
    },
    ("closing", "close"): Move("closed", "关闭（闭库）完成", ("bureau",), needs_note=True),
    ("suspended", "close"): Move("closed", "关闭", ("bureau",), needs_note=True, style="danger"),
}


def items_passed(suspension: Suspension, user: User) -> str | None:
    items = list(suspension.items.all())
    failed = [str(one.position) for one in items if not one.passed]
    if not items or failed:
        return f"验收内容还有不合格或没有检查的：第{'、'.join(failed)}项。" if items else "还没有验收内容。"
    return None


def all_signed(suspension: Suspension, user: User) -> str | None:
    missing = suspension.next_office()
    return f"还缺签字：{dict(_offices())[missing]}。" if missing else None


def _offices() -> list[tuple[str, str]]:
    from mines.models import ResumptionSignature

    return [(one.value, str(one.label)) for one in ResumptionSignature.Office]


SUSPENSION_MOVES: Moves = {
    ("running", "request"): Move("requested", "申请复产复工", ("mine", "bureau"), style="primary"),
    ("requested", "accept"): Move("accepted", "验收合格", ("acceptor",), (items_passed,), style="primary"),
    ("requested", "return"): Move("running", "验收不合格，退回", ("acceptor",), needs_note=True, style="danger"),
    ("accepted", "sign"): Move("signed", "签字完成", ("signer",), (all_signed,), style="primary"),
    ("accepted", "return"): Move("running", "签字未通过，退回", ("acceptor",), needs_note=True, style="danger"),
    ("signed", "resume"): Move(
        "resumed", "恢复生产建设", ("bureau",), (all_signed, signatures_read_by_another), style="primary"
    ),
    ("running", "void"): Move("void", "登记有误，作废", ("admin",), needs_note=True, style="danger"),
}
