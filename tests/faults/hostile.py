"""Clients who keep a server waiting for as long as they can, and come back when they are hung up on."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from tests.faults.raw import Raw, get

LARGE = "/bootstrap/static/bootstrap5/css/bootstrap.min.css.map"
Act = Callable[[socket.socket], object]


def read_slowly(one: socket.socket) -> None:
    time.sleep(2)
    if not one.recv(4096):
        raise ConnectionResetError


def dribble(one: socket.socket) -> None:
    time.sleep(1)
    one.sendall(b"x")


def idle(one: socket.socket) -> None:
    if select.select([one], [], [], 1)[0] and not one.recv(4096):
        raise ConnectionResetError


WAYS: tuple[tuple[int, bytes, Act], ...] = (
    (8, get(LARGE, "Accept-Encoding: identity") * 20, read_slowly),
    (64, b"GET / HTTP/1.1\r\nHost: x\r\nX: ", dribble),
    (64, b"", idle),
    (16, get("/login", "Content-Length: 100000", method="POST"), dribble),
)
"""How many, what they send at first, and what they do then."""


@contextmanager
def attack(port: int) -> Iterator[None]:
    """All of them at once, while the block lasts."""
    over = threading.Event()

    def go_on(first: bytes, act: Act) -> None:
        while not over.is_set():
            with suppress(OSError), Raw(port, timeout=5) as one:
                one.send(first)
                while not over.is_set():
                    act(one.socket)

    with ExitStack() as stack:
        stack.callback(over.set)
        for count, first, act in WAYS:
            for _ in range(count):
                thread = threading.Thread(target=go_on, args=(first, act), daemon=True)
                thread.start()
                stack.callback(thread.join)
        stack.callback(over.set)  # before they are waited for
        yield
