"""What a page shows can be had by a program of the same sight, and no more: each noun, its filters and its hidden fields."""

import datetime as dt

import pytest
from django.apps import apps
from django.utils import timezone

from common.seals import seal_history
from exchange.resources import RESOURCES
from hazards.models import TipOff, TipOffContact
from inspections.models import CoverageRule, InspectionPlan
from mines.models import FileProposal, MonthlyOutput, ResponsibleLeader
from supervision.models import Decision, Meeting
from tasks.models import Campaign, Task
from units.models import Role

pytestmark = pytest.mark.django_db

NOT_TOLD = {
    "accounts and what guards them": "User FormerPassword Activation AccountSession SecondFactor RecoveryCode ServiceUser "
    "ServiceAccount KeptAnswer ExternalId Group Permission LogEntry ContentType Session AuthToken AccessAttempt "
    "AccessAttemptExpiration AccessFailureLog AccessLog NarrowToken",
    "settings of the bureau's own work": "RuleSetting Channel Contact Mute DeskOfficer Ladder TipOffOfficer ExchangeLine Receipt",
    "who told a tip-off: read on its page, with a purpose": "TipOffContact",
    "steps on the way to a noun": "DirectoryImport ProgressImport RegisterImport RememberedHeading FieldEntry Job Serial",
    "what the system notes for itself": "PhotoPrint StatementPrint Knock Notice Digest Delivery HookDelivery DailySnapshot",
    "told by the feed of changes": "Event Seal Sight",
    "told with what it is about": "Evidence RiskMap UnitTag",
}


def test_every_table_of_the_program_is_a_noun_a_part_of_one_or_left_out_by_name():
    told = {resource.model for resource in RESOURCES.values()}
    told |= {part.model for resource in RESOURCES.values() for part in resource.parts.values()}
    left_out = {name for names in NOT_TOLD.values() for name in names.split()}
    names = {model.__name__ for model in apps.get_models() if model not in told}
    assert names - left_out == set()
    assert not left_out & {model.__name__ for model in told}


OUTPUT = {"month": "2026-05-20", "tonnes": "7.512"}


def test_a_mine_files_its_output_once_and_mends_it(
    coal_mine, mine_system, sister_system, bureau_system, stranger_system
):
    path, body = "mine-output/external/2026-05/", OUTPUT | {"mine": coal_mine.pk}
    made = put(mine_system, path, body)
    assert made.status_code == 201, made.content
    line = made.json()
    assert (line["month"], line["tonnes"], line["mine_name"]) == ("2026-05-01", "7.512", coal_mine.name)
    between = timezone.now()
    assert put(mine_system, path, body | {"tonnes": "8"}).json()["tonnes"] == "8.000"
    assert MonthlyOutput.objects.count() == 1
    asked = {"updated_after": between.isoformat(), "year": "2026", "mine": coal_mine.pk}
    assert [row["id"] for row in bureau_system.get("mine-output/", asked).json()["results"]] == [line["id"]]
    assert bureau_system.get("mine-output/", asked | {"year": "2025"}).json()["results"] == []
    seal_history()
    told = [one for one in mine_system.get("changes/").json()["results"] if one["noun"] == "mine-output"]
    assert [one["verb"] for one in told] == ["mine.output_added", "mine.output_changed"]
    # The month is taken, by this number or by another; a fault names its field.
    twice = mine_system.post("mine-output/", body)
    assert twice.status_code == 400 and "已经登记" in twice.json()["fields"][""][0], twice.content
    wrong = mine_system.post("mine-output/", body | {"month": "2026-13-01", "tonnes": "-1"}).json()
    assert set(wrong["fields"]) == {"month", "tonnes"}
    assert set(mine_system.post("mine-output/", body | {"colour": "x"}).json()["fields"]) == {"colour"}
    for other in (sister_system, stranger_system):
        assert other.ids("mine-output/") == [] and other.get(f"mine-output/{line['id']}/").status_code == 404
        refused = other.post("mine-output/", body | {"month": "2026-06-01"}).json()
        assert refused["fields"] == {"mine": [f"没有编号为“{coal_mine.pk}”的记录，或者本账号看不到它，请核对编号。"]}


def test_what_the_bureau_keeps_is_the_bureaus_to_write(coal_mine, county, mine_system, bureau_system):
    body = {
        "mine": coal_mine.pk, "happened_on": "2025-11-02", "kind": "roof", "deaths": 1, "words": "回采工作面冒顶",
        "case_closed_on": "2026-01-15",
    }  # fmt: skip
    refused = mine_system.post("mine-accidents/", body)
    assert refused.status_code == 403 and "应急管理局" in refused.json()["detail"]
    made = bureau_system.post("mine-accidents/", body)
    assert made.status_code == 201, made.content
    assert made.json()["grade"] == "一般" and made.json()["follow_up_by"] == "2027-01-15"
    assert mine_system.ids("mine-accidents/?late=false") == [made.json()["id"]]
    leader = bureau_system.post(
        "mine-leaders/",
        {"mine": coal_mine.pk, "name": "李县长", "rank": "county", "position": "副县长", "unit": county.bureau.pk,
         "since": "2026-01-01"},
    )  # fmt: skip
    assert leader.status_code == 201 and "account" not in leader.json(), leader.content
    # What the form would not offer is refused beside its field.
    act = {
        "mine": coal_mine.pk,
        "leader": leader.json()["id"],
        "kind": "visit",
        "done_on": "2026-02-01",
        "words": "督导",
    }
    ResponsibleLeader.objects.update(until=dt.date(2026, 1, 31))
    assert "leader" in bureau_system.post("mine-acts/", act).json()["fields"]
    assert bureau_system.post("mine-leaders/", leader.json()).status_code == 400


def test_what_a_mine_wants_changed_is_told_to_itself_and_to_its_bureau(
    coal_mine, clerk, county, system, mine_system, bureau_system
):
    FileProposal.objects.create(mine=coal_mine.mine, changes={"capacity": "120"}, reason="核增", made_by=clerk)
    here = f"mines/{coal_mine.pk}/"
    for who in (mine_system, bureau_system):
        assert [one["changes"] for one in who.get(here).json()["proposals"]] == [{"capacity": "120"}]
    auditor = system(county.bureau, Role.AUDITOR)
    assert auditor.get(here).json()["proposals"] == []


def test_a_post_tells_what_its_holder_lacks(coal_mine, mine_system):
    body = {
        "mine": coal_mine.pk, "post": "manager", "name": "王矿", "education": "1", "years": 1, "since": "2026-01-01"
    }  # fmt: skip
    made = mine_system.post("mine-posts/", body)
    assert made.status_code == 201, made.content
    assert "从业不满" in made.json()["lacks"] and made.json()["lacks"] in str(mine_system.get("mine-posts/").json())
    assert mine_system.get(f"mines/{coal_mine.pk}/").json()["posts"][0]["name"] == "王矿"


def test_a_program_of_a_unit_reads_of_a_meeting_what_its_page_shows(
    county, staff, coal_mine, bureau_system, mine_system, sister_system
):
    campaign = Campaign.objects.create(region=county.region, title="治本攻坚三年行动", created_by=staff)
    meeting = Meeting.objects.create(
        region=county.region, organ=county.bureau, title="第三季度例会", planned_on=dt.date(2026, 8, 10), state="held",
        held_on=dt.date(2026, 8, 11), minutes="内部讨论", people="局领导", agenda="研究",
    )  # fmt: skip
    for position, unit in enumerate((county.mine, county.sister_mine), 1):
        task = Task.objects.create(campaign=campaign, position=position, ref=str(position), title="整改")
        Decision.objects.create(
            meeting=meeting, position=position, text=f"第{position}件", unit=unit, due_on=dt.date(2026, 9, 1), task=task,
            entered_by=staff,
        )  # fmt: skip
    whole, own = bureau_system.get(f"meetings/{meeting.pk}/").json(), mine_system.get(f"meetings/{meeting.pk}/").json()
    assert whole["minutes"] == "内部讨论" and len(whole["decisions"]) == 2
    assert own["title"] == "第三季度例会" and own["minutes"] is None and own["people"] is None and own["evidence"] == []
    assert [one["text"] for one in own["decisions"]] == ["第1件"]
    rows = mine_system.get("meetings/", {"expand": "decisions,evidence", "fields": "minutes,title"}).json()["results"]
    assert rows == [{"title": "第三季度例会", "minutes": None, "decisions": own["decisions"], "evidence": []}]
    # Nor do they find it by words that they may not read.
    assert bureau_system.ids("meetings/?q=内部") == [meeting.pk] and mine_system.ids("meetings/?q=内部") == []
    assert mine_system.ids("meetings/?q=例会") == [meeting.pk]


def test_a_tip_off_is_told_to_those_who_read_the_region_and_never_by_whom(
    county, bureau_system, mine_system, stranger_system
):
    row = TipOff.objects.create(
        region=county.region, number="JB-1", mine=county.mine, description="夜间违规作业",
        verify_by=dt.date(2026, 1, 5), answer_by=dt.date(2026, 2, 1),
    )  # fmt: skip
    TipOffContact.objects.create(tip_off=row, name="张举报", phone="13800001111")
    answer = bureau_system.get(f"tip-offs/{row.pk}/")
    assert answer.json()["is_overdue"] is True and answer.json()["description"] == "夜间违规作业"
    assert "张举报" not in answer.content.decode() and "13800001111" not in answer.content.decode()
    for other in (mine_system, stranger_system):
        assert other.ids("tip-offs/") == [] and other.get(f"tip-offs/{row.pk}/").status_code == 404


def test_what_pages_work_out_is_told_to_those_who_read_the_region(
    county, coal_mine, staff, bureau_system, mine_system, stranger_system
):
    today = timezone.localdate()
    plan = InspectionPlan.objects.create(
        region=county.region, year=today.year, begins_on=today.replace(month=1, day=1), state="in_force", made_by=staff
    )
    rule = CoverageRule.objects.create(plan=plan, position=1, period="month", times=1, source="年度计划")
    covered = bureau_system.get("coverage/", {"rule": rule.pk}).json()
    assert covered["rule"] == rule.pk and covered["year"] == today.year
    mine = next(one for one in covered["mines"] if one["mine"] == coal_mine.pk)
    assert mine["lacks_now"] is True and "open" in mine["weeks"].values()
    proposed = bureau_system.get("proposals/").json()["mines"]
    assert any("尚缺" in reason for one in proposed if one["mine"] == coal_mine.pk for reason in one["reasons"])
    counted = bureau_system.get("inspection-counts/", {"period": str(today.year), "by": "mine"}).json()
    assert counted["rows"] == [] and counted["total"]["figures"]["visits"] == "0"
    assert bureau_system.get("assessments/", {"year": str(today.year)}).json()["year"] == today.year
    tables = ("coverage", "proposals", "inspection-counts", "assessments", "rankings")
    assert set(tables) <= set(bureau_system.get("").json()["resources"])
    for name in tables:
        assert mine_system.get(f"{name}/").status_code == 403
    assert "rule" in stranger_system.get("coverage/", {"rule": rule.pk}).json()["fields"]
    faulty = {"coverage": {"rule": "x"}, "inspection-counts": {"by": "age"}, "assessments": {"year": "1"}}
    for name, asked in faulty.items():
        refused = bureau_system.get(f"{name}/", asked)
        assert refused.status_code == 400 and list(refused.json()["fields"]) == list(asked)


def put(system, path, body, headers=None):
    return system.client.put(f"/api/v1/{path}", body, content_type="application/json", headers=system.headers(headers))
