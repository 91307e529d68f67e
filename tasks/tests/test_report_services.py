"""Reports by period: made ahead of time, written by two people at once, signed, returned, accepted, corrected."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from common.errors import Conflict, NotAllowed, Refused
from common.models import CalendarDay
from tasks.models import Assignment, DueItem, ProgressEntry, ProgressReport, ReportingRule
from tasks.reporting import Sheet, gaps_of, token
from tasks.services.reporting_rules import create_reports, set_reporting_rule
from tasks.services.reports import (
    Answers,
    FigureAnswer,
    LineAnswer,
    WordsAnswer,
    correct_report,
    decide_report,
    move_report,
    save_report,
    sign_report,
)
from tasks.tests.reporting import ON_THE_20TH, filled, handed_in, monthly, report_of, small_campaign


@pytest.fixture
def clock():
    with time_machine.travel(ON_THE_20TH, tick=False) as clock:
        yield clock


@pytest.fixture
def campaign(clock, county, staff, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return small_campaign(county, staff)


@pytest.fixture
def rule(campaign, county, staff):
    return monthly(campaign, county, staff)


# -- rules and the reports that follow from them --------------------------------------------------------------------


def test_on_the_20th_every_unit_with_duties_has_its_report_and_a_second_run_makes_none(rule, county):
    units = {report.unit for report in ProgressReport.objects.all()}
    assert units == {county.energy, county.mine, county.sister_mine}  # the bureau receives them
    assert {(r.period, r.label, r.due_on) for r in ProgressReport.objects.all()} == {
        ("2026-02", "2026年2月", dt.date(2026, 2, 28))
    }
    assert create_reports() == 0


def test_nothing_is_made_a_day_too_early_and_an_outage_is_made_up_for(campaign, county, staff, clock):
    clock.move_to(dt.datetime(2026, 2, 19, 1, 0, tzinfo=dt.UTC))
    set_reporting_rule(by=staff, campaign=campaign, receiver=county.bureau, title="月报", begins_on=dt.date(2026, 2, 1))
    assert not ProgressReport.objects.exists()
    assert create_reports(today=dt.date(2026, 4, 21)) == 9
    assert set(ProgressReport.objects.values_list("period", flat=True)) == {"2026-02", "2026-03", "2026-04"}


def test_a_unit_that_came_in_later_owes_nothing_for_the_time_before(rule, county, campaign):
    Assignment.objects.filter(unit=county.mine).update(begins_on=dt.date(2026, 4, 3))
    ProgressReport.objects.filter(unit=county.mine).delete()
    create_reports(today=dt.date(2026, 4, 21))
    mine = ProgressReport.objects.filter(unit=county.mine).values_list("period", flat=True)
    assert list(mine) == ["2026-04"]


@pytest.mark.parametrize(
    ("kind", "day", "after", "day_off", "ends", "due_on"),
    [
        ("month", 28, 0, "printed", (2026, 2, 28), (2026, 2, 28)),  # a Saturday
        ("month", 28, 0, "before", (2026, 2, 28), (2026, 2, 27)),
        ("month", 28, 0, "after", (2026, 2, 28), (2026, 3, 2)),
        ("month", 31, 0, "printed", (2028, 2, 29), (2028, 2, 29)),  # a leap year
        ("month", 5, 1, "printed", (2026, 12, 31), (2027, 1, 5)),
        ("month", 10, 0, "after", (2026, 10, 31), (2026, 10, 10)),  # a Saturday that is worked
        ("year", 5, 0, "after", (2026, 12, 31), (2026, 12, 7)),
    ],
)
def test_the_last_day(db, kind, day, after, day_off, ends, due_on):
    CalendarDay.objects.create(date=dt.date(2026, 10, 10), kind=CalendarDay.Kind.WORKDAY, name="国庆调休")
    rule = ReportingRule(kind=kind, due_day=day, months_after=after, on_day_off=day_off)
    assert rule.due_for(dt.date(*ends)) == dt.date(*due_on)


def test_yearly_quarterly_stage_and_whole_campaign(campaign, county, staff):
    first = dt.date(2026, 1, 1)
    for kind, day in (("quarter", 20), ("half_year", 20), ("year", 5), ("stage", 31), ("summary", 25)):
        set_reporting_rule(
            by=staff, campaign=campaign, receiver=county.bureau, title=kind, kind=kind, due_day=day, begins_on=first
        )
    create_reports(today=dt.date(2026, 12, 31))
    found = (
        ProgressReport.objects.filter(unit=county.mine)
        .order_by("due_on", "rule")
        .values_list("rule__kind", "label", "due_on")
    )
    assert list(found) == [
        ("quarter", "2026年第一季度", dt.date(2026, 3, 20)),
        ("stage", "动员部署", dt.date(2026, 3, 31)),
        ("quarter", "2026年第二季度", dt.date(2026, 6, 20)),
        ("half_year", "2026年上半年", dt.date(2026, 6, 20)),
        ("quarter", "2026年第三季度", dt.date(2026, 9, 20)),
        ("year", "2026年", dt.date(2026, 12, 5)),
        ("quarter", "2026年第四季度", dt.date(2026, 12, 20)),
        ("half_year", "2026年下半年", dt.date(2026, 12, 20)),
        ("summary", "行动总体", dt.date(2026, 12, 25)),
    ]


def test_a_changed_day_moves_what_was_not_handed_in(rule, county, liaison, clerk, staff, campaign):
    handed_in(report_of(county.mine), clerk)
    set_reporting_rule(by=staff, campaign=campaign, rule=rule, due_day=25)
    assert report_of(county.energy).due_on == dt.date(2026, 2, 25)
    assert report_of(county.mine).due_on == dt.date(2026, 2, 28)


def test_only_the_bureau_sets_rules(campaign, county, clerk, leader, stranger):
    for who in (clerk, leader, stranger):
        with pytest.raises(NotAllowed):
            set_reporting_rule(by=who, campaign=campaign, receiver=county.bureau, title="月报")


def test_late_is_one_rule_in_python_and_in_sql(rule, county, clerk, clock):
    handed_in(report_of(county.mine), clerk)
    clock.move_to(dt.datetime(2026, 3, 1, 1, 0, tzinfo=dt.UTC))
    rows = list(ProgressReport.objects.all())
    assert {row.pk for row in rows if row.is_overdue} == set(
        ProgressReport.objects.overdue().values_list("pk", flat=True)
    )
    assert sum(row.is_overdue for row in rows) == 2


# -- writing ---------------------------------------------------------------------------------------------------------


def test_two_people_at_once_lose_nothing(rule, county, clerk, mine_head):
    report = report_of(county.mine)
    line = Sheet(report).lines[0]
    empty = token("")
    mine = save_report(
        by=clerk,
        report=report,
        answers=Answers(
            {"progress": WordsAnswer("填报员写的。", empty)},
            {line.pk: LineAnswer("in_progress", 30, "办了一半。", line.token)},
        ),
    )
    assert (mine.changed, mine.clashes) == (2, {})
    # The head opened the page before that: he wrote elsewhere, left the line alone, and changed the same words.
    his = save_report(
        by=mine_head,
        report=report,
        answers=Answers(
            {"progress": WordsAnswer("矿长写的。", empty), "plans": WordsAnswer("下月复查。", empty)},
            {line.pk: LineAnswer(line.state, line.percent, line.text, line.token)},
        ),
    )
    assert his.changed == 1 and set(his.clashes) == {"progress"} and "填报员写的。" in his.clashes["progress"]
    report.refresh_from_db()
    assert (report.progress, report.plans) == ("填报员写的。", "下月复查。")
    assert report.entries.get().text == "办了一半。"


def test_a_report_with_gaps_is_saved_but_not_signed(rule, county, clerk):
    report = report_of(county.mine)
    with pytest.raises(Refused, match=r"进展情况.*没有写"):
        sign_report(by=clerk, report=report, signed_for="何矿长")
    line, figure = Sheet(report).lines[0], Sheet(report).figures[0]
    answers = Answers(
        {"progress": WordsAnswer("正常。", token(""))},
        {line.pk: LineAnswer("in_progress", 10, "已开展。", line.token)},
        {figure.key: FigureAnswer(Decimal(9), "", figure.token)},
    )
    save_report(by=clerk, report=report, answers=answers)
    report.refresh_from_db()
    assert gaps_of(report) == ["承担任务（项）改过但没有写理由"]


def test_only_the_unit_itself_writes(rule, county, sister_clerk, staff, enterprise_clerk, clerk):
    for who in (sister_clerk, staff, enterprise_clerk):
        with pytest.raises(NotAllowed):
            filled(report_of(county.mine), who)
    handed_in(report_of(county.mine), clerk)
    with pytest.raises(Conflict):
        filled(report_of(county.mine), clerk)


def test_the_head_signs_where_he_has_an_account_and_his_name_is_asked_for_where_not(rule, county, clerk, sister_clerk):
    other = report_of(county.sister_mine)
    filled(other, sister_clerk)
    with pytest.raises(Refused, match="签发负责人"):
        sign_report(by=sister_clerk, report=other)
    sign_report(by=sister_clerk, report=other, signed_for="马矿长")
    assert (other.state, other.signed_for, other.signed_by) == ("signed", "马矿长", sister_clerk)


def test_a_mine_with_a_head_is_signed_by_him(rule, county, clerk, mine_head):
    report = report_of(county.mine)
    filled(report, clerk)
    with pytest.raises(NotAllowed):
        sign_report(by=clerk, report=report, signed_for="何矿长")
    sign_report(by=mine_head, report=report)
    assert report.signed_for == "何矿长"
    move_report(by=clerk, report=report, action="submit")
    assert report.state == "submitted"


def test_figures_follow_the_ledger_until_they_are_signed(rule, county, clerk):
    report = report_of(county.mine)
    filled(report, clerk)
    assert {f.key: f.stated for f in Sheet(report).figures}["tasks.total"] == 1
    sign_report(by=clerk, report=report, signed_for="何矿长")
    Assignment.objects.filter(unit=county.mine).update(withdrawn_on=dt.date(2026, 2, 20))
    assert {f.key: f.stated for f in Sheet(report).figures}["tasks.total"] == 1
    move_report(by=clerk, report=report, action="reopen")
    assert "tasks.total" not in {f.key for f in Sheet(report).figures}


# -- review, the ledger, corrections ---------------------------------------------------------------------------------


def test_returned_with_marks_and_accepted_into_the_ledger(rule, county, liaison, staff):
    report = handed_in(report_of(county.energy), liaison, text="2月已自查。")
    line = next(line for line in Sheet(report).lines if line.assignment.task.ref == "2")
    with pytest.raises(Refused, match="需要写明理由"):
        decide_report(by=staff, report=report, action="return")
    decide_report(by=staff, report=report, action="return", remarks={f"line-{line.pk}": "没有写查了几处"})
    assert report.state == "returned" and report.entries.get(assignment=line.pk).remark == "没有写查了几处"
    assert not ProgressEntry.objects.exists()
    handed_in(report, liaison, text="2月自查12处，整改10处。")
    decide_report(by=staff, report=report, action="accept")
    entry = report.entries.select_related("written__due_item").get(assignment=line.pk)
    assert (entry.written.text, entry.written.created_by) == ("2月自查12处，整改10处。", liaison)
    assert (entry.written.due_item.period, entry.written.due_item.state) == ("2026-02", DueItem.State.ACCEPTED)
    owed = Assignment.objects.get(pk=line.pk)
    assert (owed.state, owed.percent, owed.summary) == ("in_progress", 40, "2月自查12处，整改10处。")


def test_a_task_called_finished_is_handed_in_for_its_own_review(rule, county, clerk, staff):
    report = handed_in(report_of(county.mine), clerk, text="培训全部完成。", percent=100, state="finished")
    decide_report(by=staff, report=report, action="accept")
    owed = Assignment.objects.get(unit=county.mine)
    assert (owed.state, owed.submitted_by) == ("submitted", clerk)


def test_what_was_typed_on_the_task_is_in_the_report_and_not_written_twice(rule, county, clerk, staff):
    from tasks.services.assignments import report_progress

    owed = Assignment.objects.get(unit=county.mine)
    report_progress(by=clerk, assignment=owed, percent=35, text="培训了两批。")
    report = report_of(county.mine)
    assert [(line.percent, line.text) for line in Sheet(report).lines] == [(35, "培训了两批。")]
    save_report(by=clerk, report=report, answers=Answers({"progress": WordsAnswer("正常。", token(""))}))
    sign_report(by=clerk, report=report, signed_for="何矿长")
    move_report(by=clerk, report=report, action="submit")
    decide_report(by=staff, report=report, action="accept")
    assert ProgressEntry.objects.count() == 1 and report.entries.get().written is not None


def test_nobody_reviews_what_he_handed_in(campaign, county, staff, second_staff):
    rule = set_reporting_rule(
        by=staff, campaign=campaign, receiver=county.energy, title="月报", begins_on=dt.date(2026, 2, 1)
    )
    report = handed_in(rule.reports.get(unit=county.bureau), staff)
    with pytest.raises(Refused, match="另一名"):
        decide_report(by=staff, report=report, action="accept")
    decide_report(by=second_staff, report=report, action="accept")


def test_a_correction_is_a_version_that_counts_once_accepted(rule, county, clerk, staff):
    report = handed_in(report_of(county.mine), clerk)
    decide_report(by=staff, report=report, action="accept")
    with pytest.raises(Conflict):
        filled(report, clerk)
    copy = correct_report(by=clerk, report=report, reason="漏写一项")
    with pytest.raises(Conflict, match="正在办理"):
        correct_report(by=clerk, report=report, reason="再改")
    assert not copy.is_overdue and list(ProgressReport.objects.standing()) == [report]
    handed_in(copy, clerk, text="已按要求办理，补充培训一批。")
    line = Sheet(copy).lines[0]
    assert (line.corrected_from, line.text) == ("已按要求办理。", "已按要求办理，补充培训一批。")
    decide_report(by=staff, report=copy, action="accept")
    assert list(ProgressReport.objects.standing()) == [copy]
    assert Assignment.objects.get(unit=county.mine).summary == "已按要求办理，补充培训一批。"


def test_a_correction_that_was_dropped_makes_room_for_another(rule, county, clerk, staff):
    report = handed_in(report_of(county.mine), clerk)
    decide_report(by=staff, report=report, action="accept")
    move_report(by=clerk, report=correct_report(by=clerk, report=report, reason="写错"), action="drop")
    assert correct_report(by=clerk, report=report, reason="真写错").version == 3
    assert list(ProgressReport.objects.standing()) == [report]


def test_a_recall_before_the_review_does_not_count_as_handed_in(rule, county, clerk, clock):
    report = handed_in(report_of(county.mine), clerk)
    move_report(by=clerk, report=report, action="recall")
    assert (report.state, report.first_submitted_at) == ("draft", None)
    clock.move_to(dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC))
    handed_in(report, clerk, text="补报。")
    assert report.days_late == 2
