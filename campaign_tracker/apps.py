from django.apps import AppConfig


class CampaignTrackerConfig(AppConfig):
    name = "campaign_tracker"
    verbose_name = "专项整治台账"

    def ready(self) -> None:
        from . import checks  # noqa: F401
