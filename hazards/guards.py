"""What the database itself refuses: closing a hazard without its proof, and every way round that with one statement.

Taking the proof away afterwards, calling a major hazard general once its treatment has begun, going back to the round of
an earlier proof, forgetting who claimed the rectification, deleting the hazard.

The rule stands in `hazards/transitions.py` for people and here for everything else.
"""

from django.db.models import Model

from common.county import CountyField
from common.encryption import EncryptedTextField
from common.guards import Act, Guard, changes
from hazards.models import Implementation, Rectification, Reinspection, ReinspectionOfficer

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
# The files themselves count, and not what the facet's own row says of them.
_FACETS = """(SELECT COUNT(*) FROM hazards_implementation i
    WHERE i.hazard_id = NEW.id AND i.in_place AND i.has_evidence AND i.confirmed_by_id IS NOT NULL
      AND EXISTS (SELECT 1 FROM common_evidence e JOIN django_content_type t ON t.id = e.content_type_id
        WHERE t.app_label = 'hazards' AND t.model = 'implementation' AND e.object_id = CAST(i.id AS VARCHAR(40))))"""
_PROVED = (
    f"({_OFFICERS} >= CASE WHEN NEW.level = 'major' THEN 2 ELSE 1 END AND (NEW.level <> 'major' OR {_FACETS} = 5))"
)
_REGRADED = """((NEW.level <> OLD.level AND (OLD.state NOT IN ('registered', 'graded')
    OR NEW.state NOT IN ('registered', 'graded')
    OR EXISTS (SELECT 1 FROM hazards_rectification c WHERE c.hazard_id = OLD.id)))
    OR NEW.returned_count < OLD.returned_count)"""

# Model → the SQL that finds the hazard of one of its rows.
_PROOFS: dict[type[Model], str] = {
    Implementation: "OLD.hazard_id",
    Reinspection: "OLD.hazard_id",
    Rectification: "OLD.hazard_id",
    ReinspectionOfficer: "(SELECT hazard_id FROM hazards_reinspection WHERE id = OLD.reinspection_id)",
}

# Neither is a change of what a row says: new bytes of an encrypted column under another key, and the county of a mine
# that moved.
_SAYS_NOTHING = (EncryptedTextField, CountyField)

_KEPT_BEFORE: tuple[Act, ...] = ("UPDATE", "DELETE")

GUARDS = (
    Guard(
        "hazards_hazard_closed_with_proof",
        "hazards_hazard",
        "UPDATE",
        f"NEW.state = 'closed' AND NOT {_PROVED}",
        CLOSED_WITHOUT_PROOF,
    ),
    Guard("hazards_hazard_never_born_closed", "hazards_hazard", "INSERT", "NEW.state = 'closed'", CLOSED_WITHOUT_PROOF),
    Guard("hazards_hazard_grade_stands", "hazards_hazard", "UPDATE", _REGRADED, GRADE_STANDS),
    Guard("hazards_hazard_never_deleted", "hazards_hazard", "DELETE", "TRUE", NEVER_DELETED),
    *(
        Guard(
            f"{model._meta.db_table}_kept_on_{act.lower()}",
            model._meta.db_table,
            act,
            f"EXISTS (SELECT 1 FROM hazards_hazard h WHERE h.id = {hazard} AND h.state = 'closed')"
            f" AND ({changes(model, but=_SAYS_NOTHING) if act == 'UPDATE' else 'TRUE'})",
            PROOF_IS_KEPT,
        )
        for model, hazard in _PROOFS.items()
        for act in _KEPT_BEFORE
    ),
)
