"""Addresses of tip-offs: three of the public, the others of the bureau."""

from django.urls import path

from hazards.views import tipoffs, tipoffs_public

TIP_OFFS = [
    path("tip-off/", tipoffs_public.PublicTipOffPage.as_view(), name="tip_off_public"),
    path("tip-off/mines/", tipoffs_public.mines, name="tip_off_mines"),
    path("tip-off/code/", tipoffs_public.code_page, name="tip_off_code"),
    path("tip-off/query/", tipoffs_public.QueryPage.as_view(), name="tip_off_query"),
    path("tip-offs/", tipoffs.TipOffList.as_view(), name="tip_offs"),
    path("tip-offs/new/", tipoffs.TipOffNew.as_view(), name="tip_off_new"),
    path("tip-offs/officer/", tipoffs.OfficerPage.as_view(), name="tip_off_officer"),
    path("tip-offs/rewards/<int:pk>/act/", tipoffs.reward_act, name="reward_act"),
    path("tip-offs/<int:pk>/", tipoffs.page, name="tip_off"),
    path("tip-offs/<int:pk>/act/", tipoffs.act, name="tip_off_act"),
    path("tip-offs/<int:pk>/contact/", tipoffs.contact, name="tip_off_contact"),
    path("tip-offs/<int:pk>/hazard/", tipoffs.TipOffHazard.as_view(), name="tip_off_hazard"),
    path("tip-offs/<int:pk>/reward/", tipoffs.RewardNew.as_view(), name="reward_new"),
    path("tip-offs/<int:pk>/steps/<slug:step>/", tipoffs.StepPage.as_view(), name="tip_off_step"),
]
