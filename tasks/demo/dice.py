"""Choices that look like chance and are the same on every machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


class Dice:
    """Draws from the words it was made of: the same words give the same draws, in any order of asking."""

    def __init__(self, *words: object) -> None:
        self.words = "|".join(str(word) for word in words)

    def number(self, question: str, low: int, high: int) -> int:
        """Answer a whole number from `low` to `high`, both included."""
        digest = hashlib.blake2b(f"{self.words}|{question}".encode(), digest_size=8).digest()
        return low + int.from_bytes(digest, "big") % (high - low + 1)

    def pick(self, question: str, choices: Sequence[T]) -> T:
        return choices[self.number(question, 0, len(choices) - 1)]

    def share(self, question: str, shares: Mapping[str, Any]) -> str:
        """Answer one of the names in `shares`, each with its percentage."""
        drawn = self.number(question, 0, 99)
        for name, percent in shares.items():
            if name == "note":
                continue
            drawn -= percent
            if drawn < 0:
                return name
        raise ValueError(f"The shares of {question} do not add up to 100.")
