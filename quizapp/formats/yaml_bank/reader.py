"""YAML -> a value, the line of each of its paths, and everything that is wrong with its notation.

The file is read from the parser's events and never through a loader: that gives the line of every value and all
problems at once, and needs no recursion.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from quizapp.errors import N_, Path, Problem
from quizapp.formats.bank_document import MAX_DEPTH, MAX_VALUES, TOO_DEEP, TOO_MANY, Unreadable
from quizapp.formats.base import FormatError, unreadable
from quizapp.formats.text import decode

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?P<rest>\.[0-9]+)?(?P<power>[eE][-+]?[0-9]{1,3})?")
WORDS = {"": None, "null": None, "~": None, "true": True, "false": False}


class DocumentBuilder:
    """Builds the value from events; `lines` gives the line of every path, `problems` what was wrong."""

    def __init__(self) -> None:
        self.value: Any = None
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self._open: list[tuple[Any, Path]] = []
        self._keys: list[str | None] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents == 2:
                self.wrong(N_("A second document begins here; a file holds one. Split the file."), line, ())
        elif self._documents < 2:
            self.node(event, line)

    def node(self, event: yaml.Event, line: int) -> None:
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._open.pop()
            self._keys.pop()
        elif isinstance(event, yaml.NodeEvent):
            self.refuse_extras(event, line)
            if self.wants_key():
                self.key(event, line)
            elif isinstance(event, yaml.CollectionStartEvent):
                self.enter({} if isinstance(event, yaml.MappingStartEvent) else [], line)
            else:
                self.put(scalar(event) if isinstance(event, yaml.ScalarEvent) else None, line)

    def wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1][0], dict) and self._keys[-1] is None

    def key(self, event: yaml.NodeEvent, line: int) -> None:
        """A key of the mapping that is open."""
        if isinstance(event, yaml.CollectionStartEvent):
            raise Unreadable(
                N_("A key has to be a word, not a list or a mapping. Text with braces needs quotes."), line
            )
        mapping, path = self._open[-1]
        name = event.value if isinstance(event, yaml.ScalarEvent) else ""
        if name in mapping:
            self.wrong(N_("The key “%(key)s” appears twice in this mapping."), line, (*path, name), key=name)
        self._keys[-1] = name
        self.lines[(*path, name)] = line

    def enter(self, container: Any, line: int) -> None:
        path = self.put(container, line)
        self._open.append((container, path))
        self._keys.append(None)
        if len(self._open) > MAX_DEPTH:
            raise Unreadable(TOO_DEEP, line, limit=MAX_DEPTH)

    def put(self, value: Any, line: int) -> Path:
        """Add a value to what is open; gives its path."""
        if not self._open:
            self.value = value
            self.lines[()] = line
            return ()
        container, path = self._open[-1]
        if isinstance(container, list):
            path = (*path, len(container))
            container.append(value)
            self.lines[path] = line
        else:
            name = self._keys[-1] or ""
            path = (*path, name)
            container[name] = value
            self._keys[-1] = None
        if len(self.lines) > MAX_VALUES:
            raise Unreadable(TOO_MANY, line, limit=MAX_VALUES)
        return path

    def refuse_extras(self, event: yaml.NodeEvent, line: int) -> None:
        path = self._open[-1][1] if self._open else ()
        if event.anchor is not None:
            self.wrong(
                N_("Anchors and aliases (& and *) aren't read here. Write the value out, or quote it."), line, path
            )
        if getattr(event, "tag", None) is not None:
            self.wrong(N_("Tags (!) aren't read here. Remove it, or put the text in quotes."), line, path)

    def wrong(self, template: str, line: int, path: Path, **values: Any) -> None:
        self.problems.append(Problem(template, values, code="yaml", line=line, path=path))


def scalar(event: yaml.ScalarEvent) -> Any:
    """The value of a scalar: bare words of the few that have a meaning, else text."""
    text = event.value
    if not event.implicit[0] or event.style:
        return text
    if text in WORDS:
        return WORDS[text]
    number = NUMBER.fullmatch(text)
    if number is None:
        return text
    return float(text) if number["rest"] or number["power"] else int(text)


def load_lines(data: bytes) -> tuple[Any, dict[Path, int], list[Problem]]:
    """The value of a YAML file, the line of each of its paths, and everything wrong with its notation.

    Never raises. What can't be read has the value None, or what was read up to there.
    """
    try:
        text, _ = decode(data)
    except FormatError as error:
        return None, {}, unreadable(error).problems
    return load_text(text)


def load_text(text: str) -> tuple[Any, dict[Path, int], list[Problem]]:
    builder = DocumentBuilder()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except Unreadable as error:
        return None, builder.lines, [*builder.problems, error.problem]
    except yaml.YAMLError as error:
        return None, builder.lines, [*builder.problems, syntax_problem(error, text)]
    return builder.value, builder.lines, builder.problems


def syntax_problem(error: yaml.YAMLError, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "?"
    return Problem(
        N_("This is not YAML: %(what)s."),
        {"what": what},
        code="yaml",
        line=line,
        text=line_text(text, line),
        mend=N_("Check the indentation, the brackets, and texts with “: ” or “#”, which need quotes."),
    )


def line_text(text: str, line: int) -> str:
    lines = text.split("\n", line)
    return lines[line - 1][:200] if len(lines) >= line else ""
