"""Tables in and out of Excel and CSV files: columns are declared once and serve both ways."""

from .columns import Column, Kind
from .formats import ENDINGS, table_file_type
from .reading import Row, Table, read_rows
from .results import CellError, ImportResult, ImportRow, Outcome, compare_rows, write_errors
from .sheet import rows_in_words
from .streaming import Heading, StreamedRow, iter_rows, propose_columns, read_heading
from .values import parse_date, parse_number
from .writing import XLSX, csv_lines, make_book, write_rows

__all__ = [
    "ENDINGS",
    "XLSX",
    "CellError",
    "Column",
    "Heading",
    "ImportResult",
    "ImportRow",
    "Kind",
    "Outcome",
    "Row",
    "StreamedRow",
    "Table",
    "compare_rows",
    "csv_lines",
    "iter_rows",
    "make_book",
    "parse_date",
    "parse_number",
    "propose_columns",
    "read_heading",
    "read_rows",
    "rows_in_words",
    "table_file_type",
    "write_errors",
    "write_rows",
]
