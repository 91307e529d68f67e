"""One page of a PDF as PDFium sees it: its characters and its ruling lines, in points, y growing downwards."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

MOST_PATHS = 20_000  # objects looked at on a page; more is a map or a drawing, not a table
THIN = 3.0  # points; a filled rectangle thinner than this is a ruling line
FORM_DEPTH = 4


@dataclass(slots=True)
class Char:
    """One printed character: its box and the size of its font, all in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    after_space: bool = False  # a space character stands before it in the file

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


@dataclass(slots=True)
class Ruling:
    """A horizontal or vertical line: at `place` on one axis, from `start` to `end` on the other."""

    place: float
    start: float
    end: float


@dataclass(slots=True)
class PageContent:
    """What stands on a page, turned so that its text is upright."""

    number: int
    width: float
    height: float
    chars: list[Char]
    horizontals: list[Ruling]
    verticals: list[Ruling]
    has_image: bool


Turn = int  # quarter turns that make the text upright
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_page(page: Any, number: int) -> PageContent:
    """Reads a page opened by pypdfium2. Text printed askew (watermarks) is left out."""
    width, height = page.get_size()
    chars, turn = _chars(page)
    rulings = _Rulings(raw_page=page.raw)
    rulings.collect()
    if pdfium.FPDFPage_GetRotation(page.raw) % 2:
        width, height = height, width  # the size is given as shown, the boxes as drawn
    box = (width, height)
    for char in chars:
        _turn_char(char, turn, box)
    horizontals, verticals = [], []
    for x0, y0, x1, y1 in rulings.lines:
        left, top, right, bottom = _turned_box(x0, y0, x1, y1, turn, box)
        if bottom - top <= THIN and right - left > THIN:
            horizontals.append(Ruling((top + bottom) / 2, left, right))
        elif right - left <= THIN and bottom - top > THIN:
            verticals.append(Ruling((left + right) / 2, top, bottom))
    if turn % 2:
        width, height = height, width
    return PageContent(number, width, height, chars, horizontals, verticals, rulings.images > 0)


def _chars(page: Any) -> tuple[list[Char], Turn]:
    """The characters with boxes as drawn (y upwards), and the quarter turn of most of them."""
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
    turns = Counter(turn for turn, _ in found if turn is not None)
    most = turns.most_common(1)[0][0] if turns else 0
    return [char for turn, char in found if turn == most], most


def _codes(handle: Any) -> Sequence[int]:
    """The code unit of every character; read in one call where PDFium has one for each, else one by one."""
    count = pdfium.FPDFText_CountChars(handle)
    buffer = (ctypes.c_ushort * (count + 1))()
    if count > 0 and pdfium.FPDFText_GetText(handle, 0, count, buffer) == count + 1:
        return list(buffer[:count])
    return [pdfium.FPDFText_GetUnicode(handle, index) for index in range(count)]


def quarter_turn(angle: float) -> Turn | None:
    """The number of quarter turns of an angle in radians; None when the text is askew."""
    if not angle:
        return 0
    quarters = angle / (math.pi / 2)
    nearest = round(quarters)
    return nearest % 4 if abs(quarters - nearest) < 0.06 else None


def _turn_char(char: Char, turn: Turn, box: tuple[float, float]) -> None:
    char.left, char.top, char.right, char.bottom = _turned_box(char.left, char.top, char.right, char.bottom, turn, box)
    char.size = char.bottom - char.top


def _turned_box(
    x0: float, y0: float, x1: float, y1: float, turn: Turn, box: tuple[float, float]
) -> tuple[float, float, float, float]:
    """A box as drawn (y upwards) turned so that text of this turn is upright, with y growing downwards."""
    width, height = box
    if turn == 0:
        return x0, height - y1, x1, height - y0
    if turn == 1:
        return height - y1, width - x1, height - y0, width - x0
    if turn == 2:
        return width - x1, y0, width - x0, y1
    return y0, x0, y1, x1


class _Rulings:
    """Gathers the straight lines and thin rectangles of a page, through the forms it is composed of."""

    def __init__(self, raw_page: Any) -> None:
        self.page = raw_page
        self.lines: list[tuple[float, float, float, float]] = []
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
                self._objects(inner, _product(_matrix(item), outer), depth + 1)

    def _path(self, path: Any, outer: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
        if not fill.value and not stroke.value:
            return
        matrix = _product(_matrix(path), outer)
        points: list[tuple[float, float]] = []
        pieces: list[tuple[float, float, float, float]] = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(min(pdfium.FPDFPath_CountSegments(path), 2000)):
            segment = pdfium.FPDFPath_GetPathSegment(path, index)
            if not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
                continue
            point = _apply(matrix, x.value, y.value)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                self._shape(points, pieces, bool(stroke.value))
                points, pieces = [point], []
                continue
            if kind == pdfium.FPDF_SEGMENT_LINETO and points:
                pieces.append((*points[-1], *point))
            points.append(point)
            if pdfium.FPDFPathSegment_GetClose(segment) and points:
                pieces.append((*point, *points[0]))
        self._shape(points, pieces, bool(stroke.value))

    def _shape(
        self, points: list[tuple[float, float]], pieces: list[tuple[float, float, float, float]], stroked: bool
    ) -> None:
        if len(points) < 2:
            return
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        left, right, low, high = min(xs), max(xs), min(ys), max(ys)
        if right - left <= THIN or high - low <= THIN:
            self.lines.append((left, low, right, high))
        elif stroked:
            for x0, y0, x1, y1 in pieces:
                if abs(x0 - x1) <= 1 or abs(y0 - y1) <= 1:
                    self.lines.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


def _matrix(item: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(matrix)):
        return IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
