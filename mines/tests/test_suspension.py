"""A mine stands still: what has to go up and be told, and that it cannot work again without its signatures."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from common.errors import Conflict, NotAllowed, Refused
from mines.due import SUSPENSIONS
from mines.models import Mine, Suspension, SuspensionList
from mines.services.file import change_state
from mines.services.suspension import request_resumption, resume_mine, suspend_mine
from mines.tests.conftest import desk


def stop(mine, by, today, days=40, kind="planned"):
    return suspend_mine(
        by=by,
        mine=mine,
        kind=kind,
        reason="通风机检修",
        since=today - dt.timedelta(days=days),
        measures="井口封闭、两人值守",
    )


def asked(mine, staff, clerk, today, **changes):
    return request_resumption(by=clerk, suspension=stop(mine, staff, today, **changes), words="检修完毕，自查合格")


def accepted_form(row, outcome="yes"):
    return {"acceptors": "王科员、陈执法", "outcome": outcome, "note": "现场验收"} | {
        f"item_{item.position}": "yes" for item in row.items.all()
    }


def owed(kind):
    source = next(one for one in SUSPENSIONS if one.kind == kind)
    return [thing.due_on for thing in source.things(source.open_rows())]


class TestTheWayBack:
    def test_the_department_accepts_and_both_heads_sign_in_their_order(self, mine, staff, second_staff, clerk, today):
        row = asked(mine, staff, clerk, today)
        address, bureau = row.get_absolute_url(), desk(staff)
        assert row.by_department and owed("resumption_acceptance") == [today + dt.timedelta(days=20)]
        assert desk(clerk).get(f"{address}acceptance/").status_code == 200
        assert desk(clerk).post(f"{address}acceptance/", accepted_form(row)).status_code == 403
        incomplete = accepted_form(row) | {"item_2": "no"}
        assert bureau.post(f"{address}acceptance/", incomplete).status_code == 422
        bureau.post(f"{address}acceptance/", accepted_form(row))
        row.refresh_from_db()
        assert row.state == "accepted"
        assert bureau.post(f"{address}resume/", {"resumed_on": today.isoformat()}).status_code != 200
        shown = bureau.get(f"{address}sign/").content.decode()
        assert "监管部门主要负责人" in shown
        bureau.post(f"{address}sign/", {"name": "赵局长", "signed_on": today.isoformat()})
        row.refresh_from_db()
        assert row.state == "accepted" and row.next_office() == "government"
        assert bureau.post(f"{address}sign/", {"name": "周县长", "signed_on": "2020-01-01"}).status_code == 422
        bureau.post(f"{address}sign/", {"name": "周县长", "signed_on": today.isoformat()})
        resumption = {"resumed_on": today.isoformat(), "paper": "青应急复〔2026〕1号"}
        alone = bureau.post(f"{address}resume/", resumption)
        assert alone.status_code == 422 and "另一名工作人员" in alone.content.decode()
        with pytest.raises(Refused, match="另一名工作人员"):
            change_state(by=staff, mine=mine, action="resume", since=today, note="一个人复产")
        desk(second_staff).post(f"{address}resume/", resumption)
        row.refresh_from_db()
        mine.refresh_from_db()
        assert (row.state, mine.state, mine.former_state) == ("resumed", "producing", "")
        assert len(owed("resumption_notice")) == 1
        bureau.post(f"{address}announce/", {"on": today.isoformat(), "where": "县政府网站"})
        assert owed("resumption_notice") == []
        assert bureau.get(f"{address}").status_code == 200

    def test_a_short_stop_is_accepted_by_the_mine_and_signed_by_its_head(self, mine, staff, clerk, mine_head, today):
        row = asked(mine, staff, clerk, today, days=10)
        assert row.by_department is False
        address = row.get_absolute_url()
        desk(clerk).post(f"{address}acceptance/", accepted_form(row))
        assert (
            desk(clerk).post(f"{address}sign/", {"name": "何矿长", "signed_on": today.isoformat()}).status_code == 403
        )
        desk(mine_head).post(f"{address}sign/", {"name": "何矿长", "signed_on": today.isoformat()})
        row.refresh_from_db()
        assert row.state == "signed"
        assert desk(mine_head).post(f"{address}resume/", {"resumed_on": today.isoformat()}).status_code == 403
        resume_mine(by=staff, suspension=row, resumed_on=today)
        mine.refresh_from_db()
        assert mine.state == "producing"

    def test_what_was_ordered_is_accepted_by_the_department_however_short(self, mine, staff, clerk, today):
        with pytest.raises(NotAllowed):
            stop(mine, clerk, today, days=3, kind="ordered")
        assert asked(mine, staff, clerk, today, days=3, kind="ordered").by_department

    def test_a_failed_acceptance_goes_back_with_a_reason(self, mine, staff, clerk, today):
        row = asked(mine, staff, clerk, today)
        form = accepted_form(row, "no") | {"note": ""}
        assert desk(staff).post(f"{row.get_absolute_url()}acceptance/", form).status_code == 422
        desk(staff).post(f"{row.get_absolute_url()}acceptance/", form | {"note": "排水能力不足"})
        row.refresh_from_db()
        assert row.state == "running"

    def test_a_mistaken_entry_is_taken_back_by_an_administrator(self, mine, staff, admin, today):
        row = stop(mine, staff, today, days=0)
        address = f"{row.get_absolute_url()}act/"
        assert desk(staff).post(address, {"act": "void", "note": "登错"}).status_code == 403
        desk(admin).post(address, {"act": "void", "note": "登错矿山"})
        mine.refresh_from_db()
        row.refresh_from_db()
        assert (row.state, mine.state) == ("void", "producing")


class TestNothingGoesPastTheSignatures:
    def test_no_service_makes_it_work(self, mine, staff, clerk, today):
        row = asked(mine, staff, clerk, today)
        with pytest.raises(Refused, match="还没有签字"):
            change_state(by=staff, mine=mine, action="resume", since=today, note="急着复产")
        with pytest.raises(Conflict):
            resume_mine(by=staff, suspension=row, resumed_on=today)

    @pytest.mark.parametrize("state", ["producing", "building"])
    def test_the_database_refuses_a_mine_that_works_unsigned(self, mine, staff, clerk, today, state):
        stop(mine, staff, today)
        with pytest.raises(IntegrityError), transaction.atomic():
            Mine.objects.filter(pk=mine.pk).update(state=state)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE mines_mine SET state = %s WHERE unit_id = %s", [state, mine.pk])

    def test_the_database_refuses_a_signed_state_without_signatures_in_their_order(self, mine, staff, clerk, today):
        row = asked(mine, staff, clerk, today)
        for state in ("signed", "resumed"):
            with pytest.raises(IntegrityError), transaction.atomic():
                Suspension.objects.filter(pk=row.pk).update(state=state)
        sign = {"name": "周县长", "recorded_by": staff}
        row.signatures.create(office="government", signed_on=today - dt.timedelta(days=1), **sign)
        row.signatures.create(office="department", signed_on=today, **sign)
        with pytest.raises(IntegrityError), transaction.atomic():
            Suspension.objects.filter(pk=row.pk).update(state="signed")
        with pytest.raises(IntegrityError), transaction.atomic():
            row.signatures.update(signed_on=today)


class TestListAndPublic:
    def test_the_list_is_made_and_its_sending_is_kept(self, mine, sister, staff, clerk, today):
        row = stop(mine, staff, today, days=2)
        assert owed("suspension_list") == [today + dt.timedelta(days=3)]
        assert desk(clerk).post("/mines/suspensions/lists/new/").status_code == 403
        shown = desk(staff).post("/mines/suspensions/lists/new/", follow=True).content.decode()
        made = SuspensionList.objects.get()
        assert "石门煤矿" in shown and made.number.endswith("1号") and len(owed("suspension_list")) == 1
        assert desk(clerk).get(made.get_absolute_url()).status_code == 404
        assert desk(staff).get(f"{made.get_absolute_url()}list.docx").status_code == 200
        send = {"sent_on": today.isoformat(), "sent_to": "市应急管理局", "receipt": "张三"}
        desk(staff).post(f"{made.get_absolute_url()}sent/", send)
        row.refresh_from_db()
        assert owed("suspension_list") == [] and row.listed_in.sent_on == today
        assert desk(staff).post(f"{made.get_absolute_url()}sent/", send).status_code == 422
        assert "已报" in desk(staff).get("/mines/suspensions/").content.decode()

    def test_the_public_reads_which_mines_stand_still_without_log_in(self, mine, staff, today):
        assert "石门煤矿" not in Client().get("/suspended-mines/").content.decode()
        stop(mine, staff, today)
        answer = Client().get("/suspended-mines/").content.decode()
        assert "石门煤矿" in answer and "通风机检修" not in answer and "井口封闭" not in answer

    def test_a_sister_and_a_stranger_find_nothing(self, mine, staff, sister_clerk, stranger, leader, today):
        row = stop(mine, staff, today)
        for user in (sister_clerk, stranger):
            assert desk(user).get(row.get_absolute_url()).status_code == 404
            assert desk(user).get(f"/mines/{mine.pk}/suspend/").status_code == 404
        assert desk(leader).get(row.get_absolute_url()).status_code == 200
        assert desk(leader).get(f"{row.get_absolute_url()}request/").status_code == 403
