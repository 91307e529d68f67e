"""Writes printed pages as OFD (GB/T 33190), as an office's export does: one text object a line, lengths in millimetres."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import groupby, pairwise
from xml.sax.saxutils import escape

import pypdfium2

from tasks.plans.formats.pdf_page import read_page
from tasks.plans.formats.printed_page import Char, PageContent

MILLIMETRE = 25.4 / 72
SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
ROOT = f"""<?xml version="1.0" encoding="UTF-8"?>
<ofd:OFD {SPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"""
DOCUMENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>
<ofd:TemplatePage ID="1" BaseLoc="Tpls/Tpl_0/Content.xml"/></ofd:CommonData><ofd:Pages>{{}}</ofd:Pages></ofd:Document>"""
PAGE = f"""<?xml version="1.0" encoding="UTF-8"?>
<ofd:Page {SPACE}>{{}}<ofd:Content><ofd:Layer ID="2"><ofd:PageBlock ID="3">{{}}</ofd:PageBlock></ofd:Layer></ofd:Content></ofd:Page>"""


def to_ofd(pdf: bytes, *, picture: bool = False, turned: bool = False) -> bytes:
    """The pages of a PDF as OFD. `picture` leaves the words out, `turned` draws every page on its side."""
    pages = [read_page(page, number) for number, page in enumerate(pypdfium2.PdfDocument(pdf), 1)]
    members = {"OFD.xml": ROOT, "Doc_0/Tpls/Tpl_0/Content.xml": PAGE.format("", "")}
    members["Doc_0/Document.xml"] = DOCUMENT.format(
        "".join(f'<ofd:Page ID="{page.number + 9}" BaseLoc="Pages/Page_{page.number}/Content.xml"/>' for page in pages)
    )
    for page in pages:
        objects = (
            ['<ofd:ImageObject ID="9" Boundary="0 0 210 297"/>']
            if picture
            else [*_words(page, turned), *_lines(page, turned)]
        )
        width, height = (page.height, page.width) if turned else (page.width, page.height)
        area = f"<ofd:Area><ofd:PhysicalBox>0 0 {_mm(width)} {_mm(height)}</ofd:PhysicalBox></ofd:Area>"
        template = '<ofd:Template TemplateID="1" ZOrder="Background"/>'
        members[f"Doc_0/Pages/Page_{page.number}/Content.xml"] = PAGE.format(area + template, "".join(objects))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return stream.getvalue()


def _mm(points: float) -> str:
    return f"{points * MILLIMETRE:.3f}"


def _placed(x: float, y: float, page: PageContent, turned: bool) -> str:
    """The corner of a box, and for a page on its side the quarter turn that brings it there."""
    if not turned:
        return f'Boundary="{_mm(x)} {_mm(y)} 200 20"'
    return f'CTM="0 1 -1 0 0 0" Boundary="{_mm(page.height - y)} {_mm(x)} 20 200"'


def _words(page: PageContent, turned: bool) -> Iterator[str]:
    chars = sorted(page.chars, key=lambda char: (round(char.bottom), char.left))
    for _, group in groupby(chars, key=lambda char: round(char.bottom)):
        line: list[Char] = list(group)
        words, places = "", []
        for char in line:
            if char.after_space:
                words, places = words + " ", [*places, char.left]
            words, places = words + char.text, [*places, char.left]
        steps = [_mm(after - before) for before, after in pairwise(places)]
        delta = f"g {len(steps)} {steps[0]}" if len(set(steps)) == 1 else " ".join(steps)
        squares = [char.right - char.left for char in line if char.text > "\u2e80"]
        size = squares[0] if squares else 0.9 * (line[0].bottom - line[0].top)
        yield (
            f'<ofd:TextObject ID="4" {_placed(line[0].left, line[0].top, page, turned)} Font="5" Size="{_mm(size)}">'
            f'<ofd:TextCode X="0" Y="{_mm(0.88 * size)}" DeltaX="{delta}">{escape(words)}</ofd:TextCode></ofd:TextObject>'
        )


def _lines(page: PageContent, turned: bool) -> Iterator[str]:
    across = [(line.start, line.place, line.end - line.start, 0.0) for line in page.horizontals]
    down = [(line.place, line.start, 0.0, line.end - line.start) for line in page.verticals]
    for x, y, wide, high in [*across, *down]:
        yield (
            f'<ofd:PathObject ID="6" {_placed(x, y, page, turned)} LineWidth="0.2">'
            f"<ofd:AbbreviatedData>M 0 0 L {_mm(wide)} {_mm(high)}</ofd:AbbreviatedData></ofd:PathObject>"
        )
