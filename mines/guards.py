"""What the database itself refuses: a mine that works before its acceptance is signed, and a resumption without signatures.

The rule stands in `mines/transitions.py` for people and here for everything else.
"""

from common.guards import Guard

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

GUARDS = (
    Guard("mines_mine_works_signed", "mines_mine", "UPDATE", f"({_UNSIGNED}) OR ({_UNPROVED})", WORKS_UNSIGNED),
    Guard("mines_mine_begins_signed", "mines_mine", "INSERT", _UNSIGNED, WORKS_UNSIGNED),
    Guard("mines_suspension_signed", "mines_suspension", "UPDATE", _RESUMING, RESUMED_UNSIGNED),
    Guard("mines_suspension_begins_unsigned", "mines_suspension", "INSERT", _RESUMING, RESUMED_UNSIGNED),
    Guard("mines_signature_kept", "mines_resumptionsignature", "UPDATE", "TRUE", SIGNATURE_IS_KEPT),
    Guard(
        "mines_signature_not_removed",
        "mines_resumptionsignature",
        "DELETE",
        "EXISTS (SELECT 1 FROM mines_suspension s WHERE s.id = OLD.suspension_id AND s.state IN ('signed', 'resumed'))",
        SIGNATURE_IS_KEPT,
    ),
)
