"""A look into a ZIP container (docx, xlsx, ofd) before anything unpacks it."""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import IO

from .errors import Refused

MAX_MEMBERS = 5_000
MAX_UNPACKED = 300 * 1024 * 1024
# A worksheet of repeated rows packs up to about 100 to 1; a bomb lies far beyond.
MAX_RATIO = 200
_RATIO_FLOOR = 10 * 1024 * 1024
_HEAD = 4096
# What Python's zipfile raises for containers that are broken in one way or another.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)


def open_archive(file: IO[bytes], *, max_unpacked: int = MAX_UNPACKED) -> zipfile.ZipFile:
    """Open a ZIP container after checking its declared sizes; the unpacker itself stops at the declared size.

    Raises Refused for a damaged, encrypted, oversized or suspiciously packed container.
    """
    try:
        archive = zipfile.ZipFile(file)
        members = archive.infolist()
    except _DAMAGE as error:
        raise Refused("文件已损坏，打不开。请打开后另存一份再上传。", code="file_damaged") from error
    if any(member.flag_bits & 0x1 for member in members):
        raise Refused("文件设了打开密码。请去掉密码后再上传。", code="file_encrypted")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    oversized = len(members) > MAX_MEMBERS or unpacked > max_unpacked
    if oversized or (unpacked > _RATIO_FLOOR and unpacked > MAX_RATIO * max(packed, 1)):
        raise Refused("文件解开后过大，为安全起见不予接收。请删去多余内容后另存一份再上传。", code="file_bomb")
    return archive


def read_member(archive: zipfile.ZipFile, name: str, size: int = -1) -> bytes:
    """The first `size` bytes of a member, or all of it. Raises Refused where the container is damaged inside."""
    try:
        with archive.open(name) as member:
            return member.read(size)
    except _DAMAGE as error:
        raise Refused("文件已损坏，打不开。请打开后另存一份再上传。", code="file_damaged") from error


def refuse_doctype(archive: zipfile.ZipFile, names: Sequence[str]) -> None:
    """Refuse a container in which one of the named XML members declares a DOCTYPE, as no office program writes one."""
    for name in names:
        # UTF-16 would hide the word behind zero bytes.
        head = read_member(archive, name, _HEAD).replace(b"\x00", b"")
        if re.search(rb"<!(DOCTYPE|ENTITY)", head, re.IGNORECASE):
            raise Refused("文件内含不安全的定义，不予接收。请打开后另存一份再上传。", code="file_unsafe")
