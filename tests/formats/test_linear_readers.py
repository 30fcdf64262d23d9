"""Every reader takes linear time, whatever mark of its format a file repeats."""

from __future__ import annotations

import time

import pytest

from quizapp.formats import FORMATS
from tests.draws import exploring
from tests.formats.repeated import files

MOST_TIME = 2.0
"""Seconds of the processor for 200 kB."""
QUESTION = 2e-4
"""Seconds that each question may take beside, so that files full of the shortest ones may be slower."""
MOMENT = 0.5
"""Seconds that any reader may take, on a busy machine too."""
SIZE = 200_000
EACH = 37
"""Of so many files one is read in the gate."""
CLOZE = b"<quiz><question type='cloze'><questiontext><text>%s</text></questiontext></question></quiz>"
KNOWN = {
    "gift": b"$CATEGORY: a" + b" " * SIZE + b"a",
    "markdown": b"1. " + b"![" * (SIZE // 2) + b"\n= 1\n",
    "moodle-xml": CLOZE % (b"{1:SA:" * 999 + b"a" * SIZE + b"\\"),
    "json": b'\\"' * (SIZE // 2),
}


def reading(form: str, data: bytes) -> tuple[float, int]:
    """The seconds of the processor that it takes, and the questions found."""
    began = time.process_time()
    found = FORMATS[form].read(data).found
    return time.process_time() - began, found


@pytest.mark.explore(gate=True)
@pytest.mark.parametrize("form", FORMATS)
def test_no_mark_takes_long(form: str) -> None:
    """In the gate some of the files, and smaller ones."""
    size = SIZE if exploring() else SIZE // 8
    moment = MOMENT if exploring() else 2 * MOMENT
    for number, (name, data) in enumerate(files(form, size)):
        if exploring() or number % EACH == 0:
            taken, found = reading(form, data)
            most = MOST_TIME * size / SIZE + QUESTION * found + moment
            assert taken < most or reading(form, data)[0] < most, name  # once may be a neighbour's doing


@pytest.mark.parametrize("form", KNOWN)
def test_what_took_long_is_read_at_once(form: str) -> None:
    began = time.process_time()
    FORMATS[form].read(KNOWN[form])
    assert time.process_time() - began < MOST_TIME
