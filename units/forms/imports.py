"""The form with which a spreadsheet is handed in."""

from common.forms import MEGABYTE, PageForm, UploadField


class ImportForm(PageForm):
    draft = ""
    file = UploadField(label="Excel 或 CSV 文件", endings=(".xlsx", ".csv"), max_bytes=10 * MEGABYTE)
