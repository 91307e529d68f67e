"""What inspections count of each mine: visits, what they found, documents and penalties; and the visits a unit made."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from common.indicators import FigureSource, Indicator, Span
from inspections.document_kinds import DECISIONS
from inspections.models import Document, Penalty, Visit, VisitOfficer, VisitResult
from tasks.models import ProgressReport
from tasks.report_figures import CountedFigures, of_mines
from units.models import Unit

ALL = Q(pk__isnull=False)


def visits(span: Span) -> QuerySet[Visit]:
    """Finished ones only: whoever is inspected is not told of the others."""
    rows: QuerySet[Visit] = Visit.objects.filter(
        state=Visit.State.FINISHED, begun_on__range=(span.since, span.on), region__code__startswith=span.prefix
    )
    return rows


def findings(span: Span) -> QuerySet[VisitResult]:
    rows: QuerySet[VisitResult] = VisitResult.objects.failed().filter(
        visit__state=Visit.State.FINISHED,
        visit__begun_on__range=(span.since, span.on),
        visit__region__code__startswith=span.prefix,
    )
    return rows


def documents(span: Span) -> QuerySet[Document]:
    rows: QuerySet[Document] = Document.objects.in_force().filter(
        issued_on__range=(span.since, span.on), region__code__startswith=span.prefix
    )
    return rows


def penalties(span: Span) -> QuerySet[Penalty]:
    """What decisions set; a notice only announces."""
    rows: QuerySet[Penalty] = Penalty.objects.filter(
        document__kind__in=DECISIONS,
        document__state__in=Document.IN_FORCE,
        document__issued_on__range=(span.since, span.on),
        document__region__code__startswith=span.prefix,
    )
    return rows


VISITS = FigureSource(
    kind="visits",
    label="检查",
    rows=visits,
    unit="mine_id",
    figures={"visits": lambda span: ALL},
    select=("mine",),
    order="begun_on",
    title=lambda row: f"{row.number} {row.get_kind_display()}：{row.places}",
    unit_of=lambda row: row.mine,
    day=lambda row: row.begun_on,
)
FINDINGS = FigureSource(
    kind="findings",
    label="检查发现的问题",
    rows=findings,
    unit="visit__mine_id",
    figures={"findings": lambda span: ALL},
    select=("visit__mine",),
    order="visit__begun_on",
    title=lambda row: f"{row.text}：{row.words}"[:120],
    unit_of=lambda row: row.visit.mine,
    day=lambda row: row.visit.begun_on,
    state=lambda row: "已登记隐患" if row.hazard_id else "未登记隐患",
    url=lambda row: row.visit.get_absolute_url(),
)
DOCUMENTS = FigureSource(
    kind="documents",
    label="执法文书",
    rows=documents,
    unit="visit__mine_id",
    figures={"documents": lambda span: ALL},
    select=("visit__mine",),
    order="issued_on",
    unit_of=lambda row: row.visit.mine,
    day=lambda row: row.issued_on,
)
PENALTIES = FigureSource(
    kind="penalties",
    label="行政处罚",
    rows=penalties,
    unit="document__visit__mine_id",
    figures={"penalties": lambda span: ALL},
    sums={"fined": (lambda span: ALL, F("amount"))},
    select=("document__visit__mine",),
    order="document__issued_on",
    title=lambda row: f"{row.document}：{row.get_subject_display()} {row.name} {row.amount.normalize():f}元",
    unit_of=lambda row: row.document.visit.mine,
    day=lambda row: row.document.issued_on,
    state=lambda row: "已缴纳" if row.paid_on else "未缴纳",
    url=lambda row: row.document.get_absolute_url(),
)
MADE = FigureSource(
    kind="visits_made",
    label="开展的检查",
    rows=visits,
    unit="mine_id",
    figures={"made": lambda span: ALL},
    select=("mine",),
    order="begun_on",
    title=VISITS.title,
    unit_of=VISITS.unit_of,
    day=VISITS.day,
)
"""For reports only: by the officers' unit, of which a visit may have several."""

VISITED = Indicator("visits", "接受检查", "期内完成的检查次数", "visits", kind="count", better="", measure="次")
FOUND = Indicator("findings", "检查发现问题", "期内完成的检查中不合格的项数", "findings", kind="count", better="")
ISSUED = Indicator("documents", "执法文书", "期内签发的执法文书数", "documents", kind="count", better="", measure="份")
PUNISHED = (
    Indicator("penalties", "行政处罚", "期内签发的处罚决定所罚的单位和负责人", "penalties", kind="count", better="low", measure="项次"),
    Indicator("fined", "罚款", "期内签发的处罚决定的罚款合计，元", "fined", kind="count", better="low", measure="元"),
)  # fmt: skip


def made_by_unit(report: ProgressReport) -> Q | None:
    """Of offices and townships: the visits to which their own people came."""
    if report.unit.kind in (Unit.Kind.MINE, Unit.Kind.ENTERPRISE):
        return None
    return Q(pk__in=VisitOfficer.objects.filter(officer__unit=report.unit_id).values("visit"))


REPORT_FIGURES = (
    CountedFigures("inspections.", MADE, {"made": "开展检查（次）"}, made_by_unit, order=30, unless_none=True),
    CountedFigures("inspections.", VISITS, {"visits": "接受检查（次）"}, of_mines("mine__path"), order=30),
    CountedFigures(
        "inspections.", FINDINGS, {"findings": "检查发现问题（项）"}, of_mines("visit__mine__path"), order=30
    ),
    CountedFigures(
        "inspections.", DOCUMENTS, {"documents": "收到执法文书（份）"}, of_mines("visit__mine__path"), order=30
    ),
    CountedFigures(
        "inspections.",
        PENALTIES,
        {"penalties": "受到行政处罚（项次）", "fined": "罚款（元）"},
        of_mines("document__visit__mine__path"),
        order=30,
    ),
)
