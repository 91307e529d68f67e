"""What the ledger's pages and papers cost with ten thousand and with a million assignments.

    python benchmarks/ledger.py [--rows 10000] [--keep FILE]

Fills a scratch SQLite file, or the empty PostgreSQL database named by TEST_DATABASE_URL, with invented counties and
opens the pages through Django's test client as three people: city staff, who see every row, county staff, and a mine's
clerk. Each line gives the median of three openings, the queries, the size, and the time as a multiple of the floor: a
plain SELECT of the same rows with their tasks, units and campaigns through the driver, in the same run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

TASKS, MINES, CAMPAIGNS_PER_COUNTY = 100, 20, 25
LONG_TASKS = 300
PAGE = 50
TIMES = 3

ASSIGNMENTS = """
    INSERT INTO tasks_assignment (region_id, campaign_id, task_id, unit_id, role, printed_name, state, is_ongoing,
        percent, summary, begins_on, due_on, submitted_at, done_on, returned_count, updated_at)
    SELECT c.region_id, c.id, t.id, u.id, 'responsible', '各煤矿企业',
        CASE (t.id + u.id) %% 8 WHEN 0 THEN 'submitted' WHEN 1 THEN 'done' WHEN 2 THEN 'done' WHEN 3 THEN 'returned'
            WHEN 4 THEN 'not_started' ELSE 'in_progress' END,
        %s, CASE WHEN (t.id + u.id) %% 8 IN (0, 1, 2) THEN 100 ELSE 40 END,
        '已对照判定标准排查两轮，发现问题全部登记，正在逐条整改，预计下月完成。', %s, d.date, %s, NULL, 0, %s
    FROM tasks_task t JOIN tasks_campaign c ON c.id = t.campaign_id JOIN tasks_deadline d ON d.task_id = t.id
        JOIN units_unit u ON u.region_id = c.region_id AND u.kind = 'mine'
"""
DUE_ITEMS = """
    INSERT INTO tasks_dueitem (assignment_id, deadline_id, period, label, due_on, state)
    SELECT a.id, d.id, '', '', d.date, CASE a.state WHEN 'submitted' THEN 'reported' WHEN 'done' THEN 'accepted'
        WHEN 'returned' THEN 'returned' ELSE 'open' END
    FROM tasks_assignment a JOIN tasks_deadline d ON d.task_id = a.task_id
"""
FLOOR = """
    SELECT a.*, t.*, u.*, c.* FROM tasks_assignment a JOIN tasks_task t ON t.id = a.task_id
    JOIN units_unit u ON u.id = a.unit_id JOIN tasks_campaign c ON c.id = a.campaign_id WHERE a.id IN ({})
"""


def set_up(keep: str) -> str:
    """Point Django at a scratch database; answer its kind."""
    folder = tempfile.mkdtemp(prefix="campaign-tracker-benchmark-")
    os.environ["CAMPAIGN_TRACKER_TEST_DIR"] = folder
    if keep:
        os.environ["TEST_DATABASE_URL"] = f"sqlite:///{Path(keep).resolve()}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "campaign_tracker.settings_test"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.LOGGING_CONFIG = None
    settings.ALLOWED_HOSTS = ["*"]
    import logging

    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    return f"sqlite {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else connection.vendor


def fill(rows: int) -> None:
    """Make about `rows` assignments: campaigns of 100 tasks for 20 mines, and one of 300 tasks."""
    from django.db import connection, transaction
    from django.utils import timezone

    from tasks.models import Campaign, Deadline, Section, Task
    from units.models import Region, Role, Unit, User

    count = max(1, rows // (TASKS * MINES))
    counties = max(1, -(-count // CAMPAIGNS_PER_COUNTY))
    with transaction.atomic():
        city = Region.objects.create(code="149900", name="云岭市")
        office = Unit.objects.create(name="云岭市应急管理局", kind="department", region=city)
        who = {"must_change_password": False, "password": "!", "password_changed_at": timezone.now()}
        staff = User.objects.create(username="city", name="市局", role=Role.BUREAU_STAFF, unit=office, **who)
        for number in range(counties):
            region = Region.objects.create(code=f"1499{number + 1:02}", name=f"第{number + 1}县")
            bureau = Unit.objects.create(name=f"第{number + 1}县应急管理局", kind="department", region=region)
            mines = [
                Unit.objects.create(name=f"第{number + 1}县第{mine + 1}煤矿有限责任公司", kind="mine", region=region)
                for mine in range(MINES)
            ]
            if number == 0:
                User.objects.create(username="county", name="县局", role=Role.BUREAU_STAFF, unit=bureau, **who)
                User.objects.create(username="clerk", name="填报员", role=Role.MINE_CLERK, unit=mines[0], **who)
        for number in range(count + 1):
            tasks = LONG_TASKS if number == count else TASKS
            campaign = Campaign.objects.create(
                region_id=f"1499{(number % counties if number < count else 0) + 1:02}",
                title=f"矿山安全生产治本攻坚三年行动方案（{number + 1}）",
                created_by=staff,
                start=dt.date(2024, 1, 1),
                end=dt.date(2026, 12, 31),
            )
            sections = [
                Section.objects.create(campaign=campaign, position=at, title=f"（{at + 1}）主要任务")
                for at in range(10)
            ]
            made = Task.objects.bulk_create(
                Task(
                    campaign=campaign,
                    section=sections[at * 10 // tasks],
                    position=at,
                    ref=f"{at * 10 // tasks + 1}.{at + 1}",
                    title=f"第{at + 1}项排查整治任务",
                    text="对照重大事故隐患判定标准逐条排查，建立台账，明确责任、措施、资金、时限和预案，按期整改销号。"
                    * 4,
                    deadline_text="2026年6月底前",
                )
                for at in range(tasks)
            )
            today = timezone.localdate()
            Deadline.objects.bulk_create(
                Deadline(task=task, kind="date", date=today + dt.timedelta(days=task.position * 7 % 700 - 60), text="")
                for task in made
            )
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(ASSIGNMENTS, [False, dt.date(2024, 1, 1), now, now])
            cursor.execute(DUE_ITEMS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The median seconds of a few runs after a first one, and what the last gave."""
    work()
    seconds = []
    for _ in range(TIMES):
        start = time.perf_counter()
        answer = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), answer


def body(reply: Any) -> bytes:
    return b"".join(reply.streaming_content) if reply.streaming else reply.content


def measure(label: str, who: str, address: str, assignments: Any) -> None:
    """Open one address as one person and print its line; `assignments` is the rows that the floor reads."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from units.models import User

    client = Client()
    client.force_login(User.objects.get(username=who))

    def opened() -> bytes:
        reply = client.get(address)
        assert reply.status_code == 200, (address, reply.status_code)
        return body(reply)

    seconds, data = timed(opened)
    with CaptureQueriesContext(connection) as queries:
        opened()
    keys = list(assignments.values_list("pk", flat=True))
    statement = FLOOR.format(",".join(map(str, keys)) or "0")

    def plain() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    floor, _ = timed(plain)
    slowest = max(queries, key=lambda query: float(query["time"]))
    sys.stdout.write(
        f"| {label} | {who} | {seconds * 1000:.0f} | {len(queries)} | {len(data) / 1000:.0f} | {len(keys)} "
        f"| {floor * 1000:.2f} | {seconds / floor:.0f} |\n"
    )
    if os.environ.get("SLOW") and float(slowest["time"]) > 0.05:
        sys.stdout.write(f"    {slowest['time']} s  {slowest['sql'][:1500]}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000, help="assignments to make")
    parser.add_argument("--keep", default="", help="SQLite file to fill, or to measure again when it is full")
    options = parser.parse_args()
    vendor = set_up(options.keep)
    from tasks.models import Assignment, Campaign

    if not Assignment.objects.exists():
        start = time.perf_counter()
        fill(options.rows)
        sys.stdout.write(f"filled in {time.perf_counter() - start:.0f} s\n")
    long = Campaign.objects.order_by("-pk")[0]
    short = Campaign.objects.order_by("pk")[0]
    rows = Assignment.objects.order_by("due_on", "pk")
    sys.stdout.write(f"\n{Assignment.objects.count():,} assignments, {vendor}\n\n")
    sys.stdout.write(
        "| page | who | ms | queries | KB | rows | floor ms | × floor |\n|---|---|--:|--:|--:|--:|--:|--:|\n"
    )
    county = rows.filter(region="149901")
    own = rows.filter(unit__users__username="clerk")
    for who, seen in (("city", rows), ("county", county), ("clerk", own)):
        measure("first page", who, "/", seen[:PAGE])
        measure("assignments", who, "/assignments/", seen[:PAGE])
        measure(
            "assignments, last page",
            who,
            "/assignments/?page=200",
            seen[9950:10_000] if who != "clerk" else seen[:PAGE],
        )
        measure("assignments, overdue", who, "/assignments/?overdue=true", seen[:PAGE])
        measure("assignments, by unit", who, "/assignments/?order=unit", seen[:PAGE])
        measure("assignments, search", who, "/assignments/?q=第7项", seen[:PAGE])
        measure("due items", who, "/due-items/", seen[:PAGE])
        measure("campaigns", who, "/campaigns/", seen[:PAGE])
        measure("campaign, 100 tasks", who, f"/campaigns/{short.pk}/", seen.filter(campaign=short)[: PAGE * MINES])
        measure("campaign, 300 tasks", who, f"/campaigns/{long.pk}/", seen.filter(campaign=long)[: PAGE * MINES])
    papers = county.filter(campaign=long)
    for label, form in (("task list, Word", "word"), ("task list, Excel", "form"), ("form of progress", "progress")):
        measure(label, "county", f"/campaigns/{long.pk}/?export={form}", papers)
    measure("assignments as CSV", "clerk", "/assignments/?export=csv", own)


if __name__ == "__main__":
    main()
