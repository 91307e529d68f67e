"""Draws every table of state moves as a diagram and a table, for docs/states.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models

from common.transitions import FORMER, HasMoves

ROOT = Path(__file__).resolve().parents[3]
TARGET = ROOT / "docs" / "states.md"
HEAD = """# State moves

Drawn from the tables in each app's `transitions.py` by `./run manage draw_states`; a test fails when it is stale.
`advance()` in `common/transitions.py` is the only way to make a move. "Who" names what the user is to the row.
"""


def models_with_moves() -> list[type[models.Model]]:
    """Every model that declares `moves`, in the order of the apps."""
    return [model for model in apps.get_models() if getattr(model, "moves", None)]


def draw(model: type[models.Model]) -> str:
    """One model's moves as a Mermaid state diagram and a Markdown table."""
    moves = cast(type[HasMoves], model).moves
    states: dict[str, Any] = dict(model._meta.get_field("state").flatchoices)  # type: ignore[union-attr]
    first = model._meta.get_field("state").get_default()  # type: ignore[union-attr]
    lines = [f"## {model._meta.verbose_name} `{model._meta.label}`", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {label}" for state, label in states.items()]
    if any(move.to == FORMER for move in moves.values()):
        lines += [f"    {FORMER}: 原来的状态"]
    lines += [f"    [*] --> {first}"]
    lines += [f"    {state} --> {move.to}: {move.label}" for (state, _), move in moves.items()]
    lines += [
        "```",
        "",
        "| from | act | label | to | who | note | requires |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for (state, action), move in moves.items():
        checks = ", ".join(f"`{check.__name__}`" for check in move.requires)
        note = "required" if move.needs_note else ""
        lines.append(f"| {state} | {action} | {move.label} | {move.to} | {', '.join(move.who)} | {note} | {checks} |")
    return "\n".join(lines)


def page() -> str:
    return "\n".join([HEAD, *(draw(model) + "\n" for model in models_with_moves())])


class Command(BaseCommand):
    help = "把各类状态流转表画成 docs/states.md"

    def handle(self, *args: Any, **options: Any) -> None:
        TARGET.parent.mkdir(exist_ok=True)
        TARGET.write_text(page(), encoding="utf-8")
        self.stdout.write(f"已写入 {TARGET.relative_to(ROOT)}")
