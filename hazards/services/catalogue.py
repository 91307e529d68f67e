"""Catalogues come in from files: ours with short labels, a bureau's with the official wording."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from common.errors import NotAllowed, Refused
from common.history import record
from hazards.models import Category, Clause, Standard
from mines.models import MineType
from units.models import Role, User

CHUNK = 500
SHIPPED = Path(__file__).resolve().parents[2] / "fixtures" / "catalogues"


def load_shipped_standards() -> list[Standard]:
    """Load the standards that ship with the program and are not in the database; those that are stay as they are."""
    shipped = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.json"))]
    present = set(Standard.objects.values_list("code", flat=True))
    return [load_standard(by=None, data=data) for data in shipped if data["code"] not in present]


def check_may_load(by: User) -> None:
    """Refuse all but administrators: every county of the installation grades by the same catalogue."""
    if by.role != Role.BUREAU_ADMIN:
        raise NotAllowed("判定标准由各地共用，由局管理员载入。请把文件交给局管理员。")


def read_standard(data: bytes) -> Any:
    """The content of a catalogue file, for `load_standard`. Raises Refused when it is not JSON in UTF-8."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refused("文件不是UTF-8编码，请另存为UTF-8编码的JSON文件后再上传。", code="not_utf8") from None
    except json.JSONDecodeError as fault:
        raise Refused(f"文件不是JSON：第{fault.lineno}行第{fault.colno}个字符处不合格式，请改正后再上传。") from None
    except RecursionError:
        raise Refused("文件嵌套过深，不是判定标准。") from None


@transaction.atomic
def load_standard(*, by: User | None, data: Mapping[str, Any]) -> Standard:
    """Write a standard with its categories and clauses; rows of the same code are brought up to date, none is removed.

    `data` has the shape of fixtures/catalogues; a clause may bring `official_text`, and a label left out keeps the
    present one. `by` is None for what ships with the program. Raises Refused naming the first faulty entry.
    """
    if by is not None:
        check_may_load(by)
    check_shape(data)
    standard, created = Standard.objects.update_or_create(
        code=data["code"],
        defaults={
            "name": data["name"],
            "document_number": data.get("document_number") or "",
            "issuer": data.get("issuer") or "",
            "issued_on": _day(data.get("issued_on")),
            "in_force_from": dt.date.fromisoformat(data["in_force_from"]),
            "in_force_until": _day(data.get("in_force_until")),
            "source_note": data.get("source_note") or "",
        },
    )
    categories: dict[str, Category] = {}
    for position, row in enumerate(data.get("categories") or []):
        categories[row["code"]], _ = Category.objects.update_or_create(
            standard=standard, code=row["code"], defaults={"title": row["title"], "position": position}
        )
    _write_clauses(standard, categories, data.get("clauses") or [])
    standard.companions.add(*Standard.objects.filter(pk__in=data.get("companions") or []))
    record("standard.loaded", standard, by=by, after={"clauses": standard.clauses.count(), "new": created})
    return standard


def _write_clauses(standard: Standard, categories: Mapping[str, Category], rows: list[Mapping[str, Any]]) -> None:
    known = {clause.code: clause for clause in standard.clauses.select_related("category")}
    new: list[Clause] = []
    for position, row in enumerate(rows):
        clause = known.get(row["code"]) or Clause(standard=standard, code=row["code"])
        clause.category = categories[row["category"]]
        clause.position = position
        clause.label = row.get("label") or clause.label or row.get("official_text", "")[:30]
        clause.official_text = row.get("official_text") or clause.official_text
        clause.mine_types = row.get("mine_types") or clause.mine_types or list(MineType.values)
        clause.is_selectable = row.get("selectable", True)
        clause.search_key = clause.make_search_key()
        if clause.pk is None:
            new.append(clause)
            known[clause.code] = clause
    Clause.objects.bulk_create(new, batch_size=CHUNK)
    for row in rows:
        known[row["code"]].parent = known.get(row.get("parent") or "")
    fields = ["category", "parent", "position", "label", "official_text", "mine_types", "is_selectable", "search_key"]
    Clause.objects.bulk_update(known.values(), fields, batch_size=CHUNK)


def check_shape(data: Any) -> None:
    """Raise Refused with one sentence for the first thing that a catalogue file lacks or has wrong."""
    if not isinstance(data, Mapping):
        raise Refused("文件不是判定标准：最外层应是一个对象，请参照 fixtures/catalogues 里的样子。")
    for name, label in (("code", "代码"), ("name", "名称"), ("in_force_from", "施行日期")):
        if not isinstance(data.get(name), str) or not data[name].strip():
            raise Refused(f"缺少“{label}”（{name}），请补上后再载入。")
    for name in ("in_force_from", "in_force_until", "issued_on"):
        try:
            _day(data.get(name))
        except (TypeError, ValueError):
            raise Refused(f"“{name}”应写成2026-07-01这样的日期。") from None
    codes = _codes(data.get("categories") or [], "类别", ("code", "title"))
    for row in data.get("clauses") or []:
        if not isinstance(row, Mapping) or row.get("category") not in codes:
            raise Refused(f"条款“{_name(row)}”的类别（category）不在类别表里，请核对。")
        if not (row.get("label") or row.get("official_text")):
            raise Refused(f"条款“{_name(row)}”既没有短语（label）也没有正式条文（official_text）。")
        if unknown := set(row.get("mine_types") or []) - set(MineType.values):
            raise Refused(f"条款“{_name(row)}”的矿山类型不认识：{'、'.join(map(str, unknown))}。")
    _codes(data.get("clauses") or [], "条款", ("code",))


def _codes(rows: Any, label: str, needed: tuple[str, ...]) -> set[str]:
    seen: set[str] = set()
    if not isinstance(rows, list):
        raise Refused(f"{label}应是一个列表。")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping) or any(not isinstance(row.get(key), str) or not row[key] for key in needed):
            raise Refused(f"第{number}个{label}缺少{'、'.join(needed)}，请补上。")
        if row["code"] in seen:
            raise Refused(f"{label}代码“{row['code']}”出现两次，请改成不同的代码。")
        seen.add(row["code"])
    return seen


def _name(row: Any) -> str:
    return str(row.get("code", "?")) if isinstance(row, Mapping) else "?"


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
