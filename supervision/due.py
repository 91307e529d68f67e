"""Letters and meetings are due as well: people are reminded of them like of anything else."""

from __future__ import annotations

from common.due import DueSource
from supervision.models import LetterReceipt, Meeting, SupervisionLetter

LETTERS = "letter"
RECEIPTS = DueSource(
    kind=LETTERS,
    label="函件答复",
    open_rows=lambda: LetterReceipt.objects.pending(),
    page=SupervisionLetter,
    page_key="letter_id",
    url_name="supervision:letter",
    due_on="letter__answer_by",
    region="letter__region_id",
    title=lambda number, title: f"答复{number} {title}",
    title_fields=("letter__number", "letter__title"),
)
MEETING = "meeting"
MEETINGS = DueSource(
    kind=MEETING,
    label="会议",
    open_rows=lambda: Meeting.objects.filter(state="planned"),
    page=Meeting,
    url_name="supervision:meeting",
    due_on="planned_on",
    unit="organ_id",
    title=lambda title: f"召开{title}",
    title_fields=("title",),
)
NOT_PRESSED = (LETTERS, MEETING)
"""Kinds that no letter is written about: an answer is pressed for by the next letter, a meeting is the bureau's own."""
