"""Addresses of campaigns, tasks, assignments and imports."""

from django.urls import path

from tasks.views import assignments, campaigns, home, papers
from tasks.views.imports import corrections, names, steps

app_name = "tasks"
urlpatterns = [
    path("", home.home, name="home"),
    path("campaigns/", campaigns.CampaignList.as_view(), name="campaigns"),
    path("campaigns/<int:pk>/", campaigns.CampaignPage.as_view(), name="campaign"),
    path("campaigns/<int:pk>/act/", campaigns.move_campaign, name="campaign_act"),
    path("campaigns/<int:pk>/plan/", campaigns.campaign_plan, name="campaign_plan"),
    path("campaigns/<int:pk>/progress/", papers.ProgressStart.as_view(), name="progress_import_new"),
    path("progress-imports/<uuid:public_id>/", papers.ProgressPage.as_view(), name="progress_import"),
    path("progress-imports/<uuid:public_id>/marked/", papers.marked, name="progress_import_marked"),
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
    path("imports/", steps.ImportList.as_view(), name="imports"),
    path("imports/new/", steps.upload, name="import_new"),
    path("imports/<int:pk>/", steps.page, name="import"),
    path("imports/<int:pk>/progress/", steps.progress, name="import_progress"),
    path("imports/<int:pk>/act/", steps.act, name="import_act"),
    path("imports/<int:pk>/head/", corrections.head, name="import_head"),
    path("imports/<int:pk>/outline/<slug:part>/", corrections.outline, name="import_outline"),
    path("imports/<int:pk>/tasks/add/", corrections.add, name="import_task_add"),
    path("imports/<int:pk>/tasks/<slug:key>/", corrections.task, name="import_task"),
    path("imports/<int:pk>/tasks/<slug:key>/<slug:action>/", corrections.act_on_task, name="import_task_act"),
    path("imports/<int:pk>/warnings/<int:number>/", corrections.settle, name="import_warning"),
    path("imports/<int:pk>/units/", names.units, name="import_units"),
    path("imports/<int:pk>/units/new/", names.new_unit, name="import_new_unit"),
    path("imports/<int:pk>/confirm/", steps.confirm, name="import_confirm"),
]
