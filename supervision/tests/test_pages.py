"""The pages of reminders: whose inbox, what the bell says, who sets steps, and the ladder on the thing's own page."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import NotAllowed, Refused
from supervision.ladders import DEFAULT_STEPS, Step
from supervision.models import Channel, Contact, Ladder, Mute, Notice
from supervision.services.inbox import set_contact
from supervision.services.reminders import run_reminders
from supervision.services.settings import clear_ladder, set_ladder
from supervision.tests.conftest import MONDAY, at, days
from supervision.tests.owed import make_items
from units.models import Role
from units.tests.people import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_admin(county):
    return person("admin.bai", "白管理", Role.BUREAU_ADMIN, county.other_bureau)


@pytest.fixture
def told(item, clerk, mine_head, staff):
    """The clerk, the head and the section have been told that it is late."""
    run_reminders(now=at(MONDAY + days(3)))
    return item


def test_an_inbox_is_its_owners(client, told, clerk, staff, sister_clerk, stranger):
    mine, theirs = Notice.objects.get(recipient=clerk), Notice.objects.get(recipient=staff)
    client.force_login(clerk)
    page = client.get("/inbox/").content.decode()
    assert "第1项排查整治任务" in page and "逾期3个工作日" in page
    assert client.get(f"/inbox/{theirs.pk}/").status_code == 404
    answer = client.get(f"/inbox/{mine.pk}/")
    assert answer.status_code == 302 and answer["Location"] == f"/assignments/{told.assignment_id}/"
    mine.refresh_from_db()
    assert mine.read_at is not None
    for other in (sister_clerk, stranger):
        client.force_login(other)
        assert "第1项" not in client.get("/inbox/").content.decode()


def test_the_bell_counts_what_is_unread(client, told, clerk):
    client.force_login(clerk)
    page = client.get("/").content.decode()
    assert 'hx-get="/inbox/unread/"' in page
    assert "1<span" in client.get("/inbox/unread/").content.decode()
    assert client.post("/inbox/read/").status_code == 302
    assert client.get("/inbox/unread/").content.decode().strip() == ""


def test_the_count_stops_at_ninety_nine(client, county, campaign, clerk):
    make_items(campaign, [county.mine], [MONDAY] * 120)
    run_reminders(now=at(MONDAY))
    client.force_login(clerk)
    assert "99+" in client.get("/inbox/unread/").content.decode()


def test_several_are_marked_as_read_at_once_but_only_own_ones(client, told, clerk, staff):
    client.force_login(clerk)
    chosen = list(Notice.objects.values_list("pk", flat=True))
    client.post("/inbox/", {"act": "read", "selected": chosen})
    assert Notice.objects.get(recipient=clerk).read_at
    assert not Notice.objects.get(recipient=staff).read_at


def test_wishes_are_kept(client, clerk, county):
    Channel.objects.create(region=county.region, kind="email", is_on=True)
    client.force_login(clerk)
    page = client.get("/inbox/settings/").content.decode()
    assert "电子邮件提醒" in page and "钉钉群机器人提醒" not in page
    data = {"quiet_from": "18:00", "quiet_until": "09:00", "by_email": ["hazard", "listing"]}
    assert client.post("/inbox/settings/", data).status_code == 302
    assert Contact.objects.get(user=clerk).quiet_from == dt.time(18)
    assert "task" in set(Mute.objects.filter(user=clerk).values_list("kind", flat=True))
    assert not Mute.objects.filter(user=clerk, kind="hazard").exists()
    assert "18:00" in client.get("/profile/").content.decode()


def test_quiet_hours_that_leave_no_day_are_refused(client, clerk):
    with pytest.raises(Refused, match="免打扰时间太长"):
        set_contact(by=clerk, quiet_from=dt.time(8), quiet_until=dt.time(20), wanted={})
    client.force_login(clerk)
    answer = client.post("/inbox/settings/", {"quiet_from": "07:00", "quiet_until": "19:30"})
    assert answer.status_code == 422 and "免打扰时间太长" in answer.content.decode()


def test_the_ladder_stands_on_the_page_of_the_thing(client, told, clerk, mine_head, staff, sister_clerk):
    client.force_login(staff)
    page = client.get(f"/assignments/{told.assignment_id}/").content.decode()
    panel = page[page.index('id="reminders"') :]
    assert "逾期3个工作日" in panel and "刘填报" in panel and "何矿长" in panel and "未读" in panel
    assert "未发：到期前7个工作日、到期前3个工作日、到期前1个工作日、到期当日、逾期1个工作日" in panel
    client.force_login(sister_clerk)
    assert client.get(f"/assignments/{told.assignment_id}/").status_code == 404


def test_the_list_of_what_was_told(client, told, county, campaign, staff, stranger, clerk):
    client.force_login(staff)
    page = client.get("/reminders/").content.decode()
    assert "第1项排查整治任务" in page and "何矿长" in page
    assert "第1项" not in client.get("/reminders/?late=false").content.decode()
    client.force_login(stranger)
    assert "第1项" not in client.get("/reminders/").content.decode()


def test_two_rows_and_twenty_cost_the_same(client, county, campaign, clerk, mine_head, staff):
    def queries(url: str, who) -> int:
        client.force_login(who)
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    make_items(campaign, [county.mine], [MONDAY] * 2)
    run_reminders(now=at(MONDAY + days(3)))
    before = [queries("/reminders/", staff), queries("/inbox/", clerk)]
    make_items(campaign, [county.mine], [MONDAY] * 18)
    run_reminders(now=at(MONDAY + days(4)))
    assert [queries("/reminders/", staff), queries("/inbox/", clerk)] == before
    assert max(before) <= 12


def test_an_administrator_sets_steps_by_a_paper(client, admin, staff, county, campaign):
    client.force_login(staff)
    assert "本系统建议值" in client.get("/reminders/ladders/").content.decode()
    assert client.get("/reminders/ladders/edit/").status_code == 403
    client.force_login(admin)
    url = f"/reminders/ladders/edit/?campaign={campaign.pk}"
    assert client.get(url).status_code == 200
    rows = {"rows": "2", "when_0": "before", "days_0": "5", "to_0": ["person"], "when_1": "after", "days_1": "2"}
    missing = client.post(url, {**rows, "source": ""})
    assert missing.status_code == 422
    answer = client.post(url, {**rows, "to_1": ["head", "leader"], "source": "青安委〔2026〕3号"})
    assert answer.status_code == 302
    ladder = Ladder.objects.get(campaign=campaign)
    assert ladder.as_steps == (Step(-5, ("person",)), Step(2, ("head", "leader")))
    assert "青安委〔2026〕3号" in client.get("/reminders/ladders/").content.decode()
    assert client.post(f"/reminders/ladders/{ladder.pk}/clear/").status_code == 302
    assert not Ladder.objects.exists()


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), "1至12个台阶"),
        ((Step(1, ("head",)), Step(1, ("person",))), "同一天"),
        ((Step(1, ()),), "选择提醒谁"),
        ((Step(90, ("head",)),), "不超过60"),
        ((Step(1, ("everybody",)),), "无法识别"),
    ],
)
def test_steps_that_make_no_ladder_are_refused(admin, steps, words):
    with pytest.raises(Refused) as refused:
        set_ladder(by=admin, steps=steps, source="通知")
    assert words in str(refused.value.fields)


def test_another_county_keeps_its_hands_off(admin, county, stranger, other_admin, campaign):
    ladder = set_ladder(by=admin, steps=DEFAULT_STEPS, source="通知")
    with pytest.raises(NotAllowed):
        clear_ladder(by=other_admin, ladder=ladder)
    with pytest.raises(NotAllowed):
        set_ladder(by=other_admin, steps=DEFAULT_STEPS, source="通知", campaign=campaign)
    with pytest.raises(NotAllowed):
        set_ladder(by=stranger, steps=DEFAULT_STEPS, source="通知")


@pytest.mark.django_db(transaction=True)
def test_the_clerk_sees_it_at_the_bell(told, clerk, client, live_server, page):
    """In a browser: the number appears at the bell, and goes once the thing was opened from the inbox."""
    client.force_login(clerk)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + "/")
    page.locator(".bell-count").wait_for()
    page.locator(".bell").click()
    page.get_by_role("link", name="第1项排查整治任务").click()
    page.wait_for_url("**/assignments/*/")
    page.get_by_role("heading", name="提醒台阶").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.locator(".bell-count").count() == 0
