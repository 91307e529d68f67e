"""A ranking and an assessment as a table and as an official notice."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import IO

from common.letters import Heading, Letter, Paragraph, Table
from common.spreadsheets import Column, Kind, write_rows
from supervision.assessment import INDICES, Assessment
from supervision.letters import on
from supervision.ranking import Ranking
from units.models import Unit

COLOURS = {"red": "红牌", "yellow": "黄牌", "": ""}


def ranking_xlsx(ranking: Ranking) -> IO[bytes]:
    """Every indicator with what it was made of."""
    columns = [
        Column("place", "名次", Kind.INTEGER, width=8),
        Column("unit", "单位", width=30),
        Column("score", "得分", Kind.DECIMAL),
    ]
    for one in ranking.indicators:
        columns.append(Column(one.key, f"{one.label}（{one.unit}）", Kind.DECIMAL))
        if one.whole:
            columns.append(Column(f"{one.key}_of", f"{one.label}：分子/分母"))
    columns += [Column("colour", "红黄牌"), Column("why", "原因", width=30)]

    def rows() -> Sequence[dict[str, object]]:
        found = []
        for row in ranking.rows:
            values: dict[str, object] = {
                "place": row.place or None, "unit": row.unit.name, "score": row.score,
                "colour": COLOURS[row.colour], "why": row.why,
            }  # fmt: skip
            for cell in row.cells:
                values[cell.indicator.key] = cell.value
                values[f"{cell.indicator.key}_of"] = cell.made_of
            found.append(values)
        return found

    target = io.BytesIO()
    write_rows(target, columns, rows(), title=f"{ranking.title}（截至{ranking.on:%Y-%m-%d}）", sheet="排名")
    target.seek(0)
    return target


def ranking_notice(ranking: Ranking, organ: Unit) -> Letter:
    """The notice that is printed: the table of places, the lists, and how the numbers were made."""
    scored = [one for one in ranking.indicators if ranking.weights.get(one.key)]
    rows = [
        [
            str(row.place) if row.place else "—",
            row.unit.name,
            f"{row.score:g}" if row.score is not None else "—",
            *(cell.shown for cell in row.cells if cell.indicator in scored),
        ]
        for row in ranking.rows
    ]
    body: list[Heading | Paragraph | Table] = [
        Paragraph(f"现将{ranking.period.label}（截至{on(ranking.on)}）各单位工作排名情况通报如下："),
        Heading("一、排名"),
        Table(
            rows, head=["名次", "单位", "得分", *(one.label for one in scored)], shares=[2, 7, 3, *[3] * len(scored)]
        ),
        Heading("二、红牌和黄牌"),
    ]
    for colour, name in (("red", "红牌"), ("yellow", "黄牌")):
        listed = ranking.listed(colour)
        words = "；".join(f"{row.unit.name}（{row.why}）" for row in listed)
        body.append(Paragraph(f"{name}{len(listed)}个单位{'：' + words if listed else ''}。"))
    body += [
        Heading("三、计算办法"),
        *(Paragraph(f"{one.label}＝{one.formula}。") for one in scored),
        Paragraph(ranking.score_formula),
        Paragraph("请排名靠后和列入红牌、黄牌的单位查找原因，抓紧整改。"),
    ]
    return Letter(
        title=f"关于{ranking.title}情况的通报",
        body=body,
        signers=[organ.name],
        date=ranking.on,
        organ=f"{organ.name}文件",
    )


def assessment_xlsx(assessment: Assessment) -> IO[bytes]:
    columns = [
        Column("place", "名次", Kind.INTEGER, width=8),
        Column("unit", "单位", width=30),
        Column("score", "得分", Kind.DECIMAL),
    ]
    for key, label, *_ in INDICES:
        columns += [Column(key, label, Kind.DECIMAL), Column(f"{key}_of", f"{label}：依据")]
    rows = []
    for row in assessment.rows:
        values: dict[str, object] = {"place": row.place or None, "unit": row.unit.name, "score": row.score}
        for (key, *_), index in zip(INDICES, row.indices, strict=True):
            values[key], values[f"{key}_of"] = index.value, index.made_of
        rows.append(values)
    target = io.BytesIO()
    write_rows(target, columns, rows, title=f"{assessment.title}（截至{assessment.on:%Y-%m-%d}）", sheet="考核")
    target.seek(0)
    return target


def assessment_notice(assessment: Assessment, organ: Unit) -> Letter:
    rows = [
        [str(row.place) if row.place else "—", row.unit.name, *(one.shown for one in row.indices),
         f"{row.score:g}" if row.score is not None else "—"]
        for row in assessment.rows
    ]  # fmt: skip
    head = ["名次", "单位", *(label for _, label, *_ in INDICES), "得分"]
    return Letter(
        title=f"关于{assessment.title}结果的通报",
        body=[
            Paragraph(f"现将四项指标考核结果（截至{on(assessment.on)}）通报如下："),
            Table(rows, head=head, shares=[2, 7, 3, 3, 3, 3, 3]),
            Heading("计算办法"),
            *(Paragraph(f"{label}＝{formula}。") for _, label, formula, *_ in INDICES),
            Paragraph(assessment.formula),
        ],
        signers=[organ.name],
        date=assessment.on,
        organ=f"{organ.name}文件",
    )
