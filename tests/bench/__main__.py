"""`make bench`: our pages beside a bare Flask application, a class that starts at once, and a history that grows.

Ours and the bare one are asked in turn, a short round each, so that whatever else the machine does meets both alike;
a ratio is the median over the pairs of rounds. It writes docs/measured.md and its chart.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

from tests.bench import report
from tests.bench.flow import measure_flow
from tests.bench.growth import grown
from tests.bench.load import Connection, Measured, Reply, drive
from tests.bench.scenario import QUESTIONS, Outcome, run_class
from tests.bench.sites import Guest, bare_person, bare_site, databases, memory, our_site, processor
from tests.faults.conftest import stored
from tests.faults.hostile import attack

PEOPLE = 8
Step = Callable[[], Reply]
Steps = Sequence[Step]


@dataclass
class Compared:
    """One kind of request, ours and what it is compared with, over the rounds; `sizes`: bytes of a reply of each."""

    name: str
    sizes: tuple[int, int] = (0, 0)
    ours: Measured = field(default_factory=Measured)
    other: Measured = field(default_factory=Measured)
    ratios: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(self.ratios)


@dataclass
class Result:
    """One database, measured."""

    database: str
    compared: list[Compared] = field(default_factory=list)
    memory: tuple[float, float] = (0.0, 0.0)
    ready: float = 0.0


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- the command's own output


@dataclass
class Side:
    """A server's processes, and what is asked of it again and again."""

    pids: list[int]
    steps: Steps

    def drive(self, seconds: float) -> Measured:
        before = processor(self.pids)
        found = drive(self.steps, seconds)
        found.processor = processor(self.pids) - before
        return found


def compare(name: str, ours: Side, other: Side, rounds: int, seconds: float) -> Compared:
    """Drive both in turn. A reply that isn't 200 ends the bench."""
    found = Compared(name, (mean_size(ours.steps[0]), mean_size(other.steps[0])))
    for side in (ours, other):
        side.drive(seconds / 4)
    for _round in range(rounds):
        pair = ours.drive(seconds), other.drive(seconds)
        found.ours.add(pair[0])
        found.other.add(pair[1])
        found.ratios.append(pair[0].rate / pair[1].rate)
    if found.ours.errors or found.other.errors:
        raise AssertionError(f"{name}: {(found.ours.errors + found.other.errors)[:3]}")
    say(
        f"  {name:<12} {found.ratio:5.2f} of bare   {found.ours.rate:6.0f}/s beside {found.other.rate:6.0f}/s   "
        f"{found.ours.cost:6.2f} beside {found.other.cost:5.2f} ms of the processor   "
        f"p50 {found.ours.percentile(0.5):5.1f} ms  p99 {found.ours.percentile(0.99):5.1f} ms"
    )
    return found


def mean_size(step: Step) -> int:
    """The bytes of a reply, as many as a guest has questions taken together."""
    return round(mean(len(step().body) for _question in range(QUESTIONS)))


def steps_of(guests: Sequence[Guest], what: str) -> Steps:
    """What each guest does again and again: question by question, as their kinds differ in what they cost and each
    guest has drawn others."""
    if what == "answer save":
        return [one.in_turn(one.answer) for one in guests]
    if what == "quiz page":
        return [one.in_turn(lambda position, one=one: one.connection.ask("GET", one.url(position))) for one in guests]
    if what == "results":
        for one in guests:
            one.hand_in()
        return [lambda one=one: one.connection.ask("GET", one.results) for one in guests]
    return [lambda one=one: one.connection.ask("GET", "/home") for one in guests]


def bare_steps(people: Sequence[tuple[Connection, Connection]], what: str, size: int) -> Steps:
    """What it is compared with: a save, or a page as large as ours."""
    if what == "answer save":
        return [lambda one=one: one.ask("POST", "/save", "text=an+answer") for one, _ in people]
    return [lambda one=one: one.ask("GET", f"/page/{size}") for _, one in people]


def measure(database: str, quiz_slug: str, rounds: int, seconds: float) -> Result:
    result = Result(database)
    say(f"{database}:")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        ours, bare = stack.enter_context(databases(folder, database))
        site = stack.enter_context(our_site(folder, ours))
        site.stop()
        result.ready = site.start()
        quiz = report.quiz_id(ours, quiz_slug)
        guests = [Guest(site.port, quiz) for _ in range(PEOPLE)]
        for one in guests:
            one.look_at_all()
        port = stack.enter_context(bare_site(folder, bare))
        people = [bare_person(port, number) for number in range(1, PEOPLE + 1)]
        pids = [site.pid, *site.workers], report.children_of(port)
        for name in ("answer save", "quiz page", "results", "home"):
            steps = steps_of(guests, name)
            theirs = bare_steps(people, name, mean_size(steps[0]))
            result.compared.append(compare(name, Side(pids[0], steps), Side(pids[1], theirs), rounds, seconds))
        for connection in [*(one.connection for one in guests), *(one for person in people for one in person)]:
            connection.close()
        result.memory = memory(pids[0]), memory(pids[1])
        given = {(one.attempt, position, seq) for one in guests for position, seq in one.acknowledged}
        lost = given - set(stored(ours))
        assert not lost, f"{len(lost)} acknowledged answers are lost"
    return result


def measure_growth(sizes: tuple[int, int], rounds: int, seconds: float) -> list[Compared]:
    """The same pages on a site with a short history and on one with a long one."""
    say(f"growth, {sizes[0]:,} and {sizes[1]:,} stored answers on SQLite:")
    found = []
    with ExitStack() as stack:
        guests, pids = [], []
        for size in reversed(sizes):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
            site = stack.enter_context(our_site(folder, grown(folder / "site.sqlite3", size)))
            quiz = report.quiz_id(f"sqlite:///{folder / 'site.sqlite3'}", "final-exam")
            guests.append([Guest(site.port, quiz) for _ in range(PEOPLE)])
            pids.append([site.pid, *site.workers])
            for one in guests[-1]:
                one.look_at_all()
        for name in ("answer save", "quiz page", "results", "home"):
            sides = [Side(pid, steps_of(own, name)) for pid, own in zip(pids, guests, strict=True)]
            found.append(compare(name, sides[0], sides[1], rounds, seconds))
        for one in guests[0] + guests[1]:
            one.connection.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=0.75)
    parser.add_argument("--learners", type=int, default=500)
    parser.add_argument("--within", type=float, default=60, help="seconds in which all of them start")
    parser.add_argument("--answers", type=int, default=1_000_000, help="the longer history")
    parser.add_argument("--write", type=Path, help="folder for measured.md and measured.svg")
    chosen = parser.parse_args()
    began, load = time.monotonic(), os.getloadavg()[0]
    results = [measure(kind, "final-exam", chosen.rounds, chosen.seconds) for kind in ("sqlite", "postgresql")]
    growth = measure_growth((1000, chosen.answers), chosen.rounds, chosen.seconds)
    scenario: Outcome = run_class(chosen.learners, chosen.within, say)
    say("beside 8 slow readers, 64 who dribble heads, 16 who dribble bodies and 64 who say nothing:")
    beset: Outcome = run_class(min(100, chosen.learners), chosen.within / 5, say, QUESTIONS // 4, attack)
    say("a learner on a slow phone:")
    flow = measure_flow(say)
    took = time.monotonic() - began
    say(f"took {took:.0f} s")
    if chosen.write:
        report.write(chosen.write, results, growth, scenario, beset, chosen.answers, took, load, flow)
    if scenario.errors or scenario.lost or beset.errors or beset.lost:
        sys.exit(1)


if __name__ == "__main__":
    main()
