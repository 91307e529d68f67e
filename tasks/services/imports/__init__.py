"""The import of a plan: `receiving`, `reading`, `correcting`, `names` and `confirming`, in the order of the steps."""

from tasks.services.imports.confirming import confirm_import, count_assignments
from tasks.services.imports.correcting import choose_revised, correct_draft
from tasks.services.imports.names import certain_matches, match_names, printed_names
from tasks.services.imports.reading import (
    document_from_json,
    document_to_json,
    fail_reading,
    finish_reading,
    open_source,
)
from tasks.services.imports.receiving import (
    CONFIRM,
    PASTED,
    READ,
    READ_FIRST,
    discard_import,
    hash_of_source,
    receive_plan,
    reread_import,
    resume_import,
    retry_import,
    same_import,
)

__all__ = [
    "CONFIRM",
    "PASTED",
    "READ",
    "READ_FIRST",
    "certain_matches",
    "choose_revised",
    "confirm_import",
    "correct_draft",
    "count_assignments",
    "discard_import",
    "document_from_json",
    "document_to_json",
    "fail_reading",
    "finish_reading",
    "hash_of_source",
    "match_names",
    "open_source",
    "printed_names",
    "receive_plan",
    "reread_import",
    "resume_import",
    "retry_import",
    "same_import",
]
