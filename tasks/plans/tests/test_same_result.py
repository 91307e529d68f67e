"""The same plan gives the same result in every format an office may send it in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tasks.plans.formats import open_document
from tasks.plans.reader import read_plan
from tasks.plans.tests import writers
from tasks.plans.tests.ofd_writer import to_ofd
from tasks.plans.tests.plan_files import SAMPLES, every_plan

Written = tuple[str, bytes]


def merged(parts: list[writers.Part]) -> list[writers.Part]:
    """The parts with empty cells below a filled first row truly merged, as an office would have typed the table."""
    return [writers.merge_empty_below(p, range(2, 4)) if isinstance(p, writers.Table) else p for p in parts]


FORMATS: dict[str, Callable[[str], Written]] = {
    "md": lambda text: ("方案.md", text.encode()),
    "gb18030": lambda text: ("方案.txt", text.encode("gb18030")),
    "utf-16": lambda text: ("方案.txt", text.encode("utf-16")),
    "docx": lambda text: ("方案.docx", writers.to_docx(writers.parts_of(text))),
    "docx, typed numbers": lambda text: ("方案.docx", writers.to_docx(writers.parts_of(text), numbered=False)),
    "xlsx": lambda text: ("方案.xlsx", writers.to_xlsx(writers.parts_of(text))),
    "html": lambda text: ("方案.html", writers.to_html(writers.parts_of(text))),
    "html, gb2312": lambda text: ("方案.htm", writers.to_html(writers.parts_of(text), charset="gb2312")),
    "pdf": lambda text: ("方案.pdf", writers.to_pdf(writers.parts_of(text))),
    "ofd": lambda text: ("方案.ofd", to_ofd(writers.to_pdf(writers.parts_of(text)))),
    "ofd, pages on their side": lambda text: ("方案.ofd", to_ofd(writers.to_pdf(writers.parts_of(text)), turned=True)),
}


def bare(text: object) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text or "")))


def result_of(written: Written) -> dict[str, Any]:
    """What a reader of the plan would check, without places in the file and without white space."""
    plan = read_plan(open_document(*written)).to_json()
    return {
        "campaign": {
            key: bare(plan["campaign"].get(key)) for key in ("title", "document_number", "issuer", "start", "end")
        },
        "tasks": [
            {
                "id": task["id"],
                "path": [bare(title) for title in task["path"]],
                "title": bare(task["title"]),
                "text": bare(task["text"]),
                "units": [(bare(unit["name"]), unit["role"]) for unit in task["units"]],
                "deadlines": [(deadline["kind"], str(deadline["date"])) for deadline in task["deadlines"]],
                "recurrences": [(recurrence["every"], recurrence["times"]) for recurrence in task["recurrences"]],
            }
            for task in plan["tasks"]
        ],
        "stages": [(bare(stage["name"]), str(stage["start"]), str(stage["end"])) for stage in plan["stages"]],
        "goals": [(bare(goal["text"]), goal["value"], goal["unit"]) for goal in plan["goals"]],
        "reporting": [(bare(duty["what"]), duty["every"], str(duty["due"])) for duty in plan["reporting"]],
        "protection": [bare(title) for title in plan["protection_measures"]],
    }


@cache
def result_of_text(path: Path) -> dict[str, Any]:
    return result_of(("方案.txt", path.read_bytes()))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("path", every_plan())
def test_every_format_gives_the_result_of_the_plain_text(path: Path, form: str) -> None:
    expected = result_of_text(path)
    assert expected["tasks"]
    result = result_of(FORMATS[form](path.read_text("utf-8")))
    for part, wanted in expected.items():
        assert result[part] == wanted, f"{part} of the {form} file differ"


@pytest.mark.parametrize("writer", [writers.to_docx, writers.to_xlsx, writers.to_html, writers.to_pdf])
def test_merged_cells_give_their_value_to_every_row_they_span(writer: Callable[[list[writers.Part]], bytes]) -> None:
    rows = [
        ["序号", "任务", "责任部门", "完成时限", "主要进展及完成情况"],
        ["1", "逐座排查露天边坡并建立监测档案，发现位移立即撤人。", "县应急管理局", "2025年6月底前", ""],
        ["2", "拆除井下废弃风门，重新核定每个采区的需风量。", "", "", ""],
        ["3", "为下井人员配备定位卡，信号中断时自动报警。", "县工业和信息化局", "", ""],
    ]
    parts = merged([writers.Paragraph("青岭县矿山安全整治任务清单"), writers.Table(rows)])
    (table,) = (part for part in parts if isinstance(part, writers.Table))
    assert table.merges
    suffix = writer.__name__.removeprefix("to_")
    tasks = result_of((f"清单.{suffix}", writer(parts)))["tasks"]
    assert [[unit for unit, _ in task["units"]] for task in tasks] == [
        ["县应急管理局"],
        ["县应急管理局"],
        ["县工业和信息化局"],
    ]
    assert [task["deadlines"] for task in tasks] == [[("date", "2025-06-30")]] * 3


def test_the_invented_plan_is_read_as_it_was_meant() -> None:
    result = result_of_text(SAMPLES / "invented_plan.md")
    titles = [task["title"] for task in result["tasks"] if task["title"]]
    assert titles == ["健全责任体系", "配齐关键岗位人员", "清查露天边坡", "清查井下通风系统"]
    assert result["campaign"]["document_number"] == bare("青矿安办发〔2025〕7号")
    units = {task["title"]: task["units"] for task in result["tasks"]}
    assert units["配齐关键岗位人员"] == [
        ("县应急管理局", "lead"),
        ("县人力资源和社会保障局", "responsible"),
        ("各矿山企业", "cooperating"),
    ]
    assert len(result["tasks"]) == 9  # four items, three rows of the list, two parts of its first row
    assert len(result["stages"]) == 3
    assert len(result["protection"]) == 3


@pytest.mark.parametrize("writer", [writers.to_docx, writers.to_xlsx, writers.to_html, writers.to_pdf])
def test_a_section_row_over_the_whole_width_heads_the_rows_below_it(
    writer: Callable[[list[writers.Part]], bytes],
) -> None:
    rows = [
        ["序号", "任务", "责任部门", "完成时限"],
        ["一、清查", "", "", ""],
        ["1", "逐座排查露天边坡并建立监测档案。", "县应急管理局", "2025年6月底前"],
        ["二、整改", "", "", ""],
        ["2", "封闭废弃巷道并重新核定需风量。", "县应急管理局", "2025年9月底前"],
    ]
    table = writers.Table(rows, [(1, 0, 1, 3), (3, 0, 3, 3)])
    written = writer([writers.Paragraph("青岭县矿山安全整治任务清单"), table])
    tasks = result_of((f"清单.{writer.__name__.removeprefix('to_')}", written))["tasks"]
    assert [task["path"][-1] for task in tasks] == ["一、清查", "二、整改"]
