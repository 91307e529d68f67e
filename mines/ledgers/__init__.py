"""The sections of a mine's file, in the order of its page."""

from mines.ledgers import ground, papers, people, safety
from mines.ledgers.base import BOTH, BUREAU, Ledger, add, all_ledgers, ledger_named, ledger_of

add(*papers.LEDGERS, *people.LEDGERS, *safety.LEDGERS, *ground.LEDGERS)

__all__ = ["BOTH", "BUREAU", "Ledger", "all_ledgers", "ledger_named", "ledger_of"]
