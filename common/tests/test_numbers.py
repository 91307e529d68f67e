"""Numbers as a request sends them."""

from __future__ import annotations

import pytest

from common.numbers import whole_number


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("17", 17), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_plain_digits_are_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", [None, "", "²", "٣", "三", "-1", "1.0", "1e3", " 1", "9" * 5000])
def test_nothing_else_is(text: str | None) -> None:
    assert whole_number(text) is None
