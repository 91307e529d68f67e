"""Clues for other departments: sent by a second person, signed for, answered, and hidden from whom they are about."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction
from docx import Document as WordDocument

from common.due import due_source
from common.errors import Conflict, NotAllowed, Refused
from common.models import Evidence
from common.transitions import advance
from hazards.tests.conftest import photo
from inspections.models import Clue
from inspections.services.clues import answer_clue, keep_clue, receive_clue, send_clue

WORDS = {"subject": "石门煤矿", "facts": "巷道超出采矿许可证范围。", "basis": "属于自然资源部门职责。"}


@pytest.fixture
def clue(county, inspector) -> Clue:
    return keep_clue(by=inspector, receiver=county.energy, **WORDS)


@pytest.fixture
def sent(clue, inspector, staff) -> Clue:
    advance(clue, "submit", by=inspector)
    return send_clue(clue, by=staff)


def test_only_inspectors_draft_and_a_second_person_sends(
    county, clue, inspector, staff, liaison, clerk, stranger, leader
):
    for who in (clerk, leader, liaison):
        with pytest.raises(NotAllowed):
            keep_clue(by=who, receiver_name="县公安局", **WORDS)
    with pytest.raises(Refused) as refused:
        keep_clue(by=staff, **WORDS)
    assert "receiver_name" in refused.value.fields
    own = keep_clue(by=staff, receiver_name="县公安局", **WORDS)
    advance(own, "submit", by=staff)
    for who in (staff, inspector, stranger, liaison):
        with pytest.raises(NotAllowed):
            send_clue(own, by=who)
    with pytest.raises(Conflict):
        keep_clue(by=staff, clue=own, receiver_name="县公安局", **WORDS)


def test_the_number_is_taken_when_it_is_sent(county, sent, inspector, staff, second_staff, today):
    assert sent.number == f"（青）应急线移〔{today.year}〕1号" and sent.answer_by == today + dt.timedelta(days=30)
    other = keep_clue(by=staff, receiver_name="县公安局", **WORDS)
    advance(other, "submit", by=staff)
    with pytest.raises(NotAllowed):
        send_clue(other, by=staff)
    assert send_clue(other, by=second_staff).number.endswith("2号")
    with pytest.raises(IntegrityError), transaction.atomic():
        Clue.objects.filter(pk=sent.pk).update(sent_by=inspector)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clue.objects.filter(pk=sent.pk).update(state="answered")


def test_whoever_rewrote_a_draft_does_not_send_it(clue, inspector, staff, second_staff, county):
    keep_clue(by=staff, clue=clue, receiver=county.energy, **WORDS | {"facts": "全部重写"})
    clue.refresh_from_db()
    advance(clue, "submit", by=inspector)
    with pytest.raises(NotAllowed):
        send_clue(clue, by=staff)
    assert send_clue(clue, by=second_staff).state == "sent"


def test_the_department_signs_for_it_and_answers(
    client, county, clue, sent, liaison, clerk, sister_clerk, township_liaison, stranger, today
):
    source = due_source("clue_answer")
    assert [(one.unit, one.due_on) for one in source.things(source.open_rows())] == [(county.energy.pk, sent.answer_by)]
    for who in (clerk, sister_clerk, township_liaison, stranger):
        client.force_login(who)
        assert client.get(sent.get_absolute_url()).status_code == 404, who
        assert sent.number not in client.get("/inspections/clues/").content.decode()
    client.force_login(liaison)
    assert "收到的线索移送" in client.get("/").content.decode()
    page = client.get(sent.get_absolute_url()).content.decode()
    assert "登记签收" in page and "巷道超出" in page
    assert client.get(f"{sent.get_absolute_url()}answer/").status_code == 409
    data = {"received_by": "孙联络", "received_on": today}
    late = data | {"received_on": today + dt.timedelta(days=1)}
    assert client.post(f"{sent.get_absolute_url()}received/", late).status_code == 422
    assert client.post(f"{sent.get_absolute_url()}received/", data | {"receipt": photo()}).status_code == 302
    answer = {"outcome": "filed", "answer": "已立案。", "answered_on": today}
    assert client.post(f"{sent.get_absolute_url()}answer/", answer | {"answer": ""}).status_code == 422
    assert client.post(f"{sent.get_absolute_url()}answer/", answer).status_code == 302
    sent.refresh_from_db()
    assert (sent.state, sent.outcome, sent.received_by) == ("answered", "filed", "孙联络")
    assert Evidence.objects.about(sent).count() == 1 and not source.open_rows().exists()
    assert "收到的线索移送" not in client.get("/").content.decode()


def test_a_draft_is_not_shown_to_the_department(client, clue, liaison):
    client.force_login(liaison)
    assert client.get(clue.get_absolute_url()).status_code == 404
    assert not Clue.objects.visible_to(liaison).exists()


def test_a_department_refuses_and_the_bureau_enters_what_came_on_paper(sent, liaison, inspector, staff, today):
    receive_clue(by=inspector, clue=sent, received_on=today, received_by="收发室")
    with pytest.raises(Refused):
        advance(sent, "refuse", by=liaison)
    advance(sent, "refuse", by=liaison, note="不属于本部门管辖")
    assert sent.state == "refused" and not Clue.objects.waiting().exists()
    with pytest.raises(Conflict):
        answer_clue(by=staff, clue=sent, answered_on=today, outcome="filed", answer="甲")


def test_late_is_said_once_in_python_and_once_in_sql(sent, today):
    later = sent.answer_by + dt.timedelta(days=1)
    for day in (sent.answer_by, later):
        assert sent.is_overdue_on(day) == (Clue.objects.overdue(day).first() == sent) == (day == later)


def test_the_bureau_by_its_pages(client, finished, team, staff, county, today):
    client.force_login(team[0])
    form = client.get(f"/inspections/clues/new/?visit={finished.pk}").content.decode()
    assert finished.mine.name in form and finished.number in form
    data = WORDS | {"receiver": "", "receiver_name": "县公安局"}
    assert client.post(f"/inspections/clues/new/?visit={finished.pk}", data | {"receiver_name": ""}).status_code == 422
    answer = client.post(f"/inspections/clues/new/?visit={finished.pk}", data | {"papers": photo()})
    made = Clue.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url() and made.visit == finished
    assert Evidence.objects.about(made).count() == 1
    edited = data | {"facts": "补充：另有一处。"}
    assert client.post(f"{made.get_absolute_url()}edit/", edited).status_code == 302
    client.post(f"{made.get_absolute_url()}act/", {"act": "submit"})
    client.force_login(staff)
    client.post(f"{made.get_absolute_url()}act/", {"act": "send"})
    made.refresh_from_db()
    assert made.state == "sent"
    page = client.get(made.get_absolute_url()).content.decode()
    assert "补充：另有一处。" in page and made.number in page
    assert made.number in client.get(finished.get_absolute_url()).content.decode()
    word = WordDocument(io.BytesIO(client.get(f"{made.get_absolute_url()}letter.docx").content))
    text = "\n".join(one.text for one in word.paragraphs)
    assert "线索移送函" in text and made.number in text and "县公安局" in text
    assert client.get(f"{made.get_absolute_url()}letter.pdf").content[:4] == b"%PDF"
    source = due_source("clue_outside")
    assert [one.title for one in source.things(source.open_rows())] == [f"催县公安局答复线索移送{made.number}"]
