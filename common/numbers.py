"""Numbers as a request sends them."""

from __future__ import annotations

# What the databases hold as a key has nineteen digits at most; more is nobody's number.
MOST_DIGITS = 18


def whole_number(text: str | None) -> int | None:
    """The whole number that `text` spells in plain digits, or None for anything else.

    `str.isdigit` takes ² for a digit, at which `int` fails, and `int` refuses thousands of digits.
    """
    return int(text) if text and len(text) <= MOST_DIGITS and text.isascii() and text.isdigit() else None
