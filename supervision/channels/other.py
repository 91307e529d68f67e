"""Any service that Apprise knows by an address of its own: Telegram, Bark, Gotify, SMS services, another mail server …

Apprise takes HTTP 200 for success, so that services which hide a refusal in it have channels of their own, whose answer
is read. Its faults go to a log only; they are caught there. It connects by itself, so that the guard stands where every
connection of this process is made.
"""

from __future__ import annotations

import ipaddress
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from io import StringIO
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from common.outbox import NotDelivered
from supervision.channels.web import is_public
from supervision.messages import Message
from units.models import User

OWN_CHANNELS = {"wecombot": "企业微信", "dingtalk": "钉钉", "feishu": "飞书", "lark": "飞书"}
"""Services that answer 200 to a wrong key as well."""
NOBODY = "{schema}://"
MOST_WORDS = 120

_guarded: ContextVar[bool] = ContextVar("guarded", default=False)


def fault_of(address: str) -> str:
    """What is wrong with an address, in a sentence; empty where Apprise can use it."""
    schema = urlsplit(address).scheme.lower()
    if schema in OWN_CHANNELS:
        return f"{OWN_CHANNELS[schema]}群机器人请用它自己的渠道，那里能看出对方是否真正收下。"
    service = _service(address)
    if service is None:
        return "Apprise 不认识这个地址，请对照它的说明检查。"
    # What needs neither a host nor a key speaks to the server's own desktop or log.
    return "这个地址只在服务器本机显示，发不到任何人。" if NOBODY in service.templates else ""


def fill(address: str, user: User) -> str:
    """The address with the places for a person filled in."""
    for place, value in (("{phone}", user.phone), ("{email}", user.email), ("{username}", user.username)):
        address = address.replace(place, quote(value or "", safe=""))
    return address


def send(address: str, message: Message, *, personal: bool) -> None:
    """Let Apprise send; what a whole group reads is brief. Raises NotDelivered with what Apprise logged about it."""
    service = _service(fill(address, message.to))
    if service is None:
        raise NotDelivered("Apprise 不认识这个地址", final=True)
    # Neither another certificate nor another place than the one that was set up.
    service.verify_certificate, service.redirects = True, False
    with _caught_log() as log, _guard():
        try:
            taken = service.notify(
                title=message.title if personal else "", body=message.text if personal else message.brief
            )
        except _Refused as fault:
            raise NotDelivered(
                "地址在内部网络，不能使用；确需使用的，由服务器管理员设置 HOOKS_TO_PRIVATE=1", final=True
            ) from fault
    if not taken:
        raise NotDelivered(f"没有发出：{_words_of(log.getvalue(), address)}")


class _Refused(Exception):
    """A connection to where nothing may be sent. No OSError, which a library would take for a network fault."""


def _service(address: str) -> Any:
    # A hundred and eighty services are loaded with it, which only a worker that sends needs.
    import apprise

    return apprise.Apprise.instantiate(address, suppress_exceptions=True)


@contextmanager
def _guard() -> Iterator[None]:
    """Let this thread connect to public addresses only, whoever connects and however it came by the address."""
    token = _guarded.set(True)
    try:
        yield
    finally:
        _guarded.reset(token)


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event not in ("socket.connect", "subprocess.Popen") or not _guarded.get():
        return
    # The name server is asked by the C library, which makes no such event. A path is a local service of this machine.
    address = args[1][0] if event == "socket.connect" and isinstance(args[1], tuple) else ""
    try:
        ipaddress.ip_address(str(address).partition("%")[0])
    except ValueError:
        raise _Refused from None
    if not settings.HOOKS_TO_PRIVATE and not is_public(str(address)):
        raise _Refused


sys.addaudithook(_watch)


@contextmanager
def _caught_log() -> Iterator[StringIO]:
    """What Apprise logs while it sends; secrets in addresses are hidden by its own asset."""
    log, logger = StringIO(), logging.getLogger("apprise")
    handler = logging.StreamHandler(log)
    handler.setLevel(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield log
    finally:
        logger.removeHandler(handler)


def _words_of(log: str, address: str) -> str:
    """The last thing that was logged, without anything that stands in the address after its scheme."""
    words = (log.strip().splitlines() or ["对方没有收下"])[-1]
    for part in address.partition("://")[2].replace("?", "/").replace("@", "/").replace(":", "/").split("/"):
        if len(part) > 3:
            words = words.replace(part, "***")
    return words[:MOST_WORDS]
