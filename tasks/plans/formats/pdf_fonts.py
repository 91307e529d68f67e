"""Fonts that a PDF names but does not hold: every character of them is taken for an upright bar.

PDFium looks for such a font on the machine and measures the outline of each character in it, twice: half of all the
time a plan took. Worse, the same file would read otherwise where no Chinese font is installed, as on most servers:
there a character printed alone has no width and is dropped. How wide characters are is told by the file itself, so
the bar only has to be as high as print and narrower than any character.
"""

from __future__ import annotations

import ctypes
import struct

import pypdfium2.raw as pdfium

EM = 1000
ASCENT, DESCENT = 880, -120  # as in the usual Chinese fonts
WIDTH = 100
CHINESE_AND_NEIGHBOURS = {128, 129, 130, 134, 136}  # character sets of Windows: Japanese, Korean, Chinese
HANDLE = 1


def bar_font() -> bytes:
    """A TrueType font in which all characters are the same upright bar."""
    glyph = struct.pack(">5h", 1, 0, DESCENT, WIDTH, ASCENT)  # one contour and its box
    glyph += struct.pack(">HH4B", 3, 0, *[1] * 4)  # last of its four points, no instructions, points on the curve
    # The steps from point to point, first all of x, then all of y.
    glyph += struct.pack(">8h", 0, WIDTH, 0, -WIDTH, DESCENT, 0, ASCENT - DESCENT, 0)
    everything = struct.pack(">HHLLLLLL", 13, 0, 28, 0, 1, 0x21, 0x10FFFF, 1)  # format 13: many characters, one glyph
    tables = {
        b"cmap": struct.pack(">HHHHL", 0, 1, 3, 10, 12) + everything,
        b"glyf": glyph,
        b"head": struct.pack(
            ">LLLLHHQQhhhhHHhhh", 0x10000, 0, 0, 0x5F0F3CF5, 0, EM, 0, 0, 0, DESCENT, WIDTH, ASCENT, 0, 8, 2, 0, 0
        ),
        b"hhea": struct.pack(">L3hH11hH", 0x10000, ASCENT, DESCENT, 0, EM, 0, 0, WIDTH, 1, *[0] * 7, 1),
        b"hmtx": struct.pack(">HhH", EM, 0, 0),
        b"loca": struct.pack(">3H", 0, 0, len(glyph) // 2),
        b"maxp": struct.pack(">LHHH11H", 0x10000, 2, 4, 1, 0, 0, 2, *[0] * 8),
    }
    directory, body = struct.pack(">L4H", 0x10000, len(tables), 64, 2, 48), b""
    for tag, table in tables.items():
        directory += struct.pack(">4sLLL", tag, 0, 12 + 16 * len(tables) + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return directory + body


BAR = bar_font()
_signature = dict(pdfium.FPDF_SYSFONTINFO._fields_)


@_signature["MapFont"]
def _map_font(_info, _weight, _italic, charset, _pitch, _face, _exact):  # type: ignore[no-untyped-def]
    # Latin fonts come with PDFium.
    return HANDLE if charset in CHINESE_AND_NEIGHBOURS else None


@_signature["GetFontData"]
def _font_data(_info, _font, table, buffer, size):  # type: ignore[no-untyped-def]
    if table:
        return 0
    if buffer and size >= len(BAR):
        ctypes.memmove(buffer, BAR, len(BAR))
    return len(BAR)


# Kept for the life of the process, since PDFium keeps only its address.
_FONTS = pdfium.FPDF_SYSFONTINFO(version=1, MapFont=_map_font, GetFontData=_font_data)


def use_bar_font() -> None:
    """Keeps PDFium from looking for fonts on the machine, for the whole process."""
    pdfium.FPDF_SetSystemFontInfo(ctypes.byref(_FONTS))
