"""Who of the bureau is told as the section in charge, by campaign and by kind."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from common.due import due_sources
from common.errors import NotAllowed
from common.forms import FormPage
from common.numbers import whole_number
from supervision.forms.desks import DeskForm
from supervision.models import DeskOfficer
from supervision.services.desks import officers_to_choose, set_desk
from supervision.services.settings import check_keeps_channels
from tasks.models import Campaign
from units.requests import user_of


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not user.reads_region or user.unit is None:
        raise NotAllowed("主管人员由应急管理局的人员查看。")
    region = user.unit.region.county
    names: dict[Any, list[str]] = defaultdict(list)
    for row in DeskOfficer.objects.filter(region=region).select_related("officer"):
        names[row.campaign_id or row.kind].append(row.officer.name)
    edit = reverse("supervision:desk_edit")
    campaigns = Campaign.objects.filter(region=region, state="active")
    context = {
        "keeps": user.keeps_accounts,
        "campaigns": [(one.title, names[one.pk], f"{edit}?campaign={one.pk}") for one in campaigns],
        "kinds": [(one.label, names[one.kind], f"{edit}?kind={one.kind}") for one in due_sources()],
    }
    return render(request, "supervision/desks.html", context)


class DeskEdit(FormPage):
    """Choose the people for the campaign or the kind in the address."""

    form_class = DeskForm

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The campaign or the kind, as the service takes it."""
        region = check_keeps_channels(user_of(self.request))
        if self.request.GET.get("campaign"):
            key = whole_number(self.request.GET["campaign"]) or 0
            return {"campaign": get_object_or_404(Campaign, region=region, pk=key), "kind": ""}
        kind = self.request.GET.get("kind", "")
        if kind not in {one.kind for one in due_sources()}:
            raise Http404
        return {"campaign": None, "kind": kind}

    @property
    def title(self) -> str:  # type: ignore[override]
        label = next((one.label for one in due_sources() if one.kind == self.asked["kind"]), "")
        return f"主管人员：{self.asked['campaign'] or label}"

    def get_form_kwargs(self) -> dict[str, Any]:
        region = check_keeps_channels(user_of(self.request))
        return super().get_form_kwargs() | {"people": officers_to_choose(region)}

    def get_initial(self) -> dict[str, Any]:
        region = check_keeps_channels(user_of(self.request))
        rows = DeskOfficer.objects.filter(region=region, **self.asked)
        return {"officers": list(rows.values_list("officer", flat=True))}

    def get_success_url(self) -> str:
        return reverse("supervision:desks")

    def perform(self, form: DeskForm) -> str:
        set_desk(by=user_of(self.request), officers=form.cleaned_data["officers"], **self.asked)
        return "主管人员已保存，以后“主管科室”一级的提醒发给这些人。"
