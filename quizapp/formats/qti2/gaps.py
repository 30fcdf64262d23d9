"""Texts with gaps in QTI 2 and 3: inline interactions, and words to put into gaps."""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_
from quizapp.formats.markup import text_from_html
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.gaps import GAP_ID, with_distinct_choice_ids, with_weights
from quizapp.formats.qti.ids import ids_of
from quizapp.formats.qti.numbers import share_of
from quizapp.formats.qti.refusals import MARK_RIGHT, NO_KEY, NO_RIGHT_GAP, Unsupported, Unusable
from quizapp.formats.qti2.assessment_item import AssessmentItem
from quizapp.formats.qti2.declarations import Given
from quizapp.formats.qti2.keys import has_key
from quizapp.formats.qti2.typed_answers import report_limits, typed_answers
from quizapp.formats.wildcards import pattern_of
from quizapp.kinds.base import Body, Text, nfc


def read_gaps(question: AssessmentItem) -> tuple[Body, Given, bool]:
    """The body with a marker for each gap, the right response, and whether the gaps score only all together."""
    nodes = question.interactions
    responses = [node.get("responseIdentifier", "") for node in nodes]
    if len(set(responses)) < len(responses):
        raise Unusable(N_("The gaps of this question can't be told apart."), "gaps")
    sound = all(GAP_ID.fullmatch(name) for name in responses)
    ids = {
        node: name if sound else f"g{place}" for place, (node, name) in enumerate(zip(nodes, responses, strict=True), 1)
    }
    if not any(has_key(question, response) for response in responses):
        raise Unsupported(NO_KEY)
    gaps, right, weights = [], {}, []
    correct = {name: one.correct for name, one in question.processing.declarations.items()}
    together = len(nodes) > 1 and question.processing.score(correct) > 0
    for node, response in zip(nodes, responses, strict=True):
        gap, given, best = read_gap(question, node, ids[node])
        together = together and best <= 0
        gaps.append(gap)
        weights.append(best)
        right[response] = [given]
    if not together and min(weights) <= 0:
        raise Unusable(NO_RIGHT_GAP, "no-right", MARK_RIGHT, name=gaps[weights.index(min(weights))]["id"])
    written = question.markup(question.gap_text, lambda one: f"{{{{{ids[one]}}}}}" if one in ids else None)
    text = text_from_html(written, question.language)
    return (
        {"text": text, "gaps": with_distinct_choice_ids(gaps if together else with_weights(gaps, weights))},
        right,
        together,
    )


def read_gap(question: AssessmentItem, node: Any, gap: str) -> tuple[Body, str, float]:
    """One gap, its right answer, and what that earns by itself (0: only together with the other gaps)."""
    response = node.get("responseIdentifier", "")
    declared = question.processing.declarations.get(response)
    correct = declared.correct[0] if declared and declared.correct else ""
    if local(node) == "inlineChoiceInteraction":
        return read_inline_choice(question, node, gap, correct)
    report_limits(question, node)
    answers, kind, scoring = typed_answers(question, node)
    best = 0.0
    if answers:
        first = max(answers, key=lambda one: one["fraction"])
        correct = first["value"] if kind == "number" else first["text"].replace(r"\*", "*")
        best = max(question.processing.score({response: [correct]}), 0)
    elif correct:
        answers = [
            {"value": correct, "fraction": 1} if kind == "number" else {"text": pattern_of(nfc(correct)), "fraction": 1}
        ]
    else:
        raise Unusable(NO_RIGHT_GAP, "no-right", MARK_RIGHT, name=gap)
    body = {"id": gap, "kind": kind, "answers": answers, **({"scoring": scoring} if scoring else {})}
    return body, correct, best


def read_inline_choice(question: AssessmentItem, node: Any, gap: str, correct: str) -> tuple[Body, str, float]:
    """A gap with choices; where none scores by itself, the one declared as right is."""
    response = node.get("responseIdentifier", "")
    names = [one.get("identifier", "") for one in node.iter("inlineChoice")]
    scores = [question.processing.score({response: [name]}) for name in names]
    best = max(scores, default=0)
    if best <= 0:
        scores = [float(name == correct) for name in names]
    if not any(value > 0 for value in scores):
        raise Unusable(NO_RIGHT_GAP, "no-right", MARK_RIGHT, name=gap)
    fractions = [share_of(value, max(scores)) for value in scores]
    choices = [
        {"id": name, "text": question.text(one), "fraction": fraction}
        for name, one, fraction in zip(ids_of(names), node.iter("inlineChoice"), fractions, strict=True)
    ]
    return {"id": gap, "kind": "choice", "choices": choices}, names[scores.index(max(scores))], max(best, 0)


def read_gap_match(question: AssessmentItem, interaction: Any, pairs: list[tuple[str, str]]) -> tuple[Body, list[str]]:
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

    texts = {word: question.text(node) for word, node in words.items()}
    text = text_from_html(unwrapped(question.markup(question.body, replace)), question.language)
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
    """The markup without the element of the interaction around the text, which isn't HTML."""
    start = markup.find("<gapMatchInteraction")
    if start < 0:
        return markup
    end = markup.index(">", start)
    return (markup[:start] + markup[end + 1 :]).replace("</gapMatchInteraction>", "")
