"""The steps by which a due day is told: how many working days from it, and to whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from common.workdays import add_workdays, is_workday, previous_workday


class Audience(TextChoices):
    PERSON = "person", "责任人"
    HEAD = "head", "单位负责人"
    TOWNSHIP = "township", "属地乡镇"
    SECTION = "section", "主管科室"
    LEADER = "leader", "分管领导"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `offset` working days after the due day (before it when negative), and who is told."""

    offset: int
    audiences: tuple[str, ...]

    @property
    def label(self) -> str:
        return step_label(self.offset)

    @property
    def audience_labels(self) -> str:
        return "、".join(Audience(one).label for one in self.audiences)


Steps = tuple[Step, ...]

P, H, T, S, L = (str(one.value) for one in Audience)
DEFAULT_STEPS: Steps = (
    Step(-7, (P,)),
    Step(-3, (P,)),
    Step(-1, (P,)),
    Step(0, (P,)),
    Step(1, (P, H, T)),
    Step(3, (P, H, T, S)),
    Step(7, (P, H, S, L)),
    Step(15, (P, H, S, L)),
)
DEFAULT_SOURCE = "本系统建议值：行动方案只规定提示、督办、通报、约谈逐级递进，未规定天数"
MAX_STEPS = 12
MAX_OFFSET = 60


def step_label(offset: int) -> str:
    """A step in words: 到期前3个工作日, 到期当日, 逾期1个工作日."""
    if offset == 0:
        return "到期当日"
    return f"到期前{-offset}个工作日" if offset < 0 else f"逾期{offset}个工作日"


def step_day(due_on: dt.date, offset: int) -> dt.date:
    """The working day on which a step is reached.

    A day that falls on a holiday is told of on the last working day before it: on the first one after it would be late.
    """
    if offset > 0:
        return add_workdays(due_on, offset)
    last = due_on if is_workday(due_on) else previous_workday(due_on)
    return add_workdays(last, offset)


def latest_due(today: dt.date, offset: int) -> dt.date:
    """The latest due day whose step `offset` is reached today, so that one comparison of dates stands for `step_day`."""
    day = add_workdays(today if is_workday(today) else previous_workday(today), -offset)
    while step_day(day, offset) > today:
        day -= dt.timedelta(days=1)
    while step_day(day + dt.timedelta(days=1), offset) <= today:
        day += dt.timedelta(days=1)
    return day


def reached(due_on: dt.date, today: dt.date, steps: Steps) -> Step | None:
    """The highest step that a due day has reached today, or None."""
    found = [step for step in steps if step_day(due_on, step.offset) <= today]
    return max(found, key=lambda step: step.offset, default=None)


def coming(due_on: dt.date, today: dt.date, steps: Steps) -> tuple[Step, dt.date] | None:
    """The next step and its day, or None where all have been reached."""
    days = [(step, step_day(due_on, step.offset)) for step in sorted(steps, key=lambda step: step.offset)]
    return next(((step, day) for step, day in days if day > today), None)


def as_stored(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as a JSON field keeps them."""
    return [{"offset": step.offset, "to": list(step.audiences)} for step in steps]


def from_stored(rows: Sequence[dict[str, Any]]) -> Steps:
    """Steps out of a JSON field, the earliest first."""
    steps = (Step(int(row["offset"]), tuple(row["to"])) for row in rows)
    return tuple(sorted(steps, key=lambda step: step.offset))
