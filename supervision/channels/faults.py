"""Why another side did not answer."""

import socket
import ssl


def silence_in_words(fault: Exception) -> str:
    """Why the other side did not answer, in words for an administrator."""
    words = (
        (socket.gaierror, "找不到这个主机名"),
        (ssl.SSLError, "对方的证书有误"),
        (TimeoutError, "等待超时"),
        (ConnectionRefusedError, "对方拒绝连接"),
    )
    return next((text for kind, text in words if isinstance(fault, kind)), type(fault).__name__)
