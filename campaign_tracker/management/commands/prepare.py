"""`manage.py prepare`: what has to be in place before the services start; does only what is missing."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags, run_checks
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from campaign_tracker.celery import broker_client
from campaign_tracker.checks import demo_usernames
from campaign_tracker.environment import WrongSetting
from common.encryption import unreadable_fields
from common.guards import install_guards
from hazards.services.catalogue import load_shipped_standards

# Written before a new database gets its first table and removed when the demo stands in it, so that a start that
# was interrupted in between is taken up by the next one.
DEMO_WANTED = "demo-wanted"
STATIC_FINGERPRINT = ".fingerprint"
# Any number that no other program on this database takes for an advisory lock.
UPGRADE_LOCK = 149_921


class Command(BaseCommand):
    help = "检查数据库与消息队列，升级数据库结构，收集静态文件，首次启动时载入演示数据。"
    # The checks run below, after the database has been found to answer.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        check_database_answers()
        check_broker_answers()
        self._show_weaknesses()
        with full_disk_in_words():
            with one_at_a_time():
                self._migrate()
                self._restore_guards()
            refuse_foreign_field_keys()
            load_shipped_standards()
            refuse_demo_accounts_in_production()
            self._load_demo()
            self._collect_static()

    def _show_weaknesses(self) -> None:
        # Only what depends on the environment: checking the addresses would load every page before anything is served.
        messages = run_checks(tags=[Tags.security], include_deployment_checks=settings.PRODUCTION)
        messages = [message for message in messages if not message.is_silenced()]
        if serious := [message for message in messages if message.is_serious()]:
            raise WrongSetting("\n".join(str(message) for message in serious))
        for message in messages:
            self.stderr.write(str(message))

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            return
        new = not executor.loader.applied_migrations
        if new and not settings.PRODUCTION and settings.ENVIRONMENT.demo:
            _demo_wanted().touch()
        self._announce("Setting up the database … 正在建立数据库" if new else "Upgrading the database … 正在升级数据库")
        call_command("migrate", interactive=False, verbosity=0)
        # Before the demo, whose deadlines count working days. Years published later are added by a daily job.
        call_command("seed_calendar", verbosity=0)

    def _restore_guards(self) -> None:
        # A migration that was killed leaves SQLite without them, and then finds nothing more to do.
        if restored := install_guards(connection):
            self.stderr.write(f"数据库保护触发器缺失，已恢复：{'、'.join(restored)}。如不是升级中断所致，请查明原因。")

    def _load_demo(self) -> None:
        if settings.PRODUCTION or not _demo_wanted().exists() or "load_demo" not in get_commands():
            return
        self._announce("Loading the demo county … 正在载入演示数据")
        call_command("load_demo", verbosity=0)
        _demo_wanted().unlink()

    def _announce(self, words: str) -> None:
        """Say what takes a while before it begins, also to a file or a pipe, which would show it when all is over."""
        self.stdout.write(words)
        self.stdout.flush()

    def _collect_static(self) -> None:
        if settings.DEBUG:
            return
        mark = Path(settings.STATIC_ROOT) / STATIC_FINGERPRINT
        fingerprint = static_fingerprint()
        if mark.is_file() and mark.read_text() == fingerprint:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(fingerprint)


@contextmanager
def full_disk_in_words() -> Iterator[None]:
    """Raise WrongSetting with one sentence where there is no room left; the next start goes on where this one ended."""
    try:
        yield
    except (DatabaseError, OSError) as fault:
        if "disk is full" not in str(fault) and os.strerror(errno.ENOSPC) not in str(fault):
            raise
        raise WrongSetting(
            f"磁盘已满，请给数据目录 {settings.VAR_DIR} 和数据库腾出空间后再启动，没有办完的会接着办。"
            "(The disk is full: make room, then start again.)"
        ) from None


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let machines that start a new version at the same moment upgrade their common database one after the other."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [UPGRADE_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [UPGRADE_LOCK])


def check_database_answers() -> None:
    """Raise WrongSetting with one sentence when the database cannot be used."""
    database = settings.DATABASES["default"]
    try:
        if settings.ENVIRONMENT.uses_sqlite:
            Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, OSError) as fault:
        if settings.ENVIRONMENT.uses_sqlite:
            sentence = (
                f"数据库文件 {database['NAME']} 打不开，请检查路径和权限。"
                f"(The database file cannot be opened: {_line(fault)}.)"
            )
        else:
            place = f"{database.get('HOST') or 'localhost'}:{database.get('PORT') or 5432}/{database['NAME']}"
            sentence = (
                f"连接不上数据库 {place}，请检查 DATABASE_URL、网络和密码。"
                f"(The database cannot be reached: {_line(fault)}.)"
            )
        raise WrongSetting(sentence) from None


def check_broker_answers() -> None:
    """Raise WrongSetting with one sentence when CELERY_BROKER_URL leads nowhere."""
    if settings.ENVIRONMENT.own_broker:
        return
    try:
        broker_client(settings.CELERY_BROKER_URL).ping()
    except (redis.RedisError, ValueError) as fault:
        place = re.sub(r"//[^@/]*@", "//…@", settings.CELERY_BROKER_URL)
        raise WrongSetting(
            f"连接不上消息队列 {place}，请检查 CELERY_BROKER_URL、网络和密码。"
            f"(The broker cannot be reached: {_line(fault)}.)",
        ) from None


def refuse_demo_accounts_in_production() -> None:
    """Raise WrongSetting when anybody could log in with a published password."""
    if settings.PRODUCTION and (names := demo_usernames()):
        raise WrongSetting(
            f"正式环境的数据库里有演示账号（{'、'.join(names[:5])} 等 {len(names)} 个），任何人都知道其密码，不能启动。"
            "请为正式环境换一个新数据库（DATABASE_URL）。"
            "(This database holds demo accounts whose password is public: give production a new database.)",
        )


def refuse_foreign_field_keys() -> None:
    """Raise WrongSetting when what is encrypted in the database opens with none of the keys at hand."""
    if fields := unreadable_fields():
        raise WrongSetting(
            f"数据库里加密保存的内容（{'、'.join(fields)}）用现有的 FIELD_KEYS 打不开，请把原来的密钥加进去再启动；"
            "原密钥确已丢失的，先执行 ./run manage rotate_keys --discard-unreadable。"
            "(FIELD_KEYS does not open what this database holds.)"
        )


def static_fingerprint() -> str:
    """Changes whenever a file that collectstatic would copy is added, removed or written."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list(None):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _demo_wanted() -> Path:
    return Path(settings.VAR_DIR) / DEMO_WANTED


def _line(fault: BaseException) -> str:
    return " ".join(str(fault).split()).rstrip(".")
