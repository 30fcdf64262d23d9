"""The responses and outcomes that an item of QTI 2 or 3 declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.numbers import parsed_number
from quizapp.formats.qti.refusals import Unsupported
from quizapp.formats.qti2.values import Value, same_values

Given = Mapping[str, Sequence[str]]
"""Response identifier -> the values given."""


@dataclass
class Declaration:
    """A declared response: the right values, and what each value is worth."""

    identifier: str
    cardinality: str
    base: str
    correct: list[str]
    mapping: dict[str, float] = field(default_factory=dict)
    folded: dict[str, float] = field(default_factory=dict)
    default: float = 0
    lower: float | None = None
    upper: float | None = None

    @property
    def is_number(self) -> bool:
        return self.base in ("integer", "float")

    def worth(self, values: Sequence[str], bounded: bool) -> float:
        """What these values are worth by the mapping, each counted once."""
        total = sum(
            self.mapping.get(value, self.folded.get(value.casefold(), self.default)) for value in dict.fromkeys(values)
        )
        if bounded and self.lower is not None:
            total = max(total, self.lower)
        return min(total, self.upper) if bounded and self.upper is not None else total

    def is_correct(self, values: Sequence[str]) -> bool:
        return bool(self.correct) and same_values(
            self.cast(values), self.cast(self.correct), self.cardinality == "ordered"
        )

    def value_of(self, values: Sequence[str]) -> Value:
        """What the variable holds: None for nothing, one value, a list, or a tuple where order matters."""
        found = self.cast(values)
        if not found:
            return None
        if self.cardinality == "single":
            return found[0]
        return tuple(found) if self.cardinality == "ordered" else found

    def cast(self, values: Sequence[str]) -> list[Value]:
        """The values for comparison: numbers as numbers, and unordered pairs in a fixed order."""
        if self.is_number:
            return [parsed_number(value) for value in values]
        return [" ".join(sorted(value.split())) if self.base == "pair" else value for value in values]


def read_declaration(element: Any) -> Declaration:
    declaration = Declaration(
        element.get("identifier", ""), element.get("cardinality", "single"), element.get("baseType", ""), []
    )
    for child in element:
        if local(child) == "correctResponse":
            declaration.correct = [" ".join((node.text or "").split()) for node in child if local(node) == "value"]
        elif local(child) == "mapping":
            declaration.default = parsed_number(child.get("defaultValue")) or 0
            declaration.lower = parsed_number(child.get("lowerBound"))
            declaration.upper = parsed_number(child.get("upperBound"))
            read_entries(child, declaration)
        elif local(child) == "areaMapping":
            raise Unsupported(N_("It is scored by areas of a picture."))
    return declaration


def read_entries(mapping: Any, declaration: Declaration) -> None:
    for entry in mapping:
        if local(entry) == "mapEntry":
            key, worth = " ".join((entry.get("mapKey") or "").split()), parsed_number(entry.get("mappedValue")) or 0
            declaration.mapping[key] = worth
            if entry.get("caseSensitive", "true").lower() == "false":
                declaration.folded[key.casefold()] = worth


def default_of(declaration: Any) -> Value:
    """The value of an outcome before the processing; that of a number is 0."""
    values = [(node.text or "").strip() for node in declaration.iter("value")]
    base = declaration.get("baseType", "")
    if base in ("integer", "float"):
        return parsed_number(values[0]) if values else 0.0
    if declaration.get("cardinality") in ("multiple", "ordered"):
        return values
    return values[0] if values else None
