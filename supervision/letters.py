"""A letter of the ladder as an official paper."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from common.letters import Heading, Letter, Paragraph, Table
from supervision.models import SupervisionLetter
from supervision.proposals import source_label


def on(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def paper(letter: SupervisionLetter) -> Letter:
    """The letter in the layout of GB/T 9704; a draft is the same paper without number and date.

    Receipts, with their units and the units' parents, and items should have been read.
    """
    units = [receipt.unit for receipt in letter.receipts.all()]
    items = list(letter.items.all())
    paragraphs = [line for line in letter.body.splitlines() if line.strip()]
    opening, rest = paragraphs[:1], paragraphs[1:]
    body: list[Heading | Paragraph | Table] = [Paragraph(line) for line in opening]
    if items:
        several = len(units) > 1
        head = ["序号", *(["责任单位"] if several else []), "事项", "应完成日期", "逾期工作日"]
        rows = [
            [
                str(number),
                *([str(item.unit)] if several else []),
                f"{source_label(item.source)}：{item.title}",
                f"{item.due_on:%Y-%m-%d}",
                str(item.workdays_late),
            ]
            for number, item in enumerate(items, 1)
        ]
        body.append(Table(rows, head=head, shares=[2, *([5] if several else []), 12, 4, 3]))
    body += [Paragraph(line) for line in rest]
    if letter.is_talk and letter.meets_at:
        when = timezone.localtime(letter.meets_at)
        body.append(Paragraph(f"约谈时间：{on(when.date())}{when:%H时%M分}。"))
        body.append(Paragraph(f"约谈地点：{letter.place}。"))
        if letter.people:
            body.append(Paragraph(f"参加人员：{letter.people}。"))
    if letter.answer_by:
        body.append(Paragraph(f"请于{on(letter.answer_by)}前书面答复。"))
    parents = {unit.parent.name: None for unit in units if unit.parent is not None}
    return Letter(
        organ=f"{letter.organ.name}文件",
        number=letter.number,
        title=letter.title,
        to="、".join(unit.name for unit in units),
        body=body,
        signers=[letter.organ.name],
        date=letter.sent_on,
        copies=list(parents),
    )


def talk_record(letter: SupervisionLetter) -> Letter:
    """The record of a talk, to be signed by those who were there."""
    units = "、".join(receipt.unit.name for receipt in letter.receipts.all())
    when = f"{timezone.localtime(letter.meets_at):%Y-%m-%d %H:%M}" if letter.meets_at else ""
    facts = [
        ("约谈通知", letter.number),
        ("被约谈单位", units),
        ("时间", when),
        ("地点", letter.place),
        ("参加人员", letter.people),
    ]
    return Letter(
        title="约谈记录",
        body=[
            Table(facts, shares=[1, 4]),
            Heading("约谈内容"),
            Paragraph(letter.record),
            Paragraph("约谈人（签字）：　　　　　　　　被约谈人（签字）："),
        ],
    )
