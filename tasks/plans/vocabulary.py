"""Words of Chinese administrative documents. Data only: each list names a habit of the genre, never one document."""

from __future__ import annotations

import re

NUMERALS = "一二三四五六七八九十"
# 任务一：…, 项目3、… at the head of a line.
NAMED_NUMBER = re.compile(rf"(?:任务|项目|事项|举措)(?P<n>[{NUMERALS}]{{1,4}}|\d{{1,2}})[:、.](?=[\u4e00-\u9fff“])")


def any_of(words: str) -> str:
    """A pattern for any of the words (or pieces of pattern) between white space; the first that fits wins."""
    return "|".join(words.split())


# --- Chapters -------------------------------------------------------------------------------------------------------

# What a chapter is about, told by the end of its title (工作目标, 总体目标, 整治目标 are all goals). Order matters.
CHAPTER_ENDINGS: dict[str, str] = {
    "goals": any_of(
        r"""
        目标(?:任务|要求|指标)? 预期成效
        """
    ),
    "stages": any_of(
        r"""
        步骤(?:安排|和要求|及要求|与要求|和方法|及方法)?
        (?:时间|进度|阶段|实施|推进)(?:进度|步骤|节点|工作)*(?:安排|步骤|计划|要求)? 阶段划分 (?<!重点)(?<!主要)工作安排
        行动安排 方法步骤 (?:实施|工作|行动|整治)(?:进度|阶段)(?:安排)? (?:整治|行动|实施|活动)时间
        """
    ),
    "protection": any_of(
        r"""
        (?:保障|组织|推进)措施 (?:工作|组织|实施|活动|有关|相关|几点|具体|纪律)(?:工作)*(?:要求|保障|事项)
        (?:检查|整治|治理|排查|活动|行动|督查)要求
        保障机制 强化保障 组织实施 组织保障 保障体系 其他(?:事项|要求)
        """
    ),
    # Topics that close a plan, unless they say who is responsible for what.
    "closing": any_of(
        r"""
        (?:加强|强化|切实加强)组织(?:领导|保障|实施) 监督考核 督导考核 督导检查 考核(?:评价|奖惩|问责)
        责任追究 信息报送 落实保障
        """
    ),
    "organisation": any_of(
        r"""
        组织(?:领导|机构|架构|体系)(?:和职责|及职责|与职责|和责任分工|及职责分工|与职责分工)?
        领导(?:小组|机构) 工作(?:专班|机构) 职责(?:分工)? 机构(?:及|和|与)?职责 责任分工
        """
    ),
    "overall": any_of(
        r"""
        总体(?:要求|思路|原则) 指导思想 基本原则 工作(?:原则|思路) 背景
        (?:基本|重要)?(?:情况|形势|现状|意义) 编制依据 制定依据 适用范围 整治范围 工作范围 实施范围
        范围(?:和|及|与)?(?:对象|时间)? (?:整治|检查|排查|治理|督查)对象 总则 附则 形势(?:与|和|及)\w{1,6} 思想认识
        """
    ),
    "tasks": any_of(
        r"""
        (?:主要|重点|工作|整治|攻坚|行动|具体|目标|核心|年度)*任务(?:分工|分解|措施|清单|及(?:责任)?分工|和(?:责任)?(?:分工|措施)|及措施)?
        (?:整治|工作|主要|重点|行动|检查|排查|治理|活动)(?:的)?(?:内容|重点|措施|事项|工作|领域|方面)
        (?:内容|重点|任务)(?:和|及|与)\w{2,4} 重点(?:工作)?(?:内容|措施|事项|行动)
        (?:主要|工作|具体|重点|治理|整治|攻坚|防范)?(?:举措|措施) 专项行动 重点(?:行动|攻坚) 重点行业领域
        """
    ),
}
# Chapters that say what is looked at: only description when another chapter says what is done.
LOOKED_AT = re.compile(
    r"(?:整治|检查|排查|治理|督查|督导)(?:的)?(?:内容|重点|事项|领域|方面|范围)|重点(?:内容|行业领域|领域)|(?:内容|重点)(?:和|及|与)(?:重点|内容|范围)"
)
_CHAPTER_PATTERNS = {kind: re.compile(rf"^\S{{0,8}}?(?:{pattern})$") for kind, pattern in CHAPTER_ENDINGS.items()}

# Titles that may stand in running text without a number or a line of their own.
_KNOWN_TITLES = any_of(
    r"""
    指导思想 总体要求 总体思路 总体目标 工作目标 整治目标 行动目标 目标任务 基本原则 工作原则 主要任务
    重点任务 工作任务 整治任务 任务分工 工作内容 整治内容 整治重点 重点内容 重点工作 主要措施 工作措施
    整治措施 时间步骤 时间安排 实施步骤 工作步骤 整治步骤 方法步骤 步骤安排 进度安排 阶段安排 工作安排
    保障措施 组织保障 工作要求 有关要求 工作保障 组织领导 组织实施 监督检查
    """
)
KNOWN_CHAPTER = f"(?:{_KNOWN_TITLES})"


# 检查内容及时间: more than a time table.
_WHAT_AND_WHEN = re.compile(r"(?:内容|任务|措施|重点)[及和与、](?:时间|进度|步骤)(?:安排)?$")


def chapter_kind(title: str) -> str:
    """What a chapter holds by its title: one of the keys of CHAPTER_ENDINGS, or other when the title is a topic."""
    title = re.sub(r"[(（][^()（）]*[)）]$|[。:：;；,，\s]+$", "", title)
    if len(title) > 22:
        return "other"
    for part in re.split(r"[,，、和及与]", title) if re.search(r"[,，、和及与]", title) else ():
        if part in ("保障措施", "工作要求", "组织保障"):
            return "protection"
    if _WHAT_AND_WHEN.search(title):
        return "tasks"
    for kind, pattern in _CHAPTER_PATTERNS.items():
        if pattern.match(title):
            return kind
    return "other"


# --- Bodies ---------------------------------------------------------------------------------------------------------

# The last word of the name of a body. Longer words first.
BODY_ENDINGS = any_of(
    r"""
    人民政府办公室 人民政府 党委政府 党政办 党委办 政府办 安全生产委员会办公室 安全生产委员会
    委员会办公室 委员会 党校 电视台 气象台 安委会办公室 安委会 安委办 管委会 办公室 办事处 总队 支队 大队 中队 领导小组
    指挥部 工作专班 工作组 专班 公司 集团 企业 单位 部门 机构 协会 联合会 联社 总工会 工会 团委 妇联
    残联 工商联 科协 文联 侨联 红十字会 银行 人行 医院 学校 大学 学院 党委 党工委 党组 政府 县委 市委
    省委 区委 州委 旗委 工委 纪委监委 纪委 监委 政法委 发改委 发展改革委 卫健委 卫生健康委 国资委 民宗委
    民族宗教委 住建委 交通委 建委 经信委 农业农村委 法院 检察院 武装部 组织部 宣传部 统战部 编办 网信办
    信访办 国动办 人防办 管理局 监察局 监督局 监管局 服务局 救援局 分局 局 厅 部 署 总局 委 办 中心 站
    所 处 科 室 股 队 院 馆 社 会 园区 开发区 高新区 经开区 示范区 新区 景区 各[省市县区州盟旗地镇乡]{2,4} 街道 乡镇 镇街 镇 乡 苏木
    村委会 社区 工区 采区 车间 班组 区队 煤矿 矿山 矿 厂 机场 港 铁塔 各县 各市 各区 各盟 各旗 各村
    """
)
BODY_END = re.compile(rf"(?:{BODY_ENDINGS})(?:[(][^()]*[)])?$")

# Kinds of places and acts that a heading is about (人员密集场所, 挂牌督办): bodies only where a field names them.
PLACES = re.compile(
    r"(?:场所|企业|单位|煤矿|矿山|矿|厂|学校|大学|医院|工地|园区|景区|小区|车站|中心|社区|站|机场|港|馆|所|[督交查转催承主会举协]办(?:[(][^()]*[)])?)$"
)

# A level of government at the start of a name.
LEVEL_PREFIX = re.compile(r"^(?:全)?(?:省|市(?!场)|县|区|州|旗|盟|自治区|自治州|自治县|师|乡|镇|街道)(?![(]|级|直|、)")

# Business lines of government, as departments are called in short lists (县工信、住建、交通等部门).
SHORT_NAMES = any_of(
    r"""
    应急 应急管理 工信 工业和信息化 住建 住房和城乡建设 住房城乡建设 交通 交通运输 公安 消防 消防救援
    水利 水务 农业农村 农业 文旅 文化和旅游 文化旅游 文广旅 市场监管 市场监督管理 财政 教育 教体 科技
    科学技术 民政 司法 人社 人力资源和社会保障 自然资源 规划和自然资源 自然资源和规划 资规 生态环境 环保
    商务 卫健 卫生健康 发改 发展改革 发展和改革 能源 国资 林草 林业 林业和草原 气象 地震 供电 电力 宣传
    工会 总工会 粮食 粮储 城管 城市管理 行政审批 审批 统计 审计 民宗 体育 广电 邮政 通信 海事 铁路 民航
    税务 银保监 金融 国动 人防 网信 组织 编办 大数据 数据 政务服务 煤监 矿监 矿山安监 团委 妇联 保密
    档案 退役军人 医保 畜牧 畜牧兽医 渔业 农机 国土 国土资源 安监 质监 工商 经信 经贸 住建交通 城建 建设
    规划
    """
)
SHORT_NAME = re.compile(rf"^(?:{SHORT_NAMES})$")

COLLECTIVE = re.compile(
    any_of(
        r"""
        ^(?:各|有关|相关|所有|全体|其他|其它|负有|承担) (?:有关|相关|各|负有)\S*(?:部门|单位|企业|机构)
        成员单位 职责的(?:部门|单位) 主管部门$ 监管部门$ ^(?:乡镇|镇街|县区|属地) 党委政府$
        """
    )
)
# Names that do not share the level printed before the first name of a list.
_OWN_LEVELS = any_of(
    r"""
    各 有关 相关 国家 国网 中国 中央 中石 全 团[省市县区州旗]委 负有 所有 属地 其他 其它 安委会 企业
    煤矿 矿山 \w{2,8}(?:开发区|新区|园区|高新区|示范区|经开区) \w{2,4}(?:省|市|县|区|州|旗|镇|乡)(?!场)
    """
)
OWN_LEVEL = re.compile(rf"^(?:{_OWN_LEVELS})")

# --- Words of responsibility ----------------------------------------------------------------------------------------

LEAD_LABELS = any_of(
    r"""
    (?:牵头|主办|主责|主管|组织牵头|总牵头)(?:责任)?(?:单位|部门|科室|处室|股室|机构) 牵头责任
    牵头(?=[:])
    """
)
COOPERATING_LABELS = any_of(
    r"""
    (?:责任)?(?:配合|协助|协同|参与|参加|协办|会办|协作|配合责任)(?:责任)?(?:单位|部门|科室|处室|股室)
    配合(?=[:])
    """
)
RESPONSIBLE_LABELS = any_of(
    r"""
    (?:责任|落实|实施|承办|负责|整改|执行|主体责任|督导|督促|监管|督办|分工|完成|具体责任)(?:单位|部门|科室|处室|股室|主体|机构)(?:[及和]责任人|[(]部门[)]|[(]单位[)])?
    责任分工 职责分工 任务分工 分工(?=[:]) 责任(?=[:]) 责任单位和部门 单位分工
    """
)
DEADLINE_LABELS = any_of(
    r"""
    (?:完成|整改|办结|落实|整治|实施|推进|工作|目标|计划完成|要求完成)?(?:时限|时间|期限|时间节点|时间要求|时限要求|时间安排|节点)(?:要求)?
    (?:完成|时间)(?:进度|节点) 进度(?:安排|要求)
    """
)
PERSON_LABELS = any_of(
    r"""
    (?:责任|牵头|分管|包保|具体|联系|主要|督导|包联|整改责任)(?:责任)?(?:人|领导|人员|县领导|市领导)
    联系(?:方式|电话)
    """
)

LABEL = re.compile(
    rf"(?P<lead>{LEAD_LABELS})|(?P<cooperating>{COOPERATING_LABELS})|(?P<responsible>{RESPONSIBLE_LABELS})"
    rf"|(?P<deadline>{DEADLINE_LABELS})|(?P<person>{PERSON_LABELS})"
)

# What follows a list of names and says what they owe.
_LEADS = r"(?:总|组织|负责)?牵头(?:负责|组织|落实|抓总|实施|推进|抓好|推动)?(?:实施|落实)?"
_BY_DUTY = r"(?:根据|依据|依照|按照?)?(?:各自)?(?:的)?(?:职责|职能|责任)?(?:分工)?(?:范围)?(?:内)?"
_COOPERATES = (
    r"(?:按(?:照)?(?:各自)?职责(?:分工)?)?(?:积极|密切|协同|协助)?(?:配合|协助|参与|协同)(?:落实|实施|负责|做好)?"
)
_MANNER = r"(?:分别|分级|具体|共同|分头|各自|联合|同)*"
_ANSWERS = any_of(
    r"""
    负责(?:落实|组织实施|实施|推进)?(?!人)
    (?:监督|指导|督促|督导|督办)+(?:企业|煤矿企业|矿山企业|相关企业|各企业|相关单位)?(?:落实|整改|实施)?(?!管理|检查|[局处科股站所队组室员])
    (?:抓好|组织|推动|推进)?(?:贯彻)?落实 组织实施 实施 (?:做好|提供)?(?:资金|经费|技术)?保障(?=[,;。)]|$)
    """
)
ROLE_WORDS = re.compile(
    rf"(?P<lead>{_LEADS})|(?P<cooperating>{_COOPERATES})"
    rf"|(?P<responsible>(?:等)?(?:依法)?{_BY_DUTY}{_MANNER}(?:{_ANSWERS}))"
)
_KINDS_OF_BODY = any_of(
    """
    有关 相关 市直 县直 省直 区直 市级 县级 省级 区级 市有关 县有关 省有关 行业(?:主管|监管)? 主管 监管 责任 成员 安委会
    市 县 省 区
    """
)
OPEN_LIST = re.compile(
    r"等(?:负有\S{2,16}职责的)?(?:\d+个?|[一二三四五六七八九十]+个?|几个|多个)?"
    rf"(?:{_KINDS_OF_BODY})*(?:部门|单位|部门单位|部门和单位|地区|成员单位|企业)?(?:和单位)?$"
)

ONGOING = re.compile(
    any_of(
        r"""
        长期(?:坚持|推进|持续|落实|开展|执行|有效)?(?:推进|并?持续推进|落实|开展)?
        (?:持续|常态化?|全年|经常|始终)(?:坚持|推进|开展|深化|落实|进行|长期|抓好|加强|实施|执行|整治)*
        贯穿(?:始终|全过程|全年) (?:坚持)?常抓不懈
        """
    )
)

# --- Words around and inside a copy that the plan itself does not have ------------------------------------------------

_SITE_OPENINGS = any_of(
    r"""
    中华人民共和国中央人民政府 版权(?:说明|声明|所有) 本文档由用户提供 文档简介 点击(?:下载|查看) 关闭窗口 打印本页 上一篇 下一篇
    相关附件 扫一扫 分享到 责任编辑 信息来源 文章来源 来源[:：] 发布时间 发布日期 浏览(?:次数|量|人数)
    阅读(?:次数|量) 点击(?:数|率|次数) 当前位置 您(?:现在)?(?:的位置|所在) 首页\s*[>»] 索引号 主题分类
    信息分类 发布机构 信息名称[:：]?$ 发文机关[:：] 现在位置 时间[:：]\s*20\d{2}-\d{1,2}-\d{1,2}\s+\d 下面是小编 推荐访问 [•·]?\s*相关(?:推荐|文章|阅读) 网站(?:地图|标识) ICP备 公安备案 主办单位[:：].*承办
    """
)
_SITE_WORDS = any_of(
    r"""
    由会员分享.*可在线阅读 分享文档赚钱 搜索更多相关 珍藏版 ^限制\d+内$ 浏览次数[:：]?\s*\d*$
    我要投稿 ^【.{4,60}】相关文章
    字[号体][:：]\s*\[?大 【(?:打印文本|关闭窗口)】 【?(?:打印|关闭)】?\s*【?(?:打印|关闭)】?$
    """
)
SITE_LINES = re.compile(rf"^\s*(?:[•·]\s*)?(?:{_SITE_OPENINGS})|{_SITE_WORDS}", re.M)

# Words a copying site puts for the words of the genre: never changed, only shown to the reader.
SUBSTITUTED = (
    (re.compile(r"平安生产"), "安全生产"),
    (re.compile(r"平安监管"), "安全监管"),
    (re.compile(r"平安隐患"), "安全隐患"),
    (re.compile(r"平安(?=(?:专项)?(?:整治|治理)|管理|风险|责任制|培训|教化|标准化|投入|保障|承诺|警示)"), "安全"),
    (re.compile(r"(?<!\d)101[%％]"), "100%"),
    (re.compile(r"一百零一万吨"), "百万吨"),
    (re.compile(r"教化培训|警示教化|宣扬教化|宣扬贯彻"), "教育、宣传"),
    (re.compile(r"主动推动|主动推进"), "积极推进"),
    (re.compile(r"根绝(?=重特?大|较大|事故)"), "杜绝"),
    (re.compile(r"重大灾难治理"), "重大灾害治理"),
    (re.compile(r"刚好(?=整改|修改|修订|报告|移交|处理|总结|完善|堵塞)"), "及时"),
)
