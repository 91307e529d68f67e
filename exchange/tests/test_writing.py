"""What other systems write: through the services of the pages, once, on the version that they saw, as themselves."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from common.models import Event, Evidence
from exchange.models import ExternalId, KeptAnswer
from exchange.services.answers import claim_key, forget_answers
from hazards.models import Hazard
from hazards.services.register import grade_hazard
from hazards.tests.conftest import photo
from supervision.services.letters import draft_letter, move_letter
from tasks.models import Assignment, Campaign, DueItem, PlanImport, ProgressReport
from tasks.tests.reporting import monthly, small_campaign
from units.models import Role

pytestmark = pytest.mark.django_db


def send(system, method, path, body, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    call = getattr(system.client, method)
    return call(f"/api/v1/{path}", body, content_type="application/json", headers=system.headers(named))


def upload(system, path, body, **headers):
    """As a form with files; a list of files under `files`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    form = encode_multipart(BOUNDARY, body)
    return system.client.generic("POST", f"/api/v1/{path}", form, MULTIPART_CONTENT, headers=system.headers(named))


def found(mine, today, **more):
    return {
        "mine": mine.pk, "place": "3号皮带巷", "description": "皮带机头防护罩缺失", "source": "self_check",
        "found_on": today.isoformat(),
    } | more  # fmt: skip


def done(answer, status=200):
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


# -- hazards ---------------------------------------------------------------------------------------------------------


def test_a_mines_own_system_carries_a_major_hazard_to_its_reinspection(
    coal_mine, catalogue, today, mine_system, bureau_system
):
    """Every step by the mine's program, but for grading and confirming, which are the bureau's."""
    made = upload(mine_system, "hazards/", found(coal_mine, today) | {"files": [photo()]})
    record = done(made, 201)
    here = f"hazards/{record['id']}/"
    assert made.headers["Location"] == f"/api/v1/{here}" and made.headers["ETag"]
    assert len(record["evidence"]) == 1 and record["found_by"] == mine_system.user.name
    due = (today + dt.timedelta(days=20)).isoformat()
    grade = {"level": "major", "clause": catalogue["T1-1"].pk, "due_on": due}
    assert send(mine_system, "post", f"{here}grade/", grade).status_code == 403
    done(send(bureau_system, "post", f"{here}grade/", grade))
    done(
        send(
            mine_system, "post", f"{here}major-report/", dict.fromkeys(("present_state", "harm", "treatment"), "见附件")
        )
    )
    plan = dict.fromkeys(("goals", "methods", "resources", "people", "schedule", "safety"), "见方案")
    done(send(mine_system, "post", f"{here}treatment-plan/", plan))
    twice = {"regulator_on": today.isoformat(), "regulator_receipt": "收1号", "congress_on": today.isoformat(),
             "congress_receipt": "纪要2号"}  # fmt: skip
    done(upload(mine_system, f"{here}double-report/", twice | {"files": [photo("green")]}))
    for facet in ("responsibility", "measures", "funds", "time_limit", "contingency"):
        stated = {"facet": facet, "in_place": "true", "since": today.isoformat(), "statement": "已落实"}
        done(upload(mine_system, f"{here}implementations/", stated | {"files": [photo("blue")]}))
        done(send(bureau_system, "post", f"{here}confirmations/", {"facet": facet}))
    assert send(mine_system, "post", f"{here}confirmations/", {"facet": "funds"}).status_code == 403
    done(send(mine_system, "post", f"{here}act/", {"action": "start"}))
    rectified = {"statement": "防护罩已装好", "done_on": today.isoformat()}
    refused = send(mine_system, "post", f"{here}rectifications/", rectified)
    assert refused.status_code == 400 and list(refused.json()["fields"]) == ["evidence"]
    done(upload(mine_system, f"{here}rectifications/", rectified | {"files": [photo("white")]}))
    done(send(mine_system, "post", f"{here}act/", {"action": "self_accept"}))
    record = done(send(mine_system, "post", f"{here}act/", {"action": "ask"}))
    assert record["state"] == "awaiting" and all(one["confirmed_at"] for one in record["implementations"])
    assert Evidence.objects.count() == 1 + 1 + 5 + 1
    told = Event.objects.filter(object_id=str(record["id"]), verb__startswith="hazard.")
    assert set(told.values_list("actor_name", flat=True)) == {mine_system.user.name, bureau_system.user.name}
    # What its people must not do by the page, its program must not do here; what cannot be seen is not there.
    conflict = send(mine_system, "post", f"{here}act/", {"action": "start"})
    assert conflict.status_code == 409 and conflict.json()["code"] == "illegal_move"


def test_the_same_push_twice_is_one_hazard_and_a_later_one_brings_it_up_to_date(
    coal_mine, today, mine_system, sister_system, county
):
    body = found(coal_mine, today)
    first = done(send(mine_system, "put", "hazards/external/MK-7/", body), 201)
    again = done(send(mine_system, "put", "hazards/external/MK-7/", body))
    assert first["id"] == again["id"] and Hazard.objects.count() == 1
    fresh = done(send(mine_system, "put", "hazards/external/MK-7/", body | {"measures": "更换防护罩"}))
    assert fresh["measures"] == "更换防护罩"
    assert done(mine_system.get("hazards/external/MK-7/"))["id"] == first["id"]
    other = send(mine_system, "put", "hazards/external/MK-7/", body | {"found_on": "2026-01-02"})
    assert other.status_code == 409 and other.json()["code"] == "other_record"
    # Another system's names are its own.
    assert sister_system.get("hazards/external/MK-7/").status_code == 404
    theirs = send(sister_system, "put", "hazards/external/MK-7/", found(county.sister_mine, today))
    assert done(theirs, 201)["id"] != first["id"] and ExternalId.objects.count() == 2
    # Not theirs to register for.
    assert send(sister_system, "put", "hazards/external/MK-8/", body).json()["fields"].keys() == {"mine"}


def test_a_change_needs_the_version_that_was_seen(hazard, staff, mine_system, today):
    here = f"hazards/{hazard.pk}/"
    assert send(mine_system, "patch", here, {"measures": "停机"}).status_code == 428
    seen = mine_system.get(here).headers["ETag"]
    changed = send(mine_system, "patch", here, {"measures": "停机"}, If_Match=seen)
    assert done(changed)["measures"] == "停机" and changed.headers["ETag"] != seen
    lost = send(mine_system, "patch", here, {"measures": "加防护"}, If_Match=seen)
    assert lost.status_code == 412 and lost.json()["code"] == "version_changed"
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today)
    assert (
        send(mine_system, "post", f"{here}act/", {"action": "start"}, If_Match=changed.headers["ETag"]).status_code
        == 412
    )
    assert send(mine_system, "post", f"{here}act/", {"action": "start"}, If_Match="*").status_code == 200
    hazard.refresh_from_db()
    assert (hazard.measures, hazard.state) == ("停机", "treating")


# -- once ------------------------------------------------------------------------------------------------------------


def test_a_key_gives_the_same_answer_and_no_second_hazard(coal_mine, today, mine_system, sister_system, county):
    body = found(coal_mine, today)
    first = send(mine_system, "post", "hazards/", body, Idempotency_Key="a-1")
    again = send(mine_system, "post", "hazards/", body, Idempotency_Key="a-1")
    assert again.status_code == 201 and again.content == first.content and Hazard.objects.count() == 1
    assert again.headers["Idempotency-Replayed"] == "true" and again.headers["Location"] == first.headers["Location"]
    other = send(mine_system, "post", "hazards/", body | {"place": "井口"}, Idempotency_Key="a-1")
    assert other.status_code == 422 and other.json()["code"] == "key_reused"
    # Another account's keys are its own; a refusal frees the key.
    theirs = found(county.sister_mine, today)
    assert send(sister_system, "post", "hazards/", theirs, Idempotency_Key="a-1").status_code == 201
    assert send(mine_system, "post", "hazards/", body | {"place": ""}, Idempotency_Key="a-2").status_code == 400
    assert send(mine_system, "post", "hazards/", body, Idempotency_Key="a-2").status_code == 201
    assert send(mine_system, "post", "hazards/", body, Idempotency_Key="含空格 的").status_code == 400
    # Multipart bodies are the same whatever boundary the program draws.
    answers = [
        upload(mine_system, "hazards/", body | {"files": [photo()]}, Idempotency_Key="a-3").content for _ in range(2)
    ]
    assert answers[0] == answers[1] and Hazard.objects.count() == 4


def test_a_key_is_busy_while_its_twin_works_and_free_again_when_that_one_was_lost(coal_mine, today, mine_system):
    body = found(coal_mine, today)
    first = send(mine_system, "post", "hazards/", body, Idempotency_Key="b-1")
    row = KeptAnswer.objects.get()
    KeptAnswer.objects.update(status=None)
    busy = send(mine_system, "post", "hazards/", body, Idempotency_Key="b-1")
    assert busy.status_code == 409 and busy.json()["code"] == "in_progress" and Hazard.objects.count() == 1
    KeptAnswer.objects.update(claimed_at=timezone.now() - dt.timedelta(minutes=6))
    taken = send(mine_system, "post", "hazards/", body, Idempotency_Key="b-1")
    assert taken.status_code == 201 and taken.json()["id"] != first.json()["id"]
    KeptAnswer.objects.update(claimed_at=timezone.now() - dt.timedelta(hours=49))
    claimed = claim_key(account=mine_system.account, key="b-1", fingerprint="f" * 64)
    assert claimed.pk == row.pk
    assert forget_answers() == 0
    KeptAnswer.objects.update(claimed_at=timezone.now() - dt.timedelta(hours=49))
    assert forget_answers() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_twins_at_once_make_one_hazard(coal_mine, today, mine_system):
    mine_system.account.__class__.objects.update(per_minute=6000)
    answers, body = [], found(coal_mine, today)

    def go():
        try:
            answers.append(send(mine_system.__class__(mine_system.account, mine_system.token), "post", "hazards/", body,
                                Idempotency_Key="c-1"))  # fmt: skip
        finally:
            connection.close()

    twins = [threading.Thread(target=go) for _ in range(8)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join()
    assert Hazard.objects.count() == 1
    statuses = {answer.status_code for answer in answers}
    assert len(answers) == 8 and 201 in statuses and statuses <= {201, 409}


# -- tasks, reports, plans, letters ----------------------------------------------------------------------------------


@pytest.fixture
def campaign(county, staff, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return small_campaign(county, staff)


def test_progress_is_reported_and_handed_in(campaign, county, mine_system, bureau_system, sister_system):
    owed = Assignment.objects.filter(unit=county.mine, is_ongoing=False).first()
    here = f"assignments/{owed.pk}/"
    stated = {"percent": 60, "text": "已建账"}
    record = done(upload(mine_system, f"{here}progress/", stated | {"files": [photo()]}))
    assert (record["percent"], record["state"]) == (60, "in_progress") and len(record["progress"][0]["evidence"]) == 1
    assert send(sister_system, "post", f"{here}progress/", stated).status_code == 404
    assert send(bureau_system, "post", f"{here}progress/", stated).status_code == 403
    faulty = send(mine_system, "post", f"{here}progress/", {"percent": 101, "text": "", "percentage": 3})
    assert set(faulty.json()["fields"]) == {"percentage"}
    assert done(send(mine_system, "post", f"{here}act/", {"action": "submit"}))["state"] == "submitted"
    back = done(send(bureau_system, "post", f"{here}act/", {"action": "return", "note": "缺照片"}))
    assert back["state"] == "returned"
    item = DueItem.objects.filter(assignment=owed).first()
    if item:
        assert send(sister_system, "post", f"due-items/{item.pk}/act/", {"action": "report"}).status_code == 404


def test_an_enterprises_system_files_the_monthly_report(campaign, county, staff, mine_system, bureau_system):
    monthly(campaign, county, staff)
    report = ProgressReport.objects.filter(unit=county.mine).first()
    here = f"reports/{report.pk}/"
    answer = mine_system.get(here)
    sheet = done(answer)["sheet"]
    assert sheet["lines"] and sheet["figures"] and sheet["gaps"]
    body = {
        "progress": "已完成排查", "problems": "无", "plans": "继续整改",
        "entries": [
            {"assignment": line["assignment"], "state": "in_progress", "percent": 40, "text": "正在建账"}
            for line in sheet["lines"]
        ],
        "figures": [{"key": sheet["figures"][0]["key"], "stated": "9", "reason": "多报一项"}],
    }  # fmt: skip
    assert send(mine_system, "patch", here, body).status_code == 428
    record = done(send(mine_system, "patch", here, body, If_Match=answer.headers["ETag"]))
    assert record["sheet"]["gaps"] == [] and record["sheet"]["figures"][0]["stated"] == "9"
    assert send(mine_system, "patch", here, body, If_Match=answer.headers["ETag"]).status_code == 412
    strange = body | {"entries": [body["entries"][0] | {"assignment": 999999}]}
    faulty = send(mine_system, "patch", here, strange, If_Match="*")
    assert faulty.status_code == 400 and list(faulty.json()["fields"]) == ["entries.0.assignment"]
    twice = body | {"entries": body["entries"][:1] * 2, "figures": [{"key": "nothing", "stated": "1"}]}
    faulty = send(mine_system, "patch", here, twice, If_Match="*")
    assert {"entries.1.assignment", "figures.0.key"} <= set(faulty.json()["fields"])
    line = sheet["lines"][0]["assignment"]
    done(upload(mine_system, f"{here}files/", {"assignment": str(line), "files": [photo()]}))
    done(upload(mine_system, f"{here}files/", {"files": [photo("blue")]}))
    assert send(mine_system, "post", f"{here}sign/", {}).status_code == 400
    done(send(mine_system, "post", f"{here}sign/", {"signed_for": "何矿长"}))
    record = done(send(mine_system, "post", f"{here}act/", {"action": "submit"}))
    assert record["state"] == "submitted" and len(record["evidence"]) == 1 and record["entries"][0]["evidence"]
    back = {"action": "return", "remarks": {f"line-{line}": "数字不对"}}
    record = done(send(bureau_system, "post", f"{here}act/", back))
    assert record["state"] == "returned" and record["entries"][0]["remark"] == "数字不对"


PLAN = {
    "campaign": {"title": "青岚县矿山安全专项整治", "issuer": "青岚县安委会", "start": "2026-01-01", "level": "county"},
    "stages": [{"name": "动员部署", "start": "2026-01-01", "end": "2026-01-31", "text": "动员"}],
    "goals": [{"text": "下井人员减少10%以上", "indicator": "下井人员减少", "value": 10, "unit": "%", "comparator": ">="}],
    "tasks": [
        {
            "id": "1", "path": ["一、主要任务"], "number": "（一）", "title": "建立台账", "text": "各矿建立隐患台账。",
            "units": [{"name": "石门煤矿", "role": "responsible"}, {"name": "县某某局", "role": "lead"}],
            "deadlines": [{"kind": "date", "date": "2026-12-31", "text": "2026年底前"}],
            "recurrences": [{"every": "month", "times": 1, "text": "每月"}],
        },
        {"id": "1.1", "parent": "1", "text": "按月更新。", "units": [{"name": "石门煤矿", "role": "responsible"}]},
    ],
    "reporting": [{"what": "月报", "from": "各煤矿", "to": "县应急管理局", "every": "month", "due": "28th of month",
                   "text": "每月28日前"}],
    "protection_measures": ["加强领导"],
}  # fmt: skip


def test_a_plan_is_pushed_looked_through_and_confirmed(county, bureau_system, mine_system, client, staff):
    body = {"name": "省厅推送", "plan": PLAN}
    draft = done(send(bureau_system, "put", "plan-imports/external/S-1/", body), 201)
    assert draft["state"] == "review" and draft["campaign"] is None
    names = {one["name"]: one["unit"] for one in draft["names"]}
    assert names == {"石门煤矿": county.mine.pk, "县某某局": None}
    assert done(send(bureau_system, "put", "plan-imports/external/S-1/", body))["id"] == draft["id"]
    # The bureau's own people look it through in the wizard.
    client.force_login(staff)
    page = client.get(PlanImport.objects.get().get_absolute_url())
    assert page.status_code == 200 and "各矿建立隐患台账。" in page.content.decode()
    here = f"plan-imports/{draft['id']}/"
    assert send(bureau_system, "post", f"{here}confirm/", {"version": draft["version"] + 1}).status_code == 409
    ready = done(send(bureau_system, "post", f"{here}confirm/", {"version": draft["version"]}))
    campaign = Campaign.objects.get(pk=ready["campaign"])
    assert campaign.created_by == bureau_system.user and Assignment.objects.filter(unit=county.mine).exists()
    # A later paper revises what was made of the former.
    later = {
        "name": "省厅推送",
        "plan": PLAN | {"tasks": [PLAN["tasks"][0], PLAN["tasks"][1] | {"text": "按周更新。"}]},
    }
    revised = done(send(bureau_system, "put", "plan-imports/external/S-1/", later))
    assert revised["id"] != draft["id"] and revised["revises"] == campaign.pk
    assert done(bureau_system.get("plan-imports/external/S-1/"))["id"] == revised["id"]
    # Confirming is the right of those who run campaigns.
    assert send(mine_system, "post", "plan-imports/", body).status_code == 403
    assert send(mine_system, "post", f"plan-imports/{revised['id']}/confirm/", {"version": 1}).status_code == 404
    faulty = send(
        bureau_system, "post", "plan-imports/", {"name": "a", "plan": {"campaign": {}, "tasks": [{"id": "1"}]}}
    )
    assert set(faulty.json()["fields"]) == {"plan.tasks.0.text"}
    level = PLAN | {"campaign": {"level": "nation"}}
    faulty = send(bureau_system, "post", "plan-imports/", {"name": "a", "plan": level}).json()["fields"]
    assert list(faulty) == ["plan.campaign.level"]
    assert all(code in faulty["plan.campaign.level"][0] for code in ("county", "city", "province"))


def test_a_plan_with_the_notes_of_whoever_annotated_it_is_taken_as_it_is(county, bureau_system):
    """A paper without a title, tasks known by their beginning and end, notes beside everything."""
    noted = {
        "source": "方案.txt",
        "other_obligations": [{"section": "四", "text": "每季度召开会议", "every": "quarter", "due": None}],
        "campaign": {"title": None, "title_alternatives": [], "title_note": "没有标题", "period_basis": "全年",
                     "blanket_units": [{"name": "县政府", "role": "responsible", "collective": False, "text": "均须负责",
                                        "applies_to": "全部"}]},
        "goals": [{"text": "死亡人数下降", "indicator": "死亡人数", "value": None, "baseline": "2022年", "kind": "checkable"}],
        "stages": [{"name": "部署", "start": None, "end": "2026-03-31", "start_text": "即日起"}],
        "tasks": [
            {"id": "1", "title": None, "text_start": "各矿建立", "text_end": "按月更新。", "body_chars": 99, "children": True,
             "row": 1, "notes": "合并单元格"},
            {"id": "1.1", "parent": "1", "title": "报送", "text_start": "报送。", "text_end": "报送。", "optional": True},
        ],
    }  # fmt: skip
    body = {"name": "2026年要点", "plan": noted}
    draft = done(send(bureau_system, "put", "plan-imports/external/G-1/", body), 201)
    assert done(send(bureau_system, "put", "plan-imports/external/G-1/", body))["id"] == draft["id"]
    plan = PlanImport.objects.get().plan
    assert plan["campaign"]["title"] == "2026年要点"
    assert [task["text"] for task in plan["tasks"]] == ["各矿建立……按月更新。", "报送。"]
    odd = noted | {"colour": "red"}
    refused = send(bureau_system, "post", "plan-imports/", {"name": "a", "plan": odd})
    assert list(refused.json()["fields"]) == ["plan.colour"]


def test_a_letter_is_signed_for_and_answered(county, staff, second_staff, mine_system, sister_system, bureau_system):
    letter = draft_letter(by=staff, kind="prompt", units=[county.mine], title="请加快整改", body="请于期限内整改。")
    move_letter(by=second_staff, letter=letter, action="approve")
    assert send(mine_system, "post", f"letters/{letter.pk}/answer/", {"answer": "x"}).status_code == 404
    move_letter(by=staff, letter=letter, action="send")
    here = f"letters/{letter.pk}/"
    early = send(mine_system, "post", f"{here}answer/", {"answer": "已整改"})
    assert early.status_code == 409
    done(send(mine_system, "post", f"{here}sign/", {}))
    record = done(upload(mine_system, f"{here}answer/", {"answer": "已整改", "files": [photo()]}))
    assert record["receipts"][0]["state"] == "answered" and len(record["receipts"][0]["evidence"]) == 1
    assert send(sister_system, "post", f"{here}answer/", {"answer": "x"}).status_code == 404
    assert send(bureau_system, "post", f"{here}answer/", {"answer": "x"}).json()["fields"].keys() == {"unit"}


# -- what is not taken -----------------------------------------------------------------------------------------------


def test_writing_needs_its_own_scope_and_a_role_that_may(coal_mine, today, system, county):
    body = found(coal_mine, today)
    reader = system(county.mine, Role.MINE_CLERK, scopes=["hazards:read"])
    refused = send(reader, "post", "hazards/", body)
    assert refused.status_code == 403 and refused.json()["code"] == "scope_missing"
    auditor = system(county.bureau, Role.AUDITOR)
    assert send(auditor, "post", "hazards/", body | {"source": "inspection"}).status_code == 403
    assert not Hazard.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [("{", "parse_error"), ("[]", "invalid"), ("null", "invalid"), ('{"place": "\\u0000"}', "parse_error"),
     ('{"place": "\\ud800"}', "parse_error"), ('{"mine": NaN}', "parse_error"), ("[" * 100_000, "parse_error"),
     ('{"found_on": "0001-01-01"}', "invalid"), ('{"mine": 99999999999999999999999}', "invalid")],
)  # fmt: skip
def test_a_body_that_nobody_can_keep_is_refused(body, code, mine_system):
    answer = mine_system.client.generic(
        "POST", "/api/v1/hazards/", body, "application/json", headers=mine_system.headers()
    )
    assert answer.status_code == 400 and answer.json()["code"] == code


def test_other_kinds_of_bodies_and_too_much_of_them_are_refused(mine_system, settings):
    headers = mine_system.headers()
    assert (
        mine_system.client.generic("POST", "/api/v1/hazards/", b"x", "text/plain", headers=headers).status_code == 415
    )
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = mine_system.client.generic("POST", "/api/v1/hazards/", b" " * 200, "application/json", headers=headers)
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"
