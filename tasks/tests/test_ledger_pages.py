"""The ledger through its pages, as the people who use it: what each sees, may do, and is told when it does not go."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.models import Event, Evidence
from common.tests.files import picture
from tasks.models import Assignment, DeadlineExtension, DueItem, ProgressEntry, Responsibility, TargetReading
from tasks.services.assignments import move_assignment, report_progress
from tasks.services.campaigns import create_campaign
from tasks.services.due_items import move_due_item
from tasks.services.extensions import request_extension
from tasks.tests.plans import long_plan, small_matches, small_plan
from units.models import Unit, UnitAlias

KIND = Unit.Kind


@pytest.fixture(autouse=True)
def in_february(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(dt.datetime(2026, 2, 10, 1, 0, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def campaign(county, staff):
    return create_campaign(by=staff, region=county.region, plan=small_plan(), matches=small_matches(county))


@pytest.fixture
def owed(campaign, county):
    """What the mine owes on the training task."""
    return campaign.assignments.get(task__ref="3", unit=county.mine)


@pytest.fixture
def sister_owed(campaign, county):
    return campaign.assignments.get(task__ref="3", unit=county.sister_mine)


@pytest.fixture
def monthly(campaign, county):
    return campaign.assignments.get(task__ref="2", unit=county.energy)


@pytest.fixture
def submitted(owed, clerk):
    report_progress(by=clerk, assignment=owed, percent=100, text="全员培训完毕。")
    owed.refresh_from_db()
    return move_assignment(by=clerk, assignment=owed, action="submit")


@pytest.fixture
def asked(owed, clerk):
    item = owed.due_items.get()
    return request_extension(by=clerk, item=item, new_due_on=dt.date(2026, 11, 30), reason="教材未到")


@pytest.fixture
def look(client):
    """Open a page as somebody and answer its words."""

    def open_page(who, address, **data):
        client.force_login(who)
        reply = client.get(address, data)
        assert reply.status_code == 200, reply.content.decode()[:500]
        return reply.content.decode()

    return open_page


@pytest.fixture
def send(client):
    """Send a form as somebody and answer the page that follows."""

    def send_form(who, address, **data):
        client.force_login(who)
        # A browser names the page on which the form stood; a refusal sends it back there.
        reply = client.post(address, data, follow=True, headers={"referer": f"http://testserver{form_page(address)}"})
        return reply, reply.content.decode()

    return send_form


def form_page(address):
    """The page that holds the form: an act's button stands on its record's page, or on the list of extensions."""
    path = address.partition("?")[0]
    if not path.endswith("/act/"):
        return address
    return f"/{path.split('/')[1]}/" if path.startswith(("/due-items/", "/extensions/")) else path.removesuffix("act/")


# -- the first page ------------------------------------------------------------------------------------------------


def heaps(words: str) -> list[str]:
    return re.findall(r'<section class="panel[^"]*" id="(\w+)"', words)


def test_a_unit_finds_what_it_owes_with_the_late_on_top(look, clerk, owed, county, campaign):
    assert heaps(look(clerk, "/")) == ["later"]
    owed.due_items.update(due_on=dt.date(2026, 2, 1))
    Assignment.objects.filter(pk=owed.pk).update(due_on=dt.date(2026, 2, 1))
    second = campaign.tasks.get(ref="4").assignments.create(
        region=campaign.region, campaign=campaign, unit=county.mine, due_on=dt.date(2026, 2, 20)
    )
    words = look(clerk, "/")
    assert heaps(words) == ["late", "soon"]
    assert words.index("全员培训") < words.index("宣传教育") and "逾期9天" in words
    Assignment.objects.filter(pk=second.pk).update(state="returned")
    assert heaps(look(clerk, "/")) == ["late", "returned"]


def test_the_bureau_finds_what_waits_for_it(look, staff, submitted, monthly, liaison, sister_owed, sister_clerk):
    item = monthly.due_items.get(period="2026-02")
    report_progress(by=liaison, assignment=monthly, percent=100, text="二月自查完成", due_item=item)
    move_due_item(by=liaison, item=item, action="report")
    request_extension(
        by=sister_clerk, item=sister_owed.due_items.get(), new_due_on=dt.date(2026, 12, 1), reason="设备未到"
    )
    words = look(staff, "/")
    assert heaps(words)[:3] == ["review", "items", "extensions"]
    assert "石门煤矿" in words and "2026-02" in words and "设备未到" in words


def test_readers_see_campaigns_and_owe_nothing(look, leader, auditor, inspector, campaign):
    words = look(auditor, "/")
    assert campaign.title in words and not heaps(words) and "导入方案" not in words
    # A leader begins with the overview, which is a page of its own.
    assert "导入方案" not in look(leader, "/overview/")
    assert "later" in heaps(look(inspector, "/")), "an inspector works for the bureau, which owes something"


def test_a_stranger_sees_nothing_of_the_county(look, stranger, campaign):
    for address in ("/", "/campaigns/", "/assignments/", "/due-items/", "/extensions/"):
        words = look(stranger, address)
        assert campaign.title not in words and "石门煤矿" not in words


# -- who may open what ---------------------------------------------------------------------------------------------


def addresses(campaign, owed, extension):
    unmatched = Responsibility.objects.get(printed_name="县林业部门")
    return {
        "campaign": campaign.get_absolute_url(),
        "plan": reverse("tasks:campaign_plan", args=[campaign.pk]),
        "task": owed.task.get_absolute_url(),
        "target": reverse("tasks:target", args=[campaign.targets.get().pk]),
        "assignment": owed.get_absolute_url(),
        "match": reverse("tasks:responsibility", args=[unmatched.pk]),
        "deadline": reverse("tasks:assignment_deadline", args=[owed.pk]),
        "extension": reverse("tasks:extension_request", args=[extension.due_item_id]),
        "campaign_act": reverse("tasks:campaign_act", args=[campaign.pk]),
        "assignment_act": reverse("tasks:assignment_act", args=[owed.pk]),
        "due_item_act": reverse("tasks:due_item_act", args=[extension.due_item_id]),
        "extension_act": reverse("tasks:extension_act", args=[extension.pk]),
    }


READS = {
    # person: campaign plan task target assignment match deadline extension
    "staff": (200, 200, 200, 200, 200, 200, 200, 403),
    "clerk": (200, 200, 200, 200, 200, 403, 403, 200),
    "leader": (200, 200, 200, 200, 200, 403, 403, 403),
    "auditor": (200, 200, 200, 200, 200, 403, 403, 403),
    "inspector": (200, 200, 200, 200, 200, 403, 403, 403),
    "township_liaison": (200, 200, 200, 200, 200, 403, 403, 403),
    "enterprise_clerk": (200, 200, 200, 200, 200, 403, 403, 403),
    "sister_clerk": (200, 200, 200, 200, 404, 403, 404, 404),
    "liaison": (200, 200, 200, 200, 404, 403, 404, 404),
    "stranger": (404, 404, 404, 404, 404, 404, 404, 404),
}


@pytest.mark.parametrize("name", READS)
def test_every_page_opens_for_whom_it_may(request, client, campaign, owed, asked, name):
    client.force_login(request.getfixturevalue(name))
    found = [client.get(address).status_code for address in list(addresses(campaign, owed, asked).values())[:8]]
    assert tuple(found) == READS[name]


WRITES = [
    ("campaign_act", {"act": "close", "note": "到期"}),
    ("assignment", {"percent": "40", "text": "代填"}),
    ("assignment_act", {"act": "start"}),
    ("assignment_act", {"act": "accept"}),
    ("due_item_act", {"act": "report"}),
    ("extension_act", {"act": "approve"}),
    ("deadline", {"date": "2026-03-01", "reason": "汛期"}),
    ("extension", {"new_due_on": "2026-12-01", "reason": "汛期"}),
    ("target", {"on": "2026-02-01", "value": "10"}),
    ("match", {"means": "unit-1"}),
]


@pytest.mark.parametrize("name", ["leader", "auditor"])
@pytest.mark.parametrize(("where", "data"), WRITES)
def test_a_reader_writes_nothing(request, client, campaign, owed, asked, name, where, data):
    client.force_login(request.getfixturevalue(name))
    before = set(Event.objects.values_list("pk", flat=True))
    reply = client.post(addresses(campaign, owed, asked)[where], data)
    # A move that the state does not have is refused as such before anybody asks whose it is.
    assert reply.status_code == 403 or (reply.status_code == 409 and data.get("act") == "accept")
    told = Event.objects.exclude(pk__in=before).values_list("verb", flat=True)
    assert list(told) == ["user.refused"] and not ProgressEntry.objects.exists()


@pytest.mark.parametrize("name", ["sister_clerk", "stranger"])
@pytest.mark.parametrize(("where", "data"), WRITES[1:8])
def test_whoever_does_not_see_it_cannot_write_it_either(request, client, campaign, owed, asked, name, where, data):
    client.force_login(request.getfixturevalue(name))
    before = Event.objects.count()
    assert client.post(addresses(campaign, owed, asked)[where], data).status_code == 404
    assert Event.objects.count() == before


# -- the campaign --------------------------------------------------------------------------------------------------


def test_the_campaign_page_shows_the_five_columns_and_the_units_own_part(look, campaign, clerk, staff, county):
    words = look(staff, campaign.get_absolute_url())
    for expected in ("序号", "责任部门", "完成时限", "主要进展及完成情况", "县林业部门", "动员部署", "下井人数减少"):
        assert expected in words
    assert "共 4 条" in words
    own = look(clerk, campaign.get_absolute_url(), unit=county.mine.pk)
    assert "共 1 条" in own and "全员培训" in own
    foreign = look(clerk, campaign.get_absolute_url(), unit=county.sister_mine.pk)
    assert "全员培训" not in foreign, "a unit out of sight is no choice, and a wrong choice matches nothing"


@pytest.mark.parametrize(
    ("asked_for", "refs"),
    [
        ({"state": "not_started"}, ["1", "2", "3"]),
        ({"state": "ongoing"}, ["2"]),
        ({"role": "lead"}, ["1"]),
        ({"unmatched": "true"}, ["3"]),
        ({"within": "30"}, ["2"]),
        ({"overdue": "true"}, []),
        ({"q": "台账"}, ["1"]),
    ],
)
def test_the_filters_of_the_ledger(look, campaign, staff, asked_for, refs):
    words = look(staff, campaign.get_absolute_url(), **asked_for)
    shown = re.findall(r'<tr id="row-(\d+)"', words)
    assert [campaign.tasks.get(pk=pk).ref for pk in shown] == refs


def test_the_plan_tab_lists_duties_to_report_and_measures(look, campaign, clerk):
    words = look(clerk, reverse("tasks:campaign_plan", args=[campaign.pk]))
    assert "每月 28日前" in words and "加强领导" in words and "青安办〔2026〕1号" in words


def test_a_campaign_is_ended_with_a_reason_and_resumed(send, campaign, staff, clerk, owed):
    address = reverse("tasks:campaign_act", args=[campaign.pk])
    _, words = send(staff, address, act="close")
    assert "需要写明理由" in words
    _, words = send(staff, address, act="close", note="任务完成")
    assert "已结束" in words
    reply, _ = send(clerk, owed.get_absolute_url(), percent="10", text="晚了")
    assert reply.status_code == 403
    send(staff, address, act="reopen", note="延长")
    campaign.refresh_from_db()
    assert campaign.state == "active"


def test_a_printed_name_is_matched_and_remembered(send, look, campaign, staff, county):
    unit = Unit.objects.create(name="青岚县林业局", kind=KIND.DEPARTMENT, region=county.region)
    row = Responsibility.objects.get(printed_name="县林业部门")
    assert "未对应" in look(staff, row.task.get_absolute_url())
    _, words = send(staff, reverse("tasks:responsibility", args=[row.pk]), means=f"unit-{unit.pk}", remember="on")
    assert "新增1个责任事项" in words and "未对应" not in words
    assert UnitAlias.objects.filter(name="县林业部门", unit=unit, learned=True).exists()
    assert campaign.assignments.filter(unit=unit, task=row.task).exists()


def test_a_target_gets_readings(send, look, campaign, staff, clerk):
    address = reverse("tasks:target", args=[campaign.targets.get().pk])
    reply, words = send(staff, address, on="2026-02-11", value="8")
    assert reply.status_code == 422 and "日期不能晚于今天" in words and 'value="8"' in words
    _, words = send(staff, address, on="2026-02-09", value="8", note="一月底")
    assert "还差2%" in words
    send(staff, address, on="2026-02-10", value="12")
    assert "已达到" in look(clerk, campaign.get_absolute_url())
    assert TargetReading.objects.count() == 2
    assert "填写读数" not in look(clerk, address)


# -- one assignment --------------------------------------------------------------------------------------------------


def photo(name="现场.jpg"):
    return SimpleUploadedFile(name, picture(), content_type="image/jpeg")


def test_progress_with_a_photo_is_stored_and_seen_only_by_whom_it_may(
    send, client, owed, clerk, staff, leader, township_liaison, sister_clerk, stranger
):
    _, words = send(
        clerk, owed.get_absolute_url(), percent="40", text="已培训两个班组", evidence=[photo(), photo("b.jpg")]
    )
    assert "进展已保存" in words and "已培训两个班组" in words
    kept = Evidence.objects.get()
    thumbnail = reverse("common:evidence_thumb", args=[kept.public_id])
    assert thumbnail in words
    for who, status in (
        (clerk, 200),
        (staff, 200),
        (leader, 200),
        (township_liaison, 200),
        (sister_clerk, 404),
        (stranger, 404),
    ):
        client.force_login(who)
        assert client.get(thumbnail).status_code == status


def test_faulty_progress_comes_back_with_everything_typed(send, owed, clerk):
    reply, words = send(clerk, owed.get_absolute_url(), percent="120", text="写了很多字")
    assert reply.status_code == 422 and "写了很多字" in words and 'value="120"' in words
    reply, words = send(
        clerk, owed.get_absolute_url(), percent="20", text="好", evidence=SimpleUploadedFile("a.exe", b"MZ")
    )
    assert reply.status_code == 422 and not ProgressEntry.objects.exists() and not Evidence.objects.exists()


def test_the_whole_life_of_an_assignment_by_its_buttons(send, look, owed, clerk, staff, second_staff):
    act = reverse("tasks:assignment_act", args=[owed.pk])
    send(clerk, act, act="start")
    words = look(clerk, owed.get_absolute_url())
    assert "还没有填报进展，请先写明完成情况" in words, "what is missing is said before the button is pressed"
    send(clerk, owed.get_absolute_url(), percent="100", text="全员培训完毕")
    assert "已转为“待审核”" in send(clerk, act, act="submit")[1]
    assert "填报进展" not in look(clerk, owed.get_absolute_url()).split("<aside")[0].split("进展记录")[0]
    assert "需要写明理由" in send(staff, act, act="return")[1]
    assert "已退回" in send(staff, act, act="return", note="缺签到表")[1]
    assert "缺签到表" in look(clerk, owed.get_absolute_url())
    send(clerk, act, act="submit")
    assert "已转为“已完成”" in send(second_staff, act, act="accept")[1]
    owed.refresh_from_db()
    assert (owed.state, owed.returned_count, owed.percent) == ("done", 1, 100)


@pytest.mark.parametrize(
    ("name", "action"),
    [("clerk", "accept"), ("clerk", "submit"), ("staff", "submit"), ("staff", "reopen"), ("staff", "nonsense")],
)
def test_an_illegal_move_is_refused_in_a_sentence_and_changes_nothing(request, send, owed, name, action):
    _, said = send(
        request.getfixturevalue(name), reverse("tasks:assignment_act", args=[owed.pk]), act=action, note="因"
    )
    assert "当前状态为“未开始”，不能" in said
    owed.refresh_from_db()
    assert owed.state == "not_started"
    assert not Event.objects.filter(verb__startswith="assignment.").exists()


def test_a_move_of_another_is_forbidden_though_its_state_is_right(client, submitted, clerk, staff):
    client.force_login(clerk)
    act = reverse("tasks:assignment_act", args=[submitted.pk])
    assert client.post(act, {"act": "accept"}).status_code == 403
    client.force_login(staff)
    assert client.post(act, {"act": "recall"}).status_code == 403
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_one_month_is_reported_returned_and_accepted(send, look, monthly, liaison, staff):
    item = monthly.due_items.get(period="2026-02")
    act = reverse("tasks:due_item_act", args=[item.pk])
    assert "还没有填报这一项的进展" in send(liaison, act, act="report")[1]
    send(liaison, monthly.get_absolute_url(), percent="50", text="二月自查完成", due_item=str(item.pk))
    send(liaison, act, act="report")
    send(staff, act, act="return", note="缺台账")
    send(liaison, act, act="report")
    assert "已完成" in send(staff, act, act="accept")[1]
    monthly.refresh_from_db()
    assert monthly.due_on == dt.date(2026, 3, 31)


def test_the_bureau_accepts_many_at_once_but_not_its_own(
    send, client, campaign, county, staff, second_staff, submitted
):
    own = campaign.assignments.get(task__ref="1", unit=county.bureau)
    report_progress(by=staff, assignment=own, percent=100, text="台账已建")
    own.refresh_from_db()
    move_assignment(by=staff, assignment=own, action="submit")
    _, words = send(staff, "/assignments/?state=submitted", act="accept", scope="all")
    assert "审核通过1项" in words and "请由另一名工作人员审核" in words
    _, words = send(second_staff, "/assignments/", act="accept", selected=[str(own.pk)])
    assert "审核通过1项" in words
    assert campaign.assignments.filter(state="done").count() == 2


def test_a_unit_has_no_bulk_buttons(send, look, clerk, submitted):
    assert 'name="act"' not in look(clerk, "/assignments/")
    send(clerk, "/assignments/", act="accept", scope="all")
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_a_deadline_of_one_units_own(send, look, owed, sister_owed, staff, clerk):
    address = reverse("tasks:assignment_deadline", args=[owed.pk])
    reply, words = send(staff, address, date="2026-02-09", reason="x")
    assert reply.status_code == 422 and "期限不能早于今天" in words
    send(staff, address, date="2026-03-15", scope="先培训特种作业人员", reason="事故多发")
    owed.refresh_from_db()
    sister_owed.refresh_from_db()
    assert (owed.due_on, sister_owed.due_on) == (dt.date(2026, 3, 15), dt.date(2026, 9, 30))
    assert "先培训特种作业人员" in look(clerk, owed.get_absolute_url())


def test_a_later_day_is_asked_for_and_granted_by_a_second_person(send, look, owed, clerk, staff):
    item = owed.due_items.get()
    address = reverse("tasks:extension_request", args=[item.pk])
    reply, words = send(clerk, address, new_due_on="2026-09-01", reason="教材未到")
    assert reply.status_code == 422 and "晚于现在的期限" in words and "教材未到" in words
    assert "等待审批" in send(clerk, address, new_due_on="2026-11-30", reason="教材未到")[1]
    assert "教材未到" in look(staff, "/extensions/")
    asked = DeadlineExtension.objects.get()
    act = reverse("tasks:extension_act", args=[asked.pk])
    reply, _ = send(clerk, act, act="approve")
    assert reply.status_code == 403
    assert "已同意" in send(staff, act, act="approve")[1]
    owed.refresh_from_db()
    assert owed.due_on == dt.date(2026, 11, 30)
    assert "2026-09-30 → 2026-11-30" in look(clerk, owed.get_absolute_url())


def test_nobody_grants_what_they_asked_for(send, campaign, county, staff, second_staff):
    own = campaign.assignments.get(task__ref="1", unit=county.bureau)
    asked = request_extension(
        by=staff, item=own.due_items.get(label="完成摸底"), new_due_on=dt.date(2026, 8, 31), reason="汛期"
    )
    act = reverse("tasks:extension_act", args=[asked.pk])
    assert "请由另一名工作人员审批" in send(staff, act, act="approve")[1]
    assert "已同意" in send(second_staff, act, act="approve")[1]


# -- cost ----------------------------------------------------------------------------------------------------------


LISTS = [
    "/",
    "/campaigns/",
    "campaign",
    "plan",
    "task",
    "/assignments/",
    "/assignments/?q=1",
    "/due-items/",
    "/extensions/",
    "assignment",
]
# A thing is read with what other rooms show on its page.
MOST_QUERIES = {"assignment": 20}
"""A list asks at most twelve times, and the page of an assignment also for its ladder of reminders and the letters."""
LIST_QUERIES = 12


@pytest.mark.parametrize("where", LISTS)
@pytest.mark.parametrize("name", ["staff", "clerk"])
def test_a_page_asks_the_database_as_often_for_2_rows_as_for_20(request, client, county, staff, clerk, where, name):
    who = request.getfixturevalue(name)
    asked = []
    for size in (2, 20):
        campaign = create_campaign(by=staff, region=county.region, plan=long_plan(size), matches=small_matches(county))
        mine = list(campaign.assignments.filter(unit=county.mine).select_related("campaign", "unit"))
        for owed in mine:
            report_progress(by=clerk, assignment=owed, percent=10, text="开始了")
            item = owed.due_items.get()
            request_extension(by=clerk, item=item, new_due_on=dt.date(2027, 1, 31), reason="等教材")
        DueItem.objects.filter(assignment__in=mine[1::2]).update(state="reported")
        address = {
            "campaign": campaign.get_absolute_url(),
            "plan": reverse("tasks:campaign_plan", args=[campaign.pk]),
            "task": campaign.tasks.first().get_absolute_url(),
            "assignment": mine[0].get_absolute_url(),
        }.get(where, where)
        client.force_login(who)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert asked[1] <= MOST_QUERIES.get(where, LIST_QUERIES), "\n".join(query["sql"][:150] for query in queries)


def test_a_campaign_of_300_tasks_and_20_mines_is_a_small_page(client, county, staff):
    for number in range(18):
        mine = Unit.objects.create(name=f"青岚县第{number}号煤矿有限责任公司", kind=KIND.MINE, region=county.region)
        mine.tags.add("coal")
    campaign = create_campaign(by=staff, region=county.region, plan=long_plan(300), matches=small_matches(county))
    assert campaign.assignments.count() == 300 * 21
    client.force_login(staff)
    for address in (campaign.get_absolute_url(), "/assignments/", "/due-items/", "/"):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            reply = client.get(address)
        assert len(reply.content) <= 120_000, address
        assert len(queries) <= MOST_QUERIES.get(address, LIST_QUERIES), address


@pytest.mark.parametrize("order", ["", "unit", "-due", "percent"])
def test_a_long_list_shows_the_same_rows_in_the_same_order(look, county, staff, monkeypatch, order):
    create_campaign(by=staff, region=county.region, plan=long_plan(12), matches=small_matches(county))

    def shown():
        pages = [look(staff, "/assignments/", order=order, size="20", page=str(page)) for page in (1, 2)]
        return [row for words in pages for row in re.findall(r'<tr id="row-(\d+)"', words)]

    short = shown()
    monkeypatch.setattr("common.lists.page.MANY", 1)
    assert shown() == short and len(set(short)) == 36


@pytest.mark.parametrize("where", ["/assignments/", "/due-items/"])
def test_a_search_finds_the_same_rows_by_either_way(look, county, staff, monkeypatch, where):
    create_campaign(by=staff, region=county.region, plan=long_plan(3), matches=small_matches(county))
    for words in ("石门", "2", "石门 2", "没有这样的词"):
        found = []
        for digits in (6, 0):
            monkeypatch.setattr("tasks.filters.COUNTY", digits)
            found.append(re.findall(r'<tr id="row-(\d+)"', look(staff, where, q=words)))
        assert found[0] == found[1] and bool(found[0]) == (words != "没有这样的词")


@pytest.mark.parametrize("name", ["staff", "clerk", "township_liaison", "enterprise_clerk", "leader", "stranger"])
def test_a_wide_reach_finds_the_same_rows_as_a_narrow_one(request, monkeypatch, campaign, name):
    who = request.getfixturevalue(name)
    narrow = [set(noun.objects.visible_to(who).values_list("pk", flat=True)) for noun in (Assignment, DueItem)]
    monkeypatch.setattr("tasks.querysets.WIDE", 99)
    assert narrow == [set(noun.objects.visible_to(who).values_list("pk", flat=True)) for noun in (Assignment, DueItem)]
