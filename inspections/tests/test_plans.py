"""Plans, coverage and proposals: what the rules want, what was visited, what is missing, and who is told."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from common.due import due_source
from common.errors import Conflict, NotAllowed, Refused
from common.transitions import advance
from inspections.coverage import lacking, matrix_of, mines_of, monday_of, span_of, weeks_of
from inspections.models import CoverageRule, InspectionPlan, PatrolGroup, PlannedVisit, Visit
from inspections.proposals import next_week, proposals_for
from inspections.services.plans import change_plan, drop_rule, keep_group, keep_rule, plan_visits, start_plan
from inspections.services.visits import change_visit, open_visit
from mines.models import Mine
from units.models import Unit

DAY = dt.timedelta(days=1)


@pytest.fixture
def group(county, coal_mine, team, staff) -> PatrolGroup:
    Mine.objects.create(unit=county.sister_mine, mine_type="coal_underground")
    return keep_group(
        by=staff, region=county.region, name="第一五人小组", members=team, mines=[coal_mine, county.sister_mine]
    )


@pytest.fixture
def plan(county, group, staff, today) -> InspectionPlan:
    made = start_plan(by=staff, region=county.region, year=today.year)
    change_plan(by=staff, plan=made, begins_on=dt.date(today.year, 1, 1))
    return advance(made, "issue", by=staff)


def visited(mine, by, day, **more):
    fields = {"kind": "five_group", "state": "finished", "places": "井口"} | more
    return Visit.objects.create(
        region=mine.region.county, number=f"V{Visit.objects.count()}", mine=mine, opened_by=by, begun_on=day,
        ended_on=day, **fields,
    )  # fmt: skip


def test_periods_and_weeks():
    assert span_of("week", dt.date(2026, 1, 1)) == (dt.date(2025, 12, 29), dt.date(2026, 1, 4))
    assert span_of("month", dt.date(2028, 2, 10)) == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert span_of("quarter", dt.date(2026, 12, 31)) == (dt.date(2026, 10, 1), dt.date(2026, 12, 31))
    assert span_of("half", dt.date(2026, 6, 30)) == (dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    assert span_of("year", dt.date(2026, 6, 30)) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert [len(weeks_of(year)) for year in (2025, 2026)] == [52, 53]


def test_a_plan_begins_with_the_groups_and_is_copied_on(plan, group, staff, clerk, inspector, stranger, county, today):
    weekly, monthly, yearly = plan.rules.all()
    assert (weekly.group, weekly.period, weekly.full) == (group, "week", False)
    assert (monthly.period, monthly.full, yearly.group, yearly.period) == ("month", True, None, "year")
    assert "五人小组每周到每矿一次" in weekly.source
    with pytest.raises(Conflict):
        keep_rule(by=staff, plan=plan, fields={"period": "quarter", "source": "办法"})
    advance(plan, "revise", by=staff, note="增加季度要求")
    fields = {"period": "quarter", "times": 2, "kinds": ["cross"], "source": "县办法第三条"}
    for who in (clerk, inspector, stranger):
        with pytest.raises(NotAllowed):
            keep_rule(by=who, plan=plan, fields=fields)
        with pytest.raises(NotAllowed):
            start_plan(by=who, region=county.region, year=today.year + 1)
    with pytest.raises(Refused):
        keep_rule(by=staff, plan=plan, fields=fields | {"source": " "})
    assert str(keep_rule(by=staff, plan=plan, fields=fields)).endswith("每季度检查2次（交叉检查）")
    drop_rule(by=staff, rule=yearly)
    advance(plan, "issue", by=staff)
    following = start_plan(by=staff, region=county.region, year=today.year + 1)
    assert [str(one) for one in following.rules.all()] == [str(one) for one in plan.rules.all()]
    assert following.begins_on == dt.date(today.year + 1, 1, 1)
    with pytest.raises(Conflict):
        start_plan(by=staff, region=county.region, year=today.year + 1)


def test_a_week_without_a_visit_is_a_gap(plan, group, coal_mine, county, team, today):
    weekly, monthly, yearly = plan.rules.select_related("plan__region", "group")
    may = dt.date(plan.year, 5, 13)
    visited(coal_mine, team[0], may, group=group)
    visited(coal_mine, team[0], may + DAY, group=group, is_full=True)
    visited(coal_mine, team[0], may + 7 * DAY)
    visited(county.sister_mine, team[0], may, group=group, state="void")
    mines = list(mines_of(weekly).order_by("pk"))
    at = weeks_of(plan.year).index(monday_of(may))
    row, other = matrix_of(weekly, mines, may + 21 * DAY).rows
    assert row.cells[at : at + 5] == [2, "gap", "gap", "open", ""] and row.kept == 1
    assert other.cells[at] == "gap" and other.kept == 0 and row.asked == other.asked == row.missed + 1
    assert matrix_of(monthly, mines, may + 21 * DAY).rows[0].cells[at : at + 3] == [1, "", ""]
    assert matrix_of(yearly, mines, may + 21 * DAY).rows[0].cells[at : at + 3] == [2, 1, ""]
    assert set(lacking(weekly, may)) == {county.sister_mine} and set(lacking(weekly, may + 7 * DAY)) == set(mines)
    weekly.times = 3
    assert set(lacking(weekly, may)) == set(mines)
    assert county.other_mine not in mines_of(yearly)


def test_a_plan_counts_from_its_day(plan, coal_mine):
    weekly = plan.rules.select_related("plan__region", "group")[0]
    weekly.plan.begins_on = dt.date(plan.year, 5, 13)
    first = monday_of(weekly.plan.begins_on)
    matrix = matrix_of(weekly, [coal_mine], first + 14 * DAY)
    assert matrix.weeks[0].monday == first and matrix.weeks[0].month == 5
    assert matrix.rows[0].cells[:4] == ["gap", "gap", "open", ""] and matrix.rows[0].asked == 2


def test_the_group_sees_on_its_first_page_what_it_has_not_visited(
    client, plan, group, team, staff, leader, coal_mine, county, today
):
    client.force_login(team[0])
    page = client.get("/").content.decode()
    assert "本周还没有检查的矿山" in page and "本月还没有检查的矿山" in page
    visited(coal_mine, team[0], today, group=group)
    mine = f'?mine={coal_mine.pk}&amp;group={group.pk}"'
    sister = f'?mine={county.sister_mine.pk}&amp;group={group.pk}"'
    page = client.get("/").content.decode()
    assert (page.count(mine), page.count(sister)) == (1, 2), "the week is done, the month wants everything looked at"
    shown = client.get("/inspections/unvisited/").content.decode()
    assert (shown.count(mine), shown.count(sister)) == (1, 2)
    client.force_login(staff)
    assert "本周还没有检查的矿山" not in client.get("/").content.decode(), "only for the group's own members"
    assert client.get("/inspections/unvisited/").status_code == 200


def test_the_matrix_page_and_its_sheet(client, plan, group, coal_mine, team, staff, clerk, stranger, today):
    visited(coal_mine, team[0], today, group=group)
    client.force_login(staff)
    page = client.get("/inspections/coverage/").content.decode()
    assert 'class="week-done">1</td>' in page and 'class="week-gap">缺' in page and "北沟煤矿" in page
    sheet = client.get("/inspections/coverage/table.xlsx")
    book = load_workbook(io.BytesIO(b"".join(sheet.streaming_content)))
    lines = list(book.active.iter_rows(values_only=True))
    assert lines[1][:4] == ("矿山", "应检查期数", "已检查期数", "缺检期数") and 1 in lines[2] + lines[3]
    assert client.get("/inspections/coverage/?rule=999999").status_code == 404
    for who, expected in ((clerk, 404), (stranger, 200)):
        client.force_login(who)
        answer = client.get("/inspections/coverage/")
        assert answer.status_code == expected and "北沟煤矿" not in answer.content.decode()
        assert client.get(f"/inspections/plans/{plan.pk}/").status_code == 404
        assert client.get(f"/inspections/groups/{group.pk}/").status_code == 404


def test_the_matrix_asks_five_times_for_a_whole_county(client, plan, group, county, team, staff, today):
    units = Unit.objects.bulk_create(
        Unit(name=f"矿{i}", kind="mine", region=county.region, path=f"/m{i}/", sort_key=f"m{i}") for i in range(60)
    )
    Mine.objects.bulk_create(Mine(unit=one, mine_type="coal_underground") for one in units)
    group.mines.add(*units)
    client.force_login(staff)
    client.get("/inspections/coverage/")
    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/inspections/coverage/?size=500")
    assert answer.status_code == 200 and "矿59" in answer.content.decode()
    assert len(asked) <= 5, [one["sql"][:90] for one in asked]


def test_proposals_put_the_most_pressing_first_and_one_click_plans(
    client, plan, group, finished, coal_mine, county, team, clerk, today
):
    first, second = proposals_for(county.region, today)
    assert (
        first.mine == county.sister_mine
        and "系统中还没有检查记录" in first.reason
        and "尚缺每周检查、每月全面检查" in first.reason
    )
    visited(county.sister_mine, team[0], today, group=group, is_full=True)
    hazard = finished.results.get(hazard__isnull=False).hazard
    type(hazard).objects.filter(pk=hazard.pk).update(level="major", due_on=today - DAY, returned_count=1)
    first, second = proposals_for(county.region, today)
    assert first.mine == coal_mine
    assert "未销号重大隐患1条；逾期隐患1条；复查退回过的隐患1条" in first.reason
    assert "每月全面检查" not in second.reason and "系统中还没有" not in second.reason
    client.force_login(team[0])
    page = client.get("/inspections/proposals/").content.decode()
    assert page.index("石门煤矿") < page.index("北沟煤矿")
    begins_on, due_on = next_week(today)
    data = {"mine": [coal_mine.pk], "begins_on": begins_on, "due_on": due_on, "kind": "planned", "group": ""}
    for _ in range(2):
        assert client.post("/inspections/proposals/", data).status_code == 302
    planned = PlannedVisit.objects.get()
    assert (planned.mine, planned.plan, planned.begins_on.weekday()) == (coal_mine, plan, 0)
    assert "重大隐患1条" in planned.reason
    assert client.post("/inspections/proposals/", data | {"mine": []}).status_code == 422
    client.force_login(clerk)
    assert client.get("/inspections/proposals/").status_code == 404
    assert client.get(planned.get_absolute_url()).status_code == 404


def test_a_planned_visit_is_done_by_a_finished_visit(client, plan, coal_mine, team, staff, county, today, checklist):
    (planned,) = plan_visits(by=staff, mines={coal_mine: "重点"}, begins_on=today, due_on=today)
    source = due_source("planned_visit")
    assert [one.title for one in source.things(source.open_rows())] == ["计划检查：石门煤矿"]
    client.force_login(team[0])
    form = client.get(f"/inspections/new/?planned={planned.pk}").content.decode()
    assert f'name="planned" value="{planned.pk}"' in form
    opening = {
        "by": team[0],
        "kind": "planned",
        "officers": team,
        "begun_on": today,
        "ended_on": today,
        "places": "井口",
    }
    with pytest.raises(Refused):
        open_visit(mine=county.sister_mine, planned=planned, **opening)
    visit = open_visit(mine=coal_mine, planned=planned, **opening)
    assert PlannedVisit.objects.open().get() == planned and not planned.is_overdue
    late = today + DAY
    assert planned.is_overdue_on(late) and PlannedVisit.objects.overdue(late).get() == planned
    change_visit(by=team[0], visit=visit, summary="看过。")
    advance(visit, "finish", by=team[0])
    again = PlannedVisit.objects.with_visit().get()
    assert again.result == "done" and not PlannedVisit.objects.open().exists() and not again.is_overdue_on(late)
    assert not PlannedVisit.objects.overdue(late).exists()
    with pytest.raises(Refused, match="已经完成"):
        advance(again, "drop", by=staff, note="不去了")
    for who in (staff, team[0]):
        client.force_login(who)
        assert visit.number in client.get(planned.get_absolute_url()).content.decode()


def test_staff_make_a_group_and_a_plan_by_their_pages(client, staff, inspector, team, coal_mine, county, today, clerk):
    client.force_login(staff)
    data = {"name": "第二五人小组", "members": [one.pk for one in team], "mines": [coal_mine.pk], "is_active": "on"}
    assert client.post("/inspections/groups/new/", data).status_code == 302
    group = PatrolGroup.objects.get()
    assert client.post("/inspections/groups/new/", data).status_code == 422
    edited = data | {"members": [team[0].pk]}
    assert client.post(f"/inspections/groups/{group.pk}/", edited).status_code == 302
    assert group.members.count() == 1
    answer = client.post("/inspections/plans/new/", {"year": today.year})
    plan = InspectionPlan.objects.get()
    assert answer.headers["Location"] == plan.get_absolute_url()
    rule = {"period": "half", "times": 1, "source": "办法", "mine_types": ["tailings_pond"]}
    assert client.post(f"/inspections/plans/{plan.pk}/rules/new/", rule).status_code == 302
    kept = CoverageRule.objects.get(period="half")
    assert client.post(f"/inspections/plans/rules/{kept.pk}/", rule | {"times": 2}).status_code == 302
    client.post(f"/inspections/plans/rules/{kept.pk}/drop/")
    assert not CoverageRule.objects.filter(period="half").exists()
    words = {"begins_on": today, "paper": "青政发〔2026〕3号", "words": "一通三防"}
    assert client.post(f"/inspections/plans/{plan.pk}/edit/", words).status_code == 302
    client.post(f"/inspections/plans/{plan.pk}/act/", {"act": "issue"})
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "执行中" in page and "青政发〔2026〕3号" in page and "一通三防" in page
    client.force_login(inspector)
    assert client.get(plan.get_absolute_url()).status_code == 200
    assert client.get("/inspections/plans/new/").status_code == 403
    client.force_login(clerk)
    assert client.get("/inspections/plans/").status_code == 404
