"""Ways round the proof that need a shell or the database's password: each is refused by the database itself."""

import pytest
from cryptography.fernet import Fernet
from django.db import IntegrityError, connection, transaction

from common.encryption import rotate_field
from common.errors import Refused
from common.evidence import store_evidence
from hazards.models import Hazard, Implementation, Rectification, Reinspection, ReinspectionOfficer
from hazards.services.proofs import record_reinspection
from hazards.services.register import grade_hazard, move_hazard
from hazards.tests.conftest import photo
from hazards.tests.test_life import major, prove_all, to_awaiting  # noqa: F401
from units.models import Role
from units.tests.people import person

CLOSED = "state = 'closed', closed_on = '2026-01-01', closed_by_id = %s"


def refused(assignments, hazard, *values):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE hazards_hazard SET {assignments} WHERE id = %s", [*values, hazard.pk])


def seen_by(hazard, today, *officers):
    found = Reinspection.objects.create(
        hazard=hazard,
        round=hazard.round,
        on=today,
        on_site=True,
        result="passed",
        opinion="好",
        recorded_by=officers[0],
    )
    ReinspectionOfficer.objects.bulk_create(
        ReinspectionOfficer(reinspection=found, officer=officer) for officer in officers
    )


@pytest.fixture
def waiting(major, clerk, inspector, today):  # noqa: F811
    """A major hazard with everything in place, waiting to be re-inspected."""
    prove_all(major, clerk, inspector, today)
    to_awaiting(major, clerk, today)
    return major


def test_a_major_hazard_called_general_while_it_is_closed(waiting, staff, inspector, today):
    seen_by(waiting, today, inspector)
    refused(f"level = 'general', {CLOSED}", waiting, staff.pk)
    refused(f"level = 'Major', {CLOSED}", waiting, staff.pk)


def test_a_major_hazard_called_general_before_it_is_closed(waiting, staff, inspector, today):
    seen_by(waiting, today, inspector)
    refused("level = 'general'", waiting)
    refused("level = 'general', state = 'graded'", waiting)


def test_a_sixth_facet_does_not_stand_for_one_of_the_five(waiting, staff, inspector, clerk, today):
    seen_by(waiting, today, inspector, staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        Implementation.objects.filter(hazard=waiting, facet="funds").update(facet="luck")


def test_a_facet_that_only_says_it_has_files_is_not_in_place(major, clerk, staff, inspector, today):  # noqa: F811
    prove_all(major, clerk, inspector, today, but="funds")
    Implementation.objects.filter(hazard=major, facet="funds").update(
        in_place=True, since=today, statement="已拨付", has_evidence=True, stated_by=clerk, confirmed_by=inspector
    )
    to_awaiting(major, clerk, today)
    seen_by(major, today, inspector, staff)
    refused(CLOSED, major, staff.pk)
    store_evidence(file=photo(), by=clerk, about=Implementation.objects.get(hazard=major, facet="funds"))
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE hazards_hazard SET {CLOSED} WHERE id = %s", [staff.pk, major.pk])


def test_the_rectifier_is_known_by_the_claim_also_where_the_hazard_forgets(waiting, staff, inspector, clerk, today):
    seen_by(waiting, today, inspector, clerk)
    refused(f"rectifier_id = NULL, {CLOSED}", waiting, staff.pk)
    refused(f"rectifier_id = %s, {CLOSED}", waiting, staff.pk, inspector.pk)


def test_the_claim_cannot_be_removed_to_forget_the_rectifier(waiting, staff, inspector, clerk, today):
    seen_by(waiting, today, inspector, clerk)
    Rectification.objects.filter(hazard=waiting).delete()
    refused(f"rectifier_id = NULL, {CLOSED}", waiting, staff.pk)


def test_an_old_round_proves_nothing_once_the_hazard_is_open_again(waiting, staff, inspector, today):
    officers = [inspector, staff]
    record_reinspection(
        by=inspector, hazard=waiting, on=today, on_site=True, officers=officers, passed=True, opinion="好"
    )
    move_hazard(by=staff, hazard=waiting, action="reopen", note="又拆除")
    refused(CLOSED, waiting, staff.pk)
    refused(f"returned_count = 0, {CLOSED}", waiting, staff.pk)
    refused("returned_count = 0", waiting)


def test_bulk_writing_closes_nothing(waiting, staff, today):
    waiting.state, waiting.closed_on, waiting.closed_by = "closed", today, staff
    with pytest.raises(IntegrityError), transaction.atomic():
        Hazard.objects.bulk_update([waiting], ["state", "closed_on", "closed_by"])
    waiting.pk, waiting.number = None, "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        Hazard.objects.bulk_create([waiting])


def test_a_grade_is_changed_only_before_treatment(hazard, staff, catalogue, today):
    grade_hazard(by=staff, hazard=hazard, level="major", clause=catalogue["T1-1"], due_on=today)
    grade_hazard(
        by=staff, hazard=hazard, level="general", clause=catalogue["T1-1"], due_on=today, reason="误判", note="更正"
    )
    assert hazard.level == "general"


def test_no_hazard_is_ever_deleted(waiting):
    with pytest.raises(IntegrityError), transaction.atomic():
        Hazard.objects.filter(pk=waiting.pk).delete()


def test_the_mine_signs_no_re_inspection_of_a_major_hazard(waiting, county, inspector, today):
    head = person("head.sun", "孙矿长", Role.MINE_HEAD, county.mine)
    with pytest.raises(Refused) as caught:
        record_reinspection(
            by=inspector, hazard=waiting, on=today, on_site=True, officers=[inspector, head], passed=True, opinion="好"
        )
    assert "孙矿长" in caught.value.fields["officers"][0]


def test_proof_is_kept_while_its_telephone_comes_under_a_new_key(waiting, staff, inspector, today, settings):
    Implementation.objects.filter(hazard=waiting).update(phone="13912345678")
    record_reinspection(
        by=inspector, hazard=waiting, on=today, on_site=True, officers=[inspector, staff], passed=True, opinion="合格"
    )
    assert waiting.state == "closed"
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert rotate_field(Implementation, "phone") == 5
    with pytest.raises(IntegrityError), transaction.atomic():
        Implementation.objects.filter(hazard=waiting).update(statement="另一番话")
