"""The head and the foot of the document: title, number, issuer, day of issue, level of government."""

from __future__ import annotations

import re
from datetime import date

from .dates import month_end
from .flow import Flow, Gap
from .model import Campaign
from .nodes import ordinal
from .traced import Traced

_KIND = r"(?:方案|分解表|任务表|一览表|计划|要点|任务清单|工作清单|责任清单|清单|意见|措施|通知|行动|细则|规划|分工|安排|台账|责任书|任务书)"
DOCUMENT_NUMBER = re.compile(
    r"(?P<code>[\u4e00-\u9fff]{1,12}(?:字|发|办|函|电|明电|委)?)[〔\[(](?P<year>\d{4})[〕\])]第?(?P<number>\d{1,4})号?"
)
# 文 安 委 〔 2020 〕 12 号: a short code printed with blanks between its characters.
_SPACED_CODE = re.compile(r"[\u4e00-\u9fff]{2,6}")
_NOTICE = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff、()]{2,60}?)?关于(?P<verb>印发|转发(?:[\u4e00-\u9fff、]{2,24}(?:印发)?的?)?|下发|发布)[《<](?P<title>[^《》]{4,80}(?:《[^《》]{2,60}》[^《》]{0,20})?)[》>](?:\S{0,3})的?通知"
)
_ABOUT = re.compile(
    r"(?P<title>(?P<issuer>(?:中共)?[\u4e00-\u9fff、]{2,40}?)关于[^。;:]{4,80}?的(?:通知|意见|实施意见|决定|通告|公告|通报))"
)
# 关于印发X方案的通知 without quotation marks; 印发《X措施》 in the heading of a news page.
_PASSED_ON = re.compile(rf"关于(?:印发|下发)(?P<title>[^《》。:;]{{4,60}}?{_KIND}(?:[(][^()]{{2,24}}[)])?)的通知")
_PUBLISHED = re.compile(r"(?:印发|发布|出台)[《](?P<title>[^《》]{4,80})[》]")
# …，特制定X工作要点。: the opening names the plan where no title is printed.
_MADE = re.compile(rf"制定(?P<title>(?![本此该如以])[^《》,。;:]{{5,50}}?{_KIND})。")
_ENCLOSED = re.compile(r"现将[《](?P<title>[^《》]{4,80})[》](?![^。]{0,60}?转发)")
_AGREED = re.compile(r"[《](?P<title>[^《》]{4,80}方案|[^《》]{4,80}计划)[》]\S{0,4}(?:已经|经|已由|业经|已)")
_OPENING = re.compile(
    r"(?:为(?:深入|认真|全面|进一步|切实|扎实|贯彻|加强|有效|做好|推动|坚决|落实|强化|深刻|了|推进|防范|确保|持续|严格|巩固|提升|加快|吸取|保障|压实|严厉|规范|迅速|防止|健全|完善|保证|解决|有力|统筹|更好|汲取|提高|抓好|依法|预防|牢固|遏制|建立|夯实|减少|促进|消除|牢牢|着力|充分|彻底|尽快|构建|维护|指导|实现|积极|有序|集中)|按照|根据|依据|为(?=[\u4e00-\u9fff]{2,30}?,)|20\d{2}年是|近年来|近期|今年以来|当前|以习近平)"
)
_TITLE = re.compile(rf"[^。;:!?《》]{{4,70}}?{_KIND}(?:[(][^()]{{2,40}}[)])?$")
_DAY = re.compile(
    r"(?P<year>20\d{2})(?:年|-|/|[.])(?P<month>1[0-2]|0?[1-9])(?:月|-|/|[.])(?P<day>3[01]|[12]\d|0?[1-9])日?"
)
_CHINESE_DAY = re.compile(
    r"(?P<year>二[〇○零Oo0]{1}[〇○零一二三四五六七八九]{2})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_SIGNER = re.compile(
    r"(?P<issuer>[\u4e00-\u9fff]{2,30}(?:人民政府办公厅|人民政府办公室|人民政府|委员会办公室|委员会|办公室|安委会|安委办|管理局|管委会|党工委|厅|局|部|委|指挥部|领导小组|总队|支队|大队|公司))$"
)
_SALUTATION = re.compile(r"(?:^|[^\u4e00-\u9fff])各[\u4e00-\u9fff(][^。:]{1,400}:")
_CN = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "O": 0,
    "o": 0,
    "0": 0,
}


_HEAD_MAX = 3000  # a head is a page or two; what follows a lost first heading is not searched for a title


def read_header(flow: Flow, first_heading: int) -> Campaign:
    """What stands before the first heading, and the signature at the end."""
    campaign = Campaign()
    head = flow.text[: min(first_heading, _HEAD_MAX)]
    _read_title(campaign, flow, head)
    _read_number(campaign, flow, head)
    _read_issuer(campaign, flow, head)
    _read_day(campaign, flow, head)
    return campaign


_AGAIN = re.compile(r"(.{6,})[(]\1[)]$")  # a copying site prints the title twice
_APPENDIX = re.compile(r"附件?\d*[:、]?(?=\S{4})")


def _put(campaign: Campaign, name: str, text: Traced, value: object | None = None) -> None:
    appendix = _APPENDIX.match(text.folded) if name == "title" else None
    text = text[appendix.end() :] if appendix else text
    again = _AGAIN.match(text.folded) if name == "title" else None
    text = text[: again.end(1)] if again else text
    if getattr(campaign, name) is None:
        setattr(campaign, name, str(text) if value is None else value)
        campaign.spans[name] = text.spans()


def _read_title(campaign: Campaign, flow: Flow, head: Traced) -> None:
    """The plan's own title above its opening sentence; else the title quoted in the notice; else the notice's own."""
    folded = head.folded
    notice = next((match for match in _NOTICE.finditer(folded) if not _inside_quotes(folded, match.start())), None)
    quoted = notice or _ENCLOSED.search(folded) or _AGREED.search(folded)
    quoted = quoted or _PUBLISHED.search(folded[:120])
    if quoted:
        _put(campaign, "title", _printed_above(flow, head, head[quoted.start("title") : quoted.end("title")]))
        return
    own_title = _title_above_opening(flow, head)
    printed = (own_title or head).folded
    passed = next((found for found in _PASSED_ON.finditer(printed) if not _inside_quotes(printed, found.start())), None)
    if passed and (own_title is None or own_title.folded.endswith("通知")):
        _put(
            campaign,
            "title",
            _printed_above(flow, head, (own_title or head)[passed.start("title") : passed.end("title")]),
        )
        return
    about = _ABOUT.search(_after_number(folded)) or _ABOUT.match(folded)
    if own_title is not None and (not about or own_title.folded.endswith(("方案", "计划", "清单", "要点", ")"))):
        whole = _ABOUT.search(own_title.folded)
        _put(campaign, "title", own_title[whole.start() :] if whole else own_title)
        return
    if about:
        at = folded.find(about.group("title"))
        _put(campaign, "title", head[at : at + len(about.group("title"))])
    elif own_title is not None:
        _put(campaign, "title", own_title)
    else:
        start = 0
        while start < len(folded) and _NO_TITLE.search(folded[start : flow.next_line(start)]):
            start = flow.next_line(start)
        first = _title_line(flow, head) or flow.text[start : flow.next_line(start)]
        named = _MADE.search(folded)
        if 4 <= len(first) <= 60 and not re.search(r"[。;!?:,]|^[一二三四五六七八九十\d]+[、.]|^[(]", first.folded):
            _put(campaign, "title", first)
        elif named:
            _put(campaign, "title", head[named.start("title") : named.end("title")])


def _title_line(flow: Flow, head: Traced) -> Traced | None:
    """The first line that reads like the title of a plan, where a site prints other lines between it and the opening."""
    for start in [0, *flow.lines]:
        line = head[start : flow.next_line(start)]
        if len(line) >= 8 and _PLAIN_TITLE.fullmatch(line.folded) and not _NO_TITLE.search(line.folded):
            return line
    return None


_PLAIN_TITLE = re.compile(rf"[\u4e00-\u9fff“”()\d\-—、]{{4,58}}{_KIND}(?:[(][^()]{{2,40}}[)])?")
# Lines above a title: the name of an appendix, a letterhead, a number.
_NO_TITLE = re.compile(r"^附件?\d*[:]?$|(?:委员会|办公室|政府|局|厅|委)文件$|号$|^[^\u4e00-\u9fff]*$")


def _printed_above(flow: Flow, head: Traced, quoted: Traced) -> Traced:
    """The last printing of a title that the notice quotes, which stands above the plan, with the years below it.

    The notice may leave out the name of the place: then the whole line is the title.
    """
    again = list(re.finditer(re.escape(quoted.folded), head.folded))
    if not again:
        return quoted
    years = _YEARS_BELOW.match(head.folded, again[-1].end())
    start = max((at for at in flow.lines if at <= again[-1].start()), default=0)
    if not _PLACE.fullmatch(head.folded, start, again[-1].start()):
        start = again[-1].start()
    return head[start : years.end() if years else again[-1].end()]


_PLACE = re.compile(r"(?!.*(?:关于|印发|制定|按照))[\u4e00-\u9fff]{1,16}[省市县区州旗盟镇乡]")
# （2024—2026年） below a title that the notice quotes without it.
_YEARS_BELOW = re.compile(r"[(]20\d{2}年?[-—–－~～至]+20\d{2}年[)]")


def _inside_quotes(folded: str, at: int) -> bool:
    return folded.count("《", 0, at) > folded.count("》", 0, at)


def _after_number(folded: str) -> str:
    match = next(
        (found for found in DOCUMENT_NUMBER.finditer(folded) if folded[found.start() - 1 : found.start()] != "("), None
    )
    return folded[match.end() :] if match and match.end() < len(folded) - 20 else folded


def _title_above_opening(flow: Flow, head: Traced) -> Traced | None:
    """The lines that end in 方案, 计划, … right above the opening sentence."""
    folded = head.folded
    salutation = re.compile(r"各[\u4e00-\u9fff(][^。:]{1,400}:")
    ends = sorted({match.start() for pattern in (_OPENING, salutation) for match in pattern.finditer(folded)})
    numbers = [
        max((at for at in flow.gaps if match.start() < at < match.end("code")), default=match.start())
        for match in DOCUMENT_NUMBER.finditer(folded)
    ]
    ends = sorted({*ends, *numbers[:1]})
    found: Traced | None = None
    for end in [*ends, len(folded)]:
        start = _title_start(flow, folded, end)
        match = _TITLE.search(folded[start:end]) if start is not None and end - start <= 90 else None
        if start is None or not match:
            continue
        title = _last_printing(head[start + match.start() : end])
        if found is None:
            found = title
        elif len(title) >= 8 and found.folded.endswith("通知") and title.folded in found.folded:
            return title  # the plan below its notice: 关于印发X方案的通知 … X方案
    return found


_TWICE = re.compile(rf"(?P<first>.{{6,}}{_KIND})(?P<second>.{{8,}}{_KIND}.*)$")


def _last_printing(title: Traced) -> Traced:
    """A title printed twice in a row, perhaps with other words (name of the file, then the title): the second."""
    twice = _TWICE.match(title.folded)
    if not twice or _AGAIN.match(title.folded):
        return title
    first, second = twice.group("first"), twice.group("second")
    shared = sum(1 for at in range(len(second) - 1) if second[at : at + 2] in first)
    return title[twice.start("second") :] if shared * 2 >= len(second) else title


def _title_start(flow: Flow, folded: str, end: int) -> int | None:
    """A title starts after a sentence, a closing bracket of a note, or at the first line that belongs to it."""
    if end < 6:
        return None
    before = max(folded.rfind(mark, 0, end) for mark in "。;:!?》") + 1
    day = [match.end() for pattern in (_DAY, _CHINESE_DAY) for match in pattern.finditer(folded, before, end)]
    note = [match.end() for match in re.finditer(r"[(]此[件页][^()]*[)]", folded[:end])]
    number = [match.end() for match in DOCUMENT_NUMBER.finditer(folded, before, end)]
    start = max([before, *day, *note, *number])
    lines = [at for at in flow.lines if start < at < end]
    if not lines:
        gaps = [at for at in sorted(flow.gaps) if start < at < end]
        if gaps and end - gaps[-1] >= 8:
            return gaps[-1]
        return start
    last = lines[-1]
    if re.fullmatch(r"[(][^()]{4,20}[)]", folded[last:end]):
        lines.pop()  # （2024—2026年） on a line of its own
        last = lines[-1] if lines else start
    while lines and _continues_title(folded[(lines[-2] if len(lines) > 1 else start) : lines[-1]]):
        lines.pop()
        last = lines[-1] if lines else start
    return last


def _continues_title(line: str) -> bool:
    """A line of a title printed over several lines: no sentence, no salutation, not a title that ends by itself."""
    return 2 <= len(line) <= 34 and not re.search(
        rf"^附件?\d*$|(?:网|网站|首页|频道|平台|栏目)$|[。:;,]|文件$|{_KIND}$|号$|日$|[)]$", line
    )


def _read_number(campaign: Campaign, flow: Flow, head: Traced) -> None:
    """The document's own number: printed outside brackets, not the number of a document it refers to."""
    folded = head.folded
    salutation = _SALUTATION.search(folded)
    for match in DOCUMENT_NUMBER.finditer(folded):
        start = max((at for at in flow.gaps if match.start() < at < match.end("code")), default=match.start())
        broken = any(flow.gap(at) > Gap.SPACE for at in range(match.start() + 1, match.end("code")))
        if (
            not broken
            and _SPACED_CODE.fullmatch(head.folded[match.start() : match.end("code")])
            and not any(match.start() < at < match.end("code") for at in flow.lines)
        ):
            start = match.start()
        words = re.search(
            r"(?:文件|方案|通知|发文字号|文号)(?=[\u4e00-\u9fff]{1,10}$)", folded[start : match.end("code")]
        )
        start += words.end() if words else 0
        before = folded[:start]
        if before.count("(") > before.count(")") or before.endswith(("》", "(", "》的", "据", "照")):
            continue
        if salutation and start > salutation.end() + 200:
            continue
        _put(campaign, "document_number", head[start : match.end()])
        return


def _read_issuer(campaign: Campaign, flow: Flow, head: Traced) -> None:
    folded = head.folded
    day = _signature_day(flow)
    for at in [found for found in (day, *_days_in(head)) if found is not None]:
        low = _signer_before(flow, at)
        if low is not None:
            _put(campaign, "issuer", flow.text[low:at])
            return
    for pattern in (_NOTICE, _ABOUT):
        match = pattern.search(_after_number(folded)) or pattern.search(folded)
        if match and not _inside_quotes(folded, folded.find(match.group(0))):
            issuer = re.sub(r"^.*(?:文件|号|日|\d)", "", match.group("issuer") or "")
            if _is_issuer(issuer):
                at = folded.find(match.group(0))
                low = folded.find(issuer, at)
                _put(campaign, "issuer", head[low : low + len(issuer)])
                return
    first = re.match(r"([\u4e00-\u9fff]{4,30}?)文件", folded)
    if first:
        _put(campaign, "issuer", head[: first.end(1)])


def _is_issuer(name: str) -> bool:
    return (
        3 <= len(name) <= 40
        and not re.search(r"[各我本全]|为|的|及|以下", name[:2])
        and not re.search(r"抄送|报送|此件|附件", name)
    )


def _days_in(head: Traced) -> list[int]:
    return sorted(match.start() for pattern in (_DAY, _CHINESE_DAY) for match in pattern.finditer(head.folded))


def _signer_before(flow: Flow, at: int) -> int | None:
    """Where the name of the body that signs begins, when it stands right before the day at `at`."""
    line = max((place for place in flow.lines if place < at), default=0)
    gap = max((place for place in flow.gaps if place < at), default=0)
    gap = max(gap, *(flow.folded.rfind(mark, 0, at) + 1 for mark in "。)"))
    for start in (line, gap):
        signer = _SIGNER.search(flow.folded[max(start, at - 40) : at])
        if signer and _is_issuer(signer.group("issuer")) and at - start <= 40:
            return max(start, at - 40) + signer.start("issuer")
    return None


def _signature_day(flow: Flow) -> int | None:
    """The day printed as the last words of the document, or of a line in its last part."""
    tail_start = max(0, len(flow.text) - 400)
    tail = flow.folded[tail_start:]
    for pattern in (_DAY, _CHINESE_DAY):
        for match in reversed(list(pattern.finditer(tail))):
            after = tail[match.end() :]
            if (
                re.match(r"(?:$|[(]此件|\(信息公开|\(公开|抄送|附件|主办|责任编辑)", after)
                or tail_start + match.end() in flow.lines
            ):
                before = tail[: match.start()]
                if not re.search(r"[,、至到自从于在前]$|(?<!日期)(?<!发布时间):$", before):
                    return tail_start + match.start()
    return None


_FOOT = re.compile(
    rf"(?:{_DAY.pattern.replace('?P<', '?P<a_')}|{_CHINESE_DAY.pattern.replace('?P<', '?P<b_')})(?:[(]此件[^()]*[)])?$"
)


def foot_of(flow: Flow) -> int:
    """Where the closing signature (body, day, note on publication) begins; the end of the text without one."""
    low = max(0, len(flow.text) - 60)
    match = _FOOT.search(flow.folded[low:])
    if not match:
        return len(flow.text)
    day = low + match.start()
    sentence = max(flow.folded.rfind(mark, 0, day) for mark in "。)") + 1
    gap = max((at for at in flow.gaps if at < day), default=0)
    start = max(sentence, gap)
    return start if day - start <= 30 and not re.search(r"[,;:]", flow.folded[start:day]) else day


def _read_day(campaign: Campaign, flow: Flow, head: Traced) -> None:
    """A day on a line of its own: the signature below the notice or at the end."""
    at = _signature_day(flow)
    places = [at] if at is not None else []
    places += [day for day in _days_in(head) if day in flow.gaps and _signer_before(flow, day) is not None]
    for pattern in (_DAY, _CHINESE_DAY):
        for match in pattern.finditer(head.folded):
            before, after = head.folded[: match.start()], head.folded[match.end() :]
            if (
                head.folded[match.start() - 1 : match.start()] == "("
                and after.startswith(")")
                and match.start() - 1 in flow.lines
            ):
                places.append(match.start())
                continue
            if re.match(r"前|起|至|以|,|、|-|—|电视|召开|会议|发生|下午|上午|\d*时", after) or re.search(
                r"[自从至到于在(]$", before
            ):
                continue
            if before.endswith(("更新日期:", "更新时间:")):
                continue
            alone = match.start() in flow.gaps or before.endswith(
                ("。", "日期:", "时间:", "府", "会", "室", "局", "厅")
            )
            if alone:
                places.append(match.start())
    for place in places:
        printed = _DAY.match(flow.folded, place) or _CHINESE_DAY.match(flow.folded, place)
        found = _date_of(printed) if printed else None
        if printed and found:
            _put(campaign, "issued_on", flow.text[printed.start() : printed.end()], found)
            return
    for match in _DAY.finditer(head.folded):
        if re.match(r"\d*时|发布|浏览|来源", head.folded[match.end() :]):
            found = _date_of(match)
            if found:
                _put(campaign, "issued_on", head[match.start() : match.end()], found)
                return


def day_in(text: str) -> date | None:
    """The day that the text is, or begins with."""
    match = _DAY.match(text) or _CHINESE_DAY.match(text)
    return _date_of(match) if match else None


def _date_of(match: re.Match[str]) -> date | None:
    year, month, day = match.group("year", "month", "day")
    if not year.isdigit():
        values = [_CN.get(character, 0) for character in year]
        number = int("".join(str(value) for value in values))
        return _safe(number, _chinese_number(month), _chinese_number(day))
    return _safe(int(year), int(month), int(day))


def _chinese_number(text: str) -> int:
    return ordinal(text)


def _safe(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= month_end(year, month).day else None
