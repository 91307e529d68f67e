"""What the campaign wants to reach: numbers with their unit and day, and results that can be checked."""

from __future__ import annotations

import re
from datetime import date

from .dates import Calendar, read_body
from .flow import Flow
from .model import Goal
from .traced import Traced

_UNITS = r"万?(?:户|平方米|米)|万(?:个|家|人|名|台|套|座|处|次)|个百分点|百分点|座|处|家|个|人|名|起|次|项|条|台|套|辆|所|户|公里|万元|亿元|吨|万吨|亿吨|支|批|级|%|％"
_FEW = r"至少|不少于|不低于|不得低于|不得少于|达到?|超过|提高到?|提升到?|上升到?|控制在|压减至|减少至|降至|降低到|下降|减少|降低|增长"
_VALUE = re.compile(
    rf"(?P<few>(?:{_FEW})+)?(?P<value>(?<![\d.·+/-])\d+(?:\.\d+)?)(?P<unit>{_UNITS})(?P<more>以上|以内|以下|左右)?(?!/|的?(?:矿|煤矿|企业)|以[上下](?:的|矿|煤矿|企业))"
)
# 10人以上企业: a class of things, not a number to reach.
_CLASS = re.compile(r"的|企业|矿|煤矿|单位|场所|工艺|建筑|客车|货车|车辆|班线|项目|火灾|事故|园区|尾矿库|作业|规模")
_RATE = re.compile(
    r"(?P<what>死亡率|事故率|发生率)(?:(?:控制在|降至|下降到|低于|不超过|不高于)(?P<value>\d+(?:\.\d+)?)(?P<more>以内|以下)?(?![%％\d个])|(?:保持|控制)?为零)"
)
_ZERO = re.compile(r"[“\"]?零(?P<what>死亡|事故|伤亡)[”\"]?")
_CHECKABLE = re.compile(
    r"杜绝|遏制|根绝|形成|摘帽|实现|建立|建成|全覆盖|明显|显著|大幅|有效|提升|清零|健全|完善|强化|下降"
)
_CLAUSE_MAX = 600
_ITEM_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.、．](?!\d)|[(（][一二三四五六七八九十\d]+[)）])")
_STOP = re.compile(r"[;。:]")


def read_goals(text: Traced, when: Calendar) -> list[Goal]:
    """The goals of a goals section. A number counted for several subjects (分别下降10%以上) gives one goal for each."""
    goals: list[Goal] = []
    for sentence in text.split(re.compile(r"[。]")):
        for clause in sentence.split(re.compile(r"[；;]")):
            goals += _clause_goals(clause.without(_ITEM_NUMBER)[:_CLAUSE_MAX], sentence[:_CLAUSE_MAX], when)
    return goals


def _clause_goals(clause: Traced, sentence: Traced, when: Calendar) -> list[Goal]:
    found: list[Goal] = []
    by = _by(clause, when) or _by(sentence, when)
    folded = re.sub(r"《[^《》]*》|[(][^()]*\d年[^()]*[)]", lambda match: "·" * len(match.group()), clause.folded)
    for match in _VALUE.finditer(folded):
        if (
            folded[match.end() :].startswith(("年", "月", "日"))
            or folded[: match.start()].endswith(("第", "前", "“", "近", "("))
            or (match.group("more") and _CLASS.match(folded, match.end()))
        ):
            continue
        low = (
            max(folded.rfind(mark, 0, match.start()) for mark in ",:、") + 1
            if "分别" not in folded
            else max(folded.rfind(mark, 0, match.start()) for mark in ",:") + 1
        )
        piece = clause[low : _end(folded, match.end())]
        subjects = _subjects(clause, folded, match.start())
        comparator = "<=" if match.group("more") in ("以内", "以下") or re.search("控制|压减|减少至|降至", match.group("few") or "") else (
            ">=" if match.group("more") == "以上" or match.group("few") else "=")  # fmt: skip
        values = [value for value in _VALUE.finditer(folded) if value.start() > folded.find("分别")] if subjects else []
        if len(values) == len(subjects) > 1:
            subjects = [subjects[[value.start() for value in values].index(match.start())]]
        for subject in subjects or [str(clause[low : match.start()])]:
            found.append(
                Goal(
                    str(piece),
                    subject,
                    float(match.group("value")),
                    match.group("unit").replace("％", "%"),
                    comparator,
                    by,
                    "numeric",
                    piece.spans(),
                )
            )
    for match in _RATE.finditer(folded):
        piece = clause[max(folded.rfind(",", 0, match.start()), -1) + 1 : match.end()]
        value, comparator = float(match.group("value") or 0), "<=" if match.group("value") else "="
        found.append(Goal(str(piece), match.group("what"), value, None, comparator, by, "numeric", piece.spans()))
    for match in _ZERO.finditer(folded):
        low = max(folded.rfind(mark, 0, match.start()) for mark in ",:") + 1
        piece = clause[low : _end(folded, match.end())]
        unit = "起" if match.group("what") == "事故" else "人"
        found.append(Goal(str(piece), match.group("what"), 0.0, unit, "=", by, "numeric", piece.spans()))
    if not found:
        for part in clause.split(re.compile(r"[，,](?=坚决|有效|全面)")) if len(clause) > 60 else (clause,):
            part = part.stripped("，,、")
            if (
                6 <= len(part) <= 120
                and _CHECKABLE.search(part.folded)
                and not part.folded.startswith(("以习近平", "深入贯彻", "坚持", "按照", "认真"))
            ):
                found.append(Goal(str(part), str(part)[:30], by=by, spans=part.spans()))
    return found


def _end(folded: str, at: int) -> int:
    stop = re.search(r"[,;。]", folded[at:])
    return at + stop.start() if stop else len(folded)


def _subjects(clause: Traced, folded: str, at: int) -> list[str]:
    """事故总量、死亡人数和…死亡率…分别下降 -> three subjects."""
    spread = folded.rfind("分别", 0, at)
    if spread < 0 or at - spread > 24 or re.search(r"[,;:。]", folded[spread:at]):
        return []
    low = max(folded.rfind(mark, 0, spread) for mark in ",:") + 1
    words = re.split(r"在.{2,12}基础上|分别|较|比|同比", folded[low:at])[0]
    names = [name for name in re.split(r"[、和及]", words) if name]
    return names if len(names) > 1 else []


def _by(text: Traced, when: Calendar) -> date | None:
    days = [found.date for found in read_body(text, when) if found.kind == "date" and found.date]
    if days:
        return max(days)
    year = re.search(r"到(20\d{2})年", text.folded)
    return date(int(year.group(1)), 12, 31) if year else None


def opening_goals(flow: Flow, start: int, end: int, when: Calendar) -> list[Goal]:
    """The results wished for in a text that has no section of goals; only those told in the words of results."""
    found = []
    for clause in flow.text[start:end].split(re.compile(r"[，,。；;]")):
        if re.match(r"(?:坚决|有效)?(?:杜绝|遏制|防范)\S*事故", clause.folded):
            found.append(Goal(str(clause), str(clause)[:30], by=None, spans=clause.spans()))
    return found
