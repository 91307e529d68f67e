"""Who: regions, units with their names and groups, and user accounts."""

from units.models.accounts import AccountSession, Activation, FormerPassword, Reach, Role, User, UserManager
from units.models.directory import Unit, UnitAlias, UnitGroup, UnitTag, check_credit_code
from units.models.imports import DirectoryImport
from units.models.regions import Region
from units.models.rules import RuleSetting

__all__ = [
    "AccountSession",
    "Activation",
    "DirectoryImport",
    "FormerPassword",
    "Reach",
    "Region",
    "Role",
    "RuleSetting",
    "Unit",
    "UnitAlias",
    "UnitGroup",
    "UnitTag",
    "User",
    "UserManager",
    "check_credit_code",
]
