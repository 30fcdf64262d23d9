"""Our own bank file in YAML: what master content is written in, and what loses nothing.

Only what people mean stays: no aliases, no tags, no second document; bare `true`, `false`, `null` and plain decimal
numbers are values, and every other bare word (`no`, `010`, `12:30`) is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.bank_document import document_of, read_document
from quizapp.formats.base import FormatError, Reading, Told, refuse_uncarried, unreadable
from quizapp.formats.items import Item
from quizapp.formats.text import decode, opening
from quizapp.formats.yaml_bank.reader import load_lines as load_lines
from quizapp.formats.yaml_bank.reader import load_text
from quizapp.formats.yaml_bank.sample import SAMPLE as SAMPLE
from quizapp.formats.yaml_bank.writer import dump

NAME = "yaml"
LABEL = N_("Question bank (YAML)")
SUFFIXES = (".yaml", ".yml")
MIME = "application/yaml"

HEAD = re.compile(r"^(items|bank):", re.MULTILINE)
ENTRY = re.compile(r"^ *- +(id|kind|stem|title): ", re.MULTILINE)
BODY = re.compile(r"^ +(stem|response|kind):", re.MULTILINE)


def sniff(data: bytes) -> float:
    start = opening(data)
    if start.lstrip().startswith(("{", "[")):
        return 0.0
    marks = bool(HEAD.search(start)) + bool(ENTRY.search(start)) + bool(BODY.search(start))
    return (0.0, 0.2, 0.8, 0.95)[marks]


def read(data: bytes, language: str | None = None) -> Reading:
    """The items of the bank; its texts name their languages themselves."""
    try:
        text, encoding = decode(data)
    except FormatError as error:
        return unreadable(error)
    value, lines, problems = load_text(text)
    reading = read_document(value, lines, problems, NAME)
    reading.encoding = encoding
    return reading


def carries(item: Item) -> list[Problem]:
    return []


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    return dump(document_of(items)).encode()
