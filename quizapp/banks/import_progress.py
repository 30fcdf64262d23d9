"""How far a long import is: the work says it, and a page or a terminal listens.

The work has a thread of its own, so that whoever listens can't hold it up: a browser that has stopped reading, or has
gone, must not keep the database's write lock.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread

READING, COMPARING, STORING = "reading", "comparing", "storing"
"""The stages of an import, in their order."""

Listener = Callable[[str, int, int], None]
"""Takes the stage, how many questions of it are done, and of how many; 0 of 0 where the number isn't known yet."""


def no_listener(_stage: str, _done: int, _total: int) -> None:
    """A listener for an import that nobody watches."""


@dataclass(frozen=True)
class Progress:
    """How far the work was when it said so."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True)
class Finished:
    """The work is over; `error` says what it ended with, None for the good end."""

    error: Exception | None = None


def run_with_progress(work: Callable[[Listener], object]) -> Generator[Progress | Finished, None, None]:
    """Run the work, and give its progress as it is said; the last one given is Finished.

    The work goes on to its end even if nobody listens any more; closing the iterator waits for it.
    """
    heard: SimpleQueue[Progress | Finished] = SimpleQueue()

    def run() -> None:
        try:
            work(lambda *progress: heard.put(Progress(*progress)))
            heard.put(Finished())
        except Exception as error:  # it goes to the listener, who answers for it
            heard.put(Finished(error))

    thread = Thread(target=run, name="import")
    thread.start()
    try:
        while not isinstance(message := heard.get(), Finished):
            yield message
        yield message
    finally:
        thread.join()
