"""Rows below a heading that hold no record: totals, signatures, notes, numbers of columns, examples to follow."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NOTE = re.compile(r"(注|备注|说明|填表|填报|制表|审核|负责人|联系人|联系电话|合计|总计|小计|共计)[：:人日单]?")
_SIGNATURE = re.compile(
    r"(填表|填报|制表|审核|审批|审定|报送|复核|负责人|单位负责人|主要负责人|分管|联系|签字|签章|盖章|日期)[^：:\d]{0,8}[：:]"
)
_TOTAL = re.compile(r"(本页|本月|本年|全县|全矿)?(合计|总计|小计|共计|累计)[：:]?")
_FIGURE = re.compile(r"[\d.,%\-/]*(条|项|处|个|家|座|万?元)?")
_EXAMPLE = re.compile(r"[（(【\[]?(填写|填表)?(示例|样例|范例|举例|例)\d*[)）】\]]?[：:]?")
_LETTERS = "甲乙丙丁戊己庚辛"


def is_noise(texts: Sequence[str], width: int) -> bool:
    """Whether a row of these cells holds no record; `width` is how many columns of the table are read."""
    filled = ["".join(text.split()) for text in texts if text]
    if not filled:
        return False
    first, others = filled[0], filled[1:]
    if _SIGNATURE.match(first) or _EXAMPLE.fullmatch(first):
        return True
    if _TOTAL.fullmatch(first) and all(_FIGURE.fullmatch(text) for text in others):
        return True
    if len(filled) <= 2 < width and _NOTE.match(first):
        return True
    return len(filled) >= 3 and _counts_columns(filled)


def _counts_columns(filled: Sequence[str]) -> bool:
    """1 2 3 4 …, or 甲 乙 1 2 …, which official forms print below their heading."""
    named = next((place for place, text in enumerate(filled) if text not in _LETTERS), len(filled))
    numbers = [text.strip("()") for text in filled[named:]]
    return len(numbers) >= 2 and numbers == [str(number) for number in range(1, len(numbers) + 1)]
