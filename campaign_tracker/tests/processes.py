"""Fixtures that start real processes: a Valkey server, a Celery worker on the test database, a Chromium."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kombu.pools
import pytest
import redis
from django.conf import settings

from campaign_tracker.celery import app, broker_client
from campaign_tracker.environment import BASE_DIR
from campaign_tracker.runner.suite import CHROMIUM_NAMES
from campaign_tracker.runner.valkey import valkey_command

CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
STARTS_WITHIN_SECONDS = 30.0


def find_chromium() -> str | None:
    """The Chromium on PATH, or None."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """The Celery URL of a Valkey server of this test session's own."""
    with tempfile.TemporaryDirectory(prefix="ct-valkey-") as folder:
        url = f"redis+socket://{folder}/valkey.sock"
        server = subprocess.Popen(valkey_command(Path(folder), Path(folder) / "valkey.sock"), stdout=subprocess.DEVNULL)
        try:
            _wait_until(lambda: _answers(url), "Valkey")
            yield url
        finally:
            server.kill()
            server.wait()


@pytest.fixture
def broker(valkey_url: str) -> Iterator[str]:
    """Send jobs to a real, empty broker for one test instead of running them on the spot."""
    broker_client(valkey_url).flushall()
    before = {"broker_url": app.conf.broker_url, "task_always_eager": app.conf.task_always_eager}
    _point_celery_at(broker_url=valkey_url, task_always_eager=False)
    yield valkey_url
    _point_celery_at(**before)


@pytest.fixture
def celery_worker_process(broker: str, transactional_db: None) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker, in a process of its own, on the test database and a real broker; ready when it is handed over."""
    name = f"test-{os.getpid()}@localhost"
    environment = {**os.environ, "CAMPAIGN_TRACKER_WORKER_DATABASE": str(settings.DATABASES["default"]["NAME"])}
    environment |= {"DJANGO_SETTINGS_MODULE": "campaign_tracker.settings_test_worker", "TEST_BROKER_URL": broker}
    command = [sys.executable, "-m", "celery", "-A", "campaign_tracker", "worker"]
    worker = subprocess.Popen(
        [*command, "--concurrency=1", "--loglevel=WARNING", f"--hostname={name}", "--without-mingle"],
        env=environment,
        cwd=BASE_DIR,
    )
    try:
        _wait_until(lambda: bool(app.control.ping(destination=[name], timeout=0.5)), "the Celery worker")
        yield worker
    finally:
        worker.terminate()
        try:
            worker.wait(timeout=10)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright drives the Chromium of the machine instead of one that it would have to download."""
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium on PATH: the browser tests did not run (install chromium, or use .ci/run)")
    return {**browser_type_launch_args, "executable_path": chromium, "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": settings.TIME_ZONE}


def _answers(url: str) -> bool:
    try:
        return bool(broker_client(url).ping())
    except redis.RedisError:
        return False


def _wait_until(condition: Any, what: str) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not start within {STARTS_WITHIN_SECONDS:.0f} s")
        time.sleep(0.05)


def _point_celery_at(**conf: Any) -> None:
    # Celery keeps pools of connections to the broker that it knew first.
    app.pool.force_close_all()
    kombu.pools.reset()
    app.conf.update(conf)
    app._pool = None
    app.amqp._producer_pool = None
