"""Everything that writes units and accounts."""

from units.services.accounts import (
    activate_account,
    change_account,
    create_account,
    disable_account,
    enable_account,
    issue_activation,
    issue_activations,
    unlock_account,
)
from units.services.directory import (
    change_group,
    change_unit,
    check_fields,
    check_keeps_directory,
    create_alias,
    create_group,
    create_region,
    create_tag,
    create_unit,
    deactivate_unit,
    delete_alias,
    learn_alias,
    reactivate_unit,
)
from units.services.imports import check_import, confirm_import, drop_import, read_import, start_import
from units.services.merging import merge_units
from units.services.own import change_own_details, change_own_password, end_other_sessions, end_session
from units.services.sessions import end_sessions_of

__all__ = [
    "activate_account",
    "change_account",
    "change_group",
    "change_own_details",
    "change_own_password",
    "change_unit",
    "check_fields",
    "check_import",
    "check_keeps_directory",
    "confirm_import",
    "create_account",
    "create_alias",
    "create_group",
    "create_region",
    "create_tag",
    "create_unit",
    "deactivate_unit",
    "delete_alias",
    "disable_account",
    "drop_import",
    "enable_account",
    "end_other_sessions",
    "end_session",
    "end_sessions_of",
    "issue_activation",
    "issue_activations",
    "learn_alias",
    "merge_units",
    "reactivate_unit",
    "read_import",
    "start_import",
    "unlock_account",
]
