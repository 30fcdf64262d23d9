"""How long an instructor waits for results: a site with 200,000 attempts of 20 questions, all of them at one quiz.

    python -m tests.bench.results sqlite      (or postgresql)

Writes the attempts by SQL, counts what is counted in the background, and times each page: by the clock, and by the
processor, the database's included, which says the same on a machine that does other things too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select, text

from quizapp import clock
from quizapp.banks import actions as banks
from quizapp.banks.models import QuestionVersion
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.gradebook import counting
from tests.conftest import admin, make_app, prepare, user_of
from tests.person import Person
from tests.postgres import server
from tests.quizzes.test_quizzes import quiz_of

QUESTIONS = 20
FIRST = 1_000_000
"""The smallest id of what is made here."""
PER_PERSON = 2
OPEN = 2000
"""One attempt of so many isn't handed in."""

SQLITE = {
    "numbers": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last})",
    "at": "'2026-01-01 00:00:00.000000'",
    "later": "datetime('2026-01-01', '+' || i || ' minutes') || '.000000'",
    "true": "1",
    "false": "0",
    "response": """'{"choice":"' || letter || '"}'""",
}
POSTGRESQL = {
    "numbers": "WITH n(i) AS (SELECT generate_series(0, {last}))",
    "at": "timestamptz '2026-01-01'",
    "later": "timestamptz '2026-01-01' + i * interval '1 minute'",
    "true": "true",
    "false": "false",
    "response": "jsonb_build_object('choice', letter)",
}
CHANCE = "((i + 1) * 79 + (i + 1) / 13 * 1047 + (i + 1) % 1009 * 31)"
"""A number that looks like chance, the same each time."""
STEPS = (
    f"""{{people}} INSERT INTO users (id, public_id, name, role, theme, epoch, created_at)
    SELECT {FIRST} + i, 'u' || i, 'Person ' || {CHANCE} % 90007, 'learner', 'auto', 0, {{at}} FROM n""",
    f"""{{attempts}} INSERT INTO attempts (id, public_id, user_id, quiz_id, purpose, seed, settings, started_at,
                                          submitted_at, max_mark, mark, waiting, given)
    SELECT {FIRST} + i, 'a' || i, {FIRST} + i / {PER_PERSON}, {{quiz}}, 'graded', 'seed', '{{{{}}}}', {{later}},
           {{later}}, {QUESTIONS}, 0, 0, '{{{{}}}}' FROM n""",
    # The better the person, the likelier the right one, a.
    f"""{{slots}}, made(i, letter) AS (
        SELECT i, CASE WHEN {CHANCE} % 100 < 25 + i / {QUESTIONS} * 37 % 60 THEN 'a'
                       WHEN {CHANCE} % 3 = 0 THEN 'b' WHEN {CHANCE} % 3 = 1 THEN 'c' ELSE 'd' END FROM n)
    INSERT INTO slots (id, attempt_id, position, version_id, max_mark, seq, response, fraction, answered, flagged,
                       saved_at, comment, tries, hints, dropped)
    SELECT {FIRST} + i, {FIRST} + i / {QUESTIONS}, 1 + i % {QUESTIONS}, {{version}} + i % {QUESTIONS}, 1, 1,
           {{response}}, CASE WHEN letter = 'a' THEN 1 ELSE 0 END, {{true}}, {{false}}, {{at}}, '', 0, 0, {{false}}
    FROM made""",
    f"""UPDATE attempts SET mark = (SELECT sum(fraction * max_mark) FROM slots WHERE attempt_id = attempts.id)
    WHERE id >= {FIRST}""",
    f"UPDATE attempts SET submitted_at = NULL, mark = NULL WHERE id >= {FIRST} AND id % {OPEN} = 0",
)  # fmt: skip

PAGES = {
    "people, newest first": "",
    "newest first, in the middle": "?page=2000",
    "highest first": "?sort=score",
    "highest first, in the middle": "?sort=score&page=2000",
    "lowest first": "?sort=low",
    "by name": "?sort=name",
    "by name, in the middle": "?sort=name&page=2000",
    "best of each": "?tries=counts",
    "best of each, highest first": "?tries=counts&sort=score",
    "best of each, by name, in the middle": "?tries=counts&sort=name&page=1000",
    "search": "?q=person+77",
    "search for nobody": "?q=nobody",
    "not handed in": "?state=open",
    "questions": "/questions",
    "one attempt": "/attempts/a777",
}


@contextmanager
def database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder) / 'site.sqlite3'}"
        return
    with server() as address, admin(address) as run:
        run("CREATE DATABASE results")
        yield f"{address}/results"


def choice(number: int) -> Item:
    choices = [{"id": name, "text": {"en": f"{name}{number}"}, "fraction": int(name == "a")} for name in "abcd"]
    return Item(id=f"q{number}", kind="choice", stem={"en": f"Question {number}"}, response={"choices": choices})


def fill(attempts: int) -> str:
    """A quiz with so many attempts; its public id."""
    items = [choice(number) for number in range(QUESTIONS)]
    banks.import_items(user_of("instructor"), "many", {"en": "Many"}, items, clock.now())
    quiz = quiz_of({"bank": "many"}, feedback="deferred", shuffle_questions=False)
    versions = sorted(
        db.session.scalars(select(QuestionVersion.id).order_by(QuestionVersion.id.desc()).limit(QUESTIONS))
    )
    words = SQLITE if db.engine.dialect.name == "sqlite" else POSTGRESQL
    sizes = {"people": attempts // PER_PERSON, "attempts": attempts, "slots": attempts * QUESTIONS}
    numbers = {name: words["numbers"].format(last=size - 1) for name, size in sizes.items()}
    with db.engine.begin() as connection:
        for step in STEPS:
            statement = step.format(**words, **numbers, quiz=quiz.id, version=versions[0])
            connection.exec_driver_sql(statement.replace("%", "%%") if words is POSTGRESQL else statement)
    if words is POSTGRESQL:  # as its autovacuum does before long
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return quiz.public_id


def measure(
    person: Person, public_id: str, worked: Callable[[], float], repeats: int = 7
) -> Iterator[tuple[str, float]]:
    """What each page takes in the middle, in milliseconds."""
    for name, rest in PAGES.items():
        times, before = [], worked()
        for _ in range(repeats):
            began = time.perf_counter()
            reply = person.send("GET", f"/quizzes/{public_id}/results{rest}")
            times.append((time.perf_counter() - began) * 1000)
            assert reply.status_code == 200, (name, reply.status_code)
        cost = (worked() - before) * 1000 / repeats
        middle, best = statistics.median(times), min(times)
        say(f"{name:40} median {middle:5.0f} ms, best {best:5.0f} ms, processor {cost:5.0f} ms")
        yield name, middle


def server_of() -> int | None:
    """The process that PostgreSQL's others come from, where it is on this machine; SQLite is in our own."""
    if db.engine.dialect.name == "sqlite":
        return None
    backend = Path(f"/proc/{db.session.scalar(text('SELECT pg_backend_pid()'))}/stat")
    return int(fields(backend)[1]) if backend.exists() else None


def fields(stat: Path) -> list[str]:
    return stat.read_text().rpartition(")")[2].split()


def seconds_of(server: int | None) -> float:
    """What we and the database have worked so far: its processes, and those of it that have ended."""
    if server is None:
        return time.process_time()
    ticks = sum(int(one) for one in fields(Path(f"/proc/{server}/stat"))[11:15])
    for child in Path(f"/proc/{server}/task/{server}/children").read_text().split():
        ticks += sum(int(one) for one in fields(Path(f"/proc/{child}/stat"))[11:13])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


def measured(kind: str, attempts: int) -> Iterator[tuple[str, float]]:
    """What each page of results takes in the middle, in milliseconds, on a site with so many attempts."""
    with database(kind) as url:
        prepare(url)
        app = make_app(url)
        with app.app_context():
            began = time.perf_counter()
            public_id = fill(attempts)
            say(f"{attempts} attempts written in {time.perf_counter() - began:.0f} s")
            began = time.perf_counter()
            counting.count_due(clock.now())
            say(f"counted in {time.perf_counter() - began:.1f} s, outside of any request")
            server = server_of()
            yield from measure(Person(app, user_of("instructor")), public_id, lambda: seconds_of(server))
            db.session.remove()
            db.engine.dispose()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["sqlite", "postgresql"])
    parser.add_argument("--attempts", type=int, default=200_000)
    arguments = parser.parse_args()
    list(measured(arguments.kind, arguments.attempts))


if __name__ == "__main__":
    main()
