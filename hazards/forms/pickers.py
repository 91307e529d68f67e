"""Controls that offer out of much: a mine by name or first letters, a task of the campaigns that a mine works on."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from tasks.models import Task
from units.models import Unit

MOST_MINES = 100


class MinePicker:
    """The mines of a form, narrowed by words; what was chosen stays chosen while somebody looks for other words."""

    def __init__(self, rows: QuerySet[Unit], words: str = "", chosen: str = "") -> None:
        self.words = words.strip()[:40]
        found = rows.order_by("sort_key", "pk")
        for word in self.words.split():
            named = Q(name__icontains=word) | Q(short_name__icontains=word) | Q(initials__icontains=word)
            found = found.filter(named | Q(aliases__name__icontains=word))
        found = found.distinct() if self.words else found
        self.mines = list(found[: MOST_MINES + 1])
        self.more = len(self.mines) > MOST_MINES
        del self.mines[MOST_MINES:]
        self.chosen = chosen if chosen.isdecimal() and len(chosen) < 19 else ""
        if self.chosen and self.chosen not in {str(mine.pk) for mine in self.mines}:
            self.mines[:0] = rows.filter(pk=self.chosen)

    @property
    def note(self) -> str:
        if self.more:
            return f"这里列出前{MOST_MINES}座，请输入名称或拼音首字母查找。"
        return f"找到{len(self.mines)}座。" if self.words else ""


class TaskPicker:
    """The tasks in force that a mine, or its enterprise, has a part in, under their campaigns."""

    def __init__(self, rows: QuerySet[Task], mine: Unit | None, chosen: str = "") -> None:
        self.chosen = chosen if chosen.isdecimal() and len(chosen) < 19 else ""
        owing = [key for key in (mine.pk, mine.parent_id) if key] if mine else []
        owed = Q(assignments__unit__in=owing, assignments__withdrawn_on__isnull=True)
        # Whoever comes from the page of a task keeps it, whether or not the mine has a part in it.
        wanted = rows.filter(owed | Q(pk=self.chosen or 0)).distinct().select_related("campaign")
        self.tasks = list(wanted.order_by("campaign_id", "position"))
        self.note = ""
        if not owing:
            self.note = "选好矿山后，这里列出它承担的行动任务。"
        elif not self.tasks:
            self.note = "这座矿山在实施中的专项行动里没有承担任务。"

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for task in self.tasks:
            groups.setdefault(task.campaign.title, []).append((str(task.pk), f"{task.ref} {task.heading}".strip()))
        return list(groups.items())


def tasks_offered(user: Any) -> QuerySet[Task]:
    """The tasks that a hazard may belong to: in force, of an active campaign, seen by the user."""
    rows: Any = Task.objects.visible_to(user)
    found: QuerySet[Task] = rows.in_force().filter(campaign__state="active", is_parent=False)
    return found
