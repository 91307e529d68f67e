"""The sections of a mine's file, in the order of its page."""

from mines.ledgers import papers, people, safety  # noqa: F401
from mines.ledgers.base import BOTH, BUREAU, Ledger, all_ledgers, ledger_named, ledger_of

__all__ = ["BOTH", "BUREAU", "Ledger", "all_ledgers", "ledger_named", "ledger_of"]
