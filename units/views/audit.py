"""Every act of every account, for administrators and auditors, and whether the history is what it was."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import View

from common.errors import NotAllowed
from common.filters import DateRangeFilter, SearchFilter, VisibleFilter
from common.history import VERBS, changes_of, record
from common.jobs import HISTORY_CHECK, start_job
from common.lists import Column, ListPage
from common.models import Event, Job, Seal
from units.auditing import audited_by
from units.models import User
from units.sessions import address_note
from units.views.accounts import user_of

SEALS_SHOWN = 10

KINDS = {
    "door": ("登录和退出", ("user.logged_in", "user.logged_out", "user.second_factor_set", "user.recovery_code_used")),
    "failure": (
        "失败和拒绝",
        (
            "user.login_failed",
            "user.locked_out",
            "user.second_factor_failed",
            "user.second_factor_blocked",
            "user.refused",
        ),
    ),
    "file": ("导出和下载", ("user.downloaded",)),
}


class AuditFilterSet(django_filters.FilterSet):
    q = SearchFilter(fields=("actor_name", "object_text", "note"), placeholder="姓名、对象或说明")
    kind = django_filters.ChoiceFilter(
        label="种类",
        choices=[(key, words) for key, (words, _) in KINDS.items()] + [("act", "业务操作")],
        method="of_kind",
        empty_label="全部",
    )
    at = DateRangeFilter(label="日期")
    actor = VisibleFilter(label="操作人", model=User)
    noun = django_filters.ChoiceFilter(label="对象种类", method="of_noun", empty_label="全部")
    verb = django_filters.ChoiceFilter(label="动作", method="of_verb", empty_label="全部")
    address = django_filters.CharFilter(label="网络地址", lookup_expr="startswith", max_length=45)

    class Meta:
        model = Event
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nouns = {verb.partition(".")[0] for verb in VERBS}
        models = ContentType.objects.filter(model__in=nouns)
        words = sorted((str(found._meta.verbose_name), one.pk) for one in models if (found := one.model_class()))
        self.filters["noun"].extra["choices"] = [(str(pk), name) for name, pk in words]
        self.filters["verb"].extra["choices"] = sorted({(label, label) for label in VERBS.values()})

    def of_kind(self, rows: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        if value == "act":
            return rows.exclude(verb__in=[verb for _, verbs in KINDS.values() for verb in verbs])
        return rows.filter(verb__in=KINDS[value][1])

    def of_noun(self, rows: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        return rows.filter(content_type_id=int(value))

    def of_verb(self, rows: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        """By the word, because several nouns have acts of one name."""
        return rows.filter(verb__in=[verb for verb, label in VERBS.items() if label == value])


def noun_of(event: Event) -> str:
    model = ContentType.objects.get_for_id(event.content_type_id).model_class()
    return "" if model is None else str(model._meta.verbose_name)


def words_of(event: Event) -> str:
    """What was changed, and the note, in one cell."""
    changes = (f"{one.label}：{one.before or '空'} → {one.after or '空'}" for one in changes_of(event))
    note = "" if event.address and event.note == address_note(event.address) else event.note
    return "；".join(filter(None, (*changes, note)))


def check_audits(user: User) -> None:
    if not user.audits:
        raise NotAllowed("审计由局管理员和审计员查看；需要核对某件事的经过时，请联系他们。")


class AuditList(ListPage):
    model = Event
    title = "审计"
    columns = (
        Column("at", "时间", kind="short", width=18),
        Column("actor", "操作人", cell="actor_name", kind="short"),
        Column("unit", "单位", cell="actor_unit"),
        Column("verb", "动作", cell="verb_label", kind="short"),
        Column("noun", "对象种类", cell=noun_of, kind="short"),
        Column("object", "对象", cell="object_text", kind="wide"),
        Column("words", "内容", cell=lambda event: words_of(event)[:160], export=words_of, kind="wide"),
        Column("address", "网络地址", kind="short"),
        Column("id", "编号", on_page=False),
    )
    filterset_class = AuditFilterSet
    bar = ("q", "kind", "at")
    template_name = "units/audit.html"
    empty_title = "没有符合条件的记录"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        check_audits(user_of(request))
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Event]:
        return audited_by(user_of(self.request))

    def row_url(self, row: Event) -> str:
        return ""

    def extra_context(self) -> dict[str, Any]:
        checks = Job.objects.filter(kind=HISTORY_CHECK)
        return {
            "check": checks.filter(state__in=[Job.State.DONE, Job.State.FAILED]).first(),
            "checking": checks.unfinished().first(),
            "seals": Seal.objects.order_by("-number")[:SEALS_SHOWN],
            "first_event": Event.objects.order_by("id").values_list("at", flat=True).first(),
        }


class HistoryCheck(View):
    """Start the comparison of the whole history with its seals."""

    def post(self, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        check_audits(user)
        job = start_job(HISTORY_CHECK, by=user, args={"url": reverse("units:audit")})
        record("user.history_checked", user, by=user)
        return redirect(job.get_absolute_url())
