"""Units, accounts and what apps upstairs add, out of spreadsheets: read, check every row, say what would become of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from common.spreadsheets import ImportResult, read_rows
from units import exports
from units.imports.accounts import AccountChecker
from units.imports.units import UnitChecker
from units.models import DirectoryImport, User

# Written in one transaction, during which nobody else writes on SQLite.
MOST_ROWS = 1000

SHEETS = {DirectoryImport.Noun.UNITS: exports.UNITS, DirectoryImport.Noun.ACCOUNTS: exports.ACCOUNTS}
CHECKERS: dict[DirectoryImport.Noun, Callable[..., Any]] = {
    DirectoryImport.Noun.UNITS: UnitChecker,
    DirectoryImport.Noun.ACCOUNTS: AccountChecker,
}
"""What compares a table, made with the user and the table, and asked for its `result()`."""


def check_table(data: bytes, *, noun: str, by: User, leave_hidden: bool = False) -> ImportResult:
    """Read a whole .xlsx or .csv file and sort its rows into new, changed, unchanged and wrong.

    With `leave_hidden`, rows that nobody sees on the screen are left out. The rows' values come back settled: names as the directory writes them, keys where the services want keys.
    Raises Refused where the file as a whole is of no use.
    """
    sheet = SHEETS[DirectoryImport.Noun(noun)]
    table = read_rows(data, sheet.columns, max_rows=MOST_ROWS, leave_hidden=leave_hidden)
    result: ImportResult = CHECKERS[DirectoryImport.Noun(noun)](by, table).result()
    return result
