"""Which addresses of other systems this one may be made to talk to."""

from __future__ import annotations

from urllib.parse import urlsplit

from common.outbox import NotDelivered
from supervision.channels.web import reachable_address


def fault_of_address(address: str) -> str:
    """What is wrong with the address of another system, in a sentence; nothing for one that may be used."""
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "这不是网址，请写成 https://主机/路径。"
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        return "请写成 https://主机/路径，不带用户名和密码。"
    try:
        reachable_address(parts.hostname, port)
    except NotDelivered as fault:
        return f"{fault}。"
    except (OSError, UnicodeError):
        return "找不到这个主机，请核对地址。"
    return ""
