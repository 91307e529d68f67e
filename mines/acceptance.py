"""What is looked at before a mine works again: short labels in the words of the campaigns and of usual practice.

Key people and hidden causes are conditions by the plan of a city (行动方案：五职矿长和专业技术人员考核不合格、隐蔽致灾因素普查治理
不到位的不得复产复工); the others name what every acceptance looks at. Empty kinds mean all.
"""

from __future__ import annotations

UNDERGROUND = ("coal_underground", "noncoal_underground")

ITEMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("证照齐全有效", ()),
    ("“五职”矿长和专业技术人员配备齐全、考核合格", ()),
    ("从业人员完成复产复工培训，特种作业人员持证", ()),
    ("停产期间发现的隐患已整改销号，责令停产的事项已整改", ()),
    ("隐蔽致灾因素普查治理到位", UNDERGROUND),
    ("通风系统可靠，有害气体排放完毕", UNDERGROUND),
    ("排水系统可靠，井下积水排除", UNDERGROUND),
    ("供电、提升运输系统检修合格", ()),
    ("监测监控、人员定位、通信系统运行正常", ()),
    ("边坡、排土场稳定，防排洪设施完好", ("coal_open_pit", "noncoal_open_pit")),
    ("坝体稳定，排洪设施完好，在线监测正常", ("tailings_pond",)),
    ("应急预案、救援队伍和物资到位", ()),
    ("复产复工方案和安全措施已制定并贯彻", ()),
)
