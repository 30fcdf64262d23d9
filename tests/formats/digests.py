"""What files become, a line for each: the same in every process, whatever order its sets have.

`python -m tests.formats.digests N` takes N variants of each format's sample; with `marks`, files of each mark too.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from quizapp.banks.diff import diff, incoming_item
from quizapp.banks.matching import HeldText, guesses
from quizapp.banks.summary import words_of
from quizapp.formats import FORMATS
from quizapp.formats.items import Item
from quizapp.formats.whole_file import ReadingOptions, read_file
from tests.formats import mutations, repeated

WITH_A_DATE = ("xlsx", "kahoot")
"""Formats whose files say when they were written."""


def variants(count: int) -> Iterator[tuple[str, bytes]]:
    for name in mutations.MUTATED:
        yield from ((name, data) for data in islice(mutations.mutations(name), count))


def marks() -> Iterator[tuple[str, bytes]]:
    for name in FORMATS:
        yield from ((name, data) for _, data in repeated.files(name, 1))


def lines(files: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    for name, data in files:
        form, reading = read_file(data, name, ReadingOptions(name))
        yield f"{name} read {digest(repr((form, reading)))}"
        for other in FORMATS.values():
            if other.NAME not in WITH_A_DATE:
                carried = [item for item in reading.items if not other.carries(item)]
                yield f"{name} as {other.NAME} {digest(repr(other.write(carried)))}"


def guessed() -> Iterator[str]:
    """Which of many that are alike the questions of each sample may be."""
    for form in FORMATS.values():
        items = form.read(form.SAMPLE).items
        words = [words_of(one) for one in items]
        many = [Item(kind="essay", stem={"en": f"{said[:at]}…{said[at + 4 :]}"}) for said in words for at in range(30)]
        held = [HeldText(str(place), str(place), said) for place, said in enumerate(words)]
        found = guesses(diff({}, [incoming_item(one) for one in many]), held)
        yield f"{form.NAME} guessed {digest(repr(found))}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("--marks", action="store_true")
    chosen = parser.parse_args()
    for line in (*guessed(), *lines(chain(variants(chosen.count), marks() if chosen.marks else ()))):
        print(line)  # noqa: T201 -- what the test reads
