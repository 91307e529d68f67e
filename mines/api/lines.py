"""The lines of a mine's file: a noun for each ledger, made from what the ledger declares.

Their changes stand in the history of the mine, and the scope of mines opens them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.api import Act, Derived, Do, Resource, as_property, columns
from common.errors import Conflict, Refused
from common.inputs import Given, VisibleField, of_model
from mines.filters import LineFilter
from mines.ledgers import Ledger, all_ledgers
from mines.models import Accident, Contractor, FileLine, KeyPost, Licence, Mine
from mines.services.lines import add_line, change_line, check_may_write
from units.models import User

NOT_TOLD = ("account",)
"""Whose account a leader has is the bureau's own affair."""
SETTLED: dict[str, tuple[str, ...]] = {
    "licences": ("renew_by", "is_current"),
    "leaders": ("prompt_due", "visit_due"),
    "acts": ("name",),
    "contractors": ("check_by",),
    "checks": ("name",),
    "accidents": ("follow_up_by",),
    "phaseouts": ("due_on",),
}
"""What the system adds to a line and its page shows."""
DERIVED: dict[str, dict[str, Derived]] = {
    "licences": {
        "status": Derived(
            "状态：replaced 已换发，endless 长期，expired 已过期，expiring 即将到期，valid 有效",
            ("is_current", "expires_on", "renew_by"), as_property(Licence, "status"), True,
        )
    },
    "posts": {
        "lacks": Derived(
            "不符合什么任职条件",
            ("education", "education_needed", "years", "years_needed", "certificate", "until"),
            as_property(KeyPost, "lacks"), True,
        )
    },
    "contractors": {
        "faults": Derived(
            "问题", ("until", "licence_until", "kind", "underground"), as_property(Contractor, "faults"), True
        )
    },
    "accidents": {
        "grade": Derived(
            "事故等级", ("deaths", "injured", "loss"), as_property(Accident, "grade"), True
        )
    },
}  # fmt: skip


EXAMPLES: dict[str, dict[str, Any]] = {
    "output": {"mine": 12, "month": "2026-11-01", "tonnes": "7.512"},
    "accidents": {
        "mine": 12, "happened_on": "2026-11-02", "place": "2101工作面", "kind": "roof", "deaths": 0, "injured": 1,
        "words": "回采工作面局部冒顶，支护不及时。",
    },
    "licences": {
        "mine": 12, "kind": "safety", "number": "（冀）MK安许证字〔2026〕0012", "issuer": "省应急管理厅",
        "issued_on": "2026-03-01", "expires_on": "2029-02-28",
    },
    "phaseouts": {"mine": 12, "kind": "phase_out", "year": 2027, "plan": "县政发〔2026〕15号"},
}  # fmt: skip


def noun_of(ledger: Ledger) -> str:
    return f"mine-{ledger.slug}"


def fields_of(ledger: Ledger) -> list[str]:
    return [name for name in ledger.fields if name not in NOT_TOLD]


def told(ledger: Ledger) -> Resource:
    """The noun of one ledger."""
    names = [*fields_of(ledger), *SETTLED.get(ledger.slug, ())]
    keys: dict[str, Any] = {name: ledger.model._meta.get_field(name) for name in names}
    return Resource(
        noun_of(ledger),
        f"一矿一册：{ledger.title}",
        ledger.model,
        columns(
            "id", mine="mine_id", mine_name="mine__unit__name", region="mine__unit__region_id",
            **{name: field.attname for name, field in keys.items()}, created_at="created_at",
        ),
        derived=DERIVED.get(ledger.slug, {}),
        filters=LineFilter.of(ledger),
        under="mines",
        history="mine",
        verbs=tuple(f"mine.{ledger.slug}_{what}" for what in ("added", "changed", "removed")),
    )  # fmt: skip


def given(ledger: Ledger, *, whole: bool) -> type[Given]:
    """The body of a new line, or of a change of one."""
    model, name = ledger.model, f"{ledger.model.__name__}{'Given' if whole else 'Change'}"
    fields = {one: of_model(model, one, required=None if whole else False) for one in fields_of(ledger)}
    hint = f"{ledger.title}。{ledger.hint}" if whole else f"更正{ledger.title}；没有给出的内容不变。"
    mine = {"mine": VisibleField(Mine, help_text="矿山（单位编号）")} if whole else {}
    example = EXAMPLES.get(ledger.slug, {}) if whole else {}
    return type(name, (Given,), {"__doc__": hint, "example": example, **mine, **fields})


def check_offers(ledger: Ledger, mine: Mine, values: Mapping[str, Any]) -> None:
    """Raises Refused for what the form would not offer: another mine's contractor, a leader of long ago."""
    offered = {name: offer(mine) for name, offer in ledger.offers.items() if values.get(name) is not None}
    if wrong := [name for name, rows in offered.items() if not rows.filter(pk=values[name].pk).exists()]:
        words = ["这座矿山现在不能选它，请核对编号。"]
        raise Refused("请改正标出的内容后再发送。", code="invalid", fields=dict.fromkeys(wrong, words))


def make(*, by: User, row: None, given: dict[str, Any], ledger: Ledger) -> FileLine:
    mine, files = given.pop("mine"), given.pop("files", ())
    check_offers(ledger, mine, given)
    return add_line(by=by, mine=mine, ledger=ledger, values=given, files=files)


def change(*, by: User, row: FileLine, given: dict[str, Any], ledger: Ledger) -> FileLine:
    """Raises NotAllowed even where nothing is to change, Conflict where a line of one mine is pushed for another."""
    check_may_write(by, row.mine, ledger)
    mine, files = given.pop("mine", row.mine), given.pop("files", ())
    if mine.pk != row.mine_id:
        raise Conflict("这个编号已经用于另一座矿山的记录，请换一个编号。", code="other_record")
    fresh = {name: value for name, value in given.items() if getattr(row, name) != value}
    check_offers(ledger, mine, fresh)
    return change_line(by=by, line=row, values=fresh, files=files) if fresh or files else row


def acts_of(ledger: Ledger) -> tuple[Act, ...]:
    def bound(do: Do) -> Do:
        return lambda **how: do(ledger=ledger, **how)

    noun, renews = noun_of(ledger), bound(change)
    return (
        Act(noun, f"登记{ledger.title}", given(ledger, whole=True), bound(make), makes=True, files=True, renews=renews),
        Act(noun, f"更正{ledger.title}", given(ledger, whole=False), bound(change)),
    )


LINES = tuple(told(ledger) for ledger in all_ledgers())
ACTS = tuple(act for ledger in all_ledgers() for act in acts_of(ledger))
