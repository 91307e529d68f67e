"""The overview, on a desk and on a wall."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from supervision.home import letter_panels
from supervision.overview import overview_of
from supervision.ranking import GROUPS
from supervision.views.ranking import group_in, region_of
from tasks.home import sized
from units.models import Role
from units.requests import user_of
from units.sessions import STARTED_AT


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    region, user = region_of(request), user_of(request)
    panels = sized(letter_panels(user), user) if user.role == Role.LEADER else []
    context = context_of(request, region) | {"panels": panels}
    return render(request, "supervision/overview.html", context)


@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The same on a screen on the wall: it asks again each minute, and says until when the log-in lasts."""
    started = request.session.get(STARTED_AT)
    ends = None
    if started is not None:
        ends = dt.datetime.fromtimestamp(started + settings.SESSION_COOKIE_AGE, tz=dt.UTC)
    context = context_of(request, region_of(request)) | {"session_ends": ends, "now": timezone.now()}
    return render(request, "supervision/wall.html", context)


def context_of(request: HttpRequest, region: Any) -> dict[str, Any]:
    group = group_in(request)
    return {
        "overview": overview_of(region, group, timezone.localdate()),
        "groups": [(key, label) for key, (label, _) in GROUPS.items()],
        "group": group,
    }
