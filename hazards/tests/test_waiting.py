"""A hazard beside its way: its mine is suspended, or another department has it."""

import datetime as dt
import io

import pytest
from django.db import IntegrityError, transaction
from docx import Document

from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from common.models import Evidence
from hazards.letters import proposed_items
from hazards.models import Hazard, HazardSuspension
from hazards.services.extensions import request_hazard_extension
from hazards.services.listing import list_hazard
from hazards.services.proofs import prove_facet, record_reinspection, rectify_hazard
from hazards.services.register import grade_hazard, move_hazard
from hazards.services.waiting import (
    end_hand_over,
    hand_over_hazard,
    record_receipt,
    resume_hazard,
    suspend_hazard,
)
from hazards.tests.conftest import photo
from hazards.tests.test_life import major as major
from hazards.tests.test_life import prove_all
from hazards.tests.test_register_pages import look as look
from hazards.tests.test_register_pages import media as media
from hazards.tests.test_register_pages import send as send


@pytest.fixture
def treating(hazard, staff, clerk, today):
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today + dt.timedelta(days=5))
    return move_hazard(by=clerk, hazard=hazard, action="start")


def suspend(hazard, by, today, **changes):
    given = {"reason": "主井提升机检修", "paper": "青应急停〔2026〕2号", "since": today} | changes
    return suspend_hazard(by=by, hazard=hazard, **given)


def hand_over(hazard, by, today, **changes):
    given = {"receiver": "青岚县自然资源局", "reason": "涉及越界开采", "sent_on": today} | changes
    return hand_over_hazard(by=by, hazard=hazard, **given)


def answer(hazard, by, today, *, treated=True, files=None):
    return end_hand_over(
        by=by, hazard=hazard, treated=treated, answered_on=today, answer="已封闭越界巷道", answer_paper="青自然函3号",
        files=[photo("navy")] if files is None else files,
    )  # fmt: skip


class TestSuspended:
    def test_waits_and_goes_on_where_it_stood(self, treating, staff, clerk, today):
        due_on = treating.due_on
        suspend(treating, staff, today - dt.timedelta(days=2), files=[photo("black")])
        assert (treating.state, treating.former_state, treating.due_on) == ("suspended", "treating", due_on)
        with pytest.raises(Conflict):
            rectify_hazard(by=clerk, hazard=treating, statement="已换", done_on=today, files=[photo()])
        with pytest.raises(Conflict):
            request_hazard_extension(by=clerk, hazard=treating, new_due_on=due_on + dt.timedelta(days=9), reason="等")
        made = resume_hazard(by=staff, hazard=treating, paper="青应急复〔2026〕1号", resumed_on=today)
        assert (treating.state, treating.former_state, treating.due_on) == ("treating", "", due_on)
        assert made.days == 2 and Evidence.objects.about(made).count() == 1
        assert {"hazard.suspend", "hazard.resume"} <= set(history_of(treating).values_list("verb", flat=True))

    def test_is_not_late_while_it_waits_and_late_again_after(self, treating, staff, today):
        Hazard.objects.filter(pk=treating.pk).update(due_on=today - dt.timedelta(days=1))
        treating.refresh_from_db()
        assert treating.is_overdue and Hazard.objects.overdue().exists()
        suspend(treating, staff, today)
        assert not treating.is_overdue and not Hazard.objects.overdue().exists()
        resume_hazard(by=staff, hazard=treating, paper="复1号", resumed_on=today)
        assert treating.is_overdue

    def test_needs_paper_reason_and_a_day(self, treating, staff, today):
        with pytest.raises(Refused) as refusal:
            suspend(treating, staff, today + dt.timedelta(days=1), paper=" ", reason="")
        assert set(refusal.value.fields) == {"since", "paper", "reason"}
        assert not HazardSuspension.objects.exists()

    def test_is_the_bureaus_act(self, treating, clerk, inspector, leader, stranger, today):
        for other in (clerk, inspector, leader, stranger):
            with pytest.raises(NotAllowed):
                suspend(treating, other, today)

    def test_the_database_wants_to_know_where_to_go_back(self, treating):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hazard.objects.filter(pk=treating.pk).update(state="suspended")


class TestHandedOver:
    def test_comes_back_where_it_stood(self, hazard, staff, today):
        sent = hand_over(hazard, staff, today)
        assert hazard.state == "handed_over" and sent.letter == f"青应急移〔{today.year}〕1号"
        record_receipt(by=staff, hazard=hazard, received_on=today, receipt="王某签收")
        ended = answer(hazard, staff, today, treated=False, files=[])
        assert (hazard.state, ended.outcome, ended.receipt) == ("registered", "taken_back", "王某签收")
        with pytest.raises(Conflict):
            record_receipt(by=staff, hazard=hazard, received_on=today, receipt="再签")

    def test_an_answer_is_a_claim_that_others_check(self, treating, staff, second_staff, today):
        hand_over(treating, staff, today)
        with pytest.raises(Refused) as refusal:
            answer(treating, staff, today, files=[])
        assert "evidence" in refusal.value.fields
        answer(treating, staff, today)
        assert (treating.state, treating.rectifier) == ("awaiting", staff)
        seen = {"on": today, "on_site": False, "passed": True, "opinion": "核对答复函和照片"}
        with pytest.raises(Refused):
            record_reinspection(by=staff, hazard=treating, officers=[staff], **seen)
        record_reinspection(by=second_staff, hazard=treating, officers=[second_staff], **seen)
        assert treating.state == "closed"

    def test_what_nobody_graded_is_not_answered_as_treated(self, hazard, staff, today):
        hand_over(hazard, staff, today)
        with pytest.raises(Refused, match="还没有定级"):
            answer(hazard, staff, today)
        hazard.refresh_from_db()
        assert hazard.state == "handed_over" and hazard.hand_overs.get().is_open

    def test_a_major_one_needs_the_five_and_two_on_site_all_the_same(
        self, major, staff, second_staff, inspector, clerk, today
    ):
        hand_over(major, staff, today)
        with pytest.raises(Refused, match="五落实"):
            answer(major, staff, today)
        prove_all(major, clerk, inspector, today)
        answer(major, staff, today)
        seen = {"on": today, "passed": True, "opinion": "已封闭"}
        with pytest.raises(Refused, match="至少2人"):
            record_reinspection(by=inspector, hazard=major, officers=[inspector], on_site=True, **seen)
        with pytest.raises(Refused, match="到现场"):
            record_reinspection(by=inspector, hazard=major, officers=[inspector, second_staff], on_site=False, **seen)
        with pytest.raises(IntegrityError), transaction.atomic():
            Hazard.objects.filter(pk=major.pk).update(state="closed", closed_on=today, closed_by=inspector)
        record_reinspection(by=inspector, hazard=major, officers=[inspector, second_staff], on_site=True, **seen)
        assert major.state == "closed"

    def test_a_listed_one_stays_with_the_bureau(self, major, staff, today):
        list_hazard(
            by=staff, hazard=major, level="county", listed_on=today, due_on=today + dt.timedelta(days=90),
            items=proposed_items(major),
        )  # fmt: skip
        with pytest.raises(Refused, match="挂牌"):
            hand_over(major, staff, today)

    def test_facets_can_still_be_proved_by_the_mine(self, major, staff, clerk, today):
        hand_over(major, staff, today)
        fields = {"in_place": True, "since": today, "statement": "资金已拨付"}
        assert prove_facet(by=clerk, hazard=major, facet="funds", fields=fields, files=[photo("gold")]).has_evidence


class TestPages:
    def test_suspend_and_resume(self, treating, look, send, staff, clerk, today):
        address = treating.get_absolute_url()
        assert "停产暂缓" in look(staff, address) and "停产暂缓" not in look(clerk, address)
        look(clerk, f"{address}suspend/", status=403)
        page = send(staff, f"{address}suspend/", reason="检修", paper="停2号", since=today.isoformat())
        assert "整改期限仍是" in page and "回到“治理中”" in page
        page = send(staff, f"{address}resume/", paper="复1号", resumed_on=today.isoformat())
        assert "没有自动顺延" in page and "复1号" in page

    def test_many_at_once(self, treating, send, look, staff, clerk, today):
        assert "恢复办理" in look(staff, "/hazards/") and "恢复办理" not in look(clerk, "/hazards/")
        chosen = {"selected": [str(treating.pk)]}
        typed = {"suspend-reason": "检修", "suspend-paper": "停2号", "suspend-since": today.isoformat()}
        assert "已暂缓1条" in send(staff, "/hazards/", act="suspend", **chosen, **typed)
        typed = {"resume-paper": "复1号", "resume-resumed_on": today.isoformat()}
        assert "已恢复办理1条" in send(staff, "/hazards/", act="resume", **chosen, **typed)
        treating.refresh_from_db()
        assert treating.state == "treating"

    def test_hand_over_with_its_letter(self, treating, look, send, staff, county, client, today):
        address = treating.get_absolute_url()
        assert county.energy.name in look(staff, f"{address}hand-over/")
        page = send(staff, f"{address}hand-over/", receiver="县能源局", reason="职责在对方", sent_on=today.isoformat())
        assert "已移送县能源局" in page
        sent = treating.hand_overs.get()
        client.force_login(staff)
        reply = client.get(f"{address}hand-over/{sent.pk}/letter.docx")
        text = "\n".join(one.text for one in Document(io.BytesIO(reply.content)).paragraphs)
        assert sent.letter in text and "县能源局" in text and treating.number in text
        assert client.get(f"{address}hand-over/{sent.pk}/letter.pdf").content[:4] == b"%PDF"
        assert client.get(f"{address}hand-over/{sent.pk}/letter.exe").status_code == 404
        page = send(staff, f"{address}hand-over/receipt/", received_on=today.isoformat(), receipt="李某")
        assert "李某" in page
        page = send(
            staff, f"{address}hand-over/answer/", treated="no", answered_on=today.isoformat(), answer="不属其职责"
        )
        assert "治理中" in page and "不属其职责" in page


class TestTheDepartmentAnswers:
    """Handed over to the energy office, whose liaison has an account."""

    @pytest.fixture
    def sent(self, treating, staff, county, today):
        return hand_over(treating, staff, today, receiver=county.energy.name, files=[photo("teal")])

    def test_from_the_first_page_to_the_re_inspection(
        self, sent, treating, liaison, staff, second_staff, look, send, client, today
    ):
        address = sent.get_absolute_url()
        assert sent.unit == liaison.unit
        assert address in look(liaison, "/") and treating.place in look(liaison, "/hand-overs/")
        page = look(liaison, address)
        assert treating.description in page and "答复办理结果" in page
        look(liaison, treating.get_absolute_url(), status=404)
        client.force_login(liaison)
        assert all(client.get(one.thumb_url).status_code == 200 for one in Evidence.objects.about(treating))
        assert client.get(f"{treating.get_absolute_url()}hand-over/{sent.pk}/letter.pdf").content[:4] == b"%PDF"
        send(liaison, f"{address}receipt/", received_on=today.isoformat(), receipt="刘联络")
        send(liaison, f"{address}treatment/", treatment="已责令停止，正在回填")
        page = look(staff, treating.get_absolute_url())
        assert "刘联络" in page and "正在回填" in page
        typed = {"treated": "yes", "answered_on": today.isoformat(), "answer": "已回填并封闭"}
        assert "请上传答复函" in send(liaison, f"{address}reply/", status=422, **typed)
        send(liaison, f"{address}reply/", evidence=photo("olive"), **typed)
        treating.refresh_from_db()
        assert (treating.state, treating.rectifier) == ("awaiting", liaison)
        assert "已回填并封闭" in look(liaison, address) and "答复办理结果" not in look(liaison, address)
        look(liaison, f"{address}reply/", status=403)
        seen = {"on": today, "on_site": True, "passed": True, "opinion": "属实"}
        record_reinspection(by=second_staff, hazard=treating, officers=[second_staff], **seen)
        assert treating.state == "closed"

    def test_sends_back_what_is_not_its_business(self, sent, treating, liaison, send, today):
        typed = {"treated": "no", "answered_on": today.isoformat(), "answer": "属水利部门职责"}
        assert "属水利部门职责" in send(liaison, f"{sent.get_absolute_url()}reply/", **typed)
        treating.refresh_from_db()
        assert treating.state == "treating"

    def test_is_nobody_elses(self, sent, treating, clerk, sister_clerk, stranger, look, today):
        for other in (sister_clerk, stranger):
            look(other, sent.get_absolute_url(), status=404)
        look(clerk, sent.get_absolute_url())
        look(clerk, f"{sent.get_absolute_url()}reply/", status=403)
        with pytest.raises(NotAllowed):
            answer(treating, clerk, today)
