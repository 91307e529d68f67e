"""What is written before anybody can log in."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from common.errors import Refused
from common.history import record, record_many
from units.models import Region, Role, SecondFactor, Unit, UnitTag, User
from units.regions import chain_of
from units.services.accounts import IssuedCode, issue_activation
from units.services.directory import check_fields
from units.services.second_factor import reset_second_factor

# Traits by which the class names of plans pick units; a bureau adds its own on the page of tags.
STANDARD_TAGS = (
    ("coal", "煤矿"),
    ("noncoal", "非煤矿山"),
    ("underground", "井工（地下）开采"),
    ("open_pit", "露天开采"),
    ("tailings", "尾矿库"),
    ("coal_township", "产煤乡镇"),
    ("noncoal_township", "非煤矿山所在乡镇"),
    ("safety_regulator", "负有安全监管职责"),
    ("sector_regulator", "行业领域主管"),
    ("committee_member", "安委会成员单位"),
)


@transaction.atomic
def load_regions(*, rows: Iterable[tuple[str, str, str]]) -> tuple[int, int]:
    """Enter or rename divisions given as (code, name, short name) and return how many are new and how many changed.

    An empty short name leaves the one that is there. Raises Refused for the first row that breaks the rules.
    """
    present = Region.objects.in_bulk()
    new, changed = [], []
    for code, name, short_name in rows:
        region = present.get(code)
        if region is None:
            region = Region(code=code, name=name, short_name=short_name)
            _check(region)
            present[code] = region
            new.append(region)
        elif region.name != name or (short_name and region.short_name != short_name):
            region.name, region.short_name = name, short_name or region.short_name
            _check(region)
            changed.append(region)
    Region.objects.bulk_create(new, batch_size=500)
    fresh = {one.pk for one in new}
    changed = [one for one in changed if one.pk not in fresh]
    Region.objects.bulk_update(changed, ["name", "short_name"], batch_size=500)
    record_many("region.created", new, by=None)
    record_many("region.changed", changed, by=None)
    return len(new), len(changed)


@transaction.atomic
def create_administrator(*, region_code: str, region_name: str, bureau: str, username: str, name: str) -> IssuedCode:
    """Set up a bureau and its first administrator; the code lets that person choose the password.

    Divisions above and the region itself are entered by their published names where they are missing; `region_name`
    may be empty for a published one. Raises Refused with what is wrong.
    """
    if User.objects.filter(username=username.strip().lower()).exists():
        raise Refused(f"登录名“{username}”已存在。忘记密码请加 --reset 重新生成激活码，否则请换一个登录名。")
    for code, words in STANDARD_TAGS:
        if not UnitTag.objects.filter(name=words).exists():
            UnitTag.objects.get_or_create(code=code, defaults={"name": words})
    chain = [(one.code, one.name, "") for one in chain_of(region_code)]
    load_regions(rows=[row for row in chain if not Region.objects.filter(pk=row[0]).exists()])
    region = Region.objects.filter(pk=region_code).first()
    if region is None:
        if not region_name:
            raise Refused(f"没有找到代码为 {region_code} 的行政区划，请同时写明它的名称。")
        region = Region(code=region_code, name=region_name)
        check_fields(region)
        region.save(force_insert=True)
        record("region.created", region, by=None, after={"code": region_code, "name": region_name})
    unit = Unit.objects.filter(region=region, name=bureau.strip()).first()
    if unit is None:
        unit = Unit(region=region, name=bureau.strip(), kind=Unit.Kind.DEPARTMENT)
        check_fields(unit)
        unit.save()
        record("unit.created", unit, by=None, after={"name": unit.name})
    account = User(
        username=username.strip().lower(),
        name=name.strip(),
        role=Role.BUREAU_ADMIN,
        unit=unit,
        must_change_password=False,
    )
    account.set_unusable_password()
    check_fields(account)
    account.save()
    record("user.created", account, by=None, after={"username": account.username, "role": account.role, "unit": unit})
    return issue_activation(by=None, account=account)


def reset_administrator(*, username: str) -> IssuedCode:
    """Make a new code for an administrator whom no colleague can help, and forget the second factor; for the operator."""
    account = User.objects.filter(username=username.strip().lower(), role=Role.BUREAU_ADMIN).first()
    if account is None:
        raise Refused(f"没有登录名为“{username}”的局管理员。")
    if SecondFactor.objects.filter(user=account).exists():
        reset_second_factor(by=None, account=account)
    return issue_activation(by=None, account=account)


def _check(region: Region) -> None:
    """Validate code and name without asking the database for each row whether the code is taken."""
    try:
        region.clean_fields()
    except ValidationError as error:
        raise Refused(f"{region.code} {region.name}：{'；'.join(error.messages)}") from error
