"""Every move that no table allows is refused and leaves no trace; generated from the tables themselves."""

import datetime as dt

import pytest

from common.errors import Conflict, NotAllowed
from common.history import history_of
from common.management.commands.draw_states import TARGET, models_with_moves, page
from common.transitions import advance, allowed_actions
from tasks.models import Assignment, Campaign, DeadlineExtension, DueItem, ProgressReport
from tasks.services.campaigns import create_campaign
from tasks.services.reporting_rules import set_reporting_rule
from tasks.tests.plans import small_plan
from units.names import name_key


@pytest.fixture
def rows(county, staff, clerk):
    """One row of each model that has a life, all of them the mine's."""
    matches = {name_key("各煤矿企业"): {"group": county.mines.pk}}
    campaign = create_campaign(by=staff, region=county.region, plan=small_plan(), matches=matches)
    assignment = campaign.assignments.get(unit=county.mine)
    item = assignment.due_items.get()
    extension = DeadlineExtension.objects.create(
        due_item=item, old_due_on=item.due_on, new_due_on=dt.date(2027, 1, 1), reason="等设备", requested_by=clerk
    )
    campaign.end = None
    campaign.save()
    set_reporting_rule(by=staff, campaign=campaign, receiver=county.bureau, title="月报", opens_days=60, due_day=31)
    report = campaign.reports.get(unit=county.mine)
    return {
        Campaign: campaign,
        Assignment: assignment,
        DueItem: item,
        DeadlineExtension: extension,
        ProgressReport: report,
    }


MODELS = (Campaign, Assignment, DueItem, DeadlineExtension, ProgressReport)
STATES = [(model, state) for model in MODELS for state in model.State.values]
ILLEGAL = [
    (model, state, action)
    for model, state in STATES
    for action in sorted({action for _, action in model.moves})
    if (state, action) not in model.moves
]
LEGAL = [(model, state, action) for model in MODELS for state, action in model.moves]


def put(rows, model, state):
    row = rows[model]
    model.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    return row


def test_no_model_with_a_life_is_forgotten():
    assert {model for model in models_with_moves() if model._meta.app_label == "tasks"} == set(MODELS)


@pytest.mark.parametrize(("model", "state", "action"), ILLEGAL, ids=lambda value: getattr(value, "__name__", value))
def test_a_move_outside_the_table(model, state, action, rows, staff, clerk):
    row = put(rows, model, state)
    events = history_of(row).count()
    for who in (staff, clerk):
        with pytest.raises(Conflict):
            advance(row, action, by=who, note="硬来")
        assert action not in {allowed.action for allowed in allowed_actions(row, who)}
    row.refresh_from_db()
    assert row.state == state and history_of(row).count() == events


@pytest.mark.parametrize(("model", "state", "action"), LEGAL, ids=lambda value: getattr(value, "__name__", value))
def test_a_move_by_somebody_it_does_not_belong_to(
    model, state, action, rows, staff, clerk, sister_clerk, leader, stranger
):
    row = put(rows, model, state)
    events = history_of(row).count()
    allowed_to = set(model.moves[state, action].who)
    others = [sister_clerk, leader, stranger] + [
        who for who in (clerk, staff) if not row.relations_of(who) & allowed_to
    ]
    for who in others:
        with pytest.raises(NotAllowed):
            advance(row, action, by=who, note="越权")
        assert action not in {allowed.action for allowed in allowed_actions(row, who)}
    row.refresh_from_db()
    assert row.state == state and history_of(row).count() == events


def test_the_drawn_tables_are_current():
    assert TARGET.read_text(encoding="utf-8") == page(), "请运行 ./run manage draw_states"
