"""Opens a file of any accepted format into the neutral `Document`; everything else is refused in one sentence.

Accepted: .txt .md .csv .html .docx .xlsx .pdf (with a text layer), and pasted text. The format is found by content.
"""

from tasks.plans.formats.opening import open_document, open_text

__all__ = ["open_document", "open_text"]
