"""Invented photographs: light and dark patches by a seed, with a camera's clock and place where a test wants them."""

from __future__ import annotations

import datetime as dt
import io
import random

from django.core.files.base import ContentFile
from PIL import ExifTags, Image, ImageEnhance


def scene(seed: int, *, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with structure; another seed makes another place."""
    chance = random.Random(seed)
    small = Image.new("RGB", (12, 9))
    small.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(12 * 9)])
    return small.resize(size, Image.Resampling.BICUBIC)


def taken_again(image: Image.Image) -> Image.Image:
    """The same picture sent through a chat programme: smaller, a little brighter."""
    return ImageEnhance.Brightness(image.resize((400, 300))).enhance(1.04)


def photograph(
    image: Image.Image, *, taken: dt.datetime | None = None, place: bool = False, quality: int = 88
) -> ContentFile[bytes]:
    """The picture as a JPEG file."""
    exif = Image.Exif()
    if taken is not None:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{taken:%Y:%m:%d %H:%M:%S}"
    if place:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (41.0, 7.0, 31.25), 3: "E", 4: (117.0, 59.0, 12.5)})
    data = io.BytesIO()
    image.save(data, "JPEG", quality=quality, exif=exif)
    return ContentFile(data.getvalue(), name="photo.jpg")
