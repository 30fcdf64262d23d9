"""What an examination costs: saves during a large regrade, the live view, and `quizapp check` afterwards.

    python -m tests.bench.examination regrade      (100,000 attempts regraded by the server while others save)
    python -m tests.bench.examination live         (500 learners, 5 watchers)
    python -m tests.bench.examination check        (10^6 answers)
    python -m tests.bench.examination all --write docs      (these, and what results.py and regrade.py measure)

Each is asked of a real server on SQLite. On a machine that does other things too, its ratios and its seconds of the
processor say more than its milliseconds.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select

from quizapp import clock
from quizapp.attempts.models import Regrade
from quizapp.attempts.regrading import Rule
from quizapp.banks.models import Question
from quizapp.db import db
from quizapp.gradebook import previews
from quizapp.gradebook.actions import regrades
from tests.bench import report, results
from tests.bench.growth import grown
from tests.bench.load import Connection, Measured, drive
from tests.bench.regrade import SLOTS, WRONG, spread
from tests.bench.sites import Guest, our_site, processor
from tests.conftest import make_app, user_of
from tests.person import Person
from tests.site import QUIZAPP, Site

WRITERS = 20
PAUSE = 0.4
"""Seconds between two saves of one of them."""
LOOK, ASK = 5.0, 10.0
"""After how many seconds a watcher's page renews itself, and a learner's player asks how things stand."""


HEAD = """# An examination, measured

`make bench` writes this page too. The database is SQLite where none is named, the server is ours with two workers, and
the machine has 2 cores, which the clients and PostgreSQL shared. The results' pages are the median of seven."""


@dataclass(frozen=True)
class Found:
    """A figure beside its goal, which is the most that it may be, or the least."""

    what: str
    figure: float
    goal: float
    unit: str
    at_least: bool = False

    def __str__(self) -> str:
        """As a row of the page."""
        reached = self.figure >= self.goal if self.at_least else self.figure <= self.goal
        figure = (
            f"{self.figure:.2f}"
            if self.at_least
            else f"{self.figure:.0f}"
            if self.figure >= 30
            else f"{self.figure:.1f}"
        )
        return f"| {self.what} | {figure} {self.unit} | {self.goal} {self.unit} | {'' if reached else '**missed**'} |"


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- the command's own output


def told(name: str, found: Measured) -> Found:
    p50, p99, most = (f"{found.percentile(share):.0f} ms" for share in (0.5, 0.99, 1))
    say(f"{name}: {len(found.latencies)} saves, p50 {p50}, p99 {p99}, slowest {most}, {len(found.errors)} errors")
    assert not found.errors, found.errors[:3]
    return Found(f"p99 of {len(found.latencies):,} saves {name}", found.percentile(0.99), 500, "ms")


@contextmanager
def site_of(folder: Path, answers: int) -> Iterator[tuple[Site, str]]:
    """A site with so many stored answers, and the address of its database."""
    address = grown(folder / "site.sqlite3", answers)
    with our_site(folder, address) as site:
        yield site, address


def save_until(guests: list[Guest], over: Callable[[], bool], at_least: float = 0.0) -> Measured:
    """Each of them saves an answer, waits, and saves the next."""
    found, end = Measured(), time.monotonic() + at_least

    def go_on(guest: Guest) -> None:
        while time.monotonic() < end or not over():
            began = time.perf_counter()
            reply = guest.answer(1)
            found.latencies.append(time.perf_counter() - began)
            if reply.status != 200:
                found.errors.append(f"{reply.status} {reply.body[:200]!r}")
            time.sleep(PAUSE)

    threads = [threading.Thread(target=go_on, args=(guest,)) for guest in guests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def measure_regrade(attempts: int) -> Iterator[Found]:
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        address = grown(Path(name) / "site.sqlite3", attempts * SLOTS)
        spread(Path(name) / "site.sqlite3")
        with our_site(Path(name), address) as site:
            guests = [Guest(site.port, report.quiz_id(address, "final-exam")) for _ in range(WRITERS)]
            yield told("without a regrade", save_until(guests, lambda: True, at_least=10))
            app = make_app(address)
            with app.app_context():
                by = user_of("instructor")
                by.role = "admin"
                asked = db.text("SELECT version_id FROM slots WHERE position = :wrong LIMIT 1")
                version = db.session.scalar(asked, {"wrong": WRONG})
                question = db.session.scalars(select(Question).where(Question.current_id == version)).one()
                rule, where = Rule("full", version or 0, keep_higher=True), previews.own(by)
                before = [regrades.AT_ONCE, previews.preview(question, rule, where).token]
                regrades.AT_ONCE = -1  # the server's task does it
                db.session.rollback()
                made = regrades.make(question, rule, None, "", str(before[1]), by, clock.now())
                for what, act in (("regrade", None), ("undoing", regrades.undo)):
                    if act:
                        act(made, by, clock.now())
                    spent, began = processor([site.pid, *site.workers]), time.monotonic()
                    engine, number = db.engine, made.id
                    yield told(f"during the {what}", save_until(guests, lambda: done(engine, number)))  # noqa: B023
                    spent, took = processor([site.pid, *site.workers]) - spent, time.monotonic() - began
                    say(f"the {what} of {attempts} attempts: {took:.0f} s, {spent:.1f} s of processor, saves included")
                    yield Found(f"the {what} of {attempts:,} attempts, {WRITERS} people saving", took, 20, "s")


def done(engine: Engine, regrade_id: int) -> bool:
    """Whether the server's task has done it. Many threads ask, each by a connection of its own."""
    with engine.connect() as connection:
        row = connection.execute(select(Regrade.applied_at, Regrade.undone_by_id, Regrade.undone_at).where(
            Regrade.id == regrade_id)).one()  # fmt: skip
    return row.applied_at is not None and (row.undone_by_id is None or row.undone_at is not None)


def measure_live(learners: int, watchers: int, rounds: int, seconds: float) -> Iterator[Found]:
    """The throughput of saves with all that the live view takes (the players that say where they are, and the pages
    that show it) as a share of that without, asked in turn."""
    with tempfile.TemporaryDirectory(prefix="bench") as name, site_of(Path(name), 1000) as (site, address):
        quiz = report.quiz_id(address, "final-exam")
        guests = [Guest(site.port, quiz) for _ in range(learners)]
        for guest in guests:
            guest.connection.close()
        cookies, path = watcher(address), f"/quizzes/{quiz}/live/rows"
        reply = Connection(site.port, cookies).ask("GET", path)
        assert reply.status == 200, reply.body[:500]
        say(f"{learners} learners; the part that renews itself has {len(reply.body) / 1000:.0f} kB")
        savers, others = guests[:8], guests[8:]
        steps = [lambda one=one: one.answer(1) for one in savers]
        pids, ratios = [site.pid, *site.workers], []
        drive(steps, seconds / 2)
        before = processor(pids)
        with beside(site.port, cookies, path, watchers, others):
            time.sleep(2 * ASK)
        share = (processor(pids) - before) / (2 * ASK) / len(os.sched_getaffinity(0))
        say(f"by itself the live view takes {share:.1%} of the machine's processors (goal 10 %)")
        for _ in range(rounds):
            plain = drive(steps, seconds)
            with beside(site.port, cookies, path, watchers, others):
                watched = drive(steps, seconds)
            assert not plain.errors + watched.errors, (plain.errors + watched.errors)[:3]
            ratios.append(watched.rate / plain.rate)
            say(f"  {plain.rate:.0f}/s without, {watched.rate:.0f}/s with: {ratios[-1]:.2f}")
        what = f"throughput of saves with {learners} learners' players asking and {watchers} watchers, of that without"
        yield Found(what, statistics.median(ratios), 0.9, "", at_least=True)
        say(f"{what}: {statistics.median(ratios):.2f} (goal 0.9)")


def watcher(address: str) -> str:
    """The cookies of an admin, who may watch any quiz."""
    app = make_app(address)
    with app.app_context():
        person = Person(app, user_of("instructor"))
        cookie = person.client.get_cookie("session")
        assert cookie is not None
        return f"session={cookie.value}"


@contextmanager
def beside(port: int, cookies: str, path: str, watchers: int, learners: list[Guest]) -> Iterator[None]:
    """Watchers whose pages renew themselves, and learners whose players ask how things stand; spread over time."""
    over = threading.Event()
    asks = [
        (Connection(port, one.connection.cookies), f"/attempts/{one.attempt}/status?position=1") for one in learners
    ]

    def watch(number: int) -> None:
        connection = Connection(port, cookies)
        over.wait(LOOK * number / watchers)
        while not over.is_set():
            assert connection.ask("GET", path).status == 200
            over.wait(LOOK)

    def ask(number: int, of: int) -> None:
        own = asks[number::of]
        while not over.is_set() and own:
            for connection, address in own:
                began = time.monotonic()
                with suppress(OSError):
                    assert connection.ask("GET", address, accept="application/json").status == 200
                connection.close()
                if over.wait(max(0.0, ASK / len(own) - (time.monotonic() - began))):
                    return

    threads = [threading.Thread(target=watch, args=(number,)) for number in range(watchers)]
    threads += [threading.Thread(target=ask, args=(number, 4)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def measure_check(answers: int) -> Iterator[Found]:
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        site = Site(Path(name), demo=False, QUIZAPP_DATABASE_URL=grown(Path(name) / "site.sqlite3", answers))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        reply = subprocess.run([*QUIZAPP, "check"], env=site.environment, capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        took = time.monotonic() - began
        say(f"{answers} answers: {took:.1f} s, {spent:.1f} s of processor; {reply.stdout[-200:]}")
        yield Found(f"`quizapp check` of {answers:,} answers", took, 15, "s")


def measure_alone(attempts: int) -> Iterator[Found]:
    """A regrade in a process of its own, which nobody disturbs: its memory is that of the process."""
    said = subprocess.run([sys.executable, "-m", "tests.bench.regrade", str(attempts)], capture_output=True, text=True,
                          check=True).stdout  # fmt: skip
    say(said)
    for what, goal, unit in (("preview", 8, "s"), ("apply", 20, "s"), ("undo", 20, "s"), ("memory", 300, "MB")):
        figure = re.search(rf"^{what}: ([\d.]+) ", said, re.MULTILINE)
        assert figure, said
        yield Found(f"a regrade of {attempts:,} attempts alone: {what}", float(figure[1]), goal, unit)


def measure_pages(kind: str) -> Iterator[Found]:
    for name, middle in results.measured(kind, 200_000):
        goal = 1000 if name == "questions" else 300
        yield Found(f"results of 200,000 attempts on {kind}: {name}", middle, goal, "ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["regrade", "live", "check", "all"])
    parser.add_argument("--attempts", type=int, default=100_000)
    parser.add_argument("--learners", type=int, default=500)
    parser.add_argument("--watchers", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--write", type=Path, help="folder for measured-examination.md")
    chosen = parser.parse_args()
    load = os.getloadavg()[0]
    steps: dict[str, Callable[[], Iterator[Found]]] = {
        "regrade": lambda: measure_regrade(chosen.attempts),
        "live": lambda: measure_live(chosen.learners, chosen.watchers, chosen.rounds, chosen.seconds),
        "check": lambda: measure_check(chosen.answers),
        "alone": lambda: measure_alone(chosen.attempts),
        "sqlite": lambda: measure_pages("sqlite"),
        "postgresql": lambda: measure_pages("postgresql"),
    }
    found = [one for name, step in steps.items() if chosen.what in (name, "all") for one in step()]
    if chosen.write:
        page = [HEAD, *report.noise(load), "", "| | Measured | Goal | |", "|---|--:|--:|---|", *map(str, found), ""]
        (chosen.write / "measured-examination.md").write_text("\n".join(page))


if __name__ == "__main__":
    main()
