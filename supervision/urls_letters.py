"""Addresses of letters."""

from django.urls import path

from supervision.views import letters

LETTERS = [
    path("letters/", letters.LetterList.as_view(), name="letters"),
    path("letters/new/", letters.LetterNew.as_view(), name="letter_new"),
    path("letters/proposals/", letters.proposals, name="proposals"),
    path("letters/proposals/<int:unit>/<slug:kind>/", letters.draft, name="proposal_draft"),
    path("letters/proposals/<int:unit>/<slug:kind>/decline/", letters.DeclinePage.as_view(), name="proposal_decline"),
    path("letters/<int:pk>/", letters.page, name="letter"),
    path("letters/<int:pk>/act/", letters.act, name="letter_act"),
    path("letters/<int:pk>/edit/", letters.EditPage.as_view(), name="letter_edit"),
    path("letters/<int:pk>/talk/", letters.TalkPage.as_view(), name="letter_talk"),
    path("letters/<int:pk>/exposure/", letters.ExposurePage.as_view(), name="letter_exposure"),
    path("letters/<int:pk>/<slug:key>.<slug:ending>", letters.download, name="letter_paper"),
    path("letters/receipts/<int:pk>/act/", letters.receipt_act, name="receipt_act"),
    path("letters/receipts/<int:pk>/answer/", letters.AnswerPage.as_view(), name="receipt_answer"),
]
