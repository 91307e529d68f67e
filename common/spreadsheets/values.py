"""What counties type into cells, as values."""

from __future__ import annotations

import calendar
import datetime
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from .columns import Column, Kind

_FORMULA_ERRORS = {
    "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA",
}  # fmt: skip
NOTHING = {"", "-", "--", "/", "\\", "无", "—", "——", "暂无"}
_TRUE = {"是", "有", "√", "✓", "✔", "对", "y", "yes", "true", "1", "已", "启用"}
_FALSE = {"否", "无", "×", "✗", "x", "没有", "n", "no", "false", "0", "未", "停用"}
_DIGITS = {char: str(value) for value, char in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0", "两": "2"}
# Excel's day 0, counted so that the days after its non-existent 29 February 1900 come out right.
_EXCEL_DAY_0 = datetime.date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)
_TOO_LARGE = 10**15
_TOO_MANY_DIGITS = "数字太大，请检查是否多输了几位"

# Two figures are a year before 年, and as the first of three numbers: 24.3.5.
_YEAR = r"(?P<year>\d{4}|\d{2}(?=年)|[23]\d(?=[./\-]\d{1,2}[./\-]\d))"
_FULL = re.compile(rf"{_YEAR}[年./\-、,](?P<month>\d{{1,2}})[月./\-、,](?P<day>\d{{1,2}})[日号]?")
_COMPACT = re.compile(r"(?P<year>(?:19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_MONTH = re.compile(
    rf"(?:{_YEAR}[年./\-])?(?P<month>\d{{1,2}})(?:月份?|(?<=[年./\-]\d)|(?<=[./\-]\d\d))(?P<part>[底末]|上旬|中旬|下旬)?"
)
_ANGLE = re.compile(
    r"(?P<side>[en]|东经|北纬)?:?(?P<degrees>\d{1,3}(\.\d+)?)(?P<sign>[°度])?"
    r"((?P<minutes>\d{1,2}(\.\d+)?)[′'’‘分])?((?P<seconds>\d{1,2}(\.\d+)?)([″\"”“秒]|[′'’]{2}))?[en]?"
)
_DAY = re.compile(r"(?P<month>\d{1,2})(?:月(?P<day>\d{1,2})[日号]?|[./\-](?P<day2>\d{1,2}))")
_QUARTER = re.compile(rf"(?:{_YEAR}年?)?第?(?P<quarter>[1-4])季度[底末]?")
_HALF = re.compile(rf"(?:{_YEAR}年?)?(?P<half>[上下])半年[底末]?")
_BY = re.compile(r"(之前|以前|前|止)?(整改|治理)?(完成|完毕|到位|落实)?(之前|以前|前|止)?$")
_UNIT_SIGNS = re.compile(r"(?<=万)t|/a$")
_HOUR = re.compile(
    r"[t ]?(\d{1,2}:\d\d(:\d\d(\.\d+)?)?|(上午|下午|早上|晚上|凌晨|中午)?(\d{1,2}[时点](\d{1,2}分|半)?)?(左右)?)$"
)
_TWO_DAYS = re.compile(r"\d[日号]?([至到~—,、和及]|--?(?=\d{1,2}月|\d{1,2}[日号]|\d{1,2}\.\d|\d{4}[年.]))\d")
_UNTIL = re.compile(r"^.*\d[年月日号]?(?:[至到~—]+|--?(?=\d{4}[年./\-]))(?=\d|长期)")
# A number cell loses the last zero of 3.20 and so cannot tell it from 3.2.
_LOST_ZERO = re.compile(r"(0?[1-9]|1[0-2])\.[123]")
_WEEKDAY = re.compile(r"\(?(周|星期)[一二三四五六日天]\)?$")
_WHOLE_YEAR = re.compile(rf"{_YEAR}年?(年?[底末内])?|(?P<this>年[底末内]|全年)")

# Control, direction and zero-width marks and lone surrogates; tab and line feed stay.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")

MonthDay = Literal["first", "last"] | None


class PercentNumber(float):
    """A number out of a cell that shows it as percent: 0.12 that reads 12%."""


def read_value(raw: object, column: Column, *, year: int | None = None) -> Any:
    """A cell's content as the column wants it, or None for an empty cell; `year` completes dates without one.

    Raises ValueError with one Chinese sentence.
    """
    if isinstance(raw, str) and raw.strip() in _FORMULA_ERRORS:
        raise ValueError("单元格里的公式出错了，请改成数值")
    if column.kind == Kind.TEXT:
        return None if isinstance(raw, str) and raw.strip() in column.blanks else _text(raw, column)
    if isinstance(raw, (int, float)) and abs(raw) >= _TOO_LARGE:
        # 1E999 in a file made by hand is read as infinity, at which Decimal fails.
        raise ValueError(_TOO_MANY_DIGITS)
    if raw is None or (isinstance(raw, str) and _narrow(raw) in NOTHING and column.kind not in _ANSWERS):
        return None
    if isinstance(raw, str) and (not raw.strip() or raw.strip() in column.blanks):
        return None
    if column.kind == Kind.DATE:
        until = column.ends and isinstance(raw, str)
        return _date(_UNTIL.sub("", _narrow(str(raw))) if until else raw, column.month_day, year)
    if column.kind == Kind.BOOLEAN:
        return _boolean(raw)
    if column.kind == Kind.CHOICE:
        return _choice(raw, column)
    number = _number(_without_unit(raw, column.title) if isinstance(raw, str) else raw)
    if abs(number) >= _TOO_LARGE:
        raise ValueError(_TOO_MANY_DIGITS)
    if column.kind == Kind.PERCENT:
        return number * 100 if isinstance(raw, PercentNumber) else number
    if column.kind == Kind.INTEGER:
        if number != number.to_integral_value():
            raise ValueError("应为整数")
        return int(number)
    return number


_ANSWERS = (Kind.BOOLEAN, Kind.CHOICE)


def clean_cell(raw: object) -> str:
    """What a cell reads like: 45 and not 45.0, 2024-03-05 and not midnight of that day, no invisible characters."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, datetime.datetime):
        return raw.date().isoformat() if raw.time() == datetime.time() else raw.isoformat(" ", "minutes")
    if isinstance(raw, float):
        return format(Decimal(f"{raw:.15g}"), "f")
    text = unicodedata.normalize("NFC", str(raw)).strip()
    if text.isprintable():
        return text
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def parse_date(text: str, *, year: int | None = None, month_day: MonthDay = "last") -> datetime.date:
    """A date as people write it: 2024.3.5, 2024年3月5日前, 二〇二四年三月五日, 20240305, 2024年3月底, 45352.

    `year` completes what has none; `month_day` says which day of a bare month or year is meant, None refuses those.
    Raises ValueError with one Chinese sentence.
    """
    plain = _BY.sub("", _digits(_WEEKDAY.sub("", _narrow(text))).rstrip(".。,、"))
    plain = _HOUR.sub("", plain)
    if plain.isdecimal() and len(plain) == 5 and int(plain) in _EXCEL_DAYS:
        return _EXCEL_DAY_0 + datetime.timedelta(days=int(plain))
    if found := _FULL.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return _day(_year(found["year"], year), int(found["month"]), int(found["day"]))
    if month_day is not None:
        if found := _WHOLE_YEAR.fullmatch(plain):
            return _edge(_year(found["year"], year), 1, 12, month_day)
        if found := _HALF.fullmatch(plain):
            first = 1 if found["half"] == "上" else 7
            return _edge(_year(found["year"], year), first, first + 5, month_day)
        if found := _QUARTER.fullmatch(plain):
            last = int(found["quarter"]) * 3
            return _edge(_year(found["year"], year), last - 2, last, month_day)
    if (found := _MONTH.fullmatch(plain)) and (month_day is not None or found["part"]):
        return _part_of_month(_year(found["year"], year), int(found["month"]), found["part"], month_day)
    if found := _DAY.fullmatch(plain):
        return _day(_year(None, year), int(found["month"]), int(found["day"] or found["day2"]))
    if _TWO_DAYS.search(plain):
        raise ValueError("写了不止一天，请只写一天，如 2024-03-05")
    if month_day is None and (_MONTH.fullmatch(plain) or _WHOLE_YEAR.fullmatch(plain)):
        raise ValueError("不是能识别的日期：没有写明哪一天，请写成 2024-03-05 这样")
    raise ValueError("不是能识别的日期，请写成 2024-03-05 这样")


def parse_number(text: str) -> Decimal:
    """A number as people write it: 1,234.5, ５０, 12 %, 30％, 112°34′12″; a percent sign is dropped.

    Raises ValueError with one Chinese sentence.
    """
    plain = _narrow(text)
    if (angle := _ANGLE.fullmatch(plain)) and (angle["side"] or angle["sign"]):
        degrees, minutes, seconds = (Decimal(angle[part] or 0) for part in ("degrees", "minutes", "seconds"))
        return round(degrees + minutes / 60 + seconds / 3600, 6)
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?%?", plain):
        plain = plain.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)%?", plain):
        raise ValueError("不是数字，请只填数字")
    return Decimal(plain.removesuffix("%"))


def _narrow(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def _text(raw: object, column: Column) -> str | None:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) >= 10**15:
        raise ValueError("编号过长，Excel 存成数字时丢了末几位，请把单元格设为“文本”后重填")
    text = clean_cell(raw)
    if column.in_words == Kind.DATE and isinstance(raw, float) and _LOST_ZERO.fullmatch(text):
        month, day = text.split(".")
        raise ValueError(f"分不清是{month}月{day}日还是{month}月{day}0日，请写成 {month}月{day}日 或 {month}月{day}0日")
    if column.max_length is not None and len(text) > column.max_length:
        raise ValueError(f"最多 {column.max_length} 个字，现有 {len(text)} 个")
    return text or None


def _date(raw: object, month_day: MonthDay, year: int | None) -> datetime.date:
    if isinstance(raw, datetime.datetime):
        return raw.date()
    if isinstance(raw, datetime.date):
        return raw
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        if 1900 < raw < 2200:
            # A number cell loses the last zero of 2024.10 and so cannot tell January from October.
            return _month_from_number(Decimal(f"{raw:.15g}"), month_day)
        return parse_date(format(Decimal(f"{raw:.15g}").quantize(Decimal(1)), "f"), year=year, month_day=month_day)
    return parse_date(str(raw), year=year, month_day=month_day)


def _month_from_number(number: Decimal, month_day: MonthDay) -> datetime.date:
    text = format(number, "f")
    if "." in text and text.split(".")[1] == "1":
        raise ValueError("分不清是1月还是10月，请写成 2024年1月 或 2024年10月")
    return parse_date(text, month_day=month_day)


def _number(raw: object) -> Decimal:
    if isinstance(raw, (bool, datetime.date, datetime.time)):
        raise ValueError("应为数字，现在是日期或是否")
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, float):
        try:
            return Decimal(f"{raw:.15g}")
        except InvalidOperation as error:
            raise ValueError("不是数字，请只填数字") from error
    return parse_number(str(raw))


def _without_unit(text: str, title: str) -> str:
    """A number without the unit that its heading names in brackets: 3.5万元 under 资金（万元）, 90万t/a under （万吨/年）."""
    found = re.search(r"\(([^)]{1,6})\)$", _narrow(title))
    if not found or found[1] == "%":
        return text
    number = _UNIT_SIGNS.sub(lambda sign: {"t": "吨", "/a": "/年"}[sign[0]], _narrow(text))
    return number.removesuffix(found[1]).removesuffix(found[1].split("/")[0])


def _boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = _narrow(clean_cell(raw))
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("请填“是”或“否”")


def _choice(raw: object, column: Column) -> str | None:
    word = _narrow(clean_cell(raw))
    for key, label in column.choices.items():
        if word in (_narrow(label), _narrow(key)):
            return key
    for said, key in column.words.items():
        if word == _narrow(said):
            return key
    if word in NOTHING:
        return None
    raise ValueError(f"只能填：{'、'.join(column.choices.values())}")


def _digits(text: str) -> str:
    """Chinese figures of a date as digits: 二〇二四年十一月二十三日 → 2024年11月23日."""

    def tens(found: re.Match[str]) -> str:
        before, after = found[1], found[2]
        return (_DIGITS[before] if before else "1") + (_DIGITS[after] if after else "0")

    figures = "".join(_DIGITS)
    text = re.sub(rf"([{figures}]?)十([{figures}]?)", tens, text)
    return "".join(_DIGITS.get(char, char) for char in text)


def _year(written: str | None, given: int | None) -> int:
    if written:
        return int(written) + (2000 if len(written) == 2 else 0)
    if given is None:
        raise ValueError("没有写年份，请写成 2024-03-05 这样")
    return given


def _day(year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise ValueError("日历上没有这一天，请核对") from error


def _edge(year: int, first_month: int, last_month: int, month_day: MonthDay) -> datetime.date:
    if month_day == "first":
        return _day(year, first_month, 1)
    return _day(year, last_month, calendar.monthrange(year, last_month)[1])


def _part_of_month(year: int, month: int, part: str | None, month_day: MonthDay) -> datetime.date:
    if not 1 <= month <= 12:
        raise ValueError("日历上没有这个月，请核对")
    if part in ("上旬", "中旬"):
        return _day(year, month, 10 if part == "上旬" else 20)
    return _edge(year, month, month, "last" if part else month_day)
