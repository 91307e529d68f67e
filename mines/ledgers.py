"""The sections of a mine's file: of each kind of line its title, who enters it, and what page and paper show of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from common.lists import Column
from common.templatetags.page import status
from mines.models import FileLine, GradeRecord, KeyPost, Licence

BOTH = frozenset({"mine", "bureau"})
BUREAU = frozenset({"bureau"})


@dataclass(frozen=True)
class Ledger:
    """One kind of lines. `fields` are entered in that order, `columns` shown; `editors` are relations to the mine."""

    slug: str
    title: str
    model: type[FileLine]
    fields: tuple[str, ...]
    columns: tuple[Column, ...]
    editors: frozenset[str] = BOTH
    hint: str = ""
    says: Callable[[Sequence[Any], int], str] = lambda lines, total: f"{total}条" if total else "还没有登记"
    """The section in a few words, out of its first lines and their number."""
    warns: Callable[[Sequence[Any]], str] = lambda lines: ""
    """What somebody should look at, out of the first lines; empty where nothing."""

    def rows(self, mine: Any) -> Any:
        """The lines of one mine in the order of the page."""
        return self.model.objects.filter(mine=mine)


_ledgers: dict[str, Ledger] = {}


def add(*ledgers: Ledger) -> None:
    _ledgers.update({one.slug: one for one in ledgers})


def all_ledgers() -> list[Ledger]:
    return list(_ledgers.values())


def ledger_named(slug: str) -> Ledger | None:
    return _ledgers.get(slug)


def ledger_of(line: FileLine) -> Ledger:
    """The ledger that a line stands in."""
    return next(one for one in _ledgers.values() if one.model is type(line))


add(
    Ledger(
        "licences",
        "证照",
        Licence,
        ("kind", "number", "issuer", "issued_on", "expires_on"),
        (
            Column("kind", "证照", cell="get_kind_display", kind="title"),
            Column("number", "证号"),
            Column("issuer", "发证机关"),
            Column("issued_on", "发证日期", kind="short"),
            Column("expires_on", "有效期至", cell=lambda row: row.expires_on or "长期", kind="short"),
            Column("status", "状态", cell=lambda row: status(f"licence.{row.status}"), kind="short"),
        ),
        hint="换发新证时新增一行，原来的一行自动成为“已换发”。",
    ),
    Ledger(
        "grades",
        "标准化等级",
        GradeRecord,
        ("grade", "since", "until", "body", "reason"),
        (
            Column("grade", "等级", cell="get_grade_display", kind="title"),
            Column("since", "评定日期", kind="short"),
            Column("until", "有效期至", kind="short"),
            Column("body", "评定单位"),
            Column("reason", "说明", kind="wide"),
        ),
        BUREAU,
        "等级升降都新增一行，最近一行就是现在的等级。",
    ),
    Ledger(
        "posts",
        "关键岗位",
        KeyPost,
        ("post", "name", "education", "major", "years", "certificate", "since", "until"),
        (
            Column("post", "岗位", cell="get_post_display", kind="title"),
            Column("name", "姓名", kind="short"),
            Column("education", "学历", cell="get_education_display", kind="short"),
            Column("major", "专业"),
            Column("years", "从业年限", align="end"),
            Column("certificate", "资格证号"),
            Column("since", "任职", kind="short"),
            Column("until", "离任", kind="short"),
            Column("lacks", "不符合", cell=lambda row: status("overdue", row.lacks) if row.lacks else ""),
        ),
        hint="换人时先填写前任的离任日期，再登记新人。",
    ),
)
