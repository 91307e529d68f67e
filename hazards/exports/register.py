"""The register in the columns of the problem list, of contractors' registers, and in all its columns.

Every one of them can be handed in again: the last columns tell which hazard a row is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count, islice
from typing import IO, Any

from django.db.models import OuterRef, QuerySet, Subquery

from common import spreadsheets
from common.spreadsheets import Column, Kind
from hazards.models import Hazard, Level, Rectification, Reinspection, Source
from mines.models import MineType

KINDS = {
    "coal": ("煤矿", (MineType.COAL_UNDERGROUND, MineType.COAL_OPEN_PIT)),
    "metal": ("金属非金属矿山", (MineType.NONCOAL_UNDERGROUND, MineType.NONCOAL_OPEN_PIT)),
    "tailings": ("尾矿库", (MineType.TAILINGS_POND,)),
}
"""The rows of the monthly table (行业领域): key → label, kinds of mine."""
_KIND_OF = {str(kind): label for label, kinds in KINDS.values() for kind in kinds}

_STATES = {str(state): str(state.label) for state in Hazard.State}
_LEVELS = {str(level): str(level.label) for level in Level}
_SOURCES = {str(source): str(source.label) for source in Source}
_RESULTS = {str(result): str(result.label) for result in Reinspection.Result}


def words_of_progress(state: str, statement: str | None) -> str:
    """Where a hazard stands, and what the mine says that it did."""
    return "：".join(filter(None, (_STATES[state], statement)))


@dataclass(frozen=True)
class Field:
    """One thing that a form prints of a hazard: the values that it reads, by their paths, and what it makes of them."""

    title: str
    width: float
    reads: tuple[str, ...]
    make: Callable[..., Any] | None = None
    kind: Kind = Kind.TEXT


FIELDS = {
    "ordinal": Field("序号", 6, ("ordinal",), kind=Kind.INTEGER),
    "number": Field("编号", 20, ("number",)),
    "mine": Field("单位", 22, ("mine__name",)),
    "kind": Field("行业领域", 12, ("mine__mine__mine_type",), lambda kind: _KIND_OF.get(kind, "")),
    "place": Field("地点", 18, ("place",)),
    "description": Field("问题隐患", 40, ("description",)),
    "level": Field("等级", 10, ("level",), lambda level: _LEVELS.get(level, "")),
    "clause": Field("判定条款", 14, ("clause__code",)),
    "category": Field("类型", 16, ("clause__category__title",)),
    "level_reason": Field("认定理由", 20, ("level_reason",)),
    "source": Field("来源", 10, ("source",), _SOURCES.__getitem__),
    "found_on": Field("发现日期", 12, ("found_on",), kind=Kind.DATE),
    "found_by": Field("发现人", 10, ("found_by",)),
    "measures": Field("整改措施", 30, ("measures",)),
    "responsible_unit": Field("责任单位", 20, ("responsible_unit", "mine__name"), lambda unit, mine: unit or mine),
    "responsible_person": Field("责任人", 10, ("responsible_person",)),
    "due_on": Field("完成时限", 12, ("due_on",), kind=Kind.DATE),
    "state": Field("状态", 10, ("state",), _STATES.__getitem__),
    "progress": Field("整改情况", 30, ("state", "statement"), words_of_progress),
    "returned": Field("退回次数", 8, ("returned_count",), kind=Kind.INTEGER),
    "closed_on": Field("销号时间", 12, ("closed_on",), kind=Kind.DATE),
    "remark": Field("备注", 16, ("remark",)),
    "result": Field("复查结果", 10, ("result",), lambda result: _RESULTS.get(result, "")),
    "reinspected_on": Field("复查日期", 12, ("reinspected_on",), kind=Kind.DATE),
    "officer": Field("复查人", 10, ("officer",)),
}


def _columns(keys: str, **titles: str) -> tuple[Column, ...]:
    """The columns of a form; `titles` are those that it calls by another name."""
    made = ((key, FIELDS[key]) for key in keys.split())
    return tuple(Column(key, titles.get(key, field.title), field.kind, width=field.width) for key, field in made)


FORMS = {
    "problems": ("问题隐患清单", _columns(
        "ordinal kind mine description level measures responsible_unit responsible_person due_on progress closed_on"
        " remark number"
    )),
    "contractors": ("隐患排查治理台账", _columns(
        "description found_on category level responsible_unit responsible_person due_on measures result"
        " reinspected_on officer state mine number",
        description="隐患内容", found_on="排查日期", level="级别", due_on="整改期限", measures="整改措施与要求",
    )),
    "full": ("隐患台账", _columns(
        "number mine kind place description level clause level_reason source found_on found_by measures"
        " responsible_unit responsible_person due_on state progress returned closed_on remark"
    )),
}  # fmt: skip
_ROUNDS = {
    "statement": (Rectification, "statement"),
    "result": (Reinspection, "result"),
    "reinspected_on": (Reinspection, "on"),
    "officer": (Reinspection, "recorded_by__name"),
}
"""What a form reads of the last round: name → rows of rounds, path from there."""
_HELD = 2_000


def with_progress(hazards: QuerySet[Any]) -> QuerySet[Any]:
    """Hazards together with what the mine says of its last rectification, for a page of them (one query)."""
    rectification = Rectification.objects.filter(hazard=OuterRef("pk")).order_by("-round")
    return hazards.select_related("mine__mine", "clause__category").annotate(
        statement=Subquery(rectification.values("statement")[:1])
    )


def kind_of(hazard: Hazard) -> str:
    """The mine's line of business as the monthly table names it; empty for a mine whose kind nobody entered."""
    mine = getattr(hazard.mine, "mine", None)
    return _KIND_OF.get(mine.mine_type, "") if mine else ""


def progress_of(hazard: Any) -> str:
    """Where a hazard of `with_progress` stands, and what the mine says that it did."""
    return words_of_progress(hazard.state, hazard.statement)


def rows_of(hazards: QuerySet[Any], form: str) -> Iterator[Mapping[str, Any]]:
    """The rows of one of FORMS, values by column key; two thousand are held at a time, and no objects are made.

    What a form reads of the last round is looked up for those two thousand at once.
    """
    fields = [(column.key, FIELDS[column.key]) for column in FORMS[form][1]]
    read = dict.fromkeys(path for _, field in fields for path in field.reads if path != "ordinal")
    own = ["pk", *(path for path in read if path not in _ROUNDS)]
    asked: dict[Any, list[str]] = {}
    for path in read:
        if path in _ROUNDS:
            asked.setdefault(_ROUNDS[path][0], []).append(path)
    places = {path: place for place, path in enumerate(["ordinal", *own, *chain.from_iterable(asked.values())])}
    made = [(key, [places[path] for path in field.reads], field.make) for key, field in fields]
    rows, ordinals = hazards.values_list(*own).iterator(chunk_size=_HELD), count(1)
    while held := list(islice(rows, _HELD)):
        rounds = [_last_rounds(model, [_ROUNDS[path][1] for path in paths], held) for model, paths in asked.items()]
        nothing = [(None,) * len(paths) for paths in asked.values()]
        for row in held:
            last = (found.get(row[0], none) for found, none in zip(rounds, nothing, strict=True))
            values = (next(ordinals), *row, *chain.from_iterable(last))
            yield {
                key: values[at[0]] if make is None else make(*(values[place] for place in at)) for key, at, make in made
            }


def _last_rounds(model: Any, paths: list[str], held: list[tuple[Any, ...]]) -> dict[int, tuple[Any, ...]]:
    """The values of the latest round of each hazard that has one."""
    rounds = model.objects.filter(hazard__in=[row[0] for row in held]).order_by("round")
    return {key: tuple(values) for key, *values in rounds.values_list("hazard", *paths)}


def make_book(form: str, rows: Iterable[Mapping[str, Any]], *, title: str = "") -> IO[bytes]:
    """One of FORMS as .xlsx in a temporary file that the response closes."""
    name, columns = FORMS[form]
    return spreadsheets.make_book(columns, rows, title=title, sheet=name)
