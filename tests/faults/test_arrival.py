"""Requests in pieces, and requests that mean two things: each is taken for what gunicorn's parser takes it for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.http.parser import RequestParser
from hypothesis import given
from hypothesis import strategies as some

from quizapp.operation.front import arrival as arrivals
from quizapp.operation.front import spool as spools
from quizapp.operation.front.arrival import Arrival, RequestRefused
from quizapp.operation.front.spool import DISK, Full, Spool
from tests.faults.raw import chunked, get, post

CLIENT = ("192.0.2.1", 40_000)
NEXT = get("/next")
PIECES = (b"POST /a HTTP/1.1\r\n", b"Host: x\r\n", b"Content-Length: 5\r\n", b"Content-Length: 3\r\n",
          b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: identity\r\n", b"Transfer-Encoding : chunked\r\n",
          b"X: y\n", b" folded\r\n", b"X: \x00\r\n", b"\r\n", b"\n", b"\r", b"5\r\nhello\r\n", b"3;a=b\r\nabc\r\n",
          b"0\r\n", b"0;x\r\n\r\n", b"+5\r\nhello\r\n", b"0x5\r\nhello\r\n", b"5 \r\nhello\r\n", b"5\nhello\r\n",
          b"hello", b"000000000000000000005\r\nhello\r\n", b"T: railer\r\n", b"ffffffffffffffff\r\n", NEXT)  # fmt: skip


OPEN: list[Arrival] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_all()


def close_all() -> None:
    while OPEN:
        OPEN.pop().close()


def fed(pieces: Sequence[bytes]) -> tuple[Arrival, bytes | None]:
    """An arrival, and what was left over of the bytes; None if it isn't whole."""
    arrival, left = Arrival(Config(), CLIENT, 1), None
    OPEN.append(arrival)
    for place, piece in enumerate(pieces):
        left = arrival.feed(piece)
        if left is not None:
            return arrival, left + b"".join(pieces[place + 1 :])
    return arrival, left


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[begin:end] for begin, end in pairwise(ends)]


@given(some.lists(some.binary(max_size=300), max_size=6), some.booleans(), some.lists(some.integers(0, 3000)))
def test_the_body_is_what_was_sent(parts: list[bytes], in_chunks: bool, places: list[int]) -> None:
    body = b"".join(parts)
    data = chunked("/a", *parts) if in_chunks else post("/a", body)
    arrival, left = fed(cut(data + NEXT, places))
    assert left == NEXT
    assert arrival.request.body.read() == body


@given(some.lists(some.binary(max_size=50), max_size=3), some.booleans())
def test_nothing_is_whole_before_its_last_byte(parts: list[bytes], in_chunks: bool) -> None:
    data = chunked("/a", *parts) if in_chunks else post("/a", b"".join(parts))
    assert fed([data[:-1]])[1] is None
    assert fed([data])[1] == b""


@given(some.lists(some.sampled_from(PIECES), max_size=9), some.lists(some.integers(0, 400)))
def test_what_is_taken_is_what_the_parser_takes(pieces: list[bytes], places: list[int]) -> None:
    """A request that is accepted has the body and the end that gunicorn gives it, however it was cut."""
    data = b"POST /a HTTP/1.1\r\nHost: x\r\n" + b"".join(pieces)
    try:
        arrival, left = fed(cut(data, places))
    except (RequestRefused, ParseException):
        return
    if left is None:
        return
    parser: Any = RequestParser(Config(), iter([data]), CLIENT)
    request = next(parser)
    assert arrival.request.headers == request.headers
    assert arrival.request.body.read() == request.body.read()
    assert left == parser.unreader.take_buffered()


def test_what_the_parser_takes_is_taken() -> None:
    """The examples of the test above aren't all refusals."""
    for data in (
        chunked("/a", b"hello", b"abc"),
        get("/a", "Transfer-Encoding: chunked", method="POST") + b"3;a=b\r\nabc\r\n00\r\nT: railer\r\n\r\n",
        b"\r\n" + get("/a"),
    ):
        arrival, left = fed([bytes([one]) for one in data + NEXT])
        assert left == NEXT
        assert arrival.request.path == "/a"


@pytest.mark.parametrize(
    "body", [b"5 \r\nhello\r\n0\r\n\r\n", b"5\r\nhelloXX0\r\n\r\n", b"0\r\nT: a\n\r\n", b"x\r\n", b"-1\r\n\r\n",
             b"5;" + b"x" * 5000 + b"\r\nhello\r\n0\r\n\r\n", b"0\r\n" + b"T: a\r\n" * 20_000],
)  # fmt: skip
def test_broken_chunks_are_refused_before_the_application_runs(body: bytes) -> None:
    with pytest.raises((RequestRefused, ParseException, NoMoreData)):
        fed([get("/a", "Transfer-Encoding: chunked", method="POST") + body])


def test_a_body_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """One whose length is known is the application's to refuse, and isn't waited for; one in chunks ends."""
    monkeypatch.setattr(arrivals, "LARGEST", 1000)
    arrival, left = fed([post("/a", bytes(1001))])
    assert left == bytes(1001)
    assert arrival.request.body.read() == b""
    assert arrival.request.should_close()
    with pytest.raises(RequestRefused, match="Too Large"):
        fed([chunked("/a", *[bytes(100)] * 20)])


def test_a_large_body_is_on_the_disk_and_its_share_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, body = DISK.taken, bytes(range(256)) * 4096
    arrival, _left = fed(cut(post("/a", body), range(0, len(body), 50_000)))
    assert arrival.body.file._rolled  # type: ignore[union-attr]
    assert DISK.taken - taken == len(body) - spools.IN_MEMORY
    monkeypatch.setattr(DISK, "most", DISK.taken + 10)
    with pytest.raises(Full):
        fed([post("/a", body)])
    assert hashlib.sha256(arrival.request.body.read()).digest() == hashlib.sha256(body).digest()
    close_all()
    assert DISK.taken == taken


@given(some.lists(some.tuples(some.binary(max_size=200_000), some.integers(0, 300_000)), max_size=6))
def test_a_spool_is_a_queue(steps: list[tuple[bytes, int]]) -> None:
    spool, model, taken = Spool(), b"", DISK.taken
    for data, size in steps:
        spool.put(data)
        model += data
        assert spool.peek(size) == model[:size]
        spool.skip(len(model[:size]))
        model = model[size:]
        assert len(spool) == len(model)
    assert spool.read(10**7) == model
    spool.close()
    assert DISK.taken == taken
