"""Pages of what the bureau asks of units each period."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET

from common.errors import Refused
from common.forms import FormPage
from common.history import history_of
from tasks.forms.reports import RuleForm
from tasks.models import Campaign, ReportingDuty, ReportingRule
from tasks.services.reporting_rules import check_may_set_rules, set_reporting_rule
from units.requests import user_of

KIND_OF = {"month": "month", "quarter": "quarter", "half_year": "half_year", "year": "year", "once": "summary"}
"""Which kind of rule a printed duty asks for; 重要情况 on an event asks for none."""


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the paper says about reporting, and the rules by which reports are made."""
    user = user_of(request)
    campaign: Campaign = get_object_or_404(Campaign.objects.visible_to(user), pk=pk)
    late = Q(reports__state__in=("draft", "signed", "returned"), reports__due_on__lt=timezone.localdate())
    rules = campaign.reporting_rules.select_related("group", "receiver").annotate(
        made=Count("reports", ~Q(reports__state="dropped")),
        accepted=Count("reports", Q(reports__state="accepted")),
        late=Count("reports", late & Q(reports__version=1)),
    )
    context = {
        "campaign": campaign,
        "duties": campaign.reporting_duties.all(),
        "rules": rules,
        "may_set": "reviewer" in campaign.relations_of(user) and campaign.state == Campaign.State.ACTIVE,
        "sees_all": user.reads_region,
    }
    return render(request, "tasks/reporting.html", context)


class RulePage(FormPage):
    form_class = RuleForm
    submit = "保存"
    rule: ReportingRule | None = None

    @cached_property
    def campaign(self) -> Campaign:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": user_of(self.request)}

    def get_success_url(self) -> str:
        return f"/campaigns/{self.campaign.pk}/reporting/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"lead": self.campaign.title}


class RuleNew(RulePage):
    """A rule, filled from the duty that the paper prints where the address names one (`duty`)."""

    title = "新设报送规则"

    @cached_property
    def campaign(self) -> Campaign:
        campaign: Campaign = get_object_or_404(Campaign.objects.visible_to(user_of(self.request)), pk=self.kwargs["pk"])
        check_may_set_rules(user_of(self.request), campaign)
        return campaign

    def get_initial(self) -> dict[str, Any]:
        first = {
            "kind": ReportingRule.Kind.MONTH,
            "due_day": 28,
            "months_after": 0,
            "on_day_off": ReportingRule.OnDayOff.PRINTED,
            "opens_days": 8,
            "begins_on": timezone.localdate().replace(day=1),
        }
        asked = self.request.GET.get("duty", "")
        duty = self.campaign.reporting_duties.filter(pk=asked).first() if asked.isdecimal() else None
        return first | (from_duty(duty) if duty else {})

    def perform(self, form: RuleForm) -> str:
        user = user_of(self.request)
        if user.unit is None:
            raise Refused("您的账号没有所属单位，不能设定报送规则。")
        rule = set_reporting_rule(by=user, campaign=self.campaign, receiver=user.unit, **form.cleaned_data)
        made = rule.reports.count()
        return f"规则已保存，建立了{made}份待填报的报告。" if made else "规则已保存，到期前会自动建立各单位的报告。"


def from_duty(duty: ReportingDuty) -> dict[str, Any]:
    """What the paper's words give for a rule: 28th of month and 12-05 are day rules of the plan's own shape."""
    found: dict[str, Any] = {
        "title": duty.what[:100],
        "source": duty.text or f"{duty.reporter} {duty.what} {duty.when}",
    }
    if kind := KIND_OF.get(duty.every):
        found["kind"] = kind
    day = duty.due.split("th")[0] if duty.due.endswith("th of month") else duty.due[-2:]
    if day.isdecimal() and 1 <= int(day) <= 31:
        found["due_day"] = int(day)
    return found


class RuleChange(RulePage):
    title = "修改报送规则"

    @cached_property
    def reporting_rule(self) -> ReportingRule:
        rules = ReportingRule.objects.visible_to(user_of(self.request)).for_list()
        rule: ReportingRule = get_object_or_404(rules, pk=self.kwargs["pk"])
        check_may_set_rules(user_of(self.request), rule.campaign)
        return rule

    @cached_property
    def campaign(self) -> Campaign:
        return self.reporting_rule.campaign

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.reporting_rule, name) for name in RuleForm.base_fields}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"events": history_of(self.reporting_rule)[:20]}

    def perform(self, form: RuleForm) -> str:
        set_reporting_rule(
            by=user_of(self.request), campaign=self.campaign, rule=self.reporting_rule, **form.cleaned_data
        )
        return "规则已修改，还没有报送的报告按新的日期。"
