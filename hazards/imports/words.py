"""What people write into the cells of a register, as values. Every reader raises ValueError with one sentence."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata

from common.spreadsheets import parse_date
from common.spreadsheets.values import NOTHING
from common.workdays import add_workdays
from hazards.models import Level, Source
from tasks.plans.nodes import ordinal

_LEVEL_WORDS = {
    Level.MAJOR: "重大 重大隐患 重大事故隐患 重大安全隐患 重大级 Ⅰ级 Ⅰ 一级 1级",
    Level.GENERAL: "一般 一般隐患 一般事故隐患 一般安全隐患 一般级 一般问题 Ⅱ级 Ⅱ 二级 2级 Ⅲ级 Ⅲ 三级 3级 Ⅳ级 Ⅳ 四级 4级",
}
_SOURCES = (
    (Source.TIP_OFF, ("举报", "投诉")),
    (Source.ASSIGNED, ("交办", "督办", "转办", "移交")),
    (Source.MONITORING, ("监测", "预警", "监控")),
    (Source.SELF_CHECK, ("自查", "自检", "企业", "班组", "矿查", "自纠")),
    (Source.INSPECTION, ("检查", "执法", "监管", "督查", "督导", "监察", "巡查", "专家")),
)
# 一般A级, 一般隐患（B级）: a county's own order within the general ones.
_GENERAL_OF_A_KIND = re.compile(r"一般(事故|安全)?(隐患|问题)?\(?[abcⅰ-ⅳ1-4一二三四ivx]+[级类]?\)?(隐患)?")
_CLOSED = re.compile(r"^(已经?)?(复查)?(验收)?(销号|闭环|销案|办结|验收合格|复查合格|整改销号|完成销号)")
_PASSED = re.compile(r"^(复查|验收|现场)*(合格|通过|符合)")
_SAME_DAY = re.compile(
    r"(立即|立行立改|立查立改|即查即改|边查边改|当场|当日|当天|当班|即日|即时|马上|现场)(整改|完成|改正|处理|落实|消除)*(完毕|到位|完成)?"
)
_WITHIN = re.compile(
    r"(?:限|限期)?(\d{1,3}|[一二两三四五六七八九十]{1,3})(?:个)?(日|天|工作日|周|星期|月)(?:之内|以内|内)?(?:整改|治理)?(?:完成|完毕|到位)?"
)
_MONTHS_END = re.compile(r"(本|当)?月(底|末|内|份内)(之?前|以前)?(整改)?(完成|完毕|到位)?")
_NO_DAY = re.compile(r"长期|持续|随时|尽快|经常|常态|日常|适时|检修|停产|复产|停工|生产期间|待定|另行|视情")
_AMBIGUOUS = re.compile(r"\d{4}\.1")
_YEARLESS = re.compile(r"^\d{1,2}\s*[月./\-]")


def narrow(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


_LEVEL_OF = {narrow(word): str(level) for level, words in _LEVEL_WORDS.items() for word in (level, *words.split())}


def read_level(text: str) -> str:
    """Ⅰ级, 重大事故隐患 and the like are major, Ⅱ to Ⅳ general: 安全生产法 knows only these two."""
    word = narrow(text)
    if word in _LEVEL_OF:
        return _LEVEL_OF[word]
    if _GENERAL_OF_A_KIND.fullmatch(word):
        return str(Level.GENERAL)
    if re.fullmatch(r"[abc]级?", word):
        raise ValueError("A、B、C级各地含义不同，请改写成“一般”或“重大”")
    if any(colour in word for colour in ("红", "橙", "黄", "蓝", "风险")):
        raise ValueError("这是风险的颜色或等级，不是隐患等级；请改写成“一般”或“重大”")
    raise ValueError("等级只有“一般”和“重大”，请改写")


def read_source(text: str) -> str:
    word = narrow(text)
    for source, words in _SOURCES:
        if word in (source, narrow(str(source.label))) or any(part in word for part in words):
            return str(source)
    raise ValueError(f"认不出来源，请写：{'、'.join(str(label) for label in Source.labels)}")


def read_found_on(text: str, today: dt.date) -> dt.date:
    """The day of finding; without a year it is the latest such day that is not in the future."""
    refuse_ambiguous(text)
    day = parse_date(text, year=today.year, month_day=None)
    if day > today and _YEARLESS.match(text.strip()):
        day = parse_date(text, year=today.year - 1, month_day=None)
    if day > today:
        raise ValueError("发现日期不能晚于今天")
    if day.year < 1990:
        raise ValueError("发现日期太早，请核对年份")
    return day


def read_due_on(text: str, found_on: dt.date) -> dt.date:
    """The day of the time limit: a date, 立即整改, or 7日内, 十个工作日内, 两周内 counted from the day of finding."""
    word = narrow(text)
    if _SAME_DAY.fullmatch(word):
        return found_on
    if within := _WITHIN.fullmatch(word):
        count = ordinal(within[1].replace("两", "二"))
        if within[2] == "月":
            return months_later(found_on, count)
        if within[2] == "工作日":
            return add_workdays(found_on, count)
        return found_on + dt.timedelta(days=count * (7 if within[2] in ("周", "星期") else 1))
    if _MONTHS_END.fullmatch(word):
        return parse_date(f"{found_on:%Y-%m}")
    if _NO_DAY.search(word):
        raise ValueError("没有写到哪一天为止；隐患的整改要有期限，请写成 2024-03-05 这样，到期可以申请延期")
    refuse_ambiguous(text)
    day = parse_date(text, year=found_on.year)
    if day < found_on and _YEARLESS.match(text.strip()):
        day = parse_date(text, year=found_on.year + 1)
    if day < found_on:
        raise ValueError("整改期限不能早于发现日期")
    return day


def months_later(day: dt.date, count: int) -> dt.date:
    """The same day so many months on, or the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def refuse_ambiguous(text: str) -> None:
    if _AMBIGUOUS.fullmatch(text.strip()):
        raise ValueError("分不清是1月还是10月，请写成 2024年1月 或 2024年10月")


def says_closed(state: str, progress: str, result: str, closed_on: str) -> str:
    """The column that says that the row's hazard is gone and checked, or nothing; 已整改 alone does not say it."""
    for key, text in (("state", state), ("progress", progress)):
        if text and _CLOSED.match(narrow(text)):
            return key
    if result:
        return "result" if _PASSED.match(narrow(result)) else ""
    return "" if narrow(closed_on) in NOTHING | {"否"} else "closed_on"
