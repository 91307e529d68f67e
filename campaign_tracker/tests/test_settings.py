"""What the environment may say, and the one sentence that answers when it says something wrong."""

import pytest

from campaign_tracker.environment import WrongSetting, read_environment, valkey_socket

GOOD_SECRET = "k3Jx9-fQ0zPvW7bLr2TnYcEuHdMgAoSi5BqXtVw8RyZlNpKj1C"
FIELD_KEY = "mJ3Yw1nVb0q5cXr8T2uLk7ZpQe4sHd6GfA9iOyWxRtE="
PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": GOOD_SECRET,
    "FIELD_KEYS": FIELD_KEY,
    "ALLOWED_HOSTS": "ledger.example.gov.cn",
}


@pytest.fixture
def place(tmp_path):
    return {"CAMPAIGN_TRACKER_VAR": str(tmp_path / "var")}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", "８０８０"),
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("DATABASE_URL", "postgres://user:pass@host:port/x"),
        ("DATABASE_URL", "postgres://host"),
        ("DATABASE_URL", "nonsense"),
        ("CELERY_BROKER_URL", "amqp://localhost"),
        ("CELERY_BROKER_URL", "localhost:6379"),
        ("CSRF_TRUSTED_ORIGINS", "ledger.example.gov.cn"),
        ("EMAIL_URL", "pigeon://roof"),
        ("TRUSTED_PROXY", "yes"),
        ("SESSION_IDLE_MINUTES", "0"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(place, name, value):
    with pytest.raises(WrongSetting) as caught:
        read_environment({**place, name: value})
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongSetting, match="CAMPAIGN_TRACKER_VAR"):
        read_environment({"CAMPAIGN_TRACKER_VAR": str(tmp_path / "file" / "var")})


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY"),
        ({"SECRET_KEY": "development-" + GOOD_SECRET}, "SECRET_KEY"),
        ({"FIELD_KEYS": ""}, "FIELD_KEYS"),
        ({"FIELD_KEYS": FIELD_KEY + ",short"}, "第 2 个"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ],
)
def test_production_refuses_what_is_only_fit_for_development(place, change, word):
    with pytest.raises(WrongSetting, match=word):
        read_environment({**place, **PRODUCTION, **change})


def test_production_starts_with_a_good_environment(place):
    env = read_environment({**place, **PRODUCTION, "DATABASE_URL": "postgres://u:p%40ss@db.example:5433/ledger"})
    assert (env.production, env.https, env.demo, env.debug) == (True, True, False, False)
    database = env.database
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 5433, "ledger")
    assert (database["USER"], database["PASSWORD"]) == ("u", "p@ss")


def test_development_keeps_one_secret_that_production_would_refuse(place):
    first, second = read_environment(place), read_environment(place)
    assert first.secret_key == second.secret_key
    assert first.field_keys == second.field_keys != []
    for name in ("secret_key", "field_key"):
        assert (first.var_dir / name).stat().st_mode & 0o777 == 0o600
    with pytest.raises(WrongSetting, match="SECRET_KEY"):
        read_environment({**place, **PRODUCTION, "SECRET_KEY": first.secret_key})


def test_the_socket_path_stays_short_enough_for_the_kernel(tmp_path):
    assert valkey_socket(tmp_path) == tmp_path / "valkey" / "valkey.sock"
    deep = tmp_path / ("深" * 60)
    assert len(str(valkey_socket(deep)).encode()) <= 100
    assert valkey_socket(deep) != valkey_socket(deep / "other")


def test_a_machine_may_run_some_of_the_parts_only_with_a_broker_that_all_share(place):
    broker = {"CELERY_BROKER_URL": "redis://:x@broker.example:6379/0"}
    assert read_environment(place).parts == ("web", "worker", "beat")
    assert read_environment({**place, **broker, "PARTS": "worker, beat"}).parts == ("worker", "beat")
    for wrong in ({"PARTS": "worker"}, {**broker, "PARTS": "clock"}, {"METRICS_TOKEN": "short"}):
        with pytest.raises(WrongSetting, match=r"PARTS|METRICS_TOKEN"):
            read_environment({**place, **wrong})
