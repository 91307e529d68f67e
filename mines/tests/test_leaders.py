"""Leaders responsible for a mine: their acts come back by rule, are recorded, and are owed until then."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.models import Evidence
from common.tests.files import picture
from mines.due import LEADERS
from mines.models import KeyPost, LeaderAct, ResponsibleLeader
from mines.models.leaders import end_of_period
from mines.services.lines import follow_rules
from mines.tests.conftest import desk
from units.models import RuleSetting

PROMPT, VISIT = LEADERS


def owed(source):
    return [(thing.due_on, thing.person) for thing in source.things(source.open_rows())]


def appoint(staff, mine, county, **changes):
    values = {"name": "周县长", "rank": "county", "position": "副县长", "unit": county.bureau.pk, "since": "2024-01-01"}
    return desk(staff).post(f"/mines/{mine.pk}/lines/leaders/new/", values | changes)


@pytest.mark.parametrize(
    ("day", "months", "ahead", "end"),
    [("2026-01-31", 1, 0, "2026-01-31"), ("2026-02-03", 1, 1, "2026-03-31"), ("2026-12-09", 1, 1, "2027-01-31"),
     ("2026-11-22", 3, 0, "2026-12-31"), ("2026-11-22", 3, 1, "2027-03-31"), ("2024-02-10", 12, 0, "2024-12-31")],
)  # fmt: skip
def test_periods_begin_with_january(day, months, ahead, end):
    assert end_of_period(dt.date.fromisoformat(day), months, ahead) == dt.date.fromisoformat(end)


def test_prescribed_acts_are_owed_recorded_and_come_back(mine, county, staff, clerk, leader, stranger, today):
    assert "没有包保领导" in desk(staff).get(f"/mines/{mine.pk}/").content.decode()
    assert desk(clerk).get(f"/mines/{mine.pk}/lines/leaders/new/").status_code == 403
    assert appoint(staff, mine, county, account=stranger.pk).status_code == 422, "nobody but a leader of the county"
    assert appoint(staff, mine, county, account=leader.pk).status_code == 302
    row = ResponsibleLeader.objects.get()
    assert owed(PROMPT) == [(end_of_period(today, 1), leader.pk)]
    assert owed(VISIT) == [(end_of_period(today, 3), leader.pk)]
    rows = desk(staff).get("/mines/lines/leaders/?late=false").content.decode()
    assert "周县长" in rows and "周县长" not in desk(staff).get("/mines/lines/leaders/?late=true").content.decode()
    ResponsibleLeader.objects.update(prompt_due=today - dt.timedelta(days=1))
    assert "周县长" in desk(staff).get("/mines/lines/leaders/?late=true").content.decode()
    act = {"leader": row.pk, "kind": "prompt", "done_on": today.isoformat(), "words": "提醒汛期停产撤人"}
    address = f"/mines/{mine.pk}/lines/acts/new/"
    assert desk(clerk).post(address, act).status_code == 403
    early = desk(leader).post(address, act | {"done_on": "2023-12-31"})
    assert early.status_code == 422 and "日期不能更早" in early.content.decode()
    photo = SimpleUploadedFile("现场.jpg", picture(), content_type="image/jpeg")
    assert desk(leader).post(address, act | {"evidence": photo}).status_code == 302
    assert owed(PROMPT) == [(end_of_period(today, 1, 1), leader.pk)]
    assert owed(VISIT) == [(end_of_period(today, 3), leader.pk)]
    assert Evidence.objects.about(mine).count() == 1
    shown = desk(leader).get(f"/mines/{mine.pk}/").content.decode()
    assert "提醒汛期停产撤人" in shown and "周县长（副县长）" in shown
    done = LeaderAct.objects.get()
    desk(staff).post(f"/mines/{mine.pk}/lines/acts/{done.pk}/remove/", {"note": "登错"})
    assert owed(PROMPT) == [(end_of_period(today, 1), leader.pk)]
    appoint_values = {
        "name": "周县长",
        "rank": "county",
        "position": "副县长",
        "unit": county.bureau.pk,
        "since": "2024-01-01",
    }
    desk(staff).post(f"/mines/{mine.pk}/lines/leaders/{row.pk}/", appoint_values | {"until": today.isoformat()})
    assert owed(PROMPT) == owed(VISIT) == []
    assert desk(leader).get(address).status_code == 403


def test_a_changed_rule_is_followed_at_night_by_what_stands_in_the_files(mine, county, staff, clerk, leader, today):
    appoint(staff, mine, county, account=leader.pk)
    left = {
        "post": "chief",
        "name": "何总工",
        "education": "4",
        "years": "3",
        "since": "2024-01-01",
        "until": "2026-01-01",
    }
    desk(clerk).post(f"/mines/{mine.pk}/lines/posts/new/", left)
    assert follow_rules() == 0
    for key, value in (("leader_visit_months", 0), ("leader_prompt_months", 12), ("post_vacancy_days", 5)):
        RuleSetting.objects.create(region_id=mine.unit.region_id[:6], key=key, value=value, source="县规定")
    assert (follow_rules(), follow_rules()) == (2, 0)
    assert owed(VISIT) == [] and owed(PROMPT) == [(dt.date(today.year, 12, 31), leader.pk)]
    assert KeyPost.objects.get().fill_by == dt.date(2026, 1, 6)
