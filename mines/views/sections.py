"""The lines of a mine's file as sections of its page, and the forms of a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from common.forms import FormPage
from common.lists import Column
from common.lists.columns import in_words
from mines.forms.lines import RemoveForm, form_for
from mines.ledgers import Ledger, all_ledgers, ledger_named
from mines.models import FileLine, Mine
from mines.querysets import FirstRows
from mines.services.lines import add_line, change_line, check_may_write, remove_line
from units.models import Unit
from units.requests import user_of

SHOWN = 15
"""Lines of a section on the page; all of them stand on paper."""
READ = 40
"""Lines of a section that its summary may look at."""


@dataclass(frozen=True)
class ShownSection:
    """A section with its first lines, each as the cells of its columns; `says` and `warns` sum it up while it is folded."""

    ledger: Ledger
    rows: list[tuple[FileLine, list[tuple[Column, Any]]]]
    total: int
    says: str
    warns: str
    may_write: bool

    @property
    def more(self) -> bool:
        return self.total > len(self.rows)


def sections_of(mine: Mine, first: Mapping[str, FirstRows], relations: frozenset[str]) -> list[ShownSection]:
    """Every section of the file out of its first lines."""
    found = []
    for ledger in all_ledgers():
        read, total = first[ledger.slug]
        lines = ledger.arranged(read)
        for line in lines:
            line.mine = mine
        rows = [(line, [(column, in_words(column.value(line))) for column in ledger.columns]) for line in lines[:SHOWN]]
        says, warns = ledger.says(mine, lines, total), ledger.warns(mine, lines)
        found.append(ShownSection(ledger, rows, total, says, warns, bool(relations & ledger.editors)))
    return found


class LinePage(FormPage):
    """A form about the lines of one ledger of a mine."""

    @cached_property
    def ledger(self) -> Ledger:
        found = ledger_named(self.kwargs["ledger"])
        if found is None:
            raise Http404
        return found

    @cached_property
    def mine(self) -> Mine:
        user = user_of(self.request)
        rows = Mine.objects.visible_to(user).select_related("unit__region")
        mine: Mine = get_object_or_404(rows, pk=self.kwargs["pk"], unit__kind=Unit.Kind.MINE)
        check_may_write(user, mine, self.ledger)
        return mine

    @cached_property
    def line(self) -> FileLine:
        assert self.mine
        rows: Any = self.ledger.rows(self.mine).select_related("mine__unit__region")
        found: FileLine = get_object_or_404(rows, pk=self.kwargs["line"])
        return found

    def get_form_class(self) -> Any:
        return form_for(self.ledger)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"mine": self.mine, "ledger": self.ledger}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        hint = f"　{self.ledger.hint}" if self.ledger.hint else ""
        return super().get_context_data(**kwargs) | {"lead": f"{self.mine.unit.name}{hint}"}

    def get_success_url(self) -> str:
        return f"{self.mine.get_absolute_url()}?open={self.ledger.slug}#{self.ledger.slug}"


class LineNew(LinePage):
    @property
    def title(self) -> str:  # type: ignore[override]
        return f"登记{self.ledger.title}"

    def perform(self, form: Any) -> str:
        values = dict(form.cleaned_data)
        files = values.pop("evidence")
        add_line(by=user_of(self.request), mine=self.mine, ledger=self.ledger, values=values, files=files)
        return "已登记。"


class LineChange(LinePage):
    template_name = "mines/line.html"

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"修改{self.ledger.title}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.line}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = reverse("mines:line_remove", args=[self.mine.pk, self.ledger.slug, self.line.pk])
        return super().get_context_data(**kwargs) | {"remove_url": address}

    def perform(self, form: Any) -> str:
        values = dict(form.cleaned_data)
        files = values.pop("evidence")
        change_line(by=user_of(self.request), line=self.line, values=values, files=files)
        return "已保存。"


class LineRemove(LinePage):
    submit = "删去"

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"删去{self.ledger.title}"

    def get_form_class(self) -> Any:
        return RemoveForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return FormPage.get_form_kwargs(self)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lead": f"{self.mine.unit.name}　{self.line}"}

    def perform(self, form: RemoveForm) -> str:
        remove_line(by=user_of(self.request), line=self.line, note=form.cleaned_data["note"])
        return "已删去，原来的内容留在办理记录里。"
