"""Whose names the plan prints: each distinct name once, with what the directory makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.errors import NotAllowed, Refused
from common.numbers import whole_number
from tasks.forms.imports import NewUnitForm
from tasks.models import PlanImport
from tasks.services.imports import match_names, printed_names
from tasks.views.imports.corrections import draft_import
from tasks.views.imports.steps import check_imports, step_context
from units.matching import SAME_STEM, Candidate, Directory
from units.models import Unit, UnitGroup
from units.names import name_key
from units.services import create_unit

OTHER = "other"


@dataclass(slots=True)
class Choice:
    """One thing a name may mean, as the form offers it."""

    value: str
    label: str
    reason: str
    is_group: bool
    members: int | None = None


@dataclass(slots=True)
class NameRow:
    """One printed name: how often, what it certainly is or may be, and what was chosen."""

    position: int
    key: str
    name: str
    printed: str
    collective: bool
    blanket: bool
    tasks: int
    candidates: list[Choice]
    chosen: str
    chosen_label: str
    other: str
    is_certain: bool
    members: int | None = None
    error: str = ""


def value_of(match: Mapping[str, Any] | None) -> str:
    """A match as a form carries it: u:12, g:3, skip, or nothing."""
    if not match:
        return ""
    if match.get("unit"):
        return f"u:{match['unit']}"
    return f"g:{match['group']}" if match.get("group") else "skip"


def name_rows(row: PlanImport, directory: Directory) -> list[NameRow]:
    """The printed names, those without a match first."""
    units = Unit.objects.in_bulk([m["unit"] for m in row.matches.values() if isinstance(m, dict) and m.get("unit")])
    groups = UnitGroup.objects.in_bulk()
    sizes: dict[int, int] = {}

    def members_of(group: int | None) -> int | None:
        if group is None or group not in groups:
            return None
        if group not in sizes:
            sizes[group] = groups[group].members().count()
        return sizes[group]

    rows: list[NameRow] = []
    for key, entry in printed_names(row.draft).items():
        match = directory.match(entry["printed"], entry["name"])
        found = [match.certain] if match.certain else list(match.proposals)
        candidates = [_choice(candidate, members_of(candidate.group)) for candidate in found]
        chosen = value_of(row.matches.get(key))
        body = (units if chosen[:1] == "u" else groups).get(int(chosen[2:])) if ":" in chosen else None
        label = body.name if body else ""
        is_other = bool(label) and chosen not in {choice.value for choice in candidates}
        rows.append(
            NameRow(
                position=len(rows), key=key, name=entry["name"], printed=entry["printed"],
                collective=entry["collective"], blanket=entry["blanket"], tasks=len(entry["tasks"]),
                candidates=candidates, chosen=OTHER if is_other else chosen, chosen_label=label,
                other=label if is_other else "",
                is_certain=match.certain is not None and _value(match.certain) == chosen,
                members=members_of(int(chosen[2:])) if chosen[:2] == "g:" else None,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda r: (bool(r.chosen), r.is_certain, -r.tasks, r.position))


def _choice(candidate: Candidate, members: int | None) -> Choice:
    return Choice(_value(candidate), candidate.label, candidate.reason, candidate.group is not None, members)


def _value(candidate: Candidate) -> str:
    return f"u:{candidate.unit}" if candidate.unit else f"g:{candidate.group}"


@never_cache
@require_http_methods(["GET", "POST"])
def units(request: HttpRequest, pk: int) -> HttpResponse:
    """Match every printed name to a unit or a group, or leave it as printed."""
    row, user = draft_import(request, pk), check_imports(request.user)
    if row.state != PlanImport.State.REVIEW:
        return HttpResponseRedirect(row.get_absolute_url())
    directory = Directory(row.region)
    faults: dict[str, str] = {}
    if request.method == "POST":
        chosen, faults = _chosen(request, row, directory)
        if not faults:
            version = whole_number(request.POST.get("version")) or 0
            match_names(by=user, plan_import=row, version=version, matches=chosen)
            target = "tasks:import_confirm" if "next" in request.POST else "tasks:import_units"
            if "next" not in request.POST:
                messages.success(request, "单位对应已保存。")
            return HttpResponseRedirect(reverse(target, args=[row.pk]))
    rows = name_rows(row, directory)
    for line in rows:
        line.error = faults.get(line.key, "")
        if request.method == "POST":
            line.chosen = request.POST.get(f"m-{line.key}", line.chosen)
            line.other = request.POST.get(f"o-{line.key}", line.other)
    context = step_context(row, "units") | {
        "open_rows": [line for line in rows if not line.is_certain],
        "certain_rows": [line for line in rows if line.is_certain],
        "faults": faults,
        "labels": sorted({candidate.label for candidate in directory.exact.values()}),
        "left": sum(not line.chosen for line in rows),
    }
    return render(request, "tasks/import_units.html", context, status=422 if faults else 200)


def _chosen(
    request: HttpRequest, row: PlanImport, directory: Directory
) -> tuple[dict[str, Mapping[str, Any] | None], dict[str, str]]:
    """What the form says of each name, and what it says wrongly."""
    chosen: dict[str, Mapping[str, Any] | None] = {}
    faults: dict[str, str] = {}
    rest = request.POST.get("rest")
    for key, entry in printed_names(row.draft).items():
        value = request.POST.get(f"m-{key}")
        if value is None and key not in row.matches:
            value = "skip" if rest == "skip" else _likely(directory, entry) if rest == "likely" else None
        if value is None:
            continue
        other = request.POST.get(f"o-{key}", "").strip()
        if value == OTHER and other:
            found = directory.exact.get(name_key(other))
            if found is None:
                faults[key] = f"目录里没有“{other}”，请从列出的名称里选，或点“新建单位”。"
            else:
                chosen[key] = {"unit": found.unit} if found.unit else {"group": found.group}
        elif value == OTHER:
            faults[key] = "请填写单位名称，或改选“暂不对应”。"
        elif value == "skip":
            chosen[key] = {"skip": True}
        elif value[:2] in ("u:", "g:") and (pk := whole_number(value[2:])) is not None:
            chosen[key] = {"unit" if value[0] == "u" else "group": pk}
        else:
            chosen[key] = None
    return chosen, faults


def _likely(directory: Directory, entry: Mapping[str, Any]) -> str | None:
    """The first proposal for a name where it differs in no more than the level or the kind of office."""
    proposals = directory.match(entry["printed"], entry["name"]).proposals
    return _value(proposals[0]) if proposals and proposals[0].score >= SAME_STEM else None


@never_cache
@require_http_methods(["GET", "POST"])
def new_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a unit in the directory that only this plan names so far, and match the name to it."""
    row, user = draft_import(request, pk), check_imports(request.user)
    key = request.POST.get("key") or request.GET.get("key", "")
    entry = printed_names(row.draft).get(key)
    if entry is None:
        raise Refused("草稿里已没有这个名称，请返回“对应单位”页重新选择。")
    form = NewUnitForm(request.POST or None, user=user, initial={"name": entry["name"], "region": row.region_id})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            unit = create_unit(by=user, name=given["name"], kind=given["kind"], region=given["region"])
            match_names(by=user, plan_import=row, version=row.version, matches={key: {"unit": unit.pk}})
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, f"已新建“{unit.name}”，并与“{entry['name']}”对应。")
            return HttpResponseRedirect(reverse("tasks:import_units", args=[row.pk]))
    context = {"row": row, "form": form, "key": key, "entry": entry}
    return render(request, "tasks/import_new_unit.html", context, status=422 if form.is_bound else 200)
