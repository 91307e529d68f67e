"""Plans of a year with their coverage rules, and the groups that visit by them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.acts import ActPage
from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.templatetags.page import due, status
from inspections.filters import GroupFilter, PlanFilter, PlannedFilter
from inspections.forms.plans import GroupForm, PlanForm, PlanYearForm, RuleForm
from inspections.models import CoverageRule, InspectionPlan, PatrolGroup, PlannedVisit
from inspections.relations import may_inspect
from inspections.services.plans import change_plan, check_may_plan, drop_rule, keep_group, keep_rule, start_plan
from inspections.views.checklists import RegionReaders
from units.models import Region
from units.requests import user_of

HISTORY_LINES = 30
RESULTS = {"planned": "已安排", "done": "已完成", "dropped": "已取消"}


def plan_of(request: HttpRequest, pk: int) -> InspectionPlan:
    rows = InspectionPlan.objects.visible_to(user_of(request)).select_related("region", "made_by")
    found: InspectionPlan = get_object_or_404(rows, pk=pk)
    return found


def own_county(request: HttpRequest) -> Region:
    """The county whose plans this user makes. Raises NotAllowed for others than a bureau's people."""
    user = user_of(request)
    region = user.unit.region.county if user.unit is not None else None
    if region is None or not user.reads_region:
        raise NotAllowed("检查计划由应急管理局编制。")
    check_may_plan(user, region)
    return region


class PlanList(RegionReaders, ListPage):
    model = InspectionPlan
    title = "检查计划"
    template_name = "inspections/plans.html"
    filterset_class = PlanFilter
    columns = (
        Column("plan", "计划", cell=str, kind="title", link=True),
        Column("year", "年度", cell=lambda row: str(row.year), sort="year", kind="short"),
        Column("rules", "覆盖要求", cell="rule_count", align="end"),
        Column("begins_on", "起算日期", kind="short"),
        Column("made_by", "编制人", cell="made_by.name", kind="short"),
        Column("state", "状态", cell=lambda row: status(f"inspectionplan.{row.state}", row.get_state_display()),
               export="get_state_display", kind="short"),
    )  # fmt: skip
    empty_title, empty_words = "还没有检查计划", "先建立检查小组，再编制年度计划；下一年可以沿用。"

    def extra_context(self) -> dict[str, Any]:
        return {"may_plan": user_of(self.request).reviews, "tab": "plans"}


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    row = plan_of(request, pk)
    may_write = "bureau" in row.relations_of(user_of(request))
    visits = PlannedVisit.objects.visible_to(user_of(request)).filter(plan=row)
    context = {
        "plan": row,
        "rules": row.rules.select_related("group", "plan"),
        "may_change": may_write and row.is_open,
        "planned": visits.with_visit().select_related("mine").order_by("-due_on", "pk")[:10],
        "events": history_of(row).order_by("-id")[:HISTORY_LINES],
        "tab": "plans",
    }
    return render(request, "inspections/plan.html", context)


class PlanAct(ActPage):
    model = InspectionPlan


class PlanNew(FormPage):
    """Draft the plan of a year; the rules of the year before are copied on."""

    form_class = PlanYearForm
    title = "编制年度检查计划"
    submit = "编制"
    stays = True
    made: InspectionPlan | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_plan(user_of(request), self.region)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def region(self) -> Region:
        return own_county(self.request)

    def get_form_kwargs(self) -> dict[str, Any]:
        taken = set(InspectionPlan.objects.filter(region=self.region).values_list("year", flat=True))
        return super().get_form_kwargs() | {"taken": taken}

    def get_success_url(self) -> str:
        return self.made.get_absolute_url() if self.made else "/inspections/plans/"

    def perform(self, form: PlanYearForm) -> str:
        self.made = start_plan(by=user_of(self.request), region=self.region, year=form.cleaned_data["year"])
        return "已编制，核对覆盖要求后开始执行。"


class DraftPage(FormPage):
    """A form about a plan that is being drafted."""

    template_name = "inspections/plan_form.html"

    @cached_property
    def rule(self) -> CoverageRule | None:
        if "rule" not in self.kwargs:
            return None
        rules = CoverageRule.objects.visible_to(user_of(self.request)).select_related("plan__region", "group")
        found: CoverageRule = get_object_or_404(rules, pk=self.kwargs["rule"])
        return found

    @cached_property
    def plan(self) -> InspectionPlan:
        return self.rule.plan if self.rule else plan_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_plan(user_of(request), self.plan.region)
        if not self.plan.is_open:
            raise Conflict("计划正在执行，请先点“修订”再改。")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"plan": self.plan}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"plan": self.plan}

    def get_success_url(self) -> str:
        return self.plan.get_absolute_url()


class PlanEdit(DraftPage):
    form_class = PlanForm
    title = "修改检查计划"

    def perform(self, form: PlanForm) -> str:
        change_plan(by=user_of(self.request), plan=self.plan, **form.cleaned_data)
        return "已保存。"


class RulePage(DraftPage):
    """Add a coverage rule, or change one."""

    form_class = RuleForm
    title = "检查覆盖要求"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"rule": self.rule}

    def perform(self, form: RuleForm) -> str:
        keep_rule(by=user_of(self.request), plan=self.plan, fields=form.cleaned_data, rule=self.rule)
        return "已保存。"


@require_POST
def rule_drop(request: HttpRequest, pk: int) -> HttpResponse:
    rules = CoverageRule.objects.visible_to(user_of(request)).select_related("plan__region", "group")
    rule = get_object_or_404(rules, pk=pk)
    drop_rule(by=user_of(request), rule=rule)
    messages.success(request, "已删去这项要求。")
    return HttpResponseRedirect(rule.plan.get_absolute_url())


class GroupList(RegionReaders, ListPage):
    model = PatrolGroup
    title = "检查小组"
    template_name = "inspections/groups.html"
    filterset_class = GroupFilter
    columns = (
        Column("name", "名称", kind="title", link=True, sort="name"),
        Column("members", "成员", cell="member_count", align="end"),
        Column("mines", "包保矿山", cell="mine_count", align="end"),
        Column("state", "状态", cell=lambda row: status("active", "在用") if row.is_active else status("void", "停用"),
               export=lambda row: "在用" if row.is_active else "停用", kind="short"),
    )  # fmt: skip
    empty_title, empty_words = "还没有检查小组", "建立五人小组等小组，指定成员和包保的矿山。"

    def extra_context(self) -> dict[str, Any]:
        return {"may_plan": user_of(self.request).reviews, "tab": "plans"}


class GroupPage(RegionReaders, FormPage):
    """A new group, or one that is changed."""

    form_class = GroupForm
    title = "检查小组"
    success_url = "/inspections/groups/"

    @cached_property
    def group(self) -> PatrolGroup | None:
        if "pk" not in self.kwargs:
            return None
        rows = PatrolGroup.objects.visible_to(user_of(self.request)).select_related("region")
        found: PatrolGroup = get_object_or_404(rows, pk=self.kwargs["pk"])
        return found

    @cached_property
    def region(self) -> Region:
        return self.group.region if self.group else own_county(self.request)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_plan(user_of(request), self.region)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": user_of(self.request)}

    def get_initial(self) -> dict[str, Any]:
        group = self.group
        if group is None:
            return {}
        chosen = {name: [*getattr(group, name).values_list("pk", flat=True)] for name in ("members", "mines")}
        return {"name": group.name, "is_active": group.is_active, **chosen}

    def perform(self, form: GroupForm) -> str:
        data = dict(form.cleaned_data)
        members, mines = list(data.pop("members")), list(data.pop("mines"))
        keep_group(by=user_of(self.request), region=self.region, group=self.group, members=members, mines=mines, **data)
        return "已保存。"


class PlannedList(RegionReaders, ListPage):
    """Visits that are meant to happen, and whether they did."""

    model = PlannedVisit
    title = "已安排的检查"
    template_name = "inspections/planned_list.html"
    filterset_class = PlannedFilter
    order = "-due"
    columns = (
        Column("mine", "矿山", cell=lambda row: str(row.mine), export="mine.name", kind="title", link=True),
        Column("kind", "检查方式", cell="get_kind_display", kind="short"),
        Column("group", "检查小组", cell=lambda row: row.group.name if row.group else "—"),
        Column("begins", "最早", cell="begins_on", kind="short"),
        Column("due", "最迟", cell=lambda row: due(row.due_on, done=row.result != "planned"), export="due_on",
               sort="due_on", kind="short"),
        Column("reason", "安排理由", kind="wide"),
        Column("state", "状态", cell=lambda row: status(f"plannedvisit.{row.result}", RESULTS[row.result]),
               export=lambda row: RESULTS[row.result], kind="short"),
    )  # fmt: skip
    empty_title, empty_words = "没有安排检查", "在“检查建议”里选择矿山，列入下周计划。"

    def extra_context(self) -> dict[str, Any]:
        return {"tab": "plans"}


@require_safe
def planned_visit(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    rows = PlannedVisit.objects.visible_to(user).for_list().select_related("plan__region")
    row: PlannedVisit = get_object_or_404(rows, pk=pk)
    context = {
        "planned": row,
        "label": RESULTS[row.result],
        "may_start": may_inspect(user) and row.result == "planned",
        "visits": row.visits.order_by("pk"),
        "is_late": row.is_overdue_on(timezone.localdate()),
        "events": history_of(row).order_by("-id")[:HISTORY_LINES],
        "tab": "plans",
    }
    return render(request, "inspections/planned_visit.html", context)


class PlannedAct(ActPage):
    model = PlannedVisit
