"""A table that is taken whole: all its rows, or every fault at once and nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from common.errors import Refused
from common.forms import FormPage
from common.spreadsheets import Column, ImportResult
from hazards.forms.tables import TableUploadForm


class TableImport(FormPage):
    """Give the `table` with the list it belongs to, a `lead` that says what a row does, and `take`, which hands the bytes
    of the file to the service. `counted` is what a row is counted as.
    """

    form_class = TableUploadForm
    template_name = "hazards/table_import.html"
    table: ClassVar[Sequence[Column]]
    list_title: ClassVar[str]
    lead: ClassVar[str]
    submit = "检查并导入"
    counted: ClassVar[str] = "项"

    def take(self, data: bytes, leave_hidden: bool) -> ImportResult:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "lead": self.lead,
            "list_title": self.list_title,
            "list_url": self.get_success_url(),
            "columns": [column for column in self.table if not column.export_only],
            "errors": getattr(self, "errors", []),
        }

    def perform(self, form: Any) -> str:
        leave_hidden = form.cleaned_data["hidden"] == "leave"
        result = self.take(form.cleaned_data["file"].read(), leave_hidden)
        if not result.is_clean:
            self.errors = result.errors
            raise Refused(f"有 {result.counts['wrong']} 行有误，没有写入任何内容。请按下面的说明改好后重新上传。")
        new, changed, same = (result.counts[outcome] for outcome in ("new", "changed", "unchanged"))
        words = f"已导入：新增 {new} {self.counted}，修改 {changed} {self.counted}，{same} {self.counted}无变化。"
        if result.table.hidden:
            words += f"{result.table.hidden_in_words}在文件里是隐藏的，{'没有导入' if leave_hidden else '也导入了'}。"
        return words
