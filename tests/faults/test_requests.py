"""Requests that come twice, at once, or only in part: one answer, or none."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from quizapp.operation.server import PATIENCE, SILENCE
from tests.faults.client import Learner, hang_up
from tests.faults.conftest import assert_kept, assert_sound, stored
from tests.site import Site

pytestmark = pytest.mark.xdist_group("faults")


def test_the_same_answer_sent_at_once_is_one(site: Site, exam: str) -> None:
    """Twelve times the same request: each is told that it is saved, and there is one answer."""
    learner = Learner(site, exam).start()
    with ThreadPoolExecutor(12) as pool:
        for position in (1, 2, 3):
            fields = learner.fill(position)
            replies = list(pool.map(lambda _, place=position, sent=fields: learner.send(place, sent), range(12)))
            assert {reply.status for reply in replies} == {200}
            assert {reply.json["seq"] for reply in replies} == {1}
    assert assert_kept(site.database, learner.acknowledged) == 3


def test_different_answers_at_once_are_told_apart(site: Site, exam: str) -> None:
    """Of several tabs one is first; the others are shown what it said, and nothing of theirs is stored."""
    learner = Learner(site, exam).start()
    tabs = {tuple(learner.fill(1)) for _ in range(20)}
    with ThreadPoolExecutor(len(tabs)) as pool:
        replies = list(pool.map(lambda fields: learner.send(1, list(fields)), tabs))
    assert sorted(reply.status for reply in replies) == [200] + [409] * (len(tabs) - 1)
    said = learner.acknowledged[0].text
    assert {reply.json["theirs"] for reply in replies if reply.status == 409} <= {said}
    assert len(stored(site.database)) == 1


def test_quizzes_started_at_once_are_one_attempt(site: Site, exam: str) -> None:
    """A button pressed twice begins one attempt."""
    learner = Learner(site, exam).start()
    with ThreadPoolExecutor(8) as pool:
        started = pool.map(
            lambda _: learner.request("POST", f"/quizzes/{exam}/attempts", [("csrf_token", learner.token)]), range(8)
        )
        assert {reply.headers["Location"] for reply in started} == {learner.url(1)}


def test_who_hangs_up_leaves_nothing_half_written(site: Site, exam: str) -> None:
    """Half a request is no answer; a whole one whose sender is gone may be taken, and sent again counts once."""
    learner = Learner(site, exam).start()
    half, whole = learner.fill(1), learner.fill(2)
    for _ in range(5):
        hang_up(site, learner, 1, half, half=True)
    assert not stored(site.database)
    for _ in range(5):
        hang_up(site, learner, 2, whole, half=False)
    time.sleep(0.5)
    assert learner.send(2, whole).json["seq"] == 1
    assert learner.send(1, half).json["seq"] == 1
    assert assert_kept(site.database, learner.acknowledged) == 2
    assert_sound(site)


def test_slow_clients_don_t_stop_the_others(site: Site, exam: str) -> None:
    """Four who send half a request and wait leave room for the rest."""
    learner = Learner(site, exam).start()
    idle = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(4)]
    try:
        for one in idle:
            one.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        for position in (1, 2, 3):
            assert learner.send(position, learner.fill(position), timeout=5).status == 200
    finally:
        for one in idle:
            one.close()


def test_clients_that_stop_half_way_are_hung_up_on(site: Site, exam: str) -> None:
    """As many of them as the server has threads, in the head and in the body: others wait a little, and are served."""
    learner = Learner(site, exam).start()
    answer, threads = learner.fill(1), len(site.workers) * 4
    idle = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(threads)]
    try:
        for number, one in enumerate(idle):
            one.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n" + b"\r\nhalf" * (number % 2))
        time.sleep(0.5)
        assert learner.send(1, answer, timeout=SILENCE * 4).status == 200
        for one in idle:
            one.settimeout(SILENCE * 4)
            while one.recv(4096):
                pass  # a refusal may come first; then the end
    finally:
        for one in idle:
            one.close()
    assert "Traceback" not in site.log.read_text()


def test_clients_that_dribble_are_hung_up_on(site: Site, exam: str) -> None:
    """A byte a second, in the head and in the body: they keep a thread for a while, and not for ever."""
    learner = Learner(site, exam).start()
    answer = learner.fill(1)
    slow = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(4)]
    over = threading.Event()

    def dribble(one: socket.socket) -> None:
        try:
            while not over.wait(1):
                one.sendall(b"x")
        except OSError:
            return  # hung up on, as it should be

    clients = [threading.Thread(target=dribble, args=(one,)) for one in slow]
    try:
        for number, (one, client) in enumerate(zip(slow, clients, strict=True)):
            one.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n" + b"\r\nhalf" * (number % 2))
            client.start()
        assert learner.send(1, answer, timeout=PATIENCE * 2).status == 200
        for client in clients:
            client.join(PATIENCE * 2)
        assert not any(client.is_alive() for client in clients)
    finally:
        over.set()
        for one, client in zip(slow, clients, strict=True):
            one.close()
            client.join()
    assert "Traceback" not in site.log.read_text()
