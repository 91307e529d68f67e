"""JSON to another system over HTTP, and the guard that keeps it from reaching into the bureau's own network."""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from common.outbox import NotDelivered
from supervision.channels.faults import silence_in_words
from supervision.messages import Message
from supervision.models import Channel

TIMEOUT_SECONDS = 10
MOST_BYTES = 64 * 1024
TRY_AGAIN = (408, 425, 429)


@dataclass(frozen=True, slots=True)
class Answer:
    """A 2xx answer; of a long one, as much as was asked for."""

    status: int
    content: bytes
    is_whole: bool


def send(channel: Channel, message: Message) -> None:
    """Hand the message to an SMS gateway or any other system; `Idempotency-Key` is the same in every attempt."""
    payload = {
        "key": message.key,
        "to": {"username": message.to.username, "name": message.to.name, "phone": message.to.phone},
        "title": message.title,
        "text": message.text,
    }
    headers = {"Idempotency-Key": message.key}
    if channel.secret:
        headers["Authorization"] = f"Bearer {channel.secret}"
    post_json(channel.address, payload, headers)


def post_json(url: str, payload: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> bytes:
    """Post a value as JSON. Raises as `post` does."""
    return post(url, json.dumps(payload, ensure_ascii=False).encode(), headers)


def post(url: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """Post JSON and answer the body of a 2xx answer. Raises as `ask` does."""
    return ask("POST", url, body, headers).content


def ask(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Send a request, of JSON where it has a body, and answer what came as 2xx; redirects are not followed.

    The name is looked up once, and the connection goes to the very address that was checked. Raises NotDelivered, final
    for an address that may not be reached and for a 4xx answer.
    """
    sent = {"Content-Type": "application/json; charset=utf-8"} if body is not None else {}
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotDelivered("接收地址应写成 https://主机/路径", final=True)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    try:
        address = reachable_address(parts.hostname, port)
        connection = _Pinned(parts.hostname, port, address, secure)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body, {**sent, **(headers or {})})
        answer = connection.getresponse()
        content = answer.read(most_bytes + 1)
        connection.close()
    except (OSError, http.client.HTTPException) as fault:
        raise NotDelivered(f"对方没有响应：{silence_in_words(fault)}", dead=True) from fault
    if not 200 <= answer.status < 300:
        final = 300 <= answer.status < 500 and answer.status not in TRY_AGAIN
        raise NotDelivered(f"对方拒绝（HTTP {answer.status}）", final=final)
    return Answer(answer.status, content[:most_bytes], is_whole=len(content) <= most_bytes)


def reachable_address(host: str, port: int) -> str:
    """The address of a host that a message may be sent to; NotDelivered for one inside of the own network.

    Without `HOOKS_TO_PRIVATE` only public addresses are taken, so that whoever keeps the channels cannot make the
    server talk to itself, to its neighbours or to a cloud's metadata service.
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not settings.HOOKS_TO_PRIVATE and not all(is_public(address) for address in found):
        raise NotDelivered(
            "接收地址在内部网络，不能使用；确需使用的，由服务器管理员设置 HOOKS_TO_PRIVATE=1", final=True
        )
    return found[0]


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return (mapped or ip).is_global and not ip.is_multicast


class _Pinned(http.client.HTTPConnection):
    """A connection to `address`, whatever the name of the host may mean a moment later."""

    def __init__(self, host: str, port: int, address: str, secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self._address = address
        self._secure = secure

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), TIMEOUT_SECONDS)
        self.sock = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=self.host) if self._secure else plain
        )
