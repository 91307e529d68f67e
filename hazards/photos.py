"""What a photograph tells beside its picture: how it looks from afar, when it was taken, whether it names a place."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from PIL import ExifTags, Image, ImageOps

SIDE = 8
BITS = SIDE * SIDE
BAND_BITS = (11, 11, 11, 11, 10, 10)
"""Six bands: two hashes that differ in at most five bits agree in one of them at least."""
MOST_NEAR_BITS = len(BAND_BITS) - 1
LEAST_CONTRAST = 3
"""Smallest step of brightness (of 255) between neighbouring fields that is picture and not noise."""
LEAST_EDGES = 8
"""Steps that a picture must have before it can be told from another: a blank wall looks like every blank wall."""
FIRST_YEAR = 1995
"""A camera whose clock was never set tells of 1970 or 1980."""


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """`dhash` as 16 hex digits, empty where the picture has too little structure; `taken_at` by the camera's clock."""

    dhash: str
    taken_at: dt.datetime | None
    has_gps: bool


def read_photo(path: Path) -> PhotoFacts | None:
    """The facts of a picture file; None for what is no readable picture.

    A camera's clock knows no time zone unless it says so: its time is taken as the time here.
    """
    try:
        with warnings.catch_warnings():
            # Damaged camera data makes Pillow warn; the picture is still a picture.
            warnings.simplefilter("ignore")
            with Image.open(path, formats=["JPEG", "PNG", "WEBP"]) as image:
                taken_at, has_gps = _camera_data(image)
                image.draft("L", (SIDE * 16, SIDE * 16))
                return PhotoFacts(difference_hash(ImageOps.exif_transpose(image)), taken_at, has_gps)
    except (OSError, ValueError, SyntaxError, TypeError, Image.DecompressionBombError):
        return None


def difference_hash(image: Image.Image) -> str:
    """Sixty-four bits that say where a picture grows brighter from left to right, as 16 hex digits.

    Survives another size, another compression and a little more light. Empty where there is next to nothing to see.
    """
    small = image.convert("L").resize((SIDE + 1, SIDE), Image.Resampling.BOX)
    brightness = small.tobytes()
    value = edges = 0
    for row in range(SIDE):
        for column in range(SIDE):
            here = row * (SIDE + 1) + column
            step = brightness[here + 1] - brightness[here]
            edges += abs(step) >= LEAST_CONTRAST
            value = value << 1 | (step >= LEAST_CONTRAST)
    return f"{value:016x}" if edges >= LEAST_EDGES else ""


def distance(one: str, other: str) -> int:
    """In how many bits two hashes differ; all of them where one is empty."""
    return (int(one, 16) ^ int(other, 16)).bit_count() if one and other else BITS


def bands(dhash: str) -> list[int | None]:
    """A hash cut into six numbers, none where it is empty."""
    if not dhash:
        return [None] * len(BAND_BITS)
    value, found = int(dhash, 16), list[int | None]()
    for bits in BAND_BITS:
        found.append(value & ((1 << bits) - 1))
        value >>= bits
    return found


def _camera_data(image: Image.Image) -> tuple[dt.datetime | None, bool]:
    """When the camera says that it took the picture, and whether the file names a place."""
    try:
        exif = image.getexif()
        camera = exif.get_ifd(ExifTags.IFD.Exif)
        has_gps = bool(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:
        # Camera data is written by a thousand programs and Pillow raises whatever it meets; a photograph whose
        # camera data cannot be read is one without them.
        return None, False
    stamp = camera.get(ExifTags.Base.DateTimeOriginal) or camera.get(ExifTags.Base.DateTimeDigitized)
    return _moment(stamp, camera.get(ExifTags.Base.OffsetTimeOriginal)), has_gps


def _moment(stamp: Any, offset: Any) -> dt.datetime | None:
    """A camera's "2026:03:05 14:30:00" as a moment; None for zeros, blanks and days before digital cameras."""
    text, zone = (str(value or "").strip("\0 ") for value in (stamp, offset))
    for words, shape in ((text[:19] + zone, "%Y:%m:%d %H:%M:%S%z"), (text[:19], "%Y:%m:%d %H:%M:%S")):
        try:
            moment = dt.datetime.strptime(words, shape)
        except ValueError:
            continue
        if moment.year < FIRST_YEAR:
            return None
        return moment if moment.tzinfo else timezone.make_aware(moment)
    return None
