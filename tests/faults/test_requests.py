"""Requests that come twice, at once, or only in part: one answer, or none."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

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
