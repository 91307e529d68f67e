"""Letters as PDF, set by Typst from a fixed template and a data string: no shell, no file of its own, no markup."""

from __future__ import annotations

import json
import threading
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import noto_cjk_sans_otc
import typst

from common.letters.letter import (
    Block,
    Heading,
    Letter,
    Table,
    attachment_lines,
    lines_of,
    printable,
    signature_lines,
    title_lines,
)

_TEMPLATE = Path(__file__).with_name("letter.typ")
_FALLBACK = "Noto Sans CJK SC"

# The families that the standard names, as Windows, WPS and macOS call them. They are not free and cannot be shipped;
# where the server has them they are used, elsewhere everything is set in the font that comes with the house.
_FAMILIES = {
    "title": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong"),
    "body": ("FangSong_GB2312", "FangSong", "STFangsong"),
    "heading": ("SimHei", "STHeiti"),
    "subheading": ("KaiTi_GB2312", "KaiTi", "STKaiti"),
    "page": ("SimSun", "NSimSun", "STSong"),
}
# A compiler is not shared between threads.
_compiling = threading.Lock()


@cache
def _fonts() -> typst.Fonts:
    """The fonts, looked for once in a process."""
    folder = str(Path(str(noto_cjk_sans_otc.FONT_PATH)).parent)
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[folder])


@cache
def _families() -> dict[str, str]:
    """For each use the first family that is there."""
    present = set(_fonts().families())
    return {use: next((name for name in names if name in present), _FALLBACK) for use, names in _FAMILIES.items()}


def to_pdf(letter: Letter) -> bytes:
    """Set a letter as PDF on A4. Whatever a name or text contains is printed as it stands, never run as markup."""
    data = json.dumps(_data(letter), ensure_ascii=False)
    with _compiling, warnings.catch_warnings():
        warnings.simplefilter("ignore", typst.TypstWarning)
        compiler = typst.Compiler(str(_TEMPLATE), root=str(_TEMPLATE.parent), font_paths=_fonts())
        made = compiler.compile(format="pdf", sys_inputs={"letter": data})
    if not isinstance(made, bytes):
        raise TypeError("Typst answers one PDF as bytes.")
    return made


def _data(letter: Letter) -> dict[str, Any]:
    signatures = signature_lines(letter.signers, letter.date_in_words)
    return {
        "fonts": _families() | {"fallback": _FALLBACK},
        "organ": printable(letter.organ),
        "number": printable(letter.number),
        "title": [{"text": line, "width": width} for line, width in title_lines(letter.title)],
        "to": printable(letter.to),
        "body": [block for one in letter.body for block in _blocks(one)],
        "attachments": attachment_lines(letter.attachments),
        "signatures": [{"text": text, "indent": indent} for text, indent in signatures],
        "note": printable(letter.note),
        "copies": "，".join(printable(name) for name in letter.copies),
    }


def _blocks(block: Block) -> list[dict[str, Any]]:
    if isinstance(block, Table):
        head = [printable(cell) for cell in block.head]
        head += [""] * (block.width - len(head)) if head else []
        return (
            [{"kind": "table", "head": head, "rows": block.filled(), "widths": block.widths()}] if block.width else []
        )
    kind = f"heading{block.level}" if isinstance(block, Heading) else "text"
    return [{"kind": kind, "text": line} for line in lines_of(block.text)]
