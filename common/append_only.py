"""Tables that only grow: the database itself refuses to change or remove a row."""

from .guards import Guard

MESSAGE = "历史记录只能追加，不能修改或删除。"


def append_only(
    table: str, *, known_by: tuple[str, ...], message: str = MESSAGE, changed: str = "TRUE"
) -> tuple[Guard, ...]:
    """The guards of a table that only grows, whose rows are known by each of the columns `known_by`.

    `changed` is the condition under which an UPDATE is one; see `common.guards.changes`.

    SQLite's INSERT OR REPLACE removes the row it replaces without asking the guard of DELETE, so a row that is already
    known is refused on insert as well; PostgreSQL's TRUNCATE asks no guard of rows.
    """
    known = " OR ".join(f"{column} = NEW.{column}" for column in known_by)
    replaces = f"EXISTS (SELECT 1 FROM {table} WHERE {known})"
    return (
        Guard(f"{table}_no_update", table, "UPDATE", changed, message),
        Guard(f"{table}_no_delete", table, "DELETE", "TRUE", message),
        Guard(f"{table}_no_replace", table, "INSERT", replaces, message, only="sqlite"),
        Guard(f"{table}_no_truncate", table, "TRUNCATE", "TRUE", message, only="postgresql"),
    )
