"""The level of government that issues a plan: county, city, province or national."""

from __future__ import annotations

import re
from collections import Counter

from .flow import Flow
from .model import Campaign, Task


def read_level(campaign: Campaign, flow: Flow, tasks: list[Task]) -> str | None:
    """county, city, province or national: by the issuer, then the title, then the level most units are printed with."""
    for name in (campaign.issuer, campaign.title):
        level = _level_of_name(name or "")
        if level:
            return level
    prefixes = Counter(
        unit.name[0]
        for task in tasks
        for unit in task.units
        if unit.name[0] in "省市县区州旗盟" and not unit.name.startswith("区域")
    )
    if not prefixes:
        prefixes = Counter(re.findall(r"(?<=[我全、。])([省市县区州旗])(?=[\u4e00-\u9fff])", flow.folded))
    if not prefixes:
        return None
    return _LEVELS[prefixes.most_common(1)[0][0]]


_LEVELS = {"省": "province", "市": "city", "州": "city", "盟": "city", "县": "county", "区": "county", "旗": "county"}


def _level_of_name(name: str) -> str | None:
    if re.match(
        r"国务院|应急管理部|国家|中共中央|住房和城乡建设部|交通运输部|公安部|工业和信息化部|水利部|农业农村部|教育部",
        name,
    ):
        return "national"
    name = re.sub(r"^中共", "", name)
    found: str | None = None
    rest = name
    for _ in range(3):
        match = re.match(
            r"[\u4e00-\u9fff]{1,9}?(自治区|自治州|自治县|省|市|县|区|州|盟|旗)(?![场政级域容市县区旗])", rest
        )
        if not match:
            break
        word = match.group(1)
        if match.group() in ("开发区", "经济开发区", "园区") or re.match(
            r"(?:矿|山|景|园|社|林|灾|牧|城|辖|成|片|库|校|厂)区$", match.group()[-2:]
        ):
            break
        found = {"自治区": "province", "自治州": "city", "自治县": "county"}.get(word) or _LEVELS[word]
        rest = rest[match.end() :]
    if found is None and re.match(r"[\u4e00-\u9fff]{1,6}?(?:镇|乡|街道)", name):
        return "county"  # towns and subdistricts plan within their county
    if found is None and re.match(r"(?:北京|天津|上海|重庆)市", name):
        return "province"
    if found == "city" and re.match(r"(?:北京|天津|上海|重庆)市(?!\S{1,6}[区县])", name):
        return "province"
    return found
