"""Addresses of mines' files."""

from django.urls import path

from mines.views import county, file, sections, suspension
from units.models import DirectoryImport
from units.urls import import_paths

app_name = "mines"
urlpatterns = [
    path("mines/", file.MineList.as_view(), name="mines"),
    *import_paths(DirectoryImport.Noun.MINES.value, space="mines"),
    path("mines/lines/<slug:ledger>/", county.LineList.as_view(), name="line_list"),
    path("mines/targets/", county.SetTarget.as_view(), name="targets"),
    path("mine-credit/", county.public_credit, name="credit_public"),
    path("suspended-mines/", suspension.public, name="suspended_public"),
    path("mines/suspensions/", suspension.SuspensionRows.as_view(), name="suspensions"),
    path("mines/suspensions/lists/new/", suspension.list_new, name="list_new"),
    path("mines/suspensions/lists/<int:pk>/", suspension.list_page, name="suspension_list"),
    path("mines/suspensions/lists/<int:pk>/sent/", suspension.ListSend.as_view(), name="list_send"),
    path("mines/suspensions/lists/<int:pk>/list.<slug:ending>", suspension.list_paper, name="list_paper"),
    path("mines/suspensions/<int:pk>/", suspension.page, name="suspension"),
    path("mines/suspensions/<int:pk>/act/", suspension.SuspensionAct.as_view(), name="suspension_act"),
    path("mines/suspensions/<int:pk>/request/", suspension.Request.as_view(), name="resumption_request"),
    path("mines/suspensions/<int:pk>/acceptance/", suspension.Acceptance.as_view(), name="acceptance"),
    path("mines/suspensions/<int:pk>/sign/", suspension.Sign.as_view(), name="resumption_sign"),
    path("mines/suspensions/<int:pk>/resume/", suspension.Resume.as_view(), name="resumption"),
    path("mines/suspensions/<int:pk>/announce/", suspension.Announce.as_view(), name="suspension_announce"),
    path("mines/<int:pk>/suspend/", suspension.Suspend.as_view(), name="suspend"),
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
