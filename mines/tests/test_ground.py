"""Contractors, hidden causes, closures and credit: what is owed, what is flagged, what the public reads."""

from __future__ import annotations

import datetime as dt

from django.test import Client

from mines.due import CAUSES, CONTRACTORS, PHASE_OUTS
from mines.models import Contractor, ContractorCheck, CreditMark, HiddenCause, Mine, PhaseOut
from mines.models.safety import months_after
from mines.services.targets import set_target
from mines.tests.conftest import desk
from mines.years import closures_of


def enter(user, mine, slug, **values):
    return desk(user).post(f"/mines/{mine.pk}/lines/{slug}/new/", values)


def days(source):
    return [thing.due_on for thing in source.things(source.open_rows())]


def page(user, mine):
    return desk(user).get(f"/mines/{mine.pk}/").content.decode()


def test_contractors_are_checked_again_and_again_and_their_faults_are_flagged(mine, sister, clerk, sister_clerk, today):
    values = {
        "kind": "dispatch", "name": "鑫源劳务公司", "licence_number": "L1", "licence_until": "2020-01-01",
        "work": "掘进二队", "people": "20", "underground": "30", "since": "2024-01-01",
    }  # fmt: skip
    assert enter(clerk, mine, "contractors", **values).status_code == 422, "more below ground than there are"
    assert enter(clerk, mine, "contractors", **values | {"underground": "12"}).status_code == 302
    row = Contractor.objects.get()
    assert days(CONTRACTORS) == [months_after(today, 1)]
    assert "资质已过期、井下有劳务派遣工12人" in page(clerk, mine)
    check = {
        "contractor": row.pk,
        "checked_on": today.isoformat(),
        "checker": "王安检",
        "result": "good",
        "words": "合格",
    }
    assert enter(sister_clerk, sister, "checks", **check).status_code == 422, "not theirs"
    early = enter(clerk, mine, "checks", **check | {"checked_on": "2023-01-01"})
    assert early.status_code == 422 and "日期不能更早" in early.content.decode()
    Contractor.objects.update(check_by=today - dt.timedelta(days=3))
    assert "1家检查考核逾期" in page(clerk, mine)
    assert enter(clerk, mine, "checks", **check).status_code == 302
    assert days(CONTRACTORS) == [months_after(today, 1)] and ContractorCheck.objects.get().name == "鑫源劳务公司"
    left = values | {"underground": "0", "until": today.isoformat()}
    desk(clerk).post(f"/mines/{mine.pk}/lines/contractors/{row.pk}/", left)
    assert days(CONTRACTORS) == [] and "资质已过期" not in page(clerk, mine)


def test_hidden_causes_are_owed_until_they_are_treated(mine, clerk, staff, today):
    due = today - dt.timedelta(days=2)
    values = {"area": "二采区", "kind": "goaf", "surveyed_on": "2024-05-01", "found": "老空积水约3000立方米"}
    unplanned = enter(clerk, mine, "causes", **values, treatment="疏放老空水")
    assert unplanned.status_code == 422 and "治理期限" in unplanned.content.decode()
    enter(clerk, mine, "causes", **values, treatment="疏放老空水", due_on=due.isoformat())
    row = HiddenCause.objects.get()
    assert days(CAUSES) == [due] and "1处治理逾期" in page(staff, mine)
    done = values | {"treatment": "疏放老空水", "due_on": due.isoformat(), "done_on": today.isoformat()}
    desk(clerk).post(f"/mines/{mine.pk}/lines/causes/{row.pk}/", done)
    assert days(CAUSES) == [] and "没有待治理的" in page(staff, mine)
    enter(clerk, mine, "causes", **values | {"area": "三采区", "kind": "none", "found": "未发现"})
    assert days(CAUSES) == []


def test_closures_are_counted_by_year_against_the_countys_target(mine, sister, county, staff, clerk, leader, today):
    Mine.objects.filter(pk=sister.pk).update(mine_type="tailings_pond")
    values = {"kind": "pond_closure", "year": "2026", "plan": "县闭库计划"}
    assert enter(clerk, mine, "phaseouts", **values).status_code == 403
    assert enter(staff, mine, "phaseouts", **values).status_code == 422, "a mine is no pond"
    enter(staff, sister, "phaseouts", **values)
    enter(staff, mine, "phaseouts", **values | {"kind": "phase_out", "year": "2025"})
    assert sorted(days(PHASE_OUTS)) == [dt.date(2025, 12, 31), dt.date(2026, 12, 31)]
    set_target(by=staff, year=2026, subject="pond_closure", value=2, source="青政办〔2026〕1号")
    found = {(one.kind.value, one.year): one for one in closures_of(PhaseOut.objects.visible_to(staff), county.region)}
    pond = found["pond_closure", 2026]
    assert (pond.planned, pond.done, pond.missing) == (1, 0, 2) and pond.plan is not None and pond.plan[0] == 7
    assert found["phase_out", 2025].missing == 1 and found["pond_closure", 2024].planned == 0
    row = PhaseOut.objects.get(year=2026)
    address = f"/mines/{sister.pk}/lines/phaseouts/{row.pk}/"
    assert desk(staff).post(address, values | {"done_on": today.isoformat()}).status_code == 422
    desk(staff).post(address, values | {"done_on": today.isoformat(), "acceptance": "闭库公告1号"})
    assert days(PHASE_OUTS) == [dt.date(2025, 12, 31)]
    shown = desk(leader).get("/mines/lines/phaseouts/").content.decode()
    assert "青政办〔2026〕1号" in shown and "设置年度指标" not in shown
    own = desk(clerk).get("/mines/lines/phaseouts/").content.decode()
    assert "石门煤矿" in own and "北沟煤矿" not in own


def test_credit_is_marked_found_and_published_only_while_it_holds_and_is_public(mine, sister, staff, clerk, today):
    values = {"kind": "blacklist", "reason": "瞒报事故", "body": "市应急管理局", "since": "2025-01-01"}
    assert enter(clerk, mine, "credit", **values).status_code == 403
    enter(staff, mine, "credit", **values, is_public="on")
    enter(staff, sister, "credit", **values | {"reason": "不公开的事由"})
    public = Client().get("/mine-credit/").content.decode()
    assert "瞒报事故" in public and "不公开的事由" not in public
    assert "安全生产严重失信（黑名单）" in page(clerk, mine)
    marked = desk(staff).get("/mines/?credit=true").content.decode()
    assert "石门煤矿" in marked and "北沟煤矿" in marked
    row = CreditMark.objects.get(is_public=True)
    ended = values | {"until": (today - dt.timedelta(days=1)).isoformat(), "is_public": "on"}
    desk(staff).post(f"/mines/{mine.pk}/lines/credit/{row.pk}/", ended)
    assert "瞒报事故" not in Client().get("/mine-credit/").content.decode()
    for one in CreditMark.objects.all():
        assert one.is_in_force == CreditMark.objects.in_force().filter(pk=one.pk).exists()
