"""Addresses of the risks in four colours and of their drawings."""

from django.urls import path

from hazards.views import risk_maps, risks

RISKS = [
    path("risks/", risks.RiskList.as_view(), name="risks"),
    path("risks/import/", risks.RiskImport.as_view(), name="risk_import"),
    path("risks/maps/", risk_maps.RiskMapList.as_view(), name="risk_maps"),
    path("risks/mines/<int:pk>/", risk_maps.mine_page, name="mine_risks"),
    path("risks/mines/<int:pk>/new/", risks.RiskNew.as_view(), name="risk_new"),
    path("risks/mines/<int:pk>/areas/", risk_maps.AreaEditor.as_view(), name="areas"),
    path("risks/mines/<int:pk>/background/", risk_maps.BackgroundPage.as_view(), name="risk_background"),
    path("risks/enterprises/<int:pk>/", risk_maps.enterprise_page, name="enterprise_risks"),
    path("risks/areas/<int:pk>/", risk_maps.area_page, name="area"),
    path("risks/<int:pk>/", risks.RiskPage.as_view(), name="risk"),
    path("risks/<int:pk>/edit/", risks.RiskChange.as_view(), name="risk_change"),
    path("risks/<int:pk>/review/", risks.RiskReview.as_view(), name="risk_review"),
    path("risks/<int:pk>/act/", risks.RiskAct.as_view(), name="risk_act"),
]
