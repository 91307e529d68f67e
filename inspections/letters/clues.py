"""The letter with which a clue goes to another department, with the receipt to tear off."""

from __future__ import annotations

from common.letters import Heading, Letter, Paragraph, Table
from inspections.letters import on
from inspections.models import Clue


def clue_letter(clue: Clue) -> Letter:
    """The letter; before it is sent it bears neither number nor date."""
    organ = clue.drafted_by.unit.name if clue.drafted_by.unit else "应急管理局"
    body: list[Heading | Paragraph | Table] = [
        Paragraph(f"我单位在工作中发现{clue.subject}涉嫌存在属于你单位管辖的违法违规问题，现将有关线索移送你单位。"),
        Heading("一、线索内容"),
        Paragraph(clue.facts),
        Heading("二、移送理由"),
        Paragraph(clue.basis),
    ]
    if clue.answer_by is not None:
        body.append(Paragraph(f"请签收后将回执退回我单位，并于{on(clue.answer_by)}前书面答复处理结果。"))
    body += [
        Heading("回　　执"),
        Table(
            [["移送文号", clue.number], ["签收单位（盖章）", ""], ["签收人（签名）", ""], ["签收日期", "　　年　　月　　日"]],
            shares=[2, 5],
        ),
    ]  # fmt: skip
    return Letter(
        organ=organ, number=clue.number or "（未签发）", title="线索移送函", to=clue.receiver_name, body=body,
        signers=[f"{organ}（盖章）"], date=clue.sent_on,
    )  # fmt: skip
