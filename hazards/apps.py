from django.apps import AppConfig
from django.db.models.signals import post_migrate


class HazardsConfig(AppConfig):
    name = "hazards"
    verbose_name = "隐患"

    def ready(self) -> None:
        from common.verbs import register_verbs
        from hazards.guards import install_after_migrate
        from hazards.verbs import VERBS

        post_migrate.connect(install_after_migrate, sender=self, dispatch_uid="hazards.guards")
        register_verbs(VERBS)
