"""Settings of a Celery worker that a test starts: the test database and a real broker."""

import os

from .settings_test import *  # noqa: F403
from .settings_test import DATABASES

DATABASES["default"]["NAME"] = os.environ["CAMPAIGN_TRACKER_WORKER_DATABASE"]
CELERY_BROKER_URL = os.environ["TEST_BROKER_URL"]
CELERY_TASK_ALWAYS_EAGER = False
