"""Units and accounts as spreadsheets: what goes out here comes in again through `imports`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from common.errors import Refused
from common.spreadsheets import Column, Kind, csv_lines, write_rows
from units.models import Role, Unit, User

if TYPE_CHECKING:
    from units.services.accounts import IssuedCode

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEPARATOR = "、"

UNIT_COLUMNS = (
    Column("name", "单位名称", required=True, max_length=100, width=36, aliases=(
        "名称", "企业名称", "单位全称", "全称", "企业全称", "矿山名称", "煤矿名称", "企业（单位）名称", "单位",
    )),
    Column("kind", "类别", Kind.CHOICE, choices=dict(Unit.Kind.choices), width=14, aliases=(
        "单位类别", "单位类型", "类型", "单位性质",
    ), words={
        **dict.fromkeys(("煤矿", "矿井", "非煤矿山", "金属非金属矿山", "露天矿", "尾矿库", "采石场"), Unit.Kind.MINE),
        **dict.fromkeys(("煤矿企业", "矿山企业", "公司", "集团", "集团公司", "生产经营单位"), Unit.Kind.ENTERPRISE),
        **dict.fromkeys(("乡镇", "街道", "乡", "镇", "街道办", "乡镇政府"), Unit.Kind.TOWNSHIP),
        **dict.fromkeys(("局", "县直部门", "县直单位", "机关", "行政机关", "监管部门", "政府部门"), Unit.Kind.DEPARTMENT),
        **dict.fromkeys(("政府", "党委", "县政府", "县委"), Unit.Kind.GOVERNMENT),
    }),
    Column("short_name", "简称", max_length=40, width=16, aliases=("单位简称", "企业简称")),
    Column("credit_code", "统一社会信用代码", width=22, aliases=(
        "信用代码", "社会信用代码", "统一信用代码", "组织机构代码", "营业执照号",
    )),
    Column("region", "所在区划", width=16, aliases=(
        "所属乡镇", "所在乡镇", "乡镇", "所属区划", "行政区划", "所在地", "属地", "所属乡镇（街道）", "区划代码",
    )),
    Column("parent", "上级单位", width=30, aliases=(
        "主体企业", "所属企业", "上级企业", "所属集团", "主管单位", "上级公司", "主体企业名称",
    )),
    Column("tags", "标记", width=20, aliases=("标签", "单位标记")),
    Column("aliases", "别名", width=24, aliases=("其他名称", "曾用名", "又名")),
    Column("state", "状态", width=10, export_only=True),
)  # fmt: skip

ACCOUNT_COLUMNS = (
    Column("name", "姓名", required=True, max_length=40, width=12, aliases=("人员姓名", "联络员", "联系人", "使用人")),
    Column("username", "登录名", width=18, aliases=("账号", "用户名", "登录账号", "帐号")),
    Column(
        "unit", "单位", required=True, width=36, aliases=("单位名称", "所在单位", "所属单位", "工作单位", "企业名称")
    ),
    Column("role", "角色", Kind.CHOICE, choices=dict(Role.choices), width=14, aliases=("人员角色", "权限"), words={
        **dict.fromkeys(("联络员", "部门联络员", "乡镇联络员", "企业联络员"), Role.LIAISON),
        **dict.fromkeys(("填报员", "填报人", "矿山填报人", "煤矿填报员"), Role.MINE_CLERK),
        **dict.fromkeys(("执法人员", "检查人员"), Role.INSPECTOR),
        "工作人员": Role.BUREAU_STAFF,
    }),
    Column("duty", "职务", max_length=40, width=18, aliases=("职位", "岗位")),
    Column("phone", "手机", width=16, aliases=("手机号", "手机号码", "联系电话", "电话", "联系方式")),
    Column("email", "邮箱", width=24, aliases=("电子邮箱", "电子邮件", "邮件")),
    Column("state", "状态", width=10, export_only=True),
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One noun as a spreadsheet: its title, its columns, and how a record becomes a row."""

    title: str
    columns: Sequence[Column]
    row: Callable[[Any], Mapping[str, Any]]
    examples: Sequence[Mapping[str, Any]] = ()


def unit_row(unit: Unit) -> dict[str, Any]:
    """A unit of `for_export()` as a row."""
    return {
        "name": unit.name,
        "kind": unit.kind,
        "short_name": unit.short_name,
        "credit_code": unit.credit_code or "",
        "region": unit.region.name,
        "parent": unit.parent.name if unit.parent else "",
        "tags": SEPARATOR.join(tag.name for tag in unit.tags.all()),
        "aliases": SEPARATOR.join(alias.name for alias in unit.aliases.all()),
        "state": "在用" if unit.is_active else "已停用",
    }


def account_row(account: User) -> dict[str, Any]:
    """An account as a row; of the password nothing goes out, not even whether it is old."""
    return {
        "name": account.name,
        "username": account.username,
        "unit": account.unit.name if account.unit else "",
        "role": account.role,
        "duty": account.duty,
        "phone": account.phone,
        "email": account.email,
        "state": account.state_label,
    }


UNITS = Sheet("单位", UNIT_COLUMNS, unit_row)
ACCOUNTS = Sheet("账号", ACCOUNT_COLUMNS, account_row)


def download(sheet: Sheet, rows: Iterable[Any], form: str) -> HttpResponseBase:
    """The rows as an .xlsx or a .csv file to download."""
    name = f"{sheet.title}{timezone.localdate():%Y%m%d}"
    made = (sheet.row(row) for row in rows)
    if form == "csv":
        stream = StreamingHttpResponse(csv_lines(sheet.columns, made), content_type="text/csv; charset=utf-8")
        stream["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.csv"
        return stream
    if form != "xlsx":
        raise Refused("只能导出 .xlsx 或 .csv。")
    return workbook(name, sheet.columns, made, title=sheet.title)


def template(sheet: Sheet) -> HttpResponseBase:
    """An empty table to fill in, with drop-downs where only certain words are taken."""
    columns = [column for column in sheet.columns if not column.export_only]
    return workbook(f"{sheet.title}导入模板", columns, [], title="")


SLIP_COLUMNS = (
    Column("unit", "单位", width=36),
    Column("name", "姓名", width=12),
    Column("username", "登录名", width=18),
    Column("code", "激活码", width=24),
    Column("until", "有效期至", width=18),
    Column("how", "办法", width=44),
)


def slips(issued: Sequence[IssuedCode], address: str) -> HttpResponseBase:
    """Activation codes to cut up and hand out; the only place where they can be read."""
    rows = (
        {
            "unit": one.account.unit.name if one.account.unit else "",
            "name": one.account.name,
            "username": one.account.username,
            "code": one.code,
            "until": one.expires_at,
            "how": f"打开 {address} 输入激活码，自己设置密码；只能用一次",
        }
        for one in issued
    )
    response = workbook(
        f"激活单{timezone.localdate():%Y%m%d}", SLIP_COLUMNS, rows, title="账号激活单（逐人裁开发放，勿转发）"
    )
    response["Cache-Control"] = "no-store"
    return response


def workbook(
    name: str, columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], *, title: str = ""
) -> HttpResponseBase:
    """An .xlsx file to download."""
    target = io.BytesIO()
    write_rows(target, columns, rows, title=title, sheet=name[:31])
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
