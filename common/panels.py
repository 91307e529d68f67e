"""Panels on the page of one thing, by which apps upstairs show what they know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class ObjectPanel:
    """One panel: `template` prints its inside and is given `panel`, `thing` and everything in `context`."""

    key: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Source = Callable[[Any, Any], Iterable[ObjectPanel]]

_sources: dict[type[Model], list[Source]] = {}


def register_object_panels(model: type[Model], source: Source) -> None:
    """Add panels to the page of every row of `model`; called from `AppConfig.ready`.

    `source(thing, user)` answers those that have something to say; the page has checked that the user sees the thing.
    """
    sources = _sources.setdefault(model, [])
    if source not in sources:
        sources.append(source)


def panels_about(thing: Model, user: Any) -> list[ObjectPanel]:
    """The panels that other apps have for this thing, in the order of the apps."""
    return [panel for source in _sources.get(type(thing), ()) for panel in source(thing, user)]
