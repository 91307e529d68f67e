"""What the environment says, read once and checked before anything starts.

The settings, the runner and manage.py all read the same `Environment`, so that a wrong value is told in one
sentence by whichever of them meets it first. Nothing here imports Django's settings.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
SQLITE_SCHEMES = ("sqlite",)
POSTGRESQL_SCHEMES = ("postgres", "postgresql", "psql", "pgsql")
BROKER_SCHEMES = ("redis", "rediss", "redis+socket")
EMAIL_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "memorymail", "dummymail")
PARTS = ("web", "worker", "beat")
TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off", "")
MINIMUM_SECRET_LENGTH = 50
# A secret that this program made for a data folder of its own starts with this, so that it is known again.
DEVELOPMENT_SECRET_PREFIX = "development-"
FIELD_KEY_BYTES = 32
DEVELOPMENT_FIELD_KEY = "field_key"
# sun_path holds 108 bytes; the longer paths fall back to the temporary folder.
LONGEST_SOCKET_PATH = 100


class WrongSetting(Exception):
    """A value of the environment with which nothing should start; the text is one sentence for a person."""


@dataclass(frozen=True)
class Environment:
    """The checked environment. Paths are absolute; `database` is a Django DATABASES entry."""

    production: bool
    debug: bool
    var_dir: Path
    secret_key: str
    field_keys: list[str]
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    bind: str
    port: int
    https: bool
    trusted_proxies: int
    database: dict[str, Any]
    broker_url: str
    own_broker: bool
    email: dict[str, Any]
    default_from_email: str
    site_url: str
    hooks_to_private: bool
    second_factor: bool
    session_idle_minutes: int
    password_max_age_days: int
    web_workers: int
    task_workers: int
    log_level: str
    log_files: bool
    metrics_token: str
    parts: tuple[str, ...]
    demo: bool

    @property
    def log_dir(self) -> Path | None:
        """Where the runner writes the output of its parts; None: it goes on to the runner's own output."""
        return self.var_dir / "log" if self.log_files else None

    @property
    def cache_url(self) -> str:
        """The broker's server keeps what the web processes count together, in the words of redis-py."""
        return self.broker_url.replace("redis+socket://", "unix://", 1)

    @property
    def uses_sqlite(self) -> bool:
        return str(self.database["ENGINE"]).endswith("sqlite3")


def read_environment(values: Mapping[str, str] | None = None) -> Environment:
    """Read and check the process environment and the file .env beside manage.py (the process wins).

    Raises WrongSetting with one sentence about the first value that cannot be used.
    """
    given = {**_dot_env(), **os.environ} if values is None else dict(values)
    production = _flag(given, "PRODUCTION", False)
    debug = _flag(given, "DEBUG", False)
    var_dir = _var_dir(given)
    broker_url = given.get("CELERY_BROKER_URL", "").strip()
    hosts = _words(given, "ALLOWED_HOSTS")
    result = Environment(
        production=production,
        debug=debug,
        var_dir=var_dir,
        secret_key=given.get("SECRET_KEY", "").strip() or ("" if production else _development_secret(var_dir)),
        field_keys=_field_keys(given) or ([] if production else [_own_field_key(var_dir)]),
        allowed_hosts=hosts or ([] if production else ["127.0.0.1", "localhost", "[::1]"]),
        csrf_trusted_origins=_origins(given),
        bind=given.get("BIND", "").strip() or "127.0.0.1",
        port=_number(given, "PORT", 8000, 1, 65535),
        https=_flag(given, "HTTPS", production),
        trusted_proxies=_number(given, "TRUSTED_PROXY", 0, 0, 9),
        database=_database(given, var_dir),
        broker_url=_broker(broker_url) if broker_url else f"redis+socket://{valkey_socket(var_dir)}",
        own_broker=not broker_url,
        email=_email(given),
        default_from_email=given.get("DEFAULT_FROM_EMAIL", "").strip() or "campaign-tracker@localhost",
        site_url=_site_url(given, hosts, _flag(given, "HTTPS", production)),
        hooks_to_private=_flag(given, "HOOKS_TO_PRIVATE", False),
        second_factor=_flag(given, "SECOND_FACTOR", production),
        session_idle_minutes=_number(given, "SESSION_IDLE_MINUTES", 30, 1, 480),
        password_max_age_days=_number(given, "PASSWORD_MAX_AGE_DAYS", 180, 0, 3650),
        web_workers=_number(given, "WEB_WORKERS", 2, 1, 64),
        task_workers=_number(given, "TASK_WORKERS", 2, 1, 64),
        log_level=_log_level(given),
        log_files=_flag(given, "LOG_FILES", True),
        metrics_token=_metrics_token(given),
        parts=_parts(given),
        demo=_flag(given, "DEMO", not production),
    )
    if production:
        _check_production(result)
    return result


def valkey_socket(var_dir: Path) -> Path:
    """Where the runner's own Valkey listens: a Unix socket, so that no other user of the machine can reach it."""
    path = var_dir / "valkey" / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"campaign-tracker-{os.getuid()}-{name}" / "valkey.sock"


def _check_production(env: Environment) -> None:
    secret = env.secret_key
    if not secret:
        raise WrongSetting("正式环境必须设置 SECRET_KEY。(PRODUCTION=1 needs SECRET_KEY.)" + _secret_advice())
    if secret.startswith(DEVELOPMENT_SECRET_PREFIX):
        raise WrongSetting(
            "SECRET_KEY 是开发用密钥，正式环境不能使用。(SECRET_KEY is a development secret.)" + _secret_advice()
        )
    if len(secret) < MINIMUM_SECRET_LENGTH or len(set(secret)) < 10:
        raise WrongSetting(
            f"SECRET_KEY 太短或太简单，至少 {MINIMUM_SECRET_LENGTH} 个随机字符。"
            f"(SECRET_KEY needs {MINIMUM_SECRET_LENGTH} random characters.)" + _secret_advice()
        )
    if not env.field_keys:
        raise WrongSetting(
            "正式环境必须设置 FIELD_KEYS：电话、密钥等用它加密保存，请另处妥善保管，丢失后无法恢复。"
            "(PRODUCTION=1 needs FIELD_KEYS.)" + _field_key_advice()
        )
    if env.debug:
        raise WrongSetting("正式环境不能打开 DEBUG，请删去 DEBUG。(PRODUCTION=1 refuses DEBUG.)")
    if not env.allowed_hosts:
        raise WrongSetting(
            "正式环境必须设置 ALLOWED_HOSTS，例如 ALLOWED_HOSTS=ledger.example.gov.cn。"
            "(PRODUCTION=1 needs ALLOWED_HOSTS.)"
        )
    if "*" in env.allowed_hosts:
        raise WrongSetting("正式环境的 ALLOWED_HOSTS 不能是 *，请写明域名。(ALLOWED_HOSTS may not be * in production.)")


def _secret_advice() -> str:
    return ' 生成一个 (make one): python3 -c "import secrets; print(secrets.token_urlsafe(60))"'


def _field_key_advice() -> str:
    return (
        ' 生成一个 (make one): python3 -c "import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
    )


def _field_keys(given: Mapping[str, str]) -> list[str]:
    """The keys of encrypted fields, the one that writes first; each 32 random bytes in base64."""
    keys = _words(given, "FIELD_KEYS")
    for number, key in enumerate(keys, start=1):
        try:
            right = len(base64.urlsafe_b64decode(key)) == FIELD_KEY_BYTES
        except ValueError:
            right = False
        if not right:
            raise WrongSetting(
                f"FIELD_KEYS 的第 {number} 个密钥不是 44 个字符的 base64。(FIELD_KEYS needs 32 bytes in base64.)"
                + _field_key_advice()
            )
    return keys


def _dot_env() -> dict[str, str]:
    path = BASE_DIR / ".env"
    if not path.is_file():
        return {}
    result: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise WrongSetting(f".env 无法读取，请检查权限和编码。(.env cannot be read: {fault}.)") from fault
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise WrongSetting(f".env 第 {number} 行不是“名称=值”的形式。(.env line {number} is not NAME=value.)")
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        result[name.strip()] = value
    return result


def _flag(given: Mapping[str, str], name: str, default: bool) -> bool:
    word = given.get(name)
    if word is None or (not word.strip() and default):
        return default
    word = word.strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise WrongSetting(f"{name} 只能是 1 或 0，现在是“{word}”。({name} must be 1 or 0.)")


def _number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    word = given.get(name, "").strip()
    if not word:
        return default
    if not word.isascii() or not word.isdigit() or not least <= int(word) <= most:
        raise WrongSetting(
            f"{name} 必须是 {least} 到 {most} 之间的整数，现在是“{word}”。"
            f"({name} must be a number from {least} to {most}.)"
        )
    return int(word)


def _words(given: Mapping[str, str], name: str) -> list[str]:
    return [word.strip() for word in given.get(name, "").split(",") if word.strip()]


def _origins(given: Mapping[str, str]) -> list[str]:
    origins = _words(given, "CSRF_TRUSTED_ORIGINS")
    for origin in origins:
        if urlsplit(origin).scheme not in ("http", "https") or not urlsplit(origin).netloc:
            raise WrongSetting(
                f"CSRF_TRUSTED_ORIGINS 中的“{origin}”应写成 https://域名 的形式。"
                "(CSRF_TRUSTED_ORIGINS takes https://host.)"
            )
    return origins


def _site_url(given: Mapping[str, str], hosts: list[str], https: bool) -> str:
    """The address that messages link to: SITE_URL, else the first name of ALLOWED_HOSTS, else this machine's."""
    url = given.get("SITE_URL", "").strip().rstrip("/")
    if url:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise WrongSetting(f"SITE_URL 中的“{url}”应写成 https://域名 的形式。(SITE_URL takes https://host.)")
        return url
    if hosts and not hosts[0].startswith((".", "*")):
        return f"{'https' if https else 'http'}://{hosts[0]}"
    return f"http://127.0.0.1:{given.get('PORT', '').strip() or 8000}"


def _metrics_token(given: Mapping[str, str]) -> str:
    token = given.get("METRICS_TOKEN", "").strip()
    if token and len(token) < 20:
        raise WrongSetting("METRICS_TOKEN 至少 20 个字符。(METRICS_TOKEN needs 20 characters.)" + _secret_advice())
    return token


def _parts(given: Mapping[str, str]) -> tuple[str, ...]:
    """Which parts this machine runs; all of them unless PARTS says otherwise."""
    parts = tuple(_words(given, "PARTS")) or PARTS
    if wrong := [part for part in parts if part not in PARTS]:
        raise WrongSetting(
            f"PARTS 只能是 {'、'.join(PARTS)}，用逗号分隔，现在有“{wrong[0]}”。(PARTS takes {', '.join(PARTS)}.)"
        )
    if parts != PARTS and not given.get("CELERY_BROKER_URL", "").strip():
        raise WrongSetting(
            "PARTS 把系统分到几台机器上，须设置共用的 CELERY_BROKER_URL。(PARTS needs CELERY_BROKER_URL.)"
        )
    return parts


def _log_level(given: Mapping[str, str]) -> str:
    level = given.get("LOG_LEVEL", "").strip().upper() or "INFO"
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise WrongSetting(
            f"LOG_LEVEL 只能是 DEBUG、INFO、WARNING 或 ERROR，现在是“{level}”。"
            "(LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR.)"
        )
    return level


def _var_dir(given: Mapping[str, str]) -> Path:
    path = Path(given.get("CAMPAIGN_TRACKER_VAR", "").strip() or BASE_DIR / "var").expanduser()
    path = path if path.is_absolute() else BASE_DIR / path
    try:
        path.mkdir(mode=0o750, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as fault:
        raise WrongSetting(
            f"数据目录 {path} 不能写入，请修改权限或设置 CAMPAIGN_TRACKER_VAR。"
            f"(The data folder cannot be written: {fault.strerror}.)"
        ) from fault
    return path


def _development_secret(var_dir: Path) -> str:
    return _kept(var_dir / "secret_key", DEVELOPMENT_SECRET_PREFIX + secrets.token_urlsafe(60))


def _own_field_key(var_dir: Path) -> str:
    """The key that a data folder outside of production makes for itself; it lies where DEVELOPMENT_FIELD_KEY says."""
    return _kept(
        var_dir / DEVELOPMENT_FIELD_KEY, base64.urlsafe_b64encode(secrets.token_bytes(FIELD_KEY_BYTES)).decode()
    )


def _kept(path: Path, fresh: str) -> str:
    """What the file holds; a file that is not there yet gets `fresh`."""
    try:
        # Exclusive creation with the final mode: two processes that start together agree on one secret.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(fresh)
    except FileExistsError:
        pass
    secret = path.read_text().strip()
    if not secret:
        raise WrongSetting(f"{path} 是空文件，请删除后重新启动。({path} is empty: delete it and start again.)")
    return secret


def _database(given: Mapping[str, str], var_dir: Path) -> dict[str, Any]:
    url = given.get("DATABASE_URL", "").strip() or f"sqlite:///{var_dir / 'campaign_tracker.sqlite3'}"
    scheme = urlsplit(url).scheme
    wrong = WrongSetting(
        "DATABASE_URL 应写成 postgres://用户:密码@主机:5432/库名 或 sqlite:////绝对路径。"
        "(DATABASE_URL must be postgres://user:password@host:5432/name or sqlite:////path.)"
    )
    if scheme not in SQLITE_SCHEMES + POSTGRESQL_SCHEMES:
        raise wrong
    try:
        result: dict[str, Any] = dict(environ.Env.db_url_config(url))
    except ValueError as fault:
        raise wrong from fault
    if not result.get("NAME"):
        raise wrong
    if scheme in SQLITE_SCHEMES:
        if result["NAME"] != ":memory:":
            result["NAME"] = str(BASE_DIR / result["NAME"])
        # IMMEDIATE takes the write lock at BEGIN, where `timeout` waits for it; a lock taken later fails at once.
        result["OPTIONS"] = {
            **result.get("OPTIONS", {}),
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # With the 2 MB that are the default, an import of 100,000 rows writes the same pages again and again.
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-32000;",
        }
    else:
        result.setdefault("CONN_MAX_AGE", 60)
        result["CONN_HEALTH_CHECKS"] = True
        result["OPTIONS"] = {"connect_timeout": 5, **result.get("OPTIONS", {})}
    return result


def _broker(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in BROKER_SCHEMES or not (parts.path if parts.scheme == "redis+socket" else parts.hostname):
        raise WrongSetting(
            "CELERY_BROKER_URL 应写成 redis://:密码@主机:6379/0。(CELERY_BROKER_URL must be redis://:password@host:6379/0.)"
        )
    return url


def _email(given: Mapping[str, str]) -> dict[str, Any]:
    url = given.get("EMAIL_URL", "").strip() or "consolemail://"
    wrong = WrongSetting(
        "EMAIL_URL 应写成 smtp+tls://用户:密码@主机:587。(EMAIL_URL must be smtp+tls://user:password@host:587.)"
    )
    if urlsplit(url).scheme not in EMAIL_SCHEMES:
        raise wrong
    try:
        return dict(environ.Env.email_url_config(url))
    except (ValueError, KeyError) as fault:
        raise wrong from fault
