"""Stages and the period of the campaign."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date

from .dates import month_end
from .flow import Flow
from .grids import Grid
from .model import Campaign, Stage
from .nodes import Node
from .titles import body_start
from .traced import Traced

_POINT = (
    r"(?:(?P<{0}now>即日起?|方案印发之日起?|印发之日起?|通知下发之日起?|发文之日起?)|(?:(?P<{0}y>20\d{{2}})年)?(?:(?P<{0}m>1[0-2]|0?[1-9])月(?:份)?)?"
    r"(?:(?P<{0}d>3[01]|[12]\d|0?[1-9])[日号]|(?P<{0}third>上旬|中旬|下旬))?(?P<{0}end>年?底|月?底|末)?(?P<{0}half>上半年|下半年)?)"
)
_RANGE = re.compile(
    _POINT.format("a") + r"(?:开始|起)?(?:(?P<to>[至到\-]+)(?:" + _POINT.format("b") + r"))?(?:前|止|底|结束)*"
)
_BRACKET = re.compile(r"[(](?P<inner>[^()]{2,40})[)]")
_PERIOD = re.compile(
    r"(?:从|自)?(?P<range>20\d{2}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:起|开始)?[,]?[至到\-]+(?:20\d{2}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年?底)?)"
)
_WHOLE = re.compile(_PERIOD.pattern + r"(?:底)?(?:结束|止)?,?(?:按照[^。]{0,60})?分[^,。]{0,4}个?阶段")
# 2023年3月，动员部署 and 4月至10月为集中整治阶段
_DATED = re.compile(
    r"(?P<when>(?:20\d{2}年|\d{1,2}月|即日起)[^,。;:为是]{0,22}?)(?:[,:]|[为是](?=[^,。;]{2,16}阶段))(?P<rest>[^,。;]{2,30})"
)
_ORDER = re.compile(r"^(?:第?[一二三四五六]+(?:个)?阶段[:,]?|[一二三四五六]是)")
_NAMED_BEHIND = re.compile(r"[为是](?P<name>[^,。;]{2,16}(?:阶段|期))")


def read_stages(flow: Flow, node: Node, year: int | None) -> list[Stage]:
    """The dated phases under a heading such as 实施步骤."""
    stages: list[Stage] = []
    for child in node.children:
        stage = _stage(flow, child, year)
        if stage:
            stages.append(stage)
            year = (
                (stage.end or stage.start or date(year or 1, 1, 1)).year if stage.end or stage.start or year else None
            )
    if stages or node.children:
        return stages
    return _unnumbered(flow, node, year)


def _stage(flow: Flow, node: Node, year: int | None) -> Stage | None:
    line_end = min(flow.next_line(node.head), node.own_end)
    stop = re.search(r"[。]", flow.folded[node.head : line_end])
    heading = flow.text[node.head : node.head + stop.start() if stop else line_end]
    return _from_heading(flow, heading, flow.text[body_start(node, flow) : node.end], year)


def _from_heading(flow: Flow, heading: Traced, body: Traced, year: int | None) -> Stage | None:
    for bracket in _BRACKET.finditer(heading.folded):
        found = read_range(bracket.group("inner"), year)
        if found:
            name = heading[: bracket.start()].stripped("。:：,，、")
            name = _cut_order(name)
            behind = _NAMED_BEHIND.match(heading.folded, bracket.end())
            if behind and _ORDER.fullmatch(name.folded):
                name = heading[behind.start("name") : behind.end("name")]
            printed = heading[bracket.start() : bracket.end()]
            return Stage(str(name), *found, str(printed), spans=heading[: bracket.end()].spans())
    dated = _DATED.match(heading.folded)
    if dated:
        found = read_range(dated.group("when"), year)
        if found:
            return Stage(
                str(heading[dated.start("rest") : dated.end("rest")]),
                *found,
                dated.group("when"),
                spans=heading.spans(),
            )
    colon = heading.folded.find(":")
    name = _cut_order(heading[: colon if 0 < colon <= 24 else len(heading)].stripped("。:：,，、"))
    if len(name) > 30:
        return None
    opening = re.match(r"[^。;]{0,60}", heading.folded[len(name) :] or body.folded)
    match = _PERIOD.search(opening.group()) if opening else None
    found = (
        read_range(match.group("range"), year) if match else _opening_range(opening.group() if opening else "", year)
    )
    return Stage(str(name), *found, match.group("range") if match else "", spans=heading.spans()) if found else None


def _opening_range(text: str, year: int | None) -> tuple[date | None, date | None] | None:
    match = re.match(r"[:,]?(?:时间[:为]?)?((?:20\d{2}年|\d{1,2}月)[^,。;]{1,24}?)(?:[,。;]|$)", text)
    return read_range(match.group(1), year) if match else None


def _cut_order(name: Traced) -> Traced:
    order = _ORDER.match(name.folded)
    return name[order.end() :] if order and order.end() < len(name) else name


_NAMED = re.compile(r"(?:第?[一二三四五六]+(?:个)?阶段[:,]?)?(?P<name>[^。;:,、()]{2,20})[(](?P<inner>[^()]{2,40})[)]")


def _unnumbered(flow: Flow, node: Node, year: int | None) -> list[Stage]:
    """第一阶段：…（…） or 动员部署（2020年6月），排查整治（…） in running text: two dated names at least."""
    stages = []
    for match in _NAMED.finditer(flow.folded, node.title_end or node.head, node.end):
        found = read_range(match.group("inner"), year)
        if found:
            name = _cut_order(flow.text[match.start("name") : match.end("name")])
            piece = flow.text[match.start("name") : match.end()]
            stages.append(Stage(str(name), *found, f"({match.group('inner')})", spans=piece.spans()))
    return stages if len(stages) > 1 else _told(flow, node, year)


def _told(flow: Flow, node: Node, year: int | None) -> list[Stage]:
    """2020年7月为动员部署阶段；8月至12月为排查整治阶段。 in running text: two dated stages at least."""
    stages = []
    for clause in flow.text[node.title_end or node.head : node.end].split(re.compile(r"[。;；]")):
        dated = _DATED.match(clause.folded.lstrip(",:"))
        found = read_range(dated.group("when"), year) if dated else None
        if dated and found and dated.group("rest").endswith("阶段"):
            name = _cut_order(
                clause[len(clause) - len(clause.folded.lstrip(",:")) :][dated.start("rest") : dated.end("rest")]
            )
            stages.append(Stage(str(name), *found, dated.group("when"), spans=clause.spans()))
            year = (found[1] or found[0] or date(year or 1, 1, 1)).year
    return stages if len(stages) > 1 else []


def stages_of_table(grid: Grid, year: int | None) -> list[Stage]:
    """阶段 | 时间 | 主要内容: the stages printed as rows of a table; none when its head says something else."""
    heads = [slot.text.compact().folded for slot in grid.rows[0]] if grid.rows else []
    names = [at for at, head in enumerate(heads) if head.endswith(("阶段", "步骤", "阶段名称"))]
    times = [at for at, head in enumerate(heads) if re.search(r"时间|时限|起止|日期", head)]
    if len(names) != 1 or len(times) != 1:
        return []
    stages = []
    for row in grid.rows[1:]:
        cells = {slot.column: slot.text.compact() for slot in row}
        name, when = cells.get(names[0], Traced.empty()), cells.get(times[0], Traced.empty())
        found = read_range(when.folded, year)
        if name and found:
            stages.append(Stage(str(_cut_order(name)), *found, str(when), spans=name.spans() + when.spans()))
    return stages if len(stages) > 1 else []


def read_range(text: str, year: int | None) -> tuple[date | None, date | None] | None:
    """2022年4月至5月, 2020年7月-9月, 2021年, 即日起至3月16日: first and last day; None when no time is printed."""
    text = re.sub(r"(20\d{2})[.](\d{1,2})[.](\d{1,2})(?!\d)", r"\1年\2月\3日", text)
    text = re.sub(r"(?<=年)(\d{1,2})(?=[-至到]\d{1,2}月)", r"\1月", text)
    text = re.sub(r"^(?:时间[:为]?|从|自|于)|(?:左右|期间|止|完成)$", "", text)
    match = _RANGE.match(text)
    if not match or match.end() < 2 or not re.search(r"[年月日旬起]", match.group()):
        return None
    if match.end() < len(text) and not re.match(r"[,、;:。)前止]|全年|完成|结束|底|开始", text[match.end() :]):
        return None
    first_year = int(match.group("ay")) if match.group("ay") else None
    second_year = int(match.group("by")) if match.group("by") else None
    year = first_year or second_year or year
    if year is None:
        return None
    if not match.group("to"):
        start, end = _edge(match, "a", year, last=False), _edge(match, "a", year, last=True)
        if match.group("anow"):
            return None, None
        if re.search(r"前$|止$|底$", match.group()) and not match.group("aend"):
            return None, end
        return (None if match.group("aend") else start), end
    end_year = second_year or year
    end = _edge(match, "b", end_year, last=True)
    if match.group("anow"):
        return None, end
    start = _edge(match, "a", first_year or end_year, last=False)
    if match.group("b" + "m") is None and match.group("bd") and match.group("am") and start:
        day = int(match.group("bd"))
        end = date(start.year, start.month, min(day, month_end(start.year, start.month).day))
    if start and end and start > end and first_year is None and second_year is not None:
        start = start.replace(year=end.year - 1, day=min(start.day, 28) if start.month == 2 else start.day)
    return start, end


def _edge(match: re.Match[str], side: str, year: int, *, last: bool) -> date | None:
    month, day, third = match.group(f"{side}m"), match.group(f"{side}d"), match.group(f"{side}third")
    if month is None:
        if day is not None:
            return None
        if match.group(f"{side}half"):
            first = match.group(f"{side}half") == "上半年"
            return (date(year, 6, 30) if first else date(year, 12, 31)) if last else date(year, 1 if first else 7, 1)
        return date(year, 12, 31) if last else date(year, 1, 1)
    number = int(month)
    final = month_end(year, number).day
    if day is not None:
        return date(year, number, min(int(day), final))
    if third:
        low, high = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, final)}[third]
        return date(year, number, high if last else low)
    return date(year, number, final if last else 1)


def read_period(campaign: Campaign, flow: Flow, stages: list[Stage]) -> None:
    """First to last stage; else a printed period (also in the title); else the one year the opening names."""
    printed = _WHOLE.search(flow.folded)
    whole = read_range(printed.group("range"), None) if printed else None
    if whole and whole[0] and whole[1]:
        campaign.start, campaign.end = whole
        return
    if stages:
        campaign.start = stages[0].start
        campaign.end = max((stage.end for stage in stages if stage.end), default=None)
        campaign.spans["start"] = stages[0].spans
        campaign.spans["end"] = stages[-1].spans
        if campaign.end is not None:
            return
    title = (
        (campaign.title or "")
        .replace("（", "(")
        .replace("—", "-")
        .replace("－", "-")
        .replace("–", "-")
        .replace("～", "-")
    )
    years = re.search(r"(20\d{2})(?:年)?[-至]+(20\d{2})年?", title)
    dated = re.search(r"[(](20\d{2}年\d{1,2}月[^()）]*)[)）]", title)
    whole = read_range(dated.group(1), None) if dated else None
    if whole and whole[0] and whole[1]:
        campaign.start, campaign.end = whole
        return
    if years:
        campaign.start, campaign.end = date(int(years.group(1)), 1, 1), date(int(years.group(2)), 12, 31)
        return
    match = re.search(
        r"(?:从|自|行动时间|整治时间|时间(?:安排)?)[为:]?(20\d{2}年\d{1,2}月[^。;,]{1,20}?[至到][^。;,]{2,14})",
        flow.folded,
    )
    found = read_range(match.group(1), None) if match else None
    if found and found[1]:
        campaign.start, campaign.end = found
        return
    now = re.search(
        r"(?:即日起|印发之日起|发文之日起)[,]?[至到](20\d{2}年(?:\d{1,2}月(?:\d{1,2}日|底)?|年?底))", flow.folded
    )
    found = read_range(now.group(1), None) if now else None
    if found:
        campaign.end = found[1]
        return
    year = plan_year(campaign, flow)
    if year:
        lasting = re.search(r"([三两五])年(?:专项)?(?:行动|整治|攻坚|计划)", title)  # 三年行动 without its years
        of_one_year = re.search(r"20\d{2}年.*(?:清单|要点|[解工务]表|台账)", title)  # the list of one year of it
        last = year + {"两": 1, "三": 2, "五": 4}[lasting.group(1)] if lasting and not of_one_year else year
        campaign.start, campaign.end = date(year, 1, 1), date(last, 12, 31)


def plan_year(campaign: Campaign, flow: Flow) -> int | None:
    """The year of the plan: in its title, in its opening, of its day of issue, or in its number.

    A year of the opening that is over when the plan is issued tells of what was.
    """
    titled = re.search(r"(20\d{2})年", campaign.title or "")
    if titled:
        return int(titled.group(1))
    number = re.search(r"20\d{2}", campaign.document_number or "")
    issued = campaign.issued_on.year if campaign.issued_on else int(number.group()) if number else None
    opening = flow.folded[:1200]
    named = re.search(r"(20\d{2})年", opening)
    if named and "(20" not in opening[max(0, named.start() - 6) : named.start()]:
        meant = re.match(r"\d{1,2}月(?:\d{1,2}日)?(?:起|开始)?[至到-]", opening[named.end() :])
        return int(named.group(1)) if meant else max(int(named.group(1)), issued or 0)
    return issued


def usual_year(texts: Iterable[str]) -> int | None:
    """The year that the texts name most often, for 6月底前 in a plan that tells its own year nowhere."""
    years = Counter(year for text in texts for year in re.findall(r"(20\d{2})[年./-]", text))
    return int(years.most_common(1)[0][0]) if years else None
