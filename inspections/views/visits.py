"""Visits: the list, a visit, and its forms."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from common.acts import ActPage
from common.errors import Conflict, NotAllowed
from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.models import Evidence
from common.templatetags.page import status
from inspections.document_kinds import KINDS, DocumentKind
from inspections.filters import VisitFilter
from inspections.forms.visits import FillForm, FindingsForm, ResultForm, VisitChangeForm, VisitForm
from inspections.models import Clue, Document, Outcome, PatrolGroup, PlannedVisit, Visit, VisitResult
from inspections.relations import may_inspect
from inspections.services.visits import (
    add_result,
    change_visit,
    check_may_fill,
    fill_results,
    finish_visit,
    open_visit,
    register_findings,
)
from units.models import User
from units.requests import user_of

HISTORY_LINES = 40


def visit_of(request: HttpRequest, pk: int) -> Visit:
    """The visit that this user may see; 404 otherwise."""
    rows = Visit.objects.visible_to(user_of(request)).select_related(
        "mine__mine", "region", "checklist", "opened_by", "group", "planned"
    )
    found: Visit = get_object_or_404(rows.prefetch_related("officers__officer"), pk=pk)
    return found


def with_photos(results: list[VisitResult]) -> list[VisitResult]:
    """The results, each with its photographs in `files` (one query for all)."""
    found: dict[str, list[Evidence]] = {}
    kind = ContentType.objects.get_for_model(VisitResult)
    rows = Evidence.objects.filter(content_type=kind, object_id__in=[str(one.pk) for one in results])
    for one in rows.order_by("id"):
        found.setdefault(one.object_id, []).append(one)
    for result in results:
        result.files = found.get(str(result.pk), [])  # type: ignore[attr-defined]
    return results


class VisitList(ListPage):
    """The visits to those mines that the user sees."""

    model = Visit
    title = "检查记录"
    template_name = "inspections/visits.html"
    filterset_class = VisitFilter
    bar = ("q", "kind", "state")
    columns = (
        Column("number", "编号", kind="short", link=True),
        Column("mine", "矿山", cell=lambda row: str(row.mine), export="mine.name", kind="title", link=True),
        Column("kind", "检查方式", cell="get_kind_display", kind="short"),
        Column("begun", "检查日期", cell="begun_on", sort="begun_on", kind="short"),
        Column("officers", "检查人员", cell=lambda row: "、".join(one.officer.name for one in row.officers.all())),
        Column("failed", "不合格项", cell="failed_count", align="end"),
        Column("state", "状态", cell=lambda row: status(f"visit.{row.state}", row.get_state_display()),
               export="get_state_display", kind="short"),
        Column("places", "检查地点", on_page=False),
        Column("summary", "检查情况", on_page=False),
    )  # fmt: skip
    empty_title, empty_words = "还没有检查记录", "检查人员到矿检查后，记录会出现在这里。"

    def extra_context(self) -> dict[str, Any]:
        return {"may_inspect": may_inspect(user_of(self.request)), "tab": "visits"}


@require_safe
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    user, row = user_of(request), visit_of(request, pk)
    results = with_photos(list(row.results.select_related("clause", "hazard", "checked_by", "look_back__hazard")))
    counts = {outcome: sum(one.outcome == outcome for one in results) for outcome in ("", *Outcome.values)}
    may_fill = row.is_running and bool(row.relations_of(user) & {"officer", "bureau"})
    context = {
        "visit": row,
        "results": results,
        "tiles": [
            ("未填", counts[""]), ("合格", counts["passed"]), ("不合格", counts["failed"]), ("不涉及", counts["na"]),
        ],
        "may_fill": may_fill,
        "left": counts[""] or not results,
        "comes_along": may_fill and any(one.officer_id == user.pk for one in row.officers.all()),
        "to_register": may_fill and sum(one.outcome == Outcome.FAILED and one.hazard is None and one.look_back_id is None for one in results),
        "documents": Document.objects.visible_to(user).filter(visit=row).order_by("pk"),
        "clues": Clue.objects.visible_to(user).filter(visit=row).order_by("pk") if user.reads_region else [],
        "to_draft": _kinds_to_draft(row, user),
        "events": history_of(row).order_by("-id")[:HISTORY_LINES] if user.reads_region else [],
    }  # fmt: skip
    return render(request, "inspections/visit.html", context)


def _kinds_to_draft(row: Visit, user: User) -> list[DocumentKind]:
    """The kinds of documents that this user may draft now, by what is approved already (one query)."""
    if row.state != Visit.State.FINISHED or not row.relations_of(user) & {"officer", "bureau"}:
        return []
    approved = set(Document.objects.in_force().filter(visit=row).values_list("kind", flat=True))
    return [one for one in KINDS.values() if not one.after or approved.intersection(one.after)]


class VisitAct(ActPage):
    model = Visit
    services = {"finish": finish_visit}


class VisitNew(FormPage):
    """Open a visit."""

    form_class = VisitForm
    template_name = "inspections/visit_new.html"
    title = "开始检查"
    submit = "开始检查"
    stays = True
    made: Visit | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not may_inspect(user_of(request)):
            raise NotAllowed("检查由应急管理局的工作人员和执法检查人员登记。")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "refresh" in request.POST:
            form = VisitForm(**self.get_form_kwargs())
            form.errors.clear()
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": user_of(self.request)}

    def get_initial(self) -> dict[str, Any]:
        """What the address proposes: a mine, or a planned visit with its mine, kind and group."""
        user, asked = user_of(self.request), self.request.GET
        keys = {
            name: key
            for name in ("mine", "planned", "group")
            if (key := asked.get(name, "")).isdecimal() and len(key) < 19
        }
        initial: dict[str, Any] = {name: keys[name] for name in ("mine", "group") if name in keys}
        groups = PatrolGroup.objects.visible_to(user).filter(pk=keys.get("group", 0))
        if "planned" in keys:
            planned = get_object_or_404(PlannedVisit.objects.visible_to(user).open(), pk=keys["planned"])
            initial = {"planned": planned.pk, "mine": planned.mine_id, "kind": planned.kind, "group": planned.group_id}
            groups = PatrolGroup.objects.filter(pk=planned.group_id or 0)
        if group := groups.first():
            initial["officers"] = [*group.members.filter(certificate__isnull=False).values_list("pk", flat=True)]
            initial.setdefault("kind", Visit.Kind.FIVE_GROUP)
        return initial

    def get_success_url(self) -> str:
        return f"{self.made.get_absolute_url()}fill/" if self.made else "/inspections/"

    def perform(self, form: VisitForm) -> str:
        data = dict(form.cleaned_data)
        officers = list(data.pop("officers"))
        self.made = open_visit(by=user_of(self.request), officers=officers, **data)
        return f"检查已开始，编号{self.made.number}。"


class VisitFormPage(FormPage):
    """A form about a running visit, for those who fill it in."""

    template_name = "inspections/visit_form.html"

    @cached_property
    def visit(self) -> Visit:
        return visit_of(self.request, self.kwargs["pk"])

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_fill(user_of(request), self.visit)
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.visit.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"visit": self.visit}


class VisitEdit(VisitFormPage):
    form_class = VisitChangeForm
    title = "修改检查信息"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"visit": self.visit, "user": user_of(self.request)}

    def perform(self, form: VisitChangeForm) -> str:
        data = dict(form.cleaned_data)
        change_visit(by=user_of(self.request), visit=self.visit, officers=list(data.pop("officers")), **data)
        return "已保存。"


class Fill(VisitFormPage):
    """The checklist, all items on one page."""

    form_class = FillForm
    template_name = "inspections/fill.html"
    title = "填写检查表"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        came = {one.officer_id for one in self.visit.officers.all()}
        return super().get_context_data(**kwargs) | {"comes_along": self.request.user.pk in came}

    def get_form_kwargs(self) -> dict[str, Any]:
        results = with_photos(list(self.visit.results.select_related("hazard", "clause")))
        return super().get_form_kwargs() | {"visit": self.visit, "results": results}

    def perform(self, form: FillForm) -> str:
        count = fill_results(by=user_of(self.request), visit=self.visit, answers=form.answers())
        left = self.visit.results.filter(outcome="").count()
        return f"已保存{count}项，" + (f"还有{left}项没有填写。" if left else "全部填写完了。")


class ResultNew(VisitFormPage):
    form_class = ResultForm
    title = "现场添加检查项"
    submit = "添加"

    def get_success_url(self) -> str:
        return f"{self.visit.get_absolute_url()}fill/"

    def perform(self, form: ResultForm) -> str:
        add_result(by=user_of(self.request), visit=self.visit, **form.cleaned_data)
        return "已添加，请填写结果。"


class Findings(VisitFormPage):
    """The faults of a visit, entered in the register of hazards at once."""

    form_class = FindingsForm
    title = "登记为隐患"
    submit = "全部登记"

    @cached_property
    def results(self) -> list[VisitResult]:
        return list(self.visit.results.unregistered())

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.results:
            raise Conflict("没有还要登记的不合格项。")
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"visit": self.visit, "results": self.results}

    def perform(self, form: FindingsForm) -> str:
        made = register_findings(by=user_of(self.request), visit=self.visit, findings=form.findings())
        return f"已登记{len(made)}条隐患：{'、'.join(one.number for one in made)}。"
