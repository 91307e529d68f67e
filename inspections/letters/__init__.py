"""Enforcement documents on paper."""

from __future__ import annotations

import datetime as dt

from common.letters import Heading, Letter, Paragraph, Table
from inspections.models import Document


def on(day: dt.date | None) -> str:
    """A day as papers write it; an empty string for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def document_letter(document: Document) -> Letter:
    """The paper of a document, with its numbered list, penalties, appeal bodies, officers and the place to sign.

    Before it is approved it bears neither number nor date.
    """
    visit, rules = document.visit, document.rules
    officers = list(visit.officers.all())
    organ = visit.opened_by.unit.name if visit.opened_by.unit else "应急管理局"
    body: list[Heading | Paragraph | Table] = []
    if document.parent is not None:
        body.append(Paragraph(f"依据：{document.parent.get_kind_display()}{document.parent.number}。"))
    body.append(Paragraph(f"检查时间：{on(visit.begun_on)}至{on(visit.ended_on)}。检查地点：{visit.places}。"))
    body.append(Paragraph(rules.opening.format(officers="、".join(str(one) for one in officers))))
    body.append(Paragraph(document.facts))
    lines = list(document.lines.all())
    if lines:
        last = "复查情况" if rules.rechecks else "整改期限"
        rows = [[str(one.position), one.text, one.outcome if rules.rechecks else on(one.due_on)] for one in lines]
        body.append(Table(rows, head=["序号", "问题隐患", last], shares=[1, 7, 3]))
    body.append(Paragraph(document.demand))
    if document.due_on is not None:
        body.append(Paragraph(f"期限：自签发之日起至{on(document.due_on)}止。"))
    measures = [str(one) for one in document.measures.all()]
    if measures:
        body.append(Paragraph(f"采取的措施：{'、'.join(measures)}。"))
    penalties = list(document.penalties.all())
    if penalties:
        rows = [[one.get_subject_display(), one.name, f"{one.amount:,.2f}"] for one in penalties]
        body.append(Table(rows, head=["处罚对象", "名称（姓名）", "罚款（元）"], shares=[2, 5, 3]))
    if rules.appeal:
        body.append(
            Paragraph(
                f"如不服本决定，可以自收到之日起六十日内向{document.review_organ}申请行政复议，"
                f"或者在六个月内依法向{document.court}提起行政诉讼。复议、诉讼期间，本决定不停止执行。"
            )
        )
    signs = [["执法人员（签名）", "执法证号"], *([one.officer.name, one.certificate] for one in officers)]
    body.append(Table(signs[1:], head=signs[0], shares=[1, 1]))
    body.append(Paragraph("被检查单位签收（签名）：　　　　　　　　　　　　　　年　　月　　日"))
    return Letter(
        organ=organ,
        number=document.number or "（未签发）",
        title=rules.label,
        to=visit.mine.name,
        body=body,
        signers=[f"{organ}（盖章）"],
        date=document.issued_on,
    )
