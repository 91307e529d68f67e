"""Enforcement documents: their order, limits, numbers and papers."""

from __future__ import annotations

import datetime as dt
import io
import threading
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from docx import Document as WordDocument

from common.errors import Conflict, NotAllowed, Refused
from common.models import Evidence
from common.transitions import advance, allowed_actions
from common.workdays import add_workdays
from hazards.models import Hazard
from hazards.tests.conftest import photo
from inspections.document_kinds import KINDS, pairs
from inspections.models import Document
from inspections.services.documents import (
    approve_document,
    change_document,
    draft_document,
    latest_day,
    pay_penalty,
    publish_document,
)

APPEAL = {"review_organ": "青岚县人民政府", "court": "青岚县人民法院"}


def draft(visit, by, kind, **more):
    return draft_document(by=by, visit=visit, kind=kind, facts="见下表。", demand=KINDS[kind].demand, **more)


def issue(visit, by, approver, kind, **more):
    made = draft(visit, by, kind, **more)
    advance(made, "submit", by=by)
    return approve_document(made, by=approver)


@pytest.fixture
def hazards(finished):
    return list(Hazard.objects.all())


@pytest.fixture
def record_paper(finished, team, staff, hazards):
    return issue(finished, team[0], staff, "record", hazards=hazards)


def test_nothing_is_drafted_before_what_it_follows(finished, record_paper, team, staff, hazards, today):
    with pytest.raises(Conflict, match="责令限期整改指令书、现场处理措施决定书签发以后"):
        draft(finished, team[0], "recheck", parent=record_paper, hazards=hazards)
    order = draft(
        finished, team[0], "order", parent=record_paper, hazards=hazards, due_on=today + dt.timedelta(days=30), **APPEAL
    )
    advance(order, "submit", by=team[0])
    with pytest.raises(Conflict):
        draft(finished, team[0], "recheck", parent=order, hazards=hazards)
    approve_document(order, by=staff)
    recheck = issue(finished, team[0], staff, "recheck", parent=order, hazards=hazards)
    assert recheck.lines.get().outcome == "未完成整改（已定级）"


def test_the_database_refuses_the_order_too(finished, record_paper, team):
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(
            region=finished.region, visit=finished, kind="recheck", parent=record_paper, facts="甲", demand="乙",
            drafted_by=team[0],
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(
            region=finished.region, visit=finished, kind="order", facts="甲", demand="乙", drafted_by=team[0]
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=record_paper.pk).update(serial=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=record_paper.pk).delete()


def test_limits_of_days_and_months(finished, record_paper, team, hazards, today):
    assert latest_day("order", finished.region_id, dt.date(2026, 1, 1)) == dt.date(2026, 1, 31)
    assert latest_day("coercive", finished.region_id, dt.date(2026, 1, 1)) == dt.date(2026, 1, 16)
    assert latest_day("measure", finished.region_id, dt.date(2026, 8, 31)) == dt.date(2027, 2, 28)
    assert latest_day("record", finished.region_id, today) is None
    for days in (31, -1):
        with pytest.raises(Refused) as refused:
            draft(finished, team[0], "order", parent=record_paper, hazards=hazards, due_on=today + dt.timedelta(days=days), **APPEAL)  # fmt: skip
        assert "due_on" in refused.value.fields


def test_numbers_have_no_gap_and_a_refused_approval_takes_none(finished, team, staff, clerk, today):
    first = issue(finished, team[0], staff, "record")
    refused = draft(finished, team[0], "record")
    advance(refused, "submit", by=team[0])
    for who in (team[0], clerk):
        with pytest.raises(NotAllowed):
            approve_document(refused, by=who)
    second = issue(finished, team[0], staff, "record")
    assert (first.serial, second.serial) == (1, 2)
    assert second.number == f"（青）应急检记〔{today.year}〕2号"


def test_a_drafter_does_not_approve(finished, staff, second_staff):
    made = draft(finished, second_staff, "record")
    advance(made, "submit", by=second_staff)
    assert "approve" not in {act.action for act in allowed_actions(made, second_staff)}
    with pytest.raises(NotAllowed):
        approve_document(made, by=second_staff)
    approve_document(made, by=staff)
    with pytest.raises(Conflict):
        change_document(by=second_staff, document=made, hazards=[], facts="改了")


def test_whoever_rewrote_a_draft_does_not_approve_it(finished, staff, second_staff):
    made = draft(finished, second_staff, "record")
    made = change_document(by=staff, document=made, hazards=[], facts="全部重写")
    advance(made, "submit", by=staff)
    with pytest.raises(NotAllowed):
        approve_document(made, by=staff)
    approve_document(made, by=second_staff)


def test_penalties_of_unit_and_head_are_published_and_paid(finished, record_paper, team, staff, hazards, today):
    set_ = {"unit": ("石门煤矿", Decimal("30000")), "head": ("何矿长", Decimal("8000"))}
    notice = issue(finished, team[0], staff, "notice", parent=record_paper, hazards=hazards, penalties=set_)
    hearing = draft(finished, team[0], "hearing", parent=notice)
    decision = draft(finished, team[0], "decision", parent=notice, hazards=hazards, penalties=set_, **APPEAL)
    with pytest.raises(Refused, match="听证笔录还没有办完"):
        advance(decision, "submit", by=team[0])
    advance(hearing, "submit", by=team[0])
    approve_document(hearing, by=staff)
    advance(decision, "submit", by=team[0])
    approve_document(decision, by=staff)
    assert decision.publish_by == add_workdays(today, 7)
    later = decision.publish_by + dt.timedelta(days=1)
    assert decision.is_late_to_publish_on(later) and Document.objects.late_to_publish(later).get() == decision
    assert not decision.is_late_to_publish and not Document.objects.late_to_publish().exists()
    publish_document(by=team[0], document=decision, published_on=today, published_at="县政府网站")
    assert not Document.objects.late_to_publish(later).exists()
    unit, head = decision.penalties.all()
    pay_penalty(by=team[0], penalty=unit, paid_on=today)
    with pytest.raises(Conflict):
        pay_penalty(by=team[0], penalty=unit, paid_on=today)
    head.refresh_from_db()
    assert head.paid_on is None


def test_the_case_is_closed_when_all_is_approved(finished, record_paper, team, staff, hazards, today):
    draft(finished, team[0], "order", parent=record_paper, hazards=hazards, due_on=today, **APPEAL)
    closing = draft(finished, team[0], "closing", parent=record_paper)
    with pytest.raises(Refused, match="还有1份文书没有签发"):
        advance(closing, "submit", by=team[0])
    with pytest.raises(Refused, match="已经有执法文书"):
        advance(finished, "reopen", by=staff, note="改")


def test_the_scan_closes_it_and_a_mine_sees_what_was_issued(client, finished, record_paper, team, clerk, sister_clerk, stranger, today):  # fmt: skip
    client.force_login(team[0])
    address = f"/inspections/documents/{record_paper.pk}/"
    assert client.post(f"{address}act/", {"act": "close"}).status_code in (302, 409)
    record_paper.refresh_from_db()
    assert record_paper.state == "approved"
    scan = SimpleUploadedFile("scan.jpg", photo().read(), "image/jpeg")
    sent = {"scan": scan, "received_by": "何矿长", "received_on": today}
    assert client.post(f"{address}scan/", sent).status_code == 302
    record_paper.refresh_from_db()
    assert record_paper.state == "closed" and Evidence.objects.about(record_paper).count() == 1
    waiting = draft(finished, team[0], "record")
    for who, seen in ((clerk, 200), (sister_clerk, 404), (stranger, 404)):
        client.force_login(who)
        assert client.get(address).status_code == seen
        assert client.get(f"/inspections/documents/{waiting.pk}/").status_code == 404
    client.force_login(clerk)
    assert client.get(f"{address}scan/").status_code == 403


def test_the_paper_prints_what_the_law_wants(client, finished, record_paper, team, staff, hazards, today):
    client.force_login(team[0])
    page = client.get(f"/inspections/{finished.pk}/documents/order/")
    assert "青岚县人民法院" in page.content.decode()
    sent = {"parent": record_paper.pk, "facts": "见下表。", "demand": "限期整改。", "due_on": today + dt.timedelta(days=9),
            "hazards": [one.pk for one in hazards], **APPEAL}  # fmt: skip
    answer = client.post(f"/inspections/{finished.pk}/documents/order/", sent)
    order = Document.objects.get(kind="order")
    assert answer.headers["Location"] == order.get_absolute_url()
    assert client.post(f"{order.get_absolute_url()}edit/", sent | {"facts": "改后见下表。"}).status_code == 302
    client.post(f"{order.get_absolute_url()}act/", {"act": "submit"})
    client.force_login(staff)
    client.post(f"{order.get_absolute_url()}act/", {"act": "approve"})
    order.refresh_from_db()
    word = WordDocument(io.BytesIO(client.get(f"{order.get_absolute_url()}paper.docx").content))
    text = "\n".join(one.text for one in word.paragraphs)
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert order.number in text and "石门煤矿" in text and "改后见下表" in text
    assert "青岚县人民政府" in text and "青岚县人民法院" in text
    assert {"冀690324001", "冀690324002", "1", "3号皮带巷：一台传感器过期"} <= set(cells)
    assert client.get(f"{order.get_absolute_url()}paper.pdf").content.startswith(b"%PDF")
    assert client.get("/inspections/documents/?late=true").status_code == 200
    assert order.number in client.get("/inspections/documents/?late=false").content.decode()


@pytest.mark.django_db(transaction=True)
def test_eight_approvers_at_once_skip_no_number_and_give_none_twice(finished, team, staff, second_staff):
    """Each also tries what is refused, so that numbers are taken and given back all the while."""
    by_others = [draft(finished, team[0], "record") for _ in range(24)]
    own = [draft(finished, second_staff, "record") for _ in range(8)]
    for one in [*by_others, *own]:
        advance(one, "submit", by=one.drafted_by)
    errors: list[BaseException] = []

    def approve_some(turn: int) -> None:
        try:
            with pytest.raises(NotAllowed):
                approve_document(own[turn], by=second_staff)
            for one in by_others[turn::8]:
                approve_document(one, by=second_staff)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve_some, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    issued = Document.objects.in_force().filter(kind="record").values_list("serial", flat=True)
    assert sorted(issued) == list(range(1, 25))


def test_kinds_refer_to_each_other():
    assert all(parent in KINDS for _, parent in pairs())
    assert all(other in KINDS for one in KINDS.values() for other in one.waits_for)
