"""What a hazard still lacks before it is closed, as a list for people; the rules are those of the table of moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hazards import transitions
from hazards.models import Hazard
from units.models import User

ACCEPTED = (Hazard.State.SELF_ACCEPTED, Hazard.State.AWAITING, Hazard.State.CLOSED)
ASKED = (Hazard.State.AWAITING, Hazard.State.CLOSED)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that closing needs, and the sentence about what is missing."""

    label: str
    missing: str

    @property
    def met(self) -> bool:
        return not self.missing


def closing_checks(hazard: Hazard, user: User) -> list[Check]:
    """Everything that closing needs in the order in which it comes about, met or missing."""
    checks: list[tuple[str, Any]] = [
        ("定级", "还没有定级。" if not hazard.level else None),
        ("整改期限", transitions.due_day_set(hazard, user)),
    ]
    if hazard.is_major:
        checks += [
            ("重大隐患报告", transitions.report_written(hazard, user)),
            ("双报告", transitions.reported_twice(hazard, user)),
            ("治理方案", transitions.plan_made(hazard, user)),
            ("五落实", transitions.five_in_place(hazard, user)),
        ]
        if hazard.rules["investigate_major"]:
            checks.append(("调查报告", transitions.investigated(hazard, user)))
    needed = hazard.rules["major_officers" if hazard.is_major else "general_officers"]
    where = "、到现场" if hazard.is_major else ""
    checks += [
        ("整改情况和照片", transitions.rectified_this_round(hazard, user)),
        ("矿山自验合格", None if hazard.state in ACCEPTED else "矿山还没有自验合格。"),
        ("申请复查", None if hazard.state in ASKED else "矿山还没有申请复查。"),
        (f"复查合格（整改人以外{needed}人{where}）", transitions.reinspected_by_others(hazard, user)),
    ]
    return [Check(label, missing or "") for label, missing in checks]
