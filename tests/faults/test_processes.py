"""Processes that die or are replaced while twenty learners answer: what was acknowledged stays, and only once."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.faults.client import Learner, Load
from tests.faults.conftest import assert_kept, assert_sound
from tests.site import Site

pytestmark = pytest.mark.xdist_group("faults")


def test_everything_is_killed(site: Site, exam: str) -> None:
    """kill -9 for the server and its workers, twice. Who got no reply sends again, and it counts once."""
    with Load(site, exam) as load:
        for _ in range(2):
            load.wait_for(60)
            site.kill()
            before = load.acknowledged
            assert_kept(site.database, before)
            site.start()
        load.wait_for(60)
    assert load.failures, "the server was gone for a while"
    different = {(one.attempt, one.position, one.seq) for one in load.acknowledged}
    in_doubt = len(load.learners)  # at most one answer each was on its way at the end
    assert len(different) <= assert_kept(site.database, load.acknowledged) <= len(different) + in_doubt
    assert_sound(site)


def test_one_worker_is_killed(site: Site, exam: str) -> None:
    """The other one goes on, and the dead one is replaced."""
    with Load(site, exam) as load:
        load.wait_for(30)
        dead = site.workers[0]
        os.kill(dead, signal.SIGKILL)
        load.wait_for(60)
        end = time.monotonic() + 10
        while len(site.workers) < 2 or dead in site.workers:
            assert time.monotonic() < end, "no new worker"
            time.sleep(0.05)
        load.wait_for(30)
    assert_kept(site.database, load.acknowledged)
    assert_sound(site)


def test_workers_are_replaced_gracefully(site: Site, exam: str) -> None:
    """SIGHUP: new workers come, the old ones finish what they have; nobody is turned away."""
    with Load(site, exam) as load:
        load.wait_for(30)
        old = site.workers
        os.kill(site.pid, signal.SIGHUP)
        end = time.monotonic() + 20
        while set(old) & set(site.workers) or len(site.workers) < 2:
            assert time.monotonic() < end, "the old workers stay"
            time.sleep(0.05)
        load.wait_for(60)
    assert not load.failures, load.failures[:3]
    assert_kept(site.database, load.acknowledged)


def test_a_stop_finishes_what_has_begun(site: Site, exam: str) -> None:
    """SIGTERM while a hundred answer: whoever was connected gets a reply, what was acknowledged is there, and it ends.
    Of those who come while it closes, the kernel refuses some and resets some: it has no way to close a door softly."""
    with Load(site, exam, 100) as load:
        load.wait_for(100, 60)
        began = time.monotonic()
        site.stop()
        assert time.monotonic() - began < 20
        assert site.process is not None
        assert site.process.returncode == 0
        load.over.set()
    assert [one for one in load.failures if one.connected_at < began] == []
    kinds = {one.error.partition("(")[0] for one in load.failures}
    assert kinds <= {"ConnectionRefusedError", "ConnectionResetError"}, load.failures[:3]
    assert_kept(site.database, load.acknowledged)
    assert_sound(site)


def test_a_guest_goes_on_after_a_restart(site: Site, exam: str) -> None:
    """The secret is kept: nobody is logged out by a restart, and a form opened before it can be sent after it."""
    learner = Learner(site, exam).start()
    fields = learner.fill(1)
    site.kill()
    site.start()
    assert learner.send(1, fields).status == 200
