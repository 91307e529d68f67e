from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

VERBS = {
    "evidence.added": "上传印证资料",
    "calendar.added": "新增日历",
    "calendar.changed": "修改日历",
    "calendar.removed": "删除日历",
}
DETAILS: dict[str, tuple[str, Mapping[Any, str]]] = {
    "name": ("文件名", {}),
    "size": ("大小（字节）", {}),
    "sha256": ("SHA-256", {}),
    "caption": ("说明", {}),
}

EVIDENCE_STAYS = "印证资料不能修改或删除，只能补充新的资料。"


class CommonConfig(AppConfig):
    name = "common"
    verbose_name = "公共"

    def ready(self) -> None:
        from . import keys, workdays
        from .append_only import append_only
        from .county import CountyField
        from .guards import changes, install_after_migrate, register_guards, step_aside_before_migrate
        from .history import register_details
        from .lists import exporting  # noqa: F401 - the worker learns to make the files of lists
        from .models import Evidence
        from .verbs import register_verbs

        register_verbs(VERBS)
        register_details(DETAILS)
        register_guards(*append_only("common_event", known_by=("id",)))
        register_guards(*append_only("common_seal", known_by=("id", "number")))
        # A file goes along when its record goes to another county.
        said = changes(Evidence, but=(CountyField,))
        register_guards(
            *append_only("common_evidence", known_by=("id", "public_id"), message=EVIDENCE_STAYS, changed=said)
        )
        pre_migrate.connect(step_aside_before_migrate, sender=self, dispatch_uid="common.guards")
        post_migrate.connect(install_after_migrate, sender=self, dispatch_uid="common.guards")
        workdays.connect()
        keys.connect()
