"""What the editor shows of a kind, as data. The fields repeat the written shape: a field's name is the key.

From these come the form of the editor, the words of a list of changes, and which keys hold texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from quizapp.errors import N_


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form. `label` is a message; `folded`: shown on demand, unless it holds something."""

    name: str
    label: str
    folded: bool = False

    @property
    def called(self) -> str:
        """What one of it is called in a list of changes."""
        return self.label

    @property
    def within(self) -> tuple[Field, ...]:
        return ()


class Line(Field):
    """A text in one line, the same in every language."""


class Number(Field):
    """A number."""


class Flag(Field):
    """Yes or no; no is usual."""


class Truth(Field):
    """True or false, one of them chosen; true at first."""


class Share(Field):
    """A share of the points, from -1 to 1."""


@dataclass(frozen=True, kw_only=True)
class Words(Field):
    """A text by language, in boxes of so many rows."""

    rows: int = 2


@dataclass(frozen=True, kw_only=True)
class OneOf(Field):
    """One of several values, each with its message. "" is the usual one, and isn't written."""

    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Cases(OneOf):
    """The same, where other fields depend on it. `again` is the message of the button that shows them."""

    again: str
    cases: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Belongs(Field):
    """The id of an entry of another list of the body: `of` is its name."""

    of: str


@dataclass(frozen=True, kw_only=True)
class Group(Field):
    """A mapping."""

    fields: tuple[Field, ...]

    @property
    def within(self) -> tuple[Field, ...]:
        return self.fields


@dataclass(frozen=True, kw_only=True)
class Rows(Group):
    """A list of mappings. `one` and `add` are messages: what an entry is called, and the button for another.

    ids: where entries have ids, what those of new ones begin with.  least: how many there are at first.
    """

    one: str
    add: str
    ids: str = ""
    least: int = 0
    movable: bool = False

    @property
    def called(self) -> str:
        return self.one


TEXT = Words(name="text", label=N_("Text"), rows=1)
SHARE = Share(name="fraction", label=N_("Share of the points"))
FEEDBACK = Words(name="feedback", label=N_("Feedback for this answer"), folded=True)


def answers(*fields: Field) -> Rows:
    """The answers that are accepted, each with a share of the points."""
    return Rows(
        name="answers", label=N_("Accepted answers"), one=N_("Answer"), add=N_("Add an answer"), least=1, movable=True,
        fields=(*fields, SHARE, FEEDBACK),
    )  # fmt: skip


def every(fields: tuple[Field, ...]) -> Iterator[Field]:
    """These fields and all within them, of every case."""
    for one in fields:
        yield one
        yield from every(one.within)
        if isinstance(one, Cases):
            for case in one.cases.values():
                yield from every(case)


def named(fields: tuple[Field, ...], name: str) -> list[Field]:
    """The fields of this name among these: one, or those of several cases."""
    cases = [case for one in fields if isinstance(one, Cases) for case in one.cases.values()]
    return [one for some in (fields, *cases) for one in some if one.name == name]
