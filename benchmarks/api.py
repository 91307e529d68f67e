"""What the interface costs: pages of hazards as another system pulls them.

    python benchmarks/api.py [--hazards 100000] [--keep FILE]

Fills a scratch SQLite file, or the empty PostgreSQL database named by TEST_DATABASE_URL, with `manage.py populate`. The
floor is a SELECT of the same columns of the same rows through the driver, then json.dumps of them as dictionaries. It
asks twice: for the system of one county's bureau, and for that of the province, whose all the rows are. Times are the best
of twenty-five by the clock, page and floor in turn, so that other work on the machine shows least; the processor's time
of the page stands beside (on PostgreSQL without that of the database server).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ledger import set_up

TIMES = 25
COUNTY, PROVINCE = "bureau2.680101", "province.680000"
COUNTY_DIGITS = 6
JOINED = "hazards_hazard h JOIN units_unit u ON u.id = h.mine_id LEFT JOIN hazards_clause c ON c.id = h.clause_id"
RENAMED = {"region": "h.region_id", "mine": "h.mine_id", "mine_name": "u.name", "task": "h.task_id", "area": "h.area_id",
           "clause": "h.clause_id", "clause_code": "c.code", "standard": "c.standard_id"}  # fmt: skip


def best_of(page: Callable[[], Any], floor: Callable[[], Any]) -> tuple[Any, list[float], list[float]]:
    """What the page answered, and the best milliseconds of page and floor by the clock and by the processor.

    They run in turn, so that other work on the machine hits both; the best run is the one that it hit least.
    """
    found: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    answer = page()
    floor()
    for _ in range(TIMES):
        for work, runs in zip((page, floor), found, strict=True):
            clock, processor = time.perf_counter(), time.process_time()
            work()
            runs.append(((time.perf_counter() - clock) * 1000, (time.process_time() - processor) * 1000))
    return answer, *([min(run[0] for run in runs), min(run[1] for run in runs)] for runs in found)


def token_for(username: str) -> str:
    """A token that may read hazards, of the unit of a user whose region it reads whole."""
    from exchange.models import ServiceAccount
    from exchange.services.accounts import issue_token, open_service_account
    from units.models import Role, User

    by = User.objects.get(username=username)
    assert by.unit is not None
    by.role = Role.BUREAU_ADMIN
    account = open_service_account(
        by=by, name=f"平台{ServiceAccount.objects.count()}", unit=by.unit, role=Role.BUREAU_STAFF, purpose="测量",
        contact="无", scopes=["hazards:read"], per_minute=6000,
    )  # fmt: skip
    return issue_token(by=by, account=account, days=1).token


def floor_of(names: list[str], keys: list[int], region: str) -> Callable[[], str]:
    """The very rows of a page, read through the driver and written out."""
    from django.db import connection

    columns = ", ".join(RENAMED.get(name, f"h.{name}") for name in names)
    within = f"h.region_id = '{region}' AND" if len(region) == COUNTY_DIGITS else ""
    statement = f"SELECT {columns} FROM {JOINED} WHERE {within} h.id >= %s ORDER BY h.id LIMIT %s"

    def plain() -> str:
        with connection.cursor() as cursor:
            cursor.execute(statement, [keys[0], len(keys)])
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return json.dumps({"results": rows, "next": None}, default=str, ensure_ascii=False)

    return plain


def pages(vendor: str, username: str) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from exchange.paging import cursor_for
    from exchange.resources import RESOURCES
    from hazards.models import Hazard
    from units.models import User

    headers, client = {"Authorization": f"Token {token_for(username)}"}, Client()
    user = User.objects.get(username=username)
    assert user.unit is not None
    keys = list(Hazard.objects.visible_to(user).order_by("pk").values_list("pk", flat=True))
    names = list(RESOURCES["hazards"].columns)
    say(f"{len(keys):,} of {Hazard.objects.count():,} hazards, {vendor}", "queries", "ms", "floor ms", "×",
        "processor ms", "KB")  # fmt: skip
    say("---", "--:", "--:", "--:", "--:", "--:", "--:")
    for label, query, shown in (
        ("1,000 rows", "limit=1000", keys[:1000]),
        ("1,000 rows, last page", f"limit=1000&cursor={cursor_for(keys[-1001])}", keys[-1000:]),
        ("50 rows", "", keys[:50]),
        ("50 rows, last page", f"cursor={cursor_for(keys[-51])}", keys[-50:]),
        ("50 rows with all their parts", "expand=implementations,rectifications,reinspections,evidence", keys[:50]),
    ):

        def ask(query: str = query) -> bytes:
            answer = client.get(f"/api/v1/hazards/?{query}", headers=headers)
            assert answer.status_code == 200, answer.content
            return bytes(answer.content)

        data, (clock, processor), (floor, _) = best_of(ask, floor_of(names, shown, user.reach.region or ""))
        assert [row["id"] for row in json.loads(data)["results"]] == shown
        with CaptureQueriesContext(connection) as queries:
            ask()
        say(label, len(queries), f"{clock:.1f}", f"{floor:.1f}", f"{clock / floor:.1f}", f"{processor:.1f}",
            f"{len(data) / 1000:.0f}")  # fmt: skip
    look_at_sight(user.reach.region or "")


def look_at_sight(region: str) -> None:
    """What the hourly look costs for the account made last: all keys that it sees, beside those it saw before."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from exchange.models import ServiceAccount
    from exchange.services.sight import look_again

    within = f"WHERE region_id = '{region}'" if len(region) == COUNTY_DIGITS else ""
    account = ServiceAccount.objects.latest("pk")

    def plain() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM hazards_hazard {within}")
            return len(cursor.fetchall())

    look_again(account=account)
    _, (clock, processor), (floor, _) = best_of(lambda: look_again(account=account), plain)
    with CaptureQueriesContext(connection) as queries:
        assert look_again(account=account) == 0
    say("the hourly look at all keys", len(queries), f"{clock:.1f}", f"{floor:.1f}", f"{clock / floor:.1f}",
        f"{processor:.1f}", "")  # fmt: skip


def say(*cells: object) -> None:
    sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hazards", type=int, default=100_000, help="hazards to make")
    parser.add_argument("--keep", default="", help="SQLite file to fill, or to measure again when it is full")
    options = parser.parse_args()
    vendor = set_up(options.keep)
    from django.conf import settings
    from django.core.management import call_command

    from hazards.models import Hazard

    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("zeal")]
    settings.LOGGING_CONFIG = None
    if not Hazard.objects.exists():
        call_command("populate", hazards=options.hazards, verbosity=0)
    sys.stdout.write(f"load {os.getloadavg()[0]:.1f}\n")
    for username in (COUNTY, PROVINCE):
        pages(vendor, username)


if __name__ == "__main__":
    main()
