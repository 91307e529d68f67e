"""Letters are due as well: a unit has to answer by their day, and is reminded like of anything else."""

from __future__ import annotations

from common.due import DueSource
from supervision.models import LetterReceipt, SupervisionLetter

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
