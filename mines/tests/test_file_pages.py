"""The file of a mine through its pages: who sees it, who keeps it, what it warns of, and what it looks like on paper."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from docx import Document
from openpyxl import Workbook, load_workbook

from common.history import history_of
from mines.due import CONFIRMATIONS, LICENCES
from mines.models import FileConfirmation, FileProposal, GradeRecord, Licence, Mine
from mines.services.file import open_confirmations
from mines.tests.conftest import desk
from units.models import DirectoryImport, RuleSetting, Unit

HEAD = {
    "mine_type": "coal_underground", "capacity": "90", "gas_grade": "high", "water_grade": "", "self_ignition": "",
    "rock_burst": "", "pond_grade": "", "supervising_unit": "", "mineral": "煤", "mining_method": "", "address": "",
    "longitude": "", "latitude": "", "duty_phone": "",
}  # fmt: skip


def page(user, mine):
    return desk(user).get(f"/mines/{mine.pk}/")


class TestWhoSees:
    def test_own_people_and_the_bureau_see_it_and_others_find_nothing(
        self, mine, staff, clerk, enterprise_clerk, township_liaison, leader, sister_clerk, stranger, liaison
    ):
        for user in (staff, clerk, enterprise_clerk, township_liaison, leader):
            assert page(user, mine).status_code == 200, user
        for user in (sister_clerk, stranger, liaison):
            assert page(user, mine).status_code == 404, user
            assert "石门煤矿" not in desk(user).get("/mines/").content.decode(), user

    def test_only_its_own_people_and_the_bureau_get_its_forms(
        self, mine, clerk, leader, enterprise_clerk, township_liaison
    ):
        assert desk(clerk).get(f"/mines/{mine.pk}/edit/").status_code == 200
        for user in (leader, enterprise_clerk, township_liaison):
            assert desk(user).get(f"/mines/{mine.pk}/edit/").status_code == 403, user
            assert desk(user).get(f"/mines/{mine.pk}/lines/licences/new/").status_code == 403, user
            assert desk(user).post(f"/mines/{mine.pk}/confirm/", {}).status_code == 403, user


class TestHead:
    def test_the_bureau_begins_the_file_of_a_mine_and_the_mine_cannot(self, county, staff, clerk):
        address = f"/mines/{county.mine.pk}/edit/"
        assert "待建档" in desk(staff).get("/mines/").content.decode()
        assert desk(clerk).get(address).status_code == 403
        answer = desk(staff).post(address, HEAD | {"state": "building", "state_since": "2024-03-01"}, follow=True)
        assert "已建立一矿一册" in answer.content.decode()
        mine = Mine.objects.get(pk=county.mine.pk)
        assert (mine.state, mine.gas_grade, mine.spans.get().since) == ("building", "high", dt.date(2024, 3, 1))

    def test_what_the_bureau_keeps_a_mine_only_proposes(self, mine, clerk, staff):
        values = HEAD | {"gas_grade": "outburst", "address": "石门镇一村", "reason": "重新鉴定"}
        answer = desk(clerk).post(f"/mines/{mine.pk}/edit/", values, follow=True)
        assert "核定后生效" in answer.content.decode()
        mine.refresh_from_db()
        assert (mine.gas_grade, mine.address) == ("high", "石门镇一村")
        proposal = FileProposal.objects.get()
        assert "煤与瓦斯突出" in page(staff, mine).content.decode()
        address = f"/mines/{mine.pk}/proposals/{proposal.pk}/"
        assert desk(clerk).post(address, {"accept": "yes"}).status_code == 403
        assert desk(staff).post(address, {"accept": "no", "answer": ""}).status_code == 422
        desk(staff).post(address, {"accept": "yes"})
        mine.refresh_from_db()
        assert mine.gas_grade == "outburst" and mine.supervising_unit is None
        assert desk(staff).post(address, {"accept": "no", "answer": "再说"}).status_code == 422
        assert "mine.changed" in history_of(mine).values_list("verb", flat=True)

    def test_a_slip_in_the_coordinates_stays_in_the_form(self, mine, staff):
        answer = desk(staff).post(f"/mines/{mine.pk}/edit/", HEAD | {"longitude": "36.1", "latitude": "112.8"})
        assert answer.status_code == 422 and "36.1" in answer.content.decode()
        answer = desk(staff).post(f"/mines/{mine.pk}/edit/", HEAD | {"longitude": "112.8", "latitude": ""})
        assert answer.status_code == 422

    def test_states_follow_each_other_with_their_days(self, mine, staff, clerk, today):
        address = f"/mines/{mine.pk}/state/"
        assert desk(clerk).get(address).status_code in (403, 422, 409, 302)
        early = {"action": "rebuild", "since": "2019-01-01", "note": "改扩建"}
        assert desk(staff).post(address, early).status_code == 422
        desk(staff).post(address, early | {"since": today.isoformat(), "paper": "青发改〔2026〕8号"})
        mine.refresh_from_db()
        assert (mine.state, mine.state_since) == ("building", today)
        assert [span.state for span in mine.spans.all()] == ["building", "producing"]


class TestLines:
    def test_a_new_licence_takes_the_place_of_the_old_one_and_is_warned_of_by_rule(self, mine, clerk, today):
        RuleSetting.objects.create(
            region_id=mine.unit.region.county.pk, key="licence_warn_days", value=30, source="县规定"
        )
        old = {
            "kind": "safety",
            "number": "旧证1号",
            "issued_on": "2020-01-01",
            "expires_on": (today + dt.timedelta(days=20)).isoformat(),
        }
        desk(clerk).post(f"/mines/{mine.pk}/lines/licences/new/", old)
        licence = Licence.objects.get()
        assert licence.status == "expiring" and licence.renew_by == licence.expires_on - dt.timedelta(days=30)
        assert [thing.unit for thing in LICENCES.things(LICENCES.open_rows())] == [mine.pk]
        assert "石门煤矿" in desk(clerk).get("/mines/?licence=expiring").content.decode()
        new = old | {
            "number": "新证2号",
            "issued_on": today.isoformat(),
            "expires_on": (today + dt.timedelta(days=1000)).isoformat(),
        }
        desk(clerk).post(f"/mines/{mine.pk}/lines/licences/new/", new)
        licence.refresh_from_db()
        assert licence.status == "replaced" and not LICENCES.open_rows().filter(renew_by__lte=today).exists()
        assert "已换发" in page(clerk, mine).content.decode()

    def test_the_last_grade_counts_and_only_the_bureau_enters_it(self, mine, clerk, staff, today):
        address = f"/mines/{mine.pk}/lines/grades/new/"
        assert desk(clerk).get(address).status_code == 403
        desk(staff).post(address, {"grade": "1", "since": "2024-01-01"})
        desk(staff).post(
            address, {"grade": "2", "since": today.isoformat(), "reason": "检查发现的重大隐患多于自查，降级"}
        )
        mine.refresh_from_db()
        assert mine.grade == "2"
        last = GradeRecord.objects.first()
        remove = f"/mines/{mine.pk}/lines/grades/{last.pk}/remove/"
        assert desk(staff).post(remove, {"note": ""}).status_code == 422
        desk(staff).post(remove, {"note": "登错矿山"})
        mine.refresh_from_db()
        assert mine.grade == "1"
        assert "降级" in str(history_of(mine).get(verb="mine.grades_removed").before)

    def test_a_line_of_another_mine_is_not_found(self, mine, sister, clerk, sister_clerk):
        values = {"kind": "mining", "number": "C1", "expires_on": "2030-01-01"}
        desk(sister_clerk).post(f"/mines/{sister.pk}/lines/licences/new/", values)
        line = Licence.objects.get()
        for address in (f"/mines/{mine.pk}/lines/licences/{line.pk}/", f"/mines/{sister.pk}/lines/licences/{line.pk}/"):
            assert desk(clerk).get(address).status_code == 404
        assert desk(clerk).get(f"/mines/{mine.pk}/lines/nothing/new/").status_code == 404

    def test_dates_in_the_wrong_order_stand_beside_their_field(self, mine, clerk):
        values = {"kind": "mining", "number": "C1", "issued_on": "2030-01-01", "expires_on": "2029-01-01"}
        answer = desk(clerk).post(f"/mines/{mine.pk}/lines/licences/new/", values)
        assert answer.status_code == 422 and "不能早于" in answer.content.decode()


class TestMonthlyWord:
    def test_the_mine_confirms_once_a_month_and_is_late_without(self, mine, clerk, staff, today):
        assert open_confirmations(today) == 1 and open_confirmations(today) == 0
        row = FileConfirmation.objects.get()
        assert row.due_on.day == 25
        FileConfirmation.objects.update(due_on=today - dt.timedelta(days=1))
        row.refresh_from_db()
        assert row.is_overdue and FileConfirmation.objects.overdue().get() == row
        assert [thing.unit for thing in CONFIRMATIONS.things(CONFIRMATIONS.open_rows())] == [mine.pk]
        assert desk(staff).post(f"/mines/{mine.pk}/confirm/", {"note": ""}).status_code == 403
        desk(clerk).post(f"/mines/{mine.pk}/confirm/", {"note": "无变化"})
        row.refresh_from_db()
        assert row.confirmed_on == today and not CONFIRMATIONS.open_rows().exists()
        assert desk(clerk).post(f"/mines/{mine.pk}/confirm/", {"note": ""}).status_code == 422

    def test_a_closed_mine_owes_nothing(self, mine, today):
        Mine.objects.update(state="closed")
        assert open_confirmations(today) == 0


class TestPaper:
    def test_the_file_prints_with_every_section(self, mine, clerk):
        desk(clerk).post(
            f"/mines/{mine.pk}/lines/licences/new/", {"kind": "mining", "number": "C140000", "expires_on": ""}
        )
        answer = desk(clerk).get(f"/mines/{mine.pk}/file.docx")
        document = Document(io.BytesIO(answer.content))
        cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
        assert {"石门煤矿", "高瓦斯", "C140000", "长期", "采矿许可证"} <= cells
        assert desk(clerk).get(f"/mines/{mine.pk}/file.exe").status_code == 404


def book(rows) -> SimpleUploadedFile:
    made, target = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    made.save(target)
    return SimpleUploadedFile("矿山.xlsx", target.getvalue())


class TestTable:
    TITLES = (
        "序号",
        "煤矿名称",
        "类型",
        "核定能力",
        "瓦斯",
        "标准化",
        "生产状态",
        "安许证号",
        "安许证有效期",
        "经度",
        "纬度",
        "监管部门",
    )

    def test_a_countys_table_sets_the_types_and_comes_out_as_it_went_in(
        self, county, mine, staff, django_capture_on_commit_callbacks
    ):
        rows = [
            ["青岚县煤矿一览表"], self.TITLES,
            [1, "石门煤矿", "", 120, "突出", "", "", "安许1号", "2027.3.1", 112.8, 36.2, "县应急局"],
            [2, "2.北沟煤矿有限公司", "井工", "45万吨/年", "低瓦斯", "三级标准化", "停产", "", "", "", "", ""],
        ]  # fmt: skip
        rows[2][4] = "煤与瓦斯突出"
        shown = desk(staff).post("/mines/import/", {"file": book(rows)}, follow=True)
        run = DirectoryImport.objects.get()
        assert "检查通过" in shown.content.decode() and run.counts == {
            "new": 1,
            "changed": 1,
            "unchanged": 0,
            "wrong": 0,
        }
        with django_capture_on_commit_callbacks(execute=True):
            desk(staff).post(f"/mines/import/{run.public_id}/", {"act": "confirm"})
        mine.refresh_from_db()
        assert (mine.capacity, mine.gas_grade, mine.supervising_unit) == (Decimal(120), "outburst", county.bureau)
        assert mine.licences.get().expires_on == dt.date(2027, 3, 1)
        other = Mine.objects.get(pk=county.sister_mine.pk)
        assert (other.state, other.grade) == ("suspended", "3")
        out = desk(staff).get("/mines/?export=xlsx")
        data = b"".join(out.streaming_content)
        table = [cell.value for row in load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row]
        assert {"石门煤矿", "北沟煤矿", "安许1号"} <= set(table)
        desk(staff).post("/mines/import/", {"file": SimpleUploadedFile("再来.xlsx", data)})
        again = DirectoryImport.objects.latest("pk")
        assert again.counts == {"new": 0, "changed": 0, "unchanged": 2, "wrong": 0}

    def test_every_fault_is_shown_and_nothing_is_written(self, mine, staff, clerk):
        rows = [
            self.TITLES,
            [1, "没有的煤矿", "井工煤矿"],
            [2, "北沟煤矿", ""],
            [3, "石门煤矿", "", "", "", "", "停产停建", "", "2027-01-01", 36.2, 112.8],
        ]
        assert desk(clerk).get("/mines/import/").status_code == 403
        shown = desk(staff).post("/mines/import/", {"file": book(rows)}, follow=True).content.decode()
        for words in ("单位目录里没有这座矿山", "必须填写矿山类型", "状态的变更请在矿山页面登记", "还要填写证号"):
            assert words in shown
        assert Mine.objects.count() == 1


def test_lists_ask_no_more_for_twenty_mines_than_for_two(mine, sister, staff, county):
    client = desk(staff)
    client.get("/mines/")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get("/mines/").status_code == 200
        return len(queries)

    few = asked()
    units = [Unit(name=f"第{n}煤矿", kind="mine", region=county.region, path=f"/x{n}/") for n in range(18)]
    Unit.objects.bulk_create(units)
    Mine.objects.bulk_create(Mine(unit=unit, mine_type="coal_underground") for unit in units)
    assert asked() == few <= 12
