"""What is owed by a day: hazards to put right, listings to end, and risks to look at again."""

from __future__ import annotations

from common.due import DueSource
from hazards.models import Hazard, Listing, Risk
from hazards.querysets import OPEN_STATES

HAZARDS = DueSource(
    kind="hazard",
    label="隐患整改",
    open_rows=lambda: Hazard.objects.filter(state__in=OPEN_STATES, due_on__isnull=False),
    page=Hazard,
    url_name="hazards:hazard",
    unit="mine_id",
    campaign="task__campaign_id",
    title=lambda number, level, place: f"{'重大隐患' if level == 'major' else '隐患'} {number} {place}",
    title_fields=("number", "level", "place"),
)
LISTINGS = DueSource(
    kind="listing",
    label="挂牌督办",
    open_rows=lambda: Listing.objects.filter(state__in=Listing.RUNNING),
    page=Listing,
    url_name="hazards:listing",
    unit="hazard__mine_id",
    campaign="hazard__task__campaign_id",
    title=lambda number, place: f"挂牌督办 {number} {place}",
    title_fields=("number", "hazard__place"),
)
RISKS = DueSource(
    kind="risk",
    label="风险复评",
    open_rows=lambda: Risk.objects.in_force(),
    page=Risk,
    url_name="hazards:risk",
    due_on="review_on",
    unit="area__mine_id",
    title=lambda name, area: f"复评风险 {area} {name}",
    title_fields=("name", "area__name"),
)
