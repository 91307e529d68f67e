"""The list page itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from math import ceil
from typing import IO, Any, ClassVar, Literal
from urllib.parse import quote

from django.contrib import messages
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.generic import View
from django_filters import FilterSet

from common.errors import Refused
from common.faults import is_partial, note_refusal
from common.forms import is_key_of
from common.lists.bulk import BulkAction
from common.lists.columns import Column, in_words
from common.lists.exporting import answer_with_book
from common.lists.filtering import SUFFIXES, ActiveFilter, words_of_filter
from common.lists.heaps import HEAP, Heap, heap_named
from common.lists.sheets import csv_lines, make_sheet
from common.lists.shown import ShownCell, ShownColumn, ShownRow, pages_around
from common.navigation import with_back
from common.numbers import whole_number

COUNT_CAP = 10_000
"""Rows that are counted and can be leafed through; beyond it the page says 超过1万条."""

MANY = 1_000
"""From this many rows on a page is worth one more query for its keys."""


class ListPage(View):
    """A list of one noun. Give `model`, `columns` and, as a rule, `filterset_class`; the rest has good defaults."""

    model: ClassVar[type[Model]]
    title: ClassVar[str] = ""
    lead: ClassVar[str] = ""
    columns: ClassVar[Sequence[Column]] = ()
    filterset_class: ClassVar[type[FilterSet] | None] = None
    bar: ClassVar[Sequence[str]] = ()
    """Filters that are always in sight; the others fold behind 更多筛选. Empty: all in sight."""
    order: ClassVar[str] = ""
    """The key of the column that orders the list at first, with a minus to turn it round. Empty: newest first."""
    page_sizes: ClassVar[Sequence[int]] = (50, 20, 100, 200)
    bulk_actions: ClassVar[Sequence[BulkAction]] = ()
    exports: ClassVar[bool] = True
    papers: ClassVar[Sequence[tuple[str, str]]] = ()
    """Further files of the same rows, as (value of `export` in the address, label); `export` must know to make them."""
    template_name: ClassVar[str] = "components/list_page.html"
    partial_name: ClassVar[str] = "components/list.html"
    table_class: ClassVar[str] = "cards"
    """`cards` for rows that become cards on a phone, `figures` for grids of numbers that scroll in their own box."""
    empty_title: ClassVar[str] = "还没有内容"
    empty_words: ClassVar[str] = ""
    empty_url: ClassVar[str] = ""
    empty_label: ClassVar[str] = ""

    # ---- What a subclass may overrule

    def get_queryset(self) -> QuerySet[Any]:
        """Every row this user may see, with what the columns need."""
        rows: QuerySet[Any] = self.model.objects.visible_to(self.request.user).for_list()  # type: ignore[attr-defined]
        return rows

    def get_columns(self) -> Sequence[Column]:
        return self.columns

    def get_bulk_actions(self) -> Sequence[BulkAction]:
        return [action for action in self.bulk_actions if action.visible(self.request.user)]

    def row_url(self, row: Any) -> str:
        """Where the linked column leads; an empty string for nowhere."""
        address = getattr(row, "get_absolute_url", None)
        return address() if address else ""

    def group_of(self, row: Any) -> str:
        """The heading under which a row stands; a new heading is printed when it changes. Order the list by it."""
        return ""

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return {}

    def extra_context(self) -> dict[str, Any]:
        return {}

    def get_papers(self) -> Sequence[tuple[str, str]]:
        return self.papers

    # ---- Requests

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = request.GET.get("export", "")
        if form and self.exports:
            return self.export(form)
        partial = is_partial(request)
        response = render(request, self.partial_name if partial else self.template_name, self.get_context_data())
        patch_vary_headers(response, ["HX-Request"])
        if partial:
            response["HX-Push-Url"] = self.address
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Do a bulk action to the ticked rows, or to all that match the filter in the address."""
        action = next((one for one in self.get_bulk_actions() if one.name == request.POST.get("act")), None)
        if action is None:
            return HttpResponseNotAllowed(["GET"]) if not self.bulk_actions else self._back_with("请选择要办理的操作。")
        if request.POST.get("scope") == "all":
            chosen = self.filtered
        else:
            keys = [key for key in request.POST.getlist("selected") if key][: max(self.page_sizes)]
            if not keys:
                return self._back_with("请先勾选要办理的行。")
            if not all(is_key_of(self.model, key) for key in keys):
                return self._back_with("勾选的行已变化，请重新勾选。")
            chosen = self.filtered.filter(pk__in=keys)
        data: dict[str, Any] = {}
        if action.form_class is not None:
            form = action.form_class(request.POST, prefix=action.name, use_required_attribute=False)
            if not form.is_valid():
                beside = [f"{field.label}：{error}" for field in form for error in field.errors]
                return self._back_with(" ".join([*beside, *form.non_field_errors()]))
            data = form.cleaned_data
        try:
            words = action.apply(chosen, request.user, data)
        except Refused as refusal:
            note_refusal(request, refusal)
            return self._back_with(refusal.message)
        messages.success(request, words)
        return HttpResponseRedirect(self.address)

    def _back_with(self, words: str) -> HttpResponse:
        messages.error(self.request, words)
        return HttpResponseRedirect(self.address)

    # ---- Filter, order, page

    @cached_property
    def filterset(self) -> FilterSet | None:
        if self.filterset_class is None:
            return None
        made = self.filterset_class(
            self.request.GET, queryset=self.get_queryset(), request=self.request, **self.get_filterset_kwargs()
        )
        for field in made.form.fields.values():
            field.required = False
        return made

    @cached_property
    def filtered(self) -> QuerySet[Any]:
        """The rows that match. A filter that cannot be understood matches nothing and says so beside its field."""
        if self.filterset is not None and not self.filterset.is_valid():
            return self.get_queryset().none()
        rows: QuerySet[Any] = self.get_queryset() if self.filterset is None else self.filterset.qs
        return rows if self.heap is None else rows.filter(pk__in=self.heap.rows.order_by().values("pk"))  # type: ignore[union-attr]

    @cached_property
    def heap(self) -> Heap | None:
        """The heap of the first page that the address names, where its rows are of this list."""
        found = heap_named(self.request.user, self.request.GET.get(HEAP, ""))
        return found if found is not None and getattr(found.rows, "model", None) is self.model else None

    @cached_property
    def order_key(self) -> str:
        """The order asked for in the address when a column offers it, else the list's own."""
        asked = self.request.GET.get("order", "")
        known = {column.key for column in self.get_columns() if column.sort}
        return asked if asked.lstrip("-") in known and not asked.startswith("--") else self.order

    @cached_property
    def ordered(self) -> QuerySet[Any]:
        """The matching rows in an order that ends in the primary key, so that no row is on two pages or on none."""
        key = self.order_key
        column = next((one for one in self.get_columns() if one.key == key.lstrip("-")), None)
        if column is None or not column.sort:
            return self.filtered.order_by(*([key, "-pk"] if key else ["-pk"]))
        down = key.startswith("-")
        fields = (column.sort,) if isinstance(column.sort, str) else column.sort
        terms: list[OrderBy | str] = []
        for name in fields:
            turned, bare = down != name.startswith("-"), name.lstrip("-")
            last = True if column.nulls_last else None
            terms.append(F(bare).desc(nulls_last=last) if turned else F(bare).asc(nulls_last=last))
        return self.filtered.order_by(*terms, "-pk" if down else "pk")

    @cached_property
    def size(self) -> int:
        asked = self.request.GET.get("size", "")
        return next((size for size in self.page_sizes if asked == str(size)), self.page_sizes[0])

    @cached_property
    def count(self) -> int:
        """How many rows match, counted up to one more than `COUNT_CAP`."""
        return self.filtered.order_by().values("pk")[: COUNT_CAP + 1].count()

    @cached_property
    def last_page(self) -> int:
        return max(1, ceil(min(self.count, COUNT_CAP) / self.size))

    @cached_property
    def page(self) -> int:
        asked = self.request.GET.get("page", "")
        return min(max(whole_number(asked) or 1, 1), self.last_page)

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of the page.

        Of a long list the keys are found first: a database that has to sort then sorts keys and not whole rows, and
        one that plans joins has none to get wrong.
        """
        start = (self.page - 1) * self.size
        if self.count <= MANY:
            return list(self.ordered[start : start + self.size]) if self.count else []
        keys = list(self.ordered.values_list("pk", flat=True)[start : start + self.size])
        return list(self.get_queryset().filter(pk__in=keys).order_by(*self.ordered.query.order_by))

    # ---- Addresses

    def url_with(self, **changes: Any) -> str:
        """This list's address with some parameters changed; empty ones and the defaults are left out."""
        parameters = self.request.GET.copy()
        parameters.pop("export", None)
        for name, value in changes.items():
            parameters[name] = "" if value is None else str(value)
        for name in list(parameters):
            kept = [value for value in parameters.getlist(name) if value != ""]
            if kept:
                parameters.setlist(name, kept)
            else:
                del parameters[name]
        if parameters.get("page") == "1":
            del parameters["page"]
        if parameters.get("order") == self.order:
            del parameters["order"]
        query = parameters.urlencode()
        return f"{self.request.path}?{query}" if query else self.request.path

    @cached_property
    def address(self) -> str:
        return self.url_with()

    # ---- What the template gets

    def shown_columns(self) -> list[ShownColumn]:
        shown = []
        for column in self.get_columns():
            if not column.on_page:
                continue
            direction: Literal["", "ascending", "descending"] = ""
            target = column.key
            if self.order_key.lstrip("-") == column.key:
                down = self.order_key.startswith("-")
                direction, target = ("descending", column.key) if down else ("ascending", f"-{column.key}")
            url = self.url_with(order=target, page=None) if column.sort else ""
            shown.append(ShownColumn(column, url, direction if column.sort else ""))
        return shown

    def shown_rows(self) -> Iterator[ShownRow]:
        columns = [column for column in self.get_columns() if column.on_page]
        templates = {column.key: loader.get_template(column.template) for column in columns if column.template}
        last_group = ""
        for row in self.rows:
            url = self.row_url(row)
            if url:
                url = with_back(url, f"{self.address}#row-{row.pk}")
            cells = []
            for column in columns:
                if column.template:
                    content: str = templates[column.key].render(
                        {"row": row, "column": column, "url": url, "list": self}, self.request
                    )
                else:
                    content = in_words(column.value(row))
                cells.append(ShownCell(column, content, url if column.link else ""))
            group = self.group_of(row)
            yield ShownRow(row.pk, cells, group if group != last_group else "", str(row))
            last_group = group

    def active_filters(self) -> list[ActiveFilter]:
        """What is filtered now, each with the address of the list without it."""
        active = []
        if self.heap is not None:
            active.append(ActiveFilter("待办", self.heap.title, self.url_with(page=None, **{HEAP: None})))
        if self.filterset is None:
            return active
        form = self.filterset.form
        for name, field in form.fields.items():
            names = [f"{name}{suffix}" for suffix in SUFFIXES if f"{name}{suffix}" in self.request.GET]
            values = [value for key in names for value in self.request.GET.getlist(key) if value]
            if not values:
                continue
            cleaned = getattr(form, "cleaned_data", {}).get(name)
            without = self.url_with(page=None, **dict.fromkeys(names))
            active.append(ActiveFilter(str(field.label or name), words_of_filter(field, values, cleaned), without))
        return active

    def get_context_data(self) -> dict[str, Any]:
        count, form = self.count, self.filterset.form if self.filterset is not None else None
        fields = list(form) if form is not None else []
        in_bar = [field for field in fields if not self.bar or field.name in self.bar]
        folded = [field for field in fields if field not in in_bar]
        active = self.active_filters()
        labels = {one.label for one in active}
        bulk = [
            (action, action.form_class(prefix=action.name, use_required_attribute=False) if action.form_class else None)
            for action in self.get_bulk_actions()
        ]
        first = (self.page - 1) * self.size + 1
        return {
            "list": self,
            "title": self.title,
            "lead": self.lead,
            "filter_form": form,
            "filters_in_bar": in_bar,
            "filters_folded": folded,
            "fields_to_fold": len(fields) > 1,
            "fold_open": any(field.label in labels or field.errors for field in folded),
            "active_filters": active,
            "clear_url": self.request.path,
            "columns": self.shown_columns(),
            "column_count": len(self.shown_columns()) + bool(bulk),
            "rows": list(self.shown_rows()),
            "bulk": bulk,
            "count": count,
            "count_words": count_in_words(count),
            "capped": count > COUNT_CAP,
            "cap": COUNT_CAP,
            "first": first,
            "last": first + len(self.rows) - 1,
            "page": self.page,
            "last_page": self.last_page,
            "pages": [(number, self.url_with(page=number)) for number in pages_around(self.page, self.last_page)],
            "previous_url": self.url_with(page=self.page - 1) if self.page > 1 else "",
            "next_url": self.url_with(page=self.page + 1) if self.page < self.last_page else "",
            "sizes": sorted(self.page_sizes),
            "address": self.address,
            "order_asked": self.order_key if self.order_key != self.order else "",
            "size_asked": self.size if self.size != self.page_sizes[0] else "",
            "carried": [
                (key, value)
                for key, values in self.request.GET.lists()
                for value in values
                if value and key not in ("size", "page", "export")
            ],
            "sheet_url": self.url_with(export="xlsx", page=None) if self.exports else "",
            "text_url": self.url_with(export="csv", page=None) if self.exports else "",
            "papers": [(self.url_with(export=form, page=None), label) for form, label in self.get_papers()],
            **self.extra_context(),
        }

    # ---- Export: exactly what is filtered, in the order on screen

    def export(self, form: str) -> HttpResponseBase:
        """The matching rows as .csv, which streams, or .xlsx: at once, or by a job where they are many."""
        columns = [column for column in self.get_columns() if column.in_export]
        if form == "csv":
            return self.stream(csv_lines(columns, self._rows_for_export()), self.title)
        if form != "xlsx":
            return self._back_with("只能导出 .xlsx 或 .csv。")
        return self.book(lambda: make_sheet(self.title, columns, self._rows_for_export()), self.title)

    def stream(self, lines: Iterable[str], title: str) -> HttpResponseBase:
        """A CSV file of today, sent line by line."""
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        name = quote(f"{title}{timezone.localdate():%Y%m%d}.csv")
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
        return answer

    def book(self, make: Callable[[], IO[bytes]], title: str) -> HttpResponseBase:
        """A workbook of today with the matching rows; see `answer_with_book`."""
        try:
            return answer_with_book(self.request, self.filtered, make, f"{title}{timezone.localdate():%Y%m%d}.xlsx")
        except Refused as refusal:
            return self._back_with(refusal.message)

    def _rows_for_export(self) -> Iterable[Any]:
        return self.ordered.iterator(chunk_size=2000)


def count_in_words(count: int) -> str:
    """共 1,234 条, or 超过1万条 when the count was capped."""
    return f"超过{COUNT_CAP // 10_000}万条" if count > COUNT_CAP else f"共 {count:,} 条"
