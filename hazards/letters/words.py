"""Days and sentences as letters write them."""

from __future__ import annotations

import datetime as dt


def on(day: dt.date | None) -> str:
    """A day as letters write it; an empty string for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def sentence(text: str) -> str:
    """A text that ends in one full stop."""
    return text.strip().rstrip("。；;.") + "。"
