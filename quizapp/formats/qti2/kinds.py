"""What the interactions of QTI 2 and 3 are in our kinds.

What is right is found out by trying: each choice, pair or answer is given to the processing, and its score is its
share. Readers raise Wrong where nothing is right, and Unsupported for what we can't play.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.qti.package import local
from quizapp.formats.qti2.choices import Reading, read_choice, shuffles
from quizapp.formats.qti2.gaps import read_gap_match, read_gaps, typed_answers
from quizapp.formats.qti2.source import GAPS, STEM, Source
from quizapp.formats.qti12.choices import MARK_ONE, NO_RIGHT, Draft
from quizapp.formats.qti12.scoring import Unsupported
from quizapp.formats.qti12.sets import option_ids
from quizapp.formats.qti12.source import Wrong, ids_of
from quizapp.kinds.base import Text

INLINE = ("textEntryInteraction", "inlineChoiceInteraction")
PART = N_("It is all or nothing there; here each part counts.")


def read_item(source: Source) -> Reading:
    """The item's kind and body."""
    interactions = source.interactions
    if not interactions:
        return Reading(Draft("description", stem=source.stem()))
    names = {local(node) for node in interactions}
    if names <= set(INLINE):
        alone = len(interactions) == 1 and names == {"textEntryInteraction"}
        own = alone and stands_alone(interactions[0]) and bool(source.stem(interactions[0]))
        return read_typed(source, interactions[0]) if own else read_inline(source)
    if len(interactions) > 1 or local(interactions[0]) not in READERS:
        raise Unsupported(N_("Questions of this type can't be played here."))
    reading = READERS[local(interactions[0])](source, interactions[0])
    reading.draft.stem = source.stem(interactions[0]) if reading.draft.stem is None else reading.draft.stem
    return reading


def stands_alone(interaction: Any) -> bool:
    """Whether a gap has a block to itself, so that it is no part of a sentence."""
    block = interaction.getparent()
    text = "".join(block.itertext()).strip()
    inner = "".join(interaction.itertext()).strip()
    return local(block) != "itemBody" and text == inner


def read_order(source: Source, interaction: Any) -> Reading:
    response = interaction.get("responseIdentifier", "")
    nodes = {node.get("identifier", ""): node for node in interaction.iter("simpleChoice")}
    declared = source.processing.declarations.get(response)
    if declared is None or set(declared.correct) != set(nodes) or len(declared.correct) != len(nodes):
        raise Wrong(N_("The right order of this question isn't given."), "no-right", MARK_ONE)
    right = declared.correct
    swapped = [right[1], right[0], *right[2:]] if len(right) > 1 else right
    score = source.processing.score
    if score({response: right}) <= 0 or score({response: swapped}) > 0:
        raise Unsupported(N_("Its order is scored in a way that isn't known here."))
    names = dict(zip(nodes, ids_of(list(nodes)), strict=True))
    items = [{"id": names[name], "text": source.text(nodes[name])} for name in right]
    return Reading(
        Draft("order", {"items": items}, {"method": "all-or-nothing"}), {response: right}, shuffles(interaction)
    )


def read_match(source: Source, interaction: Any) -> Reading:
    response = interaction.get("responseIdentifier", "")
    sets = [{node.get("identifier", ""): node for node in one.iter("simpleAssociableChoice")}
            for one in interaction.iter("simpleMatchSet")]  # fmt: skip
    declared = source.processing.declarations.get(response)
    if declared is None or len(sets) != 2:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    pairs = right_pairs(source, response)
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
            {"id": names[row], "text": source.text(node), "option": chosen[right[row]]} for row, node in rows.items()
        ],
        "options": [{"id": chosen[name], "text": source.text(node)} for name, node in options.items()],
    }
    given = {response: [f"{option} {row}" if turned else f"{row} {option}" for row, option in pairs]}
    return Reading(Draft("match", body), given, shuffles(interaction))


def right_pairs(source: Source, response: str) -> list[tuple[str, str]]:
    """The pairs that score; where only all of them together do, that is said."""
    declared = source.processing.declarations.get(response)
    if declared is None:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    known = list(dict.fromkeys([*declared.correct, *declared.mapping]))
    pairs = [pair for pair in known if len(pair.split()) == 2]
    scores = {pair: source.processing.score({response: [pair]}, bounded=False) for pair in pairs}
    right = [pair for pair in pairs if scores[pair] > 0]
    if len(right) < len(declared.correct) and source.processing.score({response: declared.correct}) > 0:
        right = [pair for pair in declared.correct if len(pair.split()) == 2]
        tell_parts(source, len(right) > 1)
    elif len({scores[pair] for pair in right}) > 1:
        source.problems.append(
            Problem(N_("Its rows count differently there; here they count alike."), code="weights", severity="loss")
        )
    if not right:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    return [(pair.split()[0], pair.split()[1]) for pair in right]


def tell_parts(source: Source, several: bool) -> None:
    if several:
        source.problems.append(Problem(PART, code="all-or-nothing", severity="loss"))


def read_essay(source: Source, interaction: Any) -> Reading:
    notes = source.rubric("scorer", "tutor", "author")
    return Reading(Draft("essay", {"grader_notes": notes} if notes else {}))


def read_typed(source: Source, interaction: Any) -> Reading:
    """A typed answer with a place of its own."""
    answers, kind, scoring = typed_answers(source, interaction)
    if not answers:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    response = interaction.get("responseIdentifier", "")
    draft = Draft(kind, {"answers": answers}, scoring, source.stem(interaction))
    best = max(answers, key=lambda one: one["fraction"])
    given = best["value"] if kind == "number" else best["text"].replace(r"\*", "*")
    return Reading(draft, {response: [given]})


def read_inline(source: Source) -> Reading:
    body, right, together = read_gaps(source)
    tell_parts(source, together)
    stem = source.stem() if source.block(GAPS) is not None and source.block(STEM) is not None else {}
    return Reading(Draft("cloze", body, stem=stem), right)


def read_gap_text(source: Source, interaction: Any) -> Reading:
    body, pairs = read_gap_match(source, interaction, right_pairs(source, interaction.get("responseIdentifier", "")))
    source.problems.append(
        Problem(
            N_("The words to put into the gaps become a list of choices at each gap."),
            code="gap-match",
            severity="loss",
        )
    )
    stem: Text = next((said for node in interaction if local(node) == "prompt" and (said := source.text(node))), {})
    return Reading(Draft("cloze", body, stem=stem), {interaction.get("responseIdentifier", ""): pairs})


READERS: dict[str, Callable[[Source, Any], Reading]] = {
    "choiceInteraction": read_choice,
    "orderInteraction": read_order,
    "matchInteraction": read_match,
    "extendedTextInteraction": read_essay,
    "gapMatchInteraction": read_gap_text,
}
