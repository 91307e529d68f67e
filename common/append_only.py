"""Tables that only grow: the database itself refuses to change or remove a row.

The triggers are put in place after every `migrate` rather than by one migration, because SQLite forgets the triggers of
a table whenever Django rebuilds it for a later change, and rebuilds none that a trigger names. Putting them in place twice does no harm.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# Table → the columns by which a row is known. SQLite's INSERT OR REPLACE removes the row it replaces without asking
# the delete trigger, so a row that is already known is refused on insert as well.
TABLES: dict[str, tuple[str, ...]] = {"common_event": ("id",), "common_seal": ("id", "number")}

MESSAGE = "历史记录只能追加，不能修改或删除。"

_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION common_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the tables of TABLES that exist refuse UPDATE, DELETE and, on PostgreSQL, TRUNCATE with IntegrityError."""
    present = set(connection.introspection.table_names())
    tables = [table for table in TABLES if table in present]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and tables:
            cursor.execute(_POSTGRESQL_FUNCTION)
        for table in tables:
            for statement in _creation(connection.vendor, table):
                cursor.execute(statement)


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that should stand and do not, or are switched off."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return [name for table in TABLES for name in _names(connection.vendor, table) if name not in present]


def step_aside_before_migrate(*, using: str, **kwargs: Any) -> None:
    """Receiver of pre_migrate: SQLite renames no table while a trigger, of whatever app, names it in its condition.

    Every app puts its own triggers back after the migration; until then `missing_triggers` tells that they are gone.
    """
    from django.db import connections

    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")


def install_after_migrate(*, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    from django.db import connections

    install_triggers(connections[using])


def _names(vendor: str, table: str) -> list[str]:
    kinds = ("row", "truncate") if vendor == "postgresql" else ("update", "delete", "replace")
    return [f"{table}_no_{kind}" for kind in kinds]


def _creation(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        row, truncate = _names(vendor, table)
        return [
            f"CREATE OR REPLACE TRIGGER {row} BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION common_append_only()",
            f"CREATE OR REPLACE TRIGGER {truncate} BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION common_append_only()",
        ]
    update, delete, replace = _names(vendor, table)
    known = " OR ".join(f"{column} = NEW.{column}" for column in TABLES[table])
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {update} BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {delete} BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {replace} BEFORE INSERT ON {table}"
        f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {known}) {refuse}",
    ]
