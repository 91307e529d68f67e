"""A plan on its way to a campaign: what a person may correct in it, as pure functions over plain data.

A draft has the shape of the plan that the reader writes, and more: every task carries a `key` that never changes, the
`v` of the import at which it was last changed, where its words stand in the source (`spans`), the number of the read
task that it came from (`origin`), and `dropped` when a person struck it out. Nothing is taken out of a draft.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from common.errors import Refused

Draft = dict[str, Any]
Item = dict[str, Any]

HEAD = "head"
"""The part of a draft that is no task: the campaign's own fields."""

HEAD_FIELDS = ("title", "document_number", "issuer", "issued_on", "start", "end", "level")
TASK_FIELDS = ("number", "title", "path", "text", "responsibility_text", "units", "deadlines", "recurrences")
LABELS = {
    "number": "序号",
    "title": "标题",
    "path": "所在章节",
    "text": "任务内容",
    "responsibility_text": "责任原文",
    "units": "责任单位",
    "deadlines": "完成时限",
    "recurrences": "周期要求",
}
_SENTENCE_END = "。；;！!？?：:"


def draft_of(plan: Mapping[str, Any]) -> Draft:
    """The draft of a plan as read: the same words, with the places of the source beside each."""
    positions = plan.get("positions") or {}
    names = ("campaign", "goals", "stages", "reporting", "protection_measures")
    draft: Draft = {name: copy.deepcopy(plan.get(name)) for name in names}
    draft["campaign"]["spans"] = positions.get("campaign") or {}
    draft["campaign"]["v"] = 0
    for name in ("goals", "stages", "reporting"):
        for row, spans in zip(draft[name] or [], positions.get(name) or [], strict=False):
            row["spans"] = spans
    draft["protection_spans"] = positions.get("protection_measures") or []
    draft["warnings"] = copy.deepcopy(plan.get("warnings") or [])
    draft["settled"] = []
    draft["tasks"] = [read_task(plan, origin) for origin in range(len(plan["tasks"]))]
    draft["next_key"] = len(draft["tasks"])
    return draft


def read_task(plan: Mapping[str, Any], origin: int) -> Item:
    """One task as a draft holds it at first."""
    task: Item = copy.deepcopy(plan["tasks"][origin])
    places = (plan.get("positions") or {}).get("tasks") or {}
    at = places.get(str(task["id"])) or {}
    task["spans"] = {name: at.get(name) or [] for name in ("number", "title", "text", "responsibility_text")}
    for name in ("units", "deadlines", "recurrences"):
        task[name] = task.get(name) or []
        for row, spans in zip(task[name], at.get(name) or [], strict=False):
            row["spans"] = spans
    return task | {"key": str(origin), "origin": origin, "v": 0, "dropped": False}


def plan_of(draft: Mapping[str, Any]) -> dict[str, Any]:
    """The plan that a draft stands for: without what was struck out, and with whole families only."""
    living = [task for task in draft["tasks"] if not task["dropped"]]
    ids = {str(task["id"]) for task in living}
    parents = {str(task["parent"]) for task in living if task.get("parent")}
    names = ("campaign", "goals", "stages", "reporting", "protection_measures")
    plan: dict[str, Any] = {name: copy.deepcopy(draft.get(name)) for name in names}
    plan["tasks"] = []
    for task in living:
        row = copy.deepcopy(task)
        if str(row.get("parent")) not in ids:
            row["parent"] = None
        row["children"] = str(row["id"]) in parents
        row["source_span"] = (row["spans"].get("title") or []) + (row["spans"].get("text") or []) or None
        plan["tasks"].append(row)
    return plan


def living_tasks(draft: Mapping[str, Any]) -> list[Item]:
    return [task for task in draft["tasks"] if not task["dropped"]]


def task_at(draft: Mapping[str, Any], key: str) -> Item:
    """The task with a key. Raises Refused for one that is not there."""
    for task in draft["tasks"]:
        if task["key"] == key:
            return task  # type: ignore[no-any-return]
    raise Refused("这项任务已不在草稿里，请刷新页面后再改。")


def next_task(draft: Mapping[str, Any], key: str) -> Item | None:
    """The task that follows in the paper and was not struck out."""
    tasks = draft["tasks"]
    at = tasks.index(task_at(draft, key))
    return next((task for task in tasks[at + 1 :] if not task["dropped"]), None)


def name_of(task: Mapping[str, Any]) -> str:
    """What to call a task in a sentence."""
    words = task.get("title") or task.get("text") or "未命名任务"
    words = words if len(words) <= 24 else words[:23] + "…"
    return f"{task['number']} {words}" if task.get("number") else words


def is_changed(task: Mapping[str, Any], read: Mapping[str, Any] | None) -> bool:
    """Whether a person changed what the reader made of this task."""
    return read is None or any(task.get(name) != read.get(name) for name in TASK_FIELDS)


# -- changes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One correction. `parts` are the keys of what it reads and writes, by which two people's edits are told apart."""

    words: ClassVar[str] = ""

    def parts(self, draft: Draft) -> list[str]:
        raise NotImplementedError

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Change the draft in place (`plan` is what the reader made) and answer before and after for the history."""
        raise NotImplementedError


@dataclass(frozen=True)
class EditHead(Change):
    """New values of the campaign's own fields (HEAD_FIELDS)."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    words = "修改行动信息"

    def parts(self, draft: Draft) -> list[str]:
        return [HEAD]

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        head = draft["campaign"]
        before = {name: head.get(name) for name in HEAD_FIELDS}
        head.update({name: self.fields[name] for name in HEAD_FIELDS if name in self.fields})
        return before, {name: head.get(name) for name in HEAD_FIELDS}


@dataclass(frozen=True)
class EditTask(Change):
    """New values of some of one task's fields (TASK_FIELDS)."""

    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    words = "修改任务"

    def parts(self, draft: Draft) -> list[str]:
        return [self.key]

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        task = task_at(draft, self.key)
        before = summary_of(task)
        task.update({name: self.fields[name] for name in TASK_FIELDS if name in self.fields})
        if not (task.get("title") or task.get("text")):
            raise Refused("任务的标题和内容不能都空着。", fields={"text": ["请填写任务内容，或改用“删去”。"]})
        return before, summary_of(task)


@dataclass(frozen=True)
class MergeTask(Change):
    """Join the next task to this one: words one after the other, units, deadlines and recurrences of both."""

    key: str
    words = "与下一项合并"

    def parts(self, draft: Draft) -> list[str]:
        following = next_task(draft, self.key)
        return [self.key, *([following["key"]] if following else [])]

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        task, following = task_at(draft, self.key), next_task(draft, self.key)
        if following is None:
            raise Refused("后面没有任务了，不能再合并。")
        if task.get("children") or following.get("children"):
            raise Refused("带有分项的任务不能合并，请先处理它的分项。")
        before = summary_of(task)
        task["text"] = join_words(task["text"], _own_words(following))
        for name in ("title", "text"):
            task["spans"]["text"] = task["spans"]["text"] + following["spans"][name]
        for name, identity in _IDENTITY.items():
            have = {identity(row) for row in task[name]}
            task[name] += [copy.deepcopy(row) for row in following[name] if identity(row) not in have]
        task["units_open"] = bool(task.get("units_open") or following.get("units_open"))
        following["dropped"], following["merged_into"] = True, task["key"]
        return before, summary_of(task)


@dataclass(frozen=True)
class SplitTask(Change):
    """Cut a task in two before the character at `at` of its text; both parts keep the units and the field deadlines."""

    key: str
    at: int
    words = "拆分任务"

    def parts(self, draft: Draft) -> list[str]:
        return [self.key]

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        task = task_at(draft, self.key)
        if task.get("children"):
            raise Refused("带有分项的任务不能拆分，请修改它的分项。")
        first, second = task["text"][: self.at].rstrip(), task["text"][self.at :].lstrip()
        if not first or not second:
            raise Refused("请把光标放在要拆开的两句话之间，再点“从这里拆开”。")
        before = summary_of(task)
        rest = copy.deepcopy(task)
        rest |= {"key": str(draft["next_key"]), "origin": None, "number": None, "title": None, "text": second}
        rest["id"] = free_id(draft, f"{task['id']}-2")
        rest["spans"] |= {
            "number": [],
            "title": [],
            "text": cut_spans(task["spans"]["text"], len(task["text"]), self.at)[1],
        }
        task["spans"]["text"] = cut_spans(task["spans"]["text"], len(task["text"]), self.at)[0]
        task["text"] = first
        for name in ("deadlines", "recurrences"):
            task[name] = [row for row in task[name] if _belongs(row, first, second)]
            rest[name] = [row for row in rest[name] if _belongs(row, second, first)]
        draft["next_key"] += 1
        draft["tasks"].insert(draft["tasks"].index(task) + 1, rest)
        return before, summary_of(task) | {"split_off": second}


@dataclass(frozen=True)
class DropTask(Change):
    """Strike a task out, with its parts; it stays in the draft and can be taken back."""

    key: str
    words = "删去任务"

    def parts(self, draft: Draft) -> list[str]:
        return [self.key]

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        task = task_at(draft, self.key)
        for other in draft["tasks"]:
            if other is task or (str(other.get("parent")) == str(task["id"]) and not other["dropped"]):
                other["dropped"], other["dropped_with"] = True, self.key
        return {"task": name_of(task)}, {}


@dataclass(frozen=True)
class UndropTask(Change):
    """Take back a task that was struck out or merged away, with the parts that went with it."""

    key: str
    words = "找回任务"

    def parts(self, draft: Draft) -> list[str]:
        return [self.key]

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        task = task_at(draft, self.key)
        for other in draft["tasks"]:
            if other is task or other.get("dropped_with") == self.key:
                other["dropped"] = False
                other.pop("dropped_with", None)
                other.pop("merged_into", None)
        return {}, {"task": name_of(task)}


@dataclass(frozen=True)
class ResetTask(Change):
    """Put back what the reader made of this task."""

    key: str
    words = "恢复读取结果"

    def parts(self, draft: Draft) -> list[str]:
        return [self.key]

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        task = task_at(draft, self.key)
        if task["origin"] is None:
            raise Refused("这项任务是手工添加或拆分出来的，没有读取结果可恢复；不要它时请用“删去”。")
        before = summary_of(task)
        original = read_task(plan, task["origin"])
        for name in (*TASK_FIELDS, "units_open", "spans"):
            task.pop(name, None)
            if name in original:
                task[name] = original[name]
        return before, summary_of(task)


@dataclass(frozen=True)
class AddTask(Change):
    """Add a task by hand after another one, or at the end; it stands in the same section."""

    after: str | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    words = "添加任务"

    def parts(self, draft: Draft) -> list[str]:
        return []

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        before = task_at(draft, self.after) if self.after else (draft["tasks"][-1] if draft["tasks"] else None)
        if not (self.fields.get("title") or self.fields.get("text")):
            raise Refused("请填写任务内容后再添加。", fields={"text": ["请填写任务内容。"]})
        task: Item = {
            "key": str(draft["next_key"]), "origin": None, "v": 0, "dropped": False, "id": free_id(draft, "补1"),
            "path": list(before["path"]) if before else [], "number": None, "title": None, "text": "",
            "responsibility_text": None, "units": [], "deadlines": [], "recurrences": [],
            "parent": before.get("parent") if before else None,
            "spans": {"number": [], "title": [], "text": [], "responsibility_text": []},
        }  # fmt: skip
        task.update({name: self.fields[name] for name in TASK_FIELDS if name in self.fields})
        draft["next_key"] += 1
        draft["tasks"].insert(draft["tasks"].index(before) + 1 if before else 0, task)
        return {}, summary_of(task)

    def key_in(self, draft: Draft) -> str:
        """The key that the new task got."""
        return str(draft["next_key"] - 1)


@dataclass(frozen=True)
class SettleWarning(Change):
    """Mark one warning as looked at, or as open again."""

    number: int
    settled: bool = True
    words = "核对提示"

    def parts(self, draft: Draft) -> list[str]:
        return []

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        if not 0 <= self.number < len(draft["warnings"]):
            raise Refused("这条提示已不在了，请刷新页面。")
        settled = set(draft["settled"]) - {self.number} | ({self.number} if self.settled else set())
        draft["settled"] = sorted(settled)
        return {}, {"warning": draft["warnings"][self.number]["message"], "settled": self.settled}


# -- words and places --------------------------------------------------------------------------------------------

_IDENTITY: dict[str, Callable[[Item], Any]] = {
    "units": lambda row: (row["name"], row["role"]),
    "deadlines": lambda row: (row["kind"], row.get("date"), row.get("scope")),
    "recurrences": lambda row: (row["every"], row.get("times")),
}


def join_words(first: str, second: str) -> str:
    """Two pieces of text as one: a broken sentence closes up, whole sentences stand below each other."""
    if not first or not second:
        return first or second
    return f"{first}\n{second}" if first[-1] in _SENTENCE_END else first + second


def _own_words(task: Mapping[str, Any]) -> str:
    """What a task says when its heading becomes part of a text."""
    title, text = task.get("title") or "", task.get("text") or ""
    number = task.get("number") or ""
    heading = f"{number}{'.' if number[-1:].isdigit() else ''}{title}" if title else ""
    return f"{heading}{'' if heading[-1:] in _SENTENCE_END else '。'}{text}" if heading else text


def _belongs(row: Mapping[str, Any], here: str, there: str) -> bool:
    """Whether a deadline or recurrence stays with this half of a text: by its printed words where only one has them."""
    words = row.get("text") or ""
    return row.get("source") == "field" or words in here or words not in there


def cut_spans(spans: Sequence[Sequence[int]], length: int, at: int) -> tuple[list[list[int]], list[list[int]]]:
    """Divide the places of a text of `length` characters in the proportion of the cut; near enough to show it."""
    total = sum(end - start for _, start, end in spans)
    if not total or not length:
        return [list(span) for span in spans], [list(span) for span in spans]
    left = round(total * at / length)
    first: list[list[int]] = []
    second: list[list[int]] = []
    for block, start, end in spans:
        middle = min(max(start + left, start), end)
        if start < middle:
            first.append([block, start, middle])
        if middle < end:
            second.append([block, middle, end])
        left -= end - start
    return first, second


def free_id(draft: Mapping[str, Any], wanted: str) -> str:
    """`wanted`, or the next number of the same stem that no task bears."""
    taken = {str(task["id"]) for task in draft["tasks"]}
    if wanted not in taken:
        return wanted
    stem, digits = re.match(r"(.*?)(\d+)$", wanted).groups()  # type: ignore[union-attr]
    return next(f"{stem}{n}" for n in _counting(int(digits) + 1) if f"{stem}{n}" not in taken)


def _counting(start: int) -> Iterator[int]:
    while True:
        yield start
        start += 1


def summary_of(task: Mapping[str, Any]) -> dict[str, Any]:
    """A task in few words, for the history."""
    return {
        "number": task.get("number") or "",
        "title": task.get("title") or "",
        "path": " / ".join(task.get("path") or []),
        "text": task.get("text") or "",
        "units": "、".join(unit["name"] for unit in task["units"]),
        "deadlines": "、".join(d.get("date") or d.get("text") or d["kind"] for d in task["deadlines"]),
        "recurrences": "、".join(r.get("text") or r["every"] for r in task["recurrences"]),
    }
