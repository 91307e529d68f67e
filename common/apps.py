from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "公共"

    def ready(self) -> None:
        from . import workdays
        from .append_only import install_after_migrate

        post_migrate.connect(install_after_migrate, sender=self, dispatch_uid="common.append_only")
        workdays.connect()
