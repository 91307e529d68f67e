"""Who: regions, units with their names and groups, and user accounts."""

from units.models.accounts import AccountSession, Activation, FormerPassword, Reach, Role, User, UserManager
from units.models.directory import Unit, UnitAlias, UnitGroup, UnitTag, check_credit_code
from units.models.imports import DirectoryImport
from units.models.regions import Region

__all__ = [
    "AccountSession",
    "Activation",
    "DirectoryImport",
    "FormerPassword",
    "Reach",
    "Region",
    "Role",
    "Unit",
    "UnitAlias",
    "UnitGroup",
    "UnitTag",
    "User",
    "UserManager",
    "check_credit_code",
]
