"""What stands at the other end of an exchange line: another system's server on loopback, which keeps its own book."""

from __future__ import annotations

import base64
import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Peer(ThreadingHTTPServer):
    """Takes portions, each once by its `Idempotency-Key`, and gives out records, two a page.

    `book` is what it holds, by noun and number. It refuses records whose `refuses` field is set, answers `status` where
    that is set, and with `fails_after_taking` writes into its book and then answers 500 so many times.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.asked: list[dict[str, Any]] = []
        self.book: dict[tuple[str, str], dict[str, Any]] = {}
        self.writes = 0
        self.answered: dict[str, dict[str, Any]] = {}
        self.refuses: set[str] = set()
        self.status = 200
        self.fails_after_taking = 0
        self.tells_counts = True
        self.offers: list[dict[str, Any]] = []
        self.answer: Any = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/in?of=county"

    def take(self, key: str, body: dict[str, Any]) -> dict[str, Any]:
        if key in self.answered:
            return self.answered[key]
        taken, unchanged, refused = 0, 0, []
        for one in body["records"]:
            place = (one["noun"], one["id"])
            if one.get("gone"):
                taken += self.book.pop(place, None) is not None
            elif one["id"] in self.refuses:
                refused.append({"noun": one["noun"], "id": one["id"], "detail": "没有这座矿山"})
            elif self.book.get(place) == one["record"]:
                unchanged += 1
            else:
                self.book[place] = one["record"]
                self.writes += 1
                taken += 1
        number = f"省回〔2026〕{len(self.answered) + 1}号"
        self.answered[key] = {"number": number, "taken": taken, "unchanged": unchanged, "refused": refused}
        return self.answered[key]

    def give(self, after: str) -> dict[str, Any]:
        start = int(after or 0)
        page = self.offers[start : start + 2]
        end = start + len(page)
        return {"results": page, "next": str(end), "more": end < len(self.offers)}


class _Talk(BaseHTTPRequestHandler):
    server: Peer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.note("POST", raw)
        digest = base64.b64encode(hashlib.sha256(raw).digest()).decode()
        assert self.headers["Content-Digest"] == f"sha-256=:{digest}:"
        if self.server.status != 200:
            return self.say(self.server.status, {})
        told = self.server.take(self.headers["Idempotency-Key"], json.loads(raw))
        if self.server.fails_after_taking:
            self.server.fails_after_taking -= 1
            return self.say(500, {})
        return self.say(200, told if self.server.tells_counts else None)

    def do_GET(self) -> None:
        self.note("GET", b"")
        after = parse_qs(urlsplit(self.path).query).get("after", [""])[0]
        self.say(self.server.status, self.server.give(after) if self.server.answer is None else self.server.answer)

    def note(self, method: str, raw: bytes) -> None:
        self.server.asked.append({"method": method, "path": self.path, "headers": dict(self.headers), "raw": raw})

    def say(self, status: int, body: Any) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a test's output is no access log."""
