"""Deadlines: days, ends of months and years, ongoing duties, days counted from an event, quantities by a year."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from .model import Deadline, Quantity
from .traced import Traced
from .vocabulary import ONGOING

_YEAR = r"(?P<year>20\d{2})年"
_BEFORE = r"(?:之前|以前|前)"
_END = rf"(?:(?(year)年?|(?(relyear)年?|(?<![0-9每])年))(?:底|末|终)(?:{_BEFORE}|止)?)"
_NUMBER = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_QUARTER = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}

_THIRDS = {"上旬": 10, "中旬": 20}

_DEADLINE = re.compile(
    rf"(?P<lead>到|至|于|在|力争|截至|截止)?(?:(?:{_YEAR}|(?P<relyear>今年|本年|当年|明年))?"
    rf"(?:(?P<month>1[0-2]|0?[1-9])月(?:份)?(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号]?(?:\d{{1,2}}[时点])?(?P<daybefore>{_BEFORE}|止)|(?P<third>上旬|中旬|下旬)(?:{_BEFORE})?|(?P<monthend>底|末|月底){_BEFORE}?|(?P<monthbefore>{_BEFORE}))"
    rf"|(?:第)?(?P<quarter>[一二三四1-4])季度(?:末|底)?(?P<quarterbefore>{_BEFORE}|末|底)"
    rf"|(?P<half>上半年)(?:{_BEFORE})?|(?P<second>下半年)?(?P<yearend>{_END}|(?(year)度?内|(?!)))|(?P<yearbefore>{_BEFORE}))"
    rf"|(?P<within>(?<![\d一二两三四五六七八九十半几多当本度])年内|当年内|本年内|本年度内|年度内))"
)
_FIELD_DAY = re.compile(
    rf"{_YEAR}(?:(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>3[01]|[12]\d|0?[1-9])日?)?)?|(?P<dotyear>20\d{{2}})[./-](?P<dotmonth>1[0-2]|0?[1-9])(?:[./-](?P<dotday>3[01]|[12]\d|0?[1-9]))?(?!\d)"
)
_FIELD_MONTH = re.compile(r"(?<![\d年])(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>3[01]|[12]\d|0?[1-9])日)?")
_FIELD_POINT = re.compile(
    r"(?<![\d./-])(?P<month>1[0-2]|0?[1-9])[.](?P<day>3[01]|[12]\d|0?[1-9])(?:日)?(?=前|止|之前|以前|$)"
)
_FIELD_PERIOD = re.compile(rf"(?:{_YEAR})?(?P<month>(?!))?(?:第?(?P<quarter>[一二三四])季度|(?P<half>上半年|下半年))")
_RELATIVE = re.compile(
    r"(?:自|从)?[^,。;:]{0,16}?(?:之日起|之日|后|起)(?:\d{1,3}|[一二三五七十]{1,3})个?(?:工作日|日|天|月|周|小时)(?:之)?内"
)
# 汛前, 春节前: before something that has no fixed day.
_BEFORE_EVENT = re.compile(
    rf"(?:{_YEAR}|今年|明年)?(?:主?汛期?|雨季|冰冻期|冬季|入冬|供暖季?|采暖季?|春节|元旦|清明|五一|端午|中秋|国庆|两会)节?(?:来临|到来)?之?前"
)
_YEARS_WITHIN = re.compile(r"(?:用)?(?P<years>[一二两三四五])年(?:之)?内(?!年)")
_UNITS = r"座|处|家|个|人|名|起|次|项|条|台|套|辆|所|户|公里|平方米|吨|万吨|支|批|%|％"
_QUANTITY_YEAR = re.compile(
    rf"(?:到|至)?(?P<year>20\d{{2}})年(?:度)?(?:,|计划|力争|要|拟|再|完成|分别)*(?P<verb>[\u4e00-\u9fff]{{2,6}}?)(?P<value>\d+(?:\.\d+)?)(?P<unit>{_UNITS})?(?P<more>以上|以内)?"
)
# 一季度完成, 6月份印发: a period printed without 底 or 前 is a deadline when the end of the work follows.
_DONE_IN = re.compile(
    rf"(?:{_YEAR})?(?:(?P<month>1[0-2]|(?<!\d)0?[1-9])月份?|第?(?P<quarter>[一二三四])季度|(?P<half>上半年|下半年))"
    r"内?(?=(?:全部|全面|基本|力争)?(?:完成|建成|印发|出台|到位)(?!的|了))"
)
# 2024-06-30前, 2024.6.30前
_DOTTED = re.compile(
    rf"(?<!\d)(?P<year>20\d{{2}})[./-](?P<month>1[0-2]|0?[1-9])[./-](?P<day>3[01]|[12]\d|0?[1-9]){_BEFORE}"
)
# 到2024年6月，完成…: a month without 底, not the end of a period (3月至2024年6月).
_BY_MONTH = re.compile(
    r"(?<![年月日起\d])(?:到|至)(?P<year>20\d{2})年(?P<month>1[0-2]|0?[1-9])月(?=[,份]|基本|力争|全面|实现|全部|形成|建成|完成)"
)
# 2024年6月、9月、12月底前分别: months that share 底前 with the last.
_SHARED_MONTHS = re.compile(
    rf"(?:{_YEAR})?(?P<months>(?:\d{{1,2}}月(?:底|末)?[、,和])+)(?=\d{{1,2}}月(?:底|末)前?,?分别)"
)
_YEAR_VERB = re.compile(
    r"(?<![\d自从在截至])(?P<year>20\d{2})年(?:,)?(?=取消|将全部|将所有|完成|实现|建成|制定|全部|全面完成|力争|基本(?:完成|建成|实现))"
)
_BY_YEAR = re.compile(r"(?<!截)(?:到|至)(?P<year>20\d{2})年(?=,|基本|力争|全面|实现|全部|形成|建成|完成)")
_NOT_A_DEADLINE = re.compile(r"(?:每年|每|历年|往年|去年|上年|截至|截止|自|从|原|以|近|较)$")
_SENTENCE_END = re.compile(r"[;。]")
_SCOPE_MAX = 300
_QUOTED = re.compile(r"《[^《》]*》|[(][^()]{0,12}〔\d{4}〕[^()]{0,12}[)]")
_PART = re.compile(r"其中[:,]?([^,;。]*?)(?:在|于|应|要)?$")
_CLAUSE_END = re.compile(r"[,;。:]")


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a bare month or 年内 means in this plan: its year, and its last day for 三年内."""

    year: int | None
    end: date | None = None
    start: date | None = None

    def placed(self, day: date | None) -> date | None:
        """A day printed without its year, in the plan that runs from one year into the next: 1月20日前 of a plan from November."""
        if day is None or self.start is None or self.end is None or (self.end - self.start).days > 366:
            return day
        later = _date(day.year + 1, day.month, None if day == month_end(day.year, day.month) else day.day)
        fits = later is not None and later <= month_end(self.end.year, self.end.month)
        return later if day < self.start and fits else day


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def read_field(text: Traced, when: Calendar) -> list[Deadline]:
    """The deadlines of a 完成时限 field or cell: one or more days, ongoing, and 其中…: days of a part."""
    found: list[tuple[int, Deadline]] = []
    folded = text.folded
    taken: list[tuple[int, int]] = []
    for match in _DEADLINE.finditer(folded):
        day = _day_of(match, when)
        if day and folded[: match.start()].endswith(("每", "每年")):
            taken.append(match.span())  # 每年12月底前 comes back: see `recurrences`
        elif day:
            taken.append(match.span())
            found.append((match.start(), _dated(text, match.start(), match.end(), day, _part(text, match.start()))))
    for match in _BEFORE_EVENT.finditer(folded):
        piece = text[match.start() : match.end()]
        taken.append(match.span())
        found.append((match.start(), Deadline("relative", None, str(piece), spans=piece.spans())))
    for pattern in (_FIELD_DAY, _FIELD_MONTH, _FIELD_POINT):
        for match in pattern.finditer(folded):
            if any(low < match.end() and match.start() < high for low, high in taken):
                continue
            if re.match(
                r"第?[一二三四]季度|上半年|下半年|(?:\d{0,2}日?)(?:起|以来|开始|启动|动工)|-20|至20|-\d{1,2}月|至",
                folded[match.end() : match.end() + 20],
            ):
                continue
            day = _plain_day(match, when)
            if day:
                taken.append(match.span())
                found.append((match.start(), _dated(text, match.start(), match.end(), day, _part(text, match.start()))))
    for match in _FIELD_PERIOD.finditer(folded):
        day = _end_of_period(match, when)
        if day and not any(low <= match.start() < high for low, high in taken):
            taken.append(match.span())
            found = [item for item in found if not match.start() <= item[0] < match.end()]
            found.append((match.start(), _dated(text, match.start(), match.end(), day, None)))
    parts = [(part.start(), low) for low, _ in taken if (part := _PART.search(folded[:low]))]
    for match in ONGOING.finditer(folded):
        if any(low < match.start() < high for low, high in parts):
            continue  # a word of the part that has a day of its own: 其中长期停用的尾矿库在2024年底前
        piece = text[match.start() : match.end()]
        found.append((match.start(), Deadline("ongoing", None, str(piece), spans=piece.spans())))
    for match in _RELATIVE.finditer(folded):
        piece = text[match.start() : match.end()]
        found.append((match.start(), Deadline("relative", None, str(piece), spans=piece.spans())))
    distinct: dict[tuple[str, date | None, str | None], Deadline] = {}
    for _, deadline in sorted(found, key=lambda item: item[0]):
        distinct.setdefault((deadline.kind, deadline.date, deadline.scope), deadline)
    return list(distinct.values())


def _dated(text: Traced, start: int, end: int, day: date, scope: str | None) -> Deadline:
    piece = text[start:end]
    return Deadline("date", day, str(piece), scope=scope, spans=piece.spans())


def _part(text: Traced, at: int) -> str | None:
    """其中健全完善…在2022年3月31日前完成 -> 健全完善…."""
    low = max(0, at - 120)
    match = _PART.search(text.folded[low:at])
    return str(text[low + match.start(1) : low + match.end(1)]) if match and match.group(1) else None


def _plain_day(match: re.Match[str], when: Calendar) -> date | None:
    groups = match.groupdict()
    year = groups.get("year") or groups.get("dotyear") or when.year
    month = groups.get("month") or groups.get("dotmonth")
    day = groups.get("day") or groups.get("dotday")
    if not year:
        return None
    found = _date(int(year), int(month) if month else 12, int(day) if day else None)
    return found if groups.get("year") or groups.get("dotyear") else when.placed(found)


def _date(year: int, month: int, day: int | None) -> date | None:
    last = month_end(year, month)
    return last if day is None else date(year, month, day) if day <= last.day else None


def _day_of(match: re.Match[str], when: Calendar) -> date | None:
    """The last day a printed time expression leaves, or None when its year is unknown."""
    year = int(match.group("year")) if match.group("year") else when.year
    if match.group("relyear") == "明年" and when.year:
        year = when.year + 1
    if year is None:
        return None
    if match.group("month"):
        month = int(match.group("month"))
        number = int(match.group("day")) if match.group("day") else _THIRDS.get(match.group("third") or "")
        day = _date(year, month, number)
        return day if match.group("year") or match.group("relyear") else when.placed(day)
    if match.group("quarter"):
        return month_end(year, _QUARTER[match.group("quarter")])
    if match.group("half"):
        return date(year, 6, 30)
    if match.group("yearbefore") and not match.group("yearend"):
        return date(year, 12, 31) if match.group("year") else None
    if match.group("within") and when.end and when.year is None:
        return when.end
    return date(year, 12, 31)


def _end_of_period(match: re.Match[str], when: Calendar) -> date | None:
    """The last day of a month, quarter or half year."""
    year = int(match.group("year")) if match.group("year") else when.year
    if year is None:
        return None
    if match.group("month"):
        return month_end(year, int(match.group("month")))
    return month_end(
        year,
        _QUARTER[match.group("quarter")] if match.group("quarter") else 6 if match.group("half") == "上半年" else 12,
    )


def read_body(text: Traced, when: Calendar) -> list[Deadline]:
    """The deadlines of running text, each with the words of the part it covers."""
    folded = _QUOTED.sub(lambda match: "·" * len(match.group()), text.folded)
    found: list[tuple[int, Deadline]] = []
    for match in _DEADLINE.finditer(folded):
        day = _day_of(match, when)
        if day is None or _historic(folded, match, when):
            continue
        found.append((match.start(), _scoped(text, folded, match.start(), match.end(), day)))
    for match in _DONE_IN.finditer(folded):
        day = _end_of_period(match, when)
        if day is not None and not _overlaps(found, match) and not _NOT_A_DEADLINE.search(folded[: match.start()]):
            found.append((match.start(), _scoped(text, folded, match.start(), match.end(), day)))
    for pattern in (_DOTTED, _BY_MONTH):
        for match in pattern.finditer(folded):
            printed = _plain_day(match, when)
            if printed is not None:
                found.append((match.start(), _scoped(text, folded, match.start(), match.end(), printed)))
    for match in _SHARED_MONTHS.finditer(folded):
        year = int(match.group("year")) if match.group("year") else when.year
        if year is None or _overlaps(found, match):
            continue
        for month in re.finditer(r"(\d{1,2})月", match.group("months")):
            if 1 <= int(month.group(1)) <= 12:
                low, high = match.start("months") + month.start(), match.start("months") + month.end()
                found.append((low, _scoped(text, folded, low, high, month_end(year, int(month.group(1))))))
    found += _distributed(text, folded)
    for match in _QUANTITY_YEAR.finditer(folded):
        if not _QUANTITY_VERB.search(match.group("verb")) or _overlaps(found, match):
            continue
        piece = text[match.start() : match.end()]
        amount = Quantity(
            float(match.group("value")), match.group("unit") or _unit_nearby(folded), _more(match.group("more"))
        )
        end = date(int(match.group("year")), 12, 31)
        found.append(
            (
                match.start(),
                Deadline(
                    "date", end, str(piece), match.group("verb"), amount, "body", implied=True, spans=piece.spans()
                ),
            )
        )
    for match in _YEAR_VERB.finditer(folded):
        if not any(start == match.start() for start, _ in found) and _in_plan(int(match.group("year")), when):
            deadline = _scoped(text, folded, match.start(), match.end(), date(int(match.group("year")), 12, 31))
            deadline.implied = True
            found.append((match.start(), deadline))
    for match in _BY_YEAR.finditer(folded):
        if not _overlaps(found, match) and not any(start <= match.start() < start + 8 for start, _ in found):
            deadline = _scoped(text, folded, match.start(), match.end(), date(int(match.group("year")), 12, 31))
            deadline.implied = True
            found.append((match.start(), deadline))
    for match in _YEARS_WITHIN.finditer(folded):
        if (
            when.end
            and match.group("years") == "三"
            and folded[max(0, match.start() - 1) : match.start()] not in ("近", "满", "第", "超")
        ):
            deadline = _scoped(text, folded, match.start(), match.end(), when.end)
            deadline.implied = True
            found.append((match.start(), deadline))
    for match in _RELATIVE.finditer(folded):
        piece = text[match.start() : match.end()]
        found.append((match.start(), Deadline("relative", None, str(piece), source="body", spans=piece.spans())))
    return [deadline for _, deadline in sorted(found, key=lambda item: item[0])]


_SPREAD = re.compile(
    rf"(?P<years>(?:20\d{{2}}年?[、,和及]){{1,8}})(?P<last>20\d{{2}})年(?:年?底)?(?:{_BEFORE})?,?分别(?:完成|达到?|实现|建成|改造|治理|关闭|退出){{0,2}}(?P<amounts>(?:\d+(?:\.\d+)?(?:{_UNITS})(?:以上)?[、,和及]?){{1,9}})"
)


def _distributed(text: Traced, folded: str) -> list[tuple[int, Deadline]]:
    """2023年、2024年、2025年底前分别完成30%、60%、100%: one deadline for each year before the last, with its amount."""
    found: list[tuple[int, Deadline]] = []
    for match in _SPREAD.finditer(folded):
        years = [int(year) for year in re.findall(r"20\d{2}", match.group("years"))]
        amounts = list(re.finditer(rf"(?P<value>\d+(?:\.\d+)?)(?P<unit>{_UNITS})", match.group("amounts")))
        piece = text[match.start() : match.end()]
        for year, amount in zip(years, amounts, strict=False):
            quantity = Quantity(float(amount.group("value")), amount.group("unit"))
            day = date(year, 12, 31)
            found.append(
                (
                    match.start(),
                    Deadline(
                        "date",
                        day,
                        str(piece),
                        str(piece),
                        quantity,
                        "body",
                        implied=not re.search("底|前", match.group()),
                        spans=piece.spans(),
                    ),
                )
            )
    return found


_QUANTITY_VERB = re.compile(
    r"闭库|关闭|关停|取缔|压减|拆除|退出|完成|建成|建设|新增|淘汰|整改|改造|治理|创建|培训|达到|达|建立|打造|销号|培育|新建|更换|安装|搬迁"
)


def _overlaps(found: list[tuple[int, Deadline]], match: re.Match[str]) -> bool:
    return any(match.start() <= start < match.end() for start, _ in found)


def _in_plan(year: int, when: Calendar) -> bool:
    return when.year is None or (abs(year - when.year) <= 5 and (when.end is None or year <= when.end.year))


def _more(word: str | None) -> str:
    return {"以上": ">=", "以内": "<="}.get(word or "", "=")


def _unit_nearby(folded: str) -> str:
    """2026年闭库7: the unit was lost; the one printed with the other years of the same list."""
    match = re.search(rf"20\d{{2}}年[\u4e00-\u9fff]{{2,6}}?\d+({_UNITS})", folded)
    return match.group(1) if match else ""


def _historic(folded: str, match: re.Match[str], when: Calendar) -> bool:
    """Not a deadline: 每年6月底前 (a recurrence), 截至2021年底 of a past year, 较2020年底 (a base), 2021年底以来."""
    before = folded[max(0, match.start() - 6) : match.start()]
    if _NOT_A_DEADLINE.search(before) or re.search(r"每(?:年度?|季度?|月|半年)[^,。;]{0,4}$", before):
        return True
    if re.match(r"起|以来|的基础|相比|建成投产|已经?|至(?!少|今)|-", folded[match.end() : match.end() + 20]):
        return True
    if not match.group().endswith("前") and re.match(r"公布|印发|下发|发布", folded[match.end() :]):
        return True
    if match.group("lead") in ("截至", "截止") and (
        when.year is None or not match.group("year") or int(match.group("year")) < when.year
    ):
        return True
    if not match.group("year") and match.group("half"):
        return True
    if (
        match.group("monthbefore")
        and not match.group("year")
        and match.group("month")
        and before.endswith(("个", "每"))
    ):
        return True
    bare = not match.group("year") and not match.group("relyear")
    if bare and match.group("yearend") and not match.group("lead") and not match.group("yearend").endswith("前"):
        return True
    return match.group("yearbefore") is not None and bare


def _scoped(text: Traced, folded: str, start: int, end: int, day: date) -> Deadline:
    """The words covered: what follows the day up to the end of its clause, or what stands before when nothing follows."""
    after = folded[end : end + 20]
    skip = re.match(r"[,:]?(?:要|应|须|必须|将|力争|争取|基本|全部)?", after)
    low = end + (len(skip.group()) if skip and skip.group()[:1] in (",", ":") else 0)
    furthest = min(len(folded), low + _SCOPE_MAX)
    stop = _SENTENCE_END.search(folded, low, furthest)
    high = stop.start() if stop else furthest
    comma = folded.find(",", low, high)
    if comma - low >= 8:
        high = comma
    if high - low < 2 or re.match(r"(?:完成|前|到位|完毕|落实到位)$", folded[low:high]):
        floor = max(0, start - _SCOPE_MAX)
        clause = max(floor - 1, *(folded.rfind(mark, floor, start) for mark in ",;。:"))
        low, high = clause + 1, start
        if high - low < 2:
            low = max(floor - 1, *(folded.rfind(mark, floor, max(0, low - 1)) for mark in ";。:")) + 1
    scope = text[low:high].stripped(",，。;；")
    piece = text[start:end]
    amount = _amount(scope.folded)
    return Deadline("date", day, str(piece), str(scope) or None, amount, "body", spans=piece.spans())


_AMOUNT = re.compile(
    rf"(?P<few>至少|不少于|不低于|不得低于|不得少于|达到?|超过)?(?P<value>\d+(?:\.\d+)?)(?P<unit>{_UNITS})(?P<more>以上|以内)?"
)


def _amount(scope: str) -> Quantity | None:
    match = _AMOUNT.search(scope)
    if not match:
        return None
    comparator = ">=" if match.group("few") else _more(match.group("more"))
    return Quantity(float(match.group("value")), match.group("unit").replace("％", "%"), comparator)
