"""The form with which a spreadsheet is handed in."""

from common.forms import MEGABYTE, PageForm, UploadField
from common.spreadsheets import ENDINGS


class ImportForm(PageForm):
    draft = ""
    file = UploadField(label="Excel、WPS 或 CSV 文件", endings=ENDINGS, max_bytes=10 * MEGABYTE)
