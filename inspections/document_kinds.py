"""The kinds of enforcement documents: what each is called, must come after, may last and has to say.

Nothing else in the program knows a kind by name. The order follows 安全生产执法程序规定 and the forms of the ministry
(安全生产行政执法文书式样); the days stand in RULES, each with its source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from units.rules import Rule

RULES: dict[str, Rule] = {
    "document_order_days": Rule(
        "责令限期整改最长期限", 30, "天", "《安全生产监管监察行政处罚办法》及执法文书式样：整改期限一般不超过30日"
    ),
    "document_coercive_days": Rule(
        "查封、扣押最长期限", 15, "天", "执法文书和本地规定采用15日；《中华人民共和国行政强制法》第二十五条另定30日上限"
    ),
    "document_measure_months": Rule("现场处理措施最长期限", 6, "个月", "执法文书式样采用6个月；按本地规定设置"),
    "document_publish_workdays": Rule("行政处罚公示期限", 7, "个工作日", "行政处罚决定作出后7个工作日内公示"),
}


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind. Its place in the order is all data.

    `after` names the kinds one of which must be approved as its parent; empty for what a visit itself gives rise to.
    `waits_for` names kinds of which none may be open under the same parent. `closes` wants every earlier document of the
    visit approved. `days` or `months` names the rule of its longest limit. `lists` prints the hazards, `rechecks` with what
    became of each, `penal` asks for penalties, `orders` for measures such as stopping equipment, `publish` names the rule of the working days to publication.
    """

    kind: str
    label: str
    word: str
    opening: str
    demand: str
    after: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()
    closes: bool = False
    days: str = ""
    months: str = ""
    lists: bool = False
    rechecks: bool = False
    penal: bool = False
    orders: bool = False
    appeal: bool = False
    publish: str = ""

    @property
    def limited(self) -> bool:
        return bool(self.days or self.months)


KINDS: dict[str, DocumentKind] = {
    one.kind: one
    for one in (
        DocumentKind(
            "record", "现场检查记录", "检记", "{officers}对你单位进行了现场检查，现将检查情况记录如下：",
            "以上记录经核对无误。", lists=True,
        ),
        DocumentKind(
            "measure", "现场处理措施决定书", "现决", "经现场检查，发现你单位存在下列问题：",
            "依据《中华人民共和国安全生产法》第六十五条，作出下列现场处理决定：",
            after=("record",), months="document_measure_months", lists=True, orders=True, appeal=True,
        ),
        DocumentKind(
            "coercive", "查封扣押决定书", "查扣", "经现场检查，发现你单位存在下列问题：",
            "依据《中华人民共和国安全生产法》第六十五条，决定采取下列行政强制措施：",
            after=("record",), days="document_coercive_days", lists=True, orders=True, appeal=True,
        ),
        DocumentKind(
            "order", "责令限期整改指令书", "责改", "经现场检查，你单位存在下列问题：",
            "现责令你单位对上述问题按期整改完毕，达到有关法律法规规章和标准规定的要求。",
            after=("record",), days="document_order_days", lists=True, appeal=True,
        ),
        DocumentKind(
            "recheck", "整改复查意见书", "复查", "对你单位整改情况进行了复查，意见如下：",
            "未完成整改的，依法处理。", after=("order", "measure"), lists=True, rechecks=True,
        ),
        DocumentKind(
            "notice", "行政处罚告知书", "罚告", "经查，你单位（你）存在下列违法行为：",
            "拟作出下列行政处罚。如对上述处罚有异议，可以提出陈述和申辩；符合听证条件的，可以要求举行听证。",
            after=("record", "order", "recheck"), lists=True, penal=True,
        ),
        DocumentKind("hearing", "听证笔录", "听证", "根据当事人的要求举行了听证，情况如下：", "以上笔录经当事人核对。", after=("notice",)),
        DocumentKind(
            "decision", "行政处罚决定书", "罚决", "经查，你单位（你）存在下列违法行为：",
            "作出下列行政处罚，自收到本决定书之日起十五日内缴至指定银行；到期不缴的，每日按罚款数额的百分之三加处罚款。",
            after=("notice",), waits_for=("hearing",), lists=True, penal=True, orders=True, appeal=True,
            publish="document_publish_workdays",
        ),
        DocumentKind("closing", "结案审批表", "结案", "本案办理情况如下：", "建议结案。", after=("record",), closes=True),
    )
}  # fmt: skip

CHOICES = [(one.kind, one.label) for one in KINDS.values()]
FIRST = tuple(one.kind for one in KINDS.values() if not one.after)
"""Kinds that need no document before them."""
DECISIONS = tuple(one.kind for one in KINDS.values() if one.penal and one.publish)
"""Kinds that set a penalty; a notice only announces it."""


def pairs() -> Iterator[tuple[str, str]]:
    """Every kind with each kind that may be its parent."""
    for one in KINDS.values():
        for parent in one.after:
            yield one.kind, parent
