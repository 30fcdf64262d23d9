"""Clients who keep the server waiting, all at once: the others don't notice, and in the end they are hung up on."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from quizapp.operation.front.connection import IDLE
from tests.faults.client import Load
from tests.faults.conftest import assert_kept
from tests.faults.echo import EchoSite
from tests.faults.hostile import Act, attack, dribble
from tests.faults.raw import Raw, ask, get, post
from tests.site import Site

pytestmark = pytest.mark.xdist_group("front")


def silent(_one: socket.socket) -> None:
    time.sleep(1)


@contextmanager
def waiting(count: int, port: int, first: bytes, act: Act) -> Iterator[list[Raw]]:
    """So many clients who send this, and then do that until they are hung up on."""
    clients, over = [Raw(port, timeout=60) for _ in range(count)], threading.Event()

    def go_on(one: Raw) -> None:
        try:
            one.send(first)
            while not over.wait(0.1):
                act(one.socket)
        except OSError:
            return  # hung up on, as it may be

    threads = [threading.Thread(target=go_on, args=(one,), daemon=True) for one in clients]
    for one in threads:
        one.start()
    try:
        yield clients
    finally:
        over.set()
        for client in clients:
            client.socket.close()


def test_learners_don_t_notice(site: Site, exam: str) -> None:
    waits: list[float] = []
    with attack(site.port), Load(site, exam, 10) as load:
        time.sleep(1)
        for _ in range(10):
            began = time.monotonic()
            assert ask(site.port, get("/healthz", "Connection: close")).status == 200
            waits.append(time.monotonic() - began)
            time.sleep(0.3)
        load.wait_for(50)
    assert sorted(waits)[len(waits) // 2] < 1, waits
    assert max(waits) < 5, waits
    assert not load.failures
    assert_kept(site.database, load.acknowledged)
    assert "Traceback" not in site.log.read_text()


def until_the_end(one: Raw) -> bytes:
    """What it is told; being reset is an end too."""
    with suppress(ConnectionResetError):
        one.rest()
    return one.data


def test_who_keeps_us_waiting_is_let_go(tmp_path: Path) -> None:
    """In the head, in the body, between requests: told what was wrong where that makes sense."""
    site = EchoSite(tmp_path, SENDING=6)
    site.start()
    try:
        with ExitStack() as stack:
            ways = [
                (b"", silent, (IDLE.patience, b"")),
                (get("/healthz"), silent, (IDLE.patience, b"HTTP/1.1 200 OK")),
                (b"GET / HT", silent, (6, b"HTTP/1.1 408 Request Timeout")),
                (b"GET / HT", dribble, (6, b"HTTP/1.1 408 Request Timeout")),
                (post("/body", bytes(100))[:-50], silent, (6, b"HTTP/1.1 408 Request Timeout")),
                (get("/body", "Content-Length: 9999", method="POST"), dribble,
                 (6, b"HTTP/1.1 408 Request Timeout")),
            ]  # fmt: skip
            clients = [stack.enter_context(waiting(1, site.port, first, act))[0] for first, act, _ in ways]
            for client, (_first, _act, (patience, said)) in zip(clients, ways, strict=True):
                began = time.monotonic()
                assert client.rest().partition(b"\r\n")[0] == said
                assert time.monotonic() - began < patience + 5
        assert "Traceback" not in site.log.read_text()
    finally:
        site.stop()


def test_who_takes_nothing_of_a_reply_is_let_go(tmp_path: Path) -> None:
    """Whoever reads slowly, but reads, may; a reply that isn't taken at all has its end."""
    site = EchoSite(tmp_path, TAKING=6)
    site.start()
    large, size = get("/large?number=30000000", "Connection: close"), 30_000_000
    try:
        with Raw(site.port, timeout=60) as nothing, Raw(site.port, timeout=60) as slow:
            nothing.send(large)
            slow.send(large)
            began, read = time.monotonic(), 0
            while time.monotonic() - began < 12:
                time.sleep(1)
                read += len(slow.exactly(100_000))
            assert len(until_the_end(nothing)) < size / 2
            assert read + len(slow.rest()) > size
    finally:
        site.stop()


def test_full_is_for_those_who_do_nothing(tmp_path: Path) -> None:
    """With room for twenty a worker, two hundred idle ones make place for whoever asks for something."""
    site = EchoSite(tmp_path, worker_connections=20)
    site.start()
    try:
        with waiting(200, site.port, b"GET / HT", dribble), Raw(site.port) as busy:
            busy.send(get("/slow?number=3"))
            for _ in range(20):
                assert ask(site.port, get("/healthz", "Connection: close")).status == 200
            assert busy.reply().body == b"done"
    finally:
        site.stop()
