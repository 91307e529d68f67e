"""The lines of a mine's file: entering, changing and taking back, each kept in the history of the mine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files import File
from django.db import models, transaction

from common.errors import NotAllowed, Refused
from common.evidence import store_evidence
from common.history import record
from mines.ledgers import Ledger, all_ledgers, ledger_of
from mines.models import FileLine, Mine
from units.models import User
from units.rules import rules_for
from units.services.directory import check_fields


def check_may_write(by: User, mine: Mine, ledger: Ledger) -> None:
    """Raises NotAllowed unless the ledger is this user's to keep."""
    if not mine.relations_of(by) & ledger.editors:
        keeper = "矿山自己和应急管理局" if "mine" in ledger.editors else "应急管理局"
        if "leader" in ledger.editors:
            keeper = "包保领导本人和应急管理局"
        raise NotAllowed(f"“{ledger.title}”由{keeper}登记。")


def in_words(line: FileLine, fields: Sequence[str]) -> dict[str, Any]:
    """A line by the labels of its fields, as the history tells it."""
    words = {}
    for name in fields:
        field: Any = line._meta.get_field(name)
        show = getattr(line, f"get_{name}_display", None)
        value = show() if show else getattr(line, name)
        words[str(field.verbose_name)] = str(value) if isinstance(value, models.Model) else value
    return words


@transaction.atomic
def add_line(
    *, by: User, mine: Mine, ledger: Ledger, values: Mapping[str, Any], files: Sequence[File[bytes]] = ()
) -> FileLine:
    """Enter a line. Raises Refused with the faults beside their fields."""
    check_may_write(by, mine, ledger)
    line = ledger.model(mine=mine, created_by=by)
    _set(line, ledger, values)
    line.save()
    line.settle_others()
    record(
        f"mine.{ledger.slug}_added", mine, by=by, after=in_words(line, ledger.fields) | {"line": line.pk},
        note=str(line),
    )  # fmt: skip
    _keep(files, by, mine, ledger, line)
    return line


@transaction.atomic
def change_line(*, by: User, line: FileLine, values: Mapping[str, Any], files: Sequence[File[bytes]] = ()) -> FileLine:
    """Correct a line, or enter what became of it."""
    ledger = ledger_of(line)
    row: FileLine = (
        ledger.model.objects.select_for_update(of=("self",)).select_related("mine__unit__region").get(pk=line.pk)
    )
    check_may_write(by, row.mine, ledger)
    before = in_words(row, ledger.fields)
    _set(row, ledger, values)
    row.save()
    row.settle_others()
    after = in_words(row, ledger.fields)
    if before != after:
        after["line"] = row.pk
        record(f"mine.{ledger.slug}_changed", row.mine, by=by, before=before, after=after, note=str(row))
    _keep(files, by, row.mine, ledger, row)
    return row


@transaction.atomic
def remove_line(*, by: User, line: FileLine, note: str) -> None:
    """Take back a line that was entered by mistake; what it said stays in the history of the mine."""
    ledger = ledger_of(line)
    row: FileLine = (
        ledger.model.objects.select_for_update(of=("self",)).select_related("mine__unit__region").get(pk=line.pk)
    )
    check_may_write(by, row.mine, ledger)
    if not note.strip():
        raise Refused("请写明为什么删去这一行。", fields={"note": ["请写明理由。"]})
    before = in_words(row, ledger.fields) | {"line": row.pk}
    record(f"mine.{ledger.slug}_removed", row.mine, by=by, before=before, note=note)
    row.delete()
    row.settle_others()


@transaction.atomic
def follow_rules() -> int:
    """Bring the days and numbers that lines took from the rules up to the rules of today; twice does no harm.

    Answers how many lines changed.
    """
    rules: dict[str, Mapping[str, int]] = {}
    changed = 0
    for ledger in all_ledgers():
        fields, stale = ledger.model.settled, []
        if not fields:
            continue
        for line in ledger.model.objects.order_by("pk").select_related("mine__unit").iterator(chunk_size=1000):
            county = line.mine.unit.region_id[:6]
            if county not in rules:
                rules[county] = rules_for(county)
            before = [getattr(line, name) for name in fields]
            line.settle(rules[county])
            if before != [getattr(line, name) for name in fields]:
                stale.append(line)
        changed += ledger.model.objects.bulk_update(stale, fields, batch_size=500)
    return changed


def _set(line: FileLine, ledger: Ledger, values: Mapping[str, Any]) -> None:
    for name in ledger.fields:
        if name in values:
            setattr(line, name, values[name])
    line.settle(rules_for(line.mine.unit.region_id[:6]))
    check_fields(line)


def _keep(files: Sequence[File[bytes]], by: User, mine: Mine, ledger: Ledger, line: FileLine) -> None:
    for file in files:
        store_evidence(file=file, by=by, about=mine, caption=f"{ledger.title}：{line}"[:100])
