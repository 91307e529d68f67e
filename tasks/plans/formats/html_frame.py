"""What surrounds the document in a saved web page: navigation, lists of links, hidden and invisible elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tasks.plans.formats import limits

Element = Any  # lxml ships no types

# fmt: off
DROPPED = frozenset((
    "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "svg", "math",
    "canvas", "audio", "video", "map", "head", "link", "meta", "select", "option", "datalist", "button",
    "input", "textarea", "label", "rt", "rp", "del", "dialog", "frameset", "noframes",
))
# fmt: on
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
FURNITURE_BY_TAG = frozenset(("nav", "footer", "menu"))
FURNITURE_TAGS = FURNITURE_BY_TAG | frozenset(
    ("div", "ul", "ol", "dl", "table", "section", "header", "aside", "form", "p", "span")
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
# Names that site templates give to what surrounds an article.
FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav\w*|menu\w*|foot\w*|breadcrumb\w*|crumbs?|share\w*|sidebar\w*|copyright\w*|toolbar\w*|login\w*|"
    r"search\w*|related\w*|recommend\w*|pag(?:er|ination)\w*|friendlink\w*|links?|qrcode\w*|ewm|position|location|"
    r"bdsharebuttonbox|prevnext|banner\w*|logo\w*|topbar\w*)(?:$|[-_\s])",
    re.I,
)
SENTENCE_END = re.compile(r"[。；;：:！？]")
DUTY = re.compile(r"责任|牵头|时限|[一二三四五六七八九十]、|[（(][一二三四五六七八九十]+[)）]")


def drop_frame(body: Element, watch: limits.Watch) -> None:
    """Takes out of a page what is not its document. Sentences are never dropped."""
    _drop_invisible(body)
    _drop_furniture(body, watch)


def _drop(element: Element) -> None:
    """Takes an element out and leaves the text that follows it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


class _Sizes:
    """How many characters each element holds, how many of them in links, and in how many links; counted once."""

    def __init__(self, body: Element) -> None:
        self.elements = list(body.iter())
        self.length = dict.fromkeys(self.elements, 0)
        self.linked = dict.fromkeys(self.elements, 0)
        self.links = dict.fromkeys(self.elements, 0)
        for element in reversed(self.elements):  # children come before their parents
            self.length[element] += len((element.text or "").strip())
            if element.tag == "a":
                self.linked[element] = self.length[element]
                self.links[element] += 1
            parent = element.getparent()
            if parent in self.length:
                self.length[parent] += self.length[element] + len((element.tail or "").strip())
                self.linked[parent] += self.linked[element]
                self.links[parent] += self.links[element]

    def unlinked(self, element: Element) -> int:
        return self.length[element] - self.linked[element]


def _drop_invisible(body: Element) -> None:
    sizes = _Sizes(body)
    for element in sizes.elements:
        if element is body:
            continue
        if not isinstance(element.tag, str):
            _drop(element)
        elif element.tag in DROPPED:
            if element.tag != "label" or sizes.length[element] <= 20:
                _drop(element)
        elif _is_hidden(element) and sizes.length[element] * 3 < sizes.length[body]:
            # The bound is there because some sites hide the whole article until a script shows it.
            _drop(element)


def _is_hidden(element: Element) -> bool:
    return bool(HIDDEN.search(element.get("style") or "")) or element.get("hidden") is not None


def _drop_furniture(body: Element, watch: limits.Watch) -> None:
    """Drops lists of links, and what templates name as navigation unless it holds a document's words."""
    sizes = _Sizes(body)
    article = _article(body, sizes)
    above = set(article.iterancestors()) | {article, body}
    for element in sizes.elements:
        if element.tag not in FURNITURE_TAGS or element in above:
            continue
        watch.check()
        links = element.tag not in ("p", "span") and _is_link_list(element, sizes)
        if links or (_is_named_furniture(element) and not _holds_document_words(element)):
            _drop(element)


def _is_named_furniture(element: Element) -> bool:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in FURNITURE_BY_TAG or FURNITURE.search(name) is not None


def _is_link_list(element: Element, sizes: _Sizes) -> bool:
    links, linked = sizes.links[element], sizes.linked[element]
    if links < 3 or linked < 0.7 * sizes.length[element] or linked / links >= 60:
        return False
    return "附件" not in "".join(element.itertext())


def _article(body: Element, sizes: _Sizes) -> Element:
    """The innermost element that holds nine tenths of the page's text outside links."""
    article, total = body, sizes.unlinked(body)
    while True:
        inner = [child for child in article if sizes.unlinked(child) >= 0.9 * total]
        if not inner or not total:
            return article
        article = inner[0]


def _holds_document_words(element: Element) -> bool:
    """Whether the element holds a heading, prose, or words of duty; then its name does not matter."""
    if next(element.iter(*HEADINGS), None) is not None:
        return True
    prose = "".join(_unlinked(element))
    long_sentence = any(len(part) > 30 for part in SENTENCE_END.split(prose)[:-1])
    return long_sentence or len(prose) > 200 or bool(DUTY.search(prose))


def _unlinked(element: Element) -> Iterator[str]:
    if element.tag == "a":
        return
    if element.text:
        yield element.text.strip()
    for child in element:
        yield from _unlinked(child)
        if child.tail:
            yield child.tail.strip()


def length_of(element: Element) -> int:
    return sum(len(piece.strip()) for piece in element.itertext())
