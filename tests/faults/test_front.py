"""What our server does with requests, beside what gunicorn's own worker of threads does, byte by byte."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from quizapp.web.bodies import MAX_UPLOAD
from tests.faults.echo import EchoSite
from tests.faults.raw import Raw, ask, chunked, get, post

pytestmark = pytest.mark.xdist_group("front")

REQUESTS = [
    get("/"),
    get("/a%20b/%EC%88%98?x=1&y=%2F"),
    get("//two//slashes"),
    get("http://other/absolute?x"),
    get("/", "Connection: close"),
    get("/", "Accept: a", "Accept: b", "Cookie: a=1", "Cookie: b=2", "X-Latin: \xe9"),
    get("/", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https", "X-Forwarded-Host: y", "Forwarded: for=1"),
    get("/", "X_Forwarded_For: 1", "Script_Name: /x", "Proxy: http://x"),
    get("/", "Keep-Alive: 5", "TE: trailers", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings"),
    get("/", method="HEAD"),
    get("/", method="OPTIONS"),
    get("*", method="OPTIONS"),
    get("/empty"),
    b"GET / HTTP/1.0\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n",
    post("/", b"a=1", "Content-Type: application/x-www-form-urlencoded"),
    post("/", b""),
    post("/", bytes(range(256)), "Content-Type: text/plain; charset=utf-8"),
    chunked("/", b"one", b"two"),
]

IN_CHUNKS = get("/body", "Transfer-Encoding: chunked", method="POST")
REFUSED = {
    "length and chunks": post("/", b"0\r\n\r\n", "Transfer-Encoding: chunked"),
    "two lengths": get("/", "Content-Length: 5", "Content-Length: 3", method="POST") + b"hello",
    "the same length twice": get("/", "Content-Length: 5", "Content-Length: 5", method="POST") + b"hello",
    "a list of lengths": get("/", "Content-Length: 5, 5", method="POST") + b"hello",
    "a length with a sign": get("/", "Content-Length: +5", method="POST") + b"hello",
    "chunked twice": get("/", "Transfer-Encoding: chunked, chunked", method="POST") + b"0\r\n\r\n",
    "chunked and then not": get("/", "Transfer-Encoding: chunked, gzip", method="POST") + b"0\r\n\r\n",
    "a coding with a tab in its name": get("/", "Transfer-Encoding\t: chunked", method="POST") + b"0\r\n\r\n",
    "an unknown coding": get("/", "Transfer-Encoding: xchunked", method="POST") + b"0\r\n\r\n",
    "chunks in HTTP/1.0": chunked("/", b"x").replace(b"HTTP/1.1", b"HTTP/1.0"),
    "bare line feeds": b"GET / HTTP/1.1\nHost: x\n\n",
    "a bare line feed in a header": b"GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n",
    "a bare return in a header": b"GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n",
    "NUL in a header": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
    "NUL in the address": b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "two hosts": get("/", "Host: y"),
    "no version": b"GET /\r\n\r\n",
    "another version": b"GET / HTTP/3.0\r\nHost: x\r\n\r\n",
    "no address": b"GET  HTTP/1.1\r\nHost: x\r\n\r\n",
    "noise": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a long address": get("/" + "x" * 5000),
    "a long header": get("/", "X: " + "x" * 9000),
    "many headers": get("/", *["X: y"] * 200),
    "a head without end": b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 70_000,
    "a chunk's size with a sign": IN_CHUNKS + b"+5\r\nhello\r\n0\r\n\r\n",
    "a chunk that is longer": IN_CHUNKS + b"3\r\nhello\r\n0\r\n\r\n",
    "a bare line feed in chunks": IN_CHUNKS + b"5\nhello\n0\n\n",
    "a forbidden trailer": IN_CHUNKS + b"0\r\nHost: y\r\n\r\n",
}  # fmt: skip


OTHER_THAN_400 = {
    "a long address": 414,
    "a long header": 431,
    "many headers": 431,
    "a head without end": 431,
    "an unknown coding": 501,
}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EchoSite]:
    site = EchoSite(tmp_path_factory.mktemp("ours"))
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EchoSite]:
    site = EchoSite(tmp_path_factory.mktemp("theirs"), "gthread")
    site.start()
    yield site
    site.stop()


@pytest.mark.parametrize("request_", REQUESTS, ids=range(len(REQUESTS)))
def test_the_application_sees_what_gunicorn_shows_it(ours: EchoSite, theirs: EchoSite, request_: bytes) -> None:
    mine, other = (ask(site.port, request_, request_.split()[0].decode()) for site in (ours, theirs))
    assert mine.status == other.status
    assert {**mine.headers, "date": ""} == {**other.headers, "date": ""}
    assert mine.body == other.body
    if mine.status == 200 and mine.body:
        assert json.loads(mine.body)["wsgi.input"] == "Body"


@pytest.mark.parametrize("shape", REFUSED)
def test_what_could_mean_two_things_is_refused(ours: EchoSite, shape: str) -> None:
    """And the connection ends there: what follows is no request."""
    with Raw(ours.port) as raw:
        reply = raw.send(REFUSED[shape] + get("/second")).reply()
        assert reply.status == OTHER_THAN_400.get(shape, 400)
        assert reply.headers["connection"] == "close"
        assert raw.rest() == b""


@pytest.mark.parametrize("part", [b"x", b"x" * 100])
def test_a_body_in_crumbs_is_refused_before_it_is_taken_apart(ours: EchoSite, part: bytes) -> None:
    """Each chunk costs the loop time, in which it does nothing else; what others send arrives."""
    with Raw(ours.port) as raw:
        raw.send(chunked("/body", *[part] * 200_000))
        assert raw.reply().status == 400
    assert ask(ours.port, chunked("/body", *[b"x"] * 900)).status == 200
    assert ask(ours.port, chunked("/body", *[b"x" * 600] * 5_000)).status == 200


def test_bodies_arrive_as_they_were_sent(ours: EchoSite) -> None:
    """Small and large, with a length and in chunks, in pieces of any size."""
    chance = random.Random(7)
    for size in (0, 1, 1000, 200_000, 5_000_000):
        body = chance.randbytes(size)
        parts = [body[place : place + 77_777] for place in range(0, size, 77_777)]
        for data in (post("/body", body), chunked("/body", *parts)):
            with Raw(ours.port) as raw:
                place = 0
                while place < len(data):
                    step = chance.choice([1, 10, 1000, 100_000, 1_000_000])
                    raw.send(data[place : place + step])
                    place += step
                assert raw.reply().body.decode() == f"{size} {hashlib.sha256(body).hexdigest()}"


def test_requests_in_a_row_are_answered_in_their_order(ours: EchoSite) -> None:
    """Sent at once, with bodies in between; the last says that it is the last."""
    with Raw(ours.port) as raw:
        bodies = [b"x" * size for size in range(20)]
        raw.send(b"".join(post("/body", one) if len(one) % 2 else chunked("/body", one) for one in bodies))
        raw.send(get("/body", "Connection: close") + get("/never"))
        assert [raw.reply().body.split()[0] for _ in range(20)] == [b"%d" % size for size in range(20)]
        assert raw.reply().headers["connection"] == "close"
        assert raw.rest() == b""


def test_who_asks_first_is_told_to_go_on(ours: EchoSite) -> None:
    with Raw(ours.port) as raw:
        raw.send(get("/body", "Content-Length: 5", "Expect: 100-continue", method="POST"))
        assert raw.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue"
        assert raw.send(b"hello").reply().body.startswith(b"5 ")
        raw.send(post("/body", b"hello", "Expect: 100-continue"))
        assert raw.reply().status == 200, "it hasn't waited, so nothing is said"
        raw.send(get("/unread", f"Content-Length: {MAX_UPLOAD + 1}", "Expect: 100-continue", method="POST"))
        assert raw.reply().status == 413


def test_who_sends_too_much_reads_why(ours: EchoSite) -> None:
    """The reply comes at once, and whoever goes on sending before they read it can still read it."""
    for head in (f"Content-Length: {MAX_UPLOAD + 1}", "Transfer-Encoding: chunked"):
        with Raw(ours.port, timeout=60) as raw:
            raw.send(get("/unread", head, method="POST"))
            piece = bytes(1_000_000)
            for _ in range(MAX_UPLOAD // len(piece) + 2):
                raw.send((b"%x\r\n%s\r\n" % (len(piece), piece)) if "chunked" in head else piece)
            assert raw.reply().status == 413
            assert raw.rest() == b""


def test_lines_arrive_as_they_are_made(ours: EchoSite) -> None:
    with Raw(ours.port) as raw:
        raw.send(get("/lines?number=4")).until(b"\r\n\r\n")
        came = []
        for _ in range(4):
            raw.until(b"\n\r\n")
            came.append(time.monotonic())
        assert all(later - earlier > 0.2 for earlier, later in pairwise(came))


def test_a_reply_that_fails_half_way_is_seen_to_be_half(ours: EchoSite) -> None:
    with Raw(ours.port) as raw:
        assert raw.send(get("/half")).rest().endswith(b"4\r\nhalf\r\n")


def test_what_nobody_takes_yet_waits_on_the_disk(ours: EchoSite) -> None:
    """Ten replies of 20 MB to clients who don't read: threads are free at once, and memory stays where it was."""
    size = 20_000_000
    clients = [Raw(ours.port) for _ in range(10)]
    before = memory(ours)
    for one in clients:
        one.send(get(f"/large?number={size}"))
    began = time.monotonic()
    assert ask(ours.port, get("/healthz")).status == 200
    assert time.monotonic() - began < 5
    time.sleep(2)
    assert memory(ours) - before < 40, "megabytes"
    for one in clients:
        assert len(one.reply().body) == size
        one.socket.close()


def memory(site: EchoSite) -> float:
    """Megabytes that the workers have to themselves."""
    lines = [line for pid in site.workers for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty")) / 1024


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_request_that_never_ends_costs_its_worker_only(tmp_path: Path) -> None:
    """The others of that worker are answered, and a new one comes."""
    site = EchoSite(tmp_path, timeout=4)
    site.start()
    try:
        until(lambda: len(site.workers) == 2)
        old = site.workers
        with Raw(site.port) as stuck, ThreadPoolExecutor(4) as pool:
            stuck.send(get("/slow?number=600"))
            time.sleep(1.5)
            others = [pool.submit(ask, site.port, get("/slow?number=2")) for _ in range(4)]
            assert [one.result().body for one in others] == [b"done"] * 4
            assert stuck.rest() == b""
        until(lambda: len(site.workers) == 2 and set(old) != set(site.workers))
        assert len(set(old) & set(site.workers)) == 1
        assert "stuck, so this worker is replaced: GET /slow" in site.log.read_text()
    finally:
        site.stop()


def test_workers_that_have_done_their_share_are_replaced_unnoticed(tmp_path: Path) -> None:
    site = EchoSite(tmp_path, max_requests=40, max_requests_jitter=0)
    site.start()

    def go_on(_number: int) -> None:
        raw = Raw(site.port)
        for _ in range(60):
            reply = raw.send(get("/healthz")).reply()
            assert reply.status == 200
            if reply.headers["connection"] == "close":
                raw.socket.close()
                raw = Raw(site.port)
        raw.socket.close()

    try:
        old = site.workers
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(go_on, range(8)))
        assert not set(old) & set(site.workers)
    finally:
        site.stop()


def test_a_stop_answers_what_has_come(tmp_path: Path) -> None:
    """Requests under way, half sent, or sent on a connection that was idle; the idle ones are closed. None is reset."""
    site = EchoSite(tmp_path)
    site.start()
    fresh, kept, busy, half = ([Raw(site.port) for _ in range(8)] for _ in range(4))
    for one in kept:
        assert one.send(get("/healthz")).reply().headers["connection"] == "keep-alive"
    for one in busy:
        one.send(get("/slow?number=2"))
    for one in half:
        one.send(post("/body", b"hello")[:-1])
    time.sleep(0.5)
    last = [Raw(site.port).send(get("/healthz")) for _ in range(50)]  # no worker may have seen them yet
    os.kill(site.pid, signal.SIGTERM)
    time.sleep(0.5)
    for one in half:
        one.send(b"o")
    for one in kept[:4]:
        one.send(get("/healthz"))
    for one in [*half, *kept[:4], *last, *busy]:
        reply = one.reply()
        assert (reply.status, reply.headers["connection"]) in {(200, "close"), (200, "keep-alive")}
    for one in [*fresh, *kept, *busy, *half, *last]:
        assert one.rest() == b""
        one.socket.close()
    assert site.process is not None
    assert site.process.wait(10) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", site.port))
