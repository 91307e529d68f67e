"""The legal moves of letters and of their receipts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from common.transitions import Move, Moves

if TYPE_CHECKING:
    from supervision.models import SupervisionLetter
    from units.models import User


def written_by_another(letter: SupervisionLetter, user: User) -> str | None:
    if letter.drafted_by_id == user.pk:
        return "拟稿人不能审签自己拟的函件，请由另一名工作人员或领导审签。"
    return None


def talk_arranged(letter: SupervisionLetter, user: User) -> str | None:
    if letter.is_talk and not (letter.meets_at and letter.place):
        return "还没有填写约谈的时间和地点，请先在“修改”中填写。"
    return None


def all_answered(letter: SupervisionLetter, user: User) -> str | None:
    waiting = letter.receipts.filter(state__in=("waiting", "signed")).select_related("unit")
    names = [str(receipt.unit) for receipt in waiting[:4]]
    if names:
        return f"还有单位没有答复：{'、'.join(names[:3])}{'等' if len(names) > 3 else ''}。"
    return None


def talk_recorded(letter: SupervisionLetter, user: User) -> str | None:
    return "还没有登记约谈记录。" if letter.is_talk and not letter.record else None


def exposure_recorded(letter: SupervisionLetter, user: User) -> str | None:
    return "还没有登记曝光的平台和日期。" if letter.is_exposure and letter.published_on is None else None


LETTER_MOVES: Moves = {
    ("drafted", "approve"): Move("approved", "审签同意", ("approver",), (written_by_another,), style="primary"),
    ("drafted", "refuse"): Move("refused", "退回修改", ("approver",), (written_by_another,), needs_note=True),
    ("refused", "resubmit"): Move("drafted", "再次送审", ("bureau",), style="primary"),
    ("approved", "send"): Move("sent", "编号发出", ("bureau",), (talk_arranged,), style="primary"),
    ("sent", "file"): Move(
        "filed", "归档", ("bureau",), (all_answered, talk_recorded, exposure_recorded), style="primary"
    ),
    **{
        (state, "withdraw"): Move("withdrawn", "撤回", ("bureau",), needs_note=True, style="danger")
        for state in ("drafted", "refused", "approved", "sent")
    },
}

RECEIPT_MOVES: Moves = {
    ("waiting", "sign"): Move("signed", "签收", ("unit",), style="primary"),
    ("waiting", "enter"): Move("signed", "登记纸质签收", ("bureau",), needs_note=True),
    ("signed", "answer"): Move("answered", "提交答复", ("unit", "bureau"), style="primary"),
    ("answered", "return"): Move("signed", "退回答复", ("bureau",), needs_note=True, style="danger"),
}

MEETING_MOVES: Moves = {
    ("planned", "hold"): Move("held", "登记召开", ("bureau",), style="primary"),
    ("planned", "cancel"): Move("cancelled", "取消", ("bureau",), needs_note=True, style="danger"),
    ("cancelled", "restore"): Move("planned", "恢复召开", ("bureau",)),
}
