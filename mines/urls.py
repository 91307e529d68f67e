"""Addresses of mines' files."""

from django.urls import path

from mines.views import file, sections
from units.models import DirectoryImport
from units.urls import import_paths

app_name = "mines"
urlpatterns = [
    path("mines/", file.MineList.as_view(), name="mines"),
    *import_paths(DirectoryImport.Noun.MINES.value, space="mines"),
    path("mines/<int:pk>/", file.page, name="mine"),
    path("mines/<int:pk>/file.<slug:ending>", file.paper, name="paper"),
    path("mines/<int:pk>/edit/", file.FileChange.as_view(), name="file_change"),
    path("mines/<int:pk>/state/", file.StateChange.as_view(), name="state_change"),
    path("mines/<int:pk>/confirm/", file.FileConfirm.as_view(), name="file_confirm"),
    path("mines/<int:pk>/proposals/<int:proposal>/", file.ProposalDecide.as_view(), name="proposal"),
    path("mines/<int:pk>/lines/<slug:ledger>/new/", sections.LineNew.as_view(), name="line_new"),
    path("mines/<int:pk>/lines/<slug:ledger>/<int:line>/", sections.LineChange.as_view(), name="line"),
    path("mines/<int:pk>/lines/<slug:ledger>/<int:line>/remove/", sections.LineRemove.as_view(), name="line_remove"),
]
