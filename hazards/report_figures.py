"""The twelve figures of the monthly table in the report of one mine, or of an enterprise for its mines."""

from __future__ import annotations

from django.db.models import Q

from hazards.monthly import COUNTED, FIGURES, TOTAL, count_hazards, rows_behind
from tasks.models import ProgressReport
from tasks.report_figures import Figure
from units.models import Unit

PREFIX = "hazards."
REPORTING = (Unit.Kind.MINE, Unit.Kind.ENTERPRISE)
"""Who states figures of hazards: mines, and enterprises for the mines below them; others have no mines of their own."""


class HazardFigures:
    """The counted figures from January to the end of the report's period; rates follow from them."""

    order = 20

    def has(self, key: str) -> bool:
        return key.startswith(PREFIX)

    def count(self, report: ProgressReport) -> list[Figure]:
        """Three queries."""
        if report.unit.kind not in REPORTING:
            return []
        row = count_hazards(Q(mine__path__startswith=report.unit.path), report.ends)[TOTAL]
        return [
            Figure(f"{PREFIX}{figure.key}", f"隐患{figure.number} {figure.label}", row[figure.key])
            for figure in FIGURES
            # One mine is one: the number says something of an enterprise only.
            if figure.key in COUNTED and (figure.key != "mines" or report.unit.kind == Unit.Kind.ENTERPRISE)
        ]

    def rows_url(self, report: ProgressReport, key: str) -> str:
        return rows_behind(key.removeprefix(PREFIX), report.ends, TOTAL, {"mine": report.unit_id})
