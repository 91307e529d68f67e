"""A start skips the preparation only while nothing changed."""

import sqlite3
from dataclasses import replace

import pytest

from campaign_tracker.environment import read_environment
from campaign_tracker.runner.prepared import is_prepared, mark_prepared


@pytest.fixture
def env(tmp_path):
    database = tmp_path / "trial.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE django_migrations (id INTEGER, app TEXT, name TEXT)")
        connection.execute("INSERT INTO django_migrations VALUES (1, 'units', '0001_initial')")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / ".fingerprint").write_text("x")
    given = {"CAMPAIGN_TRACKER_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{database}"}
    return read_environment(given)


def test_nothing_changed(env):
    assert not is_prepared(env)
    mark_prepared(env)
    assert is_prepared(env)


def test_another_database_behind_the_same_name(env):
    mark_prepared(env)
    with sqlite3.connect(env.database["NAME"]) as connection:
        connection.execute("INSERT INTO django_migrations VALUES (2, 'tasks', '0001_initial')")
    assert not is_prepared(env)


def test_static_files_or_the_demo_are_wanted(env):
    mark_prepared(env)
    (env.var_dir / "demo-wanted").touch()
    assert not is_prepared(env)
    (env.var_dir / "demo-wanted").unlink()
    (env.var_dir / "static" / ".fingerprint").unlink()
    assert not is_prepared(env)


def test_production_asks_every_time(env):
    mark_prepared(env)
    assert not is_prepared(replace(env, production=True))
