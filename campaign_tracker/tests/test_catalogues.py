"""The catalogues of major hazards in fixtures/ hold every item of the standards, in words of our own.

The comparison with the printed standards needs their text, which is not part of this repository. Its folder is given by
CAMPAIGN_TRACKER_REFERENCE or found beside the repository; without it those tests are skipped, the rest run.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "fixtures" / "catalogues"
NAMES = ("coal_2020", "coal_2026", "noncoal_2022", "noncoal_2024_supplement")

MINE_TYPES = {"coal_underground", "coal_open_pit", "noncoal_underground", "noncoal_open_pit", "tailings_pond"}
STANDARD_KEYS = {
    "code",
    "name",
    "document_number",
    "issuer",
    "issued_on",
    "in_force_from",
    "in_force_until",
    "companions",
    "source_note",
    "categories",
    "clauses",
}
CLAUSE_KEYS = {"code", "category", "label", "mine_types", "level", "parent", "selectable"}

LABEL_LIMIT = 30
TITLE_LIMIT = 40
# A shared run this long is a quotation; shorter ones are the vocabulary of the trade.
QUOTATION = 12


def load(name: str) -> dict[str, Any]:
    return json.loads((CATALOGUES / f"{name}.json").read_text(encoding="utf-8"))


def norm(text: str) -> str:
    """Only letters and figures: a comma more or less does not make somebody else's sentence ours."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text))


def reference(name: str) -> str:
    folder = Path(os.environ.get("CAMPAIGN_TRACKER_REFERENCE") or ROOT.parent / "shared" / "reference")
    path = folder / f"{name}.txt"
    if not path.is_file():
        pytest.skip(
            f"{path.name} not found in {folder}; set CAMPAIGN_TRACKER_REFERENCE to compare the catalogues with it"
        )
    return path.read_text(encoding="utf-8")


def printed_codes(text: str) -> set[str]:
    """The codes of the items and of their numbered sub-items (`U01-1`) in a reference text."""
    codes = set()
    for line in text.splitlines():
        if not (match := re.match(r"([CUOTS]+\d+(?:-\d+)?) \| (.+)", line)):
            continue
        code, words = match.groups()
        codes.add(code)
        codes.update(f"{code}-{number}" for number in re.findall(r"/ (\d+)\.", words))
    return codes


@pytest.fixture(params=NAMES)
def standard(request: pytest.FixtureRequest) -> dict[str, Any]:
    return load(request.param)


def test_every_file_is_a_catalogue_that_is_tested() -> None:
    assert {path.stem for path in CATALOGUES.glob("*.json")} == set(NAMES)


def test_standard_is_named_and_dated(standard: dict[str, Any]) -> None:
    assert set(standard) == STANDARD_KEYS
    for key in ("code", "name", "document_number", "issuer", "source_note"):
        assert standard[key], key
    issued = datetime.date.fromisoformat(standard["issued_on"])
    start = datetime.date.fromisoformat(standard["in_force_from"])
    assert issued <= start
    if standard["in_force_until"] is not None:
        assert start <= datetime.date.fromisoformat(standard["in_force_until"])


def test_clauses_have_the_agreed_shape(standard: dict[str, Any]) -> None:
    categories = [category["code"] for category in standard["categories"]]
    assert len(categories) == len(set(categories))
    assert all(0 < len(category["title"]) <= TITLE_LIMIT for category in standard["categories"])

    codes = [clause["code"] for clause in standard["clauses"]]
    assert len(codes) == len(set(codes))
    assert {clause["category"] for clause in standard["clauses"]} == set(categories), "a category is unknown or empty"
    for clause in standard["clauses"]:
        assert set(clause) == CLAUSE_KEYS, clause
        assert clause["level"] == "major", clause
        assert clause["mine_types"] and set(clause["mine_types"]) <= MINE_TYPES, clause


def test_labels_are_short_and_no_two_read_alike(standard: dict[str, Any]) -> None:
    too_long = [clause["label"] for clause in standard["clauses"] if not 4 <= len(clause["label"]) <= LABEL_LIMIT]
    assert not too_long
    counted = Counter(norm(clause["label"]) for clause in standard["clauses"])
    assert not [label for label, times in counted.items() if times > 1]


def test_sub_items_stand_below_an_item_of_their_own_category(standard: dict[str, Any]) -> None:
    clauses = {clause["code"]: clause for clause in standard["clauses"]}
    parents = set()
    for code, clause in clauses.items():
        if clause["parent"] is None:
            continue
        parent = clauses[clause["parent"]]
        assert code.startswith(f"{parent['code']}-")
        assert parent["parent"] is None, "two floors are enough"
        assert (clause["category"], clause["mine_types"]) == (parent["category"], parent["mine_types"])
        assert clause["selectable"]
        parents.add(parent["code"])
    assert {code for code, clause in clauses.items() if not clause["selectable"]} <= parents


def test_counts_agree_with_the_standards() -> None:
    coal, noncoal, supplement = load("coal_2020"), load("noncoal_2022"), load("noncoal_2024_supplement")
    assert (len(coal["categories"]), len(coal["clauses"])) == (15, 80)
    items = Counter(clause["category"] for clause in noncoal["clauses"] if clause["parent"] is None)
    assert items == {"U": 32, "O": 13, "T": 19}
    assert sum(clause["parent"] is not None for clause in noncoal["clauses"]) == 79
    assert Counter(clause["category"] for clause in supplement["clauses"]) == {"US": 4, "OS": 2, "TS": 2}
    assert load("coal_2026")["clauses"] == [], "its text is for the bureau to load"


def test_only_lead_ins_cannot_be_chosen() -> None:
    noncoal = load("noncoal_2022")
    parents = {clause["parent"] for clause in noncoal["clauses"]} - {None}
    # U20 is a lead-in and a hazard of its own: a mine without mechanical ventilation has none of the sub-items.
    lead_ins = {clause["code"] for clause in noncoal["clauses"] if not clause["selectable"]}
    assert lead_ins == parents - {"U20"}


def test_one_coal_standard_is_in_force_on_every_day_since_2021() -> None:
    old, new = load("coal_2020"), load("coal_2026")
    assert (old["in_force_from"], old["in_force_until"]) == ("2021-01-01", "2026-06-30")
    assert (new["in_force_from"], new["in_force_until"]) == ("2026-07-01", None)
    assert new["document_number"] == "应急管理部令第21号"


def test_the_noncoal_standard_and_its_supplement_name_each_other() -> None:
    noncoal, supplement = load("noncoal_2022"), load("noncoal_2024_supplement")
    assert noncoal["companions"] == [supplement["code"]]
    assert supplement["companions"] == [noncoal["code"]]
    assert (noncoal["in_force_from"], noncoal["in_force_until"]) == ("2022-09-01", None)
    assert (supplement["in_force_from"], supplement["in_force_until"]) == ("2024-04-23", None)


def test_companions_exist() -> None:
    standards = [load(name) for name in NAMES]
    codes = [standard["code"] for standard in standards]
    assert len(codes) == len(set(codes))
    assert {companion for standard in standards for companion in standard["companions"]} <= set(codes)


def test_each_mine_type_is_served() -> None:
    served = {kind for name in NAMES for clause in load(name)["clauses"] for kind in clause["mine_types"]}
    assert served == MINE_TYPES


def test_clauses_about_one_kind_of_coal_mine_are_offered_to_no_other() -> None:
    kinds = {clause["code"]: clause["mine_types"] for clause in load("coal_2020")["clauses"]}
    assert kinds["C15-10"] == ["coal_open_pit"], "a slope"
    assert kinds["C02-1"] == kinds["C05-1"] == kinds["C13-5"] == ["coal_underground"], "gas, air, work below ground"
    assert kinds["C01-1"] == kinds["C07-2"] == ["coal_underground", "coal_open_pit"], "output and borders"


@pytest.mark.parametrize(
    ("names", "source"),
    [
        (("coal_2020",), "major_hazards_coal_2020"),
        (("noncoal_2022", "noncoal_2024_supplement"), "major_hazards_noncoal_2022"),
    ],
)
class TestAgainstTheReference:
    def test_every_printed_item_has_its_clause(self, names: tuple[str, ...], source: str) -> None:
        printed = printed_codes(reference(source))
        ours = {clause["code"] for name in names for clause in load(name)["clauses"]}
        assert printed, "the reference has no line of the form CODE | text"
        assert ours == printed

    def test_labels_quote_nothing(self, names: tuple[str, ...], source: str) -> None:
        printed = norm(reference(source))
        runs = {printed[at : at + QUOTATION] for at in range(len(printed) - QUOTATION + 1)}
        quoted = []
        for name in names:
            for clause in load(name)["clauses"]:
                label = norm(clause["label"])
                starts = range(len(label) - QUOTATION + 1)
                quoted += [
                    (clause["code"], label[at : at + QUOTATION]) for at in starts if label[at : at + QUOTATION] in runs
                ]
        assert not quoted
