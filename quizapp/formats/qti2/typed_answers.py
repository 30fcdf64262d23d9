"""The accepted answers of a typed response in QTI 2 and 3: texts and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizapp.errors import N_
from quizapp.formats.losses import loss
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.numbers import in_digits, is_decimal, share_of
from quizapp.formats.qti.refusals import Unsupported
from quizapp.formats.qti2.assessment_item import AssessmentItem
from quizapp.formats.qti2.declarations import Declaration
from quizapp.formats.wildcards import pattern_of
from quizapp.kinds.base import Body, nfc
from quizapp.kinds.checks import NUMBER
from quizapp.kinds.number import takes

BEYOND = Decimal("1.01")
"""How far beyond a tolerance a number is tried, to make sure that it ends there."""
ROUNDING = 1e-6


def typed_answers(question: AssessmentItem, interaction: Any) -> tuple[list[Body], str, Body]:
    """The accepted answers of a typed response, their kind, and the rule of scoring."""
    response = interaction.get("responseIdentifier", "")
    declared = question.processing.declarations.get(response)
    if declared is None:
        return [], "text", {}
    if declared.is_number:
        return scaled(numbers(question, declared)), "number", {}
    written = dict.fromkeys([*declared.correct, *declared.mapping, *strings(question, response)])
    scores = {one: question.processing.score({response: [one]}) for one in written}
    right = [one for one in scores if scores[one] > 0]
    case = [one for one in right if one.swapcase() not in right and one.swapcase().casefold() == one.casefold()]
    exact = [one for one in case if question.processing.score({response: [one.swapcase()]}) < scores[one]]
    answers = [{"text": pattern_of(nfc(one)), "fraction": scores[one]} for one in right]
    return scaled(answers), "text", {"case": True} if exact else {}


def report_limits(question: AssessmentItem, interaction: Any) -> None:
    """A loss for what is asked of the form of a response: a pattern, or how many words there have to be."""
    if pattern := interaction.get("patternMask"):
        template = N_("There, a response has to have the form “%(pattern)s”; here, any form will do.")
        question.problems.append(loss(template, "pattern", pattern=pattern[:80]))
    least = interaction.get("minStrings") or ""
    if least.isdecimal() and int(least) > 0:
        template = N_("There, at least %(count)s responses have to be typed; here, any number.")
        question.problems.append(loss(template, "min-strings", count=least))


def strings(question: AssessmentItem, response: str) -> Iterator[str]:
    """The texts that the rules compare with a response."""
    for node in question.element.iter("baseValue"):
        beside = [one.get("identifier") for one in node.getparent() if local(one) == "variable"]
        if response in beside and node.get("baseType") == "string":
            yield " ".join((node.text or "").split())


def scaled(answers: list[Body]) -> list[Body]:
    """The answers with their scores as fractions of the best one; those that earn nothing are left out."""
    best = max((one["fraction"] for one in answers), default=0)
    kept = [one for one in answers if one["fraction"] > 0]
    for one in kept:
        one["fraction"] = share_of(one["fraction"], best)
    return kept


def numbers(question: AssessmentItem, declared: Declaration) -> list[Body]:
    """The accepted numbers with their tolerance and score, in the order of the rules, else of the mapping.

    Raises Unsupported if numbers at or beyond the tolerances don't score as these answers say.
    """
    compared = dict.fromkeys(comparisons(question, declared))
    pairs = compared or dict.fromkeys((value, Decimal(0)) for value in (*declared.mapping, *declared.correct))
    answers: list[Body] = []
    tried: list[str] = []
    for value, half in pairs:
        if not NUMBER.fullmatch(value) or not is_decimal(value):
            continue
        answer = {"value": value, **({"tolerance": in_digits(half)} if half else {})}
        inside = [value, *(in_digits(Decimal(value) + side * half) for side in (-1, 1) if half)]
        free = next((one for one in inside if not taken(answers, one)), None)
        if free is not None:
            answers.append(answer | {"fraction": question.processing.score({declared.identifier: [free]})})
            beyond = half * BEYOND + Decimal("1e-6")
            tried += [*inside, *(in_digits(Decimal(value) + side * beyond) for side in (-1, 1))]
    for one in tried:
        wanted = next((answer["fraction"] for answer in answers if takes(answer, Fraction(one))), 0)
        if abs(max(question.processing.score({declared.identifier: [one]}), 0) - max(wanted, 0)) > ROUNDING:
            raise Unsupported(N_("Its numbers are scored by a rule that isn't known here."))
    return answers


def taken(answers: list[Body], value: str) -> bool:
    return any(takes(answer, Fraction(value)) for answer in answers)


def comparisons(question: AssessmentItem, declared: Declaration) -> Iterator[tuple[str, Decimal]]:
    """The numbers that the rules compare with the response, each with its tolerance."""
    for node in question.element.iter("equal"):
        parts = {local(one): one for one in node}
        if "variable" not in parts or parts["variable"].get("identifier") != declared.identifier:
            continue
        written = [" ".join((parts["baseValue"].text or "").split())] if "baseValue" in parts else declared.correct
        bounds = [bound for bound in (node.get("tolerance") or "0").split() if is_decimal(bound)] or ["0"]
        if len(set(map(Decimal, bounds))) > 1:
            raise Unsupported(N_("Its numbers are scored by a rule that isn't known here."))
        for value in written:
            if is_decimal(value):
                ratio = abs(Decimal(value)) / 100 if node.get("toleranceMode") == "relative" else 1
                yield (
                    value,
                    abs(Decimal(bounds[0])) * ratio if node.get("toleranceMode", "exact") != "exact" else Decimal(0),
                )
