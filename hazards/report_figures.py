"""The twelve figures of the monthly table in the report of one mine, or of an enterprise for its mines."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from hazards.monthly import COUNTED, FIGURES, TOTAL, count_hazards
from tasks.models import ProgressReport
from tasks.reporting import Figure
from units.models import Unit

PREFIX = "hazards."
REPORTING = (Unit.Kind.MINE, Unit.Kind.ENTERPRISE)
"""Who states figures of hazards: mines, and enterprises for the mines below them; others have no mines of their own."""


def hazard_figures(report: ProgressReport) -> list[Figure]:
    """The counted figures from January to the end of the report's period (three queries); rates follow from them."""
    if report.unit.kind not in REPORTING:
        return []
    row = count_hazards(Q(mine__path__startswith=report.unit.path), report.ends)[TOTAL]
    figures = [figure for figure in FIGURES if figure.key in COUNTED]
    return [
        Figure(
            f"{PREFIX}{figure.key}", f"隐患{figure.number} {figure.label}", row[figure.key], rows_of(report, figure.key)
        )
        for figure in figures
        # One mine is one: the number says something of an enterprise only.
        if figure.key != "mines" or report.unit.kind == Unit.Kind.ENTERPRISE
    ]


def rows_of(report: ProgressReport, key: str) -> str:
    """The problem list with the hazards behind a figure; empty where no single hazards make it up."""
    query: dict[str, object] = {"found_after": f"{report.ends.year}-01-01", "found_before": report.ends}
    if report.unit.kind == Unit.Kind.MINE:
        query["mine"] = report.unit_id
    if key in ("general", "general_closed"):
        query["level"] = "general"
    elif key != "mines":
        query["level"] = "major"
    if key.endswith("_closed"):
        query |= {"state": "closed", "closed_before": report.ends}
    elif key in ("planned", "five", "listed"):
        query[key] = report.ends
    elif key == "listed_province":
        query["province"] = report.ends
    elif key == "funds":
        return ""
    return f"{reverse('hazards:problems')}?{urlencode(query)}"
