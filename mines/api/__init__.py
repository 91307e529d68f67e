"""Mines, their standstills and the lines of their files, as other systems see them and write them."""

from .lines import ACTS, LINES
from .nouns import NOUNS

RESOURCES = (*NOUNS, *LINES)

__all__ = ["ACTS", "RESOURCES"]
