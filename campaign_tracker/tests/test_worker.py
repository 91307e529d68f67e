"""One trip through a real broker and a real worker: what the other tests run on the spot also runs in life."""

import time

import pytest
from django.conf import settings
from django.test import Client

from campaign_tracker.celery import app
from campaign_tracker.schedule import SCHEDULE


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_a_job_and_readyz_sees_it(celery_worker_process, broker, monkeypatch):
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", broker)
    deadline = time.monotonic() + 20
    while (answer := Client().get("/readyz")).status_code != 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert answer.json() == {"database": "ok", "broker": "ok", "worker": "ok"}


@pytest.mark.django_db
def test_readyz_tells_what_is_down(monkeypatch):
    monkeypatch.setattr(settings, "CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "broker": "down", "worker": "down"}
    assert Client().get("/healthz").status_code == 200


def test_jobs_run_on_the_spot_only_in_tests():
    from campaign_tracker.settings_test import CELERY_TASK_ALWAYS_EAGER as in_tests

    assert in_tests and app.conf.task_acks_late and app.conf.task_reject_on_worker_lost


@pytest.mark.parametrize("entry", list(SCHEDULE))
def test_what_the_clock_calls_exists(entry):
    app.loader.import_default_modules()
    assert SCHEDULE[entry]["task"] in app.tasks
