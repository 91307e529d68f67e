"""Opening large workbooks without reading them.

openpyxl asks every sheet for its size when it opens a workbook, and parses a sheet that does not declare one (its own
streaming writer declares none) to the end only to find that out: twenty seconds for a hundred thousand rows. Nobody
here believes the declared size anyway, since some programs declare a single cell.
"""

from __future__ import annotations

from typing import IO, Any

from openpyxl.reader import excel
from openpyxl.worksheet._read_only import ReadOnlyWorksheet


class UnsizedWorksheet(ReadOnlyWorksheet):
    """A sheet read row by row whose size is not known before its end."""

    def _get_size(self) -> None:
        self.reset_dimensions()


class _Reader(excel.ExcelReader):
    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        """A sheet that is one chart holds no table, and openpyxl fails at it when it reads row by row."""


excel.ReadOnlyWorksheet = UnsizedWorksheet


def open_workbook(file: IO[bytes]) -> Any:
    """The values of a workbook, to be read row by row."""
    reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
    reader.read()
    return reader.wb
