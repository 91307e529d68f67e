"""Forms of supervision under a public notice."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from common.forms import PageForm, UploadsField
from hazards.forms.proofs import FILES, FILES_HELP, OfficersField, officers_for, words
from hazards.letters import proposed_items
from hazards.models import Hazard, Listing
from hazards.services.listing import last_day_to_ask
from units.models import User
from units.rules import rule


class ListingForm(PageForm):
    """The notice with its five items."""

    draft = "listing"
    sections = (
        ("挂牌", ("level", "listed_on", "due_on")),
        ("通知的五项内容", ("subject_unit", "subject", "requirement", "lifting", "other")),
        ("上级挂牌的另填", ("organ", "number", "evidence")),
    )

    level = forms.ChoiceField(label="督办级别", choices=Listing.Level.choices)
    listed_on = forms.DateField(label="挂牌日期")
    due_on = forms.DateField(label="整改期限")
    subject_unit = forms.CharField(label="一、隐患所在单位", max_length=200)
    subject = words("二、隐患类别、地点和违反的条款")
    requirement = words("三、整改要求和期限", "通知在这一项后面写上整改期限，不用再写日期。")
    lifting = words("四、摘牌程序")
    other = words("五、其他事项", required=False, rows=3)
    organ = forms.CharField(label="挂牌机关", required=False, max_length=100)
    number = forms.CharField(
        label="督办文号", required=False, max_length=60, help_text="本级挂牌的文号由系统按年度连续编排，不用填写。"
    )
    evidence = UploadsField(label="上级通知扫描件", required=False, help_text=FILES_HELP, max_files=FILES)

    def __init__(self, *args: Any, hazard: Hazard, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        most = rule("listing_limit_days", hazard.region_id)
        due_on = hazard.due_on if hazard.due_on and hazard.due_on > today else today + dt.timedelta(days=90)
        due_on = min(due_on, today + dt.timedelta(days=most))
        assert by.unit is not None
        for name, value in {
            "level": by.unit.region.county.level,
            "listed_on": today,
            "due_on": due_on,
            **proposed_items(hazard),
        }.items():
            self.initial.setdefault(name, value)
        self.fields["due_on"].help_text = f"自挂牌之日起最长{most}天。"
        self.fields["listed_on"].widget.attrs |= {"min": hazard.found_on.isoformat(), "max": today.isoformat()}


class PublishForm(PageForm):
    draft = "listing-published"

    reported_on = forms.DateField(label="上报日期", required=False)
    published_on = forms.DateField(label="公布日期", required=False)
    published_at = forms.CharField(
        label="公布处", required=False, max_length=200, help_text="网站名称和网址、报纸或公告栏。"
    )

    def __init__(self, *args: Any, listing: Listing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("reported_on", "published_on", "published_at"):
            self.initial.setdefault(name, getattr(listing, name))
        self.fields["reported_on"].help_text = f"应在{listing.report_by:%Y-%m-%d}前上报。"
        self.fields["published_on"].help_text = f"应在{listing.publish_by:%Y-%m-%d}前公布。"


class ListingExtensionForm(PageForm):
    draft = "listing-extension"

    new_due_on = forms.DateField(label="申请延至")
    reason = words("理由", "写明为什么不能按期完成、已经做了什么、延期期间怎样保证安全。")

    def __init__(self, *args: Any, listing: Listing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = last_day_to_ask(listing.due_on, rule("listing_extension_workdays", listing.region_id))
        self.fields["new_due_on"].help_text = f"现在的期限是{listing.due_on:%Y-%m-%d}，最晚在{last:%Y-%m-%d}申请。"


class AcceptanceForm(PageForm):
    """What the body that listed saw on site."""

    draft = "listing-acceptance"

    officers = OfficersField(label="验收人", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple)
    on = forms.DateField(label="验收日期")
    opinion = words("验收意见", "写明现场看到的情况和结论；不合格的写明还要做什么。")
    passed = forms.ChoiceField(
        label="结论", choices=[("yes", "合格，摘牌"), ("no", "不合格，继续整改")], widget=forms.RadioSelect
    )
    number = forms.CharField(label="摘牌文号", required=False, max_length=60)
    evidence = UploadsField(label="验收照片和文书", required=False, help_text=FILES_HELP, max_files=FILES)

    def __init__(self, *args: Any, listing: Listing, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = self.fields["officers"]
        assert isinstance(officers, forms.ModelMultipleChoiceField)
        officers.queryset = officers_for(listing.hazard, by)
        officers.help_text = f"至少{rule('major_officers', listing.region_id)}人到现场；整改人不在其中。"
        self.initial.setdefault("on", timezone.localdate())
        if listing.organ_unit_id is not None:
            del self.fields["number"]
        if listing.hazard.state != Hazard.State.CLOSED:
            self.fields["passed"].help_text = "隐患还没有复查销号，暂时不能摘牌。请先在隐患页面登记复查。"
