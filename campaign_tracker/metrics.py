"""Figures for Prometheus at /metrics: what was answered, and how database, queue, worker and history stand.

Requests are counted by every web process in files of its own, which are added up when somebody asks; everything else is
asked of the database and the broker at that moment. Only who shows METRICS_TOKEN is answered.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from secrets import compare_digest

from django.conf import settings

# prometheus_client looks for it when it is first imported.
FOLDER = Path(settings.VAR_DIR) / "run" / "metrics"
FOLDER.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(FOLDER))

import redis  # noqa: E402
from django.contrib.auth.decorators import login_not_required  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.db import DatabaseError  # noqa: E402
from django.db.models import Count, Max, Min  # noqa: E402
from django.http import Http404, HttpRequest, HttpResponse  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.views.decorators.cache import never_cache  # noqa: E402
from django.views.decorators.http import require_safe  # noqa: E402
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest  # noqa: E402
from prometheus_client.core import GaugeMetricFamily  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402
from prometheus_client.registry import Collector  # noqa: E402

from common.jobs import HISTORY_CHECK  # noqa: E402
from common.models import Event, Job, Seal  # noqa: E402
from supervision.models import Delivery  # noqa: E402

from .celery import HEARTBEAT_KEY, broker_client  # noqa: E402

QUEUE = "celery"
ANSWERED = Counter("campaign_tracker_answers", "Answered requests.", ["method", "status"])
SECONDS = Histogram(
    "campaign_tracker_answer_seconds", "Time to an answer.", buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15)
)


def count_answer(method: str, status: int, seconds: float) -> None:
    ANSWERED.labels(method if method in ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE") else "other", status).inc()
    SECONDS.observe(seconds)


class StandingCollector(Collector):
    """How things stand now; a part that does not answer is told as 0 and its figures are left out."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("campaign_tracker_up", "Whether a part answers.", labels=["part"])
        try:
            families = list(_of_database())
            up.add_metric(["database"], 1)
        except DatabaseError:
            families = []
            up.add_metric(["database"], 0)
        try:
            client = broker_client(settings.CELERY_BROKER_URL)
            up.add_metric(["worker"], int(client.get(HEARTBEAT_KEY) is not None))
            up.add_metric(["broker"], 1)
            families.append(_gauge("queue_length", "Messages that no worker has taken yet.", int(client.llen(QUEUE))))
        except redis.RedisError:
            up.add_metric(["worker"], 0)
            up.add_metric(["broker"], 0)
        yield up
        yield from families


def _of_database() -> Iterator[GaugeMetricFamily]:
    now = timezone.now()
    jobs = GaugeMetricFamily("campaign_tracker_jobs", "Jobs that are not done, by state.", labels=["state"])
    counts = dict(Job.objects.exclude(state=Job.State.DONE).order_by().values_list("state").annotate(count=Count("pk")))
    for state in (Job.State.QUEUED, Job.State.RUNNING, Job.State.FAILED):
        jobs.add_metric([state.value], counts.get(state, 0))
    yield jobs
    oldest = Job.objects.filter(state=Job.State.QUEUED).aggregate(at=Min("created_at"))["at"]
    yield _gauge("oldest_job_seconds", "Age of the oldest job in the queue.", _age(oldest, now))
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    yield _gauge("deliveries_waiting", "Messages to people that wait to be sent.", waiting.count())
    sealed = Seal.objects.aggregate(end=Max("to_event"), at=Max("at"))
    unsealed = Event.objects.filter(id__gt=sealed["end"] or 0)
    yield _gauge("events_unsealed", "Events that no seal holds yet.", unsealed.count())
    check = Job.objects.filter(kind=HISTORY_CHECK, state__in=[Job.State.DONE, Job.State.FAILED]).first()
    if check is not None:
        yield _gauge("history_whole", "1 where the last check found the history whole.", check.state == Job.State.DONE)
        yield _gauge("history_check_age_seconds", "Age of the last check of the history.", _age(check.ended_at, now))
    yield _gauge("sessions", "Log-ins that have not ended.", Session.objects.filter(expire_date__gt=now).count())


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"campaign_tracker_{name}", words, value=float(value))


def _age(moment: datetime | None, now: datetime) -> float:
    return 0.0 if moment is None else (now - moment).total_seconds()


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 for everybody who does not show the token, and for all while none is set."""
    shown = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not compare_digest(shown.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        raise Http404
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(StandingCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
