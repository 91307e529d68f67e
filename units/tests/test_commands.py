"""What the person who runs the server does before anybody can log in."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from common.history import history_of
from units.models import Region, Unit, UnitTag, User
from units.regions import name_in_force, published_regions


def run(*args: str, **options: object) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def test_names_in_force():
    assert name_in_force("[-1991]东郊区,[1992-]东丽区") == "东丽区"
    assert name_in_force("[1983-2018]城区") == ""
    assert name_in_force("清徐县") == "清徐县"


def test_the_published_divisions_are_there_without_the_placeless():
    found = {one.code: one.name for one in published_regions()}
    assert found["130000"] == "河北省" and found["130800"] == "承德市" and found["140525"] == "泽州县"
    assert 2700 < len(found) < 3600
    assert "市辖区" not in found.values()


class TestLoadRegions:
    def test_a_province_by_its_published_codes(self, db):
        assert re.match(r"新增 \d+ 个", run("load_regions", "--published", "1405"))
        assert Region.objects.get(pk="140525").name == "泽州县"
        assert run("load_regions", "--published", "1405").startswith("新增 0 个，改名 0 个")
        assert history_of(Region.objects.get(pk="140525")).count() == 1

    def test_towns_out_of_a_file(self, county, tmp_path):
        path = tmp_path / "towns.csv"
        path.write_text("统计用区划代码,名称\n149921101,石门新镇\n149921103,北沟乡\n", encoding="gb18030")
        assert run("load_regions", str(path)) == "新增 1 个，改名 1 个，其余 0 个无变化。\n"
        assert Region.objects.get(pk="149921101").name == "石门新镇"

    def test_a_wrong_row_and_nothing_is_written(self, county, tmp_path):
        path = tmp_path / "towns.csv"
        path.write_text("代码,名称\n149921103,北沟乡\n14992,坏\n", encoding="utf-8")
        with pytest.raises(CommandError, match="14992 坏：区划代码应为6、9或12位数字"):
            run("load_regions", str(path))
        assert Region.objects.count() == 3

    def test_a_file_that_is_not_there(self, db, tmp_path):
        with pytest.raises(CommandError, match="打不开"):
            run("load_regions", str(tmp_path / "none.csv"))


class TestCreateAdmin:
    ANSWERS = {"region_code": "140525", "bureau": "泽州县应急管理局", "name": "李局", "username": "li.ju"}

    def test_the_first_administrator_chooses_a_password(self, db):
        out = run("create_admin", **self.ANSWERS, address="https://ledger.example.gov.cn/")
        link = re.search(r"https://ledger\.example\.gov\.cn(/activate/[0-9A-Z-]+/)", out)
        assert link is not None
        client = Client()
        client.get(link[1])
        client.post("/activate/", {"new": "Shimen#Kuang-77", "again": "Shimen#Kuang-77"})
        assert client.get("/accounts/").status_code == 200
        user = User.objects.get()
        assert user.role == "bureau_admin" and user.unit.name == "泽州县应急管理局"
        assert [one.name for one in Region.objects.all()] == ["山西省", "晋城市", "泽州县"]
        assert not user.is_superuser
        assert UnitTag.objects.filter(name="产煤乡镇").exists()

    def test_a_region_that_is_not_published_needs_its_name(self, db):
        answers = self.ANSWERS | {"region_code": "149999"}
        run("create_admin", **answers, region_name="某开发区")
        assert Unit.objects.get().region.name == "某开发区"

    def test_the_same_name_again_is_refused_and_reset_helps(self, db):
        run("create_admin", **self.ANSWERS)
        with pytest.raises(CommandError, match="已存在"):
            run("create_admin", **self.ANSWERS)
        assert "/activate/" in run("create_admin", username="li.ju", reset=True)

    def test_reset_is_for_administrators(self, clerk):
        with pytest.raises(CommandError, match="没有登录名"):
            run("create_admin", username="clerk.liu", reset=True)

    def test_questions_are_asked(self, db, monkeypatch):
        answers = iter(["140525", "泽州县应急管理局", "李局", "li.ju"])
        monkeypatch.setattr("builtins.input", lambda question: next(answers))
        assert "激活码" in run("create_admin")

    def test_without_a_keyboard_it_says_what_is_missing(self, db, monkeypatch):
        def no_keyboard(question: str) -> str:
            raise EOFError

        monkeypatch.setattr("builtins.input", no_keyboard)
        with pytest.raises(CommandError, match="缺少：本地区的区划代码"):
            run("create_admin")
