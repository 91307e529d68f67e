"""The floors of the house: each app may import what lies below it, and nothing from above (docs/architecture.md)."""

import ast
from functools import cache
from pathlib import Path

import pytest

from campaign_tracker.environment import BASE_DIR

FLOORS = ["common", "units", "mines", "tasks", "hazards", "inspections", "supervision", "exchange"]
# Pure Python: a document in, a plan out. What it may import is stated, so that it stays usable without Django.
PLAN_READER = BASE_DIR / "tasks" / "plans"


@cache
def imported_modules(path: Path) -> list[tuple[int, str]]:
    """Line and full name of every module that a file imports, relative ones resolved."""
    found: list[tuple[int, str]] = []
    package = path.relative_to(BASE_DIR).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            found.append((node.lineno, ".".join(part for part in (base, node.module) if part)))
    return found


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*.py") if "migrations" not in path.parts]


@pytest.mark.parametrize("app", FLOORS)
def test_no_app_imports_from_a_floor_above(app):
    above = set(FLOORS[FLOORS.index(app) + 1 :])
    steps_up = [
        f"{path.relative_to(BASE_DIR)}:{line} imports {module}"
        for path in files_of(BASE_DIR / app)
        for line, module in imported_modules(path)
        if module.split(".")[0] in above
    ]
    assert steps_up == []


@pytest.mark.parametrize("app", FLOORS)
def test_no_app_imports_the_project(app):
    """`campaign_tracker` hangs the apps together and knows them all; only their tests may use its tools."""
    steps_up = [
        f"{path.relative_to(BASE_DIR)}:{line} imports {module}"
        for path in files_of(BASE_DIR / app)
        if "tests" not in path.parts
        for line, module in imported_modules(path)
        if module.split(".")[0] == "campaign_tracker"
    ]
    assert steps_up == []


def test_the_plan_reader_is_pure_python():
    steps_out = [
        f"{path.relative_to(BASE_DIR)}:{line} imports {module}"
        for path in files_of(PLAN_READER)
        if "tests" not in path.parts
        for line, module in imported_modules(path)
        if module.split(".")[0] in {"django", "campaign_tracker", *FLOORS} and not module.startswith("tasks.plans")
    ]
    assert steps_out == []


def test_the_walk_finds_imports():
    """The guard above would pass for ever if it read nothing."""
    found = {module for _, module in imported_modules(Path(__file__))}
    assert {"ast", "functools", "campaign_tracker.environment"} <= found
    assert len(files_of(BASE_DIR / "common")) > 5
