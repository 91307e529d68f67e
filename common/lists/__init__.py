"""The list page: filter, order, page, select and export, declared once for each noun.

A list is cheap by construction: one capped count, one page of rows, never a query in a cell (give the columns what
they need in `for_list()`), and the same cost for ten thousand rows as for a million. Rows beyond the ten-thousandth
are reached by filtering or by export, since nobody leafs that far and an offset that deep reads everything before it.
"""

from common.lists.bulk import BulkAction
from common.lists.columns import Column, in_words
from common.lists.page import COUNT_CAP, ListPage

__all__ = ["COUNT_CAP", "BulkAction", "Column", "ListPage", "in_words"]
