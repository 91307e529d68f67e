"""Addresses of the two lists, of registers that come in as spreadsheets, and of the monthly table."""

from django.urls import path

from hazards.views.tables import imports, problems

TABLES = [
    path("hazards/problems/", problems.ProblemList.as_view(), name="problems"),
    path("hazards/import/", imports.ImportStart.as_view(), name="imports"),
    path("hazards/import/template/", imports.template, name="import_template"),
    path("hazards/import/<uuid:public_id>/", imports.ImportPage.as_view(), name="import"),
    path("hazards/import/<uuid:public_id>/marked/", imports.marked, name="import_marked"),
]
