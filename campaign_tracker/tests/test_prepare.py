"""What `manage.py prepare` does before anything is served."""

import errno
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.core.management import call_command
from django.db import OperationalError, connection

from campaign_tracker.environment import WrongSetting
from campaign_tracker.management.commands import prepare
from common.guards import missing_guards
from common.seals import verify_history
from units.models import User


@pytest.mark.django_db
def test_production_does_not_start_on_a_database_with_demo_accounts(settings):
    user = User.objects.create_user("demo.clerk", "Demo-password-1", name="演示")
    User.objects.filter(pk=user.pk).update(is_demo=True)
    prepare.refuse_demo_accounts_in_production()
    settings.PRODUCTION = True
    with pytest.raises(WrongSetting, match="演示账号"):
        prepare.refuse_demo_accounts_in_production()
    User.objects.filter(pk=user.pk).update(is_demo=False)
    prepare.refuse_demo_accounts_in_production()


@pytest.mark.django_db
def test_static_files_are_collected_again_only_when_one_changed(settings, tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: calls.append(name))
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STATIC_ROOT.mkdir()
    ours = tmp_path / "ours"
    ours.mkdir()
    settings.STATICFILES_DIRS = [ours]
    for content, expected in (("a", 1), ("a", 1), ("changed", 2)):
        if not (ours / "page.css").exists() or (ours / "page.css").read_text() != content:
            (ours / "page.css").write_text(content)
        get_finder.cache_clear()
        prepare.Command()._collect_static()
        assert calls == ["collectstatic"] * expected


@pytest.mark.django_db
def test_the_demo_is_loaded_into_a_new_database_only(settings, tmp_path, monkeypatch):
    calls = []
    said = TextIOWrapper(seen := BytesIO(), encoding="utf-8")  # holds back what is not flushed, as a pipe does
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: calls.append(name))
    settings.VAR_DIR = tmp_path
    command = prepare.Command(stdout=said)
    command._migrate()  # the test database is complete: nothing to do, nothing wanted
    command._load_demo()
    assert calls == []
    (tmp_path / prepare.DEMO_WANTED).touch()
    command._load_demo()
    command._load_demo()
    assert calls == ["load_demo"] and "正在载入演示数据" in seen.getvalue().decode()


@pytest.mark.parametrize(
    "fault", [OperationalError("database or disk is full"), OSError(errno.ENOSPC, "No space left on device")]
)
def test_a_full_disk_is_told_in_one_sentence(fault):
    with pytest.raises(WrongSetting, match="磁盘已满"), prepare.full_disk_in_words():
        raise fault
    with pytest.raises(OperationalError), prepare.full_disk_in_words():
        raise OperationalError("no such table: units_user")


@pytest.mark.django_db
def test_a_start_puts_back_what_a_killed_migration_took_away():
    name = "hazards_hazard_closed_with_proof"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (" ON hazards_hazard" if connection.vendor == "postgresql" else ""))
    fault = verify_history().fault
    assert fault and name in fault.message
    said = StringIO()
    prepare.Command(stderr=said)._restore_guards()
    assert name in said.getvalue() and missing_guards(connection) == []
    prepare.Command(stderr=said)._restore_guards()
    assert said.getvalue().count(name) == 1


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
