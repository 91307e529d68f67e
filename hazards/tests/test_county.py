"""The county of a hazard's lines: taken from the hazard by whatever way they are written, and following a mine that moves."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from common.bulk import insert_rows
from common.county import fill_counties
from common.guards import missing_guards, set_aside
from common.models import Event, Evidence
from hazards.models import Hazard, Implementation, Rectification, Reinspection, ReinspectionOfficer
from hazards.services.proofs import record_reinspection
from hazards.tests.test_life import major, prove_all, to_awaiting  # noqa: F401

CODE, NEXT_DOOR = "149921", "149922"


def test_no_way_of_writing_a_line_forgets_its_county(hazard, clerk, today, django_assert_num_queries):
    given = {"statement": "已整改", "done_on": today, "made_by": clerk}
    hazard = Hazard.objects.get(pk=hazard.pk)
    with django_assert_num_queries(1):
        read = Rectification.objects.create(hazard=hazard, round=1, **given)
    with django_assert_num_queries(1):
        unread = Rectification.objects.create(hazard_id=hazard.pk, round=2, **given)
    bulk = [Rectification(hazard_id=hazard.pk, round=number, **given) for number in (3, 4)]
    Rectification.objects.bulk_create(bulk)
    names = ("hazard_id", "round", "statement", "done_on", "made_by_id")
    insert_rows(Rectification, names, [(hazard.pk, 5, "已整改", today, clerk.pk)])
    assert read.county == unread.county == CODE and [row.county for row in bulk] == [CODE] * 2
    unread.statement = "已经整改"
    unread.save()
    # A second step below the hazard, whose head has not been read either.
    seen = Reinspection(hazard_id=hazard.pk, round=1, on=today, result="passed", opinion="好", recorded_by=clerk)
    Reinspection.objects.bulk_create([seen])
    signed = ReinspectionOfficer.objects.create(reinspection_id=seen.pk, officer=clerk)
    assert signed.county == CODE
    assert set(Rectification.objects.values_list("county", flat=True)) == {CODE}


def test_a_mine_that_moves_takes_its_hazards_their_proof_and_their_files_along(
    county,
    coal_mine,
    major,  # noqa: F811
    clerk,
    inspector,
    staff,
    today,
):
    prove_all(major, clerk, inspector, today)
    to_awaiting(major, clerk, today)
    record_reinspection(
        by=inspector, hazard=major, on=today, on_site=True, officers=[inspector, staff], passed=True, opinion="已消除"
    )
    told = dict(Event.objects.values_list("pk", "county"))
    coal_mine.region = county.other_region
    coal_mine.save()
    major.refresh_from_db()
    assert major.state == "closed" and major.region_id == NEXT_DOOR
    for model in (Implementation, Rectification, Reinspection, ReinspectionOfficer, Evidence):
        assert set(model.objects.values_list("county", flat=True)) == {NEXT_DOOR}, model
    # What was told stays where it was told, and what it tells stays guarded.
    assert dict(Event.objects.filter(pk__in=told).values_list("pk", "county")) == told
    with pytest.raises(IntegrityError), transaction.atomic():
        Reinspection.objects.update(opinion="改了")
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.update(name="改了")
    assert fill_counties(apps, connection, ("hazards",)) == 0
    # Guards that stepped aside, as for what an older version wrote, stand again.
    with set_aside(connection, "hazards_reinspection"):
        Reinspection.objects.update(county="")
    assert fill_counties(apps, connection, ("hazards",)) == 1 and missing_guards(connection) == []
