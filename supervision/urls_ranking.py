"""Addresses of the ranking and the assessment."""

from django.urls import path

from supervision.views import ranking

RANKING = [
    path("ranking/", ranking.page, name="ranking"),
    path("ranking/table.<slug:ending>", ranking.paper, name="ranking_paper"),
    path("ranking/rows/", ranking.rows, name="figure_rows"),
    path("ranking/assessment/", ranking.assessment, name="assessment"),
    path("ranking/assessment/table.<slug:ending>", ranking.assessment_paper, name="assessment_paper"),
    path("ranking/assessment/confirm/", ranking.confirm, name="no_accidents"),
    path("ranking/assessment/<int:year>/<int:unit>/", ranking.AccidentPage.as_view(), name="accidents"),
]
