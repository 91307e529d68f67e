"""Files broken in a thousand ways: every one is read or refused with a sentence, none breaks the program."""

import io
import random
import zipfile

import pytest

from common.errors import Refused
from common.filetypes import recognise_file
from common.spreadsheets import Column, Kind, read_rows
from common.tests.files import archive, docx, pdf, picture, workbook

COLUMNS = [
    Column("number", "序号", Kind.INTEGER),
    Column("task", "任务", required=True),
    Column("due", "时限", Kind.DATE),
]
TABLE = workbook([["序号", "任务", "时限"], [1, "甲", "2024.3.5"], [2, "乙", 45000]])


def broken(data: bytes, chance: random.Random) -> bytes:
    """The data with a few bytes changed, lost or put in."""
    parts = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(parts) or 1)
        act = chance.random()
        if act < 0.4 and parts:
            parts[at] = chance.randrange(256)
        elif act < 0.7:
            del parts[at : at + chance.randint(1, 30)]
        else:
            parts[at:at] = bytes(chance.randrange(32, 127) for _ in range(chance.randint(1, 10)))
    return bytes(parts)


def refusals(read, samples) -> int:
    refused = 0
    for sample in samples:
        try:
            read(sample)
        except Refused as refusal:
            assert refusal.message.endswith("。")
            refused += 1
    return refused


def test_workbooks_broken_from_outside():
    chance = random.Random(1)
    assert refusals(lambda data: read_rows(data, COLUMNS), (broken(TABLE, chance) for _ in range(200))) > 50


def test_workbooks_broken_within():
    chance = random.Random(2)
    with zipfile.ZipFile(io.BytesIO(TABLE)) as source:
        members: dict[str, bytes | str] = {name: source.read(name) for name in source.namelist()}

    def sample() -> bytes:
        name = chance.choice([name for name in members if name.startswith("xl/")])
        content = members[name]
        assert isinstance(content, bytes)
        return archive({**members, name: broken(content, chance)})

    assert refusals(lambda data: read_rows(data, COLUMNS), (sample() for _ in range(200))) > 50


@pytest.mark.parametrize(
    "whole",
    [picture("JPEG"), picture("PNG"), picture("WEBP"), pdf(), docx(), TABLE, "序号,任务\n1,甲".encode()],
    ids=["jpg", "png", "webp", "pdf", "docx", "xlsx", "csv"],
)
def test_evidence_broken_from_outside(whole):
    chance = random.Random(3)
    samples = [broken(whole, chance) for _ in range(150)]
    assert refusals(lambda data: recognise_file(io.BytesIO(data), "a.csv"), samples) > 0
