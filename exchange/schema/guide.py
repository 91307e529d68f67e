"""What the page of the documentation says beside the operations: how to begin, and an example of every body."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from common.inputs import Given, VisibleField

PROBLEM = "application/problem+json"
GUIDE = """\
供其他系统读取和填报本系统的数据：省级平台、企业自己的系统。看到的、能办的，与本单位同一角色的人员在网页上完全一样。

**开始。** 令牌由县应急管理局的局管理员发放（单位 → 接口账号），只显示一次，放在请求头里：

    curl -H "Authorization: Token ct_…" https://主机/api/v1/

应答说明令牌属于谁、有哪些权限、能读哪些内容。点本页右上角的 Authorize 填入 `Token ct_…`，可以在页面上直接试。

**读取。** 列表每页50条，`limit` 最多1000；按 `next` 的地址接着取，直到为空。`fields=id,number` 只要这些字段，`expand=…` 一并给出所属内容，其他参数与网页的筛选相同，写错名称的参数会被拒绝。昨天以来变动过的：

    curl -H "Authorization: Token ct_…" "https://主机/api/v1/hazards/?updated_after=2026-11-21T00:00:00Z&limit=1000"

长期同步用 `changes/?after=0`：按序号给出办过的每一件事，一条不漏，记下 `next` 下次接着取。

**写入。** 内容是 JSON；带照片和资料的用 multipart/form-data，文件放在 `files` 里，可以几个：

    curl -H "Authorization: Token ct_…" -H "Idempotency-Key: 6f1c…" \\
         -F mine=12 -F place=3号皮带巷 -F description=皮带机头防护罩缺失 -F source=self_check -F found_on=2026-11-20 \\
         -F files=@整改前.jpg https://主机/api/v1/hazards/

* 每个请求带一个 `Idempotency-Key`（如UUID），没有收到应答就原样重发：只办理一次，得到同样的应答。
* `PUT …/external/对方编号/` 第一次新建（201），以后更新同一条（200），重发无害。
* `PATCH` 要在 `If-Match` 里带上读到的 `ETag`；别人改过的不会被盖掉（412）。
* 应答是办理后的整条记录；`allowed_actions` 是本账号现在能办的下一步和还缺什么。

**拒绝。** 统一为 application/problem+json：`code` 给程序，`detail` 说明怎样处理，`fields` 是有误字段的路径，如 `plan.tasks.3.deadlines.0.date`。

**约定。** 时刻是UTC，日期是 YYYY-MM-DD，小数是文字，地区是国标行政区划代码，`mine` 等是单位的编号（见 units、mines）。示例中的编号请换成自己读到的。
"""


def example_of(takes: type[Given] | Given) -> dict[str, Any]:
    """A body that a program could send: the declared example, else a value for every field that is needed."""
    serializer = takes() if isinstance(takes, type) else takes
    if serializer.example:
        return dict(serializer.example)
    needed = {name: field for name, field in serializer.fields.items() if field.required}
    return {name: sample(field) for name, field in (needed or dict(list(serializer.fields.items())[:1])).items()}


def sample(field: Any) -> Any:
    """A value that a field takes."""
    if isinstance(field, serializers.ListSerializer):
        return [sample(field.child)]
    if isinstance(field, serializers.ListField):
        return [sample(field.child)]
    if isinstance(field, Given):
        return example_of(field)
    if isinstance(field, serializers.ChoiceField):
        return next(iter(field.choices))
    if isinstance(field, VisibleField):
        return "130123" if field.model._meta.label == "units.Region" else 12
    if isinstance(field, serializers.DateField):
        return "2026-11-20"
    if isinstance(field, serializers.BooleanField):
        return True
    if isinstance(field, serializers.DecimalField):
        return "1.5"
    if isinstance(field, serializers.IntegerField):
        return max(1, field.min_value or 0)
    return str(field.help_text or field.field_name).split("，")[0].split("；")[0][: field.max_length or 40]


WORDS = {
    "account": "账号名称",
    "action": "动作的代码",
    "at": "时刻",
    "by": "到哪一天",
    "caption": "说明",
    "comparator": "比较：>= 不低于，<= 不超过，= 等于",
    "date": "日期",
    "displaced": "印在别的栏里",
    "document_number": "文号",
    "due": "报送日，如 28th of month、12-05",
    "end": "结束日期",
    "every": "周期：week 每周，half_month 每半月，month 每月，quarter 每季度，half_year 每半年，year 每年",
    "expanded": "补全的名称",
    "expires_at": "令牌到期时刻",
    "from": "由谁报",
    "group": "一起印出的名称",
    "id": "编号",
    "implied": "由年份或期间推得",
    "indicator": "指标",
    "inherited": "取自合并的单元格",
    "issued_on": "印发日期",
    "issuer": "印发单位",
    "key": "代码",
    "kind": "种类：image 图片，document 文件",
    "label": "名称",
    "level": "级别：county 县级，city 市级，province 省级",
    "media_type": "文件格式",
    "missing": "还缺什么；为空就可以办理",
    "name": "名称",
    "needs_note": "要写说明",
    "number": "印出的序号",
    "parent": "上一级任务的 id",
    "part": "分子",
    "path": "所在章节，从外到内",
    "percent": "进度（%）",
    "period": "期间",
    "protection_measures": "保障措施的标题",
    "region": "地区（代码）",
    "resources": "能读的内容和地址",
    "responsibility_text": "责任单位一栏的原文",
    "role": "职责：lead 牵头，responsible 责任，cooperating 配合",
    "scope": "所管部分的原文；不给出就是整项任务",
    "scopes": "权限",
    "score": "得分",
    "sha256": "文件的校验值",
    "source": "出处：field 完成时限一栏，body 正文",
    "start": "开始日期",
    "state": "状态",
    "status": "HTTP 状态码",
    "text": "原文",
    "text_end": "没有全文时，正文的结尾",
    "text_start": "没有全文时，正文的开头",
    "times": "每期几次",
    "title": "标题",
    "to": "报给谁",
    "type": "种类的网址",
    "unit": "单位（编号）",
    "units_open": "名单以“等部门”结尾",
    "uploaded_at": "上传时刻",
    "url": "读取的地址",
    "value": "数值",
    "what": "报什么",
    "whole": "分母",
    "NameTold.group": "对应的单位组（编号）",
    "PlanDeadline.kind": "种类：date 日期，ongoing 长期坚持，relative 从某事起算",
    "PlanGoal.kind": "numeric 有数值，checkable 可核对",
    "PlanGoal.unit": "计量单位",
    "PlanQuantity.unit": "计量单位",
    "PlanTarget.unit": "计量单位",
    "PlanTask.id": "方案内的编号，不重复",
    "RankingTold.group": "哪一类单位",
}
"""A field of the contract → what it is, where its serializer does not say; with the serializer's name where it differs."""
