"""Visits and checklists through the pages people use."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hazards.models import Hazard
from hazards.tests.conftest import photo
from inspections.models import Checklist, Visit


def test_an_inspector_goes_through_a_visit(client, team, checklist, coal_mine, today):
    client.force_login(team[0])
    data = {"client_id": uuid.uuid4(), "mine": coal_mine.pk, "kind": "unannounced", "checklist": checklist.pk,
            "begun_on": today, "ended_on": today, "places": "3号皮带巷", "officers": [one.pk for one in team]}  # fmt: skip
    for _ in range(2):
        answer = client.post("/inspections/new/", data)
    visit = Visit.objects.get()
    assert answer.headers["Location"] == f"/inspections/{visit.pk}/fill/"
    first, second, third = visit.results.all()
    filled = {f"outcome_{first.pk}": "passed", f"outcome_{second.pk}": "na", f"outcome_{third.pk}": "failed"}
    answer = client.post(answer.headers["Location"], filled)
    assert answer.status_code == 422 and "请写明问题" in answer.content.decode()
    filled |= {f"words_{third.pk}": "过期3天", f"photos_{third.pk}": photo()}
    assert client.post(f"/inspections/{visit.pk}/fill/", filled).status_code == 302
    page = client.get(f"/inspections/{visit.pk}/findings/")
    assert "过期3天" in page.content.decode()
    key = third.pk
    finding = {f"place_{key}": "皮带巷", f"description_{key}": "过期3天", f"level_{key}": "general",
               f"due_on_{key}": today + dt.timedelta(days=5)}  # fmt: skip
    assert client.post(f"/inspections/{visit.pk}/findings/", finding).status_code == 302
    hazard = Hazard.objects.get()
    assert visit.number in client.get(f"/hazards/{hazard.pk}/").content.decode()
    edited = data | {"summary": "逐项核对。", "measures": "停用传感器"}
    assert client.post(f"/inspections/{visit.pk}/edit/", edited).status_code == 302
    client.post(f"/inspections/{visit.pk}/act/", {"act": "finish"})
    visit.refresh_from_db()
    assert visit.state == "finished" and visit.measures == "停用传感器"


def test_who_sees_what(client, visit, clerk, sister_clerk, stranger, leader, inspector):
    for who, expected in ((inspector, 200), (leader, 200), (clerk, 404), (sister_clerk, 404), (stranger, 404)):
        client.force_login(who)
        assert client.get(f"/inspections/{visit.pk}/").status_code == expected, who
    client.force_login(leader)
    assert client.get(f"/inspections/{visit.pk}/fill/").status_code == 403
    client.force_login(clerk)
    assert client.get("/inspections/new/").status_code == 403
    assert client.get("/inspections/checklists/").status_code == 404
    Visit.objects.update(state="finished")
    assert client.get(f"/inspections/{visit.pk}/").status_code == 200


@pytest.mark.django_db
def test_the_list_asks_as_often_for_two_rows_as_for_twenty(client, visit, team):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/inspections/").status_code == 200
        return len(asked)

    client.force_login(team[0])
    client.get("/inspections/")
    few = queries()
    Visit.objects.bulk_create(
        Visit(region=visit.region, number=f"X{i}", mine=visit.mine, kind="planned", begun_on=visit.begun_on,
              ended_on=visit.ended_on, places="井口", opened_by=team[0])
        for i in range(19)
    )  # fmt: skip
    assert queries() == few <= 12


def test_staff_make_a_checklist(client, staff, county):
    client.force_login(staff)
    client.post("/inspections/checklists/new/", {"name": "防治水检查表", "mine_type": ""})
    made = Checklist.objects.get()
    client.post(f"/inspections/checklists/{made.pk}/items/new/", {"text": "排水设备完好", "section": "防治水"})
    item = made.items.get()
    client.post(f"/inspections/checklists/items/{item.pk}/", {"text": "排水设备完好、双回路供电"})
    client.post(f"/inspections/checklists/{made.pk}/act/", {"act": "issue"})
    made.refresh_from_db()
    assert (made.state, made.items.get().text) == ("in_use", "排水设备完好、双回路供电")
    assert client.get(f"/inspections/checklists/{made.pk}/").status_code == 200
    client.post(f"/inspections/checklists/{made.pk}/next/")
    draft = Checklist.objects.get(version=2)
    client.post(f"/inspections/checklists/items/{draft.items.get().pk}/drop/")
    assert not draft.items.exists() and made.items.exists()


def test_certificates_are_kept_by_the_bureau_or_the_person(client, inspector, second_staff, clerk):
    client.force_login(inspector)
    assert client.post(f"/inspections/officers/{inspector.pk}/", {"number": "冀001"}).status_code == 302
    assert client.post(f"/inspections/officers/{second_staff.pk}/", {"number": "冀002"}).status_code == 403
    client.force_login(clerk)
    assert client.get(f"/inspections/officers/{inspector.pk}/").status_code == 404
    client.force_login(second_staff)
    assert client.post(f"/inspections/officers/{second_staff.pk}/", {"number": "冀001"}).status_code == 422
