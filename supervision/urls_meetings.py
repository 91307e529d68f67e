"""Addresses of meetings."""

from django.urls import path

from supervision.views import meetings

MEETINGS = [
    path("meetings/", meetings.MeetingList.as_view(), name="meetings"),
    path("meetings/new/", meetings.MeetingNew.as_view(), name="meeting_new"),
    path("meetings/series/", meetings.series, name="series"),
    path("meetings/series/new/", meetings.SeriesNew.as_view(), name="series_new"),
    path("meetings/series/<int:pk>/", meetings.SeriesEdit.as_view(), name="series_edit"),
    path("meetings/<int:pk>/", meetings.page, name="meeting"),
    path("meetings/<int:pk>/act/", meetings.act, name="meeting_act"),
    path("meetings/<int:pk>/minutes/", meetings.MinutesPage.as_view(), name="meeting_minutes"),
    path("meetings/<int:pk>/decisions/new/", meetings.DecisionPage.as_view(), name="decision_new"),
]
