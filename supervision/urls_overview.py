"""Addresses of the overview."""

from django.urls import path

from supervision.views import overview

OVERVIEW = [
    path("overview/", overview.page, name="overview"),
    path("overview/wall/", overview.wall, name="overview_wall"),
]
