"""The chapters of a document: what each is about, and which of them say what is to be done."""

from __future__ import annotations

from dataclasses import dataclass

from .flow import Flow
from .nodes import Node, Rank
from .responsibility import find_responsibilities
from .titles import title_of
from .vocabulary import LOOKED_AT, chapter_kind


@dataclass(slots=True)
class Chapter:
    """A top heading with what it holds (see `vocabulary.chapter_kind`)."""

    node: Node
    kind: str
    has_units: bool = False
    has_fields: bool = False
    looked_at: bool = False


def chapters_of(root: Node, flow: Flow) -> list[Chapter]:
    """The outermost headings that divide the document; appendix and topic headings are looked into."""
    found: list[Chapter] = []
    for node in root.children:
        if node.rank in (Rank.APPENDIX, Rank.TOPIC) and node.children and not _is_chapter(node, flow):
            found += [_chapter(child, flow) for child in node.children]
        else:
            found.append(_chapter(node, flow))
    return found


def _is_chapter(node: Node, flow: Flow) -> bool:
    """第二部分 重点任务: what stands where other plans print 二、."""
    title = title_of(node, flow)
    below = all(child.rank > Rank.CHAPTER for child in node.children)
    return node.rank is Rank.TOPIC and below and title is not None and chapter_kind(title.folded) != "other"


def _chapter(node: Node, flow: Flow) -> Chapter:
    title = title_of(node, flow)
    kind = chapter_kind(title.folded) if title else "other"
    if node.rank is Rank.APPENDIX and not node.children:
        kind = "appendix"
    groups = find_responsibilities(flow, node.head, node.end)
    named = sum(1 for group in groups if group.units)
    if kind == "closing":
        kind = "other" if named else "protection"
    elif kind in ("goals", "stages", "overall", "organisation") and named >= 2:
        kind = "tasks"
    fields = any(group.printed_as_field for group in groups)
    looked_at = title is not None and LOOKED_AT.search(title.folded) is not None and "措施" not in title.folded
    return Chapter(node, kind, bool(groups), fields, looked_at)


def task_chapters(chapters: list[Chapter], *, is_plan: bool) -> list[Chapter]:
    """Chapters named for tasks; topics that say who is responsible; in a plan without either, every topic."""
    named = [chapter for chapter in chapters if chapter.kind == "tasks"]
    if any(not chapter.looked_at for chapter in named):
        named = [chapter for chapter in named if chapter.has_units or not chapter.looked_at]
    if named:
        return [chapter for chapter in chapters if chapter in named or (chapter.kind == "other" and chapter.has_units)]
    if is_plan or any(chapter.has_units for chapter in chapters if chapter.kind == "other"):
        return [chapter for chapter in chapters if chapter.kind == "other"]
    return []
