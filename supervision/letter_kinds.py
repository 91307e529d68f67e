"""The steps between a reminder and a public exposure: what each paper is called, says and asks for, and when it is due.

The plans name the order (函告、通报、约谈、曝光) and leave the days to the county: they are rules, each with its source.
"""

from __future__ import annotations

from dataclasses import dataclass

from units.rules import Rule

ORDER = "行动方案规定进展缓慢的依次函告、通报、约谈、曝光"
SUGGESTED = f"{ORDER}；天数为本系统建议值，按本地规定设置"

RULES: dict[str, Rule] = {
    "prompt_after_workdays": Rule("逾期后建议发提示函", 3, "个工作日", SUGGESTED),
    "supervise_after_workdays": Rule("逾期后建议发督办函", 7, "个工作日", SUGGESTED),
    "notify_after_workdays": Rule("逾期后建议通报", 15, "个工作日", SUGGESTED),
    "talk_after_workdays": Rule("逾期后建议约谈", 22, "个工作日", SUGGESTED),
    "expose_after_workdays": Rule("逾期后建议曝光", 30, "个工作日", SUGGESTED),
    "prompt_answer_workdays": Rule("提示函答复期限", 5, "个工作日", SUGGESTED),
    "supervise_answer_workdays": Rule("督办函答复期限", 5, "个工作日", SUGGESTED),
    "notify_answer_workdays": Rule("通报后报送整改情况期限", 10, "个工作日", SUGGESTED),
    "talk_answer_workdays": Rule("约谈通知答复期限", 5, "个工作日", SUGGESTED),
    "expose_answer_workdays": Rule("曝光后报送整改情况期限", 5, "个工作日", SUGGESTED),
}


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of paper and its place on the ladder.

    `word` stands in its number (青应急督函〔2026〕1号). `title` and `opening` are filled with the unit's name and how many
    items are late; `closing` with the day by which the answer is due. `after` and `answer` name rules.
    """

    kind: str
    label: str
    position: int
    word: str
    title: str
    opening: str
    closing: str

    @property
    def after(self) -> str:
        return f"{self.kind}_after_workdays"

    @property
    def answer(self) -> str:
        return f"{self.kind}_answer_workdays"


LETTER_KINDS: dict[str, LetterKind] = {
    step.kind: step
    for step in (
        LetterKind(
            "prompt", "提示函", 1, "提",
            "关于{unit}逾期事项的提示函",
            "经核对，你单位承担的下列{count}项工作已超过规定期限，尚未办结。现予提示，请抓紧办理。",
            "请逐项查明原因，尽快办结，并将办理情况和印证资料报我局。",
        ),
        LetterKind(
            "supervise", "督办函", 2, "督函",
            "关于督促{unit}限期办结逾期事项的督办函",
            "经提示，你单位承担的下列{count}项工作仍未办结。现予督办，请主要负责人亲自过问，限期办结。",
            "请逐项明确责任人、整改措施和完成日期，按期办结，并将办理情况和印证资料报我局。到期仍未办结的，将予通报。",
        ),
        LetterKind(
            "notify", "通报", 3, "通",
            "关于{unit}工作进展缓慢情况的通报",
            "经提示、督办，{unit}承担的下列{count}项工作仍未办结，进展缓慢，现予通报。",
            "请有关单位认真查找原因，制定整改措施，并将整改情况报我局。各单位要引以为戒，按期完成承担的任务。",
        ),
        LetterKind(
            "talk", "约谈通知", 4, "约",
            "关于约谈{unit}负责人的通知",
            "经提示、督办、通报，你单位承担的下列{count}项工作仍未办结。决定对你单位主要负责人进行约谈。",
            "请主要负责人按时参加，不得委托他人，并准备书面材料，说明未办结的原因、整改措施和完成日期。",
        ),
        LetterKind(
            "expose", "曝光决定", 5, "曝",
            "关于公开曝光{unit}逾期未办结事项的决定",
            "经提示、督办、通报、约谈，{unit}承担的下列{count}项工作仍未办结。决定予以公开曝光。",
            "请{unit}立即整改，并将整改情况报我局。整改完成后，可申请公布整改结果。",
        ),
    )
}  # fmt: skip
KINDS = [(step.kind, step.label) for step in LETTER_KINDS.values()]
