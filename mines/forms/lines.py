"""The form of a line of a mine's file, made from what its ledger declares."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import PageForm, PageModelForm
from mines.forms.file import papers_field
from mines.ledgers import Ledger
from mines.models import Mine


class LineForm(PageModelForm):
    """A line of any ledger; the papers that prove it go to the mine's file."""

    evidence = papers_field("附件")

    def __init__(self, *args: Any, mine: Mine, ledger: Ledger, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offer in ledger.offers.items():
            field: Any = self.fields[name]
            field.queryset = offer(mine)
            field.empty_label = "请选择" if field.required else "没有"

    def _post_clean(self) -> None:
        """The service checks and writes."""


def form_for(ledger: Ledger) -> type[LineForm]:
    """The form class of one ledger's lines."""
    made: Any = forms.modelform_factory(ledger.model, form=LineForm, fields=ledger.fields)
    made.draft = f"mine-{ledger.slug}"
    for field in made.base_fields.values():
        if isinstance(field, forms.CharField) and field.max_length and field.max_length >= 200:
            field.widget = forms.Textarea(attrs={"rows": "3", "maxlength": str(field.max_length)})
    return made


class RemoveForm(PageForm):
    draft = ""

    note = forms.CharField(label="删去的理由", max_length=200, widget=forms.Textarea(attrs={"rows": "2"}))
