"""What the database itself refuses: a mine that works before its acceptance is signed, and a resumption without signatures.

The rule stands in `mines/transitions.py` for people and here for everything else. Like all triggers these are put in
place after every `migrate`.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

WORKS_UNSIGNED = "复产复工验收还没有签字，矿山不能恢复生产建设。"
RESUMED_UNSIGNED = "复产复工的签字不全或顺序不对。"
SIGNATURE_IS_KEPT = "复产复工的签字不能修改或删除。"

_UNSIGNED = """NEW.state IN ('producing', 'building') AND EXISTS (SELECT 1 FROM mines_suspension s
    WHERE s.mine_id = NEW.unit_id AND s.state IN ('running', 'requested', 'accepted'))"""
_UNPROVED = """OLD.state = 'suspended' AND NEW.state IN ('producing', 'building') AND NOT EXISTS (SELECT 1
    FROM mines_suspension s WHERE s.mine_id = NEW.unit_id AND s.state IN ('signed', 'void'))"""
# The department's head signs before the government's; of what the mine accepts itself its own head is enough.
_SIGNED = """EXISTS (SELECT 1 FROM mines_resumptionsignature g WHERE g.suspension_id = NEW.id AND CASE
    WHEN NEW.by_department THEN g.office = 'government' AND EXISTS (SELECT 1 FROM mines_resumptionsignature d
        WHERE d.suspension_id = NEW.id AND d.office = 'department' AND d.signed_on <= g.signed_on)
    ELSE g.office = 'head' END)"""
_RESUMING = f"NEW.state IN ('signed', 'resumed') AND NOT {_SIGNED}"

# Name → table, the acts before which it looks, what must not be, and the sentence.
_GUARDS = {
    "mines_mine_works_signed": ("mines_mine", "UPDATE", f"({_UNSIGNED}) OR ({_UNPROVED})", WORKS_UNSIGNED),
    "mines_mine_begins_signed": ("mines_mine", "INSERT", _UNSIGNED, WORKS_UNSIGNED),
    "mines_suspension_signed": ("mines_suspension", "UPDATE", _RESUMING, RESUMED_UNSIGNED),
    "mines_suspension_begins_unsigned": ("mines_suspension", "INSERT", _RESUMING, RESUMED_UNSIGNED),
    "mines_signature_kept": ("mines_resumptionsignature", "UPDATE", "TRUE", SIGNATURE_IS_KEPT),
    "mines_signature_not_removed": (
        "mines_resumptionsignature",
        "DELETE",
        "EXISTS (SELECT 1 FROM mines_suspension s WHERE s.id = OLD.suspension_id AND s.state IN ('signed', 'resumed'))",
        SIGNATURE_IS_KEPT,
    ),
}


def install_guards(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place where their tables exist; twice does no harm."""
    tables = {table for table, *_ in _GUARDS.values()}
    if not tables.issubset(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        for name, (table, act, condition, message) in _GUARDS.items():
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$"""
                )
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
                )
            else:
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {act} ON {table} WHEN {condition}"
                    f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
                )


def install_after_migrate(*, using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    from django.db import connections

    install_guards(connections[using])
