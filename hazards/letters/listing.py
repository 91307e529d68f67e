"""The three papers of a listing: its notice, the notice of its lifting, and the record of supervision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from common.history import history_of
from common.letters import Heading, Letter, Paragraph, Table
from hazards.letters.words import on, sentence
from hazards.models import Hazard, Level, Listing
from units.rules import rule


@dataclass(frozen=True, slots=True)
class Paper:
    """One of the papers: its name in addresses and on screen, what makes it, and when it can be made."""

    key: str
    label: str
    make: Callable[[Listing], Letter]
    exists: Callable[[Listing], bool]


def proposed_items(hazard: Hazard) -> dict[str, str]:
    """The five items of a notice as the system proposes them; a person may change every word."""
    days = rule("listing_acceptance_days", hazard.region_id)
    ahead = rule("listing_extension_workdays", hazard.region_id)
    clause = ""
    if hazard.clause is not None:
        standard = hazard.clause.standard
        clause = (
            f"\n违反条款：{standard.name}（{standard.document_number}）{hazard.clause.code}：{hazard.clause.label}。"
        )
    parent = f"（主体企业：{hazard.mine.parent.name}）" if hazard.mine.parent else ""
    return {
        "subject_unit": f"{hazard.mine.name}{parent}",
        "subject": f"编号：{hazard.number}。\n类别：{Level(hazard.level or Level.MAJOR).label}。\n地点：{hazard.place}。\n内容：{sentence(hazard.description)}{clause}",
        "requirement": "制定并落实治理方案，做到责任、措施、资金、时限、预案“五落实”；治理期间采取可靠的安全防范措施，"
        "不能保证安全的，停止相关区域的作业。",
        "lifting": "治理完成并自验合格后，向挂牌机关提出验收申请，附治理情况和印证资料。"
        f"挂牌机关在收到申请后{days}天内到现场验收，验收合格的予以摘牌；不合格的继续整改。",
        "other": f"确需延期的，在到期前{ahead}个工作日提出申请并说明理由。逾期未完成或验收不合格的，依法依规处理。",
    }


def notice(listing: Listing) -> Letter:
    hazard = listing.hazard
    items = [
        ("一、隐患所在单位", listing.subject_unit),
        ("二、隐患类别、地点和违反的条款", listing.subject),
        ("三、整改要求和期限", f"{listing.requirement}\n整改期限：{on(listing.first_due_on)}前完成。"),
        ("四、摘牌程序", listing.lifting),
        *([("五、其他事项", listing.other)] if listing.other else []),
    ]
    body: list[Heading | Paragraph | Table] = [
        Paragraph(
            f"经查，你单位存在重大事故隐患。依据安全生产有关法律法规，"
            f"决定对该隐患实施{listing.get_level_display()}挂牌督办。现将有关事项通知如下："
        )
    ]
    for heading, text in items:
        body += [Heading(heading), Paragraph(text)]
    return Letter(
        organ=f"{listing.organ}文件",
        number=listing.number,
        title=f"{listing.organ}关于对{hazard.mine.name}\n重大事故隐患实施挂牌督办的通知",
        to=hazard.mine.name,
        body=body,
        signers=[listing.organ],
        date=listing.listed_on,
        copies=[hazard.mine.parent.name] if hazard.mine.parent else [],
    )


def lifting_notice(listing: Listing) -> Letter:
    hazard = listing.hazard
    passed = [one for one in listing.acceptances.all() if one.passed]
    accepted = passed[-1] if passed else None
    body = [
        Paragraph(
            f"{on(listing.listed_on)}，{listing.organ}印发{listing.number}通知，对你单位重大事故隐患"
            f"（编号：{hazard.number}）实施{listing.get_level_display()}挂牌督办。"
        ),
        Paragraph(
            f"{on(accepted.on)}，经{'、'.join(officer.name for officer in accepted.officers.all())}到现场验收，"
            f"意见如下：{sentence(accepted.opinion)}"
            if accepted
            else "经现场验收，隐患已经消除。"
        ),
        Paragraph(
            f"该隐患已于{on(hazard.closed_on)}销号。经研究，决定自{on(listing.lifted_on)}起解除挂牌督办，予以摘牌。"
        ),
        Paragraph("你单位要举一反三，巩固治理成果，防止同类隐患再次发生。"),
    ]
    return Letter(
        organ=f"{listing.organ}文件",
        number=listing.lifting_number,
        title=f"{listing.organ}关于解除{hazard.mine.name}\n重大事故隐患挂牌督办的通知",
        to=hazard.mine.name,
        body=body,
        signers=[listing.organ],
        date=listing.lifted_on or timezone.localdate(),
        copies=[hazard.mine.parent.name] if hazard.mine.parent else [],
    )


def supervision_record(listing: Listing) -> Letter:
    """Facts and every act of the listing up to today, with who did it and when."""
    hazard = listing.hazard
    facts = [
        ("隐患编号", hazard.number),
        ("隐患单位", listing.subject_unit),
        ("隐患内容", f"{hazard.place}：{hazard.description}"),
        ("督办级别", listing.get_level_display()),
        ("挂牌机关", f"{listing.organ}（{listing.number}）"),
        ("挂牌日期", on(listing.listed_on)),
        ("上报", f"应于{on(listing.report_by)}前；{on(listing.reported_on) or '尚未登记'}"),
        ("公布", f"应于{on(listing.publish_by)}前；{' '.join(filter(None, (on(listing.published_on), listing.published_at))) or '尚未登记'}"),
        ("整改期限", on(listing.due_on)),
        *(
            (f"延期申请（{one.get_state_display()}）", f"{on(one.asked_on)}申请，{on(one.old_due_on)}延至{on(one.new_due_on)}：{one.reason}")
            for one in listing.extensions.all()
        ),
        *(
            (str(one), f"{on(one.on)}，{'、'.join(officer.name for officer in one.officers.all())}：{one.opinion}")
            for one in listing.acceptances.all()
        ),
        *([("升级处理", f"{on(listing.escalated_on)}，验收不合格{listing.failed_count}次")] if listing.is_escalated else []),
        ("制表日期", on(timezone.localdate())),
        ("结果", f"{listing.get_state_display()}{f'，{on(listing.lifted_on)}，{listing.lifting_number}' if listing.lifted_on else ''}"),
    ]  # fmt: skip
    events = [event for event in history_of(listing).order_by("id") if event.verb.startswith("listing.")]
    acts = [
        [f"{timezone.localtime(event.at):%Y-%m-%d %H:%M}", event.actor_name, event.verb_label, event.note]
        for event in events
    ]
    return Letter(
        title="重大事故隐患挂牌督办记录",
        body=[
            Heading("一、基本情况"),
            Table(facts, shares=[1, 4]),
            Heading("二、办理过程"),
            Table(acts, head=["时间", "办理人", "事项", "意见"], shares=[4, 3, 5, 8]),
        ],
    )


PAPERS = {
    paper.key: paper
    for paper in (
        Paper("notice", "挂牌督办通知", notice, lambda listing: listing.organ_unit_id is not None),
        Paper(
            "lifting",
            "摘牌通知",
            lifting_notice,
            lambda listing: listing.organ_unit_id is not None and listing.lifted_on is not None,
        ),
        Paper("record", "挂牌督办记录", supervision_record, lambda listing: True),
    )
}
