"""The group robots of WeCom, DingTalk and Feishu, as their own pages for developers describe them.

The whole group reads what a robot says, so that it says how many things wait for whom, and not which.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import quote, urlencode

from common.inputs import read_json
from common.outbox import NotDelivered
from supervision.channels.web import post_json
from supervision.messages import Message
from supervision.models import Channel

ADDRESSES = {
    Channel.Kind.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
    Channel.Kind.DINGTALK: "https://oapi.dingtalk.com/robot/send",
    Channel.Kind.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook",
}
# What each answers when a group has had too many messages in a minute: a matter of waiting, not of the key.
TOO_MANY = {45009, 130101, 660026, 11232}


def send(channel: Channel, message: Message) -> None:
    """Let the group's robot speak. All three answer 200 to a wrong key or signature and say so in the body only."""
    url, payload = {
        Channel.Kind.WECOM: _wecom,
        Channel.Kind.DINGTALK: _dingtalk,
        Channel.Kind.FEISHU: _feishu,
    }[Channel.Kind(channel.kind)](channel, message)
    try:
        answer = read_json(post_json(url, payload))
        code = int(answer.get("errcode", answer.get("code", -1)))
        words = str(answer.get("errmsg", answer.get("msg", "")))
    except (ValueError, TypeError, AttributeError) as fault:
        raise NotDelivered("对方的答复无法识别") from fault
    if code != 0:
        raise NotDelivered(f"机器人没有发出：{code} {words[:80]}", final=code not in TOO_MANY)


def _wecom(channel: Channel, message: Message) -> tuple[str, dict[str, Any]]:
    text = {"content": message.brief, "mentioned_mobile_list": [message.to.phone] if message.to.phone else []}
    query = urlencode({"key": channel.secret})
    return f"{ADDRESSES[Channel.Kind.WECOM]}?{query}", {"msgtype": "text", "text": text}


def _dingtalk(channel: Channel, message: Message) -> tuple[str, dict[str, Any]]:
    query = {"access_token": channel.secret}
    if channel.signing_secret:
        stamp = str(round(time.time() * 1000))
        signed = hmac.new(
            channel.signing_secret.encode(), f"{stamp}\n{channel.signing_secret}".encode(), hashlib.sha256
        )
        query |= {"timestamp": stamp, "sign": base64.b64encode(signed.digest()).decode()}
    at = {"atMobiles": [message.to.phone] if message.to.phone else [], "isAtAll": False}
    payload = {"msgtype": "text", "text": {"content": message.brief}, "at": at}
    return f"{ADDRESSES[Channel.Kind.DINGTALK]}?{urlencode(query)}", payload


def _feishu(channel: Channel, message: Message) -> tuple[str, dict[str, Any]]:
    payload: dict[str, Any] = {"msg_type": "text", "content": {"text": message.brief}}
    if channel.signing_secret:
        stamp = str(int(time.time()))
        signed = hmac.new(f"{stamp}\n{channel.signing_secret}".encode(), b"", hashlib.sha256)
        payload |= {"timestamp": stamp, "sign": base64.b64encode(signed.digest()).decode()}
    return f"{ADDRESSES[Channel.Kind.FEISHU]}/{quote(channel.secret, safe='')}", payload
