"""What the interface costs: pages of hazards as another system pulls them.

    python benchmarks/api.py [--hazards 100000] [--keep FILE]

Fills a scratch SQLite file, or the empty PostgreSQL database named by TEST_DATABASE_URL, with `manage.py populate`. The
floor is a SELECT of the same columns of the same rows through the driver, then json.dumps of them as dictionaries. Times
are those of the processor, the median of eleven, so that other work on the machine hardly shows; the work of the database
server itself is not in them on PostgreSQL, so the clock's time stands beside.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ledger import set_up

TIMES = 11
COUNTY = "bureau2.680101"
JOINED = "hazards_hazard h JOIN units_unit u ON u.id = h.mine_id LEFT JOIN hazards_clause c ON c.id = h.clause_id"
RENAMED = {"region": "h.region_id", "mine": "h.mine_id", "mine_name": "u.name", "task": "h.task_id", "area": "h.area_id",
           "clause": "h.clause_id", "clause_code": "c.code", "standard": "c.standard_id"}  # fmt: skip


def cost(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Milliseconds of the processor and of the clock, each the median of some runs after a first one."""
    work()
    runs = []
    for _ in range(TIMES):
        clock, processor = time.perf_counter(), time.process_time()
        answer = work()
        runs.append(((time.process_time() - processor) * 1000, (time.perf_counter() - clock) * 1000))
    return statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs), answer


def token_of_a_bureau() -> str:
    """A token that may read hazards, of the bureau of one county."""
    from exchange.models import ServiceAccount
    from exchange.services.accounts import issue_token, open_service_account
    from units.models import Role, User

    by = User.objects.get(username=COUNTY)
    assert by.unit is not None
    by.role = Role.BUREAU_ADMIN
    ServiceAccount.objects.update(per_minute=6000)
    account = open_service_account(
        by=by, name="省级平台", unit=by.unit, role=Role.BUREAU_STAFF, purpose="测量", contact="无",
        scopes=["hazards:read"], per_minute=6000,
    )  # fmt: skip
    return issue_token(by=by, account=account, days=1).token


def floor_of(names: list[str], keys: list[int]) -> Callable[[], str]:
    """The very rows of a page, read through the driver and written out."""
    from django.db import connection

    columns = ", ".join(RENAMED.get(name, f"h.{name}") for name in names)
    statement = (
        f"SELECT {columns} FROM {JOINED} WHERE u.region_id LIKE '680101%%' AND h.id >= %s ORDER BY h.id LIMIT %s"
    )

    def plain() -> str:
        with connection.cursor() as cursor:
            cursor.execute(statement, [keys[0], len(keys)])
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return json.dumps({"results": rows, "next": None}, default=str, ensure_ascii=False)

    return plain


def pages(vendor: str) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from exchange.paging import cursor_for
    from exchange.resources import RESOURCES
    from hazards.models import Hazard
    from units.models import User

    headers, client = {"Authorization": f"Token {token_of_a_bureau()}"}, Client()
    keys = list(
        Hazard.objects.visible_to(User.objects.get(username=COUNTY)).order_by("pk").values_list("pk", flat=True)
    )
    names = list(RESOURCES["hazards"].columns)
    say(f"{len(keys):,} of {Hazard.objects.count():,} hazards, {vendor}", "queries", "processor ms", "floor", "×",
        "clock ms", "KB")  # fmt: skip
    say("---", "--:", "--:", "--:", "--:", "--:", "--:")
    for label, query, shown in (
        ("1,000 rows", "limit=1000", keys[:1000]),
        ("50 rows", "", keys[:50]),
        ("50 rows, last page", f"cursor={cursor_for(keys[-51])}", keys[-50:]),
        ("50 rows with all their parts", "expand=implementations,rectifications,reinspections,evidence", keys[:50]),
    ):

        def ask(query: str = query) -> bytes:
            answer = client.get(f"/api/v1/hazards/?{query}", headers=headers)
            assert answer.status_code == 200, answer.content
            return bytes(answer.content)

        processor, clock, data = cost(ask)
        assert [row["id"] for row in json.loads(data)["results"]] == shown
        with CaptureQueriesContext(connection) as queries:
            ask()
        floor, _, _ = cost(floor_of(names, shown))
        say(label, len(queries), f"{processor:.1f}", f"{floor:.1f}", f"{processor / floor:.1f}", f"{clock:.1f}",
            f"{len(data) / 1000:.0f}")  # fmt: skip


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
    pages(vendor)


if __name__ == "__main__":
    main()
