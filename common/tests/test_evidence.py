"""Evidence: what is taken, what is kept, and who gets to see it."""

import hashlib
import io
import os
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from common import evidence as store
from common.errors import Refused
from common.evidence import evidence_path, register_evidence_access, rendition_path, store_evidence
from common.filetypes import FileType, clean_name
from common.history import history_of
from common.models import Evidence
from common.tests.files import GPS, archive, docx, pdf, picture, workbook
from common.tests.people import make_user

pytestmark = pytest.mark.django_db

MARKUP = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return settings.MEDIA_ROOT


@pytest.fixture
def clerk():
    return make_user("zhang", "张三")


@pytest.fixture
def stranger():
    return make_user("wang", "王五")


@pytest.fixture
def mine():
    return Group.objects.create(name="向阳煤矿")


@pytest.fixture(autouse=True)
def only_the_clerk_sees_mines(monkeypatch):
    monkeypatch.setattr(store, "_access", {})
    register_evidence_access(
        Group, lambda user, pk: user.username == "zhang" and Group.objects.filter(pk=pk, name="向阳煤矿").exists()
    )


def keep(data: bytes, name: str, by, about, caption: str = "") -> Evidence:
    return store_evidence(file=ContentFile(data, name), by=by, about=about, caption=caption)


GOOD = [
    (picture("JPEG"), "a.jpg", "image/jpeg", "a.jpg"),
    (picture("PNG"), "a.png", "image/png", "a.png"),
    (picture("WEBP"), "a.webp", "image/webp", "a.webp"),
    (picture("JPEG"), "现场.exe", "image/jpeg", "现场.exe.jpg"),
    (picture("JPEG"), "现场.JPEG", "image/jpeg", "现场.jpeg"),
    (pdf(), "a.pdf", "application/pdf", "a.pdf"),
    (docx(), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx"),
    (workbook([["一"]]), "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "a.xlsx"),
    (archive({"OFD.xml": "<OFD/>"}), "文件.ofd", "application/ofd", "文件.ofd"),
    ("整改情况".encode("gb18030"), "a.txt", "text/plain", "a.txt"),
    ("序号,任务\n1,检查".encode("utf-8-sig"), "a.csv", "text/csv", "a.csv"),
    ("整改情况".encode("utf-16"), "a.txt", "text/plain", "a.txt"),
]


@pytest.mark.parametrize(("data", "name", "media_type", "kept_name"), GOOD, ids=[name for _, name, _, _ in GOOD])
def test_a_file_is_what_its_bytes_are(clerk, mine, data, name, media_type, kept_name):
    item = keep(data, name, clerk, mine)
    assert (item.media_type, item.name, item.size) == (media_type, kept_name, len(data))
    assert item.sha256 == hashlib.sha256(data).hexdigest()
    assert evidence_path(item.sha256).read_bytes() == data


def test_a_photograph_with_a_second_picture_behind_it_is_a_jpeg(client, clerk, mine):
    target = io.BytesIO()
    Image.new("RGB", (600, 400), "red").save(
        target, "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40), "blue")]
    )
    item = keep(target.getvalue(), "IMG_0001.jpg", clerk, mine)
    assert (item.media_type, item.name, item.width) == ("image/jpeg", "IMG_0001.jpg", 600)
    client.force_login(clerk)
    assert client.get(item.thumb_url).status_code == 200


BAD = {
    "empty": (b"", "file_empty"),
    "zeros": (b"\x00" * 2000, "file_empty"),
    "svg": (MARKUP.encode(), "file_web"),
    "html": (b"\xef\xbb\xbf  <!DOCTYPE html><script>1</script>", "file_web"),
    "html in utf-16": (f"<html>{'x' * 20}".encode("utf-16"), "file_web"),
    "html after a comment": (b"<!-- x --><html>", "file_web"),
    "heic": (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "file_heic"),
    "video": (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 40, "file_video"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 40, "file_old_office"),
    "zip": (archive({"a.txt": "x"}), "file_archive"),
    "rar": (b"Rar!\x1a\x07\x00" + b"x" * 40, "file_archive"),
    "program": (b"MZ" + b"\x90" * 100, "file_program"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "file_program"),
    "macros": (docx(**{"word/vbaProject.bin": b"x"}), "file_macro"),
    "declared macros": (docx(types="<Types>application/vnd.ms-word.document.macroEnabled</Types>"), "file_macro"),
    "entities": (docx(document='<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'), "file_unsafe"),
    "entities in utf-16": (docx(document="<!DOCTYPE x><x/>".encode("utf-16")), "file_unsafe"),
    "bomb": (docx(**{"word/media/a.bin": b"\x00" * 30_000_000}), "file_bomb"),
    "cut docx": (docx()[:-30], "file_damaged"),
    "cut pdf": (b"%PDF-1.4\n1 0 obj<<", "file_damaged"),
    "cut jpeg": (picture("JPEG", (400, 400))[:-300], "image_damaged"),
    "jpeg head only": (b"\xff\xd8\xff\xe0 not a picture", "image_damaged"),
    "bytes": (bytes(range(256)) * 8, "file_unknown"),
    "noise without zeros": (bytes(range(1, 256)) * 8, "file_unknown"),
}


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_what_is_not_taken_is_refused_with_a_sentence(clerk, mine, media, data, code):
    with pytest.raises(Refused) as refusal:
        keep(data, "a.jpg", clerk, mine)
    assert refusal.value.code == code
    assert refusal.value.message.endswith("。")
    assert not Evidence.objects.exists() and not history_of(mine).exists()
    assert [path for path in media.rglob("*") if path.is_file()] == [], "a refused file leaves nothing behind"


def test_a_file_over_the_limit_is_refused(clerk, mine, settings):
    settings.EVIDENCE_MAX_BYTES = 1024 * 1024
    with pytest.raises(Refused, match="1 MB"):
        keep(b"x" * (1024 * 1024 + 1), "a.txt", clerk, mine)
    keep(b"x" * 1024 * 1024, "a.txt", clerk, mine)


def test_a_picture_of_too_many_pixels_is_refused(clerk, mine):
    target = io.BytesIO()
    Image.new("1", (8000, 6000)).save(target, "PNG")
    with pytest.raises(Refused) as refusal:
        keep(target.getvalue(), "a.png", clerk, mine)
    assert refusal.value.code == "image_too_large"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\照片\\现场.txt", "现场.txt"),
        ("fdp\u202etxt.exe", "fdptxt.exe.txt"),
        ('a"b\r\nX: 1.txt', "a_b  X_ 1.txt"),
        ("", "文件.txt"),
        ("...", "文件.txt"),
        ("长" * 300 + ".txt", "长" * 116 + ".txt"),
        ("笔记.md", "笔记.md"),
    ],
)
def test_a_name_is_cleaned(name, clean):
    assert clean_name(name, ".txt") == clean


def test_the_same_bytes_lie_once(clerk, mine, media):
    other = Group.objects.create(name="青石煤矿")
    first = keep(pdf(), "a.pdf", clerk, mine)
    again = keep(pdf(), "b.pdf", clerk, mine)
    elsewhere = keep(pdf(), "c.pdf", clerk, other)
    assert again == first and elsewhere != first
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1
    assert list(Evidence.objects.about(mine)) == [first]


def test_keeping_evidence_is_history(clerk, mine):
    keep(pdf(), "验收意见.pdf", clerk, mine, caption="盖章件")
    event = history_of(mine).get()
    assert (event.verb_label, event.actor_name) == ("上传印证资料", "张三")
    assert event.after is not None
    assert event.after["name"] == "验收意见.pdf" and event.after["caption"] == "盖章件"


def test_evidence_is_never_deleted(clerk, mine):
    item = keep(pdf(), "a.pdf", clerk, mine)
    with pytest.raises(Refused):
        item.delete()
    with pytest.raises(Refused):
        Evidence.objects.all().delete()
    for statement in ("DELETE FROM common_evidence", "UPDATE common_evidence SET object_id = '0'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_picture_is_shown_upright_and_without_place(client, clerk, mine):
    data = picture("JPEG", (600, 400), turned=True)
    item = keep(data, "a.jpg", clerk, mine)
    assert (item.width, item.height) == (400, 600)
    client.force_login(clerk)
    for url, longest in [(item.get_absolute_url(), 600), (item.thumb_url, 320)]:
        response = client.get(url)
        shown = b"".join(response.streaming_content)
        assert response["Content-Type"] == "image/jpeg" and response["Content-Disposition"].startswith("inline")
        assert b"SecretPhoneMaker" not in shown
        with Image.open(io.BytesIO(shown)) as image:
            assert image.height == longest and image.height > image.width
            assert not image.getexif() and not image.getexif().get_ifd(GPS)
    original = client.get(item.original_url)
    assert b"".join(original.streaming_content) == data
    assert original["Content-Disposition"].startswith("attachment")


def test_only_its_sender_and_those_who_judge_get_the_bytes_that_tell_the_place(client, mine, monkeypatch):
    data = picture("JPEG", (600, 400), turned=True)
    item = keep(data, "a.jpg", make_user("li", "李四"), mine)
    paper = keep(pdf(), "a.pdf", make_user("zhao", "赵六"), mine)
    reader = make_user("zhang", "张三")
    client.force_login(reader)
    shown = client.get(item.original_url)
    assert shown["Content-Type"] == "image/jpeg" and b"SecretPhoneMaker" not in b"".join(shown.streaming_content)
    assert b"".join(client.get(paper.original_url).streaming_content) == pdf()
    monkeypatch.setattr(type(reader), "reads_region", True)
    assert b"".join(client.get(item.original_url).streaming_content) == data


@pytest.mark.parametrize(
    ("image_format", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("PNG", "LA")]
)
def test_pictures_of_every_colour_mode_get_a_thumbnail(clerk, mine, image_format, mode):
    target = io.BytesIO()
    Image.new(mode, (50, 50)).save(target, image_format)
    item = keep(target.getvalue(), "a", clerk, mine)
    with Image.open(rendition_path(item.sha256, 320)) as image:
        assert image.mode in ("RGB", "L")


def test_a_thumbnail_that_was_cleared_away_is_made_again(client, clerk, mine):
    item = keep(picture(), "a.jpg", clerk, mine)
    rendition_path(item.sha256, 320).unlink()
    client.force_login(clerk)
    assert client.get(item.thumb_url).status_code == 200


def test_only_who_sees_the_record_sees_its_evidence(client, clerk, stranger, mine):
    item = keep(picture(), "a.jpg", clerk, mine)
    urls = [item.get_absolute_url(), item.thumb_url, item.original_url]
    for url in urls:
        assert client.get(url).status_code in (302, 404), "nobody is logged in"
    client.force_login(stranger)
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]
    client.force_login(clerk)
    assert [client.get(url).status_code for url in urls] == [200, 200, 200]
    mine.name = "不再归他"
    mine.save()
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]


def test_what_no_app_answers_for_is_shown_to_nobody(client, clerk):
    item = keep(pdf(), "a.pdf", clerk, clerk)
    client.force_login(clerk)
    assert client.get(item.get_absolute_url()).status_code == 404
    clerk.is_superuser = True
    clerk.save()
    assert client.get(item.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "disposition", "sandboxed"),
    [
        (picture(), "a.jpg", "inline", True),
        (pdf(), "a.pdf", "inline", False),
        (docx(), "a.docx", "attachment", True),
        (b"plain <script>alert(1)</script>", "a.txt", "attachment", True),
    ],
)
def test_nothing_that_is_served_can_run(client, clerk, mine, data, name, disposition, sandboxed):
    item = keep(data, name, clerk, mine)
    client.force_login(clerk)
    response = client.get(item.get_absolute_url())
    assert response["Content-Disposition"].split(";")[0] == disposition
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and ("sandbox" in policy) == sandboxed
    assert "html" not in response["Content-Type"] and "svg" not in response["Content-Type"]


def test_a_web_page_that_was_kept_as_one_goes_out_as_bytes(client, clerk, mine):
    page = ContentFile(b"<html><script>alert(1)</script></html>", "plan.html")
    item = store_evidence(file=page, by=clerk, about=mine, file_type=FileType("text/html", ".html"))
    client.force_login(clerk)
    for url in (item.get_absolute_url(), item.original_url):
        response = client.get(url)
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response["Content-Security-Policy"]


def test_a_browser_that_has_it_is_told_so_but_only_while_it_may_see(client, clerk, stranger, mine):
    item = keep(picture(), "a.jpg", clerk, mine)
    client.force_login(clerk)
    etag = client.get(item.thumb_url)["ETag"]
    assert client.get(item.thumb_url, headers={"If-None-Match": etag}).status_code == 304
    client.force_login(stranger)
    assert client.get(item.thumb_url, headers={"If-None-Match": etag}).status_code == 404


def test_evidence_answers_no_writes_and_no_guesses(client, clerk, mine):
    item = keep(pdf(), "a.pdf", clerk, mine)
    client.force_login(clerk)
    assert client.post(item.get_absolute_url()).status_code == 405
    assert client.get(item.get_absolute_url() + "thumb/").status_code == 404
    assert client.get(reverse("common:evidence", args=["00000000-0000-4000-8000-000000000000"])).status_code == 404


def test_a_lost_file_is_not_found_and_told_to_the_log(client, clerk, mine, caplog):
    item = keep(picture(), "a.jpg", clerk, mine)
    evidence_path(item.sha256).unlink()
    rendition_path(item.sha256, 320).unlink()
    client.force_login(clerk)
    assert client.get(item.original_url).status_code == 404
    assert client.get(item.thumb_url).status_code == 404
    assert item.sha256 in caplog.text


def test_the_check_finds_missing_changed_and_orphaned_files(clerk, mine, media):
    out = StringIO()
    first = keep(pdf(), "a.pdf", clerk, mine)
    second = keep(picture(), "b.jpg", clerk, mine)
    call_command("check_evidence", stdout=out)
    assert "2 个文件" in out.getvalue() and "完好" in out.getvalue()

    orphan = media / "ab" / "cd" / ("abcd" + "0" * 60)
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"x")
    cut_off = media / "incoming" / "tmpabc"
    cut_off.write_bytes(b"x")
    os.utime(cut_off, (0, 0))
    out = StringIO()
    call_command("check_evidence", stdout=out)
    assert f"未完成的上传：{cut_off}" in out.getvalue()
    assert str(orphan) in out.getvalue(), "an orphan is told but is no fault"

    evidence_path(first.sha256).unlink()
    evidence_path(second.sha256).write_bytes(b"other")
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("check_evidence", stdout=out)
    assert "2" in str(error.value)
    assert f"丢失：{first.sha256}" in out.getvalue() and f"被改动：{second.sha256}" in out.getvalue()


def test_an_upload_cut_off_half_way_leaves_nothing(clerk, mine, media, monkeypatch):
    def broken(file, chunk_size=None):
        yield b"x" * 100
        raise ConnectionError

    monkeypatch.setattr(ContentFile, "chunks", broken)
    with pytest.raises(ConnectionError):
        keep(b"", "a.txt", clerk, mine)
    assert [path for path in Path(media).rglob("*") if path.is_file()] == []
