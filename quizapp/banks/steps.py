"""How far a long import is: the work tells its steps, and a page or a terminal listens.

The work has a thread of its own, so that whoever listens can't hold it up: a browser that has stopped reading, or has
gone, must not keep the database's write lock.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread

READING, COMPARING, STORING = "reading", "comparing", "storing"

Tell = Callable[[str, int, int], None]
"""Takes the step, how many questions of it are done, and of how many; 0 of 0 where the number isn't known yet."""


def nobody(_step: str, _done: int, _total: int) -> None:
    """Listens to nothing."""


@dataclass(frozen=True)
class Step:
    """One thing told."""

    name: str
    done: int
    total: int


@dataclass(frozen=True)
class End:
    """The work is over; `error` says what it ended with, None for the good end."""

    error: Exception | None = None


def watched(work: Callable[[Tell], object]) -> Generator[Step | End, None, None]:
    """Run the work, and give every step as it is told; the last one given is the End.

    The work goes on to its end even if nobody listens any more; closing the iterator waits for it.
    """
    told: SimpleQueue[Step | End] = SimpleQueue()

    def run() -> None:
        try:
            work(lambda *step: told.put(Step(*step)))
            told.put(End())
        except Exception as error:  # it goes to the listener, who answers for it
            told.put(End(error))

    thread = Thread(target=run, name="import")
    thread.start()
    try:
        while not isinstance(step := told.get(), End):
            yield step
        yield step
    finally:
        thread.join()
