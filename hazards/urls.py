"""Addresses of the hazard register and its catalogues."""

from django.urls import path

from hazards.urls_risks import RISKS
from hazards.urls_tables import TABLES
from hazards.urls_tipoffs import TIP_OFFS
from hazards.views import catalogue, counters, hazard, investigation, listing, proofs, register, signs, waiting

app_name = "hazards"
urlpatterns = [
    *TABLES,
    *RISKS,
    *TIP_OFFS,
    path("standards/", catalogue.StandardList.as_view(), name="standards"),
    path("standards/new/", catalogue.StandardUpload.as_view(), name="standard_new"),
    path("standards/<slug:code>/", catalogue.StandardPage.as_view(), name="standard"),
    path("hazards/", register.HazardList.as_view(), name="hazards"),
    path("hazards/new/", register.HazardNew.as_view(), name="hazard_new"),
    path("hazards/new/mines/", register.mines, name="mine_choices"),
    path("hazards/new/tasks/", register.tasks, name="task_choices"),
    path("hazards/clauses/", register.clauses, name="clauses"),
    path("hazards/extensions/", proofs.HazardExtensionList.as_view(), name="extensions"),
    path("hazards/extensions/<int:pk>/act/", proofs.decide, name="extension_act"),
    path("hazards/signs/", signs.SignList.as_view(), name="signs"),
    path("hazards/signs/<int:pk>/", signs.SignPage.as_view(), name="sign"),
    path("mines/<int:pk>/hazards/", counters.page, name="mine_counters"),
    path("hazards/<int:pk>/", hazard.page, name="hazard"),
    path("hazards/<int:pk>/act/", hazard.move, name="hazard_act"),
    path("hazards/<int:pk>/record/", hazard.printed, name="record"),
    path("hazards/<int:pk>/edit/", hazard.ChangePage.as_view(), name="hazard_edit"),
    path("hazards/<int:pk>/grade/", hazard.GradePage.as_view(), name="grade"),
    path("hazards/<int:pk>/report/", proofs.MajorReportPage.as_view(), name="major_report"),
    path("hazards/<int:pk>/plan/", proofs.TreatmentPlanPage.as_view(), name="treatment_plan"),
    path("hazards/<int:pk>/double-report/", proofs.DoubleReportPage.as_view(), name="double_report"),
    path("hazards/<int:pk>/facets/<slug:facet>/", proofs.FacetPage.as_view(), name="facet"),
    path("hazards/<int:pk>/facets/<slug:facet>/confirm/", proofs.confirm, name="facet_confirm"),
    path("hazards/<int:pk>/rectification/", proofs.RectificationPage.as_view(), name="rectification"),
    path("hazards/<int:pk>/reinspection/", proofs.ReinspectionPage.as_view(), name="reinspection"),
    path("hazards/<int:pk>/extension/", proofs.HazardExtensionPage.as_view(), name="extension_request"),
    path("hazards/<int:pk>/suspend/", waiting.SuspendPage.as_view(), name="suspend"),
    path("hazards/<int:pk>/resume/", waiting.ResumePage.as_view(), name="resume"),
    path("hazards/<int:pk>/hand-over/", waiting.HandOverPage.as_view(), name="hand_over"),
    path("hazards/<int:pk>/hand-over/receipt/", waiting.ReceiptPage.as_view(), name="receipt"),
    path("hazards/<int:pk>/hand-over/answer/", waiting.AnswerPage.as_view(), name="answer"),
    path("hazards/<int:pk>/hand-over/<int:hand_over>/letter.<slug:ending>", waiting.letter, name="hand_over_letter"),
    path("hazards/<int:pk>/investigation/", investigation.page, name="investigation"),
    path("hazards/<int:pk>/investigation/act/", investigation.act, name="investigation_act"),
    path("hazards/<int:pk>/investigation/edit/", investigation.InvestigationWrite.as_view(), name="investigation_edit"),
    path("hazards/<int:pk>/investigation/liabilities/", investigation.LiabilityNew.as_view(), name="liability_new"),
    path(
        "hazards/<int:pk>/investigation/recommendations/",
        investigation.RecommendationNew.as_view(),
        name="recommendation_new",
    ),
    path("hazards/<int:pk>/investigation/<slug:lines>/<int:line>/drop/", investigation.drop, name="line_drop"),
    path(
        "hazards/<int:pk>/investigation/recommendations/<int:line>/measure/",
        investigation.as_measure,
        name="recommendation_measure",
    ),
    path("hazards/<int:pk>/investigation/report.<slug:ending>", investigation.report, name="investigation_report"),
    path("hazards/<int:pk>/listing/", listing.ListingNew.as_view(), name="listing_new"),
    path("listings/", listing.ListingList.as_view(), name="listings"),
    path("listings/<int:pk>/", listing.page, name="listing"),
    path("listings/<int:pk>/act/", listing.act, name="listing_act"),
    path("listings/<int:pk>/published/", listing.PublishPage.as_view(), name="listing_published"),
    path("listings/<int:pk>/extension/", listing.ListingExtensionPage.as_view(), name="listing_extension"),
    path("listings/<int:pk>/acceptance/", listing.AcceptancePage.as_view(), name="listing_acceptance"),
    path("listings/<int:pk>/papers/<slug:key>.<slug:ending>", listing.paper, name="listing_paper"),
]
