"""What docs/security.md promises of settings, headers, templates and packages, and that the tests it names exist."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from campaign_tracker.environment import BASE_DIR
from campaign_tracker.tests.test_settings import PRODUCTION

HEADERS = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
answer = Client(HTTP_HOST="ledger.example.gov.cn").get("/healthz", secure=True)
plain = Client(HTTP_HOST="ledger.example.gov.cn").get("/login/")
print(json.dumps({"headers": dict(answer.headers), "moved": plain.headers.get("Location"),
    "cookies": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "second_factor": settings.SECOND_FACTOR}))
"""


def in_production(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | PRODUCTION
    environment |= {
        "CAMPAIGN_TRACKER_VAR": str(tmp_path / "var"),
        "DATABASE_URL": "postgres://ledger:secret@db.example/ledger",
        "CELERY_BROKER_URL": "redis://:secret@broker.example:6379/0",
        "DJANGO_SETTINGS_MODULE": "campaign_tracker.settings",
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


def test_every_test_that_the_table_names_exists() -> None:
    words = (BASE_DIR / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w/]+/test_\w+\.py)(?:::(\w+))?`", words)
    assert len(named) > 25
    for path, name in named:
        source = (BASE_DIR / path).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in source, f"{path}::{name}"


def test_a_real_installation_passes_the_deployment_check(tmp_path: Path) -> None:
    done = in_production(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0 and "no issues" in done.stdout, done.stdout + done.stderr


def test_a_real_installation_is_strict_in_what_it_answers(tmp_path: Path) -> None:
    done = in_production(tmp_path, "-c", HEADERS)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    headers = found["headers"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["X-Frame-Options"] == "DENY" and headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert found["moved"].startswith("https://") and all(found["cookies"]) and found["second_factor"]


@pytest.mark.parametrize(
    "pattern", [r"<script(?![^>]*\bsrc=)", r"<style\b", r"\sstyle\s*=", r"\son[a-z]+\s*=\s*[\"']", r"javascript:"]
)
def test_no_template_has_script_or_style_within(pattern: str) -> None:
    pages = [path for path in BASE_DIR.glob("templates/**/*") if path.is_file()]
    assert len(pages) > 100
    assert not [path.name for path in pages if re.search(pattern, path.read_text(encoding="utf-8"))]


def test_every_package_is_pinned_and_installed_as_pinned() -> None:
    lines = [line for name in ("requirements.txt", "requirements-test.txt", "requirements-build.txt")
             for line in (BASE_DIR / name).read_text(encoding="utf-8").splitlines()]  # fmt: skip
    pins = [line for line in lines if line and not line.startswith(("#", "-r"))]
    for pin in pins:
        found = re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)", pin)
        assert found, f"{pin} is not pinned"
    for pin in (BASE_DIR / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if pin and not pin.startswith("#"):
            name, wanted = re.sub(r"\[.*\]", "", pin).split("==")
            assert version(name) == wanted
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
