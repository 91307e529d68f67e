"""Is the document a plan? Regulations, news, letters and summaries hold no tasks, and the reader says why."""

from __future__ import annotations

import re

from .flow import Flow

_ARTICLE = re.compile(r"(?:^|(?<=[。;:)]))第[一二三四五六七八九十百]+条")
_REGULATION = re.compile(r"(?:条例|规定|办法|细则|规程|规范|标准|法|制度|规则|章程|预案|指南|导则)(?:[(][^()]*[)])?$")
_PLAN = re.compile(r"方案|计划|要点|清单|行动|措施|任务|分工|意见|整治|攻坚|部署|安排")
_ARRANGES = re.compile(
    r"关于\S*(?:做好|抓好|开展|加强|切实|进一步|深化|推进|强化|落实|严格|深入|迅速|立即|扎实)\S*通知"
)
_OTHER_NOTICE = re.compile(r"召开|举办|报送|公布|征求|放假|成立|调整|申报|评选|表彰|填报|缴纳|招聘")
_MEETING = re.compile(r"关于(?:召开|举办|举行|参加)\S*通知$|会议通知$")
_SUMMARY = re.compile(
    r"(?:总结|汇报|报告|通报|讲话|发言|简报|公报|解读|新闻|复函|批复|函|纪要|公告|公示|倡议书|表扬|名单)(?:[(][^()]*[)])?$"
)
# Told of what was done: the bodies it names have done it, or were found wanting.
_RESULTS = re.compile(r"(?:情况|成效|结果|工作|\d年)的?(?:工作)?(?:总结|汇报|报告|通报|简报|述评)(?:[(][^()]*[)])?$")
# The same where a copy runs the title into the text.
_OTHER_HEAD = re.compile(
    r"(?:\d、)?[^。:;]{4,50}?(?:情况的?通报|上的讲话|政策解读|(?:工作|年度|情况)总结|征求意见的公告)"
)
_FORMULA = re.compile(r"(?:总结|汇报|报告|函复|答复|批复|通报)如下|特此(?:函复|函告|批复|报告|公告)|此复")
_NEWS = re.compile(r"^(?:本报讯|[\u4e00-\u9fff]{2,4}网\S{0,6}\d+月\d+日电|\S{0,12}讯[(]|近日[,])|记者|通讯员")


def why_not_a_plan(flow: Flow, title: str | None, *, has_fields: bool, has_tables: bool = False) -> str | None:
    """One Chinese sentence when the document is of another kind, else None."""
    folded = flow.folded
    title = re.sub(r"[》”\s]+$", "", (title or "").replace("（", "(").replace("）", ")"))
    articles = {match.start() for match in _ARTICLE.finditer(folded)} | {
        at for at in flow.lines if _ARTICLE.match(folded[at : at + 8])
    }
    if len(articles) >= 5 and not has_fields:
        return "这是一份分条的法规、规章或制度，条文不是任务，因此没有导入任何任务。"
    if not title and not has_tables and _OTHER_HEAD.match(folded):
        return "这是一份总结、通报、函件或报道，不是部署任务的方案，因此没有导入任何任务。"
    if _RESULTS.search(title) and not has_tables:
        return "这是一份总结、通报、函件或报道，不是部署任务的方案，因此没有导入任何任务。"
    if has_fields:
        return None
    if _MEETING.search(title):
        return "这是一份会议或活动通知，没有部署任务，因此没有导入任何任务。"
    if _REGULATION.search(title) and not _PLAN.search(title):
        return "这是一份制度、标准或预案，没有写明任务和责任单位，因此没有导入任何任务。"
    if _SUMMARY.search(title):
        return "这是一份总结、通报、函件或报道，不是部署任务的方案，因此没有导入任何任务。"
    if _FORMULA.search(folded) and not _PLAN.search(title):
        return "这是一份总结、通报、函件或报道，不是部署任务的方案，因此没有导入任何任务。"
    if _NEWS.search(folded[:300]) and not _PLAN.search(title):
        return "这像是一篇新闻报道，没有部署任务，因此没有导入任何任务。"
    return None


def names_a_plan(title: str | None, folded: str) -> bool:
    """True when the title, or the opening where no title is printed, is of the genre."""
    if _ARRANGES.search(title or "") and not _OTHER_NOTICE.search(title or ""):
        return True
    return bool(_PLAN.search(title or "")) or (not title and bool(_PLAN.search(folded[:600])))
