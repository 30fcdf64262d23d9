"""No regular expression of ours takes more than linear time, whatever it is fed.

Each pattern that a module holds, or writes where it is run, is run in the ways in which the code runs it over
repetitions of what it looks for: each beginning of what it matches, and each of its characters behind each beginning.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import re._constants as opcodes  # pyright: ignore[reportMissingImports] -- the parser of patterns ships no types
import re._parser as parser  # pyright: ignore[reportMissingImports]
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from types import ModuleType
from typing import Any

import pytest

import quizapp
from quizapp.formats.exam_text.line import MOST_CHARACTERS, tidy

LEFT_OUT = ("quizapp.migrations", "quizapp.__main__")
"""They run when a site is brought up to date or begun, and no request does."""
SIZE = 25_000
MOST_TIME = 0.1
"""Seconds of the processor: linear takes hundredths of it, quadratic more, at this size on the fastest machine."""

BOUNDED = {
    "quizapp.formats.sheets.columns.REMARK": 300,
    "quizapp.kinds.readings.TYPED": 200,
    "quizapp.kinds.readings.QUOTIENT": 200,
    "quizapp.kinds.readings.PLAIN": 200,
    "quizapp.kinds.readings.POWER_MARKS": 200,
    "quizapp.kinds.readings.GROUPS": 200,
}
"""Patterns that are given short texts only, and how long these may be."""

LINES = ("quizapp.formats.exam_text.", "quizapp.formats.documents.")
"""Modules whose patterns are given the lines of an exam: tidied, and as long as lines are looked into."""

NEVER = "\x01"
"""A character that ends no match."""
OF_CATEGORY = {
    "CATEGORY_DIGIT": "1", "CATEGORY_NOT_DIGIT": "a", "CATEGORY_SPACE": " ", "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_WORD": "a", "CATEGORY_NOT_WORD": "-",
}  # fmt: skip


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(quizapp.__path__, "quizapp."):
        if not found.name.startswith(LEFT_OUT):
            yield importlib.import_module(found.name)


def patterns_in(value: Any, name: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield name, value
    elif isinstance(value, (tuple, list, dict)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from patterns_in(part, f"{name}[{key}]")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from patterns_in(getattr(value, field.name), f"{name}.{field.name}")


def uses(module: ModuleType) -> Iterator[tuple[re.Pattern[str] | str, str]]:
    """The patterns that a module runs, each with the method by which it does; also those written where they are run.
    One that something keeps goes by the name of its field."""
    source, held = inspect.getsource(module), vars(module)
    if not re.search("|".join(rf"\.{way}\b" for way in RUN), source):
        return
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=way) if isinstance(held.get(name), re.Pattern):
                yield held[name], way
            case ast.Attribute(value=ast.Attribute(attr=name), attr=way):
                yield name, way
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=way), args=[ast.Constant(value=str(text)), *more]
            ) if way in RUN:
                flags = [getattr(re, one.attr) for one in more if isinstance(one, ast.Attribute)]
                yield re.compile(text, sum(flag for flag in flags if isinstance(flag, int))), way


def collected() -> dict[str, tuple[re.Pattern[str], frozenset[str]]]:
    """Every pattern by its name, with the ways in which it is run; one that nobody runs by name is searched for."""
    named: dict[str, re.Pattern[str]] = {}
    ways: dict[re.Pattern[str] | str, set[str]] = {}
    for module in modules():
        for name, value in vars(module).items():
            named |= dict(patterns_in(value, f"{module.__name__}.{name}"))
        for pattern, way in uses(module):
            ways.setdefault(pattern, set()).add(way)
            named |= dict(patterns_in(pattern, f"{module.__name__}: {getattr(pattern, 'pattern', '')}"))
    first = {pattern: name for name, pattern in reversed(named.items())}
    found: dict[str, tuple[re.Pattern[str], frozenset[str]]] = {}
    for one, name in first.items():
        of_field = ways.get(name.rpartition(".")[2], set()) if one not in ways else set()
        found[name] = one, frozenset((ways.get(one, set()) | of_field) & RUN.keys()) or frozenset(["search"])
    return found


RUN = {
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "search": lambda pattern, text: pattern.search(text),
    "findall": lambda pattern, text: pattern.findall(text),
    "finditer": lambda pattern, text: pattern.findall(text),
    "sub": lambda pattern, text: pattern.sub("", text),
    "split": lambda pattern, text: pattern.split(text),
}  # fmt: skip


# --- what a pattern looks for ---


def one_of(choices: Iterable[tuple[Any, Any]]) -> list[str]:
    """Characters that a set takes: one of each of its parts."""
    found: list[str] = []
    kinds = list(choices)
    if kinds and kinds[0][0] is opcodes.NEGATE:
        taken = re.compile(f"[^{''.join(map(re.escape, one_of(kinds[1:])))}]")
        return [one for one in ("a", " ", "1", "<", "\n", "[", '"') if taken.match(one)][:3]
    for kind, value in kinds:
        if kind is opcodes.LITERAL:
            found.append(chr(value))
        elif kind is opcodes.RANGE:
            found.append(chr(value[0]))
        elif kind is opcodes.CATEGORY:
            found.append(OF_CATEGORY[str(value)])
    return found


def steps(parsed: Any) -> Iterator[tuple[str, list[str]]]:
    """The shortest text that each part of a pattern takes, in order, and the characters that it may take instead."""
    for kind, value in parsed:
        if kind is opcodes.LITERAL:
            yield chr(value), [chr(value)]
        elif kind is opcodes.NOT_LITERAL:
            yield ("b" if value == ord("a") else "a"), ["b", " "]
        elif kind is opcodes.ANY:
            yield "a", ["a", " "]
        elif kind is opcodes.IN:
            yield (one_of(value) or ["a"])[0], one_of(value)
        elif kind in (opcodes.MAX_REPEAT, opcodes.MIN_REPEAT, opcodes.POSSESSIVE_REPEAT):
            inner = list(steps(value[2]))
            yield from [
                (
                    "".join(text for text, _ in inner) * min(max(value[0], 1), 3),
                    [one for _, more in inner for one in more],
                )
            ]
            yield "", ["".join(text for text, _ in inner)]
        elif kind is opcodes.SUBPATTERN:
            yield from steps(value[3])
        elif kind is opcodes.ATOMIC_GROUP:
            yield from steps(value)
        elif kind is opcodes.BRANCH:
            for number, branch in enumerate(value[1]):
                for text, more in steps(branch):
                    yield (text if not number else ""), [*more, text]


def feeds(pattern: re.Pattern[str], size: int) -> Iterator[str]:
    parts = list(steps(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)))
    whole = "".join(text for text, _ in parts)
    beginnings, start = [""], ""
    for text, _ in parts[:40]:
        start += text
        beginnings.append(start)
    beginnings = list(dict.fromkeys(beginnings))[-25:]
    singles = list(dict.fromkeys(one for _, more in parts for one in more if one))[:25]
    for beginning in beginnings[1:]:
        yield (beginning * size)[:size]
    for single in (*singles, " ", "\n"):
        many = (single * size)[:size]
        for beginning in beginnings:
            yield beginning + many + NEVER
        yield whole + many + whole + NEVER


def as_line(text: str) -> str:
    return tidy(text.replace("\n", " ")[:MOST_CHARACTERS]) + NEVER


def seconds(way: str, pattern: re.Pattern[str], text: str) -> float:
    """Of the processor, to run it once. Who judges by it asks twice, as once may be a neighbour's doing."""
    began = time.process_time()
    RUN[way](pattern, text)
    return time.process_time() - began


def slow(
    pattern: re.Pattern[str],
    ways: frozenset[str],
    size: int,
    prepared: Callable[[str], str] = str,
    most: float = MOST_TIME,
) -> str:
    """What it takes long over; "" if nothing."""
    for text in dict.fromkeys(map(prepared, feeds(pattern, size))):
        for way in ways:
            if seconds(way, pattern, text) > most and seconds(way, pattern, text) > most:
                return f"{way} over {text[:30]!r}"
    return ""


ALL = collected()


@pytest.mark.parametrize("name", ALL)
def test_a_pattern_takes_linear_time(name: str) -> None:
    pattern, ways = ALL[name]
    assert slow(pattern, ways, BOUNDED.get(name, SIZE), as_line if name.startswith(LINES) else str) == ""


SLOW = {r"\s*a\s*$": 20_000, r"!\[[^\]\n]*\]\(": 25_000, r"<(?:[^>\"]|\"[^\"]*\")*>": 6_000, r"(?:a|a)*b": 23}
"""Patterns, each with a size at which it takes more than `NOTICED` on the fastest machine."""
NOTICED = MOST_TIME / 2


@pytest.mark.parametrize("written", SLOW)
def test_a_slow_pattern_is_found(written: str) -> None:
    assert slow(re.compile(written), frozenset(["search"]), SLOW[written], most=NOTICED) != ""
