"""The ways out. Each module sends one message by one kind of channel, or says why it did not arrive.

What was wrong is read from the answer itself: the robots of the three chat services answer 200 to a wrong key, too.
"""

from __future__ import annotations

from supervision.channels import mail, other, robots, web
from supervision.messages import Message
from supervision.models import Channel

__all__ = ["send"]


def send(channel: Channel, message: Message) -> None:
    """Send one message; returns when the other side has taken it, raises NotDelivered otherwise."""
    if channel.kind == Channel.Kind.EMAIL:
        mail.send(message)
    elif channel.kind == Channel.Kind.HOOK:
        web.send(channel, message)
    elif channel.kind == Channel.Kind.OTHER:
        other.send(channel.secret, message, personal=not channel.is_robot)
    else:
        robots.send(channel, message)
