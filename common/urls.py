from django.urls import path

from . import views

app_name = "common"
urlpatterns = [
    path("evidence/<uuid:public_id>/", views.evidence, name="evidence"),
    path("evidence/<uuid:public_id>/thumb/", views.evidence_thumb, name="evidence_thumb"),
    path("evidence/<uuid:public_id>/original/", views.evidence_original, name="evidence_original"),
    path("jobs/<uuid:public_id>/", views.job, name="job"),
]
