from django.urls import URLPattern, path

from units.models import DirectoryImport
from units.views import accounts, audit, directory, doors, imports, own, rules, second_factor

app_name = "units"


def import_paths(noun: str, space: str = "units") -> list[URLPattern]:
    """The pages by which a spreadsheet comes in; `space` is the namespace of the app that hangs them up."""
    one = noun[:-1]
    return [
        path(f"{noun}/import/", imports.ImportStart.as_view(noun=noun, space=space), name=f"{one}_imports"),
        path(
            f"{noun}/import/template/", imports.ImportTemplate.as_view(noun=noun, space=space), name=f"{one}_template"
        ),
        path(
            f"{noun}/import/<uuid:public_id>/", imports.ImportPage.as_view(noun=noun, space=space), name=f"{one}_import"
        ),
        path(
            f"{noun}/import/<uuid:public_id>/errors/",
            imports.ImportErrors.as_view(noun=noun, space=space),
            name=f"{one}_import_errors",
        ),
    ]


urlpatterns = [
    path("login/", doors.LoginView.as_view(), name="login"),
    path("logout/", doors.logout_view, name="logout"),
    path("password/", doors.PasswordChangeView.as_view(), name="password_change"),
    path("second-step/", second_factor.SecondStep.as_view(), name="second_step"),
    path("second-factor/", second_factor.SecondFactorPage.as_view(), name="second_factor"),
    path("activate/", doors.ActivationView.as_view(), name="activate"),
    path("activate/<str:code>/", doors.ActivationView.as_view(), name="activate_with_code"),
    path("profile/", own.profile, name="profile"),
    path("profile/edit/", own.ProfileChange.as_view(), name="profile_change"),
    path("profile/sessions/end/", own.SessionEnd.as_view(), name="sessions_end"),
    path("profile/sessions/<int:pk>/end/", own.SessionEnd.as_view(), name="session_end"),
    path("accounts/", accounts.AccountList.as_view(), name="accounts"),
    path("accounts/new/", accounts.AccountCreate.as_view(), name="account_create"),
    path("accounts/slips/", accounts.ActivationSlips.as_view(), name="slips"),
    path("accounts/<int:pk>/", accounts.AccountPage.as_view(), name="account"),
    path("accounts/<int:pk>/edit/", accounts.AccountChange.as_view(), name="account_change"),
    path("accounts/<int:pk>/act/", accounts.AccountAct.as_view(), name="account_act"),
    path("units/", directory.UnitList.as_view(), name="units"),
    path("units/new/", directory.UnitCreate.as_view(), name="unit_create"),
    path("units/<int:pk>/", directory.UnitPage.as_view(), name="unit"),
    path("units/<int:pk>/edit/", directory.UnitChange.as_view(), name="unit_change"),
    path("units/<int:pk>/merge/", directory.UnitMerge.as_view(), name="unit_merge"),
    path("units/<int:pk>/act/", directory.UnitAct.as_view(), name="unit_act"),
    path("units/aliases/<int:pk>/delete/", directory.AliasDelete.as_view(), name="alias_delete"),
    path("groups/", directory.GroupList.as_view(), name="groups"),
    path("groups/new/", directory.GroupCreate.as_view(), name="group_create"),
    path("groups/<int:pk>/", directory.GroupPage.as_view(), name="group"),
    path("groups/<int:pk>/edit/", directory.GroupChange.as_view(), name="group_change"),
    path("groups/<int:pk>/act/", directory.GroupAct.as_view(), name="group_act"),
    path("tags/", directory.TagList.as_view(), name="tags"),
    path("tags/new/", directory.TagCreate.as_view(), name="tag_create"),
    path("regions/", directory.RegionList.as_view(), name="regions"),
    path("regions/new/", directory.RegionCreate.as_view(), name="region_create"),
    path("audit/", audit.AuditList.as_view(), name="audit"),
    path("audit/check/", audit.HistoryCheck.as_view(), name="audit_check"),
    path("rules/", rules.RuleList.as_view(), name="rules"),
    path("rules/<slug:key>/", rules.RuleChange.as_view(), name="rule"),
    *import_paths(DirectoryImport.Noun.UNITS.value),
    *import_paths(DirectoryImport.Noun.ACCOUNTS.value),
]
