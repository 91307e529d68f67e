"""Addresses of the two lists, of registers that come in as spreadsheets, and of the monthly table."""

from django.urls import path

from hazards.views.tables import imports, measures, monthly, monthly_rows, problems

TABLES = [
    path("hazards/problems/", problems.ProblemList.as_view(), name="problems"),
    path("hazards/import/", imports.ImportStart.as_view(), name="imports"),
    path("hazards/import/template/", imports.template, name="import_template"),
    path("hazards/import/<uuid:public_id>/", imports.ImportPage.as_view(), name="import"),
    path("hazards/import/<uuid:public_id>/marked/", imports.marked, name="import_marked"),
    path("hazards/measures/", measures.MeasureList.as_view(), name="measures"),
    path("hazards/measures/new/", measures.MeasureNew.as_view(), name="measure_new"),
    path("hazards/measures/import/", measures.MeasureImport.as_view(), name="measure_import"),
    path("hazards/measures/<int:pk>/", measures.MeasurePage.as_view(), name="measure"),
    path("hazards/measures/<int:pk>/edit/", measures.MeasureChange.as_view(), name="measure_change"),
    path("hazards/measures/<int:pk>/act/", measures.MeasureAct.as_view(), name="measure_act"),
    path("hazards/monthly/", monthly.page, name="monthly"),
    path("hazards/monthly/rows/", monthly_rows.page, name="monthly_rows"),
    path("hazards/monthly/close/", monthly.close, name="monthly_close"),
    path("hazards/monthly/reopen/", monthly.reopen, name="monthly_reopen"),
    path("hazards/monthly/table.docx", monthly.paper, {"form": "docx"}, name="monthly_docx"),
    path("hazards/monthly/table.xlsx", monthly.paper, {"form": "xlsx"}, name="monthly_xlsx"),
]
