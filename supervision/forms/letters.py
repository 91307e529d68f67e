"""Forms of letters."""

from __future__ import annotations

from typing import Any

from django import forms

from common.forms import PageForm, RowsField, UploadsField
from supervision.letter_kinds import KINDS
from supervision.models import SupervisionLetter
from units.models import Unit, User

FILES = 12
FILES_HELP = "照片、PDF、Word、Excel，每个不超过20 MB。"
TALK = ("meets_at", "place", "people")


def words(label: str, help_text: str = "", *, rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=10_000, widget=forms.Textarea(attrs={"rows": str(rows)})
    )


class WordsForm(PageForm):
    """Title, body, and for a talk its time, place and people."""

    draft = "letter"

    title = forms.CharField(label="标题", max_length=200)
    body = words("正文", "第一段后面自动附事项清单，末尾自动写上答复日期。", rows=8)
    meets_at = forms.DateTimeField(label="约谈时间", required=False)
    place = forms.CharField(label="约谈地点", required=False, max_length=100)
    people = forms.CharField(label="参加人员", required=False, max_length=300)

    def __init__(self, *args: Any, letter: SupervisionLetter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "body", *TALK):
            self.initial.setdefault(name, getattr(letter, name))
        if not letter.is_talk:
            for name in TALK:
                del self.fields[name]


class LetterForm(PageForm):
    """A letter that no proposal stands behind."""

    draft = "letter-new"
    sections = (("函件", ("kind", "units", "title", "body")), ("约谈的另填", TALK))

    kind = forms.ChoiceField(label="种类", choices=KINDS)
    units = RowsField(label="收函单位", queryset=Unit.objects.none(), widget=forms.SelectMultiple(attrs={"size": "10"}))
    title = forms.CharField(label="标题", max_length=200)
    body = words("正文", "末尾自动写上答复日期。", rows=8)
    meets_at = forms.DateTimeField(label="约谈时间", required=False)
    place = forms.CharField(label="约谈地点", required=False, max_length=100)
    people = forms.CharField(label="参加人员", required=False, max_length=300)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["units"]
        assert isinstance(units, forms.ModelMultipleChoiceField)
        units.queryset = Unit.objects.visible_to(by).filter(is_active=True).exclude(pk=by.unit_id or 0)
        units.help_text = "按住Ctrl可以选几个单位。"


class DeclineForm(PageForm):
    draft = "letter-decline"

    reason = words("不发函的理由", "这一级不再建议；继续逾期的，到下一级时再建议。", rows=3)


class AnswerForm(PageForm):
    draft = "letter-answer"

    answer = words("办理情况", "写明每一项办到哪一步、没有办结的原因和完成日期。")
    evidence = UploadsField(label="印证资料", required=False, help_text=FILES_HELP, max_files=FILES)


class TalkForm(PageForm):
    draft = "letter-talk"

    people = forms.CharField(label="参加人员", max_length=300)
    record_text = words("约谈记录", "写明提出的要求、对方说明的原因和承诺的完成日期。", rows=8)
    evidence = UploadsField(label="签字扫描件、照片", required=False, help_text=FILES_HELP, max_files=FILES)


class ExposureForm(PageForm):
    draft = "letter-exposure"

    published_in = forms.CharField(label="曝光平台", max_length=200, help_text="网站名称和网址、报纸、公众号或公告栏。")
    published_on = forms.DateField(label="曝光日期")
    evidence = UploadsField(label="截图或照片", required=False, help_text=FILES_HELP, max_files=FILES)
