"""Ten thousand questions come in quickly, in little memory, whole or not at all, while the server answers others.

The gate is content with fewer. Times are of the processor and have slack for a loaded machine; what grows faster than
the number of questions is found by the ratio to a tenth of them: what is quadratic costs ten times as much a question.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock
from quizapp.banks import actions
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.db import db
from quizapp.formats import gift as reader
from quizapp.quizzes.models import Quiz
from quizapp.uploads.content import ReadingOptions
from quizapp.uploads.reading import content_in
from tests.conftest import SECRET, inside, user_of
from tests.draws import exploring
from tests.faults.client import Learner
from tests.site import ROOT, Site
from tests.uploads.large import Instructor, gift

pytestmark = [pytest.mark.xdist_group("large"), pytest.mark.explore(gate=True)]

MANY = 10_000 if exploring() else 2_000
FEW = MANY // 10
READ, IMPORTED = MANY / 5_000, 2.0 + MANY / 1_250
"""Seconds."""
SLACK = 1.5
GROWTH = 3.0
"""How much more a question may cost among MANY than among FEW; between 1 and MANY / FEW, nearer to 1 than a busy
machine's caches make it."""
MEMORY = 300 * 1024
"""Kilobytes."""
OTHERS_WAIT = 4.0
"""Seconds that somebody else may wait for an answer while an import runs; a second or so without other load."""


@dataclass
class Run:
    """A command that has ended: what it wrote, its seconds of processor, and its largest memory in kilobytes."""

    said: str
    seconds: float
    memory: int


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.gift"
    path.write_bytes(gift(MANY))
    return path


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Site]:
    """One process for everybody, so that an import is in the way of the others as much as it can be."""
    more = {"QUIZAPP_DATABASE_URL": database_url, "QUIZAPP_SECRET_KEY": SECRET, "WORKERS": "1"}
    running = Site(tmp_path, demo=False, **more)
    running.start()
    yield running
    running.end()


MEASURE = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, done.stdout, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
"""A small process between: a child's largest memory begins with that of its parent, and the tests' own is large."""


def command(database_url: str, *words: object) -> Run:
    """A `quizapp` command in a process of its own, measured."""
    environment = os.environ | {"QUIZAPP_DATABASE_URL": database_url, "QUIZAPP_SECRET_KEY": SECRET}
    words = (sys.executable, "-c", MEASURE, sys.executable, "-m", "quizapp.cli", *words)
    done = subprocess.run([*map(str, words)], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True)
    code, said, seconds, memory = json.loads(done.stdout)
    assert code == 0, said
    return Run(said, seconds, memory)


def stored(database_url: str, slug: str) -> tuple[int, int]:
    """Questions and versions of a bank, as another process finds them; each question shows its newest version."""
    with inside(database_url):
        questions = db.session.scalar(select(func.count(Question.id)).join(Question.bank).where(Bank.slug == slug))
        versions = db.session.scalar(
            select(func.count(QuestionVersion.id))
            .join(Question, QuestionVersion.question_id == Question.id)
            .join(Question.bank)
            .where(Bank.slug == slug)
        )
    return questions or 0, versions or 0


def seconds_to_read(data: bytes) -> float:
    """Of the processor; the better of two, since a machine does other things too."""
    times = []
    for _ in range(2):
        began = time.process_time()
        assert not reader.read(data).errors
        times.append(time.process_time() - began)
    return min(times)


def test_reading() -> None:
    many, few = seconds_to_read(gift(MANY)), seconds_to_read(gift(FEW))
    assert many < READ * SLACK
    assert many / MANY < GROWTH * few / FEW


def test_the_cost_of_a_question_does_not_grow_with_their_number(app: Flask) -> None:
    def seconds(count: int, slug: str) -> float:
        data, began = gift(count), time.process_time()
        content = content_in(data, "large.gift", ReadingOptions())
        found = actions.import_items(user_of("instructor"), slug, {"en": slug}, content.reading.items, clock.now())
        assert len(found.added) == count
        return time.process_time() - began

    few = min(seconds(FEW, "first"), seconds(FEW, "second"))
    assert seconds(MANY, "many") / MANY < GROWTH * few / FEW


def test_the_command(database_url: str, large: Path) -> None:
    """In time and memory; the same again changes nothing."""
    words = ("bank", "import", large, "--owner", "instructor@example.com")
    first = command(database_url, *words)
    assert f"found {MANY} = added {MANY} + changed 0 + same 0 + skipped 0 + failed 0" in first.said
    assert first.seconds < IMPORTED * SLACK
    assert first.memory < MEMORY
    assert stored(database_url, "large") == (MANY, MANY)

    again = command(database_url, *words)
    assert f"found {MANY} = added 0 + changed 0 + same {MANY} + skipped 0 + failed 0" in again.said
    assert again.memory < MEMORY
    assert stored(database_url, "large") == (MANY, MANY)


def a_quiz(database_url: str) -> str:
    """The public id of a quiz that a guest may take."""
    with inside(database_url):
        return db.session.scalars(select(Quiz.public_id).where(Quiz.slug == "final-exam")).one()


class Waits:
    """A learner who answers all the while, and how long each page and each answer took, in seconds."""

    def __init__(self, site: Site, database_url: str) -> None:
        self.learner = Learner(site, a_quiz(database_url)).start()
        self.over = threading.Event()
        self.pages: list[float] = []
        self.answers: list[float] = []
        self.errors: list[BaseException] = []
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        try:
            while not self.over.is_set():
                began = time.monotonic()
                fields = self.learner.fill(1)
                shown = time.monotonic()
                reply = self.learner.send(1, fields)
                assert reply.status == 200, reply.body[:300]
                self.pages.append(shown - began)
                self.answers.append(time.monotonic() - shown)
        except BaseException as error:
            self.errors.append(error)

    def __enter__(self) -> Waits:
        self.thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.over.set()
        self.thread.join(30)
        if self.errors:
            raise self.errors[0]


def peak(site: Site) -> int:
    """The largest memory that a worker has had, in kilobytes."""
    statuses = [Path(f"/proc/{pid}/status").read_text() for pid in site.workers]
    return max(int(line.split()[1]) for text in statuses for line in text.splitlines() if line.startswith("VmHWM"))


def test_the_upload(server: Site, database_url: str) -> None:
    """Through the preview, with progress; others are answered meanwhile, and their answers are saved."""
    instructor = Instructor(server)
    with Waits(server, database_url) as others:
        began = time.monotonic()
        address = instructor.upload(gift(MANY))
        previewed = time.monotonic()
        assert instructor.sums(address)["New"] == MANY
        paged = time.monotonic()
        instructor.get(f"{address}?page={MANY // 25}")
        turned = time.monotonic()
        lines = list(instructor.imports(address))
        ended = time.monotonic()
    said = [(line["step"], line["done"]) for line in lines if "step" in line]
    steps = list(dict.fromkeys(step for step, _ in said))
    assert steps == ["reading", "comparing", "storing"]
    assert said == sorted(said, key=lambda told: (steps.index(told[0]), told[1])), "it never goes back"
    assert said[-1] == ("storing", MANY)
    assert lines[-1] == {"location": address}
    assert stored(database_url, "large") == (MANY, MANY)

    assert ended - began < IMPORTED * 4, "all of it, beside a learner who never rests"
    assert ended - turned < IMPORTED * 2
    assert turned - paged < previewed - began + 1, "a further page reads nothing again"
    assert peak(server) < MEMORY
    assert len(others.answers) > 5
    assert max(others.pages) < OTHERS_WAIT
    assert max(others.answers) < OTHERS_WAIT

    again = instructor.upload(gift(MANY))
    assert instructor.sums(again)["The same"] == MANY
    assert list(instructor.imports(again))[-1]["message"].startswith("Nothing was imported")
    assert peak(server) < MEMORY


def test_a_kill_leaves_nothing_of_it(server: Site, database_url: str) -> None:
    """kill -9 in the midst of storing. The upload is still there, and imports whole."""
    instructor = Instructor(server)
    address = instructor.upload(gift(MANY))
    for line in instructor.imports(address):
        if line.get("step") == "storing" and line["done"]:
            server.kill()
            break
    else:
        raise AssertionError("the import was over before it could be killed")
    assert stored(database_url, "large") == (0, 0)
    server.start()
    assert instructor.sums(address)["New"] == MANY
    assert list(instructor.imports(address))[-1] == {"location": address}
    assert stored(database_url, "large") == (MANY, MANY)
    assert instructor.sums(address)["New"] == MANY


def test_who_hangs_up_still_has_it_imported(server: Site, database_url: str) -> None:
    """A lost connection doesn't stop an import, and keeps nobody else from writing."""
    instructor = Instructor(server)
    address = instructor.upload(gift(FEW))
    with instructor.open_import(address) as reply:
        reply.readline()
    end = time.monotonic() + 20
    while "Undo this import" not in instructor.get(address):
        assert time.monotonic() < end, "the import never ended"
        time.sleep(0.1)
    assert stored(database_url, "large") == (FEW, FEW)


def test_the_same_file_twice_at_once(server: Site, database_url: str) -> None:
    """Two uploads of it, imported at the same moment: one brings the questions in, the other finds them there."""
    instructor = Instructor(server)
    addresses = [instructor.upload(gift(FEW)) for _ in range(2)]
    ends: list[dict[str, str]] = []
    threads = [
        threading.Thread(target=lambda one=one: ends.append(list(instructor.imports(one))[-1])) for one in addresses
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(next(iter(end)) for end in ends) == ["location", "message"], ends
    assert stored(database_url, "large") == (FEW, FEW)
