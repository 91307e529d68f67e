"""The Celery application. Jobs live in `jobs.py` of each app, so that no file has to be `tasks/tasks.py`."""

import logging.config
import os
import time
from typing import Any

import redis
from celery import Celery
from celery.signals import heartbeat_sent, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign_tracker.settings")

HEARTBEAT_KEY = "campaign_tracker:worker_heartbeat"
HEARTBEAT_EVERY_SECONDS = 10
HEARTBEAT_LASTS_SECONDS = 45

app = Celery("campaign_tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")

_last_heartbeat = 0.0


def broker_client(url: str, timeout: float = 2.0) -> redis.Redis:
    """A plain client of the broker at a Celery URL (redis, rediss or redis+socket), with short time-outs in seconds."""
    client: redis.Redis = redis.Redis.from_url(
        url.replace("redis+socket://", "unix://", 1), socket_timeout=timeout, socket_connect_timeout=timeout
    )
    return client


@setup_logging.connect
def _use_the_logs_of_the_settings(**_: Any) -> None:
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@heartbeat_sent.connect
def _tell_that_a_worker_lives(**_: Any) -> None:
    global _last_heartbeat
    now = time.monotonic()
    if now - _last_heartbeat < HEARTBEAT_EVERY_SECONDS:
        return
    try:
        broker_client(app.conf.broker_url).set(HEARTBEAT_KEY, int(time.time()), ex=HEARTBEAT_LASTS_SECONDS)
        _last_heartbeat = now
    except redis.RedisError:
        pass  # the worker's own connection reports a broker that is away
