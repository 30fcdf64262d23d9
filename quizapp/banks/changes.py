"""What has changed between two wordings of a question, said field by field in words that people use. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.errors import N_
from quizapp.kinds import KINDS
from quizapp.kinds.fields import Field, Rows, named

Path = tuple[str, ...]

LABELS = {
    "kind": N_("Kind"),
    "title": N_("Title"),
    "stem": N_("Question"),
    "stimulus": N_("Material"),
    "feedback": N_("Feedback"),
    "general": N_("always"),
    "right": N_("when right"),
    "partial": N_("when partly right"),
    "wrong": N_("when wrong"),
    "solution": N_("solution"),
    "hints": N_("Hint"),
    "scoring": N_("Scoring"),
    "category": N_("Category"),
    "tags": N_("Tags"),
    "objectives": N_("Objectives"),
    "difficulty": N_("Difficulty"),
    "citations": N_("Sources"),
    "enemies": N_("Never together with"),
    "use": N_("Use"),
    "points": N_("Points for this question"),
    "shuffle": N_("Shuffled"),
    "licence": N_("Licence"),
    "media": N_("Media"),
    "ko": N_("Korean"),
    "en": N_("English"),
    "order": N_("Order"),
    "key": N_("Right answer"),
}
"""What every kind has. The words for what one kind has are in the kind."""
ORDER = "order"
KEY = "key"


@dataclass(frozen=True)
class PathPart:
    """A part of the path to a field: its name, and the word for it, to be translated; "" for an author's own name."""

    name: str
    word: str


@dataclass(frozen=True)
class Change:
    """One field of a question of this kind: where it stands, and both values; "" for none."""

    kind: str
    path: Path
    old: str
    new: str

    @property
    def label(self) -> list[PathPart]:
        """The path to the field in words, without the parts that tell a reader nothing."""
        first, *rest = self.path
        if self.kind in KINDS and first == "response":
            return list(worded_path(rest, KINDS[self.kind].FORM))
        if self.kind in KINDS and first == "scoring":
            return [worded_part(first), *worded_path(rest, KINDS[self.kind].RULES)]
        return [worded_part(name) for name in self.path]


def worded_part(name: str) -> PathPart:
    return PathPart(name, LABELS.get(name, ""))


def worded_path(path: Sequence[str], described: tuple[Field, ...]) -> Iterator[PathPart]:
    """The path below a kind's body in the words of its fields; an entry of a list goes by its own name."""
    if not path:
        return
    first, *rest = path
    found = named(described, first)
    if not found:
        yield from map(worded_part, path)
        return
    yield PathPart(first, found[0].called)
    if isinstance(found[0], Rows) and len(rest) > 1:
        entry, *rest = rest
        yield PathPart(entry, "")
    yield from worded_path(rest, tuple(below for one in found for below in one.within))


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Every field in which two contents (`Item.content()`) differ, in the order of the new one, then what is gone."""
    before, after = dict(leaves(old)), dict(leaves(new))
    tell_keys(old, new, before, after)
    paths = [*after, *(path for path in before if path not in after)]
    kind = str(new.get("kind", ""))
    return [
        Change(kind, path, before.get(path, ""), after.get(path, ""))
        for path in paths
        if before.get(path, "") != after.get(path, "")
    ]


def tell_keys(old: Mapping[str, Any], new: Mapping[str, Any], before: dict[Path, str], after: dict[Path, str]) -> None:
    """Another key among the choices is told by what the choices say, and not by the share of each."""
    keys = keys_of(old), keys_of(new)
    if not all(keys) or keys[0].keys() == keys[1].keys():
        return
    for name in keys[0].keys() ^ keys[1].keys():
        path = ("response", "choices", name, "fraction")
        if {before.get(path), after.get(path)} == {"0", "1"}:
            del before[path], after[path]
    for known, found in zip(keys, (before, after), strict=True):
        for language in {language: None for text in known.values() for language in text if language != "format"}:
            found[KEY, language] = ", ".join(text.get(language, "") for text in known.values())


def keys_of(content: Mapping[str, Any]) -> dict[str, Mapping[str, str]]:
    """The texts of the right choices by their ids."""
    choices = content.get("response", {}).get("choices", [])
    return {one["id"]: one["text"] for one in choices if one.get("fraction") == 1}


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every single value with its path. Things with ids go by them, not by their places."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from leaves(part, (*path, str(key)))
    elif isinstance(value, list) and any(isinstance(part, (Mapping, list)) for part in value):
        for place, part in enumerate(value, 1):
            name = part.get("id") or part.get("name") if isinstance(part, Mapping) else None
            rest = {key: one for key, one in part.items() if key != "id"} if isinstance(part, Mapping) else part
            yield from leaves(rest, (*path, str(name or place)))
        yield from order_of(value, path)
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    else:
        yield path, value_text(value)


def order_of(value: list[Any], path: Path) -> Iterator[tuple[Path, str]]:
    """The order of things with ids: for an ordering it is the key."""
    names = [str(part["id"]) for part in value if isinstance(part, Mapping) and part.get("id")]
    if names:
        yield (*path, ORDER), " → ".join(names)


def value_text(value: Any) -> str:
    return {True: "✓", False: "✗", None: ""}[value] if value is None or isinstance(value, bool) else str(value)
