"""What each operation of the interface takes and answers, out of the same declarations that answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from common.api import Act, Columns, Part, Resource
from common.inputs import with_files
from exchange import api
from exchange.paging import DEFAULT_LIMIT, MOST
from exchange.reading import ACTIONS, names_of, parts_of
from exchange.resources import RESOURCES, TABLES, acts_on
from exchange.schema.guide import PROBLEM, example_of

INSIDE = "（只给看全地区的账号，对其他账号为空）"
FILE_KINDS = ("image/jpeg", "image/png", "image/webp", "application/pdf", "application/octet-stream")
HEADERS = [
    OpenApiParameter(name, int, OpenApiParameter.HEADER, response=[200], description=words)
    for name, words in (
        ("X-RateLimit-Limit", "每分钟请求上限"),
        ("X-RateLimit-Remaining", "本分钟内还可请求的次数"),
        ("X-RateLimit-Reset", "距下一分钟的秒数"),
    )
]


class ProblemSerializer(serializers.Serializer[Any]):
    """拒绝的统一格式（RFC 9457）。程序按 code 判断，detail 给人看。"""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="不变的代码")
    detail = serializers.CharField(help_text="说明怎样处理的一句话")
    request_id = serializers.CharField(help_text="请求编号，报障时请提供")
    fields = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="字段路径 → 说明"
    )


class ActionSerializer(serializers.Serializer[Any]):
    """本账号现在可以办理的一步；missing 是还缺什么。"""

    action = serializers.CharField()
    label = serializers.CharField()
    needs_note = serializers.BooleanField()
    missing = serializers.ListField(child=serializers.CharField())


class EvidenceSerializer(serializers.Serializer[Any]):
    """印证资料。"""

    id = serializers.UUIDField()
    name = serializers.CharField()
    caption = serializers.CharField(allow_blank=True)
    media_type = serializers.CharField()
    kind = serializers.ChoiceField(choices=["image", "document"])
    size = serializers.IntegerField(help_text="字节数")
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    url = serializers.CharField(help_text="下载地址")


class RootSerializer(serializers.Serializer[Any]):
    account = serializers.CharField()
    unit = serializers.IntegerField()
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField(allow_null=True)
    resources = serializers.DictField(child=serializers.CharField())


class HeadSerializer(serializers.Serializer[Any]):
    """一行所属的记录。"""

    noun = serializers.CharField(help_text="内容的名称，如 mines")
    id = serializers.CharField()


class ChangeSerializer(serializers.Serializer[Any]):
    """一条变更：哪条记录、什么时候、办了什么；内容请按 url 读取。"""

    sequence = serializers.IntegerField(help_text="序号，只增不改")
    at = serializers.DateTimeField()
    noun = serializers.CharField(help_text="内容的名称，如 hazards")
    id = serializers.CharField()
    of = HeadSerializer(allow_null=True, help_text="一矿一册的一行属于哪座矿山；其他内容为空")
    verb = serializers.CharField(
        help_text="动作的代码；record.gone 是这条记录本账号从此看不到了，请删去，record.came 是本账号从此看得到了"
    )
    label = serializers.CharField(help_text="动作")
    url = serializers.CharField(help_text="读取的地址；答复404就是记录已经不在，或者本账号看不到了")


class ChangesPageSerializer(serializers.Serializer[Any]):
    results = ChangeSerializer(many=True, help_text="可能为空：别处的变更不给出，序号照样前进")
    next = serializers.IntegerField(help_text="下一次的 after")
    more = serializers.BooleanField(help_text="后面还有，请立即接着取")


def field_at(model: type[models.Model], path: str) -> tuple[Any, bool, str]:
    """The model field at the end of a lookup path, whether the path may lead nowhere (null), and what it is called."""
    field: Any = None
    nullable, labels = False, list[str]()
    for step in path.split("__"):
        field = model._meta.get_field(step.removesuffix("_id") if step not in _names(model) else step)
        nullable = nullable or bool(getattr(field, "null", False))
        labels.append("编号" if isinstance(field, models.AutoField) else str(getattr(field, "verbose_name", step)))
        if field.is_relation and field.related_model:
            model = field.related_model
    key = (
        {True: "（代码）", False: "（编号）"}[isinstance(field.target_field, models.CharField)]
        if field.is_relation
        else ""
    )
    # Of a longer way its first and its last step say enough: 矿山：全称.
    return field, nullable, "：".join(dict.fromkeys((labels[0], labels[-1]))) + key


def _names(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields()}


def documented(model: type[models.Model], path: str, inside: bool = False) -> serializers.Field[Any, Any, Any, Any]:
    """The serializer field that tells of one column; one that is told `inside` the bureau only may be empty."""
    field, nullable, label = field_at(model, path)
    label, nullable = f"{label}{INSIDE if inside else ''}", nullable or inside
    while field.is_relation:
        field = field.target_field
    kwargs: dict[str, Any] = {"allow_null": nullable, "required": False, "help_text": label}
    if field.choices:
        choices = dict(field.flatchoices) | ({"": "未定"} if field.blank else {})
        kwargs["help_text"] = f"{label}：" + "，".join(f"{key or '空'} {words}" for key, words in choices.items())
        return serializers.ChoiceField(choices=list(choices), allow_blank=False, **kwargs)
    kinds: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.BooleanField, serializers.BooleanField),
        (models.DateTimeField, serializers.DateTimeField),
        (models.DateField, serializers.DateField),
        (models.JSONField, serializers.JSONField),
        (models.IntegerField, serializers.IntegerField),
    ]
    if isinstance(field, models.DecimalField):
        return serializers.DecimalField(
            max_digits=None, decimal_places=field.decimal_places, coerce_to_string=True, **kwargs
        )
    return next((made for kind, made in kinds if isinstance(field, kind)), serializers.CharField)(**kwargs)


def serializer(
    name: str,
    words: str,
    model: type[models.Model],
    columns: Columns,
    more: Mapping[str, Any],
    inside: tuple[str, ...] = (),
) -> type[serializers.Serializer[Any]]:
    fields = {key: documented(model, path, key in inside) for key, path in columns.items()} | dict(more)
    return type(name, (serializers.Serializer,), {**fields, "__doc__": words})


def part_serializer(resource: Resource, name: str, part: Part) -> Any:
    more = {"evidence": EvidenceSerializer(many=True, required=False)} if part.has_evidence else {}
    made = serializer(f"{title(resource.name)}{title(name)}", part.label, part.model, part.columns, more)
    return made(many=True, required=False, help_text=f"{part.label}{INSIDE if name in resource.inside else ''}")


def title(name: str) -> str:
    return "".join(word.title() for word in name.replace("-", "_").split("_"))


def document(resource: Resource) -> None:
    """Tell spectacular what the two views of a noun take and answer."""
    parts: dict[str, Any] = {name: part_serializer(resource, name, part) for name, part in resource.parts.items()}
    if resource.has_evidence:
        parts["evidence"] = EvidenceSerializer(many=True, required=False)
    derived = {
        name: (serializers.CharField if fact.in_words else serializers.BooleanField)(
            help_text=fact.label, required=False
        )
        for name, fact in resource.derived.items()
    }
    actions: dict[str, Any] = {
        name: fact.shape(many=fact.many, required=False, help_text=fact.label) for name, fact in resource.told.items()
    }
    if resource.holds_moves:
        actions[ACTIONS] = ActionSerializer(many=True, required=False)
    noun = title(resource.name)
    whole = serializer(
        noun, resource.label, resource.model, resource.columns, derived | parts | actions, resource.inside
    )
    in_list = serializer(
        f"{noun}Row", resource.label, resource.model, resource.columns, derived | parts, resource.inside
    )
    page = type(
        f"{noun}Page",
        (serializers.Serializer,),
        {
            "results": in_list(many=True),
            "next": serializers.CharField(allow_null=True, help_text="下一页的地址；最后一页为 null"),
            "__doc__": f"{resource.label}的一页",
        },
    )
    listing, detail = api.VIEWS[resource.name]
    listing.get = extend_schema(  # type: ignore[method-assign]
        operation_id=f"list_{resource.name.replace('-', '_')}",
        summary=f"{resource.label}：列表",
        description="按编号排列的一页，只含本账号看得到的。",
        tags=[resource.label],
        parameters=[*list_parameters(resource), *HEADERS],
        responses=answers(page, 400),
    )(own(listing.get))
    detail.get = extend_schema(  # type: ignore[method-assign]
        operation_id=f"get_{resource.name.replace('-', '_')}",
        summary=f"{resource.label}：一条",
        description="一条完整的记录，连同所属内容、印证资料和本账号现在可以办理的动作；看不到的一律404。",
        tags=[resource.label],
        parameters=[
            OpenApiParameter("key", str, OpenApiParameter.PATH, description="列表中的编号"),
            fields_parameter([*names_of(resource), *parts_of(resource), *actions]),
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="已有版本的 ETag"),
            OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200], description="记录的版本"),
            *HEADERS,
        ],
        responses=answers(whole, 400, 404) | {304: OpenApiResponse(description="与 If-None-Match 相同")},
    )(own(detail.get))
    for act in acts_on(resource.name):
        document_act(resource, act, whole)


KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description="记录的编号")
NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, description="对方系统自己的编号，不含斜线")
ONCE = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="每个请求一个，如UUID；重发时不变，只办理一次，得到同样的应答",
)
TAG = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200, 201], description="记录的版本")


def document_act(resource: Resource, act: Act, whole: Any) -> None:
    """Tell spectacular what an act takes and answers: the whole record as it stands afterwards."""
    listing, detail = api.VIEWS[resource.name]
    noun = resource.name.replace("-", "_")
    body: Any = (
        act.takes if not act.files else {"application/json": act.takes, "multipart/form-data": with_files(act.takes)}
    )
    words = " ".join((act.takes.__doc__ or "").split())
    example = example_of(act.takes)
    said: dict[str, Any] = {"tags": [resource.label], "request": body, "summary": f"{resource.label}：{act.label}"}
    if example:
        shown = OpenApiExample("示例", example, request_only=True, media_type="application/json")
        said["examples"] = [shown]
    version = OpenApiParameter(
        "If-Match", str, OpenApiParameter.HEADER, required=act.changes,
        description="看到的 ETag；记录已被改动的不办理（412）",
    )  # fmt: skip
    refusals = (400, 403, 404, 409, 412, 413, 415, 422)
    if act.makes:
        listing.post = extend_schema(
            operation_id=f"make_{noun}",
            description=words,
            parameters=[ONCE, TAG, *HEADERS],
            responses=answers(whole, *refusals, status=201),
            **said,
        )(listing.post)
        if external := api.EXTERNAL_VIEWS.get(resource.name):
            external.get = extend_schema(  # type: ignore[method-assign]
                operation_id=f"get_{noun}_by_external_id",
                summary=f"{resource.label}：按对方编号读取一条",
                tags=[resource.label],
                parameters=[NAME, TAG, *HEADERS],
                responses=answers(whole, 400, 404),
            )(own(external.get))
            external.put = extend_schema(  # type: ignore[method-assign]
                operation_id=f"push_{noun}",
                description=f"{words}编号第一次出现就新建，以后就更新同一条。",
                parameters=[NAME, version, ONCE, TAG, *HEADERS],
                responses=answers(whole, *refusals) | {201: whole},
                **said | {"summary": f"{resource.label}：按对方编号推送"},
            )(own(external.put))
        return
    said |= {"parameters": [KEY, version, ONCE, TAG, *HEADERS]}
    if act.changes:
        detail.patch = extend_schema(
            operation_id=f"change_{noun}", description=words, responses=answers(whole, *refusals, 428), **said
        )(detail.patch)
        return
    view = api.ACT_VIEWS[resource.name, act.name]
    view.post = extend_schema(  # type: ignore[method-assign]
        operation_id=f"{noun}_{act.name.replace('-', '_')}",
        description=words,
        responses=answers(whole, *refusals),
        **said,
    )(own(view.post))


def own(method: Any) -> Any:
    """A method of this class alone: what is said about it must not reach the class it came from."""

    def handle(self: Any, *args: Any, **kwargs: Any) -> Any:
        return method(self, *args, **kwargs)

    return handle


def list_parameters(resource: Resource) -> list[OpenApiParameter]:
    found = [
        fields_parameter(names_of(resource)),
        OpenApiParameter("cursor", str, description="上一页 next 中的游标"),
        OpenApiParameter(
            "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
            description="每页条数",
        ),
        OpenApiParameter(
            "updated_after", OpenApiTypes.DATETIME,
            description="只要这一时刻之后有办理记录的。长期同步请用变更记录，或把时间往前重叠几分钟。",
        ),
    ]  # fmt: skip
    if names := parts_of(resource):
        found.append(several("expand", names, "一并给出的内容，用逗号分开"))
    for name, label, choices in api.filter_parameters(resource):
        kind: Any = OpenApiTypes.DATE if name.endswith(("_after", "_before")) else str
        found.append(OpenApiParameter(name, kind, description=label, enum=choices or None))
    return found


def fields_parameter(names: list[str]) -> OpenApiParameter:
    return several("fields", names, "只要这些字段，用逗号分开")


def several(name: str, choices: list[str], words: str) -> OpenApiParameter:
    """A parameter that takes any of these names, parted by commas."""
    return OpenApiParameter(name, str, many=True, enum=choices, style="form", explode=False, description=words)


def answers(success: Any, *refusals: int, status: int = 200) -> dict[Any, Any]:
    """What an operation may answer: success, and every refusal in the one shape."""
    found: dict[Any, Any] = {status: success}
    words = {
        400: "查询参数或内容有误", 401: "没有令牌，或令牌不正确、已过期", 403: "没有权限", 404: "没有，或无权查看",
        406: "只提供 JSON", 409: "现在的状态不能办理，或同一请求正在办理", 412: "记录已被改动", 413: "内容太大",
        415: "不支持这种内容格式", 422: "幂等键已用于别的内容", 428: "须带 If-Match", 429: "请求太频繁",
    }  # fmt: skip
    for code in sorted({401, 403, 406, 429, *refusals}):
        found[code, PROBLEM] = OpenApiResponse(ProblemSerializer, description=words[code])
    return found


for _resource in RESOURCES.values():
    document(_resource)

api.Root.get = extend_schema(  # type: ignore[method-assign]
    operation_id="root", summary="本账号可以用的内容", description="先看这里：令牌属于谁、有哪些权限、能读哪些内容。", tags=["入口"], parameters=HEADERS,
    responses=answers(RootSerializer, 400),
)(api.Root.get)  # fmt: skip
api.Changes.get = extend_schema(  # type: ignore[method-assign]
    operation_id="list_changes", summary="变更记录", tags=["变更记录"],
    description="已封印的办理记录，按序号一条不漏，最多晚约一分钟。只给出本账号有读取权限且看得到的；原来看得到、从此看不到的以 record.gone 给出，请删去。",
    parameters=[
        OpenApiParameter(
            "after", {"type": "integer", "minimum": 0, "maximum": 10**18 - 1, "default": 0},
            description="上一次的 next，第一次用0",
        ),
        OpenApiParameter(
            "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
            description="最多看多少条",
        ),
        *HEADERS,
    ],
    responses=answers(ChangesPageSerializer, 400),
)(api.Changes.get)  # fmt: skip
for _table in TABLES:
    _view: Any = api.TABLE_VIEWS[_table.name]
    _view.get = extend_schema(
        operation_id=f"get_{_table.name.replace('-', '_')}", summary=_table.label, description=_table.words,
        tags=[_table.label],
        parameters=[
            *(OpenApiParameter(name, str, enum=_table.choices.get(name), description=words)
              for name, words in _table.parameters.items()),
            *HEADERS,
        ],
        responses=answers(_table.shape, 400),
    )(own(_view.get))  # fmt: skip
api.EvidenceFile.get = extend_schema(  # type: ignore[method-assign]
    operation_id="get_evidence", summary="印证资料：下载", description="看得到所附记录的账号才能下载；照片不带拍摄地点。", tags=["印证资料"],
    parameters=[OpenApiParameter("public_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="文件的编号"), *HEADERS],
    responses={code: words for code, words in answers(None, 400, 404).items() if code != 200}
    | {(200, kind): OpenApiResponse(OpenApiTypes.BINARY, description="文件本身") for kind in FILE_KINDS}
    | {304: OpenApiResponse(description="与 If-None-Match 相同")},
)(api.EvidenceFile.get)  # fmt: skip
api.Nothing.schema = None
