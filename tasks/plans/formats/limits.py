"""What a file may cost us. A plan is a few dozen pages; these limits are far above that and far below harm."""

from __future__ import annotations

import time

from tasks.plans.document import UnreadableDocument

MEGABYTE = 1024 * 1024

FILE_BYTES = 20 * MEGABYTE
UNPACKED_BYTES = 200 * MEGABYTE  # all members of a zip package, pictures included
XML_BYTES = 32 * MEGABYTE  # one XML member; its tree takes several times as much memory
TAGS = 1_200_000  # opening and closing, in one member or page; a tree costs about 100 bytes for each
PACKAGE_MEMBERS = 3000
COMPRESSION_RATIO = 200  # a Word table of a thousand equal rows reaches about 80
RATIO_MATTERS_FROM = 2 * MEGABYTE
CHARACTERS = 1_000_000
ROWS = 20_000
COLUMNS = 200
CELLS = 200_000
PAGES = 500
DEPTH = 200  # of nested elements
SECONDS = 60.0

TOO_BIG = "文件超过20MB，请删去图片或拆成几个文件后再上传。"
TOO_LONG = "文件内容太多，不像一份方案，请只保留方案正文和任务表后再上传。"
TOO_SLOW = "文件太复杂，读取超时，请用Word另存为.docx，或把文字粘贴进来。"


class Watch:
    """Stops the reading of one file when it takes too long; asked at every page, sheet and thousandth block."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.deadline = time.monotonic() + seconds

    def check(self) -> None:
        if time.monotonic() > self.deadline:
            raise UnreadableDocument(TOO_SLOW)
