"""Real messages to a real mail server and web server on loopback: once each, tried again, given up, never in doubt twice."""

import datetime as dt
import itertools
import socket
import uuid

import pytest
import time_machine

from common.errors import NotAllowed, Refused
from common.models import Event
from common.outbox import NotDelivered
from supervision.channels import robots
from supervision.channels.web import post_json, reachable_address
from supervision.models import Channel, Contact, Delivery, Mute
from supervision.services import deliveries
from supervision.services.deliveries import deliver_digests, retry_delivery
from supervision.services.reminders import run_reminders
from supervision.services.settings import set_channel, try_channel
from supervision.tests.conftest import MONDAY, at, days
from supervision.tests.owed import make_items
from tasks.models import DueItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def reachable(clerk):
    clerk.email, clerk.phone = "liu@example.invalid", "13800000000"
    clerk.save()
    return clerk


def channel(county, kind, **fields):
    return Channel.objects.create(region=county.region, kind=kind, is_on=True, **fields)


def deliver(moment):
    return dict(deliver_digests(now=moment))


def test_a_digest_by_mail(county, item, reachable, mail_server, settings):
    channel(county, "email")
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"sent": 1}
    assert deliver(at(MONDAY, 10)) == {}, "once"
    (mail,) = mail_server.got
    assert mail["To"] == "liu@example.invalid"
    assert mail["Subject"].strip() == "【矿山安全专项行动】刘填报：有1件事项需要办理，其中1件三天内到期"
    assert mail["Message-ID"] == f"<{Delivery.objects.get().key}@localhost>"
    words = mail.get_content()
    assert "第1项排查整治任务（石门煤矿）今天到期，应于2026-06-15前完成" in words
    assert f"{settings.SITE_URL}/inbox/" in words


def test_a_digest_by_hook_carries_its_key_and_secret(county, item, reachable, web_server):
    channel(county, "hook", address=f"{web_server.url}/sms?from=ledger", secret="open-sesame")
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"sent": 1}
    (got,) = web_server.got
    assert got["path"] == "/sms?from=ledger"
    assert got["headers"]["Authorization"] == "Bearer open-sesame"
    assert got["headers"]["Idempotency-Key"] == got["body"]["key"] == str(Delivery.objects.get().key)
    assert got["body"]["to"] == {"username": "clerk.liu", "name": "刘填报", "phone": "13800000000"}
    assert "第1项排查整治任务" in got["body"]["text"]


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_robot_says_how_many_but_not_which(county, item, reachable, web_server, monkeypatch, kind):
    monkeypatch.setitem(robots.ADDRESSES, Channel.Kind(kind), f"{web_server.url}/{kind}")
    channel(county, kind, secret="k-123", signing_secret="s-456")
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"sent": 1}
    (got,) = web_server.got
    assert "k-123" in got["path"]
    assert ("sign" in str(got["path"] + str(got["body"]))) == (kind != "wecom")
    words = str(got["body"])
    assert "刘填报：有1件事项需要办理" in words and "第1项" not in words


def test_a_robot_that_answers_200_to_a_wrong_key_has_not_sent(county, item, reachable, web_server, monkeypatch):
    monkeypatch.setitem(robots.ADDRESSES, Channel.Kind.WECOM, web_server.url)
    web_server.answer = {"errcode": 93000, "errmsg": "invalid webhook url"}
    wecom = channel(county, "wecom", secret="wrong")
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"failed": 1}
    assert "93000 invalid webhook url" in Delivery.objects.get().last_error
    wecom.refresh_from_db()
    assert wecom.is_failing and "93000" in wecom.error

    # Too many messages in a minute is a matter of waiting.
    web_server.answer = {"errcode": 45009, "errmsg": "freq out of limit"}
    Delivery.objects.update(state="waiting", attempts=0, next_attempt_at=at(MONDAY))
    assert deliver(at(MONDAY)) == {"waiting": 1}


def test_tried_again_with_growing_pauses_and_given_up(county, item, reachable, web_server):
    web_server.status = 503
    channel(county, "hook", address=web_server.url)
    run_reminders(now=at(MONDAY))
    moment, attempts = at(MONDAY), []
    while (row := Delivery.objects.order_by("pk").last()).state == "waiting":
        moment = max(moment, row.next_attempt_at)
        deliver(moment)
        attempts.append(moment)
    pauses = [int((b - a).total_seconds() // 60) for a, b in itertools.pairwise(attempts)]
    assert pauses == [1, 5, 30, 120, 360], "the last one is still within the day"
    assert (row.state, row.attempts, len(row.log)) == ("failed", 6, 6)
    assert len({got["headers"]["Idempotency-Key"] for got in web_server.got}) == 1
    web_server.status = 200
    with time_machine.travel(at(MONDAY + days(1))):
        retry_delivery(by=reachable, delivery=row)
    assert deliver(at(MONDAY + days(1))) == {"sent": 1}


def test_a_wrong_address_is_not_tried_again(county, item, reachable, mail_server):
    mail_server.refused = {"liu@example.invalid"}
    channel(county, "email")
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"failed": 1}
    assert "550" in Delivery.objects.get().last_error


def test_a_dead_channel_stops_neither_the_run_nor_the_others(
    county, campaign, reachable, sister_clerk, mine_head, township_liaison, staff, web_server, settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    people = [reachable, sister_clerk, mine_head, township_liaison, staff]
    for person in people:
        person.email, person.phone = f"{person.username}@example.invalid", "13800000000"
        person.save()
    make_items(campaign, [county.mine, county.sister_mine], [MONDAY - days(5)])
    channel(county, "email")
    channel(county, "hook", address=web_server.url)
    run_reminders(now=at(MONDAY))
    result = deliver(at(MONDAY))
    assert result["sent"] == len(people) == len(web_server.got)
    tried = Delivery.objects.filter(channel__kind="email", attempts=1)
    assert tried.count() == deliveries.DEAD_AFTER, "the others wait for the next run instead of for a time-out each"
    assert "没有响应" in tried[0].last_error


def test_a_worker_that_died_while_sending(county, item, reachable, web_server, monkeypatch, settings):
    """What the other side can tell apart is sent again under the same key; what it cannot is left to a person."""
    monkeypatch.setitem(robots.ADDRESSES, Channel.Kind.WECOM, web_server.url)
    channel(county, "hook", address=web_server.url)
    channel(county, "wecom", secret="k")
    run_reminders(now=at(MONDAY))
    died_at = at(MONDAY, 9, 1)
    Delivery.objects.update(state="sending", claim=uuid.uuid4(), claimed_at=died_at, attempts=1)
    assert deliver(died_at + dt.timedelta(seconds=10)) == {}, "it may still be alive"
    assert deliver(died_at + dt.timedelta(seconds=settings.DELIVERY_LOST_AFTER_SECONDS + 1)) == {"sent": 1}
    states = dict(Delivery.objects.values_list("channel__kind", "state"))
    assert states == {"hook": "sent", "wecom": "unsure"}
    assert web_server.got[0]["headers"]["Idempotency-Key"] == str(Delivery.objects.get(channel__kind="hook").key)


def test_quiet_hours_and_days_without_work(county, item, reachable, web_server):
    channel(county, "hook", address=web_server.url)
    Contact.objects.create(user=reachable, quiet_from=dt.time(18), quiet_until=dt.time(10, 30))
    run_reminders(now=at(MONDAY, 9))
    assert not Delivery.objects.exists(), "quiet until half past ten"
    run_reminders(now=at(MONDAY, 11))
    web_server.status = 503
    assert deliver(at(MONDAY, 17, 59)) == {"waiting": 1}
    web_server.status = 200
    assert deliver(at(MONDAY, 19)) == {}, "the second attempt would disturb the evening"
    assert Delivery.objects.get().next_attempt_at == at(MONDAY + days(1), 10, 30)
    Delivery.objects.update(next_attempt_at=at(MONDAY + days(5)))
    assert deliver(at(MONDAY + days(5), 12)) == {}, "a Saturday"
    assert Delivery.objects.get().next_attempt_at == at(MONDAY + days(7), 10, 30)
    assert deliver(at(MONDAY + days(7), 10, 30)) == {"sent": 1}


def test_own_hours_do_not_open_the_night(county, item, reachable, web_server):
    channel(county, "hook", address=web_server.url)
    Contact.objects.create(user=reachable, quiet_from=dt.time(12), quiet_until=dt.time(14))
    run_reminders(now=at(MONDAY, 23))
    run_reminders(now=at(MONDAY, 13))
    assert not Delivery.objects.exists()
    run_reminders(now=at(MONDAY, 11))
    Delivery.objects.update(next_attempt_at=at(MONDAY, 12))
    assert deliver(at(MONDAY, 12, 30)) == {}
    assert Delivery.objects.get().next_attempt_at == at(MONDAY, 14)
    assert deliver(at(MONDAY, 22)) == {}
    assert Delivery.objects.get().next_attempt_at == at(MONDAY + days(1), 8)


def test_a_kind_that_was_muted_does_not_come(county, item, reachable, mail_server, web_server):
    channel(county, "email")
    channel(county, "hook", address=web_server.url)
    Mute.objects.create(user=reachable, channel="hook", kind="task")
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"sent": 1}
    assert len(mail_server.got) == 1 and not web_server.got


def test_what_was_settled_meanwhile_is_not_sent_late(county, item, reachable, web_server):
    channel(county, "hook", address=web_server.url)
    run_reminders(now=at(MONDAY))
    DueItem.objects.update(state="reported")
    assert deliver(at(MONDAY, 11)) == {"dropped": 1}
    assert not web_server.got


def test_secrets_stay_out_of_history_and_pages(client, admin, county):
    hook = set_channel(by=admin, kind="hook", is_on=True, address="https://sms.example.cn/send", secret="s3cret-1")
    client.force_login(admin)
    page = client.get("/reminders/channels/hook/").content.decode()
    assert "https://sms.example.cn/send" in page and "已保存" in page and "s3cret-1" not in page
    answer = client.post("/reminders/channels/hook/", {"is_on": "on", "address": "https://sms.example.cn/2"})
    assert answer.status_code == 302
    hook.refresh_from_db()
    assert (hook.address, hook.secret) == ("https://sms.example.cn/2", "s3cret-1"), "left empty, it is kept"
    set_channel(by=admin, kind="hook", is_on=True, address=hook.address, secret="s3cret-2")
    told = str(list(Event.objects.filter(verb="channel.changed").values()))
    assert "s3cret" not in told and "更换了密钥" in told


def test_only_administrators_keep_channels(client, staff, clerk, stranger, county):
    for person in (staff, clerk):
        client.force_login(person)
        assert client.get("/reminders/channels/").status_code == 403
        assert client.post("/reminders/channels/hook/test/").status_code == 403
        assert client.get("/reminders/deliveries/").status_code == 403
        with pytest.raises(NotAllowed):
            set_channel(by=person, kind="email", is_on=True)


def test_a_test_message_says_what_the_other_side_said(
    client, admin, county, web_server, django_capture_on_commit_callbacks
):
    admin.phone = "13900000000"
    admin.save()
    hook = set_channel(by=admin, kind="hook", is_on=False, address=web_server.url)
    client.force_login(admin)
    with django_capture_on_commit_callbacks(execute=True):
        job = client.post("/reminders/channels/hook/test/")
    assert client.get(job["Location"], headers={"Accept": "application/json"}).json()["state"] == "done"
    assert "测试" in web_server.got[0]["body"]["text"]
    web_server.status = 401
    with pytest.raises(Refused, match="HTTP 401"):
        try_channel(by=admin, channel=hook)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.1.2.3", "192.168.0.9", "169.254.169.254", "::1", "::ffff:10.0.0.1", "fd00::1",
     "0.0.0.0", "100.64.0.1", "224.0.0.1", "2002:7f00:1::"],
)  # fmt: skip
def test_a_hook_does_not_reach_into_the_own_network(settings, host, monkeypatch):
    settings.HOOKS_TO_PRIVATE = False
    monkeypatch.setattr(
        "socket.getaddrinfo", lambda *a, **k: [(0, 0, 0, "", (host if host != "localhost" else "127.0.0.1", 80))]
    )
    with pytest.raises(NotDelivered, match="内部网络") as refused:
        reachable_address(host, 80)
    assert refused.value.final


def test_a_name_with_one_inner_address_among_outer_ones_is_refused(settings, monkeypatch):
    settings.HOOKS_TO_PRIVATE = False
    both = [(0, 0, 0, "", ("203.0.114.1", 443)), (0, 0, 0, "", ("10.0.0.5", 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: both)
    with pytest.raises(NotDelivered):
        reachable_address("sms.example.cn", 443)


def test_a_redirect_is_not_followed(web_server):
    web_server.status, web_server.headers = 302, {"Location": f"{web_server.url}/inner"}
    with pytest.raises(NotDelivered, match="302") as refused:
        post_json(web_server.url, {})
    assert refused.value.final and len(web_server.got) == 1


@pytest.mark.parametrize("url", ["ftp://example.cn/", "file:///etc/passwd", "example.cn", "https://"])
def test_other_addresses_are_refused(url):
    with pytest.raises(NotDelivered, match="https://"):
        post_json(url, {})


def apprise_url(web_server, rest=""):
    return f"json://robot:s3cret-9@127.0.0.1:{web_server.server_address[1]}/{rest}"


def test_another_service_gets_the_brief_words_of_a_group(county, item, reachable, web_server):
    channel(county, "other", secret=apprise_url(web_server, "group"))
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"sent": 1}
    (got,) = web_server.got
    assert got["path"] == "/group" and "Basic" in got["headers"]["Authorization"]
    assert "刘填报：有1件事项需要办理" in got["body"]["message"] and "第1项" not in str(got["body"])


def test_another_service_with_a_place_for_a_person_gets_everything(county, item, reachable, web_server):
    channel(county, "other", secret=apprise_url(web_server, "sms/{phone}"))
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"sent": 1}
    (got,) = web_server.got
    assert got["path"] == "/sms/13800000000" and "第1项排查整治任务" in got["body"]["message"]
    reachable.phone = ""
    assert not Channel.objects.get().reaches(reachable)


def test_what_another_service_refuses_is_seen_and_tried_again(county, item, reachable, web_server):
    web_server.status = 503
    other = channel(county, "other", secret=apprise_url(web_server))
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"waiting": 1}
    row = Delivery.objects.get()
    assert "503" in row.last_error and "s3cret" not in row.last_error
    web_server.status = 200
    assert deliver(row.next_attempt_at) == {"sent": 1}
    other.refresh_from_db()
    assert other.worked_at and "503" in other.error
    # Nobody can tell a repeat: what was being sent when a worker died is left to a person.
    Delivery.objects.update(state="sending", claim=uuid.uuid4(), claimed_at=at(MONDAY), attempts=1)
    deliver(at(MONDAY, 12))
    assert Delivery.objects.get().state == "unsure" and len(web_server.got) == 2


def test_another_service_does_not_reach_into_the_own_network(county, item, reachable, web_server, settings):
    settings.HOOKS_TO_PRIVATE = False
    channel(county, "other", secret=apprise_url(web_server))
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"failed": 1}
    assert "内部网络" in Delivery.objects.get().last_error and not web_server.got
    # Afterwards the process connects as ever.
    socket.create_connection(web_server.server_address, 5).close()


def test_a_redirect_of_another_service_is_not_followed(county, item, reachable, web_server):
    web_server.status, web_server.headers = 302, {"Location": f"{web_server.url}/inner"}
    channel(county, "other", secret=apprise_url(web_server, "?redirect=yes&verify=no"))
    run_reminders(now=at(MONDAY))
    assert deliver(at(MONDAY)) == {"waiting": 1}
    assert len(web_server.got) == 1


@pytest.mark.parametrize("url", ["dingtalk://abcdef", "wecombot://abcdef", "nonsense", "foo://bar", "syslog://"])
def test_addresses_that_another_service_cannot_have(admin, county, url):
    with pytest.raises(Refused) as refused:
        set_channel(by=admin, kind="other", is_on=True, secret=url)
    assert "secret" in refused.value.fields
