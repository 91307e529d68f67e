"""Prints who may see and do what, from the code that decides it, for docs/rights.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.apps import apps
from django.core.management.base import BaseCommand

from common.management.commands.draw_states import ROOT, models_with_moves
from common.transitions import HasMoves
from units.models import Region, Role, Unit, User
from units.rights import RELATIONS, holders
from units.services.accounts import ROLES_OF_KIND

TARGET = ROOT / "docs" / "rights.md"
HEAD = """# Who may see and do what

Printed from the code by `./run manage draw_rights`; a test fails when it is stale. A right has three parts: how far an
account sees (`User.reach`, applied by every `visible_to`), what its role may do at all (the properties of
`units/models/accounts.py`), and what it is to the one row (`relations_of`). Roles and relations decide in code only; no
page grants a right.
"""
CAPABILITIES = (
    ("reads_region", "看全地区"),
    ("reports", "替本单位填报"),
    ("reviews", "导入方案、审核、管单位目录"),
    ("keeps_accounts", "管账号、规则、渠道、接口"),
    ("audits", "看审计"),
)


def page() -> str:
    return "\n".join([HEAD, roles(), kinds(), moves(), relations(), services()])


def table(heads: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def roles() -> str:
    """What each role may at all, asked of an account of a county's bureau or of a mine."""
    region = Region(code="140825", name="县")
    rows = []
    for role in Role:
        kind = next(kind for kind, allowed in ROLES_OF_KIND.items() if role in allowed)
        user = User(role=role, unit=Unit(kind=kind, region=region, path="/1/"))
        seen = "地区代码以“140825”开头的一切" if user.reach.region else "本单位和下级单位"
        rows.append([str(role.label), seen, *("●" if getattr(user, name) else "" for name, _ in CAPABILITIES)])
    return "## Role × what it may at all\n\n" + table(["角色", "看到", *(words for _, words in CAPABILITIES)], rows)


def kinds() -> str:
    rows = [
        [str(Unit.Kind(kind).label), "、".join(str(role.label) for role in has)] for kind, has in ROLES_OF_KIND.items()
    ]
    return "## Kind of unit × roles its people can have\n\n" + table(["单位类别", "角色"], rows)


def moves() -> str:
    """Noun × act × role, for every noun that has states."""
    rows = []
    for model in models_with_moves():
        label = model._meta.label
        acts: dict[tuple[str, str], set[str]] = {}
        for (_, action), move in cast(type[HasMoves], model).moves.items():
            acts.setdefault((action, move.label), set()).update(move.who)
        for (action, words), who in acts.items():
            may = {role for relation in who for role in holders(label, relation)}
            marks = ["●" if role in may else "" for role in Role]
            rows.append([f"{model._meta.verbose_name}", f"{words} `{action}`", *marks, "、".join(sorted(who))])
    heads = ["对象", "动作", *(str(role.label) for role in Role), "须是"]
    return (
        "## Noun × act × role: moves\n\n`●`: an account of the role can, where it is to the row what the last column says.\n\n"
        + table(heads, rows)
    )


def relations() -> str:
    return "## Relations\n\n" + table(["须是", "意思"], [[f"`{name}`", words] for name, words in RELATIONS.items()])


def services() -> str:
    """Every service that may say no, and in which words; the conditions stand in its source."""
    rows = []
    for config in apps.get_app_configs():
        if (ROOT / config.name / "services").is_dir():
            guards, functions = _refusals(Path(config.path) / "services")
            for name, sentence in functions.items():
                if told := guards(name):
                    rows.append([config.name, f"`{name}`", sentence, "<br>".join(told)])
    return "## Services that refuse, and in which words\n\n" + table(["room", "service", "what", "refused with"], rows)


def _refusals(folder: Path) -> tuple[Any, dict[str, str]]:
    """What every function of the services raises as NotAllowed, itself or through others of the room."""
    own: dict[str, list[str]] = {}
    calls: dict[str, set[str]] = {}
    public: dict[str, str] = {}
    for path in sorted(folder.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                own.setdefault(node.name, []).extend(_sentences(node))
                calls.setdefault(node.name, set()).update(
                    one.func.id
                    for one in ast.walk(node)
                    if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
                )
                if any(argument.arg == "by" for argument in node.args.kwonlyargs):
                    public[node.name] = (ast.get_docstring(node) or "").split("\n")[0].split(". ")[0]

    @cache
    def told(name: str) -> tuple[str, ...]:
        found = dict.fromkeys(own.get(name, ()))
        seen, waiting = {name}, sorted(calls.get(name, ()))
        while waiting:
            other = waiting.pop(0)
            if other not in seen and other in own:
                seen.add(other)
                found |= dict.fromkeys(own[other])
                waiting += sorted(calls[other])
        return tuple(found)

    return told, dict(sorted(public.items()))


def _sentences(node: ast.FunctionDef) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "NotAllowed" and one.args:
            yield ast.unparse(one.args[0]).lstrip("f").strip("'\"").replace("|", "/")


class Command(BaseCommand):
    help = "把角色、对象、动作的权限表写进 docs/rights.md"

    def handle(self, *args: Any, **options: Any) -> None:
        TARGET.write_text(page(), encoding="utf-8")
        self.stdout.write(f"已写入 {TARGET.relative_to(ROOT)}")
