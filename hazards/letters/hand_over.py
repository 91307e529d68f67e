"""The letter by which a hazard goes to the department whose business it is."""

from __future__ import annotations

from common.letters import Letter, Paragraph
from hazards.letters.words import on, sentence
from hazards.models import HandOver, Hazard


def hand_over_letter(hand_over: HandOver, hazard: Hazard) -> Letter:
    organ = hand_over.sent_by.unit.name if hand_over.sent_by.unit else "应急管理局"
    level = hazard.get_level_display() or "隐患（尚未定级）"
    due = f"整改期限为{on(hazard.due_on)}。" if hazard.due_on else ""
    body = [
        Paragraph(f"{on(hazard.found_on)}，在{hazard.mine.name}{hazard.place}发现{level}一处，编号{hazard.number}："),
        Paragraph(sentence(hazard.description)),
        Paragraph(f"{sentence(hand_over.reason)}{due}"),
        Paragraph("现将该隐患及有关材料移送你单位，请依职责办理，签收后退回回执，并将办理结果书面答复我局。"),
    ]
    return Letter(
        organ=f"{organ}文件",
        number=hand_over.letter,
        title=f"{organ}关于移送{hazard.mine.name}\n安全生产隐患的函",
        to=hand_over.receiver,
        body=body,
        signers=[organ],
        date=hand_over.sent_on,
    )
