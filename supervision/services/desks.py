"""Who of the bureau is told as the section in charge."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from common.errors import NotAllowed, Refused
from common.history import record
from supervision.models import DeskOfficer
from supervision.services.settings import check_keeps_channels
from tasks.models import Campaign
from units.models import Region, Role, User


def officers_to_choose(region: Region) -> QuerySet[User]:
    """The bureau's own people in use of a county."""
    roles = (Role.BUREAU_STAFF, Role.BUREAU_ADMIN, Role.INSPECTOR, Role.LEADER)
    rows: QuerySet[User] = User.objects.filter(is_active=True, role__in=roles, unit__region=region)
    return rows.select_related("unit").order_by("unit__sort_key", "name", "pk")


@transaction.atomic
def set_desk(*, by: User, officers: Iterable[User], campaign: Campaign | None = None, kind: str = "") -> None:
    """Name the people who are the section for a campaign of the user's county, or else for one kind of due things.

    Nobody named means all staff. Raises NotAllowed for campaigns of other counties, Refused for people of other bureaus.
    """
    region = check_keeps_channels(by)
    if campaign is not None and campaign.region_id != region.pk:
        raise NotAllowed("这是其他地区的专项行动。")
    chosen = list(officers)
    known = set(officers_to_choose(region).filter(pk__in=[one.pk for one in chosen]).values_list("pk", flat=True))
    if any(one.pk not in known for one in chosen):
        raise Refused("主管人员只能从本局在用的账号里选。", fields={"officers": ["请重新选择。"]})
    # Two administrators at once wait for each other.
    Region.objects.select_for_update().get(pk=region.pk)
    rows = DeskOfficer.objects.filter(region=region, campaign=campaign, kind=kind)
    before = "、".join(rows.values_list("officer__name", flat=True))
    rows.delete()
    DeskOfficer.objects.bulk_create(
        DeskOfficer(region=region, campaign=campaign, kind=kind, officer=one) for one in chosen
    )
    after = "、".join(one.name for one in chosen)
    record("desk.set", campaign or region, by=by, before={"desk": before}, after={"desk": after}, note=kind)
