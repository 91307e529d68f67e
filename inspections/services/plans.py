"""Groups, the plan of a year with its coverage rules, and the visits that are planned by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.history import record
from inspections.models import CoverageRule, InspectionPlan, PatrolGroup, PlannedVisit, VisitKind
from inspections.relations import may_inspect, relations_in
from inspections.rules import FIRST_COVERAGE
from units.models import Region, Unit, User

RULE_FIELDS = ("group", "mine_types", "kinds", "period", "times", "full", "source")


def check_may_plan(by: User, region: Region) -> None:
    """Raises NotAllowed unless the user is of the region's bureau."""
    if "bureau" not in relations_in(region.code, by):
        raise NotAllowed("检查计划和检查小组由应急管理局的工作人员编制。")


@transaction.atomic
def keep_group(
    *,
    by: User,
    region: Region,
    name: str,
    members: Sequence[User],
    mines: Sequence[Unit],
    is_active: bool = True,
    group: PatrolGroup | None = None,
) -> PatrolGroup:
    """Form a group, or change who is in it and which mines it answers for."""
    check_may_plan(by, region)
    faults: dict[str, list[str]] = {}
    same = PatrolGroup.objects.filter(region=region, name=name.strip())
    if not name.strip():
        faults["name"] = ["请填写名称。"]
    elif same.exclude(pk=group.pk if group else 0).exists():
        faults["name"] = ["已有同名的检查小组，请换一个名称。"]
    if strangers := [one.name for one in members if "inspector" not in relations_in(region.code, one)]:
        faults["members"] = [f"{'、'.join(strangers)}不是本地的执法检查人员。"]
    if any(one.kind != Unit.Kind.MINE or not one.region_id.startswith(region.prefix) for one in mines):
        faults["mines"] = ["只能选择本地的矿山。"]
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    row = group or PatrolGroup(region=region)
    before = _told(row) if group else {}
    row.name, row.is_active = name.strip(), is_active
    row.save()
    row.members.set(members)
    row.mines.set(mines)
    record("group.kept", row, by=by, before=before, after=_told(row))
    return row


def _told(group: PatrolGroup) -> dict[str, Any]:
    return {
        "name": group.name,
        "is_active": group.is_active,
        "members": "、".join(group.members.order_by("pk").values_list("name", flat=True)),
        "mines": "、".join(group.mines.order_by("pk").values_list("name", flat=True)),
    }


@transaction.atomic
def start_plan(*, by: User, region: Region, year: int) -> InspectionPlan:
    """Draft the plan of a year: a copy of the latest earlier one, or the rules that a first plan begins with."""
    check_may_plan(by, region)
    today = timezone.localdate()
    if not today.year - 1 <= year <= today.year + 1:
        raise Refused("请核对年度。", fields={"year": ["只编制上年、今年和明年的计划。"]})
    if InspectionPlan.objects.filter(region=region, year=year).exists():
        raise Conflict(f"{year}年度的检查计划已经有了，请在它的页面上修订。")
    former = InspectionPlan.objects.filter(region=region, year__lt=year).order_by("-year").first()
    plan = InspectionPlan.objects.create(
        region=region,
        year=year,
        begins_on=today if former is None and year == today.year else dt.date(year, 1, 1),
        words=former.words if former else "",
        made_by=by,
    )
    rules = (
        [{name: getattr(one, name) for name in RULE_FIELDS} for one in former.rules.select_related("group")]
        if former
        else _first_rules(region)
    )
    CoverageRule.objects.bulk_create(
        CoverageRule(plan=plan, position=position, **fields) for position, fields in enumerate(rules, 1)
    )
    note = f"沿用{former.year}年度计划" if former else ""
    record("inspectionplan.started", plan, by=by, after={"year": year, "rules": len(rules)}, note=note)
    return plan


def _first_rules(region: Region) -> list[dict[str, Any]]:
    groups = list(PatrolGroup.objects.filter(region=region, is_active=True))
    rules: list[dict[str, Any]] = []
    for row in FIRST_COVERAGE:
        fields = {name: value for name, value in row.items() if name != "of_group"}
        rules += [{**fields, "group": group} for group in groups] if row.get("of_group") else [fields]
    return rules


@transaction.atomic
def change_plan(*, by: User, plan: InspectionPlan, **fields: Any) -> InspectionPlan:
    """Write `words`, `paper` or `begins_on` of a plan that is being drafted."""
    row = _drafted(plan, by)
    if "begins_on" in fields and fields["begins_on"].year != row.year:
        raise Refused("请核对起算日期。", fields={"begins_on": ["起算日期应在计划的年度之内。"]})
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.save(update_fields=[*fields])
    record("inspectionplan.changed", row, by=by, before=before, after=fields)
    return row


@transaction.atomic
def keep_rule(
    *, by: User, plan: InspectionPlan, fields: Mapping[str, Any], rule: CoverageRule | None = None
) -> CoverageRule:
    """Add a coverage rule to a draft, or change one; `fields` are those of RULE_FIELDS."""
    row = _drafted(plan, by)
    group = fields.get("group")
    if group is not None and group.region_id != row.region_id:
        raise Refused("请重新选择检查小组。", fields={"group": ["请选择本地的检查小组。"]})
    if not str(fields.get("source", "")).strip():
        raise Refused("请写明依据。", fields={"source": ["请写明这项要求出自哪份文件。"]})
    last = row.rules.aggregate(last=Max("position"))["last"] or 0
    kept = rule or CoverageRule(plan=row, position=last + 1)
    before = {"rule": str(kept)} if rule else {}
    for name in RULE_FIELDS:
        if name in fields:
            setattr(kept, name, fields[name])
    kept.save()
    record("inspectionplan.rule_kept", row, by=by, before=before, after={"rule": str(kept), "source": kept.source})
    return kept


@transaction.atomic
def drop_rule(*, by: User, rule: CoverageRule) -> None:
    """Take a coverage rule out of a draft; the history keeps its words."""
    row = _drafted(rule.plan, by)
    record("inspectionplan.rule_dropped", row, by=by, note=str(rule))
    rule.delete()


@transaction.atomic
def plan_visits(
    *,
    by: User,
    mines: Mapping[Unit, str],
    begins_on: dt.date,
    due_on: dt.date,
    kind: str = VisitKind.PLANNED,
    group: PatrolGroup | None = None,
) -> list[PlannedVisit]:
    """Mean to visit these mines between two days, each with its reason; a mine that is planned already stays once."""
    if not may_inspect(by):
        raise NotAllowed("检查由应急管理局的工作人员和执法检查人员安排。")
    if due_on < begins_on or due_on < timezone.localdate():
        raise Refused("请核对日期。", fields={"due_on": ["最迟日期不能早于最早日期和今天。"]})
    seen = set(Unit.objects.visible_to(by).filter(kind=Unit.Kind.MINE, pk__in=[one.pk for one in mines]))
    if len(seen) != len(mines):
        raise NotAllowed("只能安排检查本地的矿山。")
    plans = {one.region_id: one for one in InspectionPlan.objects.in_force().filter(year=begins_on.year)}
    made = []
    for mine, reason in mines.items():
        region = mine.region.county
        # Two people may press the button at once; whoever comes second finds the mine planned already.
        planned, is_new = PlannedVisit.objects.get_or_create(
            mine=mine, kind=kind, begins_on=begins_on, state=PlannedVisit.State.PLANNED,
            defaults={"region": region, "plan": plans.get(region.pk), "group": group, "due_on": due_on,
                      "reason": reason.strip()[:300], "planned_by": by},
        )  # fmt: skip
        if not is_new:
            continue
        record("plannedvisit.planned", planned, by=by, after={"begins_on": begins_on, "due_on": due_on}, note=reason)
        made.append(planned)
    return made


def _drafted(plan: InspectionPlan, by: User) -> InspectionPlan:
    """The row under lock. Raises NotAllowed for others than the bureau, Conflict unless it is being drafted."""
    row: InspectionPlan = (
        InspectionPlan.objects.select_for_update(of=("self",)).select_related("region").get(pk=plan.pk)
    )
    check_may_plan(by, row.region)
    if not row.is_open:
        raise Conflict("计划正在执行，请先点“修订”再改。")
    return row
