from django.urls import URLPattern, path

from inspections.views import checklists, documents, visits

app_name = "inspections"
urlpatterns: list[URLPattern] = [
    path("inspections/", visits.VisitList.as_view(), name="visits"),
    path("inspections/new/", visits.VisitNew.as_view(), name="visit_new"),
    path("inspections/<int:pk>/", visits.visit, name="visit"),
    path("inspections/<int:pk>/act/", visits.VisitAct.as_view(), name="visit_act"),
    path("inspections/<int:pk>/edit/", visits.VisitEdit.as_view(), name="visit_edit"),
    path("inspections/<int:pk>/fill/", visits.Fill.as_view(), name="fill"),
    path("inspections/<int:pk>/items/new/", visits.ResultNew.as_view(), name="result_new"),
    path("inspections/<int:pk>/findings/", visits.Findings.as_view(), name="findings"),
    path("inspections/<int:pk>/documents/<slug:kind>/", documents.DocumentNew.as_view(), name="document_new"),
    path("inspections/documents/", documents.DocumentList.as_view(), name="documents"),
    path("inspections/documents/<int:pk>/", documents.document, name="document"),
    path("inspections/documents/<int:pk>/act/", documents.DocumentAct.as_view(), name="document_act"),
    path("inspections/documents/<int:pk>/edit/", documents.DocumentEdit.as_view(), name="document_edit"),
    path("inspections/documents/<int:pk>/paper.<slug:ending>", documents.paper, name="paper"),
    path("inspections/documents/<int:pk>/scan/", documents.Scan.as_view(), name="scan"),
    path("inspections/documents/<int:pk>/published/", documents.Published.as_view(), name="published"),
    path("inspections/penalties/<int:penalty>/paid/", documents.Paid.as_view(), name="paid"),
    path("inspections/checklists/", checklists.ChecklistList.as_view(), name="checklists"),
    path("inspections/checklists/new/", checklists.ChecklistNew.as_view(), name="checklist_new"),
    path("inspections/checklists/<int:pk>/", checklists.checklist, name="checklist"),
    path("inspections/checklists/<int:pk>/act/", checklists.ChecklistAct.as_view(), name="checklist_act"),
    path("inspections/checklists/<int:pk>/next/", checklists.renew, name="checklist_next"),
    path("inspections/checklists/<int:pk>/draw/", checklists.draw, name="checklist_draw"),
    path("inspections/checklists/<int:pk>/items/new/", checklists.ItemPage.as_view(), name="item_new"),
    path("inspections/checklists/items/<int:item>/", checklists.ItemPage.as_view(), name="item"),
    path("inspections/checklists/items/<int:pk>/drop/", checklists.item_drop, name="item_drop"),
    path("inspections/officers/", checklists.CertificateList.as_view(), name="officers"),
    path("inspections/officers/<int:pk>/", checklists.CertificatePage.as_view(), name="officer"),
]
