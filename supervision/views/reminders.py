"""What was told to whom in the region, and the steps by which it is told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from common.errors import NotAllowed
from common.forms import FormPage
from common.lists import Column, ListPage
from supervision.filters import RungFilter
from supervision.forms.reminders import LadderForm
from supervision.ladders import DEFAULT_SOURCE, DEFAULT_STEPS, Steps
from supervision.looks import step_chip
from supervision.models import Ladder, Rung
from supervision.services.settings import check_keeps_channels, clear_ladder, set_ladder
from tasks.models import Campaign
from units.models import Region
from units.requests import user_of


def people_of(row: Rung) -> SafeString:
    """Who was told, each with the word whether they have read it."""
    notices = list(row.notices.all())
    if not notices:
        return format_html('<span class="chip chip-red">{}</span>', "没有可以提醒的人")
    return format_html_join("、", "{}{}", ((one.recipient.name, "（已读）" if one.read_at else "") for one in notices))


class RungList(ListPage):
    """Every step that was told, newest first."""

    model = Rung
    title = "提醒记录"
    template_name = "supervision/reminders.html"
    filterset_class = RungFilter
    columns = (
        Column("title", "事项", kind="title", link=True),
        Column("kind", "种类", cell="kind_label", kind="short"),
        Column("unit", "责任单位", cell="unit.name"),
        Column("step", "台阶", cell=step_chip, export="step_label", kind="short"),
        Column("due", "应完成日期", cell="due_on", kind="short"),
        Column("people", "提醒了谁", cell=people_of),
        Column("told", "提醒时间", cell="told_at", kind="short"),
        Column("skipped", "未发的台阶", cell="skipped_labels", on_page=False),
    )
    empty_title, empty_words = "还没有发过提醒", "有事项快到期或者逾期时，系统会按台阶提醒，并记在这里。"


class LadderRow:
    """One ladder as the page prints it."""

    def __init__(self, label: str, steps: Steps, source: str, edit: str, ladder: Ladder | None = None) -> None:
        self.label, self.steps, self.source, self.edit, self.ladder = label, steps, source, edit, ladder


@require_safe
def ladders(request: HttpRequest) -> HttpResponse:
    """The steps of the region and of each campaign that has its own."""
    user = user_of(request)
    region = user.unit.region.county if user.unit else None
    if not user.reads_region or region is None:
        raise NotAllowed("提醒台阶由应急管理局的人员查看。")
    rows = list(Ladder.objects.filter(region=region).select_related("campaign").order_by("campaign"))
    own = next((row for row in rows if row.campaign_id is None), None)
    edit = reverse("supervision:ladder_edit")
    shown = [
        LadderRow(
            f"{region.name}通用",
            own.as_steps if own else DEFAULT_STEPS,
            own.source if own else DEFAULT_SOURCE,
            edit,
            own,
        ),
        *(
            LadderRow(row.campaign.title, row.as_steps, row.source, f"{edit}?campaign={row.campaign_id}", row)
            for row in rows
            if row.campaign
        ),
    ]
    with_own = [row.campaign_id for row in rows if row.campaign_id]
    campaigns = Campaign.objects.filter(region=region, state="active").exclude(pk__in=with_own)
    context = {"ladders": shown, "campaigns": campaigns, "keeps": user.keeps_accounts, "edit": edit}
    return render(request, "supervision/ladders.html", context)


class LadderEdit(FormPage):
    """Set the steps of the region, or of the campaign named in the address."""

    form_class = LadderForm
    template_name = "supervision/ladder_form.html"

    @cached_property
    def region(self) -> Region:
        return check_keeps_channels(user_of(self.request))

    @cached_property
    def campaign(self) -> Campaign | None:
        key = self.request.GET.get("campaign", "")
        if not key:
            return None
        return get_object_or_404(Campaign, region=self.region, pk=key if key.isdecimal() and len(key) < 19 else 0)

    @cached_property
    def ladder(self) -> Ladder | None:
        return Ladder.objects.filter(region=self.region, campaign=self.campaign).first()

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"设置提醒台阶：{self.campaign or self.region}"

    def get_form_kwargs(self) -> dict[str, Any]:
        own = Ladder.objects.filter(region=self.region, campaign__isnull=True).first()
        ladder = self.ladder or own
        steps = ladder.as_steps if ladder else DEFAULT_STEPS
        return super().get_form_kwargs() | {"steps": steps}

    def get_initial(self) -> dict[str, Any]:
        return {"source": self.ladder.source if self.ladder else ""}

    def get_success_url(self) -> str:
        return reverse("supervision:ladders")

    def perform(self, form: LadderForm) -> str:
        set_ladder(
            by=user_of(self.request),
            steps=form.steps(),
            source=form.cleaned_data["source"],
            campaign=self.campaign,
        )
        return "提醒台阶已保存，以后到期的事项按新的台阶提醒；已经发过的不再重发。"


@require_POST
def ladder_clear(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    ladder = get_object_or_404(Ladder, region=check_keeps_channels(user), pk=pk)
    clear_ladder(by=user, ladder=ladder)
    return HttpResponseRedirect(reverse("supervision:ladders"))
