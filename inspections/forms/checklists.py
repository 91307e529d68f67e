"""Forms of checklists and certificates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from common.forms import PageForm
from hazards.models import Clause
from inspections.models import Checklist, ChecklistItem
from mines.models import MineType


class ClauseChoice(forms.ChoiceField):
    """A clause of those in force for a kind of mine, under their categories; answers the clause or None."""

    def offer(self, clauses: list[Any]) -> None:
        self.rows = {str(one.pk): one for one in clauses}
        groups: dict[str, list[tuple[str, str]]] = {}
        for one in clauses:
            groups.setdefault(one.category.title, []).append((str(one.pk), str(one)))
        self.choices = [("", "不选条款"), *groups.items()]

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return self.rows.get(chosen)


class ChecklistForm(PageForm):
    draft = "checklist"

    name = forms.CharField(label="名称", max_length=60, help_text="如：井工煤矿“一通三防”检查表。")
    mine_type = forms.ChoiceField(label="适用矿山", choices=[("", "各类矿山"), *MineType.choices], required=False)


class ItemForm(PageForm):
    draft = "checklist-item"

    section = forms.CharField(
        label="分类", max_length=60, required=False, help_text="如：通风、机电；同一分类的排在一起。"
    )
    text = forms.CharField(label="检查内容", max_length=500, widget=forms.Textarea(attrs={"rows": "2"}))
    basis = forms.CharField(label="依据", max_length=300, required=False, help_text="规程、标准的名称和条款。")
    clause = ClauseChoice(label="判定条款", required=False, help_text="不合格时对应的重大隐患条款；没有就不选。")

    def __init__(self, *args: Any, checklist: Checklist, item: ChecklistItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["clause"]
        assert isinstance(field, ClauseChoice)
        clauses = Clause.objects.offered(day=timezone.localdate(), mine_type=checklist.mine_type or None)
        if item is not None and item.clause is not None and item.clause not in clauses:
            clauses.append(item.clause)
        field.offer(clauses)
        if not clauses:
            field.help_text = "今天没有施行的、适用于这类矿山的判定标准可选，可以不选。"
        if item is not None:
            for name in ("section", "text", "basis"):
                self.initial.setdefault(name, getattr(item, name))
            self.initial.setdefault("clause", str(item.clause_id or ""))
        else:
            last = checklist.items.order_by("-position").first()
            self.initial.setdefault("section", last.section if last else "")


class CertificateForm(PageForm):
    draft = "certificate"

    number = forms.CharField(label="执法证号", max_length=40)
    valid_until = forms.DateField(label="有效期至", required=False)
