"""How long an instructor waits for results: a site with 200,000 attempts of 20 questions at one quiz.

    python -m tests.bench.results sqlite      (or postgresql)

Writes the attempts by SQL, counts what is counted in the background, and times every page in-process.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from collections.abc import Iterator

from sqlalchemy import select, text

from quizapp import clock
from quizapp.banks import actions as banks
from quizapp.banks.models import QuestionVersion
from quizapp.db import db
from quizapp.formats.items import Item
from tests.conftest import admin, make_app, prepare, user_of
from tests.person import Person
from tests.postgres import server
from tests.quizzes.test_quizzes import quiz_of

QUESTIONS = 20
CHANCE = "({seed} * 7919 + {seed} / 13 * 104729 + {seed} % 1009 * 31)"
"""A number that looks like chance, the same each time, in plain SQL."""


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'site.sqlite3'}"
        return
    with server() as address, admin(address) as run:
        run("CREATE DATABASE results")
        yield f"{address}/results"


def choice(number: int) -> Item:
    choices = [{"id": name, "text": {"en": f"{name}{number}"}, "fraction": int(name == "a")} for name in "abcd"]
    return Item(id=f"q{number}", kind="choice", stem={"en": f"Question {number}"}, response={"choices": choices})


def fill(attempts: int) -> str:
    """A quiz with so many attempts, two a person; its public id."""
    banks.import_items(
        user_of("instructor"), "many", {"en": "Many"}, [choice(n) for n in range(QUESTIONS)], clock.now()
    )
    quiz = quiz_of({"bank": "many"}, feedback="deferred", shuffle_questions=False)
    first = db.session.scalars(
        select(QuestionVersion.id).where(QuestionVersion.content["stem"]["en"].as_string() == "Question 0")
    ).one()
    sqlite = db.engine.dialect.name == "sqlite"
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
        if sqlite
        else "WITH n(i) AS (SELECT generate_series(0, {last})) "
    )
    at, true, false, json = (
        ("'2026-01-01 00:00:00.000000'", 1, 0, "'{\"choice\":\"' || {c} || '\"}'")
        if sqlite
        else ("timestamptz '2026-01-01'", "true", "false", "jsonb_build_object('choice', {c})")
    )
    later = (
        "datetime('2026-01-01', '+' || i || ' minutes') || '.000000'" if sqlite else f"{at} + i * interval '1 minute'"
    )
    chance = CHANCE.format(seed="(i + 1)")
    # The better the person, the likelier "a".
    letter = f"CASE WHEN {chance} % 100 < 25 + i / {QUESTIONS} * 37 % 60 THEN 'a' ELSE substr('bcd', CAST(1 + {chance} % 3 AS integer), 1) END"
    here = {
        "quiz": quiz.id,
        "settings": db.session.scalar(text("SELECT settings FROM quizzes WHERE id = :id"), {"id": quiz.id}),
    }
    if not sqlite:
        here["settings"] = "{}"
    steps = (
        f"""{numbers.format(last=attempts // 2 - 1)}
        INSERT INTO users (id, public_id, name, role, theme, epoch, created_at)
        SELECT 1000000 + i, 'u' || i, 'Person ' || ({CHANCE.format(seed="(i + 1)")} % 90007), 'learner', 'auto', 0, {at} FROM n""",
        f"""{numbers.format(last=attempts - 1)}
        INSERT INTO attempts (id, public_id, user_id, quiz_id, purpose, seed, settings, started_at, submitted_at,
                              max_mark, mark, waiting, given)
        SELECT 1000000 + i, 'a' || i, 1000000 + i / 2, {quiz.id}, 'graded', 'seed', '{{}}', {later}, {later},
               {QUESTIONS}, 0, 0, '{{}}' FROM n""",
        f"""{numbers.format(last=attempts * QUESTIONS - 1)}, made(i, letter) AS (SELECT i, {letter} FROM n)
        INSERT INTO slots (id, attempt_id, position, version_id, max_mark, seq, response, fraction, answered,
                           flagged, saved_at, comment, tries, hints, dropped)
        SELECT 1000000 + i, 1000000 + i / {QUESTIONS}, 1 + i % {QUESTIONS}, {first} + i % {QUESTIONS}, 1, 1,
               {json.replace("{c}", "letter")}, CASE WHEN letter = 'a' THEN 1 ELSE 0 END, {true}, {false}, {at}, '', 0, 0, {false}
        FROM made""",
        """UPDATE attempts SET mark = (SELECT sum(fraction * max_mark) FROM slots WHERE attempt_id = attempts.id)
        WHERE id >= 1000000""",
        "UPDATE attempts SET submitted_at = NULL, mark = NULL WHERE id >= 1000000 AND id % 2000 = 0",
        "ANALYZE",
    )
    with db.engine.begin() as connection:
        for step in steps:
            connection.exec_driver_sql(step.replace("%", "%%") if not sqlite else step)
    return quiz.public_id


PAGES = {
    "people, newest first": "",
    "page 2000": "?page=2000",
    "highest first": "?sort=score",
    "highest first, page 2000": "?sort=score&page=2000",
    "lowest first": "?sort=low",
    "by name": "?sort=name",
    "by name, page 2000": "?sort=name&page=2000",
    "best of each": "?tries=best",
    "best of each, highest first": "?tries=best&sort=score",
    "best of each, by name, page 900": "?tries=best&sort=name&page=900",
    "search": "?q=person+77",
    "search for nothing": "?q=nobody",
    "not handed in": "?state=open",
    "questions": "/questions",
    "one attempt": "/attempts/a77777",
}


def measure(person: Person, public_id: str, repeats: int = 5) -> dict[str, float]:
    """The median milliseconds of each page."""
    found = {}
    for name, rest in PAGES.items():
        times = []
        for _ in range(repeats):
            began = time.perf_counter()
            reply = person.send("GET", f"/quizzes/{public_id}/results{rest}")
            times.append((time.perf_counter() - began) * 1000)
            assert reply.status_code == 200, (name, reply.status_code)
        found[name] = statistics.median(times)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["sqlite", "postgresql"])
    parser.add_argument("--attempts", type=int, default=200_000)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made, database(arguments.kind, arguments.folder or Path(made)) as url:
        prepare(url)
        with make_app(url).app_context():
            app = make_app(url)
            began = time.perf_counter()
            public_id = fill(arguments.attempts)
            print(f"{arguments.attempts} attempts written in {time.perf_counter() - began:.0f} s")
            print(public_id)
            for name, took in measure(Person(app, user_of("instructor")), public_id).items():
                print(f"{name:40} {took:8.0f} ms")


if __name__ == "__main__":
    main()
