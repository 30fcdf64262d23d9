"""A class: so many learners who start within a minute and answer twenty questions each, thinking in between."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.bench import report
from tests.bench.load import Measured, Reply
from tests.bench.sites import Guest, databases, our_site
from tests.faults.conftest import stored

Done = TypeVar("Done")
QUESTIONS = 20
THINKING = (3.0, 8.0)
"""Seconds between seeing a question and answering it: quick work, for a choice with four options."""


@dataclass
class Outcome:
    """What the class has met. `lost` counts acknowledged answers that aren't stored."""

    learners: int
    questions: int = QUESTIONS
    seconds: float = 0.0
    answers: int = 0
    lost: int = 0
    measured: dict[str, Measured] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def all(self) -> Measured:
        total = Measured()
        for one in self.measured.values():
            total.add(one)
        return total


class Learner(threading.Thread):
    def __init__(self, port: int, quiz: str, delay: float, outcome: Outcome) -> None:
        super().__init__()
        self.port, self.quiz, self.delay, self.outcome = port, quiz, delay, outcome
        self.chance = random.Random(delay)
        self.guest: Guest | None = None

    def run(self) -> None:
        time.sleep(self.delay)
        try:
            guest = self.guest = self.timed("start", lambda: Guest(self.port, self.quiz))
            for number in range(self.outcome.questions):
                position = 1 + number % guest.questions
                self.check(self.timed("quiz page", lambda position=position: guest.look(position)))
                time.sleep(self.chance.uniform(*THINKING))
                self.check(self.timed("answer save", lambda position=position: guest.answer(position)))
        except Exception as error:
            self.outcome.errors.append(repr(error))  # counted, told, and the bench fails by it
        finally:
            if self.guest:
                self.guest.connection.close()

    def check(self, reply: Reply) -> None:
        if reply.status != 200:
            self.outcome.errors.append(f"{reply.status}: {reply.body[:200]!r}")

    def timed(self, name: str, act: Callable[[], Done]) -> Done:
        began = time.perf_counter()
        done = act()
        self.outcome.measured.setdefault(name, Measured()).latencies.append(time.perf_counter() - began)
        return done


def run_class(
    learners: int,
    within: float,
    say: Callable[[str], None],
    questions: int = QUESTIONS,
    beside: Callable[[int], AbstractContextManager[object]] = nullcontext,
) -> Outcome:
    """Let the class work on SQLite, and look afterwards what is stored. `beside` is what else the port has to bear."""
    outcome = Outcome(learners, questions)
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        folder = Path(name)
        with databases(folder, "sqlite") as (address, _bare), our_site(folder, address) as site:
            quiz = report.quiz_id(address, "final-exam")
            began = time.monotonic()
            people = [Learner(site.port, quiz, within * number / learners, outcome) for number in range(learners)]
            with beside(site.port):
                for one in people:
                    one.start()
                for one in people:
                    one.join()
            outcome.seconds = time.monotonic() - began
        kept = set(stored(address))
    given = {(one.guest.attempt, *answer) for one in people if one.guest for answer in one.guest.acknowledged}
    outcome.answers, outcome.lost = len(given), len(given - kept)
    total = outcome.all
    say(
        f"{learners} learners started within {within:.0f} s and gave {outcome.answers:,} answers "
        f"in {outcome.seconds:.0f} s: "
        f"p50 {total.percentile(0.5):.0f} ms, p99 {total.percentile(0.99):.0f} ms, "
        f"{len(outcome.errors)} errors, {outcome.lost} lost"
    )
    for line in outcome.errors[:5]:
        say(f"  {line}")
    return outcome
