"""A digest in words, as it goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from common.dates import due_in_words
from supervision.models import Notice
from units.models import User

LINES = 20
"""Things that a message names; the rest stands in the inbox."""
SIGN = "【矿山安全专项行动】"


@dataclass(frozen=True, slots=True)
class Message:
    """What one person is told. `brief` names no thing: it is for channels that a whole group reads."""

    to: User
    title: str
    text: str
    brief: str
    key: str


def compose(to: User, notices: Sequence[Notice], key: str, today: dt.date | None = None) -> Message:
    """The words of one digest: what is late first, then what falls due, each with its unit and day."""
    today = today or timezone.localdate()
    levels = {"late": 0, "soon": 1, "far": 2}
    rungs = sorted(
        (notice.rung for notice in notices),
        key=lambda rung: (levels[due_in_words(rung.due_on, today).level], rung.due_on, rung.pk),
    )
    counts = count_words(due_in_words(rung.due_on, today).level for rung in rungs)
    title = f"{SIGN}{to.name}：{counts}"
    lines = [
        f"{number}. {rung.title}（{rung.unit}）{due_in_words(rung.due_on, today).words}，应于{rung.due_on:%Y-%m-%d}前完成"
        for number, rung in enumerate(rungs[:LINES], start=1)
    ]
    if len(rungs) > LINES:
        lines.append(f"……另有{len(rungs) - LINES}件")
    link = f"{settings.SITE_URL}{reverse('supervision:inbox')}"
    text = "\n".join([f"{to.name}：您好！{counts}。", "", *lines, "", f"查看和办理：{link}"])
    return Message(to, title, text, f"{title}。请登录系统查看：{link}", key)


def count_words(levels: Iterable[str]) -> str:
    """How many things, and how pressing: 有3件事项需要办理，其中1件已逾期、1件三天内到期."""
    found = list(levels)
    parts = [
        f"{count}件{words}"
        for level, words in (("late", "已逾期"), ("soon", "三天内到期"))
        if (count := found.count(level))
    ]
    return f"有{len(found)}件事项需要办理" + (f"，其中{'、'.join(parts)}" if parts else "")
