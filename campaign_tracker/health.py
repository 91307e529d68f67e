"""Is the process up (/healthz), and can it do its work (/readyz)? For load balancers and watchdogs, without log-in."""

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .celery import HEARTBEAT_KEY, broker_client


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as soon as the process answers; nothing behind it is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and at least one worker answer, else 503; each part is only `ok` or `down`."""
    parts = {"database": _database_answers(), "broker": False, "worker": False}
    try:
        # One client for both questions; an absent key means that no worker has reported lately.
        client = broker_client(settings.CELERY_BROKER_URL)
        parts["worker"] = client.get(HEARTBEAT_KEY) is not None
        parts["broker"] = True
    except redis.RedisError:
        pass
    return JsonResponse(
        {name: "ok" if answers else "down" for name, answers in parts.items()},
        status=200 if all(parts.values()) else 503,
    )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() is not None
    except DatabaseError:
        return False
