"""The report on the investigation of a major hazard."""

from __future__ import annotations

from common.letters import Heading, Letter, Paragraph, Table
from hazards.letters.words import on, sentence
from hazards.models import Investigation


def investigation_report(investigation: Investigation) -> Letter:
    """Facts, causes, who answers for them and what has to change; number and signature only once it is signed."""
    hazard = investigation.hazard
    unit = (investigation.signed_by or investigation.written_by).unit
    organ = unit.name if unit else "应急管理局"
    clause = f"，判定条款：{hazard.clause}" if hazard.clause else ""
    body: list[Heading | Paragraph | Table] = [
        Paragraph(
            f"{on(hazard.found_on)}，在{hazard.mine.name}{hazard.place}发现重大事故隐患（编号{hazard.number}{clause}）："
            f"{sentence(hazard.description)}调查自{on(investigation.begun_on)}开始，现将情况报告如下："
        ),
        Heading("一、调查人员"),
        Paragraph(investigation.team),
        Heading("二、查明的事实"),
        Paragraph(investigation.facts or "（正在调查）"),
        Heading("三、原因"),
        Heading("（一）直接原因", 2),
        Paragraph(investigation.direct_cause or "（正在调查）"),
        Heading("（二）管理原因", 2),
        Paragraph(investigation.managerial_cause or "（正在调查）"),
        Heading("四、责任认定和处理建议"),
    ]
    liabilities = [
        [one.name, one.post, one.get_kind_display(), one.fault, one.handling] for one in investigation.liabilities.all()
    ]
    head = ["责任人或单位", "单位和职务", "责任", "责任事实", "处理建议"]
    body.append(
        Table(liabilities, head=head, shares=[3, 4, 2, 6, 6])
        if liabilities
        else Paragraph("没有需要追究责任的人员和单位。")
    )
    body.append(Heading("五、整改建议"))
    recommendations = [[one.text, one.unit.name, on(one.due_on)] for one in investigation.recommendations.all()]
    body.append(
        Table(recommendations, head=["建议", "责任单位", "完成时限"], shares=[10, 5, 4])
        if recommendations
        else Paragraph("没有另外的建议。")
    )
    body += [Heading("六、结论"), Paragraph(investigation.conclusion or "（正在调查）")]
    signed = investigation.is_signed
    return Letter(
        organ=f"{organ}文件" if signed else "",
        number=investigation.number if signed else "",
        title=f"{hazard.mine.name}\n重大事故隐患调查报告{'' if signed else '（草稿）'}",
        body=body,
        signers=[organ] if signed else [],
        date=investigation.signed_on if signed else None,
    )
