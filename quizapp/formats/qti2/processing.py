"""The response processing of QTI 2 and 3, evaluated for any response.

Templates and written-out rules are evaluated alike: `Processing.score` gives what a response earns, `feedback` what
it brings up. An unknown rule raises Unsupported, and the question is kept unchanged.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from quizapp.errors import N_
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.refusals import MOST_TESTS, Unsupported
from quizapp.formats.qti2.declarations import Declaration, Given, default_of, read_declaration
from quizapp.formats.qti2.expressions import Evaluation
from quizapp.formats.qti2.values import Value, as_number

TEMPLATES = (("map_response_point", ""), ("map_response", "map"), ("match_correct", "match"), ("CC2_match", "match"))


@dataclass
class Processing:
    """How responses are processed. `outcomes` are their values before."""

    declarations: dict[str, Declaration]
    outcomes: dict[str, Value]
    rules: Any = None
    template: str = ""
    size: int = 0
    spent: int = 0

    def spend(self) -> None:
        """Count the elements that are evaluated, so that a file can't keep the server busy for long."""
        self.spent += self.size
        if self.spent > MOST_TESTS:
            raise Unsupported(N_("Working out what is right in it would take too long."))

    def score(self, given: Given, bounded: bool = True) -> float:
        """The SCORE of a response."""
        self.spend()
        if self.template:
            declaration = next(iter(self.declarations.values()))
            values = given.get(declaration.identifier, ())
            if self.template == "match":
                return float(declaration.is_correct(values))
            return declaration.worth(values, bounded) if values else 0.0
        value = as_number(self.run(given, bounded).get("SCORE"))
        return value or 0.0

    def feedback(self, given: Given) -> set[tuple[str, str]]:
        """The outcomes that are identifiers, as pairs (outcome, value)."""
        self.spend()
        outcomes = self.outcomes if self.template else self.run(given, True)
        return {
            (name, one)
            for name, value in outcomes.items()
            for one in (value if isinstance(value, list) else [value])
            if isinstance(one, str)
        }

    def run(self, given: Given, bounded: bool) -> dict[str, Value]:
        return Run(self.declarations, dict(self.outcomes), given, bounded).result(self.rules)


class Leave(Exception):
    """`exitResponse`: the processing ends."""


class Run(Evaluation):
    """One response being processed."""

    def result(self, rules: Any) -> dict[str, Value]:
        """The outcomes after the rules."""
        with suppress(Leave):
            self.follow(rules if rules is not None else ())
        return self.outcomes

    def follow(self, rules: Any) -> None:
        for rule in rules:
            name = local(rule)
            if name == "setOutcomeValue":
                self.outcomes[rule.get("identifier", "")] = self.value(rule[0]) if len(rule) else None
            elif name == "responseCondition":
                self.branch(rule)
            elif name == "responseProcessingFragment":
                self.follow(rule)
            elif name == "exitResponse":
                raise Leave
            elif name:
                raise Unsupported(N_("It is scored by “%(name)s”, which isn't known here."), name=name)

    def branch(self, condition: Any) -> None:
        for part in condition:
            if local(part) == "responseElse":
                self.follow(part)
                return
            if local(part) in ("responseIf", "responseElseIf") and len(part) and self.value(part[0]) is True:
                self.follow(part[1:])
                return


def read_processing(item: Any) -> Processing:
    """The processing of an item. Raises Unsupported for a template that isn't known."""
    declarations = {
        one.identifier: one for node in item if local(node) == "responseDeclaration" for one in [read_declaration(node)]
    }
    outcomes = {node.get("identifier", ""): default_of(node) for node in item if local(node) == "outcomeDeclaration"}
    rules = next((node for node in item if local(node) == "responseProcessing"), None)
    template = template_of(rules, declarations)
    size = sum(1 + len(one.mapping) + len(one.correct) for one in declarations.values())
    size += 0 if rules is None else sum(1 for _ in rules.iter())
    return Processing(declarations, outcomes, rules, template if declarations else "", size)


def template_of(rules: Any, declarations: dict[str, Declaration]) -> str:
    """The template by which responses are scored; "" where the rules are written out."""
    if rules is not None and len(rules):
        return ""
    written = "" if rules is None else rules.get("template") or rules.get("templateLocation") or ""
    if not written:
        return "map" if any(one.mapping for one in declarations.values()) else "match"
    template = next((name for mark, name in TEMPLATES if mark in written), "")
    if not template:
        raise Unsupported(N_("It is scored by the template “%(name)s”, which isn't known here."), name=written)
    return template
