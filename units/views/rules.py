"""The page of all rules with their sources, and the form by which a region sets its own value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from common.forms import FormPage
from units.forms.rules import RuleForm
from units.models import RuleSetting
from units.rules import Rule, find_rule, registered_rules
from units.services.rules import check_sets_rules, clear_rule, set_rule
from units.views.accounts import user_of
from units.views.directory import ForReaders


@dataclass(frozen=True)
class ShownRule:
    """A rule as the page prints it."""

    key: str
    rule: Rule
    own: RuleSetting | None

    @property
    def value(self) -> int:
        return self.own.value if self.own else self.rule.value

    @property
    def source(self) -> str:
        return self.own.source if self.own else self.rule.source


class RuleList(ForReaders, View):
    """Every day and number by which the program works, and where it comes from."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        region = user.unit.region.county if user.unit else None
        own = {row.key: row for row in RuleSetting.objects.filter(region=region)}
        sections = [
            (name, [ShownRule(key, rule, own.get(key)) for key, rule in rules.items()])
            for name, rules in registered_rules().items()
        ]
        return render(request, "units/rules.html", {"sections": sections, "region": region, "sets": user.is_staff})


class RuleChange(FormPage):
    """Set a region's own value of one rule, or go back to the default."""

    form_class = RuleForm

    @cached_property
    def rule(self) -> Rule:
        try:
            return find_rule(self.kwargs["key"])
        except KeyError:
            raise Http404 from None

    @property
    def title(self) -> str:  # type: ignore[override]
        return self.rule.label

    def get_form_kwargs(self) -> dict[str, Any]:
        check_sets_rules(user_of(self.request))
        return super().get_form_kwargs() | {"unit": self.rule.unit, "default": self.rule.value}

    def get_initial(self) -> dict[str, Any]:
        unit = user_of(self.request).unit
        row = RuleSetting.objects.filter(region=unit.region if unit else None, key=self.kwargs["key"]).first()
        return {"value": row.value, "source": row.source} if row else {}

    def get_success_url(self) -> str:
        return reverse("units:rules")

    def perform(self, form: RuleForm) -> str:
        by, value = user_of(self.request), form.cleaned_data["value"]
        if value is None:
            clear_rule(by=by, key=self.kwargs["key"])
            return f"“{self.rule.label}”恢复为{self.rule.value}{self.rule.unit}。"
        set_rule(by=by, key=self.kwargs["key"], value=value, source=form.cleaned_data["source"])
        return f"“{self.rule.label}”在本地区改为{value}{self.rule.unit}。"
