"""Risks are entered, reviewed and kept current; the areas of a mine are laid out on its drawing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record, snapshot
from common.spreadsheets import ImportResult, Outcome
from hazards.imports.risks import check_risks
from hazards.models import AccidentType, MineArea, Risk, RiskMap
from hazards.models.risks import GRID_HEIGHT, GRID_WIDTH, SMALLEST, relations_to_mine
from units.models import Unit, User
from units.rules import rule

FIELDS = (
    "area", "name", "description", "level", "accident_types", "measures", "responsible_unit", "responsible_person",
    "review_on",
)  # fmt: skip
TEXTS = ("name", "description", "measures", "responsible_unit", "responsible_person")
NEEDED = {
    "name": "请填写风险点。",
    "description": "请写明可能发生什么、为什么。",
    "measures": "请写明管控措施。",
    "responsible_person": "请填写责任人。",
}
FAULTY = "请改正标出的内容后再保存。"
PLACED_WIDTH, PLACED_HEIGHT = 6, 4
"""The size of an area that nobody has placed yet, in squares."""


def check_keeps_risks(by: User, mine: Unit) -> None:
    """A mine keeps its own risks, the bureau those of all; raises NotAllowed for others."""
    if mine.kind != Unit.Kind.MINE:
        raise Refused("风险登记在一座矿山名下，请选择矿山。")
    if not relations_to_mine(by, mine):
        raise NotAllowed("安全风险由矿山自己和应急管理局维护，您的账号只能查看。")


@transaction.atomic
def create_risk(*, by: User, area: MineArea, batch: uuid.UUID | None = None, **fields: Any) -> Risk:
    """Enter a risk (see FIELDS) into an area; it counts as reviewed today.

    Raises Refused with the faults of each field, NotAllowed for whoever may only read.
    """
    check_keeps_risks(by, area.mine)
    risk = Risk(
        region=area.mine.region.county, area=area, created_by=by, reviewed_on=timezone.localdate(), **_clean(fields)
    )
    _check(risk)
    risk.save()
    record("risk.created", risk, by=by, after=snapshot(risk, FIELDS), batch=batch)
    return risk


@transaction.atomic
def change_risk(*, by: User, risk: Risk, batch: uuid.UUID | None = None, **fields: Any) -> Risk:
    """Correct a risk that is in force; the history keeps what stood there before."""
    held = _locked(risk, by)
    before = snapshot(held, FIELDS)
    for name, value in _clean(fields).items():
        setattr(held, name, value)
    if held.area.mine_id != risk.area.mine_id:
        raise Refused(FAULTY, fields={"area": ["请选择本矿的区域。"]})
    _check(held)
    held.save()
    after = snapshot(held, FIELDS)
    if before != after:
        record("risk.changed", held, by=by, before=before, after=after, batch=batch)
    risk.refresh_from_db()
    return risk


@transaction.atomic
def review_risk(*, by: User, risk: Risk, on: dt.date, level: str, review_on: dt.date, words: str) -> Risk:
    """Look at a risk again: `words` say what was seen, the level may change, the next review gets its day."""
    held = _locked(risk, by)
    faults: dict[str, list[str]] = {}
    if not words.strip():
        faults["words"] = ["请写明复评看到的情况和结论。"]
    if on > timezone.localdate():
        faults["on"] = ["评估日期不能晚于今天。"]
    if level not in Risk.Level.values:
        faults["level"] = ["请选择风险等级。"]
    if review_on <= on:
        faults["review_on"] = ["下次复评应晚于本次评估。"]
    if faults:
        raise Refused(FAULTY, code="invalid", fields=faults)
    shown = ("level", "reviewed_on", "review_on")
    before = snapshot(held, shown)
    held.level, held.reviewed_on, held.review_on = level, on, review_on
    _check(held)
    held.save()
    record("risk.reviewed", held, by=by, before=before, after=snapshot(held, shown), note=words.strip())
    risk.refresh_from_db()
    return risk


def import_risks(*, by: User, data: bytes, leave_hidden: bool = False) -> ImportResult:
    """Write a table of risks, all rows or none; the result says what became of each row.

    An area that a mine does not have yet is made and put where the drawing has room. Raises Refused where the file as
    a whole is of no use.
    """
    with transaction.atomic():
        result = check_risks(data, by=by, leave_hidden=leave_hidden)
        if result.is_clean:
            batch = uuid.uuid4()
            for row in result.with_outcome(Outcome.NEW, Outcome.CHANGED):
                fields = {name: row.values[name] for name in FIELDS if name in row.values and name != "area"}
                if "risk" in row.values:
                    change_risk(by=by, risk=row.values["risk"], batch=batch, **fields)
                else:
                    area = area_named(by=by, mine=row.values["unit"], name=row.values["area"])
                    create_risk(by=by, area=area, batch=batch, **fields)
    return result


def _locked(risk: Risk, by: User) -> Risk:
    held: Risk = Risk.objects.select_for_update(of=("self",)).select_related("area__mine").get(pk=risk.pk)
    check_keeps_risks(by, held.area.mine)
    if held.state != Risk.State.IN_FORCE:
        raise Conflict("这项风险已经解除，先“恢复管控”才能修改。")
    return held


def _clean(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: (value or "").strip() if name in TEXTS else value for name, value in fields.items()}


def _check(risk: Risk) -> None:
    faults = {name: [words] for name, words in NEEDED.items() if not getattr(risk, name)}
    if risk.level not in Risk.Level.values:
        faults["level"] = ["请选择风险等级。"]
    if set(risk.accident_types) - set(AccidentType.values):
        faults["accident_types"] = ["请从列出的事故类型中选择。"]
    days = rule("risk_review_days", risk.region_id)
    if risk.review_on is None or risk.review_on > timezone.localdate() + dt.timedelta(days=days):
        faults["review_on"] = [f"请填写应复评日期，最晚在{days}天之内。"]
    if Risk.objects.filter(area=risk.area, name=risk.name).exclude(pk=risk.pk).exists():
        faults["name"] = ["这个区域已有同名的风险点，请直接修改那一项。"]
    if faults:
        raise Refused(FAULTY, code="invalid", fields=faults)


# ---- Areas and their drawing


@dataclass(frozen=True, slots=True)
class AreaDraft:
    """An area as it is to be; `pk` of one that exists, place and size in squares or all None, `remove` to drop it."""

    name: str
    x: int | None = None
    y: int | None = None
    width: int | None = None
    height: int | None = None
    pk: int | None = None
    remove: bool = False

    @property
    def place(self) -> tuple[int | None, int | None, int | None, int | None]:
        return self.x, self.y, self.width, self.height


@transaction.atomic
def area_named(*, by: User, mine: Unit, name: str) -> MineArea:
    """The area of a mine by its name; a new one is put where the drawing has room, else beside the drawing."""
    check_keeps_risks(by, mine)
    name = name.strip()
    if not name:
        raise Refused(FAULTY, fields={"new_area": ["请选择区域，或写一个新区域的名称。"]})
    found: MineArea | None = MineArea.objects.filter(mine=mine, name=name).first()
    if found is None:
        found = MineArea.objects.create(mine=mine, name=name, **free_place(mine))
        _record_areas(by, mine, {}, {name: _place_in_words(found)})
    return found


@transaction.atomic
def save_areas(*, by: User, mine: Unit, drafts: Sequence[AreaDraft]) -> None:
    """Lay out the drawing of a mine at once: rename, move, add and remove areas.

    Raises Refused where one lies outside the sheet, two share a name, or one that holds risks or hazards is removed.
    """
    check_keeps_risks(by, mine)
    known: dict[int, MineArea] = {area.pk: area for area in MineArea.objects.select_for_update().filter(mine=mine)}
    before = {area.name: _place_in_words(area) for area in known.values()}
    if any(draft.pk is not None and draft.pk not in known for draft in drafts):
        raise Conflict("区域刚刚被别人改动，请刷新页面后再改。")
    kept = [draft for draft in drafts if not draft.remove]
    names = [draft.name.strip() for draft in kept]
    for draft in kept:
        _check_draft(draft)
    untouched = {area.name for key, area in known.items() if key not in {draft.pk for draft in drafts}}
    if len(set(names)) < len(names) or untouched.intersection(names):
        raise Refused("有两个区域同名，请改成不同的名称。")
    for draft in drafts:
        if draft.remove and draft.pk is not None:
            _remove_area(known[draft.pk])
    changed = [(known[draft.pk], draft) for draft in kept if draft.pk is not None]
    # Two areas may swap their names: the unique key must not see them halfway.
    for area, draft in changed:
        if area.name != draft.name.strip():
            MineArea.objects.filter(pk=area.pk).update(name=f"\n{area.pk}")
    for area, draft in changed:
        area.name = draft.name.strip()
        area.x, area.y, area.width, area.height = draft.place
        area.save()
    for draft in kept:
        if draft.pk is None:
            x, y, width, height = draft.place
            MineArea.objects.create(mine=mine, name=draft.name.strip(), x=x, y=y, width=width, height=height)
    after = {area.name: _place_in_words(area) for area in MineArea.objects.filter(mine=mine)}
    if before != after:
        _record_areas(by, mine, before, after)


def _check_draft(draft: AreaDraft) -> None:
    if not draft.name.strip():
        raise Refused("每个区域都要有名称。")
    x, y, width, height = draft.place
    if x is None and y is None and width is None and height is None:
        return
    if x is None or y is None or width is None or height is None:
        raise Refused(f"“{draft.name}”的位置没有填全：左、上、宽、高都要填，或者都不填。")
    inside = 0 <= x <= GRID_WIDTH - width and 0 <= y <= GRID_HEIGHT - height
    if not inside or width < SMALLEST or height < SMALLEST:
        raise Refused(
            f"“{draft.name}”超出了图面：图面宽{GRID_WIDTH}格、高{GRID_HEIGHT}格，每个区域至少{SMALLEST}格见方。"
        )


def _remove_area(area: MineArea) -> None:
    if area.risks.exists() or area.hazards.exists():
        raise Refused(f"“{area.name}”登记过风险或隐患，不能删除。可以改名，或把位置清空使它不在图上。")
    area.delete()


def free_place(mine: Unit) -> dict[str, int]:
    """Room for one more area of the usual size, row by row from the upper left; empty where there is none."""
    boxes = [area.box for area in MineArea.objects.filter(mine=mine)]
    taken = [box for box in boxes if box is not None]
    for y in range(0, GRID_HEIGHT - PLACED_HEIGHT + 1, PLACED_HEIGHT):
        for x in range(0, GRID_WIDTH - PLACED_WIDTH + 1, PLACED_WIDTH):
            if not any(
                x < left + width and left < x + PLACED_WIDTH and y < top + height and top < y + PLACED_HEIGHT
                for left, top, width, height in taken
            ):
                return {"x": x, "y": y, "width": PLACED_WIDTH, "height": PLACED_HEIGHT}
    return {}


@transaction.atomic
def set_background(*, by: User, mine: Unit, file: File[bytes] | None) -> RiskMap:
    """Put a picture of the mine's plan behind its areas, or take it away (None); the file itself is kept."""
    check_keeps_risks(by, mine)
    drawing, _ = RiskMap.objects.get_or_create(mine=mine)
    before = snapshot(drawing, ("background",))
    drawing.background = None
    if file is not None:
        evidence = store_evidence(file=file, by=by, about=drawing, caption="图纸底图")
        if evidence.kind != evidence.Kind.IMAGE:
            raise Refused("底图要用照片或图片（JPG、PNG）。", fields={"file": ["请选择 JPG 或 PNG 图片。"]})
        drawing.background = evidence
    drawing.save()
    record("riskmap.background", drawing, by=by, before=before, after=snapshot(drawing, ("background",)))
    return drawing


def _record_areas(by: User, mine: Unit, before: dict[str, str], after: dict[str, str]) -> None:
    drawing, _ = RiskMap.objects.get_or_create(mine=mine)
    record("riskmap.areas", drawing, by=by, before=before, after=after)


def _place_in_words(area: MineArea) -> str:
    return f"左{area.x} 上{area.y} 宽{area.width} 高{area.height}" if area.is_placed else "不在图上"
