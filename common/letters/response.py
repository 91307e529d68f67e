"""Official letters as answers to a request."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse

from common.letters import Letter, to_docx, to_pdf

FORMATS = {
    "docx": (to_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (to_pdf, "application/pdf"),
}


def paper_response(letter: Letter, ending: str, name: str) -> HttpResponse:
    """A letter in one of FORMATS; a PDF opens in the browser, a Word file is saved."""
    write, media_type = FORMATS[ending]
    response = HttpResponse(write(letter), content_type=media_type)
    shown = "inline" if ending == "pdf" else "attachment"
    response["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(f'{name}.{ending}')}"
    return response
