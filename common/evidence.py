"""Files that prove something: checked by content, kept once by hash, shown only to who may see what they are about."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.db import models, transaction
from PIL import Image, ImageOps

from .county import county_of
from .errors import Refused
from .filetypes import FileType, clean_name, recognise_file
from .history import clean_text, record
from .models import Evidence

THUMB_PIXELS = 320
VIEW_PIXELS = 1920

AccessCheck = Callable[[Any, str], bool]
_access: dict[str, AccessCheck] = {}


def register_evidence_access(model: type[models.Model], check: AccessCheck) -> None:
    """Say who may see the evidence about records of a model: `check(user, object_id)`; without it nobody may.

    Called in the `ready()` of the app that owns the model, usually with
    `lambda user, pk: Model.objects.visible_to(user).filter(pk=pk).exists()`.
    """
    _access[model._meta.label] = check


def may_see_evidence(user: Any, evidence: Evidence) -> bool:
    """Whether a user may see one piece of evidence, that is, the record it is about."""
    if not getattr(user, "is_authenticated", False):
        return False
    model = ContentType.objects.get_for_id(evidence.content_type_id).model_class()
    check = _access.get(model._meta.label) if model else None
    return check is not None and check(user, evidence.object_id)


def store_evidence(
    *,
    file: File[bytes],
    by: AbstractBaseUser | None,
    about: models.Model,
    caption: str = "",
    file_type: FileType | None = None,
) -> Evidence:
    """Keep an uploaded file as evidence about a saved record and write the event.

    The same file for the same record gives back the first row; for another record it makes a second row over the same
    bytes. A caller that has looked into the bytes itself and takes more kinds (a plan may be a web page) gives the
    `file_type` that it found. Raises Refused with what to do when the file is too large or not of a kind that is taken.
    """
    if about.pk is None:
        raise ValueError("Evidence is about saved records.")
    path, sha256, size = _received(file)
    try:
        if file_type is None:
            with path.open("rb") as received:
                file_type = recognise_file(received, file.name or "")
        if file_type.is_image:
            _render(path, sha256)
        _keep(path, evidence_path(sha256))
    finally:
        path.unlink(missing_ok=True)
    return _write_row(file_type, sha256, size, clean_name(file.name or "", file_type.suffix), by, about, caption)


def evidence_path(sha256: str) -> Path:
    """Where the bytes with a hash lie: MEDIA_ROOT/ab/cd/abcd…"""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def rendition_path(sha256: str, pixels: int) -> Path:
    """Where a picture's smaller JPEG without camera data lies."""
    return Path(settings.MEDIA_ROOT) / "renditions" / sha256[:2] / f"{sha256}-{pixels}.jpg"


def rendition_of(evidence: Evidence, pixels: int) -> Path:
    """The smaller JPEG of a picture, made again from the original where it was cleared away."""
    path = rendition_path(evidence.sha256, pixels)
    if not path.exists():
        _render(evidence_path(evidence.sha256), evidence.sha256)
    return path


def may_see_original(user: AbstractBaseUser | AnonymousUser, evidence: Evidence) -> bool:
    """Whether this reader of a file may have its very bytes.

    A photograph's own bytes tell where and with what it was taken (EXIF): they are for whoever handed it in and for
    those who read the whole region and judge what a photograph proves. Everybody else gets the copy that pages show.
    """
    if evidence.kind != Evidence.Kind.IMAGE or evidence.uploaded_by_id == user.pk:
        return True
    return bool(getattr(user, "reads_region", False))


def size_limit() -> int:
    """The largest file taken, in bytes (setting EVIDENCE_MAX_BYTES)."""
    return int(settings.EVIDENCE_MAX_BYTES)


def _received(file: File[bytes]) -> tuple[Path, str, int]:
    """The upload as a temporary file beside the store, with its SHA-256 and size."""
    limit = size_limit()
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    size = 0
    handle, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in file.chunks():
                size += len(chunk)
                if size > limit:
                    raise Refused(
                        f"文件超过 {limit // 1024 // 1024} MB。请压缩图片或拆分文件后再上传。", code="file_too_large"
                    )
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name), digest.hexdigest(), size


def _keep(temporary: Path, final: Path) -> None:
    """Move a complete file to its place in one step, so that a crash leaves either nothing or all of it.

    A file that is there already is replaced by its equal, which also heals one that was damaged on the disk.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary.chmod(0o640)
    temporary.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _render(source: Path, sha256: str) -> None:
    """Make the two smaller JPEGs that pages show: turned upright, without place and camera data."""
    with Image.open(source, formats=["JPEG", "PNG", "WEBP"]) as image:
        image.draft("RGB", (VIEW_PIXELS, VIEW_PIXELS))
        upright = ImageOps.exif_transpose(image)
        if upright.mode not in ("RGB", "L"):
            # Transparent parts would turn black in a JPEG.
            rgba = upright.convert("RGBA")
            upright = Image.new("RGB", rgba.size, "white")
            upright.paste(rgba, mask=rgba.getchannel("A"))
    for pixels in (VIEW_PIXELS, THUMB_PIXELS):
        upright.thumbnail((pixels, pixels))
        # A new picture carries no EXIF, XMP or colour profile of the old one.
        bare = Image.new(upright.mode, upright.size)
        bare.paste(upright)
        _write_jpeg(bare, rendition_path(sha256, pixels))


def _write_jpeg(image: Image.Image, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as target:
            image.save(target, "JPEG", quality=82, optimize=True)
        Path(name).chmod(0o640)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@transaction.atomic
def _write_row(
    file_type: FileType,
    sha256: str,
    size: int,
    name: str,
    by: AbstractBaseUser | None,
    about: models.Model,
    caption: str,
) -> Evidence:
    existing = Evidence.objects.about(about).filter(sha256=sha256).first()
    if existing is not None:
        return existing
    evidence = Evidence.objects.create(
        content_type=ContentType.objects.get_for_model(about),
        object_id=str(about.pk),
        sha256=sha256,
        size=size,
        media_type=file_type.media_type,
        kind=Evidence.Kind.IMAGE if file_type.is_image else Evidence.Kind.DOCUMENT,
        name=name,
        caption=clean_text(caption).strip()[:200],
        width=file_type.width,
        height=file_type.height,
        uploaded_by_id=None if by is None else by.pk,
        county=county_of(about, by=by),
    )
    after = {"name": name, "size": size, "sha256": sha256, "caption": evidence.caption}
    record("evidence.added", about, by=by, after=after)
    return evidence


def hash_of(file: IO[bytes]) -> str:
    """The SHA-256 of an open file, as hex digits."""
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
