"""The life of a general and of a major hazard, and every shortcut that must not exist."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from common.models import Evidence
from hazards.models import Facet, Hazard, Implementation, Reinspection, ReinspectionOfficer
from hazards.services.proofs import (
    confirm_facet,
    prove_facet,
    record_double_report,
    record_reinspection,
    rectify_hazard,
    write_major_report,
    write_treatment_plan,
)
from hazards.services.register import grade_hazard, move_hazard, register_hazard
from hazards.tests.conftest import photo

PARTS = {"present_state": "现状", "harm": "危害", "treatment": "方案"}
PLAN = dict.fromkeys(("goals", "methods", "resources", "people", "schedule", "safety"), "内容")


def prove_all(hazard, clerk, inspector, today, but=""):
    for facet in set(Facet.values) - {but}:
        fields = {"in_place": True, "since": today, "statement": f"{facet}已落实"}
        prove_facet(by=clerk, hazard=hazard, facet=facet, fields=fields, files=[photo("green")])
        confirm_facet(by=inspector, hazard=hazard, facet=facet)


def make_major(hazard, staff, catalogue, today):
    return grade_hazard(
        by=staff, hazard=hazard, level="major", clause=catalogue["T1-1"], due_on=today + dt.timedelta(days=30)
    )


def to_awaiting(hazard, clerk, today):
    rectify_hazard(by=clerk, hazard=hazard, statement="已更换", done_on=today, files=[photo("blue")])
    move_hazard(by=clerk, hazard=hazard, action="self_accept")
    return move_hazard(by=clerk, hazard=hazard, action="ask")


@pytest.fixture
def major(hazard, staff, clerk, catalogue, today):
    """A major hazard with reports and plan, under treatment."""
    make_major(hazard, staff, catalogue, today)
    write_major_report(by=clerk, hazard=hazard, parts=PARTS)
    write_treatment_plan(by=clerk, hazard=hazard, parts=PLAN)
    record_double_report(
        by=clerk,
        hazard=hazard,
        regulator_on=today,
        regulator_receipt="收〔1〕",
        congress_on=today,
        congress_receipt="会〔1〕",
    )
    return move_hazard(by=clerk, hazard=hazard, action="start")


def test_numbers_run_without_a_gap(hazard, coal_mine, clerk, today):
    again = register_hazard(
        by=clerk, mine=coal_mine, place="副井", description="信号灯不亮", source="self_check", found_on=today
    )
    assert (hazard.number[-5:], again.number[-5:]) == ("00001", "00002")
    assert hazard.number.startswith(f"149921-{today.year}-")


def test_a_general_hazard_from_end_to_end(hazard, clerk, inspector, staff, today):
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today + dt.timedelta(days=5))
    move_hazard(by=clerk, hazard=hazard, action="start")
    to_awaiting(hazard, clerk, today)
    record_reinspection(
        by=inspector, hazard=hazard, on=today, on_site=True, officers=[inspector], passed=True, opinion="已装防护罩"
    )
    assert (hazard.state, hazard.closed_by, hazard.closed_on) == ("closed", inspector, today)
    verbs = set(history_of(hazard).values_list("verb", flat=True))
    assert {"hazard.registered", "hazard.grade", "hazard.rectified", "hazard.reinspected", "hazard.close"} <= verbs
    assert Evidence.objects.about(hazard).count() == 1


def test_the_rectifier_never_checks(hazard, clerk, mine_head, staff, today):
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today)
    move_hazard(by=clerk, hazard=hazard, action="start")
    to_awaiting(hazard, clerk, today)
    with pytest.raises(Refused):
        record_reinspection(
            by=clerk, hazard=hazard, on=today, on_site=True, officers=[mine_head], passed=True, opinion="自己看过"
        )
    with pytest.raises(Refused) as refusal:
        record_reinspection(
            by=mine_head, hazard=hazard, on=today, on_site=True, officers=[clerk], passed=True, opinion="看过"
        )
    assert "officers" in refusal.value.fields
    assert not hazard.reinspections.exists()
    record_reinspection(
        by=mine_head, hazard=hazard, on=today, on_site=True, officers=[mine_head], passed=True, opinion="看过"
    )
    assert hazard.state == "closed"


def test_a_mine_grades_itself_as_general_only(hazard, clerk, catalogue, today):
    with pytest.raises(NotAllowed):
        grade_hazard(by=clerk, hazard=hazard, level="major", clause=catalogue["T1-1"], due_on=today)
    for named, given in ((None, catalogue["T1-1"]), (catalogue["T1-1"], None)):
        Hazard.objects.filter(pk=hazard.pk).update(clause=named)
        hazard.refresh_from_db()
        with pytest.raises(NotAllowed, match="条款"):
            grade_hazard(by=clerk, hazard=hazard, level="general", clause=given, reason="轻微", due_on=today)
    Hazard.objects.filter(pk=hazard.pk).update(clause=None)
    hazard.refresh_from_db()
    grade_hazard(by=clerk, hazard=hazard, level="general", due_on=today)
    assert hazard.level == "general"


def test_a_level_that_differs_from_the_proposal_needs_a_reason(hazard, staff, catalogue, today):
    with pytest.raises(Refused) as refusal:
        grade_hazard(by=staff, hazard=hazard, level="general", clause=catalogue["T1-1"], due_on=today)
    assert "reason" in refusal.value.fields
    with pytest.raises(Refused):
        grade_hazard(by=staff, hazard=hazard, level="major", due_on=today)
    grade_hazard(by=staff, hazard=hazard, level="major", due_on=today, reason="顶板大面积离层")
    assert hazard.implementations.count() == 5


def test_a_clause_of_another_kind_of_mine_or_day_is_refused(hazard, staff, catalogue, coal_mine, clerk, today):
    with pytest.raises(Refused) as refusal:
        grade_hazard(by=staff, hazard=hazard, level="major", clause=catalogue["T2-1"], due_on=today)
    assert "clause" in refusal.value.fields
    with pytest.raises(Refused) as refusal:
        register_hazard(
            by=clerk, mine=coal_mine, place="井口", description="旧隐患", source="self_check",
            found_on=dt.date(2020, 12, 31), clause=catalogue["T1-1"],
        )  # fmt: skip
    assert "clause" in refusal.value.fields


def test_treatment_of_a_major_hazard_waits_for_report_receipts_and_plan(hazard, staff, clerk, catalogue, today):
    make_major(hazard, staff, catalogue, today)
    with pytest.raises(Refused) as refusal:
        move_hazard(by=clerk, hazard=hazard, action="start")
    for words in ("重大隐患报告", "双报告", "治理方案"):
        assert words in refusal.value.message


def test_the_double_report_is_due_in_working_days(hazard, staff, catalogue, today):
    from common.workdays import workdays_between

    make_major(hazard, staff, catalogue, today)
    assert workdays_between(hazard.found_on, hazard.double_report.due_on) == 3


def test_a_major_hazard_from_end_to_end(major, clerk, staff, inspector, today):
    rectify_hazard(by=clerk, hazard=major, statement="已装备用风机", done_on=today, files=[photo("blue")])
    with pytest.raises(Refused, match="五落实"):
        move_hazard(by=clerk, hazard=major, action="self_accept")
    prove_all(major, clerk, inspector, today)
    to_awaiting(major, clerk, today)
    one = {"by": inspector, "hazard": major, "on": today, "passed": True, "opinion": "合格"}
    with pytest.raises(Refused, match="至少2人"):
        record_reinspection(**one, on_site=True, officers=[inspector])
    with pytest.raises(Refused, match="到现场"):
        record_reinspection(**one, on_site=False, officers=[inspector, staff])
    assert not major.reinspections.exists()
    record_reinspection(**one, on_site=True, officers=[inspector, staff])
    assert major.state == "closed"


def test_a_failed_reinspection_sends_it_back_and_counts(major, clerk, staff, inspector, today):
    prove_all(major, clerk, inspector, today)
    to_awaiting(major, clerk, today)
    record_reinspection(
        by=inspector, hazard=major, on=today, on_site=True, officers=[inspector, staff], passed=False, opinion="仍漏风"
    )
    assert (major.state, major.returned_count, major.round) == ("returned", 1, 2)
    with pytest.raises(Refused, match="还没有填报整改"):
        move_hazard(by=clerk, hazard=major, action="self_accept")
    to_awaiting(major, clerk, today)
    record_reinspection(
        by=inspector, hazard=major, on=today, on_site=True, officers=[inspector, staff], passed=True, opinion="合格"
    )
    assert major.state == "closed"


def test_other_words_need_another_confirmation(major, clerk, inspector, today):
    prove_all(major, clerk, inspector, today)
    prove_facet(by=clerk, hazard=major, facet="funds", fields={"statement": "改为自筹"})
    assert not major.implementations.get(facet="funds").is_proved


def test_only_an_administrator_voids_and_nothing_is_deleted(hazard, staff, admin):
    with pytest.raises(NotAllowed):
        move_hazard(by=staff, hazard=hazard, action="void", note="重复登记")
    with pytest.raises(Refused, match="理由"):
        move_hazard(by=admin, hazard=hazard, action="void")
    move_hazard(by=admin, hazard=hazard, action="void", note="重复登记")
    assert hazard.state == "void" and Hazard.objects.filter(pk=hazard.pk).exists()


def test_strangers_and_sisters_do_nothing(hazard, sister_clerk, stranger, township_liaison, leader, today):
    for who in (sister_clerk, stranger, township_liaison, leader):
        with pytest.raises(NotAllowed):
            grade_hazard(by=who, hazard=hazard, level="general", due_on=today)
    assert hazard not in Hazard.objects.visible_to(sister_clerk)
    assert hazard not in Hazard.objects.visible_to(stranger)
    assert hazard in Hazard.objects.visible_to(township_liaison)


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


CLOSE = "UPDATE hazards_hazard SET state = 'closed', closed_on = '2026-01-01', closed_by_id = %s WHERE id = %s"


class TestRawSql:
    """What the database itself refuses, whoever asks."""

    def test_closing_a_general_hazard_that_nobody_checked(self, hazard, staff, today):
        grade_hazard(by=staff, hazard=hazard, level="general", due_on=today)
        with pytest.raises(IntegrityError):
            sql(CLOSE, staff.pk, hazard.pk)

    def test_closing_through_the_orm_in_a_shell(self, major, staff):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hazard.objects.filter(pk=major.pk).update(state="closed", closed_by=staff, closed_on="2026-01-01")

    def test_closing_a_major_hazard_with_four_facets(self, major, clerk, inspector, staff, today):
        prove_all(major, clerk, inspector, today)
        to_awaiting(major, clerk, today)
        Implementation.objects.filter(hazard=major, facet="funds").update(confirmed_by=None)
        found = Reinspection.objects.create(
            hazard=major, round=1, on=today, on_site=True, result="passed", opinion="好", recorded_by=staff
        )
        ReinspectionOfficer.objects.create(reinspection=found, officer=staff)
        ReinspectionOfficer.objects.create(reinspection=found, officer=inspector)
        with pytest.raises(IntegrityError):
            sql(CLOSE, staff.pk, major.pk)
        Implementation.objects.filter(hazard=major, facet="funds").update(confirmed_by=inspector)
        sql(CLOSE, staff.pk, major.pk)

    def test_closing_a_major_hazard_with_one_officer(self, major, clerk, inspector, staff, today):
        prove_all(major, clerk, inspector, today)
        to_awaiting(major, clerk, today)
        found = Reinspection.objects.create(
            hazard=major, round=1, on=today, on_site=True, result="passed", opinion="好", recorded_by=staff
        )
        ReinspectionOfficer.objects.create(reinspection=found, officer=staff)
        ReinspectionOfficer.objects.create(reinspection=found, officer=clerk)
        with pytest.raises(IntegrityError):
            sql(CLOSE, staff.pk, major.pk)

    def test_making_a_closed_general_hazard_major(self, hazard, clerk, inspector, staff, today):
        grade_hazard(by=staff, hazard=hazard, level="general", due_on=today)
        move_hazard(by=clerk, hazard=hazard, action="start")
        to_awaiting(hazard, clerk, today)
        record_reinspection(
            by=inspector, hazard=hazard, on=today, on_site=True, officers=[inspector], passed=True, opinion="好"
        )
        with pytest.raises(IntegrityError):
            sql("UPDATE hazards_hazard SET level = 'major' WHERE id = %s", hazard.pk)

    def test_a_row_born_closed(self, hazard, inspector, today):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hazard.objects.create(
                region=hazard.region, number="x", mine=hazard.mine, place="x", description="x", source="self_check",
                found_on=today, level="general", state="closed", closed_on=today, closed_by=inspector,
                registered_by=inspector,
            )  # fmt: skip

    def test_taking_the_proof_away_afterwards(self, major, clerk, inspector, staff, today):
        prove_all(major, clerk, inspector, today)
        to_awaiting(major, clerk, today)
        record_reinspection(
            by=inspector, hazard=major, on=today, on_site=True, officers=[inspector, staff], passed=True, opinion="好"
        )
        for statement in (
            "UPDATE hazards_implementation SET in_place = (1 = 0) WHERE hazard_id = %s",
            "DELETE FROM hazards_implementation WHERE hazard_id = %s",
            "UPDATE hazards_rectification SET statement = '' WHERE hazard_id = %s",
            "DELETE FROM hazards_reinspectionofficer WHERE reinspection_id IN"
            " (SELECT id FROM hazards_reinspection WHERE hazard_id = %s)",
        ):
            with pytest.raises(IntegrityError):
                sql(statement, major.pk)


def test_a_hazard_settled_is_not_written_on(hazard, clerk, admin, today):
    move_hazard(by=admin, hazard=hazard, action="void", note="误登")
    with pytest.raises(Conflict):
        rectify_hazard(by=clerk, hazard=hazard, statement="x", done_on=today, files=[photo()])


def test_a_reopened_hazard_begins_a_new_round(hazard, clerk, inspector, staff, today):
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today)
    move_hazard(by=clerk, hazard=hazard, action="start")
    to_awaiting(hazard, clerk, today)
    record_reinspection(
        by=inspector, hazard=hazard, on=today, on_site=True, officers=[inspector], passed=True, opinion="好"
    )
    move_hazard(by=staff, hazard=hazard, action="reopen", note="回头看发现又拆除")
    assert (hazard.state, hazard.round, hazard.closed_on) == ("returned", 2, None)
