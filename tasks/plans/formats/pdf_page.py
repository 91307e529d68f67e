"""One page of a PDF as PDFium sees it: its characters and its ruling lines."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2.raw as pdfium

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

MOST_PATHS = 20_000  # objects looked at on a page; more is a map or a drawing, not a table
FORM_DEPTH = 4


def read_page(page: Any, number: int) -> PageContent:
    """Reads a page opened by pypdfium2."""
    width, height = page.get_size()
    rulings = _Rulings(raw_page=page.raw)
    rulings.collect()
    if pdfium.FPDFPage_GetRotation(page.raw) % 2:
        width, height = height, width  # the size is given as shown, the boxes as drawn
    return upright(number, (width, height), _chars(page), rulings.lines, has_image=rulings.images > 0)


def _chars(page: Any) -> list[tuple[Turn | None, Char]]:
    """The characters with boxes as drawn (y upwards), each with its quarter turn."""
    textpage = page.get_textpage()
    handle = textpage.raw
    box = pdfium.FS_RECTF()
    reference = ctypes.byref(box)
    box_of = pdfium.FPDFText_GetLooseCharBox
    found: list[tuple[Turn | None, Char]] = []
    turn: Turn | None = 0
    top = bottom = math.nan
    surrogate, spaced = 0, False
    for index, code in enumerate(_codes(handle)):
        if code <= 32 or code == 0xA0 or 0x2000 <= code <= 0x200B or code == 0x3000 or code == 0xFFFE:
            if code not in (2, 0xFFFE):
                # Spaces that PDFium makes out of gaps are left to our own measure.
                spaced = spaced or not pdfium.FPDFText_IsGenerated(handle, index)
                continue
            code = 0x2D  # how PDFium marks a hyphen at the end of a line
        if 0xD800 <= code < 0xDC00:
            surrogate = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((surrogate - 0xD800) << 10) + (code - 0xDC00) if surrogate else 0xFFFD
            surrogate = 0
        if code > 0x10FFFF or not box_of(handle, index, reference):
            continue
        left, right = box.left, box.right
        if box.top != top or box.bottom != bottom:  # characters that share top and bottom stand on one upright line
            top, bottom = box.top, box.bottom
            turn = quarter_turn(pdfium.FPDFText_GetCharAngle(handle, index))
        if left > right:
            left, right = right, left
        char = Char(chr(code), left, bottom, right, top, 0.0, spaced)
        if bottom > top:
            char.top, char.bottom = top, bottom
        found.append((turn, char))
        spaced = False
    textpage.close()
    return found


def _codes(handle: Any) -> Sequence[int]:
    """The code unit of every character; read in one call where PDFium has one for each, else one by one."""
    count = pdfium.FPDFText_CountChars(handle)
    buffer = (ctypes.c_ushort * (count + 1))()
    if count > 0 and pdfium.FPDFText_GetText(handle, 0, count, buffer) == count + 1:
        return list(buffer[:count])
    return [pdfium.FPDFText_GetUnicode(handle, index) for index in range(count)]


class _Rulings:
    """Gathers the straight lines and thin rectangles of a page, through the forms it is composed of."""

    def __init__(self, raw_page: Any) -> None:
        self.page = raw_page
        self.lines: list[Box] = []
        self.images = 0
        self.left_to_look_at = MOST_PATHS

    def collect(self) -> None:
        count = pdfium.FPDFPage_CountObjects(self.page)
        self._objects((pdfium.FPDFPage_GetObject(self.page, i) for i in range(count)), IDENTITY, 0)

    def _objects(self, objects: Iterator[Any], outer: Matrix, depth: int) -> None:
        for item in objects:
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self.left_to_look_at -= 1
                if self.left_to_look_at < 0:
                    return
                self._path(item, outer)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.images += 1
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < FORM_DEPTH:
                count = pdfium.FPDFFormObj_CountObjects(item)
                inner = (pdfium.FPDFFormObj_GetObject(item, i) for i in range(count))
                self._objects(inner, product(_matrix(item), outer), depth + 1)

    def _path(self, path: Any, outer: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
        if not fill.value and not stroke.value:
            return
        matrix = product(_matrix(path), outer)
        points: list[tuple[float, float]] = []
        pieces: list[Box] = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(min(pdfium.FPDFPath_CountSegments(path), 2000)):
            segment = pdfium.FPDFPath_GetPathSegment(path, index)
            if not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
                continue
            point = apply(matrix, x.value, y.value)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                self.lines += straight_lines(points, pieces, stroked=bool(stroke.value))
                points, pieces = [point], []
                continue
            if kind == pdfium.FPDF_SEGMENT_LINETO and points:
                pieces.append((*points[-1], *point))
            points.append(point)
            if pdfium.FPDFPathSegment_GetClose(segment) and points:
                pieces.append((*point, *points[0]))
        self.lines += straight_lines(points, pieces, stroked=bool(stroke.value))


def _matrix(item: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix)):
        return IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
