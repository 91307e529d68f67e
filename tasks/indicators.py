"""What the ledger counts of each unit: items that were due, done, on time, late, and given back."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from common.indicators import FigureSource, Indicator, Span
from tasks.models import Assignment, DueItem, ProgressReport
from tasks.querysets import OPEN_STATES, campaign_in_force


def due_items(span: Span) -> QuerySet[DueItem]:
    """The items due by the end of a span, without those that nobody owes any more (`DueItemQuerySet.in_force`)."""
    settled = Q(state__in=DueItem.PENDING) & ~Q(assignment__state__in=OPEN_STATES)
    rows: QuerySet[DueItem] = DueItem.objects.filter(
        ~settled,
        campaign_in_force("assignment__"),
        Q(assignment__withdrawn_on__isnull=True) | Q(assignment__withdrawn_on__gt=span.on),
        due_on__lte=span.on,
        assignment__region__code__startswith=span.prefix,
    )
    return rows


def assignments(span: Span) -> QuerySet[Assignment]:
    rows: QuerySet[Assignment] = Assignment.objects.in_force().filter(region__code__startswith=span.prefix)
    return rows


def due_in(span: Span) -> Q:
    return Q(due_on__gte=span.since)


def handed_in(span: Span) -> Q:
    return Q(state__in=("reported", "accepted"), reported_at__lt=span.end)


def done(span: Span) -> Q:
    return due_in(span) & Q(state="accepted", reported_at__lt=span.end)


def on_time(span: Span) -> Q:
    # Before midnight in Greenwich is before eight in the morning here, so on time for certain. Only the others have to be
    # turned into a day of this time zone, which SQLite asks of Python row by row.
    early = Q(reported_at__lt=F("due_on"))
    return due_in(span) & handed_in(span) & (early | Q(reported_at__date__lte=F("due_on")))


def late(span: Span) -> Q:
    return Q(due_on__lt=span.on) & (Q(state__in=DueItem.PENDING) | Q(reported_at__gte=span.end))


def reviewed(span: Span) -> Q:
    return Q(submitted_at__lt=span.end, submitted_at__gte=span.begin)


def reports(span: Span) -> QuerySet[ProgressReport]:
    """The first version of each report; a correction is no second duty."""
    rows: QuerySet[ProgressReport] = ProgressReport.objects.filter(
        campaign_in_force(), version=1, due_on__range=(span.since, span.on), region__code__startswith=span.prefix
    ).exclude(state="dropped")
    return rows


def reported_on_time(span: Span) -> Q:
    return Q(first_submitted_at__lt=span.end, first_submitted_at__date__lte=F("due_on"))


DUE_ITEMS = FigureSource(
    kind="due_items",
    label="到期事项",
    rows=due_items,
    unit="assignment__unit_id",
    figures={"tasks_due": due_in, "tasks_done": done, "tasks_on_time": on_time, "tasks_late": late},
    select=("assignment__task", "assignment__unit"),
    order="due_on",
    title=lambda item: " ".join(filter(None, (item.assignment.task.heading, item.period, item.label)))[:120],
    unit_of=lambda item: item.assignment.unit,
    day=lambda item: item.due_on,
    url=lambda item: item.assignment.get_absolute_url(),
)
ASSIGNMENTS = FigureSource(
    kind="assignments",
    label="责任事项",
    rows=assignments,
    unit="unit_id",
    figures={
        "tasks_submitted": reviewed,
        "tasks_returned": lambda span: reviewed(span) & Q(returned_count__gt=0),
    },
    select=("task", "unit"),
    title=lambda row: row.task.heading,
    day=lambda row: row.due_on,
)
INDICATORS = (
    Indicator("tasks_done", "任务完成率", "期内到期、已审核完成的事项÷期内到期的事项×100", "tasks_done", "tasks_due", weight=30),
    Indicator("tasks_on_time", "按时率", "在到期日以前报送的事项÷期内到期的事项×100", "tasks_on_time", "tasks_due", weight=20),
    Indicator("tasks_late", "逾期事项", "期末已过到期日、还没有报送的事项数", "tasks_late", kind="count", better="low"),
)  # fmt: skip
RETURNED = Indicator(
    "tasks_returned", "退回率", "被退回过的事项÷期内提交过的事项×100（按现在的退回次数，补算过去时不计）",
    "tasks_returned", "tasks_submitted", better="low", past_known=False,
)  # fmt: skip
REPORTS = FigureSource(
    kind="reports",
    label="月报",
    rows=reports,
    unit="unit_id",
    figures={"reports_due": lambda span: Q(pk__isnull=False), "reports_on_time": reported_on_time},
    select=("unit", "rule"),
    order="due_on",
    title=lambda row: f"{row.rule.title} {row.label}",
    day=lambda row: row.due_on,
)
REPORTED = Indicator(
    "reports_on_time", "报告按时率", "在应报日期以前报送的报告÷期内应报的报告×100（退回后重报的按首次报送）",
    "reports_on_time", "reports_due", weight=10,
)  # fmt: skip
