"""Everybody's own inbox, the count at the bell, and how a person wants to be told."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.forms import FormPage
from common.lists import BulkAction, Column, ListPage
from supervision.filters import NoticeFilter, kinds
from supervision.forms.reminders import ContactForm
from supervision.hours import quiet_hours
from supervision.looks import step_chip
from supervision.models import Channel, Mute, Notice
from supervision.services.inbox import mark_read, set_contact
from units.requests import user_of

MOST_COUNTED = 99


def read_many(rows: QuerySet[Any], by: Any, data: dict[str, Any]) -> str:
    return f"已标为已读{mark_read(by=by, notices=rows)}条。"


def title_of(row: Notice) -> SafeString:
    """What is new stands bold, with a word for those who do not see that."""
    if row.read_at:
        return format_html("{}", row.rung.title)
    return format_html('<strong>{}</strong> <span class="visually-hidden">未读</span>', row.rung.title)


class Inbox(ListPage):
    """What this person was told, newest first."""

    model = Notice
    title = "我的提醒"
    template_name = "supervision/inbox.html"
    filterset_class = NoticeFilter
    columns = (
        Column("title", "事项", cell=title_of, export="rung.title", kind="title", link=True),
        Column("kind", "种类", cell="rung.kind_label", kind="short"),
        Column("unit", "单位", cell="rung.unit.name"),
        Column("step", "提醒", cell=lambda row: step_chip(row.rung), export="rung.step_label", kind="short"),
        Column("due", "应完成日期", cell="rung.due_on", kind="short"),
        Column("told", "提醒时间", cell="rung.told_at", kind="short"),
    )
    bulk_actions = (BulkAction("read", "标为已读", read_many),)
    empty_title, empty_words = "没有提醒", "有事项快到期或者逾期时，会在这里提醒您。"

    def row_url(self, row: Notice) -> str:
        return reverse("supervision:notice", args=[row.pk])

    def extra_context(self) -> dict[str, Any]:
        return {"any_unread": Notice.objects.visible_to(user_of(self.request)).unread()[:1].exists()}


@require_safe
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go to what it is about."""
    user = user_of(request)
    notice = get_object_or_404(Notice.objects.visible_to(user).for_list(), pk=pk)
    mark_read(by=user, notices=Notice.objects.filter(pk=pk))
    return redirect(notice.rung.get_absolute_url() or reverse("supervision:inbox"))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    mark_read(by=user, notices=Notice.objects.visible_to(user))
    return HttpResponseRedirect(reverse("supervision:inbox"))


@never_cache
@require_safe
def unread(request: HttpRequest) -> HttpResponse:
    """The number at the bell: a fragment that pages fetch after they are shown, so that none waits for it."""
    rows = Notice.objects.visible_to(user_of(request)).unread().order_by()
    count = rows.values("pk")[: MOST_COUNTED + 1].count()
    return render(request, "supervision/unread.html", {"count": count, "most": MOST_COUNTED})


class ContactPage(FormPage):
    """Quiet hours, and which kinds of things come by which channel."""

    form_class = ContactForm
    title = "接收提醒的方式"
    template_name = "supervision/contact.html"

    def channels(self) -> list[Channel]:
        unit = user_of(self.request).unit
        return list(Channel.objects.filter(is_on=True, region=unit.region_id[:6] if unit else ""))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"channels": self.channels()}

    def get_initial(self) -> dict[str, Any]:
        user = user_of(self.request)
        quiet_from, quiet_until = quiet_hours([user])[user.pk][-1]
        muted = set(Mute.objects.filter(user=user).values_list("channel", "kind"))
        wanted = {
            f"by_{channel}": [kind for kind, _ in kinds() if (channel, kind) not in muted]
            for channel in Channel.Kind.values
        }
        return {"quiet_from": quiet_from, "quiet_until": quiet_until, **wanted}

    def get_success_url(self) -> str:
        return reverse("units:profile")

    def perform(self, form: ContactForm) -> str:
        data = form.cleaned_data
        set_contact(
            by=user_of(self.request),
            quiet_from=data["quiet_from"],
            quiet_until=data["quiet_until"],
            wanted=form.wanted(),
        )
        return "接收方式已保存。"
