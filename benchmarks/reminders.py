"""What the run of the reminders costs with a hundred thousand open items that all have to be told of at once.

    python benchmarks/reminders.py [--rows 100000]

Fills a scratch SQLite file, or the empty PostgreSQL database named by TEST_DATABASE_URL, with invented units and items:
a tenth each falls to every step of the ladder, and the rest is far away. Then it runs the reminders twice: the first
tells everything, the second finds nothing new, as nearly every run of a day does. The floor is a plain SELECT of the
same rows with their tasks, units and campaigns through the driver, in the same run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

UNITS = 500
DAYS = (8, 6, 2, 0, -1, -3, -5, -12, -30, -200)
"""Calendar days from the run to the due days, so that every step of the ladder has its share."""
FLOOR = """
    SELECT i.id, i.due_on, a.unit_id, a.region_id, a.campaign_id, i.period, t.title, t.text
    FROM tasks_dueitem i JOIN tasks_assignment a ON a.id = i.assignment_id JOIN tasks_task t ON t.id = a.task_id
    JOIN units_unit u ON u.id = a.unit_id JOIN tasks_campaign c ON c.id = a.campaign_id
    WHERE i.state IN ('open', 'returned') AND c.state = 'active' ORDER BY i.id
"""


def fill(rows: int, today: dt.date) -> None:
    """Make `rows` due items of `UNITS` mines, each with a clerk and a head."""
    from django.db import connection, transaction
    from django.utils import timezone

    from supervision.tests.owed import make_campaign, make_items
    from units.models import Region, Role, Unit, User

    with transaction.atomic():
        region = Region.objects.create(code="149901", name="云岭县")
        bureau = Unit.objects.create(name="云岭县应急管理局", kind="department", region=region)
        who: dict[str, Any] = {"must_change_password": False, "password": "!", "password_changed_at": timezone.now()}
        staff = User.objects.create(username="staff", name="科员", role=Role.BUREAU_STAFF, unit=bureau, **who)
        User.objects.create(username="leader", name="局长", role=Role.LEADER, unit=bureau, **who)
        mines = Unit.objects.bulk_create(
            Unit(name=f"第{number}煤矿", kind="mine", region=region, path=f"/{number + 10}/") for number in range(UNITS)
        )
        User.objects.bulk_create(
            User(username=f"{role}.{number}", name=f"{number}", role=role, unit=mine, **who)
            for number, mine in enumerate(mines)
            for role in (Role.MINE_CLERK, Role.MINE_HEAD)
        )
        tasks = rows // UNITS
        days = [today + dt.timedelta(days=DAYS[at * len(DAYS) // tasks]) for at in range(tasks)]
        make_items(make_campaign(region, staff), mines, days)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def measured(label: str, floor: float, rows: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from supervision.services.reminders import run_reminders

    moment = monday()
    with CaptureQueriesContext(connection) as queries:
        start, worked = time.perf_counter(), worked_seconds()
        outcome = run_reminders(now=moment)
        seconds, worked = time.perf_counter() - start, worked_seconds() - worked
    sys.stdout.write(
        f"| {label} | {rows:,} | {outcome.rungs:,} | {outcome.notices:,} | {outcome.digests:,} "
        f"| {seconds:.1f} | {worked:.1f} | {len(queries)} | {floor:.2f} | {seconds / floor:.0f} |\n"
    )
    if os.environ.get("SLOW"):
        spent: defaultdict[str, float] = defaultdict(float)
        for query in queries:
            spent[query["sql"][:60]] += float(query["time"])
        for words, took in sorted(spent.items(), key=lambda pair: -pair[1])[:8]:
            sys.stdout.write(f"    {took:.1f} s  {words}\n")


def worked_seconds() -> float:
    """The processor time of this process and of the database's one that serves it: what a busy machine cannot blur."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time()
    times = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


def monday() -> dt.datetime:
    """Nine in the morning of the Monday of this week, here."""
    from django.utils import timezone

    now = timezone.localtime()
    day = now - dt.timedelta(days=now.weekday())
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, help="due items to make")
    options = parser.parse_args()
    from ledger import set_up

    vendor = set_up("")
    from django.db import connection

    start = time.perf_counter()
    fill(options.rows, monday().date())
    sys.stdout.write(f"filled in {time.perf_counter() - start:.0f} s, {vendor}\n\n")
    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.execute(FLOOR)
        rows = len(cursor.fetchall())
        floor = time.perf_counter() - start
    sys.stdout.write(
        "| run | open items | steps | notices | digests | s | processor s | queries | floor s | × floor |\n"
    )
    sys.stdout.write("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
    measured("first", floor, rows)
    measured("again", floor, rows)


if __name__ == "__main__":
    main()
