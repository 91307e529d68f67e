"""Addresses of the interface and of the pages about it."""

from django.urls import URLPattern, path

from exchange import schema
from exchange.api import ACT_VIEWS, EXTERNAL_VIEWS, TABLE_VIEWS, VIEWS, Changes, EvidenceFile, Nothing, Root
from exchange.views import accounts, hooks, lines, oauth, reconciliations

assert schema.PROBLEM  # what it says about the views is said when it is imported

app_name = "exchange"
API = "api/v1/"
urlpatterns: list[URLPattern] = [
    path("accounts/services/", accounts.AccountList.as_view(), name="accounts"),
    path("accounts/services/new/", accounts.AccountCreate.as_view(), name="account_create"),
    path("accounts/services/<int:pk>/", accounts.AccountPage.as_view(), name="account"),
    path("accounts/services/<int:pk>/edit/", accounts.AccountChange.as_view(), name="account_change"),
    path("accounts/services/<int:pk>/act/", accounts.AccountAct.as_view(), name="account_act"),
    path(
        "accounts/services/<int:pk>/subscriptions/new/", hooks.SubscriptionCreate.as_view(), name="subscription_create"
    ),
    path("accounts/subscriptions/<int:pk>/", hooks.SubscriptionPage.as_view(), name="subscription"),
    path("accounts/subscriptions/<int:pk>/edit/", hooks.SubscriptionChange.as_view(), name="subscription_change"),
    path("accounts/subscriptions/<int:pk>/act/", hooks.SubscriptionAct.as_view(), name="subscription_act"),
    path("accounts/services/<int:pk>/mapping/", accounts.MappingChange.as_view(), name="mapping"),
    path("accounts/lines/", lines.LineList.as_view(), name="lines"),
    path("accounts/lines/new/", lines.LineCreate.as_view(), name="line_create"),
    path("accounts/lines/<int:pk>/", lines.LinePage.as_view(), name="line"),
    path("accounts/lines/<int:pk>/edit/", lines.LineChange.as_view(), name="line_change"),
    path("accounts/lines/<int:pk>/act/", lines.LineAct.as_view(), name="line_act"),
    path("accounts/receipts/<int:pk>/", lines.ReceiptPage.as_view(), name="receipt"),
    path("accounts/receipts/<int:pk>/act/", lines.ReceiptAct.as_view(), name="receipt_act"),
    path("accounts/reconciliations/", reconciliations.ReconciliationList.as_view(), name="reconciliations_page"),
    path("accounts/reconciliations/days/", reconciliations.ReconciliationDays.as_view(), name="reconciliation_days"),
    path("api/docs/", accounts.docs, name="docs"),
    path(f"{API}schema/", accounts.contract, name="schema"),
    path(f"{API}oauth/token/", oauth.TokenEndpoint.as_view(), name="oauth_token"),
    path(API, Root.as_view(), name="root"),
    *(path(f"{API}{name}/", listing.as_view(), name=name) for name, (listing, _) in VIEWS.items()),
    *(path(f"{API}{name}/<str:key>/", detail.as_view(), name=f"{name}-one") for name, (_, detail) in VIEWS.items()),
    *(
        path(f"{API}{noun}/external/<str:name>/", view.as_view(), name=f"{noun}-external")
        for noun, view in EXTERNAL_VIEWS.items()
    ),
    *(
        path(f"{API}{noun}/<str:key>/{name}/", view.as_view(), name=f"{noun}-{name}")
        for (noun, name), view in ACT_VIEWS.items()
    ),
    path(f"{API}changes/", Changes.as_view(), name="changes"),
    *(path(f"{API}{name}/", view.as_view(), name=name) for name, view in TABLE_VIEWS.items()),
    path(f"{API}evidence/<uuid:public_id>/", EvidenceFile.as_view(), name="evidence"),
    path(f"{API}<path:rest>", Nothing.as_view(), name="nothing"),
]
