"""How a state looks: its word, its colour and its icon, the same on every page.

Colour carries state only, and never alone: the icon and the word say the same to those who do not see it.
"""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["grey", "blue", "amber", "red", "green"]


@dataclass(frozen=True)
class Status:
    """One state on screen."""

    label: str
    tone: Tone = "grey"
    icon: str = "circle"


_statuses: dict[str, Status] = {
    "draft": Status("草稿", "grey", "edit"),
    "not_started": Status("未开始", "grey", "circle"),
    "in_progress": Status("进行中", "blue", "half"),
    "submitted": Status("待审核", "blue", "clock"),
    "returned": Status("已退回", "amber", "returned"),
    "done": Status("已完成", "green", "check"),
    "closed": Status("已结束", "green", "check"),
    "cancelled": Status("已取消", "grey", "stop"),
    "ongoing": Status("长期坚持", "grey", "repeat"),
    "overdue": Status("已逾期", "red", "alert"),
    "due_soon": Status("即将到期", "amber", "clock"),
    "active": Status("在用", "green", "check"),
    "inactive": Status("已停用", "grey", "pause"),
    "locked": Status("已锁定", "red", "lock"),
    "queued": Status("排队中", "grey", "clock"),
    "running": Status("处理中", "blue", "half"),
    "failed": Status("失败", "red", "alert"),
}


def register_statuses(statuses: dict[str, Status]) -> None:
    """Add states or give one its own look; a key may carry its noun ("hazard.closed") where the bare word differs."""
    _statuses.update(statuses)


def status_of(value: object, label: str = "") -> Status:
    """The look of a stored state (a string or a choices member); an unknown one is grey under its own label."""
    key = str(getattr(value, "value", value))
    found = _statuses.get(key) or _statuses.get(key.rpartition(".")[2])
    words = label or str(getattr(value, "label", "")) or (found.label if found else key)
    return Status(words, found.tone, found.icon) if found else Status(words)
