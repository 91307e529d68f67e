"""Every verb that a service writes into the history has a label that people read."""

import ast
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings

from common.verbs import VERBS


def verbs_written(source: str) -> set[str]:
    """The verbs that a module hands to `record` or `record_many` as plain text."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("record", "record_many") and node.args:
            choices = [node.args[0]]
            if isinstance(node.args[0], ast.IfExp):
                choices = [node.args[0].body, node.args[0].orelse]
            found |= {str(one.value) for one in choices if isinstance(one, ast.Constant)}
    return found


def test_every_verb_in_the_program_has_a_label():
    # Some apps name their verbs beside the services, which the pages draw in.
    import_module(settings.ROOT_URLCONF)
    written: dict[str, str] = {}
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if "site-packages" in folder.parts:
            continue
        for path in folder.rglob("*.py"):
            if "tests" not in path.relative_to(folder).parts:
                written |= {verb: str(path) for verb in verbs_written(path.read_text("utf-8"))}
    assert "evidence.added" in written, "the search found nothing"
    assert {verb: path for verb, path in written.items() if verb not in VERBS} == {}


def test_the_search_sees_both_branches():
    assert verbs_written('record("a.made" if x else "a.kept", obj, by=None)\nother("b.c")') == {"a.made", "a.kept"}
