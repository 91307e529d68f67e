"""Pages of the catalogues: which standards there are, what a standard says, and loading the official wording."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from common.forms import FormPage
from common.history import history_of
from common.lists import Column, ListPage
from common.templatetags.page import status
from hazards.filters import ClauseFilter
from hazards.forms.catalogue import StandardForm
from hazards.models import Clause, Standard
from hazards.services.catalogue import check_may_load, load_standard, read_standard
from hazards.views.tables.access import allowed
from units.requests import user_of

HISTORY_LINES = 10


def force_of(standard: Standard) -> str:
    """The chip that says whether a standard is in force today."""
    today = timezone.localdate()
    if standard.in_force_from > today:
        return status("standard.coming", "尚未施行")
    if standard.in_force_until and standard.in_force_until < today:
        return status("standard.former", "已被替代")
    return status("standard.in_force", "现行")


class StandardList(ListPage):
    """Every standard, newest first."""

    model = Standard
    title = "重大事故隐患判定标准"
    lead = "按隐患发现当天施行的标准判定。条款短语为本系统自拟，正式条文由应急管理局载入。"
    template_name = "hazards/standards.html"
    order = "-from"
    columns = (
        Column("name", "名称", kind="title", link=True),
        Column("document_number", "文号", kind="short"),
        Column("issuer", "印发单位"),
        Column("from", "施行日期", cell="in_force_from", sort="in_force_from", kind="short"),
        Column("until", "施行至", cell="in_force_until", kind="short"),
        Column("force", "效力", cell=force_of, kind="short"),
        Column("clauses", "条款", cell="clause_count", align="end"),
        Column("worded", "已载入正式条文", cell="worded_count", align="end"),
    )
    empty_title = "还没有判定标准"
    empty_words = "运行 ./run manage load_standard --shipped 载入随程序提供的标准。"

    def extra_context(self) -> dict[str, Any]:
        return {"may_load": allowed(check_may_load, user_of(self.request))}


class StandardPage(ListPage):
    """One standard: its clauses under their categories."""

    model = Clause
    filterset_class = ClauseFilter
    template_name = "hazards/standard.html"
    order = "position"
    page_sizes = (200, 50, 100)
    columns = (
        Column("code", "条款", kind="short"),
        Column(
            "label",
            "短语和正式条文",
            template="hazards/cells/clause.html",
            cell="label",
            kind="title",
        ),
        Column("official_text", "正式条文", on_page=False),
        Column("kinds", "适用矿山", cell="mine_type_names"),
    )
    empty_title = "这个标准还没有载入条款"
    empty_words = "由应急管理局的工作人员上传正式文本后，登记隐患时才能选用。"

    @cached_property
    def standard(self) -> Standard:
        found: Standard = get_object_or_404(Standard.objects.visible_to(user_of(self.request)), pk=self.kwargs["code"])
        return found

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.standard.name

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset().filter(standard=self.standard)
        return rows

    def group_of(self, row: Clause) -> str:
        return row.category.title

    def row_url(self, row: Clause) -> str:
        return ""

    def extra_context(self) -> dict[str, Any]:
        return {
            "standard": self.standard,
            "force": force_of(self.standard),
            "companions": list(self.standard.companions.all()),
            "events": list(history_of(self.standard)[:HISTORY_LINES]),
            "may_load": allowed(check_may_load, user_of(self.request)),
        }


class StandardUpload(FormPage):
    """Load a standard with the official wording from a file."""

    form_class = StandardForm
    template_name = "hazards/standard_upload.html"
    title = "载入判定标准"
    submit = "上传并载入"
    stays = True
    loaded: Standard | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        check_may_load(user_of(request))
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return self.loaded.get_absolute_url() if self.loaded else reverse("hazards:standards")

    def perform(self, form: StandardForm) -> str:
        data = read_standard(form.cleaned_data["file"].read())
        self.loaded = load_standard(by=user_of(self.request), data=data)
        return f"已载入《{self.loaded.name}》，现有{self.loaded.clauses.count()}条。"
