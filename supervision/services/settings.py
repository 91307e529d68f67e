"""What a bureau sets: its channels with their secrets, and the steps of its ladders."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from common.errors import NotAllowed, Refused
from common.history import record
from common.outbox import NotDelivered
from supervision.channels import send
from supervision.channels.other import fault_of
from supervision.ladders import MAX_OFFSET, MAX_STEPS, Audience, Steps, as_stored
from supervision.messages import SIGN, Message
from supervision.models import Channel, Ladder
from tasks.models import Campaign
from units.models import Region, User


def check_keeps_channels(by: User) -> Region:
    """The region whose channels and ladders the user keeps. Raises NotAllowed for all but administrators."""
    if not by.keeps_accounts or by.unit is None:
        raise NotAllowed("提醒的渠道和台阶由局管理员设置，请联系局管理员。")
    return by.unit.region.county


@transaction.atomic
def set_channel(
    *, by: User, kind: str, is_on: bool, address: str = "", secret: str = "", signing_secret: str = ""
) -> Channel:
    """Set up one channel of the user's region. An empty secret keeps the one that is there; history never sees one."""
    region = check_keeps_channels(by)
    channel, _ = Channel.objects.select_for_update().get_or_create(region=region, kind=kind)
    before = {"is_on": channel.is_on, "address": channel.address}
    channel.is_on = is_on
    channel.address = address.strip()
    channel.secret = secret.strip() or channel.secret
    channel.signing_secret = signing_secret.strip() or channel.signing_secret
    if is_on:
        _check_complete(channel)
    channel.save()
    renewed = bool(secret.strip() or signing_secret.strip())
    record(
        "channel.changed",
        channel,
        by=by,
        before=before,
        after={"is_on": is_on, "address": channel.address},
        note="更换了密钥" if renewed else "",
    )
    return channel


def try_channel(*, by: User, channel: Channel) -> None:
    """Send a message to the user by this channel, on or off. Raises Refused with what the other side said."""
    if channel.region_id != check_keeps_channels(by).pk:
        raise NotAllowed("这是其他地区的渠道。")
    _check_complete(channel)
    if not channel.reaches(by):
        raise Refused("您的账号没有填写这个渠道要用的邮箱或手机，请先在“我的账号”里补上。")
    words = f"{SIGN}{by.name}：这是一条测试提醒，收到说明“{channel}”可以使用"
    try:
        send(channel, Message(by, words, f"{words}。", f"{words}。", f"test-{channel.pk}"))
    except NotDelivered as fault:
        raise Refused(f"没有发出：{fault}。请检查地址和密钥后再试。") from fault
    record("channel.tested", channel, by=by)


@transaction.atomic
def set_ladder(*, by: User, steps: Steps, source: str, campaign: Campaign | None = None) -> Ladder:
    """Give the user's region, or one of its campaigns, steps of its own, by the paper named in `source`."""
    region = check_keeps_channels(by)
    faults: dict[str, list[str]] = {}
    if not source.strip():
        faults["source"] = ["请写明依据的文件名称和文号。"]
    if not steps or len(steps) > MAX_STEPS:
        faults["steps"] = [f"请设置1至{MAX_STEPS}个台阶。"]
    if len({step.offset for step in steps}) < len(steps):
        faults["steps"] = ["有两个台阶在同一天，请合并。"]
    if any(abs(step.offset) > MAX_OFFSET or not step.audiences for step in steps):
        faults["steps"] = [f"每个台阶都要选择提醒谁，天数不超过{MAX_OFFSET}个工作日。"]
    if any(audience not in Audience for step in steps for audience in step.audiences):
        faults["steps"] = ["提醒对象无法识别，请重新选择。"]
    if campaign is not None and campaign.region_id != region.pk:
        raise NotAllowed("这是其他地区的专项行动。")
    if faults:
        raise Refused("请改正标出的内容后再保存。", code="invalid", fields=faults)
    values: dict[str, Any] = {"steps": as_stored(sorted(steps, key=lambda step: step.offset)), "source": source.strip()}
    ladder, _made = Ladder.objects.update_or_create(
        campaign=campaign, region=region, defaults=values, create_defaults={**values, "region": region}
    )
    record("ladder.set", ladder, by=by, after={"steps": "；".join(map(_in_words, steps)), "source": source.strip()})
    return ladder


@transaction.atomic
def clear_ladder(*, by: User, ladder: Ladder) -> None:
    """Go back to the region's steps, or to the default ones."""
    if ladder.region_id != check_keeps_channels(by).pk:
        raise NotAllowed("这是其他地区的提醒台阶。")
    record("ladder.cleared", ladder, by=by, before={"steps": "；".join(map(_in_words, ladder.as_steps))})
    ladder.delete()


def _check_complete(channel: Channel) -> None:
    if channel.kind == Channel.Kind.HOOK and not channel.address:
        raise Refused("请填写接收地址。", fields={"address": ["请填写接收地址。"]})
    if channel.kind == Channel.Kind.OTHER:
        fault = fault_of(channel.secret) if channel.secret else "请填写 Apprise 地址。"
        if fault:
            raise Refused(fault, fields={"secret": [fault]})
    elif channel.is_robot and not channel.secret:
        raise Refused("请填写机器人的密钥。", fields={"secret": ["请填写机器人的密钥。"]})


def _in_words(step: Any) -> str:
    return f"{step.label}→{step.audience_labels}"
