"""Entering a hazard and putting it right: who finds which mine and which task, and what the pages below show."""

import datetime as dt

import pytest

from common.errors import Conflict, NotAllowed, Refused
from common.history import history_of
from hazards.forms.pickers import MOST_MINES
from hazards.models import Hazard
from hazards.services.register import change_hazard, grade_hazard
from hazards.tests.test_register_pages import look as look
from hazards.tests.test_register_pages import media as media
from hazards.tests.test_register_pages import send as send
from tasks.models import Assignment, Campaign, Task
from units.models import Unit

NEW = "/hazards/new/"


@pytest.fixture
def campaign(county, staff):
    return Campaign.objects.create(region=county.region, title="治本攻坚", created_by=staff)


@pytest.fixture
def task(campaign, county, coal_mine):
    """One that the mine has a part in; beside it one that it has not."""
    Task.objects.create(campaign=campaign, position=2, ref="2", title="尾矿库治理")
    task = Task.objects.create(campaign=campaign, position=1, ref="1", title="皮带防护排查")
    Assignment.objects.create(region=county.region, campaign=campaign, task=task, unit=coal_mine)
    return task


def entry(mine, today, **more):
    return {
        "mine": mine.pk, "source": "inspection", "place": "3号皮带巷", "description": "护罩缺失",
        "found_on": today.isoformat(), **more,
    }  # fmt: skip


def test_a_mine_is_found_by_name_short_name_and_initials(look, staff, county, stranger):
    for words in ("石门", "smmk", "石门煤矿"):
        shown = look(staff, f"{NEW}mines/", mine_q=words)
        assert "石门煤矿" in shown and "北沟煤矿" not in shown
    assert "石门煤矿" not in look(stranger, f"{NEW}mines/", mine_q="石门")
    kept = look(staff, f"{NEW}mines/", mine_q="北沟", mine=county.mine.pk)
    assert f'<option value="{county.mine.pk}" selected>' in kept and "北沟煤矿" in kept


def test_a_county_of_many_mines_shows_the_first_and_says_so(look, staff, county):
    Unit.objects.bulk_create(
        Unit(name=f"第{i:03d}号煤矿", kind="mine", region=county.region, sort_key=f"d{i:03d}")
        for i in range(MOST_MINES)
    )
    shown = look(staff, NEW)
    assert shown.count("号煤矿</option>") <= MOST_MINES and f"前{MOST_MINES}座" in shown
    found = look(staff, f"{NEW}mines/", mine_q="077")
    assert "第077号煤矿" in found and "第078号煤矿" not in found


def test_without_javascript_the_search_button_shows_the_form_again(send, staff, county, today):
    shown = send(staff, NEW, refresh="1", mine_q="北沟", place="井口")
    assert "北沟煤矿" in shown and "石门煤矿" not in shown and 'value="井口"' in shown


def test_only_the_mines_own_tasks_are_offered(look, staff, clerk, task, coal_mine, county):
    shown = look(staff, f"{NEW}tasks/", mine=coal_mine.pk)
    assert "皮带防护排查" in shown and "尾矿库治理" not in shown
    assert "没有承担任务" in look(staff, f"{NEW}tasks/", mine=county.sister_mine.pk)
    assert "选好矿山后" in look(staff, f"{NEW}tasks/")
    assert "皮带防护排查" in look(clerk, NEW)
    Campaign.objects.update(state="closed")
    assert "皮带防护排查" not in look(clerk, NEW)


def test_a_hazard_is_entered_with_all_its_fields(send, staff, task, coal_mine, today):
    more = {"measures": "加装护罩", "responsible_unit": "机电队", "responsible_person": "孙队长", "remark": "夜班发现"}
    shown = send(staff, NEW, **entry(coal_mine, today, task=task.pk, **more))
    for words in (*more.values(), "皮带防护排查"):
        assert words in shown
    assert Hazard.objects.get().task == task


def test_from_the_page_of_a_task_and_back_to_it(look, send, staff, leader, clerk, task, coal_mine, today):
    page = look(staff, task.get_absolute_url())
    assert f"{NEW}?task={task.pk}" in page
    assert f"{NEW}?task=" not in look(leader, task.get_absolute_url())
    form = look(staff, NEW, task=task.pk)
    assert f'<option value="{task.pk}" selected>' in form and '<details class="form-more" open>' in form
    send(staff, NEW, **entry(coal_mine, today, task=task.pk))
    assert "3号皮带巷" in look(leader, task.get_absolute_url())
    assert "3号皮带巷" in look(staff, "/hazards/", task=task.pk)
    other = Task.objects.exclude(pk=task.pk).get()
    assert "3号皮带巷" not in look(staff, "/hazards/", task=other.pk)
    assert "3号皮带巷" in look(staff, "/hazards/", task="皮带防护")


def test_what_was_found_is_put_right_until_it_is_graded(hazard, clerk, staff, today):
    change_hazard(by=clerk, hazard=hazard, place="3号皮带巷机尾", measures=" 加装护罩 ")
    assert (hazard.place, hazard.measures) == ("3号皮带巷机尾", "加装护罩")
    event = history_of(hazard).get(verb="hazard.changed")
    assert event.before["place"] == "3号皮带巷" and event.after["place"] == "3号皮带巷机尾"
    with pytest.raises(Refused) as refusal:
        change_hazard(by=clerk, hazard=hazard, description=" ")
    assert "description" in refusal.value.fields
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today + dt.timedelta(days=3))
    with pytest.raises(Conflict, match="不能再改地点"):
        change_hazard(by=clerk, hazard=hazard, place="别处")
    change_hazard(by=staff, hazard=hazard, responsible_person="孙队长")
    assert hazard.responsible_person == "孙队长"


def test_who_puts_a_hazard_right(hazard, sister_clerk, leader, inspector, stranger, look, clerk, staff):
    for other in (sister_clerk, leader, inspector, stranger):
        with pytest.raises(NotAllowed):
            change_hazard(by=other, hazard=hazard, remark="改")
    address = hazard.get_absolute_url()
    assert f"{address}edit/" in look(clerk, address) and f"{address}edit/" not in look(leader, address)
    look(leader, f"{address}edit/", status=403)
    look(sister_clerk, f"{address}edit/", status=404)


def test_the_form_of_changes(hazard, task, send, look, clerk):
    address = hazard.get_absolute_url()
    assert "皮带防护排查" in look(clerk, f"{address}edit/")
    sent = {"place": "3号皮带巷", "description": "护罩缺失", "task": task.pk, "responsible_person": "孙队长"}
    shown = send(clerk, f"{address}edit/", **sent)
    assert "孙队长" in shown and "皮带防护排查" in shown
    sent["task"] = Task.objects.exclude(pk=task.pk).get().pk
    send(clerk, f"{address}edit/", **sent)


def test_the_page_of_a_mine_shows_its_hazards(hazard, look, staff, clerk, county):
    shown = look(staff, county.mine.get_absolute_url())
    assert "隐患统计和预警" in shown and f"/hazards/?mine={county.mine.pk}&amp;state=open" in shown
    assert "隐患统计和预警" not in look(staff, county.bureau.get_absolute_url())
    assert "隐患统计和预警" in look(clerk, county.mine.get_absolute_url())
