"""The region's channels and what went out by them, for administrators."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST, require_safe

from common.errors import Refused
from common.forms import FormPage
from common.jobs import start_job
from common.lists import BulkAction, Column, ListPage
from common.templatetags.page import status
from supervision.filters import DeliveryFilter
from supervision.forms.reminders import ChannelForm
from supervision.models import Channel, Delivery
from supervision.services.deliveries import retry_delivery
from supervision.services.settings import check_keeps_channels, set_channel
from units.requests import user_of

MANY = 500
"""Deliveries that one press may send again; more are taken by pressing again."""


@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """All kinds of channels: which are on, whether they work, what waits."""
    user = user_of(request)
    region = check_keeps_channels(user)
    have = {channel.kind: channel for channel in Channel.objects.visible_to(user)}
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    tally = Delivery.objects.visible_to(user).order_by().values_list("channel", "state").annotate(Count("pk"))
    for channel, state, count in tally:
        counts[channel][state] = count
    rows = [
        {
            "kind": kind,
            "label": label,
            "channel": have.get(kind),
            "counts": counts[have[kind].pk] if kind in have else {},
        }
        for kind, label in Channel.Kind.choices
    ]
    return render(request, "supervision/channels.html", {"rows": rows, "region": region})


class ChannelPage(FormPage):
    """Set up one kind of channel."""

    form_class = ChannelForm
    template_name = "supervision/channel_form.html"

    @cached_property
    def channel(self) -> Channel:
        region = check_keeps_channels(user_of(self.request))
        kind = self.kwargs["kind"]
        if kind not in Channel.Kind.values:
            raise Http404
        return Channel.objects.filter(region=region, kind=kind).first() or Channel(region=region, kind=kind)

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"设置提醒渠道：{self.channel}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"channel": self.channel}

    def get_initial(self) -> dict[str, Any]:
        return {"is_on": self.channel.is_on, "address": self.channel.address}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"channel": self.channel}

    def get_success_url(self) -> str:
        return reverse("supervision:channels")

    def perform(self, form: ChannelForm) -> str:
        set_channel(by=user_of(self.request), kind=self.channel.kind, **form.cleaned_data)
        return f"“{self.channel}”已保存，可以“发送测试”看看能否收到。"


@require_POST
def try_it(request: HttpRequest, kind: str) -> HttpResponse:
    """Send a test message; the other side may be slow, so that the user watches a job."""
    user = user_of(request)
    check_keeps_channels(user)
    channel = get_object_or_404(Channel.objects.visible_to(user), kind=kind)
    job = start_job("supervision.try_channel", by=user, about=channel, once=True)
    return HttpResponseRedirect(job.get_absolute_url())


def retry_many(rows: QuerySet[Any], by: Any, data: dict[str, Any]) -> str:
    failed = list(rows.filter(state__in=(Delivery.State.FAILED, Delivery.State.UNSURE))[:MANY])
    if not failed:
        raise Refused("所选的都不需要重发：只有未送达和不确定的才能重发。")
    for row in failed:
        retry_delivery(by=by, delivery=row)
    return f"已重新排队{len(failed)}份，一分钟内发送。"


class DeliveryList(ListPage):
    """What went out, and what did not and why."""

    model = Delivery
    title = "发送记录"
    template_name = "supervision/deliveries.html"
    filterset_class = DeliveryFilter
    columns = (
        Column("recipient", "收件人", cell="digest.recipient.name", kind="title"),
        Column("unit", "单位", cell="digest.recipient.unit.name"),
        Column("day", "日期", cell="digest.day", kind="short"),
        Column("channel", "渠道", cell=lambda row: str(row.channel)),
        Column("state", "状态", cell=lambda row: status(f"delivery.{row.state}", row.get_state_display()),
               export="get_state_display", kind="short"),
        Column("attempts", "次数", align="end"),
        Column("sent", "发送时间", cell="sent_at", kind="short"),
        Column("error", "最近的错误", cell="last_error"),
    )  # fmt: skip
    bulk_actions = (BulkAction("retry", "重发", retry_many),)
    empty_title, empty_words = (
        "还没有发送记录",
        "启用邮件、短信等渠道以后，每天的提醒发给了谁、有没有送达，都记在这里。",
    )

    def get_queryset(self) -> QuerySet[Any]:
        check_keeps_channels(user_of(self.request))
        return super().get_queryset()

    def row_url(self, row: Delivery) -> str:
        return ""
