"""A table that is taken whole: all its rows, or every fault at once and nothing."""

from __future__ import annotations

from typing import Any, ClassVar

from common.errors import Refused
from common.forms import FormPage
from common.spreadsheets import ImportResult


class TableImport(FormPage):
    """Give `counted` (what a row is counted as) and `take`, which hands the bytes of the file to the service."""

    submit = "检查并导入"
    counted: ClassVar[str] = "项"

    def take(self, data: bytes) -> ImportResult:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"errors": getattr(self, "errors", [])}

    def perform(self, form: Any) -> str:
        result = self.take(form.cleaned_data["file"].read())
        if not result.is_clean:
            self.errors = result.errors
            raise Refused(f"有 {result.counts['wrong']} 行有误，没有写入任何内容。请按下面的说明改好后重新上传。")
        new, changed, same = (result.counts[outcome] for outcome in ("new", "changed", "unchanged"))
        return f"已导入：新增 {new} {self.counted}，修改 {changed} {self.counted}，{same} {self.counted}无变化。"
