"""Cleaning keeps the places: every field points at its words in the document as printed."""

from __future__ import annotations

import gc
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.plans.cleaning import STEP_NAMES, clean
from tasks.plans.document import Block, Document, UnreadableDocument
from tasks.plans.formats import open_text
from tasks.plans.model import Plan
from tasks.plans.reader import read_plan
from tasks.plans.tests.plan_files import SAMPLES
from tasks.plans.tests.reading import words
from tasks.plans.traced import Traced

SAMPLE = next(iter(sorted(SAMPLES.glob("*.md"))))


def cleaned(text: str, *without: str) -> str:
    document = Document("文.txt", "text/plain", (Block(0, text),))
    return "\n".join(str(part) for part in clean(document, without=without) if isinstance(part, Traced))


@pytest.mark.parametrize(
    ("step", "printed", "expected"),
    [
        ("pinyin", "安(an)全(quan)(quan)生(shēng)产(chan)", "安全生产"),
        ("pinyin", "(一(yi)(yi))严(yan)格", "(一)严格"),
        ("traditional", "國務院關於安全生產的著眼點", "国务院关于安全生产的着眼点"),
        ("width", "２０２５年１２月", "2025年12月"),
        ("markup", "落实<b>责任</b>&nbsp;制度", "落实责任 制度"),
        ("page_marks", "第一段\n— 3 —\n第二段", "第一段\n\n第二段"),
        ("page_marks", "前文第 20 页 共 20 页后文", "前文后文"),
        ("stops", "完善通风.落实制度.排查隐患.", "完善通风。落实制度。排查隐患。"),
        ("site_lines", "正文文字\n浏览次数：35\n", "正文文字"),
        ("shifted_bytes", "?。ㄒ唬┚C合整治", "（一）C合整治"),
        ("invisible", "安\u200b全", "安全"),
    ],
)
def test_each_step_does_its_work_and_can_be_left_out(step: str, printed: str, expected: str) -> None:
    assert cleaned(printed).strip() == expected
    assert step in STEP_NAMES
    assert cleaned(printed, step).strip() != expected


def test_words_with_brackets_that_are_not_pinyin_stay() -> None:
    text = "浓度(mg)和长度(km)以及方案(试行)"
    assert cleaned(text) == text


def test_some_words_keep_their_old_character() -> None:
    assert cleaned("顯著提升，著眼長遠，著名礦山，國務院辦公廳發佈") == "显著提升，着眼长远，著名矿山，国务院办公厅发布"


def test_chunk_numbers_go_and_real_numbers_stay() -> None:
    sentence = "为了把全县矿山的各类隐患消除在萌芽之中，切实防止事故的发生，各单位要结合自己的实际把工作做细做实，" * 2
    cut = "\n".join(f"{number}、{sentence}" for number in range(1, 6))
    assert cleaned(cut) == sentence * 5
    real = "\n".join(f"{number}、清查边坡。{sentence[:-1]}。" for number in range(1, 6))
    assert cleaned(real) == real


def test_headers_of_pages_go_and_lines_of_fields_stay() -> None:
    page = "白石县文件汇编\n（一）排查隐患。逐矿排查到位。\n责任单位：县应急局\n"
    assert cleaned(page * 3).count("白石县文件汇编") == 1
    assert cleaned(page * 3).count("责任单位：县应急局") == 3


def test_lines_broken_inside_sentences_are_joined() -> None:
    plan = read_plan(
        open_text(
            "白石县整治方案\n为整治隐患，制\n定本方案。\n一、主要任务\n（一）清查露天\n边坡。对高度超过一百米的边\n坡逐座测量建\n"
            "档，位移异常的立即停产。（责任单位：县应\n急局，各乡镇人民\n政府；完成时限：2025年6\n月底前）\n"
        )
    )
    (task,) = plan.tasks
    assert (task.title, task.text) == ("清查露天边坡", "对高度超过一百米的边坡逐座测量建档，位移异常的立即停产。")
    assert [unit.name for unit in task.units] == ["县应急局", "各乡镇人民政府"]
    assert [str(deadline.date) for deadline in task.deadlines] == ["2025-06-30"]


def assert_places(document: Document, plan: Plan) -> None:
    """Every span lies inside its block, and quotes what the field says once both are without white space."""
    data = plan.to_json()

    def check(value: object) -> None:
        if isinstance(value, list) and len(value) == 3 and all(isinstance(number, int) for number in value):
            block, start, end = value
            assert 0 <= start < end <= len(document.blocks[block].text)
        elif isinstance(value, list):
            for item in value:
                check(item)
        elif isinstance(value, dict):
            for item in value.values():
                check(item)

    check(data["positions"])
    for warning in plan.warnings:
        check([[span.block, span.start, span.end] for span in warning.spans])


def test_every_field_of_the_sample_quotes_its_words() -> None:
    document = open_text(Path(SAMPLE).read_text(encoding="utf-8"))
    plan = read_plan(document)
    assert_places(document, plan)
    assert len(plan.leaves()) > 3
    for task in plan.tasks:
        assert not task.title or words(document, task.title_spans) == task.title
        for unit in task.units:
            assert words(document, unit.spans) == unit.name
        for deadline in task.deadlines:
            assert words(document, deadline.spans) == deadline.text
        for recurrence in task.recurrences:
            assert words(document, recurrence.spans) == recurrence.text
        assert task.text[:10] in words(document, task.text_spans)
    assert words(document, plan.campaign.spans["title"]) == plan.campaign.title


_PIECES = st.sampled_from(
    [
        "一、",
        "二、",
        "(一)",
        "（二）",
        "1.",
        "2、",
        "(1)",
        "①",
        "一是",
        "二是",
        "第一条",
        "附件1",
        "主要任务",
        "工作目标",
        "实施步骤",
        "保障措施",
        "责任单位：",
        "牵头单位:",
        "完成时限：",
        "县应急局",
        "各乡镇人民政府",
        "、",
        "，",
        "。",
        "；",
        "：",
        "(",
        ")",
        "（",
        "）",
        "【",
        "】",
        "〔2025〕",
        "\n",
        "\n\n",
        " ",
        "\t",
        "\\",
        "",
        " ",
        "2025年",
        "13月",
        "31日前",
        "底前",
        "年内",
        "每月",
        "每季度1次",
        "分别下降10%以上",
        "长期坚持",
        "其中",
        "牵头",
        "负责",
        "配合",
        "<table><tr><td>",
        "</td></tr></table>",
        "(an)",
        "第3页共9页",
        "安全生产",
        "平安生产",
        "國",
        "２０",
        "&nbsp;",
        "\x00",
        "𠮷",
        "",
        " a ",
        "—",
        "排查隐患",
        "序号",
        "任务",
        "责任部门",
        "\\",
        "--\\",
        "--\\",
        "--\\",
        "",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(_PIECES, st.text(max_size=12)), max_size=120))
def test_no_text_makes_the_reader_stumble(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        document = open_text(text)
        plan = read_plan(document)
    except UnreadableDocument as refusal:
        assert refusal.message.endswith("。")
        return
    assert_places(document, plan)
    ids = [task.id for task in plan.tasks]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "piece",
    [
        "责任单位:",
        "每月",
        "一是",
        "\t",
        "1、安\n",
        "关于",
        "2025年底前",
        "(责任单位:县应急局",
        "县应急局和",
        "安\n",
        "<tr><td>",
        "|--|--|--|\n",
    ],
)
def test_endless_repetition_is_read_in_time_that_grows_with_its_length(piece: str) -> None:
    """A hostile text must not hold a worker: where a step looks back over all the text, this ratio is near a thousand."""

    def seconds(size: int) -> float:
        document = Document(
            "文.txt", "text/plain", (Block(0, "一、主要任务\n（一）安全。" + piece * (size // len(piece))),)
        )
        start = time.process_time()
        read_plan(document)
        return time.process_time() - start

    seconds(200)
    gc.collect()
    gc.disable()  # how much else lives in this process is not the reader's
    try:
        assert seconds(32_000) < max(2.0, 200 * min(seconds(1_000) for _ in range(3)))
    finally:
        gc.enable()
