"""Which record each address is tried with.

The tables below name, for the beginning of an address, what kind of record it is about, through which of its fields it
belongs to a unit, and in which state the page wants it. The longest beginning that fits counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils import timezone

from common.models import Evidence, Job
from exchange.models import ExchangeLine, Receipt, ServiceAccount, Subscription
from hazards.models import (
    HandOver,
    Hazard,
    HazardExtension,
    InstitutionalMeasure,
    Listing,
    LookBack,
    MineArea,
    RegisterImport,
    Risk,
    Sign,
    TipOff,
    TipOffReward,
)
from inspections.models import (
    Checklist,
    ChecklistItem,
    Clue,
    CoverageRule,
    Document,
    InspectionPlan,
    LookBackDraw,
    PatrolGroup,
    Penalty,
    PlannedVisit,
    Visit,
    VisitOfficer,
)
from mines.models import FileProposal, Licence, Mine, Suspension, SuspensionList
from supervision.models import LetterReceipt, Meeting, MeetingSeries, Notice, SupervisionLetter
from tasks.models import (
    Assignment,
    Campaign,
    DeadlineExtension,
    DueItem,
    PlanImport,
    ProgressImport,
    ProgressReport,
    ReportingRule,
    Responsibility,
    Target,
    Task,
)
from units.models import DirectoryImport, Unit, UnitAlias, UnitGroup, User


@dataclass(frozen=True, slots=True)
class Records:
    """Records of one model. `unit` is the path to the unit whose they are, None for what a whole county shares; `extra`
    fills what further parameters the address has: a word, or what tells it of the record."""

    model: type[Model]
    unit: str | None = None
    where: dict[str, Any] = field(default_factory=dict)
    key: str = "pk"
    extra: dict[str, str | Callable[[Any], object]] = field(default_factory=dict)

    def rows(self) -> QuerySet[Any]:
        """In a lasting order, so that the tables stay what they are."""
        return self.model._default_manager.filter(**self.where).order_by("pk")

    def of(self, units: QuerySet[Unit]) -> QuerySet[Any]:
        """The records of these units."""
        return self.rows().filter(**{f"{self.unit}pk__in": units.order_by().values("pk")})

    def of_kind(self, kind: str) -> tuple[Model, Unit] | None:
        """A record of a unit of this kind, and the unit."""
        assert self.unit is not None
        row = self.rows().filter(**{f"{self.unit}kind": kind}).first()
        if row is None:
            return None
        units = self.rows().filter(pk=row.pk, **{f"{self.unit}kind": kind}).values_list(f"{self.unit}pk", flat=True)
        return row, Unit.objects.get(pk=units[0])

    def fill(self, words: str, row: Model) -> str:
        """The address of a pattern's words for this record, `<…>` for `<…>`."""
        key = iter([str(getattr(row, self.key))])

        def word(match: re.Match[str]) -> str:
            told = self.extra.get(match[1]) or next(key, None) or WORDS[match[1]]
            return told if isinstance(told, str) else str(told(row))

        return re.sub(r"<\w+:(\w+)>", word, words)


class EvidenceOfHazards(Records):
    """Photographs of hazards: they belong to the mine of the hazard that they are about."""

    def of(self, units: QuerySet[Unit]) -> QuerySet[Any]:
        hazards = Hazard.objects.filter(mine__in=units.order_by().values("pk")).values_list("pk", flat=True)
        return self.rows().filter(object_id__in=[str(pk) for pk in hazards])

    def of_kind(self, kind: str) -> tuple[Model, Unit] | None:
        row = self.rows()[0]
        mine = Hazard.objects.select_related("mine").get(pk=row.object_id).mine
        return (row, mine) if kind == mine.kind else None

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.filter(content_type=ContentType.objects.get_for_model(Hazard)).order_by("pk")


WORDS = {"ending": "pdf", "facet": "funds", "slug": "x", "kind": "order", "number": "1", "action": "delete"}


def of_hazard(**where: Any) -> Records:
    return Records(Hazard, "mine__", where)


def records() -> dict[str, Records]:
    year = str(timezone.localdate().year)
    return {
        "accounts/": Records(User, "unit__", {"is_demo": True}),
        "accounts/import/": Records(DirectoryImport, None, {"noun": "accounts"}, "public_id"),
        "accounts/lines/": Records(ExchangeLine),
        "accounts/receipts/": Records(Receipt),
        "accounts/services/": Records(ServiceAccount),
        "accounts/subscriptions/": Records(Subscription),
        "assignments/": Records(Assignment, "unit__"),
        "campaigns/": Records(Campaign),
        "consolidations/": Records(
            ReportingRule, None, {"reports__isnull": False}, extra={"period": lambda row: row.reports.first().period, "key": "hazards.major"}
        ),
        "due-items/": Records(DueItem, "assignment__unit__", {"state": "open", "extensions": None}),
        "evidence/": EvidenceOfHazards(Evidence, "mine__", key="public_id"),
        "extensions/": Records(DeadlineExtension, "due_item__assignment__unit__", {"state": "requested"}),
        "groups/": Records(UnitGroup),
        "hand-overs/": Records(HandOver, "unit__"),
        "hazards/<int:pk>/": of_hazard(level="major"),
        "hazards/<int:pk>/grade/": of_hazard(state="registered"),
        "hazards/<int:pk>/reinspection/": of_hazard(state="awaiting"),
        "hazards/<int:pk>/look-back/": of_hazard(state="closed", look_backs=None),
        "hazards/<int:pk>/resume/": of_hazard(state="suspended"),
        "hazards/<int:pk>/hand-over/": of_hazard(state="registered"),
        "hazards/<int:pk>/hand-over/receipt/": of_hazard(state="handed_over"),
        "hazards/<int:pk>/hand-over/answer/": of_hazard(state="handed_over"),
        "hazards/<int:pk>/hand-over/<int:hand_over>/": Records(
            HandOver, "unit__", key="hazard_id", extra={"hand_over": lambda row: row.pk}
        ),
        "hazards/<int:pk>/investigation/": of_hazard(investigation__isnull=False),
        "hazards/<int:pk>/investigation/<slug:lines>/<int:line>/": Records(
            Hazard, "mine__", {"investigation__isnull": False},
            extra={"lines": "liabilities", "line": lambda row: row.investigation.liabilities.first().pk},
        ),
        "hazards/<int:pk>/investigation/recommendations/<int:line>/": Records(
            Hazard, "mine__", {"investigation__isnull": False}, extra={"line": lambda row: row.investigation.recommendations.first().pk}
        ),
        "hazards/extensions/": Records(HazardExtension, "hazard__mine__", {"state": "requested"}),
        "hazards/import/": Records(RegisterImport, "unit__", key="public_id"),
        "hazards/look-backs/": Records(LookBack, "hazard__mine__"),
        "hazards/measures/": Records(InstitutionalMeasure, "lead_unit__"),
        "hazards/signs/": Records(Sign, "hazard__mine__"),
        "heaps/": Records(Hazard, None, extra={"key": "hazards"}),
        "imports/": Records(PlanImport, None, extra={"part": "stages", "key": "1"}),
        "inbox/": Records(Notice, "recipient__unit__"),
        "inspections/<int:pk>/": Records(Visit, "mine__"),
        "inspections/<int:pk>/edit/": Records(Visit, "mine__", {"state": "running"}),
        "inspections/<int:pk>/fill/": Records(Visit, "mine__", {"state": "running"}),
        "inspections/<int:pk>/items/": Records(Visit, "mine__", {"state": "running"}),
        "inspections/field/": Records(Visit, "mine__", {"state": "running"}),
        "inspections/checklists/": Records(Checklist, None, {"state": "drafting"}),
        "inspections/checklists/items/": Records(ChecklistItem, None, {"checklist__state": "drafting"}),
        "inspections/clues/": Records(Clue, "receiver__", {"state": "sent"}),
        "inspections/clues/<int:pk>/act/": Records(Clue, None, {"state": "drafted"}),
        "inspections/clues/<int:pk>/edit/": Records(Clue, None, {"state": "drafted"}),
        "inspections/documents/": Records(Document, "visit__mine__", {"state": "approved"}),
        "inspections/documents/<int:pk>/act/": Records(Document, "visit__mine__", {"state": "drafted"}),
        "inspections/documents/<int:pk>/edit/": Records(Document, "visit__mine__", {"state": "drafted"}),
        "inspections/groups/": Records(PatrolGroup),
        "inspections/look-backs/": Records(LookBackDraw),
        "inspections/officers/": Records(VisitOfficer, None, {"officer__username": "sunzhiyuan"}, key="officer_id"),
        "inspections/penalties/": Records(Penalty, "document__visit__mine__"),
        "inspections/planned/": Records(PlannedVisit, "mine__"),
        "inspections/plans/": Records(InspectionPlan),
        "inspections/plans/rules/": Records(CoverageRule),
        "jobs/": Records(Job, "by__unit__", key="public_id"),
        "letters/": Records(SupervisionLetter, "receipts__unit__", {"state": "sent"}, extra={"key": "letter"}),
        "letters/<int:pk>/act/": Records(SupervisionLetter, None, {"state": "approved"}),
        "letters/<int:pk>/edit/": Records(SupervisionLetter, None, {"state": "drafted"}),
        "letters/proposals/": Records(Unit, "", {"kind": "mine"}, extra={"kind": "notice"}),
        "letters/receipts/": Records(LetterReceipt, "unit__", {"state": "waiting"}),
        "listings/": Records(Listing, "hazard__mine__", extra={"key": "notice"}),
        "meetings/": Records(Meeting),
        "meetings/<int:pk>/act/": Records(Meeting, None, {"state": "planned"}),
        "meetings/series/": Records(MeetingSeries),
        "mines/": Records(Mine, "unit__", extra={"ledger": "licences", "line": lambda row: row.licences.first().pk}),
        "mines/<int:pk>/proposals/": Records(FileProposal, "mine__unit__", key="mine_id", extra={"proposal": lambda row: row.pk}),
        "mines/import/": Records(DirectoryImport, None, {"noun": "mines"}, "public_id"),
        "mines/lines/": Records(Licence, None, extra={"ledger": "licences"}),
        "mines/suspensions/": Records(Suspension, "mine__unit__"),
        "mines/suspensions/<int:pk>/acceptance/": Records(Suspension, "mine__unit__", {"state": "requested"}),
        "mines/suspensions/lists/": Records(SuspensionList),
        "progress-imports/": Records(ProgressImport, "created_by__unit__", key="public_id"),
        "ranking/assessment/": Records(Unit, "", {"kind": "mine"}, extra={"year": year, "unit": lambda row: row.pk}),
        "inspections/scoring/": Records(Unit, None, extra={"ending": "pdf"}),
        "ranking/": Records(Unit, None, extra={"ending": "pdf"}),
        "reminders/channels/": Records(Unit, None, extra={"kind": "dingtalk"}),
        "reminders/ladders/": Records(Unit),
        **{
            f"reports/<int:pk>/{form}": Records(ProgressReport, "unit__", {"state": "draft"})
            for form in ("act", "draft", "form", "sign", "upload")
        },
        "reports/<int:pk>/review/": Records(ProgressReport, "unit__", {"state": "submitted"}),
        "reporting-rules/": Records(ReportingRule),
        "reports/": Records(ProgressReport, "unit__", extra={"key": "inspections.visits"}),
        "responsibilities/": Records(Responsibility),
        "risks/": Records(Risk, "area__mine__"),
        "risks/areas/": Records(MineArea, "mine__"),
        "risks/enterprises/": Records(Unit, "", {"kind": "enterprise"}),
        "risks/mines/": Records(Unit, "", {"kind": "mine"}),
        "rules/": Records(Unit, None, extra={"key": "double_report_workdays"}),
        "standards/": Records(Unit, None, extra={"code": "coal-2020"}),
        "targets/": Records(Target, None, {"value__isnull": False}),
        "tasks/": Records(Task, None, {"is_parent": False}),
        "tip-offs/": Records(TipOff, None, extra={"step": "verify"}),
        "tip-offs/<int:pk>/act/": Records(TipOff, None, {"state": "received"}),
        "tip-offs/rewards/": Records(TipOffReward),
        "units/": Records(Unit, "", {"kind": "mine"}),
        "units/aliases/": Records(UnitAlias, "unit__"),
        "units/import/": Records(DirectoryImport, None, {"noun": "units"}, "public_id"),
    }  # fmt: skip
