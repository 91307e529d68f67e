"""The card of particulars that sites of governments print above a document: 发文字号, 发布机构, 成文日期."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from .grids import Grid
from .header import DOCUMENT_NUMBER, day_in
from .model import Campaign
from .traced import Traced

_LABELS = {
    "document_number": re.compile(r"(?:发文|文件|公文)?(?:字号|文号|编号):?$"),
    "issuer": re.compile(r"(?:发文|发布|制发)(?:机构|机关|单位):?$"),
    "issued_on": re.compile(r"(?:成文|发文|印发)(?:日期|时间):?$"),
}


# 发布机构 | 昌宁县应急管理局 |, where a copy kept the bars of the card and no more.
_BARRED = re.compile(r"(?P<label>[\u4e00-\u9fff]{2,6})[ \t]*\|[ \t]*(?P<value>[^|\n]{4,40}?)[ \t]*(?=\||\n|$)")


def read_particulars(campaign: Campaign, grids: Iterable[Grid], opening: Iterable[Traced]) -> None:
    """Take from such a card what the document itself does not print; `opening` holds its first lines as printed."""
    for line in opening:
        for match in _BARRED.finditer(line.text):
            _take(campaign, match.group("label"), line[match.start("value") : match.end("value")])
    for grid in grids:
        for row in grid.rows:
            cells = [slot.text.stripped() for slot in row]
            for label, value in pairwise(cells):
                _take(campaign, label.compact().folded, value)


def _take(campaign: Campaign, label: str, value: Traced) -> None:
    name = next((name for name, pattern in _LABELS.items() if pattern.match(label)), None)
    if name is None or getattr(campaign, name) is not None or not value:
        return
    plain = value.compact()
    if name == "document_number":
        match = DOCUMENT_NUMBER.fullmatch(plain.folded)
        found: object | None = str(plain) if match else None
    elif name == "issued_on":
        found = day_in(plain.folded)
    else:
        found = str(plain) if re.fullmatch(r"[\u4e00-\u9fff、]{3,40}", plain.text) else None
    if found is not None:
        setattr(campaign, name, found)
        campaign.spans[name] = value.spans()
