"""What the database itself refuses: a document before the one it follows, and a number that is skipped or given twice.

The rule stands in `document_kinds.py` and `transitions.py` for people and here for everything else. The triggers are put
in place after every `migrate`, because SQLite forgets the triggers of a table that Django rebuilds.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from inspections.document_kinds import KINDS, pairs

TABLE = "inspections_document"
OUT_OF_ORDER = "前一份文书还没有签发，不能办理这份文书。"
NUMBER_IS_KEPT = "已经编号的文书不能删除，文号不能改动。"

_FOLLOWING = ", ".join(f"'{one.kind}'" for one in KINDS.values() if one.after)
_PAIRS = " OR ".join(f"(NEW.kind = '{kind}' AND p.kind = '{parent}')" for kind, parent in pairs())
_TOO_EARLY = (
    f"NEW.state <> 'void' AND NEW.kind IN ({_FOLLOWING}) AND NOT EXISTS (SELECT 1 FROM {TABLE} p"
    f" WHERE p.id = NEW.parent_id AND p.visit_id = NEW.visit_id AND p.state IN ('approved', 'closed') AND ({_PAIRS}))"
)
_RENUMBERED = (
    "OLD.serial IS NOT NULL AND (NEW.serial IS NULL OR NEW.serial <> OLD.serial OR NEW.year <> OLD.year"
    " OR NEW.kind <> OLD.kind OR NEW.number <> OLD.number OR NEW.region_id <> OLD.region_id)"
)


def install_guards(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place where the table exists; twice does no harm."""
    if TABLE not in connection.introspection.table_names():
        return
    statements = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def install_after_migrate(*, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    from django.db import connections

    install_guards(connections[using])


def _sqlite() -> list[str]:
    rules = (
        ("in_order_insert", "INSERT", _TOO_EARLY, OUT_OF_ORDER),
        ("in_order_update", "UPDATE", _TOO_EARLY, OUT_OF_ORDER),
        ("number_kept", "UPDATE", _RENUMBERED, NUMBER_IS_KEPT),
        ("number_not_dropped", "DELETE", "OLD.serial IS NOT NULL", NUMBER_IS_KEPT),
    )
    return [
        statement
        for name, act, condition, message in rules
        for statement in (
            f"DROP TRIGGER IF EXISTS {TABLE}_{name}",
            f"CREATE TRIGGER {TABLE}_{name} BEFORE {act} ON {TABLE} WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END",
        )
    ]


def _postgresql() -> list[str]:
    body = f"""CREATE OR REPLACE FUNCTION {TABLE}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.serial IS NOT NULL THEN
            RAISE EXCEPTION '{NUMBER_IS_KEPT}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF {_TOO_EARLY} THEN
        RAISE EXCEPTION '{OUT_OF_ORDER}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF {_RENUMBERED} THEN
            RAISE EXCEPTION '{NUMBER_IS_KEPT}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$"""
    return [
        body,
        f"CREATE OR REPLACE TRIGGER {TABLE}_guard BEFORE INSERT OR UPDATE OR DELETE ON {TABLE}"
        f" FOR EACH ROW EXECUTE FUNCTION {TABLE}_guard()",
    ]
