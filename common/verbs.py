"""What can happen to a record, in the words that the history page shows."""

import re
from collections.abc import Mapping

VERBS: dict[str, str] = {}

_SHAPE = re.compile(r"[a-z_]+\.[a-z_]+")


def register_verbs(labels: Mapping[str, str]) -> None:
    """Give verbs such as "task.created" their Chinese labels; an app calls this in its `apps.py` or `services.py`.

    Raises ValueError for a verb that is not `noun.past_tense`, or that already has another label.
    """
    for verb, label in labels.items():
        if not _SHAPE.fullmatch(verb):
            raise ValueError(f"A verb reads noun.past_tense, not {verb!r}.")
        if VERBS.setdefault(verb, label) != label:
            raise ValueError(f"The verb {verb!r} is already called {VERBS[verb]!r}.")


def verb_label(verb: str) -> str:
    """The Chinese label of a verb, or the verb itself where an app that knew it has gone."""
    return VERBS.get(verb, verb)
