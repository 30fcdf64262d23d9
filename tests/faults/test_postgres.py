"""PostgreSQL goes away under load and comes back: the server says so, goes on by itself, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from quizapp.config import normalised
from tests.conftest import SECRET, admin, prepare
from tests.faults.client import Learner, Load
from tests.faults.conftest import assert_kept, assert_sound, stored
from tests.postgres import Server, own_server
from tests.site import Site

pytestmark = pytest.mark.xdist_group("faults")


@pytest.fixture
def postgres() -> Iterator[Server]:
    with own_server() as running:
        with admin(running.address) as run:
            run("CREATE DATABASE site")
        prepare(f"{running.address}/site")
        yield running


@pytest.fixture
def served(postgres: Server, tmp_path: Path) -> Iterator[Site]:
    address = f"{postgres.address}/site"
    running = Site(tmp_path, demo=False, QUIZAPP_DATABASE_URL=address, QUIZAPP_SECRET_KEY=SECRET)
    running.start()
    yield running
    running.end()


@pytest.fixture
def final_exam(served: Site, postgres: Server) -> str:
    from sqlalchemy import create_engine, text

    engine = create_engine(normalised(f"{postgres.address}/site"))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT public_id FROM quizzes WHERE slug = 'final-exam'")).scalar()
    engine.dispose()
    assert found is not None
    return found


def test_a_crash_of_the_database_under_load(served: Site, postgres: Server, final_exam: str) -> None:
    address = f"{postgres.address}/site"
    with Load(served, final_exam, learners=8) as load:
        load.wait_for(30)
        postgres.stop("immediate")
        during = load.acknowledged
        postgres.start()
        assert_kept(address, during)
        load.wait_for(30)
    assert_kept(address, load.acknowledged)
    assert_sound(served)


def test_while_it_is_away_it_is_said(served: Site, postgres: Server, final_exam: str) -> None:
    learner = Learner(served, final_exam).start()
    first, second = learner.fill(1), learner.fill(2)
    assert learner.send(1, first).status == 200
    postgres.stop("fast")
    away = learner.send(2, second)
    assert away.status == 503
    assert "What was saved before is safe" in away.json["message"]
    assert learner.request("GET", "/healthz").status == 503
    postgres.start()
    assert learner.request("GET", "/healthz").status == 200
    assert learner.send(2, second).json["seq"] == 1
    assert len(stored(f"{postgres.address}/site")) == 2
