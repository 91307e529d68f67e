"""Addresses of campaigns, tasks, assignments and imports."""

from django.urls import path

from tasks.views import assignments, campaigns, home

app_name = "tasks"
urlpatterns = [
    path("", home.home, name="home"),
    path("campaigns/", campaigns.CampaignList.as_view(), name="campaigns"),
    path("campaigns/<int:pk>/", campaigns.CampaignPage.as_view(), name="campaign"),
    path("campaigns/<int:pk>/act/", campaigns.move_campaign, name="campaign_act"),
    path("campaigns/<int:pk>/plan/", campaigns.campaign_plan, name="campaign_plan"),
    path("targets/<int:pk>/", campaigns.TargetPage.as_view(), name="target"),
    path("tasks/<int:pk>/", campaigns.task_page, name="task"),
    path("responsibilities/<int:pk>/", campaigns.MatchPage.as_view(), name="responsibility"),
    path("assignments/", assignments.AssignmentList.as_view(), name="assignments"),
    path("assignments/<int:pk>/", assignments.AssignmentPage.as_view(), name="assignment"),
    path("assignments/<int:pk>/act/", assignments.move, name="assignment_act"),
    path("assignments/<int:pk>/deadline/", assignments.DeadlinePage.as_view(), name="assignment_deadline"),
    path("due-items/", assignments.DueItemList.as_view(), name="due_items"),
    path("due-items/<int:pk>/act/", assignments.move_item, name="due_item_act"),
    path("due-items/<int:pk>/extension/", assignments.ExtensionPage.as_view(), name="extension_request"),
    path("extensions/", assignments.ExtensionList.as_view(), name="extensions"),
    path("extensions/<int:pk>/act/", assignments.decide, name="extension_act"),
]
