"""What a region sets for itself in place of a rule's default."""

from __future__ import annotations

from django.db import transaction

from common.errors import NotAllowed, Refused
from common.history import record, snapshot
from units.models import RuleSetting, User
from units.rules import find_rule

FIELDS = ("value", "source")


def check_sets_rules(by: User) -> None:
    if not by.is_staff or by.unit is None:
        raise NotAllowed("规则由局管理员设置，请联系局管理员修改。")


@transaction.atomic
def set_rule(*, by: User, key: str, value: int, source: str) -> RuleSetting:
    """Let a rule have a value of its own in the region of the user's unit, by the paper named in `source`.

    Raises NotAllowed for all but administrators, Refused without a paper, KeyError for an unknown rule.
    """
    check_sets_rules(by)
    find_rule(key)
    assert by.unit is not None
    if not source.strip():
        raise Refused("请写明依据的文件名称和文号。", fields={"source": ["请写明依据的文件名称和文号。"]})
    old = RuleSetting.objects.select_for_update().filter(region=by.unit.region, key=key).first()
    before = snapshot(old, FIELDS) if old else None
    row, _ = RuleSetting.objects.update_or_create(
        region=by.unit.region, key=key, defaults={"value": value, "source": source.strip()}
    )
    record("rulesetting.set", row, by=by, before=before, after=snapshot(row, FIELDS), note=find_rule(key).label)
    return row


@transaction.atomic
def clear_rule(*, by: User, key: str) -> None:
    """Go back to the default of a rule in the region of the user's unit; nothing happens where it is in force."""
    check_sets_rules(by)
    assert by.unit is not None
    row = RuleSetting.objects.select_for_update().filter(region=by.unit.region, key=key).first()
    if row is None:
        return
    record("rulesetting.cleared", row, by=by, before=snapshot(row, FIELDS), note=find_rule(key).label)
    row.delete()
