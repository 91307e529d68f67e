"""Who: regions, units with their names and groups, and user accounts."""

from units.models.accounts import AccountSession, Activation, FormerPassword, Reach, Role, User, UserManager
from units.models.directory import Unit, UnitAlias, UnitGroup, UnitTag, check_credit_code
from units.models.imports import DirectoryImport
from units.models.regions import Region
from units.models.rules import RuleSetting
from units.models.second_factor import RecoveryCode, SecondFactor

__all__ = [
    "AccountSession",
    "Activation",
    "DirectoryImport",
    "FormerPassword",
    "Reach",
    "RecoveryCode",
    "Region",
    "Role",
    "RuleSetting",
    "SecondFactor",
    "Unit",
    "UnitAlias",
    "UnitGroup",
    "UnitTag",
    "User",
    "UserManager",
    "check_credit_code",
]
