"""Handing in a register as a spreadsheet: map its columns, check every row, write the right ones."""

from hazards.services.imports.checking import MOST_SHOWN
from hazards.services.imports.steps import (
    CHECK,
    CONFIRM,
    check_import,
    check_may_import,
    choose_rows,
    confirm_import,
    drop_import,
    map_import,
    name_mines,
    propose_mapping,
    start_import,
)

__all__ = [
    "CHECK",
    "CONFIRM",
    "MOST_SHOWN",
    "check_import",
    "check_may_import",
    "choose_rows",
    "confirm_import",
    "drop_import",
    "map_import",
    "name_mines",
    "propose_mapping",
    "start_import",
]
