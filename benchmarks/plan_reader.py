"""How long the plan reader takes for 50,000 characters, beside the least that any reader must do.

    python benchmarks/plan_reader.py

The floor, measured in the same run, is one pass of the simplifier and one split into sentences over the same text.
Limits: 1 second and 200 MB on one core. Exits 1 when one is passed.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from opencc import OpenCC

from tasks.plans.formats import open_text
from tasks.plans.reader import read_plan

CHARACTERS = 50_000
LIMIT_SECONDS = 1.0
LIMIT_MEGABYTES = 200


def invented(characters: int) -> str:
    """A plan of the wanted length: sections of ten items, each with a bracket, and a table at the end."""
    lines = [
        "白石县矿山整治三年行动方案（2025—2027年）",
        "为整治矿山隐患，制定本方案。",
        "一、工作目标",
        "消除隐患。",
        "二、主要任务",
    ]
    size = sum(map(len, lines))
    rows = ["附件：任务清单", "| 序号 | 任务 | 责任部门 | 完成时限 |", "|---|---|---|---|"]
    section = 0
    while size < characters:
        section += 1
        block = [f"（{_chinese(section)}）强化第{section}片区隐患排查治理"]
        for item in range(1, 11):
            block.append(
                f"{item}.整治第{item}类隐患。"
                + "督促企业逐矿排查、逐条登记、逐项整改，每季度至少检查2次，2026年底前完成改造。" * 3
                + "（牵头单位：县应急管理局；责任单位：县自然资源局、县公安局，各乡镇人民政府；完成时限：2025年6月底前，长期坚持）"
            )
        rows.append(f"| {section} | (1) 排查边坡并建立档案。 (2) 每月复查1次。 | 县应急管理局 县水利局 | 2025年底前 |")
        lines += block
        size += sum(map(len, block)) + len(rows[-1])
    return "\n".join([*lines, "三、保障措施", "（一）加强领导。要重视。", *rows])


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones else "")


def fastest(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of processor time of the fastest of several runs."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> int:
    text = invented(CHARACTERS)
    simplifier = OpenCC("t2s")
    sentence = re.compile(r"[。；！？\n]")
    document = open_text(text)
    plan = read_plan(document)
    floor = fastest(lambda: sentence.split(simplifier.convert(text)))
    seconds = fastest(lambda: read_plan(document))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(text):,} characters, {len(plan.leaves())} tasks")
    print(f"read     {seconds:8.3f} s   limit {LIMIT_SECONDS} s")
    print(f"floor    {floor:8.4f} s   ratio {seconds / floor:.0f}")
    print(f"memory   {megabytes:8.0f} MB  limit {LIMIT_MEGABYTES} MB")
    return int(seconds > LIMIT_SECONDS or megabytes > LIMIT_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
