"""Rows by the ten thousand, as fast as the database takes them: COPY on PostgreSQL, long statements on SQLite."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from operator import attrgetter
from typing import Any

from django.db import connection, models, transaction

from .county import CountyField
from .encryption import EncryptedTextField, encrypt

CHUNK = 5_000
_PARAMETERS = 15_000
"""In one statement; SQLite takes twice as many since 3.32."""
_NULL = "\x02"
"""What stands for NULL in COPY, where an empty text is an empty text; no cleaned text holds it."""


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys for so many rows of a model that nobody else is given, so that rows which point at them can be made first.

    Raises TransactionManagementError outside of a transaction: SQLite keeps them free only while it is locked.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Keys are reserved inside the transaction that uses them.")
    table, column = model._meta.db_table, str(model._meta.pk.column)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"
            cursor.execute(sequence, [f'"{table}"', column, count])
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        # Noted at once, because a second reservation may come before the first row is written.
        change = "UPDATE sqlite_sequence SET seq = %s WHERE name = %s" if row else (
            "INSERT INTO sqlite_sequence (seq, name) VALUES (%s, %s)"
        )  # fmt: skip
        cursor.execute(change, [first + count - 1, table])
    return list(range(first, first + count))


def insert_rows(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]], *, skip_known: bool = False
) -> int:
    """Write rows of a model, each a sequence of values in the order of `names`, and return how many there were.

    With `skip_known` a row that a unique key knows already is left out in silence, also one that another transaction is
    just writing; without it that is an IntegrityError.

    `names` are columns as Django names them (`mine_id`). Columns that are not named get their field's default, the
    county that of the row's head. Neither
    `save` nor signals run, and nothing is checked but what the database checks; five thousand rows are held at a time.
    """
    waiting = iter(rows)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    rest = [field for name, field in fields.items() if name not in names and not _is_given(field)]
    counties = [field for field in rest if isinstance(field, CountyField)]
    others = [field for field in rest if field not in counties]
    written = [*(fields[name] for name in names), *others, *counties]
    pens = [(place, pen) for place, field in enumerate(written) if (pen := _pen(field))]
    defaults = [_default(field) for field in others]
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in written)
    write = _insert_new if skip_known else _copy if connection.vendor == "postgresql" else _insert
    count = 0
    with transaction.atomic():
        while chunk := [[*row, *defaults] for row in islice(waiting, CHUNK)]:
            for county in counties:
                for row, code in zip(chunk, county.codes_of(names, chunk), strict=True):
                    row.append(code)
            for row in chunk:
                for place, pen in pens:
                    if row[place] is not None:
                        row[place] = pen(row[place])
            write(table, columns, chunk)
            count += len(chunk)
    return count


def _is_given(field: models.Field[Any, Any]) -> bool:
    """Whether the database itself gives a value: the running number of a key."""
    return field.primary_key and isinstance(field, models.AutoField)


def _default(field: models.Field[Any, Any]) -> Any:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return field.pre_save(field.model(), add=True)
    return field.get_default()


def _pen(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """What makes a value ready for the driver; None where it is ready as it is."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.JSONField):
        return json.JSONEncoder(ensure_ascii=False).encode
    if isinstance(field, EncryptedTextField):
        return lambda text: encrypt(text) if text else text
    if connection.vendor == "postgresql":
        return None
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, models.UUIDField):
        return attrgetter("hex")
    return str if isinstance(field, models.DateField | models.DecimalField) else None


def _insert_new(table: str, columns: str, rows: list[list[Any]]) -> None:
    _insert(table, columns, rows, " ON CONFLICT DO NOTHING")


def _insert(table: str, columns: str, rows: list[list[Any]], ending: str = "") -> None:
    """Many rows a statement: for a table with triggers SQLite keeps a journal of every statement, page by page."""
    width = len(rows[0])
    at_once = max(1, _PARAMETERS // width)
    places = f"({', '.join(['%s'] * width)})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            statement = f"INSERT INTO {table} ({columns}) VALUES {', '.join([places] * len(part))}{ending}"
            cursor.execute(statement, list(chain.from_iterable(part)))


def _copy(table: str, columns: str, rows: list[list[Any]]) -> None:
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerows([_NULL if value is None else value for value in row] for row in rows)
    text.seek(0)
    # Django does not know this method of psycopg2's, and would let its errors through as they are.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '{_NULL}')", text)
