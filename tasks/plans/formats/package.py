"""Zip packages (.docx, .xlsx, .odt, .ofd): checked before anything is unpacked, read member by member, never written to disk."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from tasks.plans.document import UnreadableDocument
from tasks.plans.formats import limits
from tasks.plans.formats.detection import ARCHIVE, DOCUMENT_NAMES

BOMB = "文件解压后过大，可能已被篡改，请用Word或Excel打开后另存为新文件再上传。"
LOCKED = "压缩包设有密码，请解压后上传其中的方案文件。"
SEVERAL = "压缩包里有{}个文件，请解压后一次上传一个方案文件。"
DAMAGED = "文件已损坏，请用Word或WPS打开后另存为新文件再上传。"
HOSTILE_XML = "文件里有不应出现的内容，请用Word或Excel打开后另存为新文件再上传。"
# Files saved as “Strict Open XML” use other namespace names for the same elements.
STRICT_NAMESPACES = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


class Package:
    """The members of a checked zip package."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise UnreadableDocument(DAMAGED) from error
        members = self._zip.infolist()
        if len(members) > limits.PACKAGE_MEMBERS or sum(member.file_size for member in members) > limits.UNPACKED_BYTES:
            raise UnreadableDocument(BOMB)
        for member in members:
            if member.flag_bits & 1:
                raise UnreadableDocument(LOCKED)
            ratio = member.file_size / max(1, member.compress_size)
            if member.file_size > limits.RATIO_MATTERS_FROM and ratio > limits.COMPRESSION_RATIO:
                raise UnreadableDocument(BOMB)
        # Some writers use back slashes; zipfile has made them slashes only on Windows.
        self._members = {member.filename.replace("\\", "/").lstrip("/"): member for member in members}
        self.names = frozenset(self._members)

    def read(self, name: str) -> bytes:
        """The bytes of an XML member. zipfile never yields more than the checked size."""
        member = self._members.get(name)
        if member is None:
            raise UnreadableDocument(DAMAGED)
        if member.file_size > limits.XML_BYTES:
            raise UnreadableDocument(limits.TOO_LONG)
        try:
            return self._zip.read(member)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
            raise UnreadableDocument(DAMAGED) from error

    def only_document(self) -> tuple[str, bytes]:
        """Name and bytes of the one document in an archive. Raises UnreadableDocument when there is none, or several."""
        names = [
            name
            for name in self._members
            if name.lower().endswith(DOCUMENT_NAMES) and not name.startswith("__MACOSX/") and "/." not in f"/{name}"
        ]
        if len(names) != 1:
            raise UnreadableDocument(SEVERAL.format(len(names)) if names else ARCHIVE)
        content = self.read(names[0])
        if len(content) > limits.FILE_BYTES:
            raise UnreadableDocument(limits.TOO_BIG)
        return names[0].rpartition("/")[2], content

    def xml(self, name: str) -> Any:
        """The root element of an XML member, parsed with nothing expanded and nothing fetched."""
        return parse_xml(self.read(name))

    def check_xml(self, name: str) -> None:
        """Refuses a member that another parser will read and that this one would not."""
        refuse_hostile_xml(self.read(name))

    def stream(self, name: str, tags: tuple[str, ...]) -> Iterator[Any]:
        """The elements of a big member that end with one of these tags, one by one; the last tag given is forgotten."""
        data = self.read(name)
        refuse_hostile_xml(data)
        events = etree.iterparse(
            io.BytesIO(usual_namespaces(data)), tag=tags, resolve_entities=False, no_network=True, huge_tree=False
        )
        try:
            for _, element in events:
                yield element
                if element.tag == tags[-1]:
                    element.clear()
        except etree.XMLSyntaxError as error:
            raise UnreadableDocument(DAMAGED) from error

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """The relations of a member: id → (last word of the type, member it points to). External ones are left out."""
        folder, _, last = name.rpartition("/")
        path = f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels"
        if path not in self.names:
            return {}
        found = {}
        for relation in self.xml(path):
            if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "").replace("\\", "/")
            target = target.lstrip("/") if target.startswith("/") else _join(folder, target)
            found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], target)
        return found


def _join(folder: str, target: str) -> str:
    parts = folder.split("/") if folder else []
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def refuse_hostile_xml(data: bytes) -> None:
    """Raises UnreadableDocument for what no office program writes: a DOCTYPE, entities, a charset that hides them."""
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[1:2] == b"\x00":
        raise UnreadableDocument(HOSTILE_XML)  # office programs write UTF-8; other charsets hide a DOCTYPE
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnreadableDocument(HOSTILE_XML)
    declared = re.match(rb"(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}encoding\s*=\s*[\"']([^\"']{0,40})", head)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise UnreadableDocument(HOSTILE_XML)


def parse_xml(data: bytes) -> Any:
    """Parses XML that may be hostile: a DOCTYPE is refused, entities stay unexpanded, depth is limited."""
    refuse_hostile_xml(data)
    if data.count(b"<") > limits.TAGS:
        raise UnreadableDocument(limits.TOO_LONG)
    data = usual_namespaces(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(DAMAGED) from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableDocument(HOSTILE_XML)
    return root


def usual_namespaces(data: bytes) -> bytes:
    for strict, usual in STRICT_NAMESPACES:
        if strict in data[:4096]:
            data = data.replace(strict, usual)
    return data
