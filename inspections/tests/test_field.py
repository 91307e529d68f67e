"""What a telephone sends: once, never over somebody else's answer, and only for whoever filled it in."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from common.history import history_of
from common.models import Evidence
from common.transitions import advance
from hazards.tests.conftest import photo
from inspections.models import FieldEntry, Visit
from inspections.services.visits import Answer, fill_results


@pytest.fixture
def send(client, visit, team):
    """Answers sent as the telephone of the first officer sends them."""
    client.force_login(team[0])

    def send(*answers: dict[str, Any], items: Any = (), user: int = team[0].pk) -> Any:
        body = {"user": user, "items": list(items), "answers": answers}
        address = f"/inspections/field/{visit.pk}/answers/"
        return client.post(address, json.dumps(body), "application/json", headers={"accept": "application/json"})

    return send


def answer(item, outcome, words="", *, base=("", ""), key=None, tries=(), **more):
    base_outcome, base_words = base
    return {
        "key": str(key or uuid.uuid4()), "item": str(item), "outcome": outcome, "words": words,
        "made_at": timezone.now().isoformat(), "base": {"outcome": base_outcome, "words": base_words}, "tries": list(tries), **more,
    }  # fmt: skip


def statuses(response) -> list[str]:
    return [one["status"] for one in response.json()["replies"]]


def test_what_is_sent_twice_arrives_once_even_when_somebody_wrote_in_between(send, visit, team):
    first, second, _ = visit.results.all()
    own = str(uuid.uuid4())
    sent = [
        answer(first.client_id, "passed"),
        answer(second.client_id, "failed", " 风筒破损\r\n两处 "),
        answer(own, "na"),
    ]
    items = [{"item": own, "section": "运输", "text": "绞车房"}]
    assert statuses(send(*sent, items=items)) == ["stored"] * 3
    assert statuses(send(*sent, items=items)) == ["known"] * 3
    assert visit.results.count() == 4 and FieldEntry.objects.count() == 3
    second.refresh_from_db()
    assert (second.words, second.checked_by, second.checked_at) == ("风筒破损\n两处", team[0], FieldEntry.objects.get(result=second).made_at)  # fmt: skip
    assert history_of(visit).filter(verb="visit.filled").count() == 1
    # Somebody puts the item back to where it was: the answer sent again is still known, and does not come back.
    fill_results(by=team[1], visit=visit, answers={first.pk: Answer("")})
    reply = send(sent[0]).json()["replies"][0]
    assert (reply["status"], reply["now"]["outcome"]) == ("known", "")


def test_somebody_elses_answer_is_shown_and_never_overwritten(send, visit, team):
    first, second, third = visit.results.all()
    fill_results(by=team[1], visit=visit, answers={first.pk: Answer("failed", "没有签字"), second.pk: Answer("passed")})
    reply, same, free = send(
        answer(first.client_id, "passed"), answer(second.client_id, "passed"), answer(third.client_id, "na")
    ).json()["replies"]
    assert [reply["status"], same["status"], free["status"]] == ["conflict", "known", "stored"]
    assert reply["words"] == "赵科长已经填写了不同的结果，请核对后选择。"
    assert (reply["now"]["words"], reply["now"]["by"]) == ("没有签字", "赵科长")
    first.refresh_from_db()
    assert first.outcome == "failed"
    # After looking at both, the officer's own answer may go over what was shown.
    assert statuses(send(answer(first.client_id, "passed", base=("failed", "没有签字")))) == ["stored"]


def test_what_was_thought_of_a_fault_on_the_spot_stands_in_the_form_that_registers_it(client, send, visit, team, today):
    first, second, _ = visit.results.all()
    thought = {"level": "major", "due_on": "2026-12-31", "place": "二号风门"}
    send(answer(first.client_id, "failed", "风筒破损", **thought), answer(second.client_id, "passed", **thought))
    second.refresh_from_db()
    assert (second.level, second.due_on, second.place) == ("", None, "")
    # The plain form knows nothing of it and leaves it; a fault that is none any more lets it go.
    fill_results(by=team[1], visit=visit, answers={first.pk: Answer("failed", "风筒破损两处")})
    form = client.get(f"/inspections/{visit.pk}/findings/").context["form"]
    shown = [form[f"{name}_{first.pk}"].value() for name in ("place", "level", "due_on")]
    assert shown == ["二号风门", "major", dt.date(2026, 12, 31)]
    fill_results(by=team[1], visit=visit, answers={first.pk: Answer("passed")})
    first.refresh_from_db()
    assert (first.level, first.due_on, first.place) == ("", None, "")


def test_an_answer_changed_after_an_unheard_one_lies_upon_it(send, visit, team):
    first, second, _ = visit.results.all()
    unheard = answer(first.client_id, "passed")
    send(unheard)
    tried = {"key": unheard["key"], "outcome": "passed", "words": ""}
    assert statuses(send(answer(first.client_id, "na", tries=[tried]))) == ["stored"]
    # The same where the unheard one never arrived; the other officer's equal words are then no base.
    fill_results(by=team[1], visit=visit, answers={second.pk: Answer("passed")})
    tried = {"key": str(uuid.uuid4()), "outcome": "passed", "words": ""}
    assert statuses(send(answer(second.client_id, "na", tries=[tried]))) == ["conflict"]


def test_refused_with_a_sentence_and_the_rest_is_taken(client, send, visit, finished, staff, team):
    """An item that is a hazard keeps its answer; a fault needs words; what is not of this visit is not known."""
    assert send(answer(visit.results.all()[0].client_id, "na")).status_code == 409
    advance(finished, "reopen", by=staff, note="补充")
    first, second, third = visit.results.all()
    replies = send(
        answer(third.client_id, "passed", base=("failed", "一台传感器过期")), answer(uuid.uuid4(), "passed"),
        answer(first.client_id, "failed", base=("passed", "")), answer(second.client_id, "passed", base=("na", "")),
    ).json()["replies"]  # fmt: skip
    assert [one["status"] for one in replies] == ["refused", "refused", "refused", "stored"]
    assert "已登记为隐患" in replies[0]["words"] and "请写明问题" in replies[2]["words"]
    address = f"/inspections/field/{visit.pk}/answers/"
    for broken in ({"answers": 1}, {"answers": [1]}, [], {"answers": [{"key": "x"}]}, {"items": [{"text": ""}]}):
        body = {"user": team[0].pk, **broken} if isinstance(broken, dict) else broken
        told = client.post(address, json.dumps(body), "application/json", headers={"accept": "application/json"})
        assert told.status_code == 400 and told.json()["detail"]


def test_what_no_telephone_of_ours_would_send_is_refused_in_words(client, send, visit):
    item = visit.results.first().client_id
    for more in (
        {"made_at": 1}, {"made_at": {}}, {"made_at": "0001-01-01T00:00:00+14:00"}, {"due_on": 20261122}, {"words": "\x00"},
        {"words": "\ud800"}, {"tries": [{"key": []}]},
    ):  # fmt: skip
        assert send(answer(item, "passed", "完好") | more).status_code == 400, more
    assert visit.results.get(client_id=item).outcome == ""
    deep = client.post(f"/inspections/field/{visit.pk}/answers/", "[" * 100_000, "application/json")
    assert deep.status_code == 400 and "看不懂" in deep.content.decode()


def test_a_photograph_arrives_once_and_says_how_many_there_are(client, visit, team, today):
    client.force_login(team[0])
    item, key = visit.results.all()[0], uuid.uuid4()

    def sent(data, name="photo.jpg", **more):
        fields = {"user": team[0].pk, "key": key, "item": item.client_id, "made_at": timezone.now().isoformat(), **more}
        fields["photo"] = SimpleUploadedFile(name, data, "image/jpeg")
        return client.post(f"/inspections/field/{visit.pk}/photos/", fields, headers={"accept": "application/json"})

    replies = [sent(photo().read()).json() for _ in range(2)]
    assert [one["status"] for one in replies] == ["stored", "known"] and replies[1]["photos"] == 1
    other = sent(photo("blue").read(), key=uuid.uuid4()).json()
    assert (other["status"], other["photos"]) == ("stored", 2)
    broken = sent(b"no picture", key=uuid.uuid4()).json()
    assert broken["status"] == "refused" and broken["words"]
    assert Evidence.objects.about(item).count() == 2


def test_only_the_person_and_only_the_team(client, send, visit, team, clerk, leader, stranger, inspector):
    first = visit.results.all()[0]
    refused = send(answer(first.client_id, "passed"), user=team[1].pk)
    assert (refused.status_code, refused.json()["code"]) == (409, "other_person")
    for who, expected in ((leader, 403), (clerk, 404), (stranger, 404)):
        client.force_login(who)
        body = json.dumps({"user": who.pk, "answers": []})
        address = f"/inspections/field/{visit.pk}/answers/"
        assert client.post(address, body, "application/json").status_code == expected, who
        told = client.get("/inspections/field/visits/", headers={"accept": "application/json"})
        assert told.status_code == 403 or told.json()["visits"] == [], who
    client.logout()
    assert client.get("/inspections/field/visits/").status_code == 302


def test_the_telephone_is_told_of_its_persons_running_visits_only(client, visit, team, staff):
    Visit.objects.create(region=visit.region, number="X1", mine=visit.mine, kind="planned", begun_on=visit.begun_on,
                         ended_on=visit.ended_on, places="井口", opened_by=staff)  # fmt: skip
    fill_results(by=team[1], visit=visit, answers={visit.results.all()[0].pk: Answer("failed", "甲\r\n乙", [photo()])})
    client.force_login(team[0])
    with CaptureQueriesContext(connection) as asked:
        told = client.get("/inspections/field/visits/").json()
    assert len(asked) <= 9
    assert told["user"] == {"id": team[0].pk, "name": "陈执法"} and [one["id"] for one in told["visits"]] == [visit.pk]
    item = told["visits"][0]["items"][0]
    assert (item["words"], item["by"], item["photos"]) == ("甲\n乙", "赵科长", 1)


def test_the_page_that_is_kept_tells_of_nobody(client, visit, team):
    pages = []
    for who in team:
        client.force_login(who)
        pages.append(client.get("/inspections/field/").content.decode())
    assert pages[0] == pages[1] and not any(word in pages[0] for word in ("陈执法", "赵科长", "石门", visit.number))
    client.logout()
    worker = client.get("/inspections/worker.js")
    assert worker.headers["Content-Type"].startswith("text/javascript") and "field-page.js" in worker.content.decode()
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]
    assert client.get("/inspections/field/app.webmanifest").json()["start_url"] == "/inspections/field/"
