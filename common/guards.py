"""What the database itself refuses, whoever asks: a page, an import, the interface, a shell, raw SQL.

A room says at its start which rows may never come to be (`register_guards`). Every guard is one trigger, with the same
name and the same condition on SQLite and PostgreSQL. They are put in place after every `migrate` rather than by one
migration, because SQLite forgets the triggers of a table that Django rebuilds, and rebuilds none that a trigger names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

Act = Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"]

# How PostgreSQL notes a trigger that fires before the act: for each row, or once for a TRUNCATE.
_POSTGRESQL_TYPE: dict[Act, int] = {"INSERT": 7, "DELETE": 11, "UPDATE": 19, "TRUNCATE": 34}


@dataclass(frozen=True)
class Guard:
    """Before `act` on a row of `table`, refuse with the sentence `message` where `condition` holds of NEW and OLD.

    `condition` is SQL that both databases read alike. `only` names the vendor of a guard that the other has no need of.
    """

    name: str
    table: str
    act: Act
    condition: str
    message: str
    only: str = ""

    def tables(self, known: Iterable[str]) -> set[str]:
        """Those of the `known` tables that must be there before this guard can stand."""
        return {self.table, *set(known).intersection(re.findall(r"\w+", self.condition))}

    def on_sqlite(self) -> str:
        return (
            f"CREATE TRIGGER {self.name} BEFORE {self.act} ON {self.table}"
            f" WHEN {self.condition} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        )

    def on_postgresql(self) -> str:
        """The body of the function that the trigger calls."""
        if self.act == "TRUNCATE":
            return f"BEGIN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END"
        return (
            f"BEGIN IF {self.condition} THEN"
            f" RAISE EXCEPTION '{self.message}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            f" RETURN {'OLD' if self.act == 'DELETE' else 'NEW'}; END"
        )


_guards: dict[str, Guard] = {}


def register_guards(*guards: Guard) -> None:
    """Called by a room when it starts. Raises ValueError where another guard has the name."""
    for guard in guards:
        if _guards.setdefault(guard.name, guard) != guard:
            raise ValueError(f"two guards are called {guard.name}")


def missing_guards(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of guards that should stand and do not, are switched off, or were given other words."""
    standing = _standing(connection)
    return [guard.name for guard in _wanted(connection) if standing.get(guard.name) != _words(connection, guard)]


def install_guards(connection: BaseDatabaseWrapper) -> list[str]:
    """Put every guard in place that `missing_guards` names, and return the names; twice does no harm."""
    missing = set(missing_guards(connection))
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for guard in _wanted(connection):
            if guard.name not in missing:
                continue
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql"
                    f" AS $${guard.on_postgresql()}$$"
                )
                each = "STATEMENT" if guard.act == "TRUNCATE" else "ROW"
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.act} ON {guard.table}"
                    f" FOR EACH {each} EXECUTE FUNCTION {guard.name}()"
                )
                cursor.execute("SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgenabled = 'D'", [guard.name])
                if cursor.fetchone():
                    cursor.execute(f"ALTER TABLE {guard.table} ENABLE TRIGGER {guard.name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
                cursor.execute(guard.on_sqlite())
    return sorted(missing)


def step_aside_before_migrate(*, using: str, **kwargs: Any) -> None:
    """Receiver of pre_migrate: SQLite renames no table while a trigger, of whatever app, names it in its condition.

    Until they stand again, `missing_guards` names them; a start after a migration that was killed puts them back.
    """
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")


def install_after_migrate(*, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    install_guards(connections[using])


@contextmanager
def set_aside(connection: BaseDatabaseWrapper, table: str) -> Iterator[None]:
    """For an upgrade that writes what a guard refuses: the guards of a table do not ask while this transaction lasts.

    Nobody else ever sees the table without them. Raises TransactionManagementError outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Guards step aside for one transaction only.")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Checks that wait for the end of the transaction would keep the table from being altered.
            connection.check_constraints()
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            connection.check_constraints()
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        standing = cursor.fetchall()
        for name, _ in standing:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        yield
        for _, words in standing:
            cursor.execute(words)


def changes(model: type[models.Model], *, but: tuple[type[models.Field[Any, Any]], ...]) -> str:
    """The condition that an UPDATE changes what a row says: any column of the model but those of these kinds of field."""
    return " OR ".join(
        f'NEW."{field.column}" <> OLD."{field.column}" OR (NEW."{field.column}" IS NULL) <> (OLD."{field.column}" IS NULL)'
        for field in model._meta.concrete_fields
        if not isinstance(field, but)
    )


def _wanted(connection: BaseDatabaseWrapper) -> list[Guard]:
    present = set(connection.introspection.table_names())
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return [
        guard
        for guard in _guards.values()
        if guard.only in ("", connection.vendor) and guard.tables(known).issubset(present)
    ]


def _words(connection: BaseDatabaseWrapper, guard: Guard) -> tuple[object, ...]:
    if connection.vendor == "postgresql":
        return (guard.table, guard.on_postgresql(), _POSTGRESQL_TYPE[guard.act])
    return (guard.table, guard.on_sqlite())


def _standing(connection: BaseDatabaseWrapper) -> dict[str, tuple[object, ...]]:
    if connection.vendor == "postgresql":
        query = """SELECT t.tgname, c.relname, p.prosrc, t.tgtype FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)"""
    else:
        query = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: tuple(words) for name, *words in cursor.fetchall()}
