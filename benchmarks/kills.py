"""kill -9 of web, worker, broker and PostgreSQL in turn, under load: what was acknowledged stays, nothing is told twice.

    python benchmarks/kills.py --rounds 20

Starts a PostgreSQL of its own and `./run` on it, lets four people enter units through the page while reminders are written
and sent to a web server and another system is told of every new unit, and kills one part each round; the next round begins
when everything answers again and people have entered more. At the end every acknowledged entry is there once with its line
of history, every notice was written once and told each person in one message, every new unit was told in one hook, all of
them came, and the history verifies. A message that was killed between sending and noting comes again under the same key,
by which its reader knows it: that is one message, and counted apart. Two keys for one thing would be a fault.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from celery import Celery

from campaign_tracker.environment import valkey_socket
from campaign_tracker.runner import postgres
from supervision.tests.receivers import WebServer, served

PARTS = ("web", "worker", "broker", "postgresql")
# A word of the command line; its words are parted by NUL.
SIGNS = {"web": "gunicorn\0", "worker": "\0worker\0", "broker": "valkey"}
PEOPLE, PASSWORD = 4, secrets.token_urlsafe(12) + "aA1"
MINES, ITEMS_OF_EACH = 60, 5
WRITES_BETWEEN = 8
NUDGED = ("common.jobs.seal_history", "supervision.jobs.remind", "supervision.jobs.deliver", "exchange.jobs.send_hooks")
"""What the clock calls every minute, called oftener, so that every kill meets work in hand."""
FILL = """
import datetime as dt
from django.utils import timezone
from common.models import CalendarDay
from common.workdays import is_workday
from supervision.models import Channel
from supervision.tests.owed import make_campaign, make_items
from exchange.services.accounts import open_service_account
from exchange.services.hooks import subscribe
from exchange.signing import new_secret
from units.models import Region, Role, RuleSetting, Unit, User
region = Region.objects.create(code="149921", name="青岚县")
bureau = Unit.objects.create(name="青岚县应急管理局", kind="department", region=region)
for n in range({people}):
    staff = User.objects.create_user(f"staff{{n}}", "{password}", name=f"科员{{n}}", role="bureau_staff", unit=bureau, must_change_password=False)
today = timezone.localdate()
if not is_workday(today):
    CalendarDay.objects.create(date=today, kind=CalendarDay.Kind.WORKDAY, name="试验")
for key in ("reminder_from_hour", "reminder_until_hour"):
    RuleSetting.objects.create(region=region, key=key, value=0, source="试验：全天")
late = today - dt.timedelta(days=1)
while not (is_workday(late) and is_workday(late + dt.timedelta(days=1))):
    late -= dt.timedelta(days=1)
Channel.objects.create(region=region, kind="hook", address="{hook}/digests", is_on=True)
admin = User.objects.create_user("admin", "{password}", name="管理员", role=Role.BUREAU_ADMIN, unit=bureau, must_change_password=False)
system = open_service_account(by=admin, name="省平台", unit=bureau, role=Role.BUREAU_STAFF, purpose="试验", contact="试验", scopes=["units:read"])
subscribe(by=admin, account=system, address="{hook}/hooks", nouns=["units"], verbs=["unit.created"], secret=new_secret())
campaign = make_campaign(region, staff)
for n in range({mines}):
    mine = Unit.objects.create(name=f"第{{n}}煤矿", kind="mine", region=region)
    User.objects.create(username=f"clerk{{n}}", password="!", name=f"填报员{{n}}", role=Role.MINE_CLERK, unit=mine, phone="13800000000", must_change_password=False)
    make_items(campaign, [mine], [late] * {items})
"""
COUNT = """
import json
from common.models import Event
from common.seals import seal_history, verify_history
from exchange.models import HookDelivery
from supervision.models import Delivery, Notice, Rung
from units.models import Unit
seal_history()
report = verify_history()
print("FOUND " + json.dumps({
    "units": list(Unit.objects.filter(name__startswith="试验").values_list("name", flat=True)),
    "created": list(Event.objects.filter(verb="unit.created", object_text__startswith="试验").values_list("object_text", flat=True)),
    "told": list(Event.objects.filter(verb="unit.created", object_text__startswith="试验").values_list("object_id", flat=True)),
    "hooks": {str(key): state for key, state in HookDelivery.objects.values_list("key", "state")},
    "rungs": Rung.objects.count(), "notices": Notice.objects.count(), "waiting": Notice.objects.waiting().count(),
    "deliveries": {str(key): state for key, state in Delivery.objects.values_list("key", "state")},
    "events": report.events, "seals": report.seals, "fault": report.fault and report.fault.message}))
"""


class Cluster:
    """A PostgreSQL that keeps what it acknowledged, and comes back after a kill."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o755)
        server, self.url = postgres._start(postgres.find_postgres()[0], folder)
        server.send_signal(signal.SIGINT)
        server.wait()
        # The test suite's switches trade safety for speed; here safety is what is tried.
        command = [str(word) for word in server.args]  # type: ignore[union-attr]
        self.command = [word for word in command if word != "-c" and word.partition("=")[0] not in
                        {setting.partition("=")[0] for setting in postgres.FAST}]  # fmt: skip
        self.log = folder / "server.log"
        self.start()

    def start(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            with self.log.open("ab") as log:
                self.server = subprocess.Popen(
                    self.command, stdout=log, stderr=log, cwd="/", **postgres._as(postgres._account())
                )
            # Orphans of the killed one hold its memory for a moment, and the new one refuses until they are gone.
            time.sleep(1)
            if self.server.poll() is None:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(self.log.read_text()[-500:])

    def kill(self) -> None:
        self.server.kill()
        self.server.wait()
        self.start()


class House:
    """`./run` on the cluster."""

    def __init__(self, folder: Path, url: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.var = folder / "var"
        names = (
            "PRODUCTION",
            "DEBUG",
            "SECRET_KEY",
            "FIELD_KEYS",
            "CELERY_BROKER_URL",
            "HTTPS",
            "BIND",
            "ALLOWED_HOSTS",
        )
        self.environment = {
            **os.environ,
            **dict.fromkeys(names, ""),
            "CAMPAIGN_TRACKER_VAR": str(self.var),
            "DEMO": "0",
        }
        self.environment |= {"DATABASE_URL": url, "PORT": str(self.port), "HOOKS_TO_PRIVATE": "1"}
        self.environment["DJANGO_SETTINGS_MODULE"] = "campaign_tracker.settings"
        self.direct = build_opener(ProxyHandler({}))

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "campaign_tracker.runner"], cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL
        )

    def shell(self, script: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", script],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return done.stdout

    def is_ready(self) -> bool:
        try:
            with self.direct.open(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self, part: str) -> None:
        """kill -9 of a part with all its processes."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if parent == self.process.pid and SIGNS[part] in command:
                os.killpg(int(folder.name), signal.SIGKILL)
                return
        raise LookupError(part)


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


class Person(threading.Thread):
    """Enters units through the page, and notes which ones the page acknowledged."""

    def __init__(self, house: House, number: int) -> None:
        super().__init__(daemon=True)
        self.address, self.number = f"http://127.0.0.1:{house.port}", number
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()), Stay())
        self.acknowledged: list[str] = []
        self.refused: Counter[str] = Counter()
        self.stopping = False

    def send(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        body = urlencode(data).encode() if data else None
        request = Request(f"{self.address}{path}", data=body, headers={"Referer": f"{self.address}{path}"})
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as fault:
            return fault.code, fault.read().decode(errors="replace")

    def form(self, path: str, data: dict[str, str]) -> int:
        _, page = self.send(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        return self.send(path, {**data, "csrfmiddlewaretoken": token[1] if token else ""})[0]

    def run(self) -> None:
        inside = False
        count = 0
        while not self.stopping:
            count += 1
            name = f"试验{self.number}-{count}号单位"
            try:
                if not inside:
                    inside = self.form("/login/", {"username": f"staff{self.number}", "password": PASSWORD}) == 302
                status = self.form("/units/new/", {"name": name, "kind": "other", "region": "149921"}) if inside else 0
            except OSError as fault:
                self.refused[type(fault).__name__] += 1
                time.sleep(0.2)
                continue
            if status == 302:
                self.acknowledged.append(name)
            else:
                self.refused[str(status)] += 1
                time.sleep(0.2)


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 240) -> float:
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise TimeoutError(what)
        time.sleep(0.1)
    return time.monotonic() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="ct-kills-") as name, served(WebServer()) as hook:
        folder = Path(name)
        # PostgreSQL refuses to run as root, and its own user has to reach its folder.
        folder.chmod(0o755)
        base = folder / "pg"
        base.mkdir()
        cluster, house = Cluster(base), House(folder, "")
        house.environment["DATABASE_URL"] = cluster.url
        try:
            house.start()
            wait_until(house.is_ready, "the first start", 900)
            house.shell(FILL.format(people=PEOPLE, password=PASSWORD, hook=hook.url, mines=MINES, items=ITEMS_OF_EACH))
            return try_it(house, cluster, hook, rounds)
        finally:
            house.process.send_signal(signal.SIGTERM)
            house.process.wait(60)
            cluster.server.send_signal(signal.SIGINT)
            cluster.server.wait(60)


def try_it(house: House, cluster: Cluster, hook: WebServer, rounds: int) -> int:
    broker = Celery(broker=f"redis+socket://{valkey_socket(house.var)}")
    people = [Person(house, number) for number in range(PEOPLE)]
    for person in people:
        person.start()

    def written() -> int:
        return sum(len(person.acknowledged) for person in people)

    def nudge() -> None:
        for task in NUDGED:
            try:
                broker.send_task(task, retry=False)
            except Exception as fault:
                # The broker may be the part that was killed just now; the clock's next tick does the same.
                print(f"    (no {task}: {type(fault).__name__})", flush=True)

    for number in range(rounds):
        part = PARTS[number % len(PARTS)]
        before = written()
        wait_until(lambda: written() >= before + WRITES_BETWEEN, "people enter things")  # noqa: B023
        nudge()
        time.sleep(0.3 + number % 5 / 5)
        print(f"{number + 1:3} kill -9 {part:11} after {written()} entries", end="", flush=True)
        if part == "postgresql":
            cluster.kill()
        else:
            house.kill(part)
        print(f"  ready again in {wait_until(house.is_ready, f'{part} comes back'):.1f} s", flush=True)
    for person in people:
        person.stopping = True
    for person in people:
        person.join(60)
    found: dict[str, Any] = {}

    def everything_sent() -> bool:
        nudge()
        time.sleep(5)
        line = next(line for line in house.shell(COUNT).splitlines() if line.startswith("FOUND "))
        found.update(json.loads(line[6:]))
        digests, hooks = found["deliveries"], found["hooks"]
        return (
            len(digests) >= MINES and set(digests.values()) == {"sent"}
            and len(hooks) >= len(found["created"]) and set(hooks.values()) == {"sent"}
        )  # fmt: skip

    try:
        wait_until(everything_sent, "everything sent", 600)
    except TimeoutError:
        print("not everything was sent in time")
    return judge(found, people, hook)


def arrived(
    hook: WebServer, path: str, header: str, subject: Callable[[Any], str]
) -> tuple[Counter[str], dict[str, set[str]]]:
    """How often each message came to a path, by its key; and the keys of the messages about each subject."""
    times: Counter[str] = Counter()
    keys: dict[str, set[str]] = {}
    for one in hook.got:
        if one["path"] == path:
            key = next(value for name, value in one["headers"].items() if name.lower() == header.lower())
            times[key] += 1
            keys.setdefault(subject(one["body"]), set()).add(key)
    return times, keys


def judge(found: dict[str, Any], people: list[Person], hook: WebServer) -> int:
    acknowledged = [name for person in people for name in person.acknowledged]
    units, created = Counter(found["units"]), Counter(found["created"])
    came, people_told = arrived(hook, "/digests", "Idempotency-Key", lambda body: body["to"]["username"])
    hooks, units_told = arrived(hook, "/hooks", "webhook-id", lambda body: body["data"]["id"])
    refused = sum((person.refused for person in people), Counter())
    faults = {
        "acknowledged and lost": [name for name in acknowledged if name not in units],
        "written twice": [name for name, times in units.items() if times > 1],
        "without one line of history": [name for name in units if created[name] != 1],
        "history of what is not there": [name for name in created if name not in units],
        "told twice or not at all": [] if found["notices"] == MINES * ITEMS_OF_EACH else [found["notices"]],
        "messages that did not come": [key for key in found["deliveries"] if key not in came],
        "messages nobody knows": [key for key in came if key not in found["deliveries"]],
        "people told in two messages": [who for who, keys in people_told.items() if len(keys) > 1],
        "hooks that did not come": [key for key in found["hooks"] if key not in hooks],
        "hooks nobody knows": [key for key in hooks if key not in found["hooks"]],
        "units no hook told of": [key for key in found["told"] if key not in units_told],
        "units told of in two hooks": [key for key, keys in units_told.items() if len(keys) > 1],
        "history": [found["fault"]] if found["fault"] else [],
    }
    print(
        f"{len(acknowledged)} entries acknowledged, {len(units)} there; answered otherwise: {dict(refused)}\n"
        f"{found['rungs']} things told, {found['notices']} notices, {len(found['deliveries'])} messages, "
        f"{came.total() - len(came)} repeated under the same key\n"
        f"{len(found['told'])} units to tell of, {len(hooks)} hooks, {hooks.total() - len(hooks)} repeated under the same id\n"
        f"history: {found['events']} events in {found['seals']} seals, {found['fault'] or 'whole'}"
    )
    for words, what in faults.items():
        if what:
            print(f"FAULT {words}: {what[:5]}")
    return int(any(faults.values()))


if __name__ == "__main__":
    sys.exit(main())
