"""What waits for somebody, for the first page: letters, and the calendar by which all days are counted."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from common.workdays import years_to_enter
from supervision.models import LetterReceipt, SupervisionLetter
from tasks.home import Panel
from units.models import Role, User

ROW = "supervision/home_letter.html"


def letter_panels(user: User) -> list[Panel]:
    """Letters to sign for and to answer, to approve, to send."""
    listed = reverse("supervision:letters")
    seen = SupervisionLetter.objects.visible_to(user).order_by("answer_by", "pk")
    panels: list[Panel] = []
    if user.reports and user.unit_id is not None and not user.reviews:
        mine = LetterReceipt.objects.filter(letter=OuterRef("pk"), unit=user.unit_id, state__in=LetterReceipt.PENDING)
        owed = seen.filter(Exists(mine), state="sent")
        panels.append(Panel("letters-owed", "待签收、答复的函件", owed, f"{listed}?heap=letters-owed", ROW))
    if user.reviews or user.role == Role.LEADER:
        waiting = seen.filter(state="drafted").exclude(drafted_by=user)
        panels.append(Panel("letters-approve", "待审签的函件", waiting, f"{listed}?heap=letters-approve", ROW))
    if user.reviews:
        ready = seen.filter(state="approved")
        panels.append(Panel("letters-send", "已审签、待发出的函件", ready, f"{listed}?state=approved", ROW))
        late = seen.overdue()
        panels.append(Panel("letters-late", "逾期未答复的函件", late, f"{listed}?overdue=true", ROW))
    return panels


def calendar_panels(user: User) -> list[Panel]:
    """Years whose holidays nobody has entered: without them reminders go out on holidays and periods end too early."""
    years = years_to_enter(timezone.localdate()) if user.is_staff else []
    return [
        Panel(f"calendar-{year}", f"{year}年节假日待登记", [year], reverse("common:calendar"), "") for year in years
    ]
