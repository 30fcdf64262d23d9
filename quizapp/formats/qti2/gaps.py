"""Typed answers and texts with gaps in QTI 2 and 3."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizapp.errors import N_
from quizapp.formats.markup import text_from_html
from quizapp.formats.qti.package import local
from quizapp.formats.qti2.declarations import Declaration, Given
from quizapp.formats.qti2.source import Source
from quizapp.formats.qti12.answers import in_digits, is_decimal, literal
from quizapp.formats.qti12.gaps import GAP_ID, MARK_IT, NO_RIGHT_GAP, apart
from quizapp.formats.qti12.scoring import Unsupported, share_of
from quizapp.formats.qti12.source import Wrong, ids_of
from quizapp.kinds.base import Body, Text, nfc
from quizapp.kinds.checks import NUMBER
from quizapp.kinds.number import takes

BEYOND = Decimal("1.01")
"""How far beyond a tolerance a number is tried, to see that it ends there."""
ROUNDING = 1e-6


def typed_answers(source: Source, interaction: Any) -> tuple[list[Body], str, Body]:
    """The accepted answers of a typed response, the kind that takes them, and the rule of scoring."""
    response = interaction.get("responseIdentifier", "")
    declared = source.processing.declarations.get(response)
    if declared is None:
        return [], "text", {}
    if declared.is_number:
        return scaled(numbers(source, declared)), "number", {}
    written = dict.fromkeys([*declared.correct, *declared.mapping, *strings(source, response)])
    scores = {one: source.processing.score({response: [one]}) for one in written}
    right = [one for one in scores if scores[one] > 0]
    case = [one for one in right if one.swapcase() not in right and one.swapcase().casefold() == one.casefold()]
    exact = [one for one in case if source.processing.score({response: [one.swapcase()]}) < scores[one]]
    answers = [{"text": literal(nfc(one)), "fraction": scores[one]} for one in right]
    return scaled(answers), "text", {"case": True} if exact else {}


def strings(source: Source, response: str) -> Iterator[str]:
    """The texts that the rules compare with a response."""
    for node in source.element.iter("baseValue"):
        beside = [one.get("identifier") for one in node.getparent() if local(one) == "variable"]
        if response in beside and node.get("baseType") == "string":
            yield " ".join((node.text or "").split())


def scaled(answers: list[Body]) -> list[Body]:
    """Scores as shares of the best one; what earns nothing is left out."""
    best = max((one["fraction"] for one in answers), default=0)
    kept = [one for one in answers if one["fraction"] > 0]
    for one in kept:
        one["fraction"] = share_of(one["fraction"], best)
    return kept


def numbers(source: Source, declared: Declaration) -> list[Body]:
    """The accepted numbers with their tolerance and score, in the order of the rules, else of the mapping.

    Raises Unsupported if numbers at or beyond the tolerances don't score as these answers say.
    """
    compared = dict.fromkeys(comparisons(source, declared))
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
            answers.append(answer | {"fraction": source.processing.score({declared.identifier: [free]})})
            beyond = half * BEYOND + Decimal("1e-6")
            tried += [*inside, *(in_digits(Decimal(value) + side * beyond) for side in (-1, 1))]
    for one in tried:
        wanted = next((answer["fraction"] for answer in answers if takes(answer, Fraction(one))), 0)
        if abs(max(source.processing.score({declared.identifier: [one]}), 0) - max(wanted, 0)) > ROUNDING:
            raise Unsupported(N_("Its numbers are scored by a rule that isn't known here."))
    return answers


def taken(answers: list[Body], value: str) -> bool:
    return any(takes(answer, Fraction(value)) for answer in answers)


def comparisons(source: Source, declared: Declaration) -> Iterator[tuple[str, Decimal]]:
    """The numbers that the rules compare with the response, each with its tolerance."""
    for node in source.element.iter("equal"):
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


def read_gaps(source: Source) -> tuple[Body, Given, bool]:
    """The body with a marker for each gap, the right response, and whether only all gaps together score."""
    nodes = source.interactions
    responses = [node.get("responseIdentifier", "") for node in nodes]
    if len(set(responses)) < len(responses):
        raise Wrong(N_("The gaps of this question can't be told apart."), "gaps")
    sound = all(GAP_ID.fullmatch(name) for name in responses)
    ids = {
        node: name if sound else f"g{place}" for place, (node, name) in enumerate(zip(nodes, responses, strict=True), 1)
    }
    gaps, right, weights = [], {}, []
    correct = {name: one.correct for name, one in source.processing.declarations.items()}
    together = len(nodes) > 1 and source.processing.score(correct) > 0
    for node, response in zip(nodes, responses, strict=True):
        gap, given, best = read_gap(source, node, ids[node])
        together = together and best <= 0
        gaps.append(gap)
        weights.append(best)
        right[response] = [given]
    if not together and min(weights) <= 0:
        raise Wrong(NO_RIGHT_GAP, "no-right", MARK_IT, name=gaps[weights.index(min(weights))]["id"])
    written = source.markup(source.gap_text, lambda one: f"{{{{{ids[one]}}}}}" if one in ids else None)
    text = text_from_html(written, source.language)
    return {"text": text, "gaps": apart(gaps if together else weighted(gaps, weights))}, right, together


def read_gap(source: Source, node: Any, gap: str) -> tuple[Body, str, float]:
    """One gap, its right answer, and what that earns by itself (0: only together with the other gaps)."""
    response = node.get("responseIdentifier", "")
    declared = source.processing.declarations.get(response)
    correct = declared.correct[0] if declared and declared.correct else ""
    if local(node) == "inlineChoiceInteraction":
        return read_inline_choice(source, node, gap, correct)
    answers, kind, scoring = typed_answers(source, node)
    best = 0.0
    if answers:
        first = max(answers, key=lambda one: one["fraction"])
        correct = first["value"] if kind == "number" else first["text"].replace(r"\*", "*")
        best = max(source.processing.score({response: [correct]}), 0)
    elif correct:
        answers = [
            {"value": correct, "fraction": 1} if kind == "number" else {"text": literal(nfc(correct)), "fraction": 1}
        ]
    else:
        raise Wrong(NO_RIGHT_GAP, "no-right", MARK_IT, name=gap)
    body = {"id": gap, "kind": kind, "answers": answers, **({"scoring": scoring} if scoring else {})}
    return body, correct, best


def read_inline_choice(source: Source, node: Any, gap: str, correct: str) -> tuple[Body, str, float]:
    """A gap with choices; where none scores by itself, the one declared as right is."""
    response = node.get("responseIdentifier", "")
    names = [one.get("identifier", "") for one in node.iter("inlineChoice")]
    scores = [source.processing.score({response: [name]}) for name in names]
    best = max(scores, default=0)
    if best <= 0:
        scores = [float(name == correct) for name in names]
    if not any(value > 0 for value in scores):
        raise Wrong(NO_RIGHT_GAP, "no-right", MARK_IT, name=gap)
    fractions = [share_of(value, max(scores)) for value in scores]
    choices = [
        {"id": name, "text": source.text(one), "fraction": fraction}
        for name, one, fraction in zip(ids_of(names), node.iter("inlineChoice"), fractions, strict=True)
    ]
    return {"id": gap, "kind": "choice", "choices": choices}, names[scores.index(max(scores))], max(best, 0)


def weighted(gaps: list[Body], scores: list[float]) -> list[Body]:
    """The gaps with what each counts, where they count differently."""
    least = min(scores)
    if max(scores) - least > 0.01 * least:
        for gap, score in zip(gaps, scores, strict=True):
            weight = round(score / least, 3)
            gap |= {"weight": int(weight) if weight == int(weight) else weight} if weight != 1 else {}
    return gaps


def read_gap_match(source: Source, interaction: Any, pairs: list[tuple[str, str]]) -> tuple[Body, list[str]]:
    """Words to be put into gaps, as a choice at each gap; the body, and the right pairs."""
    words = {node.get("identifier", ""): node for node in interaction.iter("gapText")}
    gaps = {node: node.get("identifier", "") for node in interaction.iter("gap")}
    right = {gap: word for word, gap in pairs}
    if (
        any(local(node) == "gapImg" for node in interaction)
        or set(right) != set(gaps.values())
        or len(right) < len(pairs)
    ):
        raise Unsupported(N_("Its gaps have several right words, or none."))
    if not all(GAP_ID.fullmatch(name) for name in gaps.values()) or not set(right.values()) <= set(words):
        raise Unsupported(N_("Its gaps can't be told apart."))
    hidden = {node for node in interaction if local(node) in ("prompt", "gapText")}

    def replace(node: Any) -> str | None:
        return "" if node in hidden else f"{{{{{gaps[node]}}}}}" if node in gaps else None

    texts = {word: source.text(node) for word, node in words.items()}
    text = text_from_html(unwrapped(source.markup(source.body, replace)), source.language)
    body = {"text": text, "gaps": [word_gap(gap, texts, right[gap]) for gap in gaps.values()]}
    return body, [f"{word} {gap}" for word, gap in pairs]


def word_gap(gap: str, words: dict[str, Text], right: str) -> Body:
    """A gap that can take any of the words."""
    choices = [
        {"id": f"{gap}-{name}", "text": text, "fraction": int(word == right)}
        for name, (word, text) in zip(ids_of(list(words)), words.items(), strict=True)
    ]
    return {"id": gap, "kind": "choice", "choices": choices}


def unwrapped(markup: str) -> str:
    """The markup without the interaction around the text, which is no HTML."""
    start = markup.find("<gapMatchInteraction")
    if start < 0:
        return markup
    end = markup.index(">", start)
    return (markup[:start] + markup[end + 1 :]).replace("</gapMatchInteraction>", "")
