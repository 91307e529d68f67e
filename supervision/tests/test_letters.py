"""Letters: what is proposed when, who writes, approves, sends, signs for and answers, and what they say on paper."""

import datetime as dt
import io

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document

from common.due import due_sources
from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from common.letters import to_docx
from common.models import Serial
from common.transitions import advance, allowed_actions
from common.workdays import add_workdays
from hazards.tests.conftest import photo
from supervision.letters import paper
from supervision.models import LetterReceipt, SupervisionLetter
from supervision.proposals import proposals_for
from supervision.services.letters import (
    answer_letter,
    decline_proposed,
    draft_letter,
    draft_proposed,
    edit_letter,
    move_letter,
    move_receipt,
    record_exposure,
    record_talk,
)
from tasks.models import Assignment, Campaign, Deadline, DueItem, Task
from tasks.services.due_items import refresh_due_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(county, staff):
    return Campaign.objects.create(region=county.region, title="矿山安全治本攻坚", created_by=staff)


def owe(campaign, unit, due_on, title="建立隐患台账"):
    """A duty of a unit with one dated item."""
    position = Task.objects.count() + 1
    task = Task.objects.create(campaign=campaign, position=position, ref=str(position), title=title)
    owed = Assignment.objects.create(region=campaign.region, campaign=campaign, task=task, unit=unit)
    deadline = Deadline.objects.create(task=task, kind="date", date=due_on, text="按期")
    DueItem.objects.create(assignment=owed, deadline=deadline, due_on=due_on)
    refresh_due_on(Assignment.objects.filter(pk=owed.pk))
    return owed


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def late(campaign, county, today):
    """Two things of one mine, five working days late; one of the sister mine that is only two."""
    day = add_workdays(today, -5)
    owe(campaign, county.sister_mine, add_workdays(today, -2))
    return [owe(campaign, county.mine, day), owe(campaign, county.mine, day, "开展全员培训")]


@pytest.fixture
def draft(late, county, staff):
    return draft_proposed(by=staff, unit=county.mine, kind="prompt")


@pytest.fixture
def sent(draft, staff, second_staff):
    move_letter(by=second_staff, letter=draft, action="approve")
    return move_letter(by=staff, letter=draft, action="send")


def receipt_of(letter):
    return LetterReceipt.objects.select_related("letter", "unit").get(letter=letter)


def kinds(region, day=None):
    return {(one.unit.short_name or one.unit.name, one.step.kind): len(one.items) for one in proposals_for(region, day)}


class TestProposals:
    def test_what_is_late_enough_is_bundled_by_unit(self, late, county):
        assert kinds(county.region) == {("石门煤矿", "prompt"): 2}

    def test_a_day_sooner_nothing_is_proposed(self, campaign, county, today):
        owe(campaign, county.mine, add_workdays(today, -2))
        assert kinds(county.region) == {}

    def test_a_draft_ends_the_proposal_and_a_second_press_is_told_so(self, draft, county, second_staff):
        assert kinds(county.region) == {}
        assert draft.items.count() == 2 and draft.number == ""
        with pytest.raises(Conflict):
            draft_proposed(by=second_staff, unit=county.mine, kind="prompt")

    def test_the_ladder_is_climbed_one_rung_at_a_time_when_the_answer_is_overdue(self, sent, county):
        # Late by enough days for a talk, but the prompt's answer is still awaited, then only the next step follows.
        assert kinds(county.region, sent.answer_by) == {("北沟煤矿", "prompt"): 1}
        found = kinds(county.region, add_workdays(sent.answer_by, 20))
        assert found[("石门煤矿", "supervise")] == 2 and ("石门煤矿", "talk") not in found

    def test_what_was_done_is_not_proposed_again(self, sent, late, county):
        Assignment.objects.filter(pk=late[0].pk).update(state="done", done_on=timezone.localdate())
        assert kinds(county.region, add_workdays(sent.answer_by, 5))[("石门煤矿", "supervise")] == 1

    def test_a_declined_rung_is_passed_over_and_says_why(self, late, county, staff, today):
        letter = decline_proposed(by=staff, unit=county.mine, kind="prompt", reason="材料今天送到")
        assert letter.state == "declined" and letter.reason == "材料今天送到" and letter.number == ""
        assert ("石门煤矿", "supervise") not in kinds(county.region, add_workdays(today, 5))
        assert kinds(county.region, add_workdays(today, 6))[("石门煤矿", "supervise")] == 2

    def test_a_withdrawn_letter_counts_for_nothing(self, draft, county, staff):
        move_letter(by=staff, letter=draft, action="withdraw", note="写错了")
        assert kinds(county.region) == {("石门煤矿", "prompt"): 2}

    def test_a_moved_day_is_a_new_matter(self, sent, late, county, today):
        DueItem.objects.filter(assignment__in=late).update(due_on=today + dt.timedelta(days=1))
        day = add_workdays(today + dt.timedelta(days=1), 3)
        assert kinds(county.region, day)[("石门煤矿", "prompt")] == 2

    def test_the_county_next_door_has_its_own(self, late, county):
        assert kinds(county.other_region) == {}

    def test_the_same_queries_for_two_units_and_for_twenty(
        self, late, campaign, county, today, django_assert_num_queries
    ):
        with CaptureQueriesContext(connection) as two:
            proposals_for(county.region)
        assert len(two) <= 3 + 2 * len(due_sources()), "two for each kind of thing that can be due"
        for _ in range(20):
            owe(campaign, county.energy, add_workdays(today, -6))
        with django_assert_num_queries(len(two)):
            assert kinds(county.region)[("青岚县能源局", "prompt")] == 20


class TestLife:
    def test_from_draft_to_file(self, draft, county, staff, second_staff, clerk):
        with pytest.raises(Refused, match="拟稿人"):
            move_letter(by=staff, letter=draft, action="approve")
        with pytest.raises(Conflict):
            move_letter(by=staff, letter=draft, action="send")
        move_letter(by=second_staff, letter=draft, action="approve")
        move_letter(by=staff, letter=draft, action="send")
        assert draft.number == f"青应急提〔{timezone.localdate().year}〕1号"
        assert draft.answer_by == add_workdays(timezone.localdate(), 5)
        receipt = receipt_of(draft)
        with pytest.raises(Conflict):
            answer_letter(by=clerk, receipt=receipt, answer="已办结")
        move_receipt(by=clerk, receipt=receipt, action="sign")
        with pytest.raises(Refused, match="石门煤矿"):
            move_letter(by=staff, letter=draft, action="file")
        answer_letter(by=clerk, receipt=receipt, answer="已办结，台账附后", files=[photo()])
        assert (receipt.answered_by, receipt.answer) == (clerk, "已办结，台账附后")
        move_receipt(by=staff, receipt=receipt, action="return", note="没有附台账")
        answer_letter(by=clerk, receipt=receipt, answer="台账已补充")
        move_letter(by=staff, letter=draft, action="file")
        assert draft.state == "filed"
        verbs = [event.verb for event in history_of(receipt).order_by("id") if event.verb.startswith("letterreceipt")]
        assert verbs == [f"letterreceipt.{one}" for one in ("sign", "answer", "return", "answer")]

    def test_the_leader_may_approve_and_nobody_else_besides_the_bureau(self, draft, leader, clerk, inspector, liaison):
        for who in (clerk, inspector, liaison):
            with pytest.raises(NotAllowed):
                move_letter(by=who, letter=draft, action="approve")
        move_letter(by=leader, letter=draft, action="approve")
        assert draft.approved_by == leader
        with pytest.raises(NotAllowed):
            move_letter(by=leader, letter=draft, action="send")

    def test_who_changed_a_draft_last_cannot_approve_it(self, draft, staff, second_staff):
        move_letter(by=second_staff, letter=draft, action="refuse", note="写明期限")
        edit_letter(by=second_staff, letter=draft, title=draft.title, body="请于月底前办结。")
        move_letter(by=staff, letter=draft, action="resubmit")
        with pytest.raises(Refused, match="拟稿人"):
            move_letter(by=second_staff, letter=draft, action="approve")
        move_letter(by=staff, letter=draft, action="approve")
        with pytest.raises(Conflict):
            edit_letter(by=staff, letter=draft, title="改", body="改")

    def test_numbers_of_a_kind_have_no_gaps(self, county, staff, second_staff):
        letters = [
            draft_letter(by=staff, kind="notify", units=[county.mine], title=f"通报{n}", body="情况如下。")
            for n in range(3)
        ]
        with pytest.raises(Conflict):
            move_letter(by=staff, letter=letters[0], action="send")
        numbers = []
        for letter in letters:
            move_letter(by=second_staff, letter=letter, action="approve")
            numbers.append(move_letter(by=staff, letter=letter, action="send").number)
        assert [number[-2:] for number in numbers] == ["1号", "2号", "3号"]
        assert Serial.objects.get(kind="letter.notify").last == 3

    def test_a_talk_needs_its_time_and_its_record(self, county, staff, second_staff, clerk):
        talk = draft_letter(by=staff, kind="talk", units=[county.mine], title="约谈通知", body="请按时参加。")
        move_letter(by=second_staff, letter=talk, action="approve")
        with pytest.raises(Refused, match="时间和地点"):
            move_letter(by=staff, letter=talk, action="send")
        SupervisionLetter.objects.filter(pk=talk.pk).update(meets_at=timezone.now(), place="局会议室")
        move_letter(by=staff, letter=talk, action="send")
        receipt = receipt_of(talk)
        move_receipt(by=clerk, receipt=receipt, action="sign")
        answer_letter(by=clerk, receipt=receipt, answer="按时参加")
        with pytest.raises(Refused, match="约谈记录"):
            move_letter(by=staff, letter=talk, action="file")
        record_talk(by=staff, letter=talk, people="王科员、何矿长", record_text="承诺月底前办结。", files=[photo()])
        talk.refresh_from_db()
        assert move_letter(by=staff, letter=talk, action="file").state == "filed"

    def test_an_exposure_says_where_and_when(self, county, staff, second_staff, clerk, today):
        letter = draft_letter(by=staff, kind="expose", units=[county.mine], title="曝光决定", body="予以曝光。")
        move_letter(by=second_staff, letter=letter, action="approve")
        move_letter(by=staff, letter=letter, action="send")
        with pytest.raises(Refused):
            record_exposure(
                by=staff, letter=letter, published_in="县政府网站", published_on=today - dt.timedelta(days=1)
            )
        assert (
            record_exposure(by=staff, letter=letter, published_in="县政府网站", published_on=today).published_on
            == today
        )

    def test_a_signature_on_paper_is_entered_with_who_gave_it(self, sent, staff):
        receipt = receipt_of(sent)
        with pytest.raises(Refused, match="理由"):
            move_receipt(by=staff, receipt=receipt, action="enter")
        move_receipt(by=staff, receipt=receipt, action="enter", note="何矿长在回执上签字")
        answer_letter(by=staff, receipt=receipt, answer="书面答复，扫描件附后")
        assert receipt.state == "answered"

    def test_overdue_is_one_rule(self, sent):
        receipt = receipt_of(sent)
        for days in (-1, 0, 1):
            day = sent.answer_by + dt.timedelta(days=days)
            assert receipt.is_overdue_on(day) == (days > 0) == LetterReceipt.objects.overdue(day).exists()
            assert SupervisionLetter.objects.overdue(day).exists() == (days > 0)


ILLEGAL = [
    (model, state, action)
    for model in (SupervisionLetter, LetterReceipt)
    for state in model.State.values
    for action in sorted({action for _, action in model.moves})
    if (state, action) not in model.moves
]


@pytest.mark.parametrize(("model", "state", "action"), ILLEGAL, ids=str)
def test_a_move_outside_the_table(model, state, action, sent, staff, second_staff, clerk):
    row = sent if model is SupervisionLetter else receipt_of(sent)
    model.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    events = history_of(row).count()
    for who in (staff, second_staff, clerk):
        with pytest.raises(Conflict):
            advance(row, action, by=who, note="硬来")
        assert action not in {allowed.action for allowed in allowed_actions(row, who)}
    row.refresh_from_db()
    assert row.state == state and history_of(row).count() == events


class TestPages:
    def test_from_the_proposal_to_the_answer(self, late, county, client, staff, leader, clerk):
        client.force_login(staff)
        page = client.get(reverse("supervision:proposals")).content.decode()
        assert "石门煤矿：提示函" in page and "开展全员培训" in page
        answer = client.post(reverse("supervision:proposal_draft", args=[county.mine.pk, "prompt"]))
        letter = SupervisionLetter.objects.get()
        assert answer.headers["Location"] == letter.get_absolute_url()
        act = reverse("supervision:letter_act", args=[letter.pk])
        client.force_login(leader)
        assert "待审签的函件" in client.get("/", follow=True).content.decode()
        client.post(act, {"act": "approve"})
        client.force_login(staff)
        client.post(act, {"act": "send"})
        client.force_login(clerk)
        assert "待签收、答复的函件" in client.get("/").content.decode()
        assert letter.title in client.get(reverse("supervision:letters")).content.decode()
        receipt = receipt_of(letter)
        client.post(reverse("supervision:receipt_act", args=[receipt.pk]), {"act": "sign"})
        form = reverse("supervision:receipt_answer", args=[receipt.pk])
        assert client.post(form, {"answer": " "}).status_code == 422
        client.post(form, {"answer": "已全部办结", "evidence": [photo()]})
        receipt.refresh_from_db()
        assert receipt.state == "answered"
        client.force_login(staff)
        shown = client.get(letter.get_absolute_url()).content.decode()
        assert "已全部办结" in shown and "/evidence/" in shown

    def test_who_sees_what(
        self, draft, client, county, clerk, sister_clerk, stranger, auditor, enterprise_clerk, staff, second_staff
    ):
        url = draft.get_absolute_url()

        def codes():
            found = {}
            for who in (clerk, sister_clerk, stranger, enterprise_clerk, auditor):
                client.force_login(who)
                found[who] = client.get(url).status_code
            return found

        before = codes()
        assert before[auditor] == 200 and {
            before[who] for who in (clerk, sister_clerk, stranger, enterprise_clerk)
        } == {404}
        move_letter(by=second_staff, letter=draft, action="approve")
        move_letter(by=staff, letter=draft, action="send")
        after = codes()
        assert (after[clerk], after[enterprise_clerk]) == (200, 200)
        assert (after[sister_clerk], after[stranger]) == (404, 404)
        receipt = reverse("supervision:receipt_act", args=[receipt_of(draft).pk])
        client.force_login(enterprise_clerk)
        assert client.post(receipt, {"act": "sign"}).status_code == 403
        client.force_login(clerk)
        assert client.post(reverse("supervision:letter_act", args=[draft.pk]), {"act": "file"}).status_code == 403
        assert client.get(reverse("supervision:proposals")).status_code == 403

    def test_a_unit_sees_only_its_own_answer_and_items(
        self, late, county, client, staff, second_staff, clerk, sister_clerk
    ):
        letter = draft_letter(
            by=staff, kind="notify", units=[county.mine, county.sister_mine], title="通报", body="情况如下。"
        )
        move_letter(by=second_staff, letter=letter, action="approve")
        move_letter(by=staff, letter=letter, action="send")
        receipt = LetterReceipt.objects.select_related("letter", "unit").get(letter=letter, unit=county.mine)
        move_receipt(by=clerk, receipt=receipt, action="sign")
        answer_letter(by=clerk, receipt=receipt, answer="只给局里看的话")
        client.force_login(sister_clerk)
        assert "只给局里看的话" not in client.get(letter.get_absolute_url()).content.decode()
        client.force_login(staff)
        assert "只给局里看的话" in client.get(letter.get_absolute_url()).content.decode()

    def test_the_paper(self, sent, client, clerk, staff):
        client.force_login(clerk)
        answer = client.get(reverse("supervision:letter_paper", args=[sent.pk, "letter", "docx"]))
        document = Document(io.BytesIO(answer.content))
        text = "\n".join(p.text for p in document.paragraphs)
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        assert sent.number in text and "石门煤矿" in text and "前书面答复" in text
        assert any("开展全员培训" in cell for cell in cells)
        assert client.get(reverse("supervision:letter_paper", args=[sent.pk, "letter", "pdf"])).content[:4] == b"%PDF"
        assert client.get(reverse("supervision:letter_paper", args=[sent.pk, "talk", "pdf"])).status_code == 404
        assert to_docx(paper(sent))

    def test_the_loop_stands_on_the_page_of_the_thing(self, sent, late, client, clerk):
        client.force_login(clerk)
        page = client.get(late[0].get_absolute_url()).content.decode()
        assert "督办闭环" in page and sent.number in page

    def test_the_list_costs_the_same_for_two_and_for_many(self, county, staff, client, django_assert_max_num_queries):
        def write(count):
            for n in range(count):
                draft_letter(
                    by=staff, kind="notify", units=[county.mine, county.energy], title=f"通报{n}", body="如下。"
                )

        client.force_login(staff)
        write(2)
        with django_assert_max_num_queries(12):
            client.get(reverse("supervision:letters"))
        write(18)
        with django_assert_max_num_queries(12):
            assert client.get(reverse("supervision:letters")).content.decode().count("如下") == 0

    def test_the_forms_of_the_bureau(self, draft, client, staff, second_staff, county):
        client.force_login(staff)
        edit = reverse("supervision:letter_edit", args=[draft.pk])
        client.post(edit, {"title": "关于逾期事项的提示函", "body": "请抓紧。"})
        draft.refresh_from_db()
        assert draft.title == "关于逾期事项的提示函"
        new = reverse("supervision:letter_new")
        assert client.get(new).status_code == 200
        client.post(new, {"kind": "talk", "units": [county.energy.pk], "title": "约谈", "body": "请按时参加。",
                          "meets_at": "2026-12-01T09:30", "place": "三楼会议室"})  # fmt: skip
        talk = SupervisionLetter.objects.get(kind="talk")
        assert talk.place == "三楼会议室" and timezone.localtime(talk.meets_at).hour == 9
        move_letter(by=second_staff, letter=talk, action="approve")
        move_letter(by=staff, letter=talk, action="send")
        client.post(reverse("supervision:letter_talk", args=[talk.pk]), {"people": "张三", "record_text": "已提出要求"})
        talk.refresh_from_db()
        assert talk.record == "已提出要求"
        decline = reverse("supervision:proposal_decline", args=[county.sister_mine.pk, "prompt"])
        with time_machine.travel(timezone.now() + dt.timedelta(days=14)):
            client.force_login(staff)
            assert client.post(decline, {"reason": "已电话核实"}).status_code == 302
        assert SupervisionLetter.objects.filter(state="declined").count() == 1
