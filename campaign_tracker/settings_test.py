"""Settings of the test suite: the same house, with fast hashing, files in a temporary folder and no broker."""

import os
import tempfile
from pathlib import Path

# The suite keeps its own data folder: neither the .env nor the ledger of the person who runs it may be touched.
TEST_DIR = Path(os.environ.setdefault("CAMPAIGN_TRACKER_TEST_DIR", tempfile.mkdtemp(prefix="campaign-tracker-test-")))
for name in (
    "PRODUCTION",
    "DEBUG",
    "HTTPS",
    "TRUSTED_PROXY",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "EMAIL_URL",
    "SECOND_FACTOR",
):
    os.environ[name] = ""
os.environ["CAMPAIGN_TRACKER_VAR"] = str(TEST_DIR)
os.environ["SECRET_KEY"] = "test-" + "0123456789" * 5
os.environ["FIELD_KEYS"] = "dGVzdHMgbXVzdCBub3QgYmUgc2VjcmV0LCBidXQga2U="
os.environ["CELERY_BROKER_URL"] = ""
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")

from .settings import *  # noqa: E402, F403
from .settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, STORAGES  # noqa: E402

# A page that asks the database once for each row fails its test, whatever the test was about.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
ZEAL_ALLOWLIST = [
    # Services lock the one row that they change; an import calls them once for each line, as it must.
    {"model": "*", "field": "get()"},
]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in ("default", "own")}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Jobs run where they are sent; a test of the real worker asks for the fixture `celery_worker_process`.
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file and not memory, so that threads and the worker process open connections of their own, as in life.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
