"""What the audit page tells beyond the acts themselves: who was refused, and who took which file away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse

from common.history import record
from common.models import Event
from units.models import User
from units.sessions import NOBODY, happened_lately

if TYPE_CHECKING:
    from django.http import HttpResponseBase

LONGEST = 300


def audited_by(user: User) -> QuerySet[Event]:
    """The acts of every account in the reach of an auditor or administrator, and what befell these accounts.

    Whose reach holds every account there is reads everything, also what the system did by itself.
    """
    if not user.audits:
        return Event.objects.none()
    people = User.objects.visible_to(user)
    if not User.objects.exclude(pk__in=people.order_by().values("pk")).exists():
        return Event.objects.all()
    about = ContentType.objects.get_for_model(User)
    keys = people.order_by().annotate(key=Cast("pk", CharField())).values("key")
    happened = Q(actor=None, content_type=about) & (Q(object_id__in=keys) | Q(object_id=str(NOBODY.pk)))
    return Event.objects.filter(Q(actor__in=people.order_by().values("pk")) | happened)


class AuditMiddleware:
    """Write down refusals and files that leave, whichever page or interface they come from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if isinstance(user, User):
            refusal = getattr(request, "refusal", "")
            if refusal or response.status_code == 403:
                note_refused(user, request, refusal)
            elif response.status_code == 200 and (name := file_in(response)):
                record("user.downloaded", user, by=user, note=f"{name}　{address_of(request)}"[:LONGEST])
        return response


def note_refused(user: User, request: HttpRequest, sentence: str) -> None:
    note = f"{request.method} {address_of(request)}　{sentence}".rstrip()[:LONGEST]
    if not happened_lately(user, "user.refused", note):
        record("user.refused", user, by=user, note=note)


def address_of(request: HttpRequest) -> str:
    """The address with what was asked for, readable."""
    return unquote(request.get_full_path())


def file_in(response: HttpResponseBase) -> str:
    """The name of the file that an answer is, to be saved or to be read as a PDF; empty for pages and pictures on them."""
    disposition = response.headers.get("Content-Disposition", "")
    kind = response.headers.get("Content-Type", "")
    if not disposition.startswith("attachment") and not kind.startswith("application/pdf"):
        return ""
    name = disposition.partition("filename*=UTF-8''")[2] or disposition.partition("filename=")[2]
    return unquote(name.strip('"; ')) or "文件"
