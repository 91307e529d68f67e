"""Opens a file of any accepted format into the neutral `Document`; everything else is refused in one sentence.

What is accepted: `detection.DOCUMENT_NAMES`, and pasted text. The format is found by content.
"""

from tasks.plans.formats.opening import kind_of_file, open_document, open_text

__all__ = ["kind_of_file", "open_document", "open_text"]
