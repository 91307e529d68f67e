"""What the database itself refuses: closing a hazard without its proof, and every way round that with one statement.

Taking the proof away afterwards, calling a major hazard general once its treatment has begun, going back to the round of
an earlier proof, forgetting who claimed the rectification, deleting the hazard.

The rule stands in `hazards/transitions.py` for people and here for everything else: imports, shells, raw SQL. The
triggers are put in place after every `migrate`, because SQLite forgets the triggers of a table that Django rebuilds.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

CLOSED_WITHOUT_PROOF = "没有合格的复查、没有第二人到场，或重大隐患五落实不全，不能销号。"
PROOF_IS_KEPT = "已销号隐患的印证记录不能修改或删除。"
GRADE_STANDS = "隐患已经开始治理，等级不能再改；退回次数只增不减。"
NEVER_DELETED = "隐患不能删除，误登的请作废。"

# The officers who re-inspected this round with success, where somebody claimed its rectification, without the claimant:
# who that is, the claim itself says, because the hazard's own column could be emptied in the same statement.
_OFFICERS = """(SELECT COUNT(*) FROM hazards_reinspectionofficer o
    JOIN hazards_reinspection r ON r.id = o.reinspection_id
    JOIN hazards_rectification c ON c.hazard_id = r.hazard_id AND c.round = r.round AND c.made_by_id <> o.officer_id
    WHERE r.hazard_id = NEW.id AND r.round = NEW.returned_count + 1 AND r.result = 'passed'
      AND (NEW.level <> 'major' OR r.on_site)
      AND (NEW.rectifier_id IS NULL OR o.officer_id <> NEW.rectifier_id))"""
_FACETS = """(SELECT COUNT(*) FROM hazards_implementation i
    WHERE i.hazard_id = NEW.id AND i.in_place AND i.has_evidence AND i.confirmed_by_id IS NOT NULL)"""
_PROVED = (
    f"({_OFFICERS} >= CASE WHEN NEW.level = 'major' THEN 2 ELSE 1 END AND (NEW.level <> 'major' OR {_FACETS} = 5))"
)
_REGRADED = """((NEW.level <> OLD.level AND (OLD.state NOT IN ('registered', 'graded')
    OR NEW.state NOT IN ('registered', 'graded')
    OR EXISTS (SELECT 1 FROM hazards_rectification c WHERE c.hazard_id = OLD.id)))
    OR NEW.returned_count < OLD.returned_count)"""

# Table → the SQL that finds the hazard of one of its rows.
_PROOFS = {
    "hazards_implementation": "OLD.hazard_id",
    "hazards_reinspection": "OLD.hazard_id",
    "hazards_rectification": "OLD.hazard_id",
    "hazards_reinspectionofficer": "(SELECT hazard_id FROM hazards_reinspection WHERE id = OLD.reinspection_id)",
}


def install_guards(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place where their tables exist; twice does no harm."""
    present = set(connection.introspection.table_names())
    if not present.issuperset({"hazards_hazard", *_PROOFS}):
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
    refuse = f"BEGIN SELECT RAISE(ABORT, '{CLOSED_WITHOUT_PROOF}'); END"
    keep = f"BEGIN SELECT RAISE(ABORT, '{PROOF_IS_KEPT}'); END"
    stand = f"BEGIN SELECT RAISE(ABORT, '{GRADE_STANDS}'); END"
    remain = f"BEGIN SELECT RAISE(ABORT, '{NEVER_DELETED}'); END"
    statements = [
        "CREATE TRIGGER IF NOT EXISTS hazards_hazard_closed_with_proof BEFORE UPDATE ON hazards_hazard"
        f" WHEN NEW.state = 'closed' AND NOT {_PROVED} {refuse}",
        "CREATE TRIGGER IF NOT EXISTS hazards_hazard_never_born_closed BEFORE INSERT ON hazards_hazard"
        f" WHEN NEW.state = 'closed' {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS hazards_hazard_grade_stands BEFORE UPDATE ON hazards_hazard WHEN {_REGRADED} {stand}",
        f"CREATE TRIGGER IF NOT EXISTS hazards_hazard_never_deleted BEFORE DELETE ON hazards_hazard {remain}",
    ]
    for table, hazard in _PROOFS.items():
        for act in ("UPDATE", "DELETE"):
            statements.append(
                f"CREATE TRIGGER IF NOT EXISTS {table}_kept_on_{act.lower()} BEFORE {act} ON {table}"
                f" WHEN EXISTS (SELECT 1 FROM hazards_hazard h WHERE h.id = {hazard} AND h.state = 'closed') {keep}"
            )
    return statements


def _postgresql() -> list[str]:
    def function(name: str, condition: str, message: str) -> str:
        return f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$"""

    closing = f"NEW.state = 'closed' AND (TG_OP = 'INSERT' OR NOT {_PROVED})"
    statements = [
        function("hazards_closed_with_proof", closing, CLOSED_WITHOUT_PROOF),
        "CREATE OR REPLACE TRIGGER hazards_hazard_closed_with_proof BEFORE INSERT OR UPDATE ON hazards_hazard"
        " FOR EACH ROW EXECUTE FUNCTION hazards_closed_with_proof()",
        function("hazards_grade_stands", _REGRADED, GRADE_STANDS),
        "CREATE OR REPLACE TRIGGER hazards_hazard_grade_stands BEFORE UPDATE ON hazards_hazard"
        " FOR EACH ROW EXECUTE FUNCTION hazards_grade_stands()",
        function("hazards_never_deleted", "TRUE", NEVER_DELETED),
        "CREATE OR REPLACE TRIGGER hazards_hazard_never_deleted BEFORE DELETE ON hazards_hazard"
        " FOR EACH ROW EXECUTE FUNCTION hazards_never_deleted()",
    ]
    for table, hazard in _PROOFS.items():
        kept = f"EXISTS (SELECT 1 FROM hazards_hazard h WHERE h.id = {hazard} AND h.state = 'closed')"
        statements += [
            function(f"{table}_kept", kept, PROOF_IS_KEPT),
            f"CREATE OR REPLACE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_kept()",
        ]
    return statements
