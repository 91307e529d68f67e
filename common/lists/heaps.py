"""A list narrowed to a heap of the first page (`?heap=…`), so that the number there opens exactly the rows it counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.db.models import QuerySet

HEAP = "heap"


class Heap(Protocol):
    title: str
    rows: QuerySet[Any] | list[Any]


_finders: list[Callable[[Any, str], Heap | None]] = []


def register_heaps(find: Callable[[Any, str], Heap | None]) -> None:
    """Tell lists where heaps are found by user and key; called once from `AppConfig.ready`."""
    _finders[:] = [find]


def heap_named(user: Any, key: str) -> Heap | None:
    """The heap of this user with that key, or None."""
    return next((heap for find in _finders if key and (heap := find(user, key))), None)
