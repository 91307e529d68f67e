"""One box that looks in every app: each app registers what it can find, and finds only what the user may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

MOST = 15
"""Hits of one kind; more are found by the filters of the kind's own list."""

LONGEST = 60


@dataclass(frozen=True)
class Hit:
    """One thing found: where it is, what it is called, and a line that tells it from its like."""

    url: str
    title: str
    about: str = ""


Finder = Callable[[Any, str], Iterable[Hit]]
_finders: dict[str, Finder] = {}


def register_search(kind: str, finder: Finder) -> None:
    """Let the search page look for one kind of thing (its name in Chinese), in the order of registration."""
    _finders[kind] = finder


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What was found for the words in `q`, by kind."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    kinds = [(kind, list(finder(request.user, words))) for kind, finder in _finders.items()] if words else []
    found = [(kind, hits) for kind, hits in kinds if hits]
    return render(request, "common/search.html", {"words": words, "found": found})
