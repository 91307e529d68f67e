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

给的是客户端密钥的，自己取令牌，一小时有效；`scope` 可以不给，给出就只取这些权限：

    curl -u "api.…:cs_…" -d grant_type=client_credentials -d "scope=hazards:read changes:read" https://主机/api/v1/oauth/token/
    curl -H "Authorization: Bearer cf_…" https://主机/api/v1/

应答说明令牌属于谁、有哪些权限、能读哪些内容。点本页右上角的 Authorize 填入 `Token ct_…`，可以在页面上直接试。

**读取。** 列表每页50条，`limit` 最多1000；按 `next` 的地址接着取，直到为空。`fields=id,number` 只要这些字段，`expand=…` 一并给出所属内容，其他参数与网页的筛选相同，写错名称的参数会被拒绝。昨天以来变动过的：

    curl -H "Authorization: Token ct_…" "https://主机/api/v1/hazards/?updated_after=2026-11-21T00:00:00Z&limit=1000"

长期同步用 `changes/?after=0`：按序号给出办过的每一件事，一条不漏，最多晚约一分钟，记下 `next` 下次接着取。每条只说哪条记录变了，内容按它的 `url` 读取；读到404，或者 `verb` 是 `record.gone`，就是本账号从此看不到它（矿山划出、记录删去），请在自己一边删去。一矿一册的每一行单独给出，`of` 是它的矿山。

**写入。** 内容是 JSON；带照片和资料的用 multipart/form-data，文件放在 `files` 里，可以几个：

    curl -H "Authorization: Token ct_…" -H "Idempotency-Key: 6f1c…" \\
         -F mine=12 -F place=3号皮带巷 -F description=皮带机头防护罩缺失 -F source=self_check -F found_on=2026-11-20 \\
         -F files=@整改前.jpg https://主机/api/v1/hazards/

* 每个请求带一个 `Idempotency-Key`（如UUID），没有收到应答就原样重发：只办理一次，得到同样的应答。
* `PUT …/external/对方编号/` 第一次新建（201），以后更新同一条（200），重发无害。
* `PATCH` 要在 `If-Match` 里带上读到的 `ETag`；别人改过的不会被盖掉（412）。
* 应答是办理后的整条记录；`allowed_actions` 是本账号现在能办的下一步和还缺什么。

**上级的方案和重大隐患。** 方案用 `PUT plan-imports/external/…/`，由县里确认后成为专项行动（有权的账号可以用 `…/confirm/`）。隐患用 `PUT hazards/external/…/`，`source` 写 assigned；再用 `POST hazards/编号/grade/` 定为重大，`clause` 是判定条款的编号：`standards/?expand=clauses` 里发现那天施行的标准中，`is_selectable` 并且 `mine_types` 有这座矿山的 `mine_type` 的条款；没有这样的条款就不给出，在 `reason` 写明依据。

    curl -X POST … -d '{"level": "major", "clause": 31, "reason": "主要通风机没有备用", "due_on": "2026-12-31"}' https://主机/api/v1/hazards/57/grade/

**接收推送。** `POST hooks/` 登记一个地址以后，约一两分钟内把变更 POST 过去，格式照 Standard Webhooks 1.0：

    webhook-id: 6f1c…（重发时不变，据此去重）
    webhook-timestamp: 1763776800（发送时刻，与自己的时钟相差五分钟以上的不收）
    webhook-signature: v1,…（HMAC-SHA256 的 base64，密钥是 whsec_ 后面的 base64 解码，签的是 webhook-id.webhook-timestamp.正文）
    {"type": "hazard.close", "timestamp": "2026-11-22T02:00:00Z", "data": {"sequence": 12000007, "noun": "hazards", "id": "57", "of": null, "label": "销号", "url": "/api/v1/hazards/57/"}}

十秒内答复2xx就是收到；没有收到的按1、5、30、120、360、720分钟重发，仍不成的留给管理员。隐患的变动代码：hazard.registered 登记，hazard.grade 定级，hazard.start 开始治理，hazard.ask 申请复查，hazard.return 退回，hazard.close 销号。

**对账。** `POST reconciliations/` 给出自己各有多少条，应答是双方的数；不一致时用 `?fields=id&limit=1000` 列出编号逐条核对。

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
