"""Ways in which copies of a plan get damaged. Each takes the text of a document and gives back a damaged text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

_HAN = re.compile(r"[\u4e00-\u9fff]")


def _is_row(line: str) -> bool:
    return line.lstrip().startswith("|")


def broken_lines(text: str) -> str:
    """Extra line breaks in the middle of sentences, as in text copied out of a PDF."""
    dice = random.Random(7)
    lines = []
    for line in text.split("\n"):
        while not _is_row(line) and len(line) > 60:
            at = dice.randint(28, 44)
            lines.append(line[:at])
            line = line[at:]
        lines.append(line)
    return "\n".join(lines)


def page_marks(text: str) -> str:
    """Page numbers on lines of their own between paragraphs and inside them."""
    out: list[str] = []
    page = 1
    for number, line in enumerate(text.split("\n")):
        if number and number % 9 == 0 and not _is_row(line):
            out.append(f"— {page} —")
            page += 1
        if len(line) > 200 and not _is_row(line) and number % 2:
            out += [line[:120], f"第 {page} 页 共 40 页", line[120:]]
        else:
            out.append(line)
    return "\n".join(out)


def chunk_marks(text: str) -> str:
    """The text in pieces of equal length, each with a running number, wherever the cut falls."""
    if any(_is_row(line) for line in text.split("\n")) or re.search(r"(?m)^2、", text):
        return text
    flat = " ".join(line.strip() for line in text.split("\n") if line.strip())
    size = 420
    return "\n".join(f"{number}、{flat[at : at + size]}" for number, at in enumerate(range(0, len(flat), size), 1))


def pinyin(text: str) -> str:
    """安(an)全(quan)(quan): readings in brackets after some characters, some of them repeated."""
    dice = random.Random(3)
    readings = lazy_pinyin(list(text), style=Style.NORMAL, errors=lambda word: [""] * len(word))
    out = []
    for character, reading in zip(text, readings, strict=True):
        out.append(character)
        if reading and _HAN.match(character) and dice.random() < 0.35:
            out.append(f"({reading})" * (3 if dice.random() < 0.2 else 1))
    return "".join(out)


def traditional(text: str) -> str:
    return OpenCC("s2t").convert(text)


def wide(text: str) -> str:
    """Full-width digits, letters and punctuation."""
    marks = {",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "%": "％"}
    return "".join(
        marks.get(character)
        or (chr(ord(character) + 0xFEE0) if character.isascii() and character.isalnum() else character)
        for character in text
    )


def narrow(text: str) -> str:
    """Half-width punctuation."""
    marks = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "％": "%"}
    return "".join(marks.get(character, character) for character in text)


def one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.split("\n") if line.strip())


def page_headers(text: str) -> str:
    """The same words at the head of every page."""
    out: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number and number % 12 == 0 and not _is_row(line):
            out += ["某某市安全生产工作文件汇编", ""]
        out.append(line)
    return "\n".join(out)


def blank_lines(text: str) -> str:
    return "\n\n \n".join(f"    {line}" for line in text.split("\n"))


def glued(text: str) -> str:
    """Everything on one line and nothing between the paragraphs; tables keep their blanks."""
    if re.search(r"(?m)^2、", text):
        return text
    return "".join(line.strip() + (" " if _is_row(line) else "") for line in text.split("\n") if line.strip())


def lost_brackets(text: str) -> str:
    """The brackets around the fields are gone."""
    return re.sub(r"[(（]((?:责任|牵头)(?:单位|责任)[:：](?:[^()（）]|[(（][^()（）]*[)）])*)[)）]", r"\1", text)


def lost_ordinals(text: str) -> str:
    """The numbers of the chapters are gone: 二、主要任务 -> 主要任务 on a line of its own."""
    return re.sub(r"(?m)^[一二三四五六七八九十]、(?=\S{4,6}$)", "", text)


GARBLINGS: tuple[Callable[[str], str], ...] = (
    broken_lines, page_marks, chunk_marks, pinyin, traditional, wide, narrow, one_line, page_headers, blank_lines,
    glued, lost_brackets, lost_ordinals,
)  # fmt: skip
