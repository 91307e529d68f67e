"""What a person may correct in a draft, each correction a value that can be applied."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from common.errors import Refused

from .shape import HEAD, HEAD_FIELDS, OUTLINE, TASK_FIELDS, Draft, Item, name_of, next_task, read_task, task_at
from .words import IDENTITY, belongs, cut_spans, free_id, join_words, own_words, summary_of


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
class EditOutline(Change):
    """New rows of one list of OUTLINE; a row that came from the reader keeps its place in the source (`spans`)."""

    part: str
    rows: Sequence[Mapping[str, Any]] = ()
    words = "修改阶段、目标或报送要求"

    def parts(self, draft: Draft) -> list[str]:
        return [self.part]

    def apply(self, draft: Draft, plan: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        before = self._summary(draft)
        names = (*OUTLINE[self.part], "spans")
        draft[self.part] = [{name: row[name] for name in names if name in row} for row in self.rows]
        return before, self._summary(draft)

    def _summary(self, draft: Draft) -> dict[str, Any]:
        first = OUTLINE[self.part][0]
        return {
            self.part: "；".join(str(row.get(first) or row.get("text") or "") for row in draft.get(self.part) or [])
        }


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
        task["text"] = join_words(task["text"], own_words(following))
        for name in ("title", "text"):
            task["spans"]["text"] = task["spans"]["text"] + following["spans"][name]
        for name, identity in IDENTITY.items():
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
            task[name] = [row for row in task[name] if belongs(row, first, second)]
            rest[name] = [row for row in rest[name] if belongs(row, second, first)]
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
