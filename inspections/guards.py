"""What the database itself refuses: a document before the one it follows, and a number that is skipped or given twice,
and a draw of look-backs that is changed afterwards.

The rule stands in `document_kinds.py` and `transitions.py` for people and here for everything else.
"""

from common.append_only import append_only
from common.guards import Guard
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

GUARDS = (
    Guard(f"{TABLE}_in_order_insert", TABLE, "INSERT", _TOO_EARLY, OUT_OF_ORDER),
    Guard(f"{TABLE}_in_order_update", TABLE, "UPDATE", _TOO_EARLY, OUT_OF_ORDER),
    Guard(f"{TABLE}_number_kept", TABLE, "UPDATE", _RENUMBERED, NUMBER_IS_KEPT),
    Guard(f"{TABLE}_number_not_dropped", TABLE, "DELETE", "OLD.serial IS NOT NULL", NUMBER_IS_KEPT),
    *append_only("inspections_lookbackdraw", known_by=("id",)),
    *append_only("inspections_drawnhazard", known_by=("id", "look_back_id")),
)
