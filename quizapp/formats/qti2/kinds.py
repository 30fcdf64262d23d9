"""The interactions of QTI 2 and 3 as our kinds.

The key is found by scoring: each choice, pair or answer is given to the processing, and its score is its fraction.
Readers raise Unusable where nothing is right, and Unsupported for what we can't play.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.markup import text_from_plain
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.ids import ids_of, option_ids
from quizapp.formats.qti.item_core import ItemCore
from quizapp.formats.qti.refusals import MARK_RIGHT, NOT_PLAYED, Unsupported, Unusable
from quizapp.formats.qti2.assessment_item import GAPS, STEM, AssessmentItem
from quizapp.formats.qti2.choices import read_choice, shuffles
from quizapp.formats.qti2.gaps import read_gap_match, read_gaps
from quizapp.formats.qti2.interpretation import Interpretation
from quizapp.formats.qti2.keys import has_key, no_right
from quizapp.formats.qti2.stimulus import joined_texts
from quizapp.formats.qti2.typed_answers import report_limits, typed_answers
from quizapp.kinds.base import Body, Text

GRADERS = ("scorer", "tutor", "author")
"""The views of rubrics that are notes for who grades an essay."""
INLINE = ("textEntryInteraction", "inlineChoiceInteraction")
Reader = Callable[[AssessmentItem, Any], Interpretation]
PART = N_("There, it is all or nothing; here, each part counts.")


def read_item(question: AssessmentItem) -> Interpretation:
    """The item's kind and body."""
    interactions = question.interactions
    if not interactions:
        return Interpretation(ItemCore("description", stem=question.stem()))
    names = {local(node) for node in interactions}
    if names <= set(INLINE):
        alone = len(interactions) == 1 and names == {"textEntryInteraction"}
        own = alone and stands_alone(interactions[0]) and bool(question.stem(interactions[0]))
        return with_stem(question, interactions[0], read_typed) if own else read_inline(question)
    if len(interactions) > 1 or local(interactions[0]) not in READERS:
        raise Unsupported(NOT_PLAYED, type=", ".join(dict.fromkeys(map(local, interactions))))
    return with_stem(question, interactions[0], READERS[local(interactions[0])])


def with_stem(question: AssessmentItem, interaction: Any, read: Reader) -> Interpretation:
    reading = read(question, interaction)
    reading.core.stem = question.stem(interaction) if reading.core.stem is None else reading.core.stem
    return reading


def stands_alone(interaction: Any) -> bool:
    """Whether a gap has a block to itself, and so isn't part of a sentence."""
    block = interaction.getparent()
    text = "".join(block.itertext()).strip()
    inner = "".join(interaction.itertext()).strip()
    return local(block) != "itemBody" and text == inner


def read_order(question: AssessmentItem, interaction: Any) -> Interpretation:
    response = interaction.get("responseIdentifier", "")
    nodes = {node.get("identifier", ""): node for node in interaction.iter("simpleChoice")}
    declared = question.processing.declarations.get(response)
    if not has_key(question, response):
        raise no_right(question, response)
    if declared is None or set(declared.correct) != set(nodes) or len(declared.correct) != len(nodes):
        raise Unusable(N_("The right order of this question isn't given."), "no-right", MARK_RIGHT)
    right = declared.correct
    swapped = [right[1], right[0], *right[2:]] if len(right) > 1 else right
    score = question.processing.score
    if score({response: right}) <= 0 or score({response: swapped}) > 0:
        raise Unsupported(N_("Its order is scored in a way that isn't known here."))
    names = dict(zip(nodes, ids_of(list(nodes)), strict=True))
    items = [{"id": names[name], "text": question.text(nodes[name])} for name in right]
    return Interpretation(
        ItemCore("order", {"items": items}, {"method": "all-or-nothing"}), {response: right}, shuffles(interaction)
    )


def read_match(question: AssessmentItem, interaction: Any) -> Interpretation:
    response = interaction.get("responseIdentifier", "")
    sets = [{node.get("identifier", ""): node for node in one.iter("simpleAssociableChoice")}
            for one in interaction.iter("simpleMatchSet")]  # fmt: skip
    declared = question.processing.declarations.get(response)
    if declared is None or len(sets) != 2:
        raise no_right(question, response)
    pairs = right_pairs(question, response)
    rows, options = sets
    turned = sorted(row for row, _ in pairs) != sorted(rows)
    if turned:
        pairs, rows, options = [(option, row) for row, option in pairs], options, rows
    if sorted(row for row, _ in pairs) != sorted(rows) or not {option for _, option in pairs} <= set(options):
        raise Unsupported(N_("Its rows have several right options, or none."))
    names = dict(zip(rows, ids_of(list(rows)), strict=True))
    chosen = dict(zip(options, option_ids(list(options), list(names.values())), strict=True))
    right = dict(pairs)
    body = {
        "rows": [
            {"id": names[row], "text": question.text(node), "option": chosen[right[row]]} for row, node in rows.items()
        ],
        "options": [{"id": chosen[name], "text": question.text(node)} for name, node in options.items()],
    }
    given = {response: [f"{option} {row}" if turned else f"{row} {option}" for row, option in pairs]}
    return Interpretation(ItemCore("match", body), given, shuffles(interaction))


def right_pairs(question: AssessmentItem, response: str) -> list[tuple[str, str]]:
    """The pairs that score; a loss is reported where they score only all together."""
    declared = question.processing.declarations.get(response)
    if declared is None:
        raise no_right(question, response)
    known = list(dict.fromkeys([*declared.correct, *declared.mapping]))
    pairs = [pair for pair in known if len(pair.split()) == 2]
    scores = {pair: question.processing.score({response: [pair]}, bounded=False) for pair in pairs}
    right = [pair for pair in pairs if scores[pair] > 0]
    if len(right) < len(declared.correct) and question.processing.score({response: declared.correct}) > 0:
        right = [pair for pair in declared.correct if len(pair.split()) == 2]
        report_all_or_nothing(question, len(right) > 1)
    elif len({scores[pair] for pair in right}) > 1:
        question.problems.append(
            Problem(
                N_("There, its rows have different weights; here, they count the same."),
                code="weights",
                severity="loss",
            )
        )
    if not right:
        raise no_right(question, response)
    return [(pair.split()[0], pair.split()[1]) for pair in right]


def report_all_or_nothing(question: AssessmentItem, several: bool) -> None:
    if several:
        question.problems.append(Problem(PART, code="all-or-nothing", severity="loss"))


def read_essay(question: AssessmentItem, interaction: Any) -> Interpretation:
    """A text that a person grades; one with a key, by which the file scores it, is a typed answer."""
    report_limits(question, interaction)
    declared = question.processing.declarations.get(interaction.get("responseIdentifier", ""))
    if declared and not by_hand(question) and (declared.mapping or question.has_processing):
        answers, kind, scoring = typed_answers(question, interaction)
        if answers:
            return typed(interaction, answers, kind, scoring)
    notes = question.rubric(*GRADERS)
    model = declared.correct if declared else []
    solution = joined_texts(
        [said for one in model if (said := text_from_plain(one, question.language))], question.language
    )
    return Interpretation(ItemCore("essay", {"grader_notes": notes} if notes else {}), solution=solution)


def by_hand(question: AssessmentItem) -> bool:
    """Whether the item says that its score comes from outside, as from a person."""
    return any(node.get("externalScored") for node in question.element if local(node) == "outcomeDeclaration")


def read_typed(question: AssessmentItem, interaction: Any) -> Interpretation:
    """A typed answer with a place of its own."""
    report_limits(question, interaction)
    answers, kind, scoring = typed_answers(question, interaction)
    if not answers:
        raise no_right(question, interaction.get("responseIdentifier", ""))
    return typed(interaction, answers, kind, scoring)


def typed(interaction: Any, answers: list[Body], kind: str, scoring: Body) -> Interpretation:
    response = interaction.get("responseIdentifier", "")
    core = ItemCore(kind, {"answers": answers}, scoring)
    best = max(answers, key=lambda one: one["fraction"])
    given = best["value"] if kind == "number" else best["text"].replace(r"\*", "*")
    return Interpretation(core, {response: [given]})


def read_inline(question: AssessmentItem) -> Interpretation:
    body, right, together = read_gaps(question)
    report_all_or_nothing(question, together)
    stem = question.stem() if question.block(GAPS) is not None and question.block(STEM) is not None else {}
    return Interpretation(ItemCore("cloze", body, stem=stem), right)


def read_gap_text(question: AssessmentItem, interaction: Any) -> Interpretation:
    body, pairs = read_gap_match(
        question, interaction, right_pairs(question, interaction.get("responseIdentifier", ""))
    )
    question.problems.append(
        Problem(
            N_("The words to put into the gaps become a list of choices at each gap."),
            code="gap-match",
            severity="loss",
        )
    )
    stem: Text = next((said for node in interaction if local(node) == "prompt" and (said := question.text(node))), {})
    return Interpretation(ItemCore("cloze", body, stem=stem), {interaction.get("responseIdentifier", ""): pairs})


READERS: dict[str, Reader] = {
    "choiceInteraction": read_choice,
    "orderInteraction": read_order,
    "matchInteraction": read_match,
    "extendedTextInteraction": read_essay,
    "gapMatchInteraction": read_gap_text,
}
