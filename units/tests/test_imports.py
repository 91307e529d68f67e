"""Units and accounts out of the tables that counties really keep, through the pages."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook
from stdnum.cn import uscc

from common.history import history_of
from common.models import Event, Job
from units.models import DirectoryImport, Unit, UnitAlias, User
from units.tests.people import PASSWORD

BODY = "91149921MA0000000"


def credit_code(number: int) -> str:
    body = f"91149921MA00{number:05}"
    return body + uscc.calc_check_digit(body)


def book(rows: list[list[Any]], merge: str = "") -> bytes:
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def upload(client: Client, data: bytes, noun: str = "units", name: str = "企业名单.xlsx"):
    return client.post(f"/{noun}/import/", {"file": SimpleUploadedFile(name, data)}, follow=True)


@pytest.fixture
def desk(client, staff, settings, tmp_path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(staff)
    return client


@pytest.fixture
def admin_desk(client, admin, settings, tmp_path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(admin)
    return client


@pytest.fixture
def confirm(django_capture_on_commit_callbacks):
    def send(client: Client, run: DirectoryImport):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(run.get_absolute_url(), {"act": "confirm"})
        run.refresh_from_db()
        return answer

    return send


def county_table() -> bytes:
    """As it comes: a title over the head, words of its own, full-width digits, stray spaces, one cell for two rows."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return book(
        [
            ["青岚县矿山企业基本情况表", None, None, None, None, None],
            ["序号", "企业名称", "单位类型", "所属乡镇", "统一信用代码 ", "主体企业"],
            [1, " 石门  煤矿", "矿山", "石门镇", credit_code(1).translate(wide), "青岚煤业集团有限公司"],
            [2, "南坡石料厂", "矿山", None, None, "南坡建材有限公司"],
            [3, "南坡建材有限公司", "企业", "青岚县", f"{credit_code(2)[:8]} {credit_code(2)[8:]}", None],
            ["填表人：王科员", None, None, None, None, None],
        ],
        merge="D3:D4",
    )


def test_a_countys_own_table_comes_in(desk, county, staff, confirm):
    text = upload(desk, county_table()).content.decode()
    run = DirectoryImport.objects.get()
    assert run.counts == {"new": 2, "changed": 1, "unchanged": 0, "wrong": 0}
    assert "确认后一次写入 3 行" in text and "这些列不认识" not in text and "填表人" in text
    assert not Unit.objects.filter(name="南坡石料厂").exists()
    answer = confirm(desk, run)
    assert Job.objects.get().get_absolute_url() == answer.headers["Location"]
    assert run.state == "confirmed"
    quarry = Unit.objects.get(name="南坡石料厂")
    assert (quarry.kind, quarry.region, quarry.parent.name) == ("mine", county.town, "南坡建材有限公司")
    county.mine.refresh_from_db()
    assert county.mine.credit_code == credit_code(1) and county.mine.name == "石门煤矿"
    assert "新增 2 行，修改 1 行" in desk.get(run.get_absolute_url()).content.decode()
    batch = Event.objects.filter(batch=run.batch)
    assert batch.filter(verb="directoryimport.confirmed").count() == 1
    assert set(batch.values_list("verb", flat=True)) == {"unit.created", "unit.changed", "directoryimport.confirmed"}
    assert history_of(run).first().actor_name == "王科员"


def test_every_fault_is_told_at_once_and_nothing_is_written(desk, county, confirm):
    rows = [
        ["单位名称", "类别", "信用代码", "所在乡镇", "上级单位", "标签", "别名"],
        ["甲矿", "矿山", "911100006000373410", None, None, None, None],
        ["乙矿", "矿区", None, None, None, None, None],
        ["丙矿", "矿山", None, "黑石镇", None, None, None],
        ["丁矿", "矿山", None, None, "没有的公司", None, None],
        ["戊矿", "矿山", None, None, None, "金矿", None],
        ["己矿", None, None, None, None, None, None],
        ["庚矿", "矿山", None, None, "庚矿", None, None],
        ["辛矿", "矿山", None, None, None, None, "石门煤矿、甲"],
        ["壬矿", "矿山", None, None, None, None, "甲"],
        [None, "矿山", None, None, None, None, None],
        ["甲矿 ", "矿山", None, None, None, None, None],
        ["丑矿", "矿山", credit_code(9), None, None, None, None],
        ["寅矿", "矿山", credit_code(9), None, None, None, None],
    ]
    before = Unit.objects.count()
    text = upload(desk, book(rows)).content.decode()
    for words in (
        "校验码正确",
        "只能填：党委政府、部门",
        "本地区没有这个乡镇",
        "目录和本表中都没有这个单位",
        "没有“金矿”这个标记，可用的标记：煤矿",
        "新单位必须填写类别",
        "上级单位不能是它自己",
        "“石门煤矿”已经是别的单位或单位组的名称或别名",
        "与第 9 行重复",
        "必须填写",
        "与第 13 行的信用代码相同",
    ):
        assert words in text, words
    assert "确认导入" not in text and "下载标有问题的表格" in text
    run = DirectoryImport.objects.get()
    marked = load_workbook(io.BytesIO(desk.get(f"{run.get_absolute_url()}errors/").content)).active
    assert marked.cell(1, 8).value == "导入问题" and "校验码" in marked.cell(2, 8).value
    # Even a request made by hand writes nothing.
    confirm(desk, run)
    assert Job.objects.get().state == Job.State.FAILED and "行有误" in Job.objects.get().error
    assert run.state == "checked" and Unit.objects.count() == before


def test_one_row_twice(desk, county):
    rows = [["名称", "类别"], ["甲矿", "矿山"], ["甲 矿", "矿山"]]
    assert "与第 2 行重复" in upload(desk, book(rows)).content.decode()


def test_a_body_under_the_name_that_papers_print_is_not_entered_twice(desk, county):
    printed = county.bureau.name.replace(county.region.name, "县")
    assert printed != county.bureau.name
    upload(desk, book([["单位名称", "类型"], [printed, "局"], ["石门镇东沟煤矿", "矿井"]]))
    run = DirectoryImport.objects.get()
    assert run.counts == {"new": 1, "changed": 0, "unchanged": 1, "wrong": 0}


def test_the_countys_own_body_is_no_new_one_in_the_township_where_it_sits(desk, county):
    rows = [["单位名称", "类别", "所属乡镇"], ["县应急局", "局", county.mine.region.name]]
    text = upload(desk, book(rows)).content.decode()
    assert "目录里的“青岚县应急管理局”属于" in text and DirectoryImport.objects.get().counts["wrong"] == 1


def test_what_goes_out_comes_in_again_unchanged(desk, county):
    UnitAlias.objects.create(region=county.town, name="石门矿", unit=county.mine)
    for form in ("xlsx", "csv"):
        data = b"".join(desk.get(f"/units/?export={form}").streaming_content)
        upload(desk, data, name=f"单位.{form}")
        run = DirectoryImport.objects.first()
        visible = Unit.objects.filter(region__code__startswith="149921").count()
        assert run.counts == {"new": 0, "changed": 0, "unchanged": visible, "wrong": 0}, form
        assert "没有要写入的" in desk.get(run.get_absolute_url()).content.decode()


def test_an_empty_cell_and_a_missing_column_leave_what_is_there(desk, county, confirm):
    Unit.objects.filter(pk=county.mine.pk).update(short_name="石门矿", credit_code=credit_code(4))
    rows = [["名称", "简称", "信用代码", "别名"], ["石门煤矿", None, None, "石门一号"]]
    upload(desk, book(rows))
    confirm(desk, DirectoryImport.objects.get())
    county.mine.refresh_from_db()
    assert (county.mine.short_name, county.mine.credit_code) == ("石门矿", credit_code(4))
    assert county.mine.parent == county.enterprise and county.mine.kind == "mine"
    assert [alias.name for alias in county.mine.aliases.all()] == ["石门一号"]


def test_a_changed_name_is_known_by_the_credit_code(desk, county, confirm):
    Unit.objects.filter(pk=county.mine.pk).update(credit_code=credit_code(5))
    text = upload(desk, book([["名称", "信用代码"], ["石门煤矿有限公司", credit_code(5)]])).content.decode()
    assert "石门煤矿</del> → <ins>石门煤矿有限公司" in text
    confirm(desk, DirectoryImport.objects.get())
    county.mine.refresh_from_db()
    assert county.mine.name == "石门煤矿有限公司"


def test_a_formula_in_a_name_stays_text(desk, county):
    Unit.objects.create(name="=1+1矿业", kind="mine", region=county.region)
    data = b"".join(desk.get("/units/?export=xlsx&q=1%2B1").streaming_content)
    cell = next(
        cell for row in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row if cell.value == "=1+1矿业"
    )
    assert cell.data_type == "s"
    assert b"'=1+1" in b"".join(desk.get("/units/?export=csv&q=1%2B1").streaming_content)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.xlsx", b"", "空"),
        ("a.xlsx", b"PK\x03\x04 broken", "损坏"),
        ("a.docx", b"PK\x03\x04", "类型不能上传"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "没有传完整"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 100, "另存为"),
        ("a.csv", "姓,名\n王,五\n".encode(), "没有找到表头"),
        ("a.csv", "单位名称,类别\n".encode("gb18030"), "没有数据行"),
    ],
)
def test_a_file_of_no_use_is_refused_in_one_sentence(desk, county, name, data, sentence):
    answer = upload(desk, data, name=name)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not DirectoryImport.objects.exists()


def test_superiors_may_stand_below_their_units_but_not_in_a_circle(desk, county, confirm):
    rows = [
        ["名称", "类别", "上级单位"],
        ["一号坑口", "矿山", "乙矿"],
        ["乙矿", "矿山", "丙集团"],
        ["丙集团", "企业", None],
    ]
    upload(desk, book(rows))
    confirm(desk, DirectoryImport.objects.get())
    pit = Unit.objects.get(name="一号坑口")
    assert pit.path == f"/{pit.parent.parent.pk}/{pit.parent.pk}/{pit.pk}/" and pit.initials == "yhkk"
    upload(desk, book([["名称", "类别", "上级单位"], ["子矿", "矿山", "丑矿"], ["丑矿", "矿山", "子矿"]]))
    confirm(desk, DirectoryImport.objects.first())
    assert "绕成了圈" in Job.objects.first().error
    assert not Unit.objects.filter(name="子矿").exists()


def test_putting_a_file_aside(desk, county, confirm):
    upload(desk, county_table())
    run = DirectoryImport.objects.get()
    desk.post(run.get_absolute_url(), {"act": "drop"})
    confirm(desk, run)
    assert run.state == "dropped" and not Unit.objects.filter(name="南坡石料厂").exists()


def test_the_same_file_is_not_written_twice(desk, county, confirm):
    upload(desk, county_table())
    run = DirectoryImport.objects.get()
    confirm(desk, run)
    count = Unit.objects.count()
    confirm(desk, run)
    assert Unit.objects.count() == count
    upload(desk, county_table())
    assert DirectoryImport.objects.first().counts["unchanged"] == 3


def test_the_template_has_drop_downs_and_is_read(desk, county):
    data = b"".join(desk.get("/units/import/template/").streaming_content)
    sheet = load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[1]][:2] == ["单位名称", "类别"]
    assert any("矿山" in rule.formula1 for rule in sheet.data_validations.dataValidation)


class TestAccounts:
    HEAD = ["姓名", "账号", "所在单位", "角色", "联系电话"]

    def test_people_come_in_and_get_their_slips(self, admin_desk, county, confirm):
        rows = [
            ["全县联络员名单", None, None, None, None],
            self.HEAD,
            ["孙小雨", " Sun.Xiaoyu ", "县应急局", "局工作人员", "000-1234567"],
            ["马大山", "madashan", "石门煤矿", "矿长", None],
        ]
        text = upload(admin_desk, book(rows), "accounts", "联络员.xlsx").content.decode()
        assert "sun.xiaoyu" in text and "青岚县应急管理局" in text
        run = DirectoryImport.objects.get()
        confirm(admin_desk, run)
        account = User.objects.get(username="sun.xiaoyu")
        assert account.unit == county.bureau and not account.has_usable_password()
        assert "打印激活单" in admin_desk.get(run.get_absolute_url()).content.decode()
        slips = admin_desk.post("/accounts/slips/", {"selected": list(User.objects.values_list("pk", flat=True))})
        sheet = load_workbook(io.BytesIO(b"".join(slips.streaming_content))).active
        codes = {row[2]: row[3] for row in sheet.iter_rows(min_row=3, values_only=True)}
        assert set(codes) == {"sun.xiaoyu", "madashan"}
        person = Client()
        person.post("/activate/", {"code": codes["madashan"]})
        person.post("/activate/", {"new": "Shimen#Kuang-77", "again": "Shimen#Kuang-77"})
        assert person.get("/profile/").status_code == 200

    def test_faults(self, admin_desk, county, stranger, admin):
        rows = [
            self.HEAD,
            ["甲", "ab", "石门煤矿", "矿长", None],
            ["乙", "yi.yi", "没有的单位", "矿长", None],
            ["丙", "bing.bing", "石门煤矿", "领导", None],
            ["丁", "staff.hu", "石门煤矿", "矿长", None],
            ["戊", "wu.wu", "石门煤矿", "矿长", "不知道"],
            ["己", "ji.ji", "白川一矿", "矿长", None],
            ["李管理", "admin.li", "县应急局", "领导", None],
            ["庚", "geng.g", "石门煤矿", "矿长", None],
            ["辛", "GENG.G", "石门煤矿", "矿长", None],
        ]
        text = upload(admin_desk, book(rows), "accounts").content.decode()
        for words in (
            "登录名用3至40个小写字母",
            "单位目录里没有这个单位",
            "“矿山”的人员可选角色",
            "这个登录名已被其他地区使用",
            "请填写电话号码",
            "不能更改自己的角色和单位",
            "与第 9 行重复",
        ):
            assert words in text, words
        assert DirectoryImport.objects.get().counts["wrong"] == 8

    def test_what_goes_out_comes_in_again_unchanged(self, admin_desk, county, clerk, staff, admin):
        data = b"".join(admin_desk.get("/accounts/?export=xlsx").streaming_content)
        upload(admin_desk, data, "accounts")
        assert DirectoryImport.objects.get().counts == {"new": 0, "changed": 0, "unchanged": 3, "wrong": 0}
        clerk.refresh_from_db()
        assert clerk.check_password(PASSWORD)

    def test_a_list_of_contacts_opens_accounts_without_the_rows_that_are_hidden_or_wrong(
        self, admin_desk, county, clerk, django_capture_on_commit_callbacks
    ):
        made = Workbook()
        for row in (
            ["专项整治联络员名单", None, None, None],
            ["单位", "姓名", "职务", "手机"],
            ["石门煤矿", clerk.name, "安全员", "138-0001-0001"],
            [None, "张 建", "调度员", "13800010002"],
            ["县应急局", "李不见", "科员", "13800010003"],
            ["县应急局", "张建", "科员", "13800010004/13900010004"],
        ):
            made.active.append(row)
        made.active.merge_cells("A3:A4")
        made.active.row_dimensions[5].hidden = True
        target = io.BytesIO()
        made.save(target)
        text = upload(admin_desk, target.getvalue(), "accounts", "通讯录.xlsx").content.decode()
        assert "第 5 行在文件里是隐藏的，也读了" in text and "zhangjian" in text and "矿山填报员" in text
        assert "只能写一个号码" in text and "本局人员请写明角色" in text
        run = DirectoryImport.objects.get()
        address = run.get_absolute_url()
        assert "隐藏的，没有读" in admin_desk.get(f"{address}?hidden=leave").content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            admin_desk.post(address, {"act": "confirm", "hidden": "leave"})
        run.refresh_from_db()
        assert run.state == DirectoryImport.State.CHECKED and not User.objects.filter(name="张建").exists()
        with django_capture_on_commit_callbacks(execute=True):
            admin_desk.post(address, {"act": "confirm_right", "hidden": "leave"})
        run.refresh_from_db()
        assert run.counts == {"new": 1, "changed": 1, "unchanged": 0, "wrong": 1}
        account = User.objects.get(name="张建")
        assert (account.username, account.role, account.unit) == ("zhangjian", "mine_clerk", clerk.unit)
        assert User.objects.get(pk=clerk.pk).duty == "安全员" and not User.objects.filter(name="李不见").exists()
        assert "有误的 1 行没有写入" in admin_desk.get(address).content.decode()

    def test_staff_may_not(self, desk, county):
        assert (
            upload(desk, book([self.HEAD, ["甲", "jia.jia", "石门煤矿", "矿长", None]]), "accounts").status_code == 403
        )


def test_the_next_county_does_not_see_an_import(desk, county, stranger, settings):
    upload(desk, county_table())
    run = DirectoryImport.objects.get()
    other = Client()
    other.force_login(stranger)
    for url in (run.get_absolute_url(), f"{run.get_absolute_url()}errors/"):
        assert other.get(url).status_code == 404
    assert other.post(run.get_absolute_url(), {"act": "confirm"}).status_code == 404
    assert "企业名单" not in other.get("/units/import/").content.decode()
    # A table of the neighbour cannot touch units of this county by their codes.
    Unit.objects.filter(pk=county.mine.pk).update(credit_code=credit_code(7))
    text = upload(other, book([["名称", "类别", "信用代码"], ["别的矿", "矿山", credit_code(7)]])).content.decode()
    assert "已被其他地区的单位使用" in text


def test_checking_costs_the_same_for_many_rows(desk, county, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(count: int) -> int:
        rows = [["名称", "类别", "别名"], *([f"第{n}矿", "矿山", f"{n}号"] for n in range(count))]
        upload(desk, book(rows))
        run = DirectoryImport.objects.first()
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(run.get_absolute_url()).status_code == 200
        return len(queries)

    assert cost(2) == cost(60) <= 20
