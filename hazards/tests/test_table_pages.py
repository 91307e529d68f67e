"""The pages of the problem list and of imports, as the people who use them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from common.jobs import run_job
from common.models import Job
from hazards.models import Hazard, RegisterImport
from hazards.services.register import register_hazard
from hazards.tests.tables import workbook
from hazards.views.tables import imports as pages

ROWS = [
    ["矿山", "存在问题", "级别", "检查日期", "整改期限"],
    ["石门煤矿", "风门损坏", "一般", "2026-3-5", "2026-3-9"],
    ["石门煤矿", "没有日期", "一般", "", "2026-3-9"],
]


def upload(rows=ROWS):
    return SimpleUploadedFile("台账.xlsx", workbook(rows).read())


def handed_in(client, rows=ROWS):
    answer = client.post(reverse("hazards:imports"), {"file": upload(rows)})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


def chosen(client, url):
    """The mapping form as the browser would send it back."""
    form = client.get(url).context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_from_upload_to_receipt(staff, coal_mine, client):
    client.force_login(staff)
    url = handed_in(client)
    page = client.get(url).content.decode()
    assert "存在问题" in page and "风门损坏" in page
    data = chosen(client, url)
    assert (data["c1"], data["c3"], data["closed_rows"]) == ("description", "found_on", "refuse")
    assert client.post(url, data | {"c3": ""}).status_code == 422
    assert client.post(url, data | {"act": "check"}).status_code == 302
    page = client.get(url).content.decode()
    assert "风门损坏" in page and "必须填写" in page and "确认写入" in page
    marked = client.get(f"{url}marked/")
    sheet = load_workbook(io.BytesIO(b"".join(marked.streaming_content))).active
    assert sheet.cell(2, 2).value == "没有日期" and sheet.max_row == 2
    assert client.post(url, {"act": "confirm"}).status_code == 302
    assert Hazard.objects.get().description == "风门损坏"
    receipt = client.get(url).content.decode()
    assert "已写入" in receipt and "1 行没有写入" in receipt
    assert client.post(url, {"act": "confirm"}, headers={"referer": f"http://testserver{url}"}).status_code == 303
    assert Hazard.objects.count() == 1


def test_what_is_hidden_numbered_in_one_cell_or_no_record_is_told_and_settled_on_the_page(staff, coal_mine, client):
    book = Workbook()
    for row in (
        ["发现日期", "存在问题", "整改措施", "隐患等级", "判定依据"],
        ["一、石门煤矿"],
        ["2026-10-01", "风门损坏", "修复", "重大", "《煤矿重大事故隐患判定标准》第五条"],
        ["2026-10-02", "作废的一条", "", "", ""],
        ["2026-10-03", "主井：1.护栏缺失；\n2.照明不足。", "1.补齐 2.增设", "", ""],
        ["合计", "3"],
    ):
        book.active.append(row)
    book.active.merge_cells("A2:E2")
    book.active.row_dimensions[4].hidden = True
    target = io.BytesIO()
    book.save(target)
    client.force_login(staff)
    url = client.post(reverse("hazards:imports"), {"file": SimpleUploadedFile("台账.xlsx", target.getvalue())}).url
    data = chosen(client, url)
    assert data["mine"] == "分段标题"
    due = {"c4": "clause", "act": "check", "found_on": ""}
    assert client.post(url, data | due).status_code == 302
    page = client.get(url).content.decode()
    assert "第 2 行“一、石门煤矿”" in page and "第 6 行“合计”" in page
    assert "第 4 行在文件里是隐藏的，也读了" in page and "第 5 行一格里编号写了几条隐患，现各登记为一条" in page
    assert client.post(url, {"act": "hidden", "value": "all"}).status_code == 400
    client.post(url, {"act": "hidden", "value": "leave"})
    client.post(url, {"act": "several", "value": "apart"})
    page = client.get(url).content.decode()
    assert "隐藏的，没有读" in page and "已分开登记" in page and "作废的一条" not in page
    assert "写了等级就要写完成时限" in page
    client.post(url, data | due)  # another look at the columns keeps both
    client.post(url, {"act": "confirm"})
    rows = Hazard.objects.order_by("pk").values_list("description", "measures", "mine__name")
    assert list(rows) == [("主井：护栏缺失", "补齐", "石门煤矿"), ("主井：照明不足。", "增设", "石门煤矿")]


def test_names_nobody_knows_are_asked_once_on_the_page(staff, county, coal_mine, client):
    client.force_login(staff)
    url = handed_in(client, [ROWS[0], *([f"石们{n % 2}号", f"问题{n}", "", "2026-3-5", ""] for n in range(4))])
    client.post(url, chosen(client, url) | {"act": "check"})
    page = client.get(url).content.decode()
    assert "认不出的矿山名称" in page and page.count("<option value") >= 4
    assert client.post(url, {"act": "names", "name0": str(county.mine.pk), "learn": "on"}).status_code == 302
    run = RegisterImport.objects.get()
    assert run.preview["counts"]["new"] == 2 and len(run.preview["names"]) == 1
    assert client.post(url, {"act": "names", "name0": "999999"}, headers={"referer": url}).status_code in (303, 422)


def test_dropped_files_write_nothing(staff, coal_mine, client):
    client.force_login(staff)
    url = handed_in(client)
    assert client.post(url, {"act": "drop"}).status_code == 302
    assert "已放弃" in client.get(url).content.decode()
    assert client.post(url, {"act": "confirm"}, headers={"referer": f"http://testserver{url}"}).status_code == 303
    assert not Hazard.objects.exists()


def test_large_files_are_jobs(staff, coal_mine, client, monkeypatch):
    monkeypatch.setattr(pages, "MOST_BYTES_AT_ONCE", 10)
    client.force_login(staff)
    url = handed_in(client)
    for act in ("check", "confirm"):
        answer = client.post(url, chosen(client, url) | {"act": act} if act == "check" else {"act": act})
        assert answer.status_code == 302 and "/jobs/" in answer.url
        job = Job.objects.order_by("pk").last()
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.state, job.result["url"]) == ("done", url), job.error
    assert Hazard.objects.count() == 1 and RegisterImport.objects.get().state == "confirmed"


def test_imports_are_the_units_own(staff, second_staff, clerk, sister_clerk, leader, stranger, coal_mine, client):
    client.force_login(staff)
    url = handed_in(client)
    client.post(url, chosen(client, url))
    for person, status in ((second_staff, 200), (clerk, 404), (sister_clerk, 404), (stranger, 404), (leader, 403)):
        client.force_login(person)
        assert client.get(url).status_code == status, person
        assert client.get(f"{url}marked/").status_code == status, person
        if status != 200:
            assert client.post(url, {"act": "drop"}).status_code == status, person
    client.force_login(leader)
    assert client.get(reverse("hazards:imports")).status_code == 403
    assert "导入台账" not in client.get(reverse("hazards:problems")).content.decode()


def test_a_file_of_no_use_is_refused_beside_its_field(staff, coal_mine, client):
    client.force_login(staff)
    answer = client.post(reverse("hazards:imports"), {"file": SimpleUploadedFile("台账.xlsx", b"PK\x03\x04broken")})
    assert answer.status_code == 422 and "已损坏" in answer.content.decode()


@pytest.fixture
def two(staff, clerk, hazard, coal_mine, county, today):
    register_hazard(
        by=staff, mine=county.sister_mine, place="=井口", description="=危险", source="inspection", found_on=today
    )


def test_the_problem_list_by_people(two, staff, clerk, sister_clerk, stranger, leader, client):
    for person, count in ((staff, 2), (leader, 2), (clerk, 1), (sister_clerk, 1), (stranger, 0)):
        client.force_login(person)
        answer = client.get(reverse("hazards:problems"))
        assert len(answer.context["rows"]) == count
        text = b"".join(client.get(reverse("hazards:problems"), {"export": "csv"}).streaming_content).decode()
        assert text.count("\n") == count + 1, person


@pytest.mark.parametrize("form", ["xlsx", "contractors", "full"])
def test_the_forms_have_their_columns_and_run_nothing(two, staff, client, form):
    client.force_login(staff)
    answer = client.get(reverse("hazards:problems"), {"export": form})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    heads = [cell.value for cell in sheet[2]]
    first = {"xlsx": "序号", "contractors": "隐患内容", "full": "编号"}[form]
    assert heads[0] == first
    values = [cell for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "=危险" for cell in values) and all(cell.data_type != "f" for cell in values)
    text = b"".join(client.get(reverse("hazards:problems"), {"export": "csv"}).streaming_content).decode()
    assert "'=危险" in text


def test_the_problem_list_costs_the_same_for_two_and_for_twenty(two, staff, coal_mine, client, today):
    client.force_login(staff)
    client.get(reverse("hazards:problems"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("hazards:problems"))
    for number in range(18):
        register_hazard(
            by=staff, mine=coal_mine, place="井口", description=f"{number}", source="inspection", found_on=today
        )
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("hazards:problems"))
    assert len(many) == len(few) <= 12


def test_the_register_exports_all_fields_that_can_be_handed_in_again(two, staff, sister_clerk, client):
    client.force_login(staff)
    answer = client.get(reverse("hazards:hazards"), {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in sheet[2]][:3] == ["编号", "单位", "行业领域"] and sheet.max_row == 4
    client.force_login(sister_clerk)
    text = b"".join(client.get(reverse("hazards:hazards"), {"export": "csv"}).streaming_content).decode()
    assert text.count("\n") == 2 and "'=危险" in text
