"""Whose the printed names are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from common.errors import Conflict, Refused
from common.history import record
from tasks.models import PlanImport
from tasks.services.drafts import living_tasks
from tasks.services.imports.receiving import in_review
from units.matching import Directory, in_directory
from units.models import Region, Unit, UnitGroup, User
from units.names import name_key


def printed_names(draft: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The distinct names that the draft prints, by key: forms, whether a class, how many tasks, in order of print."""
    names: dict[str, dict[str, Any]] = {}
    rows = [(task["id"], unit) for task in living_tasks(draft) for unit in task["units"]]
    rows += [(None, unit) for unit in draft["campaign"].get("blanket_units") or []]
    for task, unit in rows:
        full = unit.get("expanded") or unit["name"]
        entry = names.setdefault(
            name_key(full),
            {"name": full, "printed": unit["name"], "collective": False, "tasks": set(), "blanket": False},
        )
        entry["collective"] |= bool(unit.get("collective"))
        entry["blanket"] |= task is None
        if task is not None:
            entry["tasks"].add(task)
    return names


def certain_matches(region: Region, draft: Mapping[str, Any]) -> dict[str, Any]:
    """What the directory knows without a doubt: names and aliases that agree exactly."""
    directory = Directory(region)
    found: dict[str, Any] = {}
    for key, entry in printed_names(draft).items():
        certain = directory.match(entry["printed"], entry["name"]).certain
        if certain is not None:
            found[key] = {"unit": certain.unit} if certain.unit else {"group": certain.group}
    return found


@transaction.atomic
def match_names(
    *, by: User, plan_import: PlanImport, version: int, matches: Mapping[str, Mapping[str, Any] | None]
) -> PlanImport:
    """Say what printed names mean: {key: {"unit": pk} | {"group": pk} | {"skip": True} | None for not yet}.

    Raises Refused for a unit or group that is not in the directory, Conflict when names were matched meanwhile.
    """
    row = in_review(by, plan_import)
    if row.matches.get("_v", 0) > version:
        raise Conflict("单位对应刚才已被别人修改。请刷新页面，看过新的内容后再改。")
    units = {m["unit"] for m in matches.values() if m and "unit" in m}
    groups = {m["group"] for m in matches.values() if m and "group" in m}
    # The keys come from a form: a unit of another county would be charged with a stranger's tasks.
    listed = in_directory(row.region)
    if Unit.objects.filter(listed, pk__in=units, is_active=True).count() < len(units):
        raise Refused("所选的单位已停用或不在目录里，请重新选择。")
    if UnitGroup.objects.filter(listed, pk__in=groups).count() < len(groups):
        raise Refused("所选的单位组不在目录里，请重新选择。")
    before = {key: row.matches.get(key) for key in matches}
    for key, match in matches.items():
        if match:
            row.matches[key] = dict(match)
        else:
            row.matches.pop(key, None)
    if any(row.matches.get(key) != old for key, old in before.items()):
        row.version += 1
        row.matches["_v"] = row.version
        row.save(update_fields=["matches", "version", "updated_at"])
        changed = [key for key in matches if row.matches.get(key) != before[key]]
        told = _told([before[key] for key in changed] + [matches[key] for key in changed])
        record(
            "planimport.matched",
            row,
            by=by,
            before=dict(zip(changed, told, strict=False)),
            after=dict(zip(changed, told[len(changed) :], strict=True)),
        )
    return row


def _told(matches: Sequence[Mapping[str, Any] | None]) -> list[Any]:
    """What matches mean, as the history tells it: the unit, the group, or that the name stays without one."""
    units = Unit.objects.in_bulk({match["unit"] for match in matches if match and "unit" in match})
    groups = UnitGroup.objects.in_bulk({match["group"] for match in matches if match and "group" in match})
    return [
        units.get(match.get("unit")) or groups.get(match.get("group")) or "暂不对应" if match else None
        for match in matches
    ]
