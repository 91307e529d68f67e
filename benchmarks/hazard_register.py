"""What the register costs: its pages, a spreadsheet coming in, and all of it going out.

    python benchmarks/hazard_register.py [--hazards 100000] [--large] [--keep FILE]

Fills a scratch SQLite file, or the empty PostgreSQL database named by TEST_DATABASE_URL, with `manage.py populate`.
Pages are opened as staff of the province, who see every row, of one county, and as a mine's clerk. Every line names its
floor, measured in the same run: hand-written SQL for the same rows through the same driver, for an import what openpyxl
needs to read the file, for an export the same SQL written out by Python's csv or openpyxl. Imports and exports run in
processes of their own, whose growth at the peak is the memory that they took. `--large` adds an import of 100,000 rows.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ledger import body, set_up, timed

PROVINCE, COUNTY, CLERK = "province.680000", "bureau2.680101", "mine1.680101"
REACH = {PROVINCE: "u.region_id LIKE '68%%'", COUNTY: "u.region_id LIKE '680101%%'", CLERK: "u.id = {unit}"}
LISTED = """SELECT h.*, u.*, r.*, c.* FROM hazards_hazard h JOIN units_unit u ON u.id = h.mine_id
    JOIN units_region r ON r.code = u.region_id LEFT JOIN hazards_clause c ON c.id = h.clause_id
    WHERE {reach} {where} ORDER BY {order} LIMIT 50 OFFSET {offset}"""
ONE = (
    "SELECT * FROM hazards_hazard h JOIN units_unit u ON u.id = h.mine_id WHERE h.id = {key}",
    *(f"SELECT * FROM hazards_{table} WHERE hazard_id = {{key}}"
      for table in ("implementation", "majorreport", "doublereport", "treatmentplan", "rectification", "reinspection")),
    "SELECT * FROM common_event WHERE content_type_id = {type} AND object_id = '{key}' ORDER BY id DESC LIMIT 20",
)  # fmt: skip
FIGURES = """SELECT m.mine_type, h.level, COUNT(*), COUNT(h.closed_on), COUNT(DISTINCT h.mine_id) FROM hazards_hazard h
    JOIN units_unit u ON u.id = h.mine_id LEFT JOIN mines_mine m ON m.unit_id = u.id
    WHERE {reach} AND h.state <> 'void' GROUP BY m.mine_type, h.level"""
EXPORTED = """SELECT h.number, u.name, m.mine_type, h.place, h.description, h.level, c.code, h.level_reason, h.source,
    h.found_on, h.found_by, h.measures, h.responsible_unit, h.responsible_person, h.due_on, h.state, h.returned_count,
    h.closed_on, h.remark FROM hazards_hazard h JOIN units_unit u ON u.id = h.mine_id
    LEFT JOIN mines_mine m ON m.unit_id = u.id LEFT JOIN hazards_clause c ON c.id = h.clause_id ORDER BY h.id DESC"""
HEADINGS = ["编号", "单位", "地点", "问题隐患", "等级", "发现日期", "完成时限", "责任人", "整改措施"]


def say(*cells: object) -> None:
    sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")
    sys.stdout.flush()


def fetched(*statements: str) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.replace("%%", "%"))
            rows = cursor.fetchall()
    return rows


def alone(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds, megabytes at the peak beyond those at the start, and the answer of work done in a process of its own."""
    from django.db import connections

    connections.close_all()
    reading, writing = os.pipe()
    if not os.fork():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        answer = work()
        seconds = time.perf_counter() - start
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        with os.fdopen(writing, "w") as pipe:
            json.dump([seconds, grown, answer], pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.wait()
    seconds, grown, answer = json.loads(text)
    return seconds, grown, answer


def pages() -> None:
    """Open the pages of the register as three people."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from hazards.models import Hazard
    from units.models import User

    one = Hazard.objects.filter(level="major", state="closed").order_by("pk")[0]
    about = {"key": one.pk, "type": ContentType.objects.get_for_model(Hazard).pk}
    say("page", "who", "queries", "ms", "floor ms", "×", "KB")
    say("---", "---", "--:", "--:", "--:", "--:", "--:")
    for who, reach in REACH.items():
        user = User.objects.get(username=who)
        client = Client()
        client.force_login(user)
        seen = min(Hazard.objects.visible_to(user).count(), 10_000)
        last = -(-seen // 50)
        base = {"reach": reach.format(unit=user.unit_id), "where": "", "order": "h.id DESC", "offset": 0}
        opened = [
            ("first page", "/hazards/", [LISTED.format(**base)]),
            ("last page", f"/hazards/?page={last}", [LISTED.format(**base | {"offset": (last - 1) * 50})]),
            ("major and open", "/hazards/?level=major&state=open",
             [LISTED.format(**base | {"where": "AND h.level = 'major' AND h.state NOT IN ('closed', 'void')"})]),
            ("by day due", "/hazards/?order=due", [LISTED.format(**base | {"order": "h.due_on, h.id"})]),
            ("a word", "/hazards/?q=风门", [LISTED.format(**base | {"where": "AND h.description LIKE '%%风门%%'"})]),
            ("problem list", "/hazards/problems/", [LISTED.format(**base)]),
        ]  # fmt: skip
        if user.reads_region:
            opened.append(("one hazard", one.get_absolute_url(), [statement.format(**about) for statement in ONE]))
            opened.append(("figures of the month", "/hazards/monthly/", [FIGURES.format(**base)]))
        for label, address, statements in opened:

            def ask(client: Any = client, address: str = address) -> bytes:
                reply = client.get(address)
                assert reply.status_code == 200, (address, reply.status_code)
                return body(reply)

            seconds, data = timed(ask)
            with CaptureQueriesContext(connection) as queries:
                ask()
            floor, _ = timed(partial(fetched, *statements))
            say(label, who.split(".")[0].rstrip("0123456789"), len(queries), f"{seconds * 1000:.0f}",
                f"{floor * 1000:.1f}", f"{seconds / floor:.0f}", f"{len(data) / 1000:.0f}")  # fmt: skip


def register(rows: int) -> bytes:
    """A register of so many new hazards in the county, as a workbook."""
    from openpyxl import Workbook

    from units.models import Unit

    dice = random.Random(rows)
    mines = list(Unit.objects.filter(kind="mine", region__code__startswith="680101").values_list("name", flat=True))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(HEADINGS)
    for number in range(rows):
        day = dt.date.today() - dt.timedelta(days=dice.randrange(1, 300))
        place, words = f"{dice.randrange(1101, 3699)}回风巷", f"风门闭锁装置损坏，编号{rows}-{number}"
        sheet.append(
            ["", dice.choice(mines), place, words, "一般", day, "7日内", "王建国", "更换闭锁装置，联动试验正常"]
        )
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def imports(sizes: list[int]) -> None:
    """Hand in registers: the check that the preview shows, and the confirmation that writes."""
    from django.core.files.base import ContentFile
    from openpyxl import load_workbook

    from hazards.models import RegisterImport
    from hazards.services.imports import check_import, confirm_import, map_import, start_import
    from units.models import User

    say("import of", "openpyxl reads, s", "check, s", "confirm, s", "×", "MB of check", "MB of confirm")
    say("--:", "--:", "--:", "--:", "--:", "--:", "--:")
    for rows in sizes:
        data, by = register(rows), User.objects.get(username=COUNTY)

        def read(data: bytes = data) -> int:
            sheet = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
            return sum(1 for _ in sheet.iter_rows(values_only=True))

        floor, _, _ = alone(read)
        run = start_import(by=by, file=ContentFile(data, name="台账.xlsx"))
        map_import(by=by, run=run, mapping=run.mapping, closed_rows="refuse")

        def check(by: Any = by, run: Any = run) -> dict[str, int]:
            found: dict[str, int] = check_import(by=by, run=RegisterImport.objects.get(pk=run.pk)).preview["counts"]
            return found

        def confirm(by: Any = by, run: Any = run) -> int:
            return int(confirm_import(by=by, run=RegisterImport.objects.get(pk=run.pk)).pk)

        checked, check_grown, counts = alone(check)
        assert counts["new"] == rows, counts
        confirmed, confirm_grown, _ = alone(confirm)
        say(f"{rows:,}", f"{floor:.2f}", f"{checked:.2f}", f"{confirmed:.2f}", f"{(checked + confirmed) / floor:.1f}",
            f"{check_grown:.0f}", f"{confirm_grown:.0f}")  # fmt: skip


def exports() -> None:
    """Hand the whole register out in all its columns."""
    from django.db import connection
    from openpyxl import Workbook

    from common.spreadsheets import csv_lines
    from hazards.exports.register import FORMS, make_book, rows_of
    from hazards.models import Hazard

    def selected() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(EXPORTED)
            while rows := cursor.fetchmany(2000):
                yield from rows

    def plain_csv() -> int:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            csv.writer(nowhere).writerows(selected())
        return 0

    def plain_xlsx() -> int:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for row in selected():
            sheet.append(list(row))
        book.save(os.devnull)
        return 0

    def ours_csv() -> int:
        rows = rows_of(Hazard.objects.order_by("-pk"), "full")
        return sum(len(piece.encode()) for piece in csv_lines(FORMS["full"][1], rows))

    def ours_xlsx() -> int:
        with make_book("full", rows_of(Hazard.objects.order_by("-pk"), "full")) as book:
            return len(book.read())

    say(f"export of {Hazard.objects.count():,}", "s", "floor s", "×", "MB of memory", "MB of file")
    say("---", "--:", "--:", "--:", "--:", "--:")
    for label, ours, plain in (("csv", ours_csv, plain_csv), ("xlsx", ours_xlsx, plain_xlsx)):
        floor, _, _ = alone(plain)
        seconds, grown, size = alone(ours)
        say(label, f"{seconds:.1f}", f"{floor:.1f}", f"{seconds / floor:.1f}", f"{grown:.0f}", f"{size / 1e6:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hazards", type=int, default=100_000, help="hazards to make")
    parser.add_argument("--large", action="store_true", help="also import 100,000 rows")
    parser.add_argument("--keep", default="", help="SQLite file to fill, or to measure again when it is full")
    options = parser.parse_args()
    vendor = set_up(options.keep)
    from django.core.management import call_command

    from hazards.models import Hazard

    if not Hazard.objects.exists():
        start = time.perf_counter()
        call_command("populate", hazards=options.hazards, verbosity=0)
        sys.stdout.write(f"populated in {time.perf_counter() - start:.0f} s\n")
    sys.stdout.write(f"\n{Hazard.objects.count():,} hazards, {vendor}\n\n")
    pages()
    sys.stdout.write("\n")
    exports()
    sys.stdout.write("\n")
    imports([1_000, 20_000, *([100_000] if options.large else [])])


if __name__ == "__main__":
    main()
