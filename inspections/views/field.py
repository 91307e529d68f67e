"""The visit on the telephone: a page without data that opens without a network, and the addresses it syncs with.

Nothing that the service worker keeps tells of a visit: the page is the same for everybody, and what it shows lies in the
browser's own store, apart for each person (static/js/field-*.js).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.contenttypes.models import ContentType
from django.contrib.staticfiles import finders
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from common.errors import NotAllowed, Refused
from common.inputs import read_json
from common.models import Evidence
from hazards.models import Level
from inspections.forms.field import PhotoForm, checked, read_changes, read_items
from inspections.models import Visit, VisitResult
from inspections.relations import may_inspect
from inspections.services.field import Reply, check_same_person, plain, take_changes, take_photo
from inspections.services.visits import add_result
from units.requests import user_of

SCRIPTS = ("js/field-store.js", "js/field-photos.js", "js/field-sync.js", "js/field-page.js")
KEPT = ("css/house.css", "img/icons.svg", "img/field.svg", *SCRIPTS)
WORKER = "js/field-worker.js"
ICONS = (("img/field-192.png", "192x192", "any"), ("img/field-512.png", "512x512", "any maskable"))
VISITS = 20


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The same page for everybody: it is kept on the telephone and opens without a network."""
    _check_inspects(request)
    return HttpResponse(_page())


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: its code, and which version of which files it keeps. Any change makes a new version."""
    assets = [static(name) for name in KEPT]
    words = {"VERSION": _version(), "PAGE": reverse("inspections:field"), "ASSETS": assets}
    lines = [f"self.{name} = {json.dumps(value)};" for name, value in words.items()]
    lines.append(f"importScripts({json.dumps(static(WORKER))});")
    answer = HttpResponse("\n".join(lines) + "\n", content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a telephone needs to put the page among its programs."""
    icons = [
        {"src": static(name), "sizes": sizes, "type": "image/png", "purpose": purpose} for name, sizes, purpose in ICONS
    ]
    words = {
        "id": reverse("inspections:field"), "start_url": reverse("inspections:field"), "scope": "/", "lang": "zh-CN",
        "name": "矿山现场检查", "short_name": "现场检查", "display": "standalone",
        "theme_color": "#1a5fb4", "background_color": "#f3f5f8", "icons": icons,
    }  # fmt: skip
    return JsonResponse(words, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
def visits(request: HttpRequest) -> JsonResponse:
    """The running visits of the person, whole, with who it is and the token for what is sent back (6 queries)."""
    _check_inspects(request)
    user = user_of(request)
    rows = list(Visit.objects.visible_to(user).to_fill_in(user).select_related("mine")[:VISITS])
    results = VisitResult.objects.filter(visit__in=[one.pk for one in rows])
    items: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in rows}
    found = list(results.select_related("hazard", "checked_by"))
    photos = _photo_counts(found)
    for one in found:
        items[one.visit_id].append(_item(one) | {"photos": photos.get(str(one.pk), 0)})
    return JsonResponse(
        {
            "user": {"id": user.pk, "name": user.name},
            "token": get_token(request),
            "visits": [_visit(one) | {"items": items[one.pk]} for one in rows],
        }
    )


@require_POST
def answers(request: HttpRequest, pk: int) -> JsonResponse:
    """Take over items and answers, and tell of each answer what became of it."""
    user, row = user_of(request), _visit_of(request, pk)
    _check_inspects(request)
    sent = _json(request)
    check_same_person(user, sent.get("user"))
    for item in read_items(sent):
        add_result(by=user, visit=row, **item)
    replies = take_changes(by=user, visit=row, changes=read_changes(sent))
    return JsonResponse({"replies": [_reply(one) for one in replies]})


@require_POST
def photo(request: HttpRequest, pk: int) -> JsonResponse:
    """Take over one photograph."""
    user, row = user_of(request), _visit_of(request, pk)
    _check_inspects(request)
    data = checked(PhotoForm(request.POST, request.FILES))
    check_same_person(user, data["user"])
    reply = take_photo(
        by=user, visit=row, client_id=data["key"], item=data["item"], file=data["photo"][0], made_at=data["made_at"]
    )
    count = Evidence.objects.about(reply.result).count() if reply.result else 0
    return JsonResponse({"key": str(reply.client_id), "status": reply.status, "words": reply.words, "photos": count})


def _check_inspects(request: HttpRequest) -> None:
    if not may_inspect(user_of(request)):
        raise NotAllowed("现场检查由应急管理局的工作人员和执法检查人员填写。")


def _visit_of(request: HttpRequest, pk: int) -> Visit:
    found: Visit = get_object_or_404(Visit.objects.visible_to(user_of(request)), pk=pk)
    return found


def _json(request: HttpRequest) -> dict[str, Any]:
    try:
        sent = read_json(request.body)
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise Refused("系统看不懂手机送来的内容，请联网刷新这个页面后再试。")
    return sent


def _visit(row: Visit) -> dict[str, Any]:
    days = {row.begun_on, row.ended_on}
    return {
        "id": row.pk, "number": row.number, "mine": row.mine.name, "kind": row.get_kind_display(),
        "days": " 至 ".join(day.isoformat() for day in sorted(days)), "places": row.places,
        "is_today": row.begun_on <= timezone.localdate() <= row.ended_on,
    }  # fmt: skip


def _item(one: VisitResult) -> dict[str, Any]:
    return {
        "item": str(one.client_id), "position": one.position, "section": one.section, "text": one.text,
        "basis": one.basis, "own": one.is_own, "is_look_back": one.look_back_id is not None,
        "place": one.place, "level": one.level, "due_on": one.due_on.isoformat() if one.due_on else "",
        "outcome": one.outcome, "words": plain(one.words),
        "by": one.checked_by.name if one.checked_by else "",
        "at": one.checked_at.isoformat() if one.checked_at else "", "hazard": one.hazard.number if one.hazard else "",
    }  # fmt: skip


def _reply(reply: Reply) -> dict[str, Any]:
    now = _item(reply.result) if reply.result else None
    return {"key": str(reply.client_id), "status": reply.status, "words": reply.words, "now": now}


def _photo_counts(results: list[VisitResult]) -> dict[str, int]:
    """How many photographs each result has, by its key as text (one query)."""
    kind = ContentType.objects.get_for_model(VisitResult)
    rows = Evidence.objects.filter(content_type=kind, object_id__in=[str(one.pk) for one in results])
    return dict(rows.order_by().values_list("object_id").annotate(Count("pk")))


def _page() -> str:
    return loader.render_to_string("inspections/field.html", {"scripts": SCRIPTS, "levels": Level.choices})


def _version() -> str:
    """A word that changes with the page or any file that is kept."""
    digest = hashlib.sha256(_page().encode())
    for name in (*KEPT, WORKER):
        digest.update(Path(str(finders.find(name))).read_bytes())
    return digest.hexdigest()[:16]
