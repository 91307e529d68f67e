from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = "单位与账号"

    def ready(self) -> None:
        from common.history import register_details, register_verbs
        from common.navigation import NavigationEntry, register_navigation
        from common.search import register_search

        from . import sessions
        from .search import find_units
        from .verbs import VERBS, details

        register_verbs(VERBS)
        register_details(details())
        register_search("单位", find_units)
        sessions.connect()
        register_navigation(
            NavigationEntry(
                "单位",
                "units:units",
                "unit",
                order=70,
                visible=lambda user: user.reads_region,
                also=("/groups/", "/tags/", "/regions/", "/accounts/", "/rules/", "/calendar/", "/audit/"),
            ),
        )
