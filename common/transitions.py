"""State moves as a table: one declaration draws the buttons, the API's allowed actions and the tests.

A model that has a life declares `moves`, a mapping of (state, action) to Move, keeps its state in a text field
`state` with choices, and answers `relations_of(user)`: what this user is to this row ("unit", "reviewer", …).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar, cast

from django.db import models, transaction

from common.errors import Conflict, NotAllowed, Refused
from common.history import record

Requirement = Callable[[Any, Any], str | None]
"""Looks at (row, user) and answers what is still missing, as one Chinese sentence, or None."""


FORMER = "former"
"""As the `to` of a move: back to the state that the row keeps in its field `former_state`."""


@dataclass(frozen=True, slots=True)
class Move:
    """One legal move. `who` names relations, any of which is enough; `to` is the new state, or FORMER."""

    to: str
    label: str
    who: tuple[str, ...]
    requires: tuple[Requirement, ...] = ()
    needs_note: bool = False
    style: str = ""


Moves = Mapping[tuple[str, str], Move]


@dataclass(frozen=True, slots=True)
class AllowedAction:
    """A move that this user may make on this row now, or could make once what is `missing` is there."""

    action: str
    label: str
    needs_note: bool
    style: str
    missing: tuple[str, ...]


class HasMoves(Protocol):
    moves: ClassVar[Moves]
    state: str

    def relations_of(self, user: Any) -> frozenset[str]: ...

    def get_state_display(self) -> str: ...


Row = TypeVar("Row", bound=models.Model)


def allowed_actions(row: HasMoves, user: Any) -> list[AllowedAction]:
    """List the moves out of the row's state that belong to this user, in the order of the table."""
    relations = row.relations_of(user)
    return [
        AllowedAction(action, move.label, move.needs_note, move.style, missing_for(row, move, user))
        for (state, action), move in row.moves.items()
        if state == row.state and relations.intersection(move.who)
    ]


def missing_for(row: HasMoves, move: Move, user: Any) -> tuple[str, ...]:
    """Answer every sentence about what a move still lacks, so that nobody has to find them one by one."""
    return tuple(sentence for check in move.requires if (sentence := check(row, user)))


@transaction.atomic
def advance(row: Row, action: str, *, by: Any, note: str = "", **changes: Any) -> Row:
    """Make one move: lock the row, check state, right and proof, write state and `changes`, record the event.

    Raises Conflict when the state has no such move, NotAllowed when the move is not this user's, and Refused with
    every missing thing. The row handed in is brought up to date and returned.
    """
    model = type(row)
    locked = model._base_manager.select_for_update().get(pk=row.pk)
    living = cast(HasMoves, locked)
    label = next((move.label for (_, name), move in living.moves.items() if name == action), action)
    move = living.moves.get((living.state, action))
    if move is None:
        raise Conflict(
            f"当前状态为“{living.get_state_display()}”，不能“{label}”。请刷新页面，按现在的状态办理。",
            code="illegal_move",
        )
    if not living.relations_of(by).intersection(move.who):
        raise NotAllowed(f"“{label}”不属于您的职责，请由有权限的人员办理。")
    note = note.strip()
    if move.needs_note and not note:
        raise Refused(f"“{label}”需要写明理由。", code="note_required", fields={"note": ["请写明理由。"]})
    missing = missing_for(living, move, by)
    if missing:
        raise Refused(" ".join(missing), code="requirements_missing")
    before = {"state": living.state} | {name: getattr(locked, name) for name in changes}
    living.state = getattr(locked, "former_state") if move.to == FORMER else move.to  # noqa: B009
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", *changes])
    record(
        f"{model._meta.model_name}.{action}",
        locked,
        by=by,
        before=before,
        after={"state": living.state} | changes,
        note=note,
    )
    row.refresh_from_db()
    return row
