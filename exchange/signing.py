"""How a message to another system is signed, so that its reader knows who wrote it and that it is not an old one.

As the specification Standard Webhooks 1.0.0 has it, for which most languages have a library: `webhook-id` stays the
same in every attempt, `webhook-timestamp` is that of the attempt in seconds since 1970, and `webhook-signature` is
`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. Readers refuse a timestamp more than five minutes off.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets

PREFIX = "whsec_"
BYTES = 32
LEAST, MOST = 24, 64
"""How many bytes a secret may have, by the specification."""


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def is_secret(text: str) -> bool:
    """Whether a text is a secret as the specification writes it."""
    try:
        return text.startswith(PREFIX) and LEAST <= len(base64.b64decode(text[len(PREFIX) :], validate=True)) <= MOST
    except (binascii.Error, ValueError):
        return False


def sign(secret: str, key: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt."""
    signed = f"{key}.{timestamp}.".encode() + body
    digest = hmac.digest(base64.b64decode(secret[len(PREFIX) :]), signed, "sha256")
    return {
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
