"""Evidence as bytes, and jobs to watch."""

from __future__ import annotations

import logging
import uuid
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag, url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .errors import Refused
from .evidence import THUMB_PIXELS, VIEW_PIXELS, evidence_path, may_see_evidence, may_see_original, rendition_of
from .jobs import job_title
from .lists.exporting import export_path
from .models import Evidence, Job
from .spreadsheets import XLSX

logger = logging.getLogger(__name__)

# Nothing in an uploaded file may run or load anything. Chrome's PDF viewer refuses to start in a sandbox, and runs
# no script of the page's origin anyway, so a PDF is the one kind that is shown without the word.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_SHOWN_INLINE = {"application/pdf"}
# A plan may be kept as the web page that it was; no browser is told so.
_NAMED = {*_SHOWN_INLINE, "image/jpeg", "image/png", "image/webp"}


@require_safe
def evidence(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """A picture as pages show it (upright, without place and camera data), a PDF to read, another file to save."""
    item = _visible_evidence(request, public_id)
    if item.kind == Evidence.Kind.IMAGE:
        return _picture(request, item, VIEW_PIXELS)
    return _original(request, item, inline=item.media_type in _SHOWN_INLINE)


@require_safe
def evidence_thumb(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The small picture; 404 for a document."""
    item = _visible_evidence(request, public_id)
    if item.kind != Evidence.Kind.IMAGE:
        raise Http404
    return _picture(request, item, THUMB_PIXELS)


@require_safe
def evidence_original(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The file exactly as it was handed in, to save; of a photograph the shown copy, unless its place is theirs to see."""
    item = _visible_evidence(request, public_id)
    if not may_see_original(request.user, item):
        return _picture(request, item, VIEW_PIXELS)
    return _original(request, item, inline=False)


@never_cache
@require_safe
def job(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far a job is: a page, its inner part for htmx, or JSON for `Accept: application/json`."""
    row = get_object_or_404(Job.objects.visible_to(request.user), public_id=public_id)
    target = str(row.result.get("url", "")) if row.state == Job.State.DONE else ""
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = ""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(
            {
                "id": str(row.public_id),
                "kind": row.kind,
                "state": row.state,
                "state_label": row.get_state_display(),
                "done": row.done,
                "total": row.total,
                "percent": row.percent,
                "message": row.message,
                "error": row.error,
                "url": target,
            }
        )
    download = row.result.get("file") if target else ""
    htmx = bool(request.headers.get("HX-Request"))
    template = "common/job_progress.html" if htmx else "common/job.html"
    response = render(
        request, template, {"job": row, "target": target, "download": download, "title": job_title(row.kind)}
    )
    # A file leaves the page where it is, which would ask on and fetch it every second.
    if htmx and target and not download:
        response.headers["HX-Redirect"] = target
    return response


@never_cache
@require_safe
def job_file(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The file that a job made, for the one who started it; it is kept for a day."""
    row = get_object_or_404(Job.objects.visible_to(request.user), public_id=public_id, state=Job.State.DONE)
    name = row.result.get("file")
    if not name:
        raise Http404
    try:
        media_type = row.result.get("media_type", XLSX)
        return FileResponse(export_path(row).open("rb"), as_attachment=True, filename=name, content_type=media_type)
    except FileNotFoundError as error:
        raise Refused("导出的文件只保留一天，已经清理。请回到列表重新导出。", code="file_gone") from error


def _visible_evidence(request: HttpRequest, public_id: uuid.UUID) -> Evidence:
    item = get_object_or_404(Evidence, public_id=public_id)
    if not may_see_evidence(request.user, item):
        raise Http404
    return item


def _picture(request: HttpRequest, item: Evidence, pixels: int) -> HttpResponseBase:
    stem = Path(item.name).stem
    try:
        path = rendition_of(item, pixels)
        return _bytes(request, item, path, "image/jpeg", f"{stem}.jpg", inline=True, version=str(pixels))
    except OSError as error:
        raise _lost(item) from error


def _original(request: HttpRequest, item: Evidence, *, inline: bool) -> HttpResponseBase:
    try:
        return _bytes(request, item, evidence_path(item.sha256), item.media_type, item.name, inline=inline)
    except OSError as error:
        raise _lost(item) from error


def _bytes(
    request: HttpRequest, item: Evidence, path: Path, media_type: str, name: str, *, inline: bool, version: str = "0"
) -> HttpResponseBase:
    etag = quote_etag(f"{item.sha256}-{version}")
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        content_type = media_type if media_type in _NAMED else "application/octet-stream"
        response = FileResponse(path.open("rb"), as_attachment=not inline, filename=name, content_type=content_type)
    sandbox = "" if inline and media_type == "application/pdf" else "; sandbox"
    response.headers["ETag"] = etag
    # The right to see may be taken away, so the browser asks each time and is answered 304.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = _POLICY + sandbox
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _lost(item: Evidence) -> Http404:
    logger.error("evidence %s (%s) has a row but no readable file", item.public_id, item.sha256)
    return Http404()


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How the daily work is done, in a page."""
    return render(request, "common/help.html")
