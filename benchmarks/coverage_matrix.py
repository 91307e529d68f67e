"""What the coverage of a year costs: 500 mines by 52 weeks, and the pages around it.

    python benchmarks/coverage_matrix.py [--mines 500] [--keep FILE]

Fills a scratch SQLite file, or the empty PostgreSQL database named by TEST_DATABASE_URL, with one county, a five-person
group for all of its mines, and a finished visit for nine weeks of ten. Every line names its floor, measured in the same
run: hand-written SQL for the mines and visits that the page is made of, through the same driver.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ledger import body, set_up, timed

PAGES = {
    "coverage, every mine": "/inspections/coverage/?size=1000",
    "coverage, one page": "/inspections/coverage/",
    "coverage, Excel": "/inspections/coverage/table.xlsx",
    "not visited this week": "/inspections/unvisited/",
    "proposals": "/inspections/proposals/",
    "counts of the year, by mine": "/inspections/counts/?period={year}&by=mine",
    "counts of the year, by officer": "/inspections/counts/?period={year}",
}
FLOOR = (
    "SELECT u.*, m.* FROM units_unit u LEFT JOIN mines_mine m ON m.unit_id = u.id WHERE u.kind = 'mine' ORDER BY u.sort_key",
    "SELECT v.mine_id, v.begun_on FROM inspections_visit v WHERE v.begun_on BETWEEN '{year}-01-01' AND '{year}-12-31'"
    " AND v.state = 'finished'",
)


def fill(count: int) -> dt.date:
    """One county with `count` mines and a year of visits; answers today."""
    from django.db import transaction
    from django.utils import timezone

    from inspections.coverage import weeks_of
    from inspections.models import CoverageRule, InspectionPlan, PatrolGroup, Visit, VisitOfficer
    from mines.models import Mine
    from units.models import Region, Role, Unit, User

    today, dice = timezone.localdate(), random.Random(7)
    with transaction.atomic():
        region = Region.objects.create(code="149921", name="青岚县")
        bureau = Unit.objects.create(name="青岚县应急管理局", kind="department", region=region)
        who = {"must_change_password": False, "password": "!", "password_changed_at": timezone.now(), "unit": bureau}
        staff = User.objects.create(username="staff", name="王科员", role=Role.BUREAU_STAFF, **who)
        mines = [Unit(name=f"青岚县第{index + 1}煤矿", kind="mine", region=region) for index in range(count)]
        for mine in mines:
            mine.save()
        Mine.objects.bulk_create(Mine(unit=one, mine_type="coal_underground") for one in mines)
        group = PatrolGroup.objects.create(region=region, name="第一五人小组")
        group.mines.set(mines)
        group.members.add(staff)
        plan = InspectionPlan.objects.create(
            region=region, year=today.year, begins_on=dt.date(today.year, 1, 1), state="in_force", made_by=staff
        )
        CoverageRule.objects.bulk_create(
            CoverageRule(plan=plan, position=index, group=group, period=period, full=full, source="方案")
            for index, (period, full) in enumerate((("week", False), ("month", True)), 1)
        )
        days = [(mine, week) for week in weeks_of(today.year) for mine in mines if dice.random() < 0.9]
        visits = Visit.objects.bulk_create(
            (
                Visit(region=region, number=f"V{index}", mine=mine, kind="five_group", group=group, state="finished",
                      is_full=index % 4 == 0, begun_on=week, ended_on=week, places="井口", opened_by=staff)
                for index, (mine, week) in enumerate(days)
            ),
            batch_size=500,
        )  # fmt: skip
        VisitOfficer.objects.bulk_create(
            (VisitOfficer(visit=one, officer=staff, certificate="1") for one in visits), batch_size=500
        )
    return today


def measure(label: str, address: str, year: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from units.models import User

    client = Client()
    client.force_login(User.objects.get(username="staff"))

    def opened() -> bytes:
        reply = client.get(address)
        assert reply.status_code == 200, (address, reply.status_code)
        return body(reply)

    def floor() -> list[Any]:
        rows: list[Any] = []
        with connection.cursor() as cursor:
            for statement in FLOOR:
                cursor.execute(statement.format(year=year))
                rows += cursor.fetchall()
        return rows

    seconds, data = timed(opened)
    least, _ = timed(floor)
    with CaptureQueriesContext(connection) as queries:
        opened()
    cells = (
        label,
        len(queries),
        f"{seconds * 1000:.0f}",
        f"{least * 1000:.0f}",
        f"{seconds / least:.0f}",
        len(data) // 1024,
    )
    sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mines", type=int, default=500)
    parser.add_argument("--keep", default="", help="fill this SQLite file, which is not removed")
    given = parser.parse_args()
    engine = set_up(given.keep)
    today = fill(given.mines)
    from inspections.models import Visit

    sys.stdout.write(f"{engine}, {given.mines} mines, {Visit.objects.count()} visits\n\n")
    sys.stdout.write("| page | queries | ms | floor ms | × | KB |\n| --- | --: | --: | --: | --: | --: |\n")
    for label, address in PAGES.items():
        measure(label, address.format(year=today.year), today.year)


if __name__ == "__main__":
    main()
