"""Forms of the investigation of a major hazard."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from common.forms import PageForm, UploadsField
from hazards.forms.proofs import FILES, FILES_HELP, words
from hazards.models import Hazard, Investigation, Liability
from units.models import Unit, User


class InvestigationForm(PageForm):
    draft = "investigation"
    sections = (
        ("由谁调查", ("team", "begun_on")),
        ("查明了什么", ("facts", "direct_cause", "managerial_cause")),
        ("结论", ("conclusion", "evidence")),
    )

    team = words("调查人员", "组长和成员的姓名、单位、职务。", rows=3)
    begun_on = forms.DateField(label="调查开始日期")
    facts = words(
        "调查查明的事实", "隐患怎样形成、存在多久、为什么没有早发现。送签发前填写即可。", required=False, rows=6
    )
    direct_cause = words("直接原因", required=False, rows=3)
    managerial_cause = words("管理原因", "制度、责任、投入、培训、监管上的原因。", required=False)
    conclusion = words("调查结论", required=False)
    evidence = UploadsField(label="调查材料", required=False, help_text=FILES_HELP, max_files=FILES)

    def __init__(self, *args: Any, hazard: Hazard, investigation: Investigation | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial.setdefault("begun_on", today)
        if investigation is not None:
            for name in (*Investigation.PARTS, "begun_on"):
                self.initial[name] = getattr(investigation, name)
        self.fields["begun_on"].widget.attrs |= {"min": hazard.found_on.isoformat(), "max": today.isoformat()}


class LiabilityForm(PageForm):
    draft = "investigation-liability"

    name = forms.CharField(label="责任人或责任单位", max_length=100)
    post = forms.CharField(label="单位和职务", max_length=120, required=False)
    kind = forms.ChoiceField(label="责任", choices=Liability.Kind.choices)
    fault = words("责任事实", "应当做什么、没有做到什么。", rows=3)
    handling = words("处理建议", "依据和建议的处理；已经处理的写明结果。", rows=3)


class RecommendationForm(PageForm):
    draft = "investigation-recommendation"

    text = words("建议", "要建立、修订或落实什么。签发后可以列入制度措施清单。", rows=3)
    unit = forms.ModelChoiceField(label="责任单位", queryset=Unit.objects.none())
    due_on = forms.DateField(label="完成时限")

    def __init__(self, *args: Any, hazard: Hazard, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = owners_for(hazard, by)


def owners_for(hazard: Hazard, by: User) -> QuerySet[Unit]:
    """Whose business a recommendation may be: the mine, its enterprise, its township, and the region's departments."""
    offices = Q(kind__in=(Unit.Kind.DEPARTMENT, Unit.Kind.TOWNSHIP, Unit.Kind.COMMITTEE, Unit.Kind.GOVERNMENT))
    own = Q(pk__in=[hazard.mine_id, hazard.mine.parent_id or 0])
    return Unit.objects.visible_to(by).filter(offices | own, is_active=True).order_by("kind", "sort_key", "pk")
