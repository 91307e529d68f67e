"""A visit through its services: who may, what is refused, and faults that become hazards."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from common.models import Evidence
from common.transitions import advance
from hazards.models import Hazard
from hazards.tests.conftest import photo
from inspections.models import Checklist, Visit, VisitResult
from inspections.services.checklists import (
    add_item,
    change_item,
    draw_from_catalogue,
    issue_checklist,
    keep_certificate,
    next_version,
)
from inspections.services.visits import (
    Answer,
    Finding,
    add_result,
    change_visit,
    fill_results,
    open_visit,
    register_findings,
)


def opening(by, mine, team, day, **more):
    return {"by": by, "mine": mine, "kind": "planned", "officers": team, "begun_on": day, "ended_on": day,
            "places": "井口", **more}  # fmt: skip


def test_a_visit_from_the_gate_to_its_record(visit, team, today):
    first, second, third = visit.results.all()
    with pytest.raises(Refused, match="还有3项没有填写"):
        advance(visit, "finish", by=team[0])
    answers = {first.pk: Answer("passed"), second.pk: Answer("na"), third.pk: Answer("failed", "过期3天", [photo()])}
    assert fill_results(by=team[0], visit=visit, answers=answers) == 3
    with pytest.raises(Refused, match="1项不合格没有登记为隐患"):
        advance(visit, "finish", by=team[0])
    due_on = today + dt.timedelta(days=9)
    finding = Finding("3号皮带巷", "传感器过期3天", "general", due_on)
    (hazard,) = register_findings(by=team[0], visit=visit, findings={third.pk: finding})
    assert (hazard.source, hazard.level, hazard.state, hazard.due_on) == ("inspection", "general", "graded", due_on)
    assert hazard.found_by == "陈执法、赵科长" and Evidence.objects.about(hazard).count() == 1
    third.refresh_from_db()
    assert third.hazard == hazard
    change_visit(by=team[0], visit=visit, summary="逐项核对。")
    advance(visit, "finish", by=team[0])
    verbs = set(history_of(visit).values_list("verb", flat=True))
    assert verbs == {"visit.opened", "visit.filled", "visit.finding", "visit.changed", "visit.finish"}


def test_what_is_sent_twice_is_kept_once(visit, team, coal_mine, today):
    key = uuid.uuid4()
    made = [open_visit(**opening(team[0], coal_mine, team, today, client_id=key)) for _ in range(2)]
    assert made[0].pk == made[1].pk and Visit.objects.count() == 2
    own = [add_result(by=team[0], visit=visit, text="绞车房无人值守", client_id=key) for _ in range(2)]
    assert own[0].pk == own[1].pk and visit.results.count() == 4
    for _ in range(2):
        fill_results(by=team[0], visit=visit, answers={own[0].pk: Answer("failed", "无人值守", [photo("blue")])})
    assert Evidence.objects.about(own[0]).count() == 1


def test_numbers_run_without_gaps_and_a_refused_visit_takes_none(county, team, coal_mine, today):
    first = open_visit(**opening(team[0], coal_mine, team, today))
    with pytest.raises(Refused):
        open_visit(**opening(team[0], coal_mine, team, today + dt.timedelta(days=1)))
    second = open_visit(**opening(team[0], coal_mine, team, today))
    assert [one.number[-4:] for one in (first, second)] == ["0001", "0002"]


def test_who_may_open(county, team, coal_mine, today, clerk, leader, auditor, stranger, township_liaison):
    for who in (clerk, leader, auditor, stranger, township_liaison):
        with pytest.raises(NotAllowed):
            open_visit(**opening(who, coal_mine, team, today))
    assert not Visit.objects.exists()


def test_officers_need_a_certificate_that_was_valid_that_day(county, team, staff, coal_mine, today):
    with pytest.raises(Refused) as lacking:
        open_visit(**opening(team[0], coal_mine, [team[0], staff], today))
    assert lacking.value.fields["officers"] == ["王科员没有登记执法证号。"]
    keep_certificate(by=staff, officer=staff, number="冀003", valid_until=today - dt.timedelta(days=1))
    with pytest.raises(Refused) as expired:
        open_visit(**opening(team[0], coal_mine, [team[0], staff], today))
    assert "已过期" in expired.value.fields["officers"][0]


def test_one_officer_is_not_enough(coal_mine, team, today):
    alone = open_visit(**opening(team[0], coal_mine, team[:1], today))
    change_visit(by=team[0], visit=alone, summary="看过。")
    with pytest.raises(Refused, match="检查人员至少2人，现有1人"):
        advance(alone, "finish", by=team[0])
    change_visit(by=team[0], visit=alone, officers=team)
    advance(alone, "finish", by=team[0])


def test_an_inspector_who_did_not_come_and_a_mine_write_nothing(visit, clerk, leader, stranger, staff):
    key = visit.results.all()[0].pk
    for who in (clerk, leader, stranger):
        with pytest.raises(NotAllowed):
            fill_results(by=who, visit=visit, answers={key: Answer("passed")})
    assert not visit.results.exclude(outcome="").exists()


def test_a_fault_needs_words_and_answers_of_a_finished_visit_stay(finished, visit, team):
    with pytest.raises(Conflict):
        fill_results(by=team[0], visit=finished, answers={})
    result = finished.results.get(outcome="passed")
    result.outcome = "failed"
    with pytest.raises(IntegrityError), transaction.atomic():
        result.save()


def test_a_finding_with_a_fault_registers_none(visit, team, today):
    first, second, _ = visit.results.all()
    fill_results(by=team[0], visit=visit, answers={one.pk: Answer("failed", "问题") for one in (first, second)})
    good = Finding("井口", "甲", "general", today)
    bad = Finding("井口", "乙", "major", today)
    with pytest.raises(Refused) as refused:
        register_findings(by=team[0], visit=visit, findings={first.pk: good, second.pk: bad})
    assert set(refused.value.fields) == {f"reason_{second.pk}"}
    assert not Hazard.objects.exists() and visit.results.unregistered().count() == 2


def test_an_inspector_grades_what_they_found_as_major(visit, team, today):
    first = visit.results.all()[0]
    fill_results(by=team[0], visit=visit, answers={first.pk: Answer("failed", "瓦斯超限作业")})
    finding = Finding("工作面", "瓦斯超限作业", "major", today, reason="现场核实")
    (hazard,) = register_findings(by=team[0], visit=visit, findings={first.pk: finding})
    assert hazard.is_major and hazard.implementations.count() == 5


def test_a_visit_with_a_hazard_is_not_made_void(finished, staff):
    advance(finished, "reopen", by=staff, note="补充照片")
    with pytest.raises(Refused, match="不能作废"):
        advance(finished, "void", by=staff, note="重复")


def test_a_running_visit_is_not_announced(visit, clerk, sister_clerk, stranger, inspector, leader):
    assert Visit.objects.visible_to(inspector).exists() and Visit.objects.visible_to(leader).exists()
    for who in (clerk, sister_clerk, stranger):
        assert not Visit.objects.visible_to(who).exists()
    Visit.objects.update(state="finished")
    assert Visit.objects.visible_to(clerk).exists() and VisitResult.objects.visible_to(clerk).count() == 3
    assert not Visit.objects.visible_to(sister_clerk).exists() and not Visit.objects.visible_to(stranger).exists()


def test_a_checklist_in_use_changes_only_by_its_next_version(checklist, visit, staff, clerk):
    with pytest.raises(Conflict):
        add_item(by=staff, checklist=checklist, text="新项")
    draft = next_version(by=staff, checklist=checklist)
    with pytest.raises(Conflict):
        next_version(by=staff, checklist=checklist)
    change_item(by=staff, item=draft.items.all()[0], text="改过的第一项")
    with pytest.raises(NotAllowed):
        add_item(by=clerk, checklist=draft, text="新项")
    issue_checklist(draft, by=staff)
    checklist.refresh_from_db()
    assert (checklist.state, draft.state, draft.version) == ("retired", "in_use", 2)
    assert visit.results.all()[0].text == "带班下井记录齐全"
    assert not Checklist.objects.visible_to(clerk).exists()


def test_items_out_of_the_catalogue(checklist, staff, today):
    from hazards.services.catalogue import load_standard
    from hazards.tests.conftest import STANDARD

    load_standard(by=None, data=STANDARD)
    draft = next_version(by=staff, checklist=checklist)
    assert draw_from_catalogue(by=staff, checklist=draft) == 2
    assert {one.clause.code for one in draft.items.filter(clause__isnull=False)} == {"T1-1", "T1-2"}
    with pytest.raises(Refused):
        draw_from_catalogue(by=staff, checklist=draft)
