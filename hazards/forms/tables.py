"""The forms of the two lists, of imports, and of the monthly table."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import MEGABYTE, PageForm, UploadField, dress
from common.spreadsheets import ENDINGS
from hazards.imports.columns import COLUMNS
from hazards.imports.given import BLANKS, MISSING, SECTION, SHEET_NAME
from hazards.imports.register import CLOSED_ROWS, REFUSE
from hazards.models import InstitutionalMeasure, RegisterImport
from tasks.models import Campaign
from units.models import Unit, User


class RegisterUploadForm(PageForm):
    draft = ""
    file = UploadField(label="Excel、WPS 或 CSV 文件", endings=ENDINGS, max_bytes=20 * MEGABYTE)


class MappingForm(PageForm):
    """Which column of the file fills which column of the register: one choice for every heading."""

    draft = ""

    def __init__(self, *args: Any, run: RegisterImport, **kwargs: Any) -> None:
        self.run = run
        super().__init__(*args, **kwargs)
        choices = [("", "不读取"), *((column.key, column.title) for column in COLUMNS)]
        for position, title in enumerate(run.headings):
            if title or any(len(cells) > position and cells[position] for cells in run.samples):
                self.fields[f"c{position}"] = forms.ChoiceField(
                    label=title or f"第{position + 1}列",
                    choices=choices,
                    required=False,
                    initial=run.mapping.get(str(position), ""),
                )
        if run.unit.kind != Unit.Kind.MINE:
            self.fields["mine"] = forms.CharField(
                label="单位（表里没有这一列时填写）",
                max_length=100,
                required=False,
                initial=run.given.get("mine", ""),
                help_text=f"整张表是同一座矿的，写矿山名称；一座矿一张工作表的，写“{SHEET_NAME}”；矿名单独占一行、下面是它的隐患的，写“{SECTION}”。",
            )
        self.fields["found_on"] = forms.DateField(
            label="发现日期（表里没有这一列时填写）",
            required=False,
            initial=run.given.get("found_on", ""),
            help_text="表里所有的隐患都按这一天登记。",
        )
        self.fields["blank"] = forms.ChoiceField(
            label="单位、发现日期空着的行",
            choices=list(BLANKS.items()),
            initial=run.given.get("blank", MISSING),
            widget=forms.RadioSelect,
            required=False,
        )
        dress([self.fields["found_on"]])
        self.fields["closed_rows"] = forms.ChoiceField(
            label="表中写着已销号、系统里没有的隐患",
            choices=list(CLOSED_ROWS.items()),
            initial=run.closed_rows or REFUSE,
            widget=forms.RadioSelect,
        )

    def lines(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each heading's control with what stands beneath it in the first rows."""
        lines = []
        for name in self.fields:
            if name.startswith("c") and name[1:].isdecimal():
                place = int(name[1:])
                lines.append((self[name], [cells[place] for cells in self.run.samples if len(cells) > place]))
        return lines

    @property
    def given(self) -> dict[str, str]:
        """What holds for the whole table, as the service takes it."""
        day = self.cleaned_data.get("found_on")
        return {
            "mine": self.cleaned_data.get("mine", "").strip(),
            "found_on": day.isoformat() if day else "",
            "blank": self.cleaned_data.get("blank", ""),
        }

    @property
    def mapping(self) -> dict[str, str]:
        return {name[1:]: value for name, value in self.cleaned_data.items() if name[1:].isdecimal() and name[0] == "c"}


class MeasureForm(PageForm):
    sections = (
        ("制度措施", ("name", "gist", "campaign")),
        ("责任和时限", ("lead_unit", "responsible_units", "due_on")),
        ("进展", ("progress", "document", "issued_on")),
    )
    draft = "measure"

    name = forms.CharField(label="制度/措施名称", max_length=200)
    gist = forms.CharField(label="主要内容", widget=forms.Textarea, required=False)
    campaign = forms.ModelChoiceField(label="专项行动", queryset=Campaign.objects.none(), required=False)
    lead_unit = forms.ModelChoiceField(label="牵头单位", queryset=Unit.objects.none())
    responsible_units = forms.CharField(
        label="责任单位", max_length=300, required=False, help_text="多个单位用顿号分开。"
    )
    due_on = forms.DateField(label="完成时限", required=False, help_text="长期坚持的不填。")
    progress = forms.CharField(label="进展", widget=forms.Textarea, required=False)
    document = forms.CharField(
        label="印发文件", max_length=200, required=False, help_text="文件名称和文号；标为“已印发”前必须填写。"
    )
    issued_on = forms.DateField(label="印发日期", required=False)

    def __init__(self, *args: Any, user: User, measure: InstitutionalMeasure | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["campaign"].queryset = Campaign.objects.visible_to(user)
        fields["lead_unit"].queryset = Unit.objects.visible_to(user).filter(is_active=True)
        if measure is not None and "bureau" not in measure.relations_of(user):
            # The lead unit says how far it is; what it owes is set by the bureau.
            for name in ("name", "gist", "campaign", "lead_unit", "responsible_units", "due_on"):
                del self.fields[name]


class ReopenForm(PageForm):
    draft = ""
    reason = forms.CharField(label="重开理由", max_length=300, widget=forms.Textarea)


class TableUploadForm(PageForm):
    draft = ""
    file = UploadField(label="Excel、WPS 或 CSV 文件", endings=ENDINGS, max_bytes=5 * MEGABYTE)
    hidden = forms.ChoiceField(
        label="文件里隐藏的行（筛选掉的也是）",
        choices=[("read", "一并导入"), ("leave", "不导入")],
        initial="read",
        widget=forms.RadioSelect,
        required=False,
    )
