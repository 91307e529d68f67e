"""Exchange by the clock with a real server on loopback: nothing left out, nothing twice, whatever goes wrong between."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from common.errors import Conflict, NotAllowed, Refused
from common.jobs import run_job
from common.models import Event, Job
from common.seals import seal_history
from exchange.models import ExchangeLine, ExternalId, Receipt
from exchange.services import lines, runs
from exchange.services.accounts import change_mapping
from exchange.tests.peer import Peer
from hazards.models import Hazard
from hazards.services.register import move_hazard, register_hazard
from supervision.tests.receivers import served
from units.models import Role
from units.tests.people import person

MAPPING = {
    "hazards": {
        "name": "yhxx",
        "fields": {"number": "yhbh", "description": "yhms", "mine": "mkbh", "place": "wz", "source": "ly"},
        "codes": {"state": {"registered": "10"}, "source": {"assigned": "3", "inspection": "2", "self_check": "1"}},
    }
}


@pytest.fixture
def peer(settings):
    settings.HOOKS_TO_PRIVATE = True
    with served(Peer()) as server:
        yield server


@pytest.fixture
def line(admin, bureau_system, peer):
    """Set up a line that is on: `line()`."""

    def make(direction="push", account=bureau_system.account, **more):
        given = {
            "name": f"省平台{direction}", "address": peer.url, "nouns": ["hazards"], "every": 60, "hour": 0,
            "credential": "Bearer open-sesame",
        } | more  # fmt: skip
        made = lines.open_line(by=admin, account=account, direction=direction, **given)
        return lines.switch_line(by=admin, line=made, is_on=True)

    return make


@pytest.fixture
def register(coal_mine, clerk, today):
    def make(place="三采区"):
        return register_hazard(
            by=clerk, mine=coal_mine, place=place, description="顶板离层仪失效", found_on=today, source="self_check"
        )

    return make


def later(line, minutes=1):
    line.refresh_from_db()
    return max(line.next_run_at, timezone.now()) + dt.timedelta(minutes=minutes)


def run(line, now=None):
    """What the clock does when the line has come to its time."""
    seal_history()
    return dict(runs.run_lines(now=now or later(line)))


def found_above(mine, today, **more):
    record = {"mkbh": mine.pk, "wz": "二采区", "yhms": "主要通风机没有备用", "ly": "3", "found_on": today.isoformat()}
    return record | more


# -- out -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_changed_goes_out_in_the_words_of_the_other_system_and_is_acknowledged(
    line, peer, register, admin, bureau_system, county
):
    change_mapping(by=admin, account=bureau_system.account, mapping=MAPPING)
    first, second = register(), register("四采区")
    sent = line()
    assert dict(runs.run_lines()) == {} and not peer.asked  # not yet its hour
    assert run(sent) == {"sent": 1}
    (asked,) = peer.asked
    assert asked["path"] == "/in?of=county" and asked["headers"]["Authorization"] == "Bearer open-sesame"
    assert set(peer.book) == {("yhxx", str(first.pk)), ("yhxx", str(second.pk))}
    told = peer.book["yhxx", str(first.pk)]
    assert told["yhbh"] == first.number and told["state"] == "10" and told["ly"] == "1" and "number" not in told
    receipt = sent.receipts.get()
    assert (receipt.state, receipt.count, receipt.taken, receipt.unchanged, receipt.refused) == ("sent", 2, 2, 0, 0)
    assert receipt.answer_number == "省回〔2026〕1号" and receipt.answer_status == 200 and receipt.difference == 0
    assert receipt.body == "" and receipt.sha256  # what was acknowledged is not kept twice
    sent.refresh_from_db()
    assert sent.after == int(receipt.ends) and not sent.error and sent.worked_at
    # Nothing new: nothing is sent. A change: the record as it is now, and only that one.
    assert run(sent) == {} and len(peer.asked) == 1
    move_hazard(by=admin, hazard=second, action="void", note="重复登记")
    assert run(sent) == {"sent": 1} and peer.book["yhxx", str(second.pk)]["state"] == "void"
    assert sent.receipts.count() == 2 and int(sent.receipts.first().starts) >= int(receipt.ends)
    assert Event.objects.filter(verb="exchangeline.sent", actor_name=bureau_system.user.name).count() == 2


@pytest.mark.django_db
def test_another_mines_hazards_do_not_go_to_a_mines_own_system(line, peer, register, admin, sister_system):
    register()
    theirs = line(account=sister_system.account)
    assert run(theirs) == {} and not peer.asked
    theirs.refresh_from_db()
    assert theirs.after > 0 and theirs.ran_at  # it was looked at, and there was nothing for them


@pytest.mark.django_db
def test_an_answer_that_was_lost_does_no_harm(line, peer, register):
    """The other side took the portion and then failed: the same bytes under the same key, written there once."""
    register()
    sent, peer.fails_after_taking = line(), 1
    now = later(sent)
    assert run(sent, now) == {"waiting": 1} and peer.writes == 1
    sent.refresh_from_db()
    assert "HTTP 500" in sent.error and sent.state == "failing" and sent.after == 0
    register("四采区")  # what comes meanwhile waits for the next portion
    seal_history()
    assert dict(runs.run_lines(now=now)) == {}
    assert dict(runs.run_lines(now=now + dt.timedelta(minutes=2))) == {"sent": 2}
    first, again, following = peer.asked
    assert first["raw"] == again["raw"]
    assert first["headers"]["Idempotency-Key"] == again["headers"]["Idempotency-Key"]
    assert following["headers"]["Idempotency-Key"] != first["headers"]["Idempotency-Key"]
    assert peer.writes == 2 and sent.receipts.count() == 2
    sent.refresh_from_db()
    assert not sent.error


@pytest.mark.django_db
def test_who_does_not_answer_is_tried_again_then_given_up_and_taken_up_again_by_hand(line, peer, register, admin):
    register()
    sent = line(address="http://127.0.0.1:9/")
    now = later(sent)
    seal_history()
    for pause in [dt.timedelta(0), *runs.PAUSES]:
        now += pause + dt.timedelta(seconds=1)
        runs.run_lines(now=now)
    receipt = sent.receipts.get()
    assert receipt.state == "failed" and receipt.attempts == len(runs.PAUSES) + 1 and "拒绝连接" in receipt.error
    assert dict(runs.run_lines(now=now + dt.timedelta(days=9))) == {}
    given = {name: getattr(sent, name) for name in ("name", "nouns", "every", "hour")}
    lines.change_line(by=admin, line=sent, address=peer.url, **given)
    lines.ask_for_run(by=admin, line=sent)
    assert dict(runs.run_line(sent)) == {"sent": 1} and len(peer.book) == 1
    assert sent.receipts.get().key == receipt.key


@pytest.mark.django_db
def test_a_worker_that_died_while_sending_leaves_the_portion_to_another(line, peer, register, settings):
    register()
    sent = line()
    seal_history()
    now = later(sent)
    runs.draw_up(sent.pk, now)
    long_ago = timezone.now() - dt.timedelta(seconds=settings.DELIVERY_LOST_AFTER_SECONDS + 1)
    sent.receipts.update(state="sending", claim="0" * 32, claimed_at=long_ago, attempts=1)
    assert dict(runs.run_lines(now=now)) == {"sent": 1}


@pytest.mark.django_db
def test_refused_rows_are_named_and_sent_again_from_there(line, peer, register, admin):
    _good, bad = register(), register("四采区")
    peer.refuses = {str(bad.pk)}
    sent = line()
    assert run(sent) == {"sent": 1}
    receipt = sent.receipts.get()
    assert (receipt.taken, receipt.refused, receipt.difference) == (1, 1, 0)
    assert receipt.refusals == [{"noun": "hazards", "id": str(bad.pk), "detail": "没有这座矿山"}]
    peer.refuses = set()
    lines.rewind_line(by=admin, receipt=receipt)
    assert dict(runs.run_line(sent)) == {"sent": 1}
    again = sent.receipts.first()
    assert (again.taken, again.unchanged, again.refused) == (1, 1, 0) and peer.writes == 2
    peer.tells_counts = False
    lines.rewind_line(by=admin, receipt=receipt)
    runs.run_line(sent)
    assert sent.receipts.first().taken is None and sent.receipts.first().difference is None


@pytest.mark.django_db
def test_a_portion_that_cannot_be_taken_is_thrown_away_and_drawn_up_in_other_words(
    line, peer, register, admin, bureau_system
):
    row = register()
    sent, peer.status = line(), 422
    assert run(sent) == {"waiting": 1}
    with pytest.raises(Conflict, match="没有办完"):
        lines.rewind_line(by=admin, receipt=sent.receipts.get())
    change_mapping(by=admin, account=bureau_system.account, mapping=MAPPING)
    lines.discard_receipt(by=admin, receipt=sent.receipts.get())
    peer.status = 200
    assert dict(runs.run_line(sent)) == {"sent": 1} and ("yhxx", str(row.pk)) in peer.book
    with pytest.raises(Conflict):
        lines.discard_receipt(by=admin, receipt=sent.receipts.get())


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_portion_once(line, peer, register, monkeypatch):
    monkeypatch.setattr(runs, "PORTION", 1)
    for place in "一二三四五":
        register(f"{place}采区")
    sent = line()
    seal_history()
    ExchangeLine.objects.update(next_run_at=timezone.now())
    done = []

    def work():
        try:
            done.append(runs.run_lines())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    runs.run_lines()  # one may have found the other's portion under way, and gone
    keys = [asked["headers"]["Idempotency-Key"] for asked in peer.asked]
    assert len(keys) == len(set(keys)) == sent.receipts.count() and peer.writes == 5
    ends = list(sent.receipts.order_by("number").values_list("starts", "ends"))
    assert len(done) == 2 and all(int(start) <= int(end) for start, end in ends)
    assert [int(end) for _, end in ends] == sorted(int(end) for _, end in ends)


# -- in --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_found_above_comes_in_through_the_same_services_once(
    line, peer, coal_mine, county, today, admin, bureau_system
):
    change_mapping(by=admin, account=bureau_system.account, mapping=MAPPING)
    coal_mine.credit_code = "91149921MA0TEST123"
    coal_mine.save()
    peer.offers = [
        {"noun": "yhxx", "id": "S-1", "record": found_above(coal_mine, today, colour="red")},
        {"noun": "yhxx", "id": "S-2", "record": found_above(coal_mine, today, mkbh=coal_mine.credit_code, wz="三采区")},
        {"noun": "yhxx", "id": "S-3", "record": found_above(county.other_mine, today)},
        {"noun": "planets", "id": "S-4", "record": {}},
        {"noun": "yhxx", "id": "S-5", "record": found_above(coal_mine, today, ly="9")},
    ]
    fetched = line("pull")
    assert run(fetched) == {"sent": 3}
    assert [asked["path"].split("after=")[1] for asked in peer.asked] == ["&limit=100", "2&limit=100", "4&limit=100"]
    first, second = Hazard.objects.order_by("pk")
    assert (first.mine, first.source, first.place) == (coal_mine, "assigned", "二采区") and second.mine == coal_mine
    assert first.found_by == bureau_system.user.name
    assert ExternalId.objects.get(external_id="S-1").object_id == str(first.pk)
    counts = [(one.count, one.taken, one.refused) for one in fetched.receipts.order_by("number")]
    assert counts == [(2, 2, 0), (2, 0, 2), (1, 0, 1)]
    said = {one["id"]: one["detail"] for receipt in fetched.receipts.all() for one in receipt.refusals}
    assert (
        set(said) == {"S-3", "S-4", "S-5"} and "mkbh" in said["S-3"] and "权限" in said["S-4"] and "ly" in said["S-5"]
    )
    fetched.refresh_from_db()
    assert fetched.cursor == "5" and not fetched.error
    # Nothing new leaves no receipt. Once more from the beginning: the same words change nothing, others are taken over.
    assert run(fetched) == {"sent": 1} and fetched.receipts.count() == 3
    peer.offers[0]["record"]["yhms"] = "主要通风机没有备用，已停产"
    lines.rewind_line(by=admin, receipt=fetched.receipts.last())
    runs.run_line(fetched)
    again = fetched.receipts.get(number=4)
    assert (again.taken, again.unchanged) == (1, 1) and Hazard.objects.count() == 2
    first.refresh_from_db()
    assert first.description.endswith("已停产")
    assert Event.objects.filter(verb="exchangeline.fetched", actor_name=bureau_system.user.name).exists()


@pytest.mark.django_db
def test_a_campaign_from_above_becomes_a_draft(line, peer, county):
    plan = {"campaign": {"title": "整治方案"}, "tasks": [{"id": "1", "title": "建立台账"}]}
    peer.offers = [{"noun": "plan-imports", "id": "晋安〔2026〕1号", "record": {"name": "省方案", "plan": plan}}]
    fetched = line("pull", nouns=["plan-imports"])
    assert run(fetched) == {"sent": 1}
    receipt = fetched.receipts.get()
    assert (receipt.taken, receipt.refusals) == (1, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([], "缺少 results"),
        ({"results": [1]}, "缺少 results"),
        ({"results": [], "next": "0" * 300}, "200"),
        ({"results": [{}], "next": ""}, "没有往下走"),
        ({"results": [{}] * 101, "next": "1"}, "多于"),
        ({"results": [], "next": "\ud800"}, "不是 JSON"),
    ],
)
def test_an_answer_that_is_no_page_is_told_in_words_and_nothing_is_written(answer, words, line, peer):
    fetched, peer.answer = line("pull"), answer
    assert run(fetched) == {"waiting": 1}
    fetched.refresh_from_db()
    assert words in fetched.error and fetched.cursor == "" and not ExternalId.objects.exists()


@pytest.mark.django_db
def test_what_is_fetched_counts_only_together_with_its_place(line, peer, coal_mine, today, monkeypatch):
    """A worker that was taken for dead writes nothing: another one has the portion."""
    peer.offers = [{"noun": "hazards", "id": "S-1", "record": {
        "mine": coal_mine.pk, "place": "二采区", "description": "没有备用", "source": "assigned",
        "found_on": today.isoformat()}}]  # fmt: skip
    fetched = line("pull")
    monkeypatch.setattr(runs.outbox, "finish", lambda *args, **kwargs: False)
    run(fetched)
    assert not Hazard.objects.exists() and not ExternalId.objects.exists()
    monkeypatch.undo()
    Receipt.objects.update(state="waiting", claim=None, next_attempt_at=timezone.now())
    assert dict(runs.run_line(fetched)) == {"sent": 1} and Hazard.objects.count() == 1


# -- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_lines_are_kept_by_the_administrators_of_the_region(line, staff, stranger_system, bureau_system, peer, admin):
    own = line()
    neighbour = stranger_system.account.created_by
    for act in (
        lambda by: lines.switch_line(by=by, line=own, is_on=False),
        lambda by: lines.ask_for_run(by=by, line=own),
        lambda by: lines.open_line(
            by=by, account=bureau_system.account, name="x", direction="push", address=peer.url, nouns=["hazards"],
            every=60, hour=0,
        ),
    ):  # fmt: skip
        for somebody in (staff, neighbour):
            with pytest.raises(NotAllowed):
                act(somebody)
    assert not ExchangeLine.objects.visible_to(neighbour).exists()
    assert not ExchangeLine.objects.visible_to(staff).exists()


@pytest.mark.django_db
def test_faults_are_named_by_field(line, system, county, settings, bureau_system):
    for more, field in (
        ({"nouns": ["hooks"]}, "nouns"),
        ({"nouns": []}, "nouns"),
        ({"direction": "pull", "nouns": ["mines"]}, "nouns"),
        ({"every": 7}, "every"),
        ({"hour": 24}, "hour"),
        ({"credential": "a\nb"}, "credential"),
        ({"direction": "sideways"}, "direction"),
        ({"account": system(county.mine, "mine_clerk", scopes=["mines:read"]).account}, "nouns"),
    ):
        with pytest.raises(Refused) as refusal:
            line(**more)
        assert field in refusal.value.fields, more
    line(name="一")
    with pytest.raises(Refused) as refusal:
        line(name="一")
    assert "name" in refusal.value.fields
    settings.HOOKS_TO_PRIVATE = False
    with pytest.raises(Refused) as refusal:
        line(name="二")
    assert "内部网络" in refusal.value.fields["address"][0]


# -- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_administrator_sets_up_tries_and_follows_a_line_and_the_auditor_looks_on(
    client, admin, staff, county, peer, register, bureau_system, mine_system, stranger_system
):
    first, second = register(), register("四采区")
    seal_history()
    client.force_login(admin)
    form = {
        "account": bureau_system.account.pk, "name": "每天报送隐患", "direction": "push", "address": peer.url,
        "credential": "Bearer open-sesame", "nouns": ["hazards"], "every": 1440, "hour": 2,
    }  # fmt: skip
    page = client.get("/accounts/lines/new/").content.decode()
    assert page.index("<legend>矿山</legend>") < page.index("一矿一册：证照") < page.index("<legend>月报</legend>")
    wrong = client.post("/accounts/lines/new/", form | {"nouns": ["plan-imports"], "direction": "pull", "hour": 99})
    assert "0到23" in wrong.content.decode() or "23" in wrong.content.decode()
    made = client.post("/accounts/lines/new/", form)
    row = ExchangeLine.objects.get()
    here = row.get_absolute_url()
    assert made.headers["Location"] == here and not row.is_on
    page = client.get(here).content.decode()
    assert "没有启用" in page and second.number in page and "open-sesame" not in page  # the sample is the latest hazard
    assert "open-sesame" not in str(list(Event.objects.values_list("before", "after", "note")))
    peer.refuses = {str(first.pk)}
    pressed = client.post(f"{here}act/", {"act": "run"})
    assert pressed.status_code == 302
    run_job(Job.objects.get(kind="exchange.run_line").pk)
    assert Job.objects.get(kind="exchange.run_line").state == "done"
    receipt = Receipt.objects.get()
    assert "省回〔2026〕1号" in client.get(here).content.decode()
    told = client.get(receipt.get_absolute_url()).content.decode()
    assert "没有这座矿山" in told and str(receipt.key) in told and "从这里重来" in told
    days = client.get("/accounts/reconciliations/days/").content.decode()
    assert "每天报送隐患" in days and "这些天对方没有报来条数" in days
    bureau_system.post("reconciliations/", {"counts": {"hazards": 1}})
    assert "这些天对方没有报来条数" not in client.get("/accounts/reconciliations/days/").content.decode()
    client.post(f"{here}act/", {"act": "on"})
    row.refresh_from_db()
    assert row.is_on and timezone.localtime(row.next_run_at).hour == 2
    # The other side is gone: one clear sentence, and a button.
    peer.refuses, peer.status = set(), 503
    client.post(f"{receipt.get_absolute_url()}act/", {"act": "rewind"})
    run_job(Job.objects.filter(kind="exchange.run_line", state="queued").get().pk)
    failed = Job.objects.filter(kind="exchange.run_line").latest("pk")
    assert failed.state == "failed" and "HTTP 503" in failed.error
    assert "HTTP 503" in client.get("/accounts/lines/").content.decode()
    page = client.get(here).content.decode()
    assert "再试一次" in page and "没有办成" in page
    open_one = row.receipts.first()
    client.post(f"{open_one.get_absolute_url()}act/", {"act": "discard"})
    assert not row.receipts.open().exists()
    changed = {name: form[name] for name in ("name", "address", "nouns", "every", "hour")}
    assert client.post(f"{here}edit/", changed | {"every": 60}).status_code == 302
    row.refresh_from_db()
    assert row.credential == "Bearer open-sesame" and row.every == 60
    # The auditor sees everything and changes nothing; clerks and other counties see nothing.
    pages = ["/accounts/lines/", here, receipt.get_absolute_url(), "/accounts/reconciliations/days/"]
    auditor = person("auditor.qian", "钱审计", Role.AUDITOR, county.bureau)
    client.force_login(auditor)
    assert [client.get(one).status_code for one in pages] == [200] * 4
    assert "再试一次" not in client.get(here).content.decode()
    assert [client.post(f"{one}act/", {"act": "run"}).status_code for one in pages[1:3]] == [403, 403]
    client.force_login(staff)
    assert [client.get(one).status_code for one in pages] == [403] * 4
    neighbour = stranger_system.account.created_by
    neighbour.must_change_password = False
    neighbour.save()
    client.force_login(neighbour)
    assert [client.get(one).status_code for one in pages] == [200, 404, 404, 200]
    assert "每天报送隐患" not in client.get(pages[0]).content.decode() + client.get(pages[3]).content.decode()


@pytest.mark.django_db
def test_the_list_costs_the_same_for_two_lines_and_for_twenty(
    client, admin, bureau_system, county, django_assert_max_num_queries
):
    def more(count, start):
        ExchangeLine.objects.bulk_create(
            ExchangeLine(
                account=bureau_system.account, name=f"计划{start + n}", direction="push", address="https://a.example/",
                nouns=["hazards"], created_by=admin,
            ) for n in range(count)
        )  # fmt: skip

    client.force_login(admin)
    counts = []
    for count, start in ((2, 0), (18, 2)):
        more(count, start)
        with django_assert_max_num_queries(12) as captured:
            assert client.get("/accounts/lines/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
