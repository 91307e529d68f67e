"""Addresses of the county's period out of all units' reports."""

from django.urls import URLPattern, path

from supervision.views import consolidation

CONSOLIDATION: list[URLPattern] = [
    path("consolidations/", consolidation.periods, name="consolidations"),
    path("consolidations/<int:rule>/<slug:period>/", consolidation.page, name="consolidation"),
    path(
        "consolidations/<int:rule>/<slug:period>/words/", consolidation.WordsPage.as_view(), name="consolidation_words"
    ),
    path(
        "consolidations/<int:rule>/<slug:period>/figures/<str:key>/", consolidation.figure, name="consolidation_figure"
    ),
    path("consolidations/<int:rule>/<slug:period>/table.xlsx", consolidation.workbook, name="consolidation_xlsx"),
    path("consolidations/<int:rule>/<slug:period>/report.docx", consolidation.letter, name="consolidation_docx"),
]
