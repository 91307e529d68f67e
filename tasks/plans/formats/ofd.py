"""OFD files, the fixed layout of Chinese offices (GB/T 33190): characters and lines on pages, read on like those of a PDF.

A page holds text objects, each in a box of its own (millimetres, y downwards) with the place of every character.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from posixpath import join, normpath
from typing import Any

from lxml import etree

from tasks.plans.document import Document, UnreadableDocument
from tasks.plans.formats import limits
from tasks.plans.formats.building import DocumentBuilder
from tasks.plans.formats.detection import ENCRYPTED_OFFICE, Kind
from tasks.plans.formats.package import DAMAGED, Package
from tasks.plans.formats.printed_page import (
    IDENTITY,
    Box,
    Char,
    Matrix,
    PageContent,
    Turn,
    apply,
    product,
    quarter_turn,
    straight_lines,
    upright,
)
from tasks.plans.formats.printed_text import TOO_MANY_PAGES, add_pages

Element = Any  # lxml ships no types

POINT = 72 / 25.4  # points in a millimetre
A4 = (0.0, 0.0, 210.0, 297.0)
ASCENT = 0.88  # of a character's square above its base line
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE]-?\d+)?")
_STEP = re.compile(r"[MSLQBAC]|" + _NUMBER.pattern)
_COORDINATES = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}  # of each drawing step; the end point is last


def open_ofd(name: str, package: Package) -> Document:
    """Opens an OFD with text. Raises UnreadableDocument for scans, locked and damaged files."""
    builder = DocumentBuilder(name, Kind.OFD)
    add_pages(builder, _contents(package), "OFD")
    return builder.document()


def _contents(package: Package) -> Iterator[PageContent]:
    if any(member.lower().endswith("encryptions.xml") for member in package.names):
        raise UnreadableDocument(ENCRYPTED_OFFICE)
    number = 0
    for root in _named(package.xml("OFD.xml"), "DocRoot"):
        place = _path("", root.text)
        document, folder = package.xml(place), place.rpartition("/")[0]
        box = _box(next(_named(document, "PhysicalBox"), None), A4)
        templates = {
            item.get("ID", ""): _path(folder, item.get("BaseLoc")) for item in _named(document, "TemplatePage")
        }
        for page in _named(document, "Page"):
            number += 1
            if number > limits.PAGES:
                raise UnreadableDocument(TOO_MANY_PAGES)
            content = package.xml(_path(folder, page.get("BaseLoc")))
            used = [templates.get(item.get("TemplateID", ""), "") for item in _named(content, "Template")]
            layers = [package.xml(template) for template in used if template in package.names]
            yield _page(number, [*layers, content], _box(next(_named(content, "PhysicalBox"), None), box))


def _named(parent: Element, name: str) -> Iterator[Element]:
    """The elements of this name; the namespace is left open, since not every writer names the right one."""
    return (element for element in parent.iter(etree.Element) if etree.QName(element).localname == name)


def _path(folder: str, place: str | None) -> str:
    """Where a member lies: beside the file that names it, or from the root of the package."""
    place = (place or "").strip().replace("\\", "/")
    if not place:
        raise UnreadableDocument(DAMAGED)
    return normpath(place.lstrip("/") if place.startswith("/") else join(folder, place))


def _numbers(words: str | None) -> list[float]:
    return [float(number) for number in _NUMBER.findall(words or "")]


def _box(element: Element | None, otherwise: tuple[float, ...]) -> tuple[float, ...]:
    numbers = _numbers(element.text if element is not None else None)
    return tuple(numbers[:4]) if len(numbers) >= 4 and min(numbers[2:4]) > 0 else otherwise


def _page(number: int, layers: list[Element], box: tuple[float, ...]) -> PageContent:
    left, top, width, height = (value * POINT for value in box)
    # From millimetres downwards to points upwards, as `upright` wants them.
    outer: Matrix = (POINT, 0.0, 0.0, -POINT, -left, top + height)
    found: list[tuple[Turn | None, Char]] = []
    lines: list[Box] = []
    pictures = 0
    for layer in layers:
        for element in layer.iter(etree.Element):
            kind = etree.QName(element).localname
            if kind not in ("TextObject", "PathObject", "ImageObject") or element.get("Visible") == "false":
                continue
            matrix = product(_placed(element), outer)
            if kind == "TextObject":
                found += _text(element, matrix)
            elif kind == "PathObject":
                lines += _path_lines(element, matrix)
            else:
                pictures += 1
    return upright(number, (width, height), found, lines, has_image=pictures > 0)


def _placed(element: Element) -> Matrix:
    """From the object's own space into that of the page: its matrix, then the corner of its box."""
    own = _numbers(element.get("CTM"))
    corner = _numbers(element.get("Boundary")) or [0.0, 0.0]
    matrix: Matrix = (own[0], own[1], own[2], own[3], own[4], own[5]) if len(own) >= 6 else IDENTITY
    return product(matrix, (1.0, 0.0, 0.0, 1.0, corner[0], corner[1] if len(corner) > 1 else 0.0))


def _text(element: Element, matrix: Matrix) -> Iterator[tuple[Turn | None, Char]]:
    sizes = _numbers(element.get("Size") or element.get("size")) or [4.0]
    stretch = (_numbers(element.get("HScale")) or [1.0])[0] or 1.0
    turn = quarter_turn(math.atan2(-matrix[1], matrix[0]) % (2 * math.pi))
    x = y = 0.0
    for code in _named(element, "TextCode"):
        words = code.text or ""
        x, y = (_numbers(code.get("X")) or [x])[0], (_numbers(code.get("Y")) or [y])[0]
        across, down = _steps(code.get("DeltaX"), len(words)), _steps(code.get("DeltaY"), len(words))
        spaced = False
        for index, character in enumerate(words):
            wide = sizes[0] * stretch * (1.0 if character > "\u2e80" else 0.5)
            step = across[index] if index < len(across) else 0.0 if down else wide
            if character <= "\u2e80":  # as wide as its step, where that is no gap between words
                wide = max(wide, min(step, 1.4 * wide))
            if character.isspace():
                spaced = True
            else:
                one = apply(matrix, x, y - ASCENT * sizes[0])
                other = apply(matrix, x + wide, y + (1 - ASCENT) * sizes[0])
                corners = [*sorted((one[0], other[0])), *sorted((one[1], other[1]))]
                yield turn, Char(character, corners[0], corners[2], corners[1], corners[3], 0.0, spaced)
                spaced = False
            x += step
            y += down[index] if index < len(down) else 0.0


def _steps(words: str | None, most: int) -> list[float]:
    """The distances between characters; “g 3 4.2” says 4.2 three times."""
    parts = (words or "").split()
    found: list[float] = []
    at = 0
    while at < len(parts) and len(found) < most:
        if parts[at] == "g" and at + 2 < len(parts):
            again = _numbers(parts[at + 1])
            found += _numbers(parts[at + 2])[:1] * min(int(again[0]) if again else 0, most)
            at += 3
        else:
            found += _numbers(parts[at])[:1]
            at += 1
    return found


def _path_lines(element: Element, matrix: Matrix) -> Iterator[Box]:
    stroked, filled = element.get("Stroke", "true") != "false", element.get("Fill") == "true"
    if not stroked and not filled:
        return
    for data in _named(element, "AbbreviatedData"):
        steps = _STEP.findall((data.text or "")[:100_000])
        points: list[tuple[float, float]] = []
        pieces: list[Box] = []
        at = 0
        while at < len(steps):
            kind = steps[at]
            count = _COORDINATES.get(kind, 0)
            numbers = [float(step) for step in steps[at + 1 : at + 1 + count] if step not in _COORDINATES]
            at += 1 + len(numbers)
            if len(numbers) < count:
                continue
            if kind in "MS":
                yield from straight_lines(points, pieces, stroked=stroked)
                points, pieces = [], []
            elif kind == "C" and points:
                pieces.append((*points[-1], *points[0]))
            if count:
                point = apply(matrix, numbers[-2], numbers[-1])
                if kind == "L" and points:
                    pieces.append((*points[-1], *point))
                points.append(point)
        yield from straight_lines(points, pieces, stroked=stroked)
