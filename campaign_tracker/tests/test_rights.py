"""Who may do what: the printed matrix is the code's, and no person of a whole county steps outside of it."""

from __future__ import annotations

import pytest

from common.management.commands.draw_states import models_with_moves
from units.management.commands.draw_rights import TARGET, page
from units.models import User
from units.rights import HOLDERS, RELATIONS, holders


def test_the_matrix_in_the_documentation_is_the_code() -> None:
    assert TARGET.read_text(encoding="utf-8") == page(), "请运行 ./run manage draw_rights"


def test_every_relation_has_its_roles_and_its_words() -> None:
    named = {relation for model in models_with_moves() for move in model.moves.values() for relation in move.who}  # type: ignore[attr-defined]
    assert named <= set(RELATIONS)
    assert {name.rpartition(":")[2] for name in HOLDERS} == set(RELATIONS)


@pytest.mark.django_db
def test_nobody_stands_in_a_relation_that_the_matrix_denies(demo_county: object) -> None:
    people = list(User.objects.filter(is_demo=True))
    seen: set[str] = set()
    for model in models_with_moves():
        label = model._meta.label
        for (state,) in set(model._default_manager.order_by().values_list("state")):
            for row in model._default_manager.filter(state=state)[:3]:
                for person in people:
                    for relation in row.relations_of(person):
                        assert person.role in holders(label, relation), f"{person} is {relation} of {label} {row}"
                        seen.add(f"{relation} {person.role}")
    # Something was there to be held against it: inspectors, mines, a leader, and the auditor nowhere.
    assert {"bureau bureau_staff", "admin bureau_admin", "inspector inspector", "mine mine_clerk"} <= seen
    assert not {pair for pair in seen if pair.endswith(" auditor")}
