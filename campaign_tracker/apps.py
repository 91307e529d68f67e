from django.apps import AppConfig


class CampaignTrackerConfig(AppConfig):
    name = "campaign_tracker"
    verbose_name = "专项整治台账"

    def ready(self) -> None:
        # Importing Celery's application here, and not with the package, keeps the runner's start light.
        from . import celery, checks  # noqa: F401
