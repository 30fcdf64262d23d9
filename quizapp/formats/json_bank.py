"""Our own bank file in JSON: the same document as in YAML, for programs.

The value is Python's reading of it; the lines are found by a second, light pass over the tokens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from quizapp.errors import N_, Path, Problem
from quizapp.formats import yaml_bank
from quizapp.formats.bank_document import (
    MAX_DEPTH,
    MAX_VALUES,
    TOO_DEEP,
    TOO_MANY,
    Unreadable,
    document_of,
    read_document,
)
from quizapp.formats.base import FormatError, Reading, Told, refuse_uncarried, unreadable
from quizapp.formats.items import Item
from quizapp.formats.text import decode, opening

NAME = "json"
LABEL = N_("Question bank (JSON)")
SUFFIXES = (".json",)
MIME = "application/json"
SAMPLE = json.dumps(yaml_bank.load_lines(yaml_bank.SAMPLE)[0], ensure_ascii=False, indent=1).encode()

TOKEN = re.compile(r'"(?:[^"\\]++|\\[\s\S])*+(?:"|\\?\Z)|[{}\[\],:]|\n|[^\s"{}\[\],:]++')
BEGINNING = re.compile(r'\{\s*(?:["}]|$)|\[\s*(?:[\[{"\]0-9-]|true|false|null|$)')
"""How JSON begins. The `[html]` of GIFT and the `{\\rtf1` of a rich text don't."""
NAMED = re.compile(r'"(items|kind|stem|response)"\s*:')


class LineScanner:
    """Finds the line of every path of a text that is JSON, and the keys that stand twice."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self._path: list[str | int] = []
        self._keys: list[set[str] | None] = []
        self._line = 1
        self._key_next = False

    def scan(self, text: str) -> None:
        for match in TOKEN.finditer(text):
            piece = match[0]
            if piece == "\n":
                self._line += 1
            elif piece in "{[":
                self.enter(piece == "{")
            elif piece in "}]":
                self._keys.pop()
                self._path.pop()
                self._key_next = False
            elif piece == ",":
                last = self._path[-1]
                self._path[-1] = last + 1 if isinstance(last, int) else ""
                self._key_next = not isinstance(last, int)
            elif self._key_next and piece != ":":
                self.key(json.loads(piece))
            elif piece != ":":
                self.found()

    def enter(self, mapping: bool) -> None:
        self.found()
        self._keys.append(set() if mapping else None)
        self._path.append("" if mapping else 0)
        self._key_next = mapping
        if len(self._path) > MAX_DEPTH:
            raise Unreadable(TOO_DEEP, self._line, limit=MAX_DEPTH)

    def found(self) -> None:
        """Something stands at this path; a key has been noted already, on its own line."""
        self.lines.setdefault(tuple(self._path), self._line)
        if len(self.lines) > MAX_VALUES:
            raise Unreadable(TOO_MANY, self._line, limit=MAX_VALUES)

    def key(self, name: str) -> None:
        self._path[-1], self._key_next = name, False
        path, keys = tuple(self._path), self._keys[-1]
        if keys is not None and name in keys:
            self.problems.append(
                Problem(
                    N_("The key “%(key)s” appears twice in this mapping."),
                    {"key": name},
                    code="json",
                    line=self._line,
                    path=path,
                )
            )
        if keys is not None:
            keys.add(name)
        self.lines[path] = self._line


def load(text: str) -> tuple[Any, dict[Path, int], list[Problem]]:
    """The value of a JSON text, the line of each of its paths, and what is wrong with its notation."""
    if values_in(text) > MAX_VALUES:
        return None, {}, [Unreadable(TOO_MANY, 1, limit=MAX_VALUES).problem]
    try:
        value = json.loads(text, parse_constant=no_constant)
    except json.JSONDecodeError as error:
        return None, {}, [syntax_problem(error)]
    except RecursionError:
        return None, {}, [Unreadable(TOO_DEEP, 1, limit=MAX_DEPTH).problem]
    except ValueError:
        return None, {}, [Problem(N_("A value in this file is too large, or is not a number."), code="json", line=1)]
    scanner = LineScanner()
    try:
        scanner.scan(text)
    except Unreadable as error:
        return None, scanner.lines, [error.problem]
    return value, scanner.lines, scanner.problems


def values_in(text: str) -> int:
    """How many values the text holds, or one more than are read: what takes the memory is found before it does."""
    marks = (None for found in TOKEN.finditer(text) if found[0] in "{[,")
    return sum(1 for _ in islice(marks, MAX_VALUES + 1))


def no_constant(name: str) -> Any:
    """JSON has no NaN and no Infinity, though Python would read them."""
    raise ValueError(name)


def syntax_problem(error: json.JSONDecodeError) -> Problem:
    return Problem(
        N_("This is not JSON: %(what)s."),
        {"what": error.msg},
        code="json",
        line=error.lineno,
        text=error.doc.split("\n", error.lineno)[error.lineno - 1][:200],
        mend=N_("Look for a missing or extra comma, quote or bracket just before."),
    )


def sniff(data: bytes) -> float:
    start = opening(data).lstrip()
    if not BEGINNING.match(start):
        return 0.0
    names = {match[1] for match in NAMED.finditer(start)}
    return 0.95 if len(names) > 1 else 0.6 if names else 0.1


def read(data: bytes, language: str | None = None) -> Reading:
    """The items of the bank; its texts name their languages themselves."""
    try:
        text, encoding = decode(data)
    except FormatError as error:
        return unreadable(error)
    reading = read_document(*load(text), NAME)
    reading.encoding = encoding
    return reading


def carries(item: Item) -> list[Problem]:
    return []


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    return (json.dumps(document_of(items), ensure_ascii=False, indent=1) + "\n").encode()
