"""The form with which a filled-in form of progress is handed in."""

from __future__ import annotations

from common.forms import MEGABYTE, PageForm, UploadField


class ProgressUploadForm(PageForm):
    draft = ""
    file = UploadField(
        label="填好的进展填报表",
        endings=(".xlsx", ".xls", ".et", ".ods"),
        max_bytes=10 * MEGABYTE,
        help_text="从行动页面“导出”里下载的填报表。上传后先检查、预览，确认后才写入。",
    )
