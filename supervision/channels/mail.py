"""E-mail by the server that the settings name."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from common.outbox import NotDelivered
from supervision.channels.faults import silence_in_words
from supervision.messages import Message

PERMANENT = 500
"""SMTP replies from here on are for good (RFC 5321, 4.2.1)."""


def send(message: Message) -> None:
    """Send by SMTP. The Message-ID is the delivery's own in every attempt: mail servers drop a repeated one."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    headers = {"Message-ID": f"<{message.key}@{domain}>", "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(message.title, message.text, to=[message.to.email], headers=headers)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as fault:
        code = max((reply[0] for reply in fault.recipients.values()), default=PERMANENT)
        raise NotDelivered(f"邮件服务器不接受收件地址（{code}）", final=code >= PERMANENT) from fault
    except smtplib.SMTPAuthenticationError as fault:
        raise NotDelivered(f"邮件服务器拒绝登录（{fault.smtp_code}），请检查 EMAIL_URL", dead=True) from fault
    except smtplib.SMTPResponseException as fault:
        raise NotDelivered(f"邮件服务器拒绝（{fault.smtp_code}）", final=fault.smtp_code >= PERMANENT) from fault
    except (OSError, smtplib.SMTPException) as fault:
        raise NotDelivered(f"邮件服务器没有响应：{silence_in_words(fault)}", dead=True) from fault
