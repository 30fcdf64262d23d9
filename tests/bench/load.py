"""Load from one process: raw sockets and ready-made requests, so that the client costs little beside the server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass
class Reply:
    status: int
    headers: bytes
    body: bytes

    def header(self, name: str) -> str:
        for line in self.headers.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.lower() == name.lower().encode():
                return value.strip().decode()
        return ""


RENEWED = 10
"""Requests for which a connection is kept. It stays with the worker that took it, and a few that are kept for long can
all be one worker's, which would measure that worker alone."""


class Connection:
    """One browser's connection, kept alive for a while. `cookies` are sent and kept like a browser's."""

    def __init__(self, port: int, cookies: str = "") -> None:
        self.port, self.cookies, self.asked = port, cookies, 0
        self.socket: socket.socket | None = None

    def ask(self, method: str, path: str, body: str = "", accept: str = "text/html") -> Reply:
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {accept}", "Accept-Language: ko"]
        if self.cookies:
            lines.append(f"Cookie: {self.cookies}")
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body.encode())}"]
        message = ("\r\n".join(lines) + "\r\n\r\n" + body).encode()
        try:
            reply = self.exchange(message)
        except (ConnectionError, TimeoutError):
            self.close()  # the server closes what was idle for long; a fresh connection is asked once
            reply = self.exchange(message)
        if cookie := reply.header("Set-Cookie"):
            self.cookies = cookie.split(";")[0]
        return reply

    def exchange(self, message: bytes) -> Reply:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(message)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.receive()
        head, _, body = data.partition(b"\r\n\r\n")
        reply = Reply(int(head[9:12]), head, body)
        length = int(reply.header("Content-Length") or 0)
        while len(reply.body) < length:
            reply.body += self.receive()
        self.asked += 1
        if self.asked % RENEWED == 0 or reply.header("Connection").lower() == "close":
            self.close()
        return reply

    def receive(self) -> bytes:
        assert self.socket is not None
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionResetError
        return chunk

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


@dataclass
class Measured:
    """What a round of load has shown. Latencies in seconds; `processor`: seconds that the server's processes worked."""

    seconds: float = 0.0
    processor: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def cost(self) -> float:
        """Milliseconds of the processor for a request."""
        return 1000 * self.processor / len(self.latencies) if self.latencies else 0.0

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that this share of the requests keeps within."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    def add(self, other: Measured) -> None:
        self.seconds += other.seconds
        self.processor += other.processor
        self.latencies += other.latencies
        self.errors += other.errors


def drive(steps: Sequence[Callable[[], Reply]], seconds: float) -> Measured:
    """Let each step go on in a thread of its own for so long; a reply that isn't 200 is an error."""
    found, end = Measured(), time.perf_counter() + seconds

    def go_on(step: Callable[[], Reply]) -> None:
        while time.perf_counter() < end:
            began = time.perf_counter()
            reply = step()
            found.latencies.append(time.perf_counter() - began)
            if reply.status != 200:
                found.errors.append(f"{reply.status} {reply.body[:200]!r}")

    began = time.perf_counter()
    threads = [threading.Thread(target=go_on, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.perf_counter() - began
    return found
