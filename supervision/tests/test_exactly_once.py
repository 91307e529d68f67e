"""Two workers, beat, a real Valkey and a real PostgreSQL; workers killed ten times, the broker once; nothing twice.

EXACTLY_ONCE_ITEMS sets how many items are due (see docs/reminders.md for a run with ten thousand).
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from campaign_tracker.celery import broker_client
from campaign_tracker.environment import BASE_DIR
from campaign_tracker.runner.valkey import valkey_command
from common.models import CalendarDay
from common.workdays import is_workday
from supervision.models import Channel, Delivery, Digest, Notice, Rung
from supervision.tests.owed import make_campaign, make_items
from supervision.tests.receivers import WebServer, served
from units.models import Role, RuleSetting, Unit, User

ITEMS = int(os.environ.get("EXACTLY_ONCE_ITEMS", "1500"))
EACH = 10
"""Items of one mine; its clerk and its head are told of them all."""
KILLS = 10
WITHIN_SECONDS = 60 + ITEMS / 20
# Small chunks, so that a kill finds a worker in the middle of the run and not before or after it.
WORKER = """
import django
django.setup()
from campaign_tracker.celery import app
from supervision.services import reminders
reminders.CHUNK, reminders.PEOPLE = 40, 20
app.worker_main(["worker", "--concurrency=1", "--loglevel=ERROR", "--without-mingle", "--without-gossip",
                 "--hostname={name}@localhost"])
"""
BEAT = ["-m", "celery", "-A", "campaign_tracker", "beat", "--loglevel=ERROR", "--max-interval=1", "--pidfile="]

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@contextmanager
def running(start: Callable[[], subprocess.Popen[bytes]]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """A process in a list of one, so that a test can put another in its place; the last one is killed at the end."""
    place = [start()]
    try:
        yield place
    finally:
        os.killpg(place[0].pid, signal.SIGKILL)
        place[0].wait()


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    """The processes in which a worker does its tasks."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(pid) for pid in listed.read_text().split()] if listed.exists() else []


def wait_until(condition: Callable[[], bool], what: str, seconds: float = WITHIN_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} within {seconds:.0f} s: {standing()}"
        time.sleep(0.02)


def standing() -> str:
    states = Counter(Delivery.objects.values_list("state", flat=True))
    return f"{Rung.objects.count()} rungs, {Notice.objects.count()} notices, {dict(states)}"


def progress() -> int:
    """How far everything is, in steps of the same weight: things told, and digests sent."""
    return Rung.objects.count() + EACH * Delivery.objects.filter(state="sent").count() // 2


def fill(county: Any, staff: User) -> int:
    """Make the items and people; answers how many notices they come to."""
    today = timezone.localdate()
    if not is_workday(today):
        CalendarDay.objects.create(date=today, kind=CalendarDay.Kind.WORKDAY, name="测试")
    for key in ("reminder_from_hour", "reminder_until_hour"):
        RuleSetting.objects.create(region=county.region, key=key, value=0, source="测试：全天")
    who = {"must_change_password": False, "password": "!", "phone": "13800000000"}
    mines = Unit.objects.bulk_create(
        Unit(name=f"第{n}煤矿", kind="mine", region=county.region, path=f"/{1000 + n}/") for n in range(ITEMS // EACH)
    )
    User.objects.bulk_create(
        User(username=f"{role}.{n}", name=f"{mine}", role=role, unit=mine, **who)
        for n, mine in enumerate(mines)
        for role in (Role.MINE_CLERK, Role.MINE_HEAD)
    )
    late = today - dt.timedelta(days=1)
    while is_workday(late + dt.timedelta(days=1)) is False or is_workday(late) is False:
        late -= dt.timedelta(days=1)
    make_items(make_campaign(county.region, staff), mines, [late] * EACH)
    return 2 * len(mines) * EACH


@pytest.mark.skipif(os.name != "posix" or not Path("/proc").is_dir(), reason="needs /proc")
def test_workers_killed_in_the_middle_tell_everything_once(county: Any, staff: User, tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("two workers at once are a matter for PostgreSQL: run with TEST_DATABASE_URL, as .ci/run does")
    notices = fill(county, staff)
    socket = tmp_path / "v.sock"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "campaign_tracker.settings_test_worker",
        "CAMPAIGN_TRACKER_WORKER_DATABASE": str(settings.DATABASES["default"]["NAME"]),
        "TEST_BROKER_URL": f"redis+socket://{socket}",
        "TEST_BEAT_SECONDS": "0.5",
        "TEST_LOST_AFTER_SECONDS": "2",
        "HOOKS_TO_PRIVATE": "1",
        "LOG_LEVEL": "ERROR",
    }

    def start(*command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=environment, cwd=BASE_DIR, start_new_session=True)

    def broker() -> subprocess.Popen[bytes]:
        process = subprocess.Popen(valkey_command(tmp_path, socket), stdout=subprocess.DEVNULL, start_new_session=True)
        wait_until(lambda: socket.exists() and bool(broker_client(environment["TEST_BROKER_URL"]).ping()), "Valkey")
        return process

    def worker(name: str) -> Callable[[], subprocess.Popen[bytes]]:
        return lambda: start(sys.executable, "-c", WORKER.replace("{name}", name))

    with ExitStack() as stack:
        server: WebServer = stack.enter_context(served(WebServer()))
        Channel.objects.create(region=county.region, kind="hook", address=server.url, is_on=True)
        valkey = stack.enter_context(running(broker))
        workers = [stack.enter_context(running(worker(name))) for name in ("one", "two")]
        schedule = f"--schedule={tmp_path / 'beat'}"
        stack.enter_context(running(lambda: start(sys.executable, *BEAT, schedule)))

        whole = ITEMS + ITEMS
        for kill in range(KILLS):
            wait_until(lambda: progress() >= (kill + 1) * whole // (KILLS + 2), f"kill {kill + 1}")  # noqa: B023
            for place in workers:
                for child in children_of(place[0]):
                    os.kill(child, signal.SIGKILL)
            if kill == KILLS // 3:
                os.killpg(workers[0][0].pid, signal.SIGKILL)
                workers[0][0].wait()
                workers[0][0] = worker("three")()
            if kill == 2 * KILLS // 3:
                os.killpg(valkey[0].pid, signal.SIGKILL)
                valkey[0].wait()
                socket.unlink(missing_ok=True)
                valkey[0] = broker()
        people = notices // EACH
        wait_until(lambda: Delivery.objects.filter(state="sent").count() == people, "everything sent")

    assert Rung.objects.count() == ITEMS
    assert Notice.objects.count() == notices and not Notice.objects.waiting().exists()
    assert Digest.objects.count() == Delivery.objects.count() == people
    got = Counter(one["headers"]["Idempotency-Key"] for one in server.got)
    assert set(got) == {str(key) for key in Delivery.objects.values_list("key", flat=True)}
    # A worker that died between sending and marking: the other side got the same key again and knows it.
    repeats = got.total() - len(got)
    assert repeats <= 2 * KILLS, f"{repeats} messages came twice"
    sys.stdout.write(f"{ITEMS} items, {notices} notices, {people} messages, {repeats} repeated under the same key\n")
