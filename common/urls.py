from django.urls import path

from . import calendar, search, styleguide, views

app_name = "common"
urlpatterns = [
    path("evidence/<uuid:public_id>/", views.evidence, name="evidence"),
    path("evidence/<uuid:public_id>/thumb/", views.evidence_thumb, name="evidence_thumb"),
    path("evidence/<uuid:public_id>/original/", views.evidence_original, name="evidence_original"),
    path("jobs/<uuid:public_id>/", views.job, name="job"),
    path("jobs/<uuid:public_id>/file/", views.job_file, name="job_file"),
    path("calendar/", calendar.CalendarList.as_view(), name="calendar"),
    path("calendar/day/", calendar.CalendarDayPage.as_view(), name="calendar_day"),
    path("search/", search.search, name="search"),
    path("help/", views.help_page, name="help"),
    path("styleguide/", styleguide.page, name="styleguide"),
    path("styleguide/list/", styleguide.SampleList.as_view(), name="styleguide_list"),
    path("styleguide/form/", styleguide.SampleFormPage.as_view(), name="styleguide_form"),
]
