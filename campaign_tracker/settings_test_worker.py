"""Settings of a Celery worker that a test starts: the test database and a real broker."""

import os

from .settings_test import *  # noqa: F403
from .settings_test import DATABASES

DATABASES["default"]["NAME"] = os.environ["CAMPAIGN_TRACKER_WORKER_DATABASE"]
CELERY_BROKER_URL = os.environ["TEST_BROKER_URL"]
CELERY_TASK_ALWAYS_EAGER = False
# A test that kills workers does not wait five minutes for what they were sending.
DELIVERY_LOST_AFTER_SECONDS = int(os.environ.get("TEST_LOST_AFTER_SECONDS", "300"))
if beat_seconds := os.environ.get("TEST_BEAT_SECONDS"):
    CELERY_BEAT_SCHEDULE = {
        name: {"task": f"supervision.jobs.{name}", "schedule": float(beat_seconds)} for name in ("remind", "deliver")
    }
