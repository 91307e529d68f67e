"""What the register counts of each mine: found, put right, closed, late, given back, found by the mine itself."""

from __future__ import annotations

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet

from common.indicators import FigureSource, Indicator, Span
from hazards.models import Hazard, InstitutionalMeasure, Level, Source
from hazards.querysets import OPEN_STATES

GENERAL, MAJOR = Q(level=Level.GENERAL), Q(level=Level.MAJOR)


def hazards(span: Span) -> QuerySet[Hazard]:
    rows: QuerySet[Hazard] = Hazard.objects.on_record().filter(
        found_on__lte=span.on, region__code__startswith=span.prefix
    )
    return rows


def measures(span: Span) -> QuerySet[InstitutionalMeasure]:
    rows: QuerySet[InstitutionalMeasure] = InstitutionalMeasure.objects.exclude(state="dropped").filter(
        region__code__startswith=span.prefix, created_at__lt=span.end
    )
    return rows


def found(span: Span) -> Q:
    return Q(found_on__gte=span.since)


def closed(span: Span) -> Q:
    return found(span) & Q(state=Hazard.State.CLOSED, closed_on__lte=span.on)


def due(span: Span) -> Q:
    """Found in the span, and by its end either closed or past the day set: what still has time does not count against anybody."""
    return found(span) & (Q(due_on__lte=span.on) | Q(state=Hazard.State.CLOSED, closed_on__lte=span.on))


def put_right(span: Span) -> Q:
    return found(span) & Q(state__in=(Hazard.State.AWAITING, Hazard.State.CLOSED), rectified_on__lte=span.on)


def closed_in(span: Span) -> Q:
    return Q(state=Hazard.State.CLOSED, closed_on__range=(span.since, span.on), rectified_on__isnull=False)


def late(span: Span) -> Q:
    """The list's own rule today; for a former day by the dates of rectification and closure."""
    past_due = Q(due_on__lt=span.on)
    if span.is_now:
        return past_due & Q(state__in=OPEN_STATES)
    not_closed = Q(closed_on__isnull=True) | Q(closed_on__gt=span.on)
    return past_due & not_closed & (Q(rectified_on__isnull=True) | Q(rectified_on__gt=span.on))


def checked(span: Span) -> Q:
    return found(span) & (Q(state=Hazard.State.CLOSED) | Q(returned_count__gt=0))


HAZARDS = FigureSource(
    kind="hazards",
    label="隐患",
    rows=hazards,
    unit="mine_id",
    figures={
        "found": found,
        "own_found": lambda span: found(span) & Q(source=Source.SELF_CHECK),
        "general_found": lambda span: found(span) & GENERAL,
        "general_due": lambda span: due(span) & GENERAL,
        "general_closed": lambda span: closed(span) & GENERAL,
        "major_found": lambda span: found(span) & MAJOR,
        "major_due": lambda span: due(span) & MAJOR,
        "major_fix_due": lambda span: found(span) & MAJOR & (Q(due_on__lte=span.on) | put_right(span)),
        "major_fixed": lambda span: put_right(span) & MAJOR,
        "major_closed": lambda span: closed(span) & MAJOR,
        "closed_in": closed_in,
        "hazards_late": late,
        "major_late": lambda span: late(span) & MAJOR,
        "hazards_checked": checked,
        "hazards_returned": lambda span: checked(span) & Q(returned_count__gt=0),
    },
    sums={
        "days_to_fix": (
            closed_in,
            ExpressionWrapper(F("rectified_on") - F("found_on"), output_field=DurationField()),
        )
    },
    select=("mine",),
    order="due_on",
    title=lambda row: f"{row.number} {row.place}：{row.description[:60]}",
    unit_of=lambda row: row.mine,
    day=lambda row: row.due_on,
)
MEASURES = FigureSource(
    kind="measures",
    label="制度措施",
    rows=measures,
    unit="lead_unit_id",
    figures={
        "measures_planned": lambda span: Q(pk__isnull=False),
        "measures_issued": lambda span: Q(state="issued", issued_on__lte=span.on),
    },
    select=("lead_unit",),
    unit_of=lambda row: row.lead_unit,
    day=lambda row: row.due_on,
)
INDICATORS = (
    Indicator("general_closed", "一般隐患整改率", "期内发现、已复查销号的一般隐患÷期内发现、已到期或已销号的一般隐患×100", "general_closed", "general_due", weight=15),
    Indicator("major_fixed", "重大隐患整改率", "期内发现、已整改报请复查或已销号的重大隐患÷期内发现、已到期或已整改的重大隐患×100", "major_fixed", "major_fix_due"),
    Indicator("major_closed", "重大隐患销号率", "期内发现、已复查销号的重大隐患÷期内发现、已到期或已销号的重大隐患×100", "major_closed", "major_due", weight=25),
    Indicator("days_to_fix", "平均整改天数", "期内销号的隐患：（整改完成日期－发现日期）之和÷条数", "days_to_fix", "closed_in", kind="days", better="low"),
    Indicator("hazards_late", "逾期隐患", "期末已过整改期限、还没有整改的隐患数", "hazards_late", kind="count", better="low"),
    Indicator("major_late", "逾期重大隐患", "其中的重大隐患数", "major_late", kind="count", better="low"),
    Indicator("hazards_returned", "复查退回率", "期内发现、被退回过的隐患÷已复查的隐患×100（按现在的退回次数，补算过去时不计）", "hazards_returned", "hazards_checked", better="low", past_known=False),
    Indicator("own_found", "自查发现占比", "期内企业自查发现的隐患÷期内发现的隐患×100", "own_found", "found", weight=10),
)  # fmt: skip
