"""Every move that no table of this app allows is refused and leaves no trace; generated from the tables themselves."""

import datetime as dt

import pytest

from common.errors import Conflict, NotAllowed
from common.history import history_of
from common.transitions import advance, allowed_actions
from hazards.models import Hazard, HazardExtension, Investigation
from hazards.querysets import WAITING_STATES
from hazards.services.extensions import decide_hazard_extension, request_hazard_extension
from hazards.services.investigation import move_investigation
from hazards.services.register import grade_hazard, move_hazard

MODELS = (Hazard, HazardExtension, Investigation)
ILLEGAL = [
    (model, state, action)
    for model in MODELS
    for state in model.State.values
    for action in sorted({action for _, action in model.moves})
    if (state, action) not in model.moves
]
# What a database trigger would refuse to set up for a test: a hazard is closed with its proof or not at all.
SET_UP = [case for case in ILLEGAL if case[1] != "closed"]
LEGAL = [(model, state, action) for model in MODELS for state, action in model.moves if state != "closed"]


@pytest.fixture
def rows(hazard, clerk, staff, today):
    grade_hazard(by=staff, hazard=hazard, level="general", due_on=today + dt.timedelta(days=5))
    extension = request_hazard_extension(
        by=clerk, hazard=hazard, new_due_on=today + dt.timedelta(days=20), reason="等设备"
    )
    # Of a general hazard there is none; here it is only a row with a state.
    investigation = Investigation.objects.create(hazard=hazard, team="赵科长", begun_on=today, written_by=staff)
    return {Hazard: hazard, HazardExtension: extension, Investigation: investigation}


def put(rows, model, state, second=None):
    row = rows[model]
    aside = {"former_state": "treating"} if state in WAITING_STATES else {}
    if model is Investigation and state == "signed":
        aside = {"signed_by": second, "signed_on": row.begun_on}
    model.objects.filter(pk=row.pk).update(state=state, **aside)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(("model", "state", "action"), SET_UP, ids=lambda value: getattr(value, "__name__", value))
def test_a_move_outside_the_table(model, state, action, rows, staff, clerk, admin):
    row = put(rows, model, state, admin)
    events = history_of(row).count()
    for who in (staff, clerk, admin):
        with pytest.raises(Conflict):
            advance(row, action, by=who, note="硬来")
        with pytest.raises(Conflict):
            if model is Hazard:
                move_hazard(by=who, hazard=row, action=action, note="硬来")
            elif model is Investigation:
                move_investigation(by=who, investigation=row, action=action, note="硬来")
            else:
                decide_hazard_extension(by=who, extension=row, action=action, note="硬来")
        assert action not in {allowed.action for allowed in allowed_actions(row, who)}
    row.refresh_from_db()
    assert row.state == state and history_of(row).count() == events


@pytest.mark.parametrize(("model", "state", "action"), LEGAL, ids=lambda value: getattr(value, "__name__", value))
def test_a_move_by_somebody_it_does_not_belong_to(
    model, state, action, rows, staff, second_staff, clerk, sister_clerk, leader, auditor, stranger, township_liaison
):
    row = put(rows, model, state, second_staff)
    events = history_of(row).count()
    ours = [who for who in (staff, clerk) if not row.relations_of(who).intersection(model.moves[state, action].who)]
    for who in [sister_clerk, leader, auditor, stranger, township_liaison, *ours]:
        with pytest.raises(NotAllowed):
            advance(row, action, by=who, note="越权")
        assert action not in {allowed.action for allowed in allowed_actions(row, who)}
    row.refresh_from_db()
    assert row.state == state and history_of(row).count() == events
