"""manage.py read_plan: a tree for people, JSON for machines, one sentence for files that cannot be read."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tasks.plans.tests.plan_files import SAMPLES

SAMPLE = next(iter(sorted(SAMPLES.glob("*.md"))))


def output(*args: object) -> str:
    out = StringIO()
    call_command("read_plan", *map(str, args), stdout=out)
    return out.getvalue()


def test_prints_a_tree() -> None:
    printed = output(SAMPLE)
    assert "青岭县矿山安全隐患清查整治行动方案" in printed
    assert "牵头：县应急管理局" in printed
    assert "时限：2025-06-30" in printed


def test_prints_json() -> None:
    plan = json.loads(output(SAMPLE, "--json"))
    assert plan["tasks"] and set(plan["positions"]["tasks"]) == {task["id"] for task in plan["tasks"]}


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff", b"plain words only"])
def test_refuses_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "方案.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"。$") as refusal:
        output(path)
    assert refusal.value.returncode == 1


def test_a_missing_file_is_told() -> None:
    with pytest.raises(CommandError, match="打不开文件"):
        output("/nowhere/方案.txt")
