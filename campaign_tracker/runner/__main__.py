"""`./run`: prepare, start Valkey, web, worker and beat, keep them running, and stop them in reverse."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from campaign_tracker.environment import BASE_DIR, Environment, WrongSetting, read_environment, valkey_socket

from .prepared import is_prepared, mark_prepared
from .supervisor import Service, StopRequested, Supervisor
from .valkey import valkey_command

LEFTOVERS_GONE_WITHIN_SECONDS = 15.0
# Also on a small machine that has much else to do: a start that is given up begins anew.
ANSWERS_WITHIN_SECONDS = 300.0
DEMO_ACCOUNTS = "demo-accounts.txt"


def main() -> int:
    try:
        env = read_environment()
        _lock_runner(env)
        children_lock = _wait_for_leftovers(env)
        if "web" in env.parts:
            _check_port(env)
        return _serve(env, children_lock)
    except WrongSetting as fault:
        print(fault, file=sys.stderr)
        return 2


def _serve(env: Environment, children_lock: int) -> int:
    supervisor = Supervisor(log_folder=env.log_dir, inherited=children_lock)
    try:
        if env.own_broker:
            supervisor.start(_valkey(env))
        if not is_prepared(env):
            if (code := supervisor.run_once(_python("manage.py", "prepare"))) != 0:
                supervisor.stop_all()
                return code
            mark_prepared(env)
        shutil.rmtree(env.var_dir / "run" / "metrics", ignore_errors=True)
        if "web" in env.parts:
            supervisor.start(_web(env))
            # Pages first: on a small machine worker and beat would only slow the start that somebody waits for.
            _wait_until_it_answers(env, supervisor)
        if "worker" in env.parts:
            supervisor.start(_worker())
        if "beat" in env.parts:
            supervisor.start(_beat(env))
        print(_banner(env), flush=True)
        supervisor.keep_running()
    except StopRequested:
        print("\nStopping … 正在停止", flush=True)
    except WrongSetting:
        supervisor.stop_all()
        raise
    supervisor.stop_all()
    print("Stopped. 已停止。", flush=True)
    return 0


def _python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def _valkey(env: Environment) -> Service:
    path = valkey_socket(env.var_dir)
    folder = env.var_dir / "valkey"
    for each in (folder, path.parent):
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
        if each.stat().st_uid != os.getuid():
            raise WrongSetting(f"{each} 属于其他用户，请删除后重试。({each} belongs to another user.)")
    # It writes every command out before it answers; SIGTERM gives it the moment that a clean end takes.
    return Service("valkey", valkey_command(folder, path), stop_within=10)


def _web(env: Environment) -> Service:
    command = _python("-m", "gunicorn", "campaign_tracker.wsgi:application")
    host = f"[{env.bind}]" if ":" in env.bind else env.bind
    command += ["--bind", f"{host}:{env.port}", "--workers", str(env.web_workers)]
    command += ["--worker-class", "gthread", "--threads", "4", "--preload", "--no-control-socket"]
    command += ["--timeout", "90", "--graceful-timeout", "10", "--keep-alive", "5"]
    command += ["--max-requests", "5000", "--max-requests-jitter", "500", "--log-level", "warning"]
    if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK):
        command += ["--worker-tmp-dir", "/dev/shm"]
    return Service("web", command, stop_within=12, dies_with_runner_by="SIGKILL")


def _worker() -> Service:
    command = _python(
        "-m", "celery", "-A", "campaign_tracker", "worker", "--loglevel=INFO", "--without-gossip", "--without-mingle"
    )
    # SIGTERM lets the running task finish; SIGQUIT, sent next, gives it back to the broker before the end.
    return Service("worker", command, stop_within=12, second_signal="SIGQUIT", dies_with_runner_by="SIGKILL")


def _beat(env: Environment) -> Service:
    (env.var_dir / "beat").mkdir(exist_ok=True)
    command = _python("-m", "celery", "-A", "campaign_tracker", "beat", "--loglevel=INFO", "--pidfile=")
    return Service("beat", command, stop_within=5, dies_with_runner_by="SIGKILL")


def _lock_runner(env: Environment) -> None:
    """Make sure that no other runner works on this data folder; the lock lasts as long as this process."""
    folder = env.var_dir / "run"
    folder.mkdir(exist_ok=True)
    lock = os.open(folder / "runner.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.read(lock, 20).decode(errors="replace").strip()
        raise WrongSetting(
            f"系统已在运行（进程 {pid}，数据目录 {env.var_dir}），无需再次启动。"
            f"(It is running already as process {pid}; kill {pid} stops it.)"
        ) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def _wait_for_leftovers(env: Environment) -> int:
    """Take the lock that every child inherits, and answer its descriptor.

    It is free only when the last process of the run before is gone. After a kill -9 of the runner they end by
    themselves, but not at once.
    """
    lock = os.open(env.var_dir / "run" / "children.lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + LEFTOVERS_GONE_WITHIN_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise WrongSetting(
                    "上次运行留下的进程还没有退出，请先结束它们再启动。"
                    f"(Processes of the last run are still there; fuser {env.var_dir}/run/children.lock names them.)"
                ) from None
            time.sleep(0.05)


def _check_port(env: Environment) -> None:
    family = socket.AF_INET6 if ":" in env.bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((env.bind, env.port))
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                raise WrongSetting(
                    f"端口 {env.port} 已被其他程序占用，请换一个端口：PORT={env.port + 1} ./run"
                    f"(Port {env.port} is in use; choose another one.)"
                ) from fault
            if fault.errno == errno.EACCES:
                raise WrongSetting(
                    f"没有权限使用端口 {env.port}，请使用 1024 以上的端口。"
                    f"(Port {env.port} needs root; take one above 1024.)"
                ) from fault
            raise WrongSetting(
                f"BIND={env.bind} 不是本机地址，请检查。(BIND={env.bind} is no address of this machine.)"
            ) from fault


def _wait_until_it_answers(env: Environment, supervisor: Supervisor) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(env.bind, f"[{env.bind}]" if ":" in env.bind else env.bind)
    request = urllib.request.Request(f"http://{host}:{env.port}/healthz", headers={"Host": _a_host(env)})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + ANSWERS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        supervisor.turn(0.05)
        try:
            with direct.open(request, timeout=5):
                return
        except urllib.error.HTTPError as fault:
            fault.close()
            if fault.code < 500:
                return
        except OSError:
            pass
    raise WrongSetting(
        f"网页服务没有启动成功，请查看{supervisor.place_of_log('web')}。"
        "(The web server did not start; its log says why.)"
    )


def _a_host(env: Environment) -> str:
    """A name that ALLOWED_HOSTS accepts, for our own question to /healthz."""
    name = next((host for host in env.allowed_hosts if host != "*"), "localhost")
    return f"www{name}" if name.startswith(".") else name


def _banner(env: Environment) -> str:
    host = "127.0.0.1" if env.bind in ("0.0.0.0", "::") else env.bind
    here = f"http://[{host}]:{env.port}/" if ":" in host else f"http://{host}:{env.port}/"
    serves = "web" in env.parts
    lines = ["", f"  Campaign Tracker 专项整治台账   {here if serves else '、'.join(env.parts)}"]
    if env.https and serves:
        lines += [f"  Users come through the proxy 用户经反向代理访问   https://{_a_host(env)}/"]
    lines += [""]
    accounts = env.var_dir / DEMO_ACCOUNTS
    if accounts.is_file() and not env.production:
        lines += ["  Demo accounts 演示账号"]
        lines += [f"    {line}".rstrip() for line in accounts.read_text(encoding="utf-8").splitlines()]
        lines += [""]
    database = "PostgreSQL" if not env.uses_sqlite else str(env.database["NAME"])
    lines += [
        f"  Database 数据库   {database}",
        f"  Data 数据目录     {env.var_dir}",
        f"  Logs 日志         {env.log_dir or 'here 见本输出'}",
        f"  Stop 停止         Ctrl-C, or 或 kill {os.getpid()}",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    os.chdir(BASE_DIR)
    sys.exit(main())
