"""Why a message did not arrive."""

import socket
import ssl


class NotDelivered(Exception):
    """The message did not arrive; the text is for the administrator and holds no secret.

    `final` is set where another attempt would fare no better, such as an address that does not exist. `dead` is set
    where the channel itself does not answer, so that others need not wait for it as well.
    """

    def __init__(self, words: str, *, final: bool = False, dead: bool = False) -> None:
        super().__init__(words)
        self.final = final
        self.dead = dead


def silence_in_words(fault: Exception) -> str:
    """Why the other side did not answer, in words for an administrator."""
    words = (
        (socket.gaierror, "找不到这个主机名"),
        (ssl.SSLError, "对方的证书有误"),
        (TimeoutError, "等待超时"),
        (ConnectionRefusedError, "对方拒绝连接"),
    )
    return next((text for kind, text in words if isinstance(fault, kind)), type(fault).__name__)
