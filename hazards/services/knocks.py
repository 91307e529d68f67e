"""How often a door of the public may be knocked at: counted in the database, so that all web processes count together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from common.errors import Refused
from hazards.models import Knock

KEPT = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Limit:
    """How often within an hour: by one address, and by all together."""

    each: int
    together: int


# A mine's people share one address behind its router, so that one address must be good for several of them.
DOORS = {"tip_off": Limit(10, 300), "tip_off_query": Limit(30, 3000), "tip_off_mines": Limit(300, 30_000)}


def knock(*, door: str, address: str | None) -> None:
    """Count one visit to a door of DOORS; raises Refused with what to do when there were too many within the hour.

    One address that is refused does not use up what all together may do.
    """
    limit = DOORS[door]
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    if not _count(door, _caller(address, hour), hour, limit.each):
        raise Refused("您所在的网络一小时内提交得太多了，请过一小时再试；情况紧急请拨打12350。", code="too_many")
    if not _count(door, "", hour, limit.together):
        raise Refused("现在提交的人太多，请过一会儿再试；情况紧急请拨打12350。", code="too_many")


def _count(door: str, caller: str, hour: dt.datetime, most: int) -> bool:
    row, made = Knock.objects.get_or_create(door=door, caller=caller, hour=hour)
    if made and not caller:
        Knock.objects.filter(hour__lt=hour - KEPT).delete()
    # One statement that compares and adds: two processes can not both take the last turn.
    return bool(Knock.objects.filter(pk=row.pk, count__lt=most).update(count=F("count") + 1))


def _caller(address: str | None, hour: dt.datetime) -> str:
    """The keyed hash of an address for one day; of IPv6 the network, because a household has 2⁶⁴ addresses."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        network = "unknown"
    else:
        network = str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else str(parsed)
    return salted_hmac("hazards.knock", f"{hour:%Y%m%d} {network}", algorithm="sha256").hexdigest()
