"""What the page of one mine costs after five years, beside a plain SELECT of the same rows.

    python benchmarks/mine_page.py [--years 5]

Fills a scratch SQLite file, or the empty PostgreSQL database named by TEST_DATABASE_URL, with twenty mines and, for each,
a line of every section a month, a hazard and a visit a week. The page is opened as staff of the bureau and as the mine's clerk.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ledger import body, set_up, timed

MINES = 20


def fill(years: int, today: dt.date) -> Any:
    """Twenty mines with their history; answers one of them."""
    from django.db import connection, transaction
    from django.utils import timezone

    from hazards.models import Hazard
    from inspections.models import Visit
    from mines.models import FileConfirmation, Mine, ProductionSpan
    from mines.tests.lines import five_years
    from units.models import Region, Role, Unit, User

    with transaction.atomic():
        region = Region.objects.create(code="149901", name="云岭县")
        bureau = Unit.objects.create(name="云岭县应急管理局", kind="department", region=region)
        who: dict[str, Any] = {"must_change_password": False, "password": "!", "password_changed_at": timezone.now()}
        staff = User.objects.create(username="staff", name="科员", role=Role.BUREAU_STAFF, unit=bureau, **who)
        units = [Unit.objects.create(name=f"第{at}煤矿", kind="mine", region=region) for at in range(MINES)]
        User.objects.create(username="clerk", name="填报员", role=Role.MINE_CLERK, unit=units[0], **who)
        months = [today - dt.timedelta(days=30 * back) for back in range(years * 12)]
        for place, unit in enumerate(units):
            mine = Mine.objects.create(unit=unit, mine_type="coal_underground", capacity=90, supervising_unit=bureau)
            ProductionSpan.objects.bulk_create(
                ProductionSpan(mine=mine, state="producing", since=day) for day in months
            )
            FileConfirmation.objects.bulk_create(
                FileConfirmation(mine=mine, month=day.replace(day=1), due_on=day, confirmed_on=day)
                for day in {day.replace(day=1) for day in months}
            )
            five_years(mine, today, years * 12)
            weeks = [today - dt.timedelta(days=7 * back) for back in range(years * 52)]
            Hazard.objects.bulk_create(
                Hazard(mine=unit, region=region, number=f"青{place}-{at}", description="风门漏风", level="general",
                       source="inspection", found_on=day, state="graded", registered_by=staff)
                for at, day in enumerate(weeks)
            )  # fmt: skip
            Visit.objects.bulk_create(
                Visit(mine=unit, region=region, number=f"青检{place}-{at}", kind="planned", begun_on=day, ended_on=day,
                      places="井下", state="finished", opened_by=staff)
                for at, day in enumerate(weeks)
            )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return units[0]


def floor_of(mine: Any, shown: int) -> list[str]:
    """The rows that the page shows, table by table."""
    from mines.ledgers import all_ledgers

    tables = [ledger.model._meta.db_table for ledger in all_ledgers()]
    tables += ["mines_fileconfirmation", "mines_productionspan"]
    return [
        f"SELECT m.*, u.* FROM mines_mine m JOIN units_unit u ON u.id = m.unit_id WHERE u.id = {mine.pk}",
        *(f"SELECT * FROM {table} WHERE mine_id = {mine.pk} ORDER BY id DESC LIMIT {shown}" for table in tables),
        f"SELECT level, state, COUNT(*) FROM hazards_hazard WHERE mine_id = {mine.pk} GROUP BY level, state",
        f"SELECT * FROM inspections_visit WHERE mine_id = {mine.pk} ORDER BY begun_on DESC LIMIT 5",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=5)
    options = parser.parse_args()
    vendor = set_up("")
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone
    from hazard_register import fetched, say

    from mines.views.sections import SHOWN
    from units.models import User

    mine = fill(options.years, timezone.localdate())
    sys.stdout.write(f"{vendor}\n\n")
    say("page", "who", "queries", "ms", "floor ms", "×", "KB")
    say("---", "---", "--:", "--:", "--:", "--:", "--:")
    for who in ("staff", "clerk"):
        client = Client()
        client.force_login(User.objects.get(username=who))

        def ask(client: Any = client) -> bytes:
            reply = client.get(f"/mines/{mine.pk}/")
            assert reply.status_code == 200, reply.status_code
            return body(reply)

        ask()
        seconds, data = timed(ask)
        with CaptureQueriesContext(connection) as queries:
            ask()
        floor, _ = timed(partial(fetched, *floor_of(mine, SHOWN)))
        say(f"one mine, {options.years} years", who, len(queries), f"{seconds * 1000:.0f}", f"{floor * 1000:.1f}",
            f"{seconds / floor:.0f}", f"{len(data) / 1000:.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
