"""Addresses of supervision: letters, the inbox, what was told, the ladders, the channels."""

from django.urls import URLPattern, path

from supervision.urls_consolidation import CONSOLIDATION
from supervision.urls_letters import LETTERS
from supervision.urls_meetings import MEETINGS
from supervision.urls_overview import OVERVIEW
from supervision.urls_ranking import RANKING
from supervision.views import channels, desks, inbox, reminders

app_name = "supervision"
urlpatterns: list[URLPattern] = [
    *LETTERS,
    *RANKING,
    *OVERVIEW,
    *CONSOLIDATION,
    *MEETINGS,
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/unread/", inbox.unread, name="unread"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/settings/", inbox.ContactPage.as_view(), name="contact"),
    path("inbox/<int:pk>/", inbox.open_notice, name="notice"),
    path("reminders/", reminders.RungList.as_view(), name="reminders"),
    path("reminders/ladders/", reminders.ladders, name="ladders"),
    path("reminders/ladders/edit/", reminders.LadderEdit.as_view(), name="ladder_edit"),
    path("reminders/ladders/<int:pk>/clear/", reminders.ladder_clear, name="ladder_clear"),
    path("reminders/desks/", desks.page, name="desks"),
    path("reminders/desks/edit/", desks.DeskEdit.as_view(), name="desk_edit"),
    path("reminders/channels/", channels.channels, name="channels"),
    path("reminders/channels/<slug:kind>/", channels.ChannelPage.as_view(), name="channel"),
    path("reminders/channels/<slug:kind>/test/", channels.try_it, name="channel_test"),
    path("reminders/deliveries/", channels.DeliveryList.as_view(), name="deliveries"),
]
