"""A client that sends bytes, whatever they mean."""

from __future__ import annotations

import socket
from dataclasses import dataclass


@dataclass
class Said:
    """A reply, byte by byte."""

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        return int(self.head[9:12])

    @property
    def headers(self) -> dict[str, str]:
        pairs = (line.decode("latin-1").split(": ", 1) for line in self.head.split(b"\r\n")[1:])
        return {name.lower(): value for name, value in pairs}


class Raw:
    """A connection. Reading ends with the reply's length, or with the connection where there is none."""

    def __init__(self, port: int, timeout: float = 20) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.data = b""

    def __enter__(self) -> Raw:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> Raw:
        self.socket.sendall(data)
        return self

    def more(self) -> bool:
        data = self.socket.recv(65_536)
        self.data += data
        return bool(data)

    def until(self, mark: bytes) -> bytes:
        while mark not in self.data:
            if not self.more():
                raise EOFError(self.data[-200:])
        part, _, self.data = self.data.partition(mark)
        return part

    def exactly(self, size: int) -> bytes:
        while len(self.data) < size:
            if not self.more():
                raise EOFError(self.data[-200:])
        part, self.data = self.data[:size], self.data[size:]
        return part

    def reply(self, method: str = "GET") -> Said:
        said = Said(self.until(b"\r\n\r\n"), b"")
        if "content-length" in said.headers and method != "HEAD":
            said.body = self.exactly(int(said.headers["content-length"]))
        elif "transfer-encoding" in said.headers:
            while size := int(self.until(b"\r\n"), 16):
                said.body += self.exactly(size)
                self.until(b"\r\n")
            self.until(b"\r\n")
        return said

    def rest(self) -> bytes:
        """Everything until the server closes. A reset raises."""
        while self.more():
            pass
        return self.data


def ask(port: int, data: bytes, method: str = "GET") -> Said:
    with Raw(port) as raw:
        return raw.send(data).reply(method)


def get(path: str, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


def post(path: str, body: bytes, *headers: str) -> bytes:
    return get(path, f"Content-Length: {len(body)}", *headers, method="POST") + body


def chunked(path: str, *parts: bytes) -> bytes:
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts if part)
    return get(path, "Transfer-Encoding: chunked", method="POST") + body + b"0\r\n\r\n"
