"""The columns of a register, under the names that counties and contractors give them."""

from __future__ import annotations

from common.spreadsheets import Column, Kind

COLUMNS = (
    Column("number", "编号", aliases=("隐患编号", "系统编号", "隐患编码"), width=18),
    Column("mine", "单位", aliases=(
        "单位名称", "矿山", "矿山名称", "煤矿", "煤矿名称", "企业", "企业名称", "被检查单位", "受检单位", "隐患单位",
        "所属单位", "矿井名称", "存在隐患单位", "矿名", "矿别", "矿井", "煤矿企业", "企业（矿井）名称", "检查单位名称", "被检查企业",
        "被检单位", "生产经营单位", "隐患所在单位",
    ), width=24),
    Column("place", "地点", aliases=("隐患地点", "隐患部位", "部位", "位置", "隐患位置", "存在地点", "具体位置", "隐患所在地点", "隐患具体位置", "所在地点", "所在位置"),
           max_length=200, width=20),
    Column("description", "问题隐患", aliases=(
        "隐患内容", "隐患", "问题", "存在问题", "存在的问题", "问题描述", "隐患描述", "问题隐患内容", "隐患情况", "隐患名称",
        "存在的主要问题", "检查发现问题", "检查发现的问题", "发现问题", "发现的问题",
        "隐患具体内容", "隐患基本情况", "存在的隐患", "隐患问题", "问题内容", "具体问题", "存在隐患", "安全隐患", "主要问题", "事故隐患",
    ), max_length=5000, width=46),
    Column("level", "等级", aliases=("隐患等级", "级别", "隐患级别", "等级划分", "隐患分级"), width=12),
    Column("clause", "判定条款", aliases=("条款", "对应条款", "判定依据", "重大隐患条款"), width=14),
    Column("level_reason", "认定理由", aliases=("判定理由", "定级理由"), max_length=300, width=24),
    Column("source", "来源", aliases=("隐患来源", "发现方式", "检查类型", "排查方式", "检查方式"), width=12),
    Column("found_on", "发现日期", aliases=(
        "排查日期", "检查日期", "检查时间", "发现时间", "排查时间", "登记日期", "登记时间", "日期", "隐患发现时间", "隐患时间", "隐患排查时间", "隐患排查日期", "排查发现时间", "查出时间", "查出日期", "发现隐患时间",
    ), in_words=Kind.DATE, width=12),
    Column("found_by", "发现人", aliases=("排查人", "检查人", "检查人员", "排查人员", "登记人"), max_length=60, width=12),
    Column("measures", "整改措施", aliases=(
        "隐患整改措施", "整改要求", "治理措施", "措施", "整改意见", "处理意见", "防范措施", "整改内容",
    ), max_length=5000, width=36),
    Column("responsible_unit", "责任单位", aliases=("整改单位", "整改责任单位", "责任部门"), max_length=100, width=22),
    Column("responsible_person", "责任人", aliases=("整改责任人", "整改负责人", "整改人", "隐患责任人", "责任人姓名", "负责人", "责任人员"), max_length=40, width=12),
    Column("due_on", "完成时限", aliases=(
        "整改期限", "整改时限", "整改时间", "计划完成时间", "计划整改时间", "整改完成期限", "规定整改时间", "限期", "整改限期", "完成期限", "期限", "时限", "要求完成时间", "限改日期", "整改完成时限",
    ), in_words=Kind.DATE, width=12),
    Column("progress", "整改情况", aliases=("整改进展", "进展", "进展情况", "整改进展情况", "整改结果", "落实情况", "完成情况", "整改落实情况"), width=30),
    Column("state", "状态", aliases=("整改状态", "是否销号", "是否整改", "闭环情况", "销号情况", "是否完成", "整改是否完成", "是否闭环"), width=12),
    Column("result", "复查结果", aliases=("验收结果", "复查意见", "复查情况", "验收情况"), width=12),
    Column("closed_on", "销号时间", aliases=("销号日期", "闭环时间", "闭环日期"), width=12),
    Column("remark", "备注", aliases=("说明",), max_length=500, width=20),
)  # fmt: skip

BY_KEY = {column.key: column for column in COLUMNS}
