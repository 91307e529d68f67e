"""The form by which a bureau loads a standard with its official wording."""

from __future__ import annotations

from common.forms import MEGABYTE, PageForm, UploadField


class StandardForm(PageForm):
    draft = ""

    file = UploadField(
        label="判定标准文件", endings=[".json"], max_bytes=5 * MEGABYTE, help_text="JSON文件，UTF-8编码，不超过5 MB。"
    )
