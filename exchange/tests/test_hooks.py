"""Other systems are told of changes: signed, each once, only of what they see, and again where they did not answer."""

import base64
import datetime as dt
import hmac
import json
import re
import uuid

import pytest
from django.utils import timezone

from common.errors import NotAllowed, Refused
from common.models import Event, Job
from common.seals import seal_history
from exchange.models import HookDelivery, Subscription
from exchange.services import hooks
from exchange.services.accounts import close_service_account
from exchange.signing import is_secret, new_secret
from hazards.services.register import move_hazard, register_hazard
from supervision.tests.receivers import WebServer, served
from units.models import Unit

pytestmark = pytest.mark.django_db

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


@pytest.fixture
def receiver(settings):
    settings.HOOKS_TO_PRIVATE = True
    with served(WebServer()) as server:
        yield server


def subscribed(system, address, **more):
    body = {"address": address, "nouns": ["hazards"], "secret": SECRET} | more
    answer = system.post("hooks/", body)
    assert answer.status_code == 201, answer.content
    assert "secret" not in answer.json()
    return Subscription.objects.get(pk=answer.json()["id"])


@pytest.fixture
def register(coal_mine, clerk, today):
    """The mine reports another hazard: `register()`."""

    def make(description="顶板离层仪失效"):
        return register_hazard(
            by=clerk, mine=coal_mine, place="三采区", description=description, found_on=today, source="self_check"
        )

    return make


def told(now=None):
    seal_history()
    hooks.fill_outbox(now=now)
    return hooks.deliver_hooks(now=now)


def reads(got, secret=SECRET):
    """What a reader does that keeps to the specification: check the signature, and take the body."""
    heads = {name.lower(): value for name, value in got["headers"].items()}
    body = json.dumps(got["body"], ensure_ascii=False, separators=(",", ":")).encode()
    signed = f"{heads['webhook-id']}.{heads['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(base64.b64decode(secret[6:]), signed, "sha256")).decode()
    assert heads["webhook-signature"] == f"v1,{expected}"
    assert abs(timezone.now().timestamp() - int(heads["webhook-timestamp"])) < 300
    return heads["webhook-id"], got["body"]


def test_a_system_is_told_of_what_it_sees_and_of_nothing_else(receiver, hazard, mine_system, sister_system, register):
    seal_history()
    mine = subscribed(mine_system, f"{receiver.url}/mine")
    subscribed(sister_system, f"{receiver.url}/sister")
    assert told() == {} and receiver.got == []  # what was before is found in the feed
    register(description="顶板离层仪失效")
    assert told() == {"sent": 1}
    (got,) = receiver.got
    key, body = reads(got)
    assert got["path"] == "/mine" and body["type"] == "hazard.registered" and body["data"]["noun"] == "hazards"
    assert mine_system.client.get(body["data"]["url"], headers=mine_system.headers()).status_code == 200
    assert told() == {} and len(receiver.got) == 1
    row = mine.deliveries.get()
    assert str(row.key) == key and row.state == "sent" and row.sequence == body["data"]["sequence"]


def test_only_closures_may_be_asked_for(receiver, bureau_system, register, admin):
    subscribed(bureau_system, receiver.url, verbs=["hazard.void"])
    row = register()
    assert told() == {}
    move_hazard(by=admin, hazard=row, action="void", note="重复登记")
    assert told() == {"sent": 1} and reads(receiver.got[0])[1]["type"] == "hazard.void"


def test_what_is_not_taken_is_sent_again_with_growing_pauses_under_the_same_number(
    client, receiver, bureau_system, register, admin
):
    row = subscribed(bureau_system, receiver.url)
    register()
    receiver.status = 503
    now = timezone.now()
    assert told(now) == {"waiting": 1}
    assert hooks.deliver_hooks(now=now) == {}
    for pause in hooks.PAUSES:
        now += pause + dt.timedelta(seconds=1)
        hooks.deliver_hooks(now=now)
    delivery = row.deliveries.get()
    assert delivery.state == "failed" and delivery.attempts == len(hooks.PAUSES) + 1
    assert "503" in delivery.error and hooks.deliver_hooks(now=now + dt.timedelta(days=9)) == {}
    client.force_login(admin)
    page = client.get(row.get_absolute_url()).content.decode()
    assert "HTTP 503" in page and "全部重发（1）" in page
    receiver.status = 200
    client.post(f"{row.get_absolute_url()}act/", {"act": "again", "delivery": delivery.pk})
    assert hooks.deliver_hooks() == {"sent": 1}
    assert len({reads(got)[0] for got in receiver.got}) == 1 and len(receiver.got) == len(hooks.PAUSES) + 2


def test_an_address_that_is_no_more_is_given_up_only_after_the_last_pause_and_keeps_nobody_waiting(
    receiver, bureau_system, mine_system, register
):
    dead, alive = subscribed(bureau_system, f"{receiver.url}/dead"), subscribed(mine_system, receiver.url)
    Subscription.objects.filter(pk=dead.pk).update(address="http://127.0.0.1:9/")
    for _ in range(3):
        register()
    assert told()["sent"] == 3
    # One refusal is enough for this run; the other two messages were not tried.
    assert sorted(dead.deliveries.values_list("attempts", flat=True)) == [0, 0, 1]
    assert "拒绝连接" in Subscription.objects.get(pk=dead.pk).error and alive.deliveries.count() == 3


def test_a_worker_that_died_while_sending_leaves_the_message_to_another(receiver, bureau_system, register, settings):
    row = subscribed(bureau_system, receiver.url)
    register()
    seal_history()
    hooks.fill_outbox()
    long_ago = timezone.now() - dt.timedelta(seconds=settings.DELIVERY_LOST_AFTER_SECONDS + 1)
    row.deliveries.update(state="sending", claim=uuid.uuid4(), claimed_at=long_ago, attempts=1)
    assert hooks.deliver_hooks() == {"sent": 1}
    assert row.deliveries.get().attempts == 2


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:8000/x", "内部网络"),
        ("http://[::1]/", "内部网络"),
        ("https://user:word@example.org/", "用户名"),
        ("ftp://example.org/", "https://"),
    ],
)
def test_an_address_inside_the_own_network_is_refused(address, words, bureau_system, settings):
    settings.HOOKS_TO_PRIVATE = False
    answer = bureau_system.post("hooks/", {"address": address, "nouns": ["hazards"], "secret": SECRET})
    assert answer.status_code in (400, 422), answer.content
    if not address.startswith("ftp"):
        assert words in answer.content.decode()
    assert not Subscription.objects.exists()


def test_the_address_is_checked_again_before_each_message(receiver, bureau_system, register, settings):
    row = subscribed(bureau_system, receiver.url)
    register()
    settings.HOOKS_TO_PRIVATE = False
    told()
    assert receiver.got == [] and "内部网络" in row.deliveries.get().error


def test_faults_are_named_by_field(bureau_system, system, county, receiver):
    body = {"address": receiver.url, "nouns": ["hazards"], "secret": "abc"}
    assert "secret" in bureau_system.post("hooks/", body).content.decode()
    answer = bureau_system.post("hooks/", body | {"secret": new_secret(), "verbs": ["hazard.exploded"]})
    assert answer.status_code == 422 or answer.status_code == 400
    assert "hazard.exploded" in answer.content.decode()
    narrow = system(county.bureau, scopes=["hooks:write", "units:read"])
    assert "nouns" in narrow.post("hooks/", body | {"secret": new_secret()}).content.decode()
    assert not Subscription.objects.exists()


def test_a_system_keeps_its_own_subscriptions_only(receiver, bureau_system, mine_system, register, client, clerk):
    row = subscribed(bureau_system, receiver.url)
    assert mine_system.get(f"hooks/{row.pk}/").status_code == 404
    assert mine_system.post(f"hooks/{row.pk}/close/", {}).status_code == 404
    with pytest.raises(NotAllowed):
        hooks.renew_secret(by=mine_system.user, subscription=row)
    client.force_login(clerk)
    assert client.get(row.get_absolute_url()).status_code == 403
    assert bureau_system.post(f"hooks/{row.pk}/close/", {}).json()["is_open"] is False
    register()
    assert told() == {}
    assert bureau_system.post(f"hooks/{row.pk}/reopen/", {}).json()["is_open"] is True
    assert told() == {}  # what happened meanwhile is found in the feed
    register()
    assert told() == {"sent": 1}


def test_nothing_goes_to_an_account_that_was_closed(receiver, bureau_system, register, admin):
    row = subscribed(bureau_system, receiver.url)
    register()
    seal_history()
    hooks.fill_outbox()
    bureau = bureau_system.user.unit
    Unit.objects.filter(pk=bureau.pk).update(is_active=False)
    assert hooks.deliver_hooks() == {}
    Unit.objects.filter(pk=bureau.pk).update(is_active=True)
    close_service_account(by=admin, account=bureau_system.account)
    assert hooks.deliver_hooks() == {} and row.deliveries.get().state == "waiting"


def test_an_administrator_subscribes_for_a_system_and_sees_the_secret_once(
    client, admin, bureau_system, receiver, register
):
    client.force_login(admin)
    account = bureau_system.account
    new = f"{account.get_absolute_url()}subscriptions/new/"
    assert "接收地址" in client.get(new).content.decode()
    answer = client.post(new, {"address": receiver.url, "nouns": ["hazards"], "verbs": "hazard.registered\n"})
    row = Subscription.objects.get()
    assert answer.headers["Location"] == row.get_absolute_url() and row.state == "unsigned"
    register()
    assert told() == {} and not row.deliveries.exists()  # nobody could tell who wrote it
    shown = client.post(f"{row.get_absolute_url()}act/", {"act": "secret"})
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown.content.decode()).group()
    assert is_secret(secret) and "no-store" in shown.headers["Cache-Control"]
    assert secret not in client.get(row.get_absolute_url()).content.decode()
    assert secret not in str(list(Event.objects.values_list("before", "after", "note")))
    assert told() == {"sent": 1} and reads(receiver.got[0], secret)
    client.post(f"{row.get_absolute_url()}act/", {"act": "test"})
    assert Job.objects.filter(kind="exchange.try_subscription").exists()
    hooks.try_subscription(by=admin, subscription=row)
    assert reads(receiver.got[1], secret)[1]["type"] == "test"
    receiver.status = 404
    with pytest.raises(Refused, match="404"):
        hooks.try_subscription(by=admin, subscription=row)
    changed = f"{row.get_absolute_url()}edit/"
    assert client.post(changed, {"address": receiver.url, "nouns": ["mines"], "verbs": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.nouns, row.verbs) == (["mines"], [])


def test_messages_that_arrived_long_ago_are_forgotten_and_the_others_are_kept(receiver, bureau_system, register):
    row = subscribed(bureau_system, receiver.url)
    register()
    register()
    told()
    later = timezone.now() + dt.timedelta(days=200)
    row.deliveries.filter(pk=row.deliveries.first().pk).update(state=HookDelivery.State.FAILED)
    assert hooks.forget_delivered(now=later) == 1 and row.deliveries.get().state == "failed"
