"""What the interactions of QTI 2 and 3 are in our kinds.

What is right is found out by trying: each choice, pair or answer is given to the processing, and its score is its
share. Readers raise Wrong where nothing is right, and Unsupported for what we can't play.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats._qti2_gaps import read_gap_match, read_gaps, typed_answers
from quizapp.formats._qti2_processing import Given
from quizapp.formats._qti2_source import GAPS, STEM, Source
from quizapp.formats._qti12_kinds import MARK_ONE, NO_RIGHT, TRUE_FALSE, Draft, option_ids
from quizapp.formats._qti12_scoring import Unsupported
from quizapp.formats._qti12_source import Wrong, ids_of
from quizapp.formats._qti_package import local
from quizapp.formats._qti_text import words_of
from quizapp.kinds.base import Body, Text

INLINE = ("textEntryInteraction", "inlineChoiceInteraction")
PART = N_("It is all or nothing there; here each part counts.")


@dataclass
class Reading:
    """A draft, and what tells when which feedback is shown: the right response, and each choice by itself (`probes`
    by the file's names; `ids` has ours)."""

    draft: Draft
    right: Given = field(default_factory=dict)
    shuffle: bool = True
    probes: dict[str, Given] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


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


def shuffles(interaction: Any) -> bool:
    return interaction.get("shuffle", "false").lower() == "true"


def whole_of(source: Source, best: float, positives: int) -> float:
    """The score that counts as wholly right: the declared maximum, unless a lone right answer misses it."""
    maximum = maximum_of(source) or 0.0
    return maximum if maximum > best and positives > 1 else best


def maximum_of(source: Source) -> float | None:
    """The declared maximum of the score."""
    outcomes = source.processing.outcomes
    if isinstance(outcomes.get("MAXSCORE"), float) and outcomes["MAXSCORE"] > 0:
        return outcomes["MAXSCORE"]
    for node in source.element:
        if local(node) == "outcomeDeclaration" and node.get("identifier") == "SCORE" and node.get("normalMaximum"):
            try:
                return float(node.get("normalMaximum"))
            except ValueError:
                return None
    return None


def share(score: float, whole: float) -> float:
    fraction = round(max(-1.0, min(1.0, score / whole)), 5)
    return int(fraction) if fraction == int(fraction) else fraction


def read_choice(source: Source, interaction: Any) -> Reading:
    response = interaction.get("responseIdentifier", "")
    nodes = [node for node in interaction.iter("simpleChoice")]
    names = [node.get("identifier", "") for node in nodes]
    if len(set(names)) < len(names):
        raise Wrong(N_("Two choices have the same identifier, so that it isn't clear which is right."), "same-id")
    declared = source.processing.declarations.get(response)
    if declared is None:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    probes = {name: {response: [name]} for name in names}
    if declared.cardinality == "single":
        scores = [source.processing.score(probe) for probe in probes.values()]
        best = max(scores, default=0)
        if best <= 0:
            raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
        whole = whole_of(source, best, sum(score > 0 for score in scores))
        fractions, scoring, kind = [share(score, whole) for score in scores], {}, "choice"
    else:
        fractions, scoring = read_weights(source, response, names)
        kind = "multiple"
    choices = [choice_of(source, node, name, fraction, shuffles(interaction))
               for node, name, fraction in zip(nodes, ids_of(names), fractions, strict=True)]  # fmt: skip
    right = [name for name, fraction in zip(names, fractions, strict=True) if fraction > 0]
    draft = (as_truefalse(choices, source.language) if kind == "choice" else None) or Draft(
        kind, {"choices": choices}, scoring
    )
    given = {response: right if kind == "multiple" else [names[fractions.index(max(fractions))]]}
    ids = dict(zip(names, [one["id"] for one in choices], strict=True))
    if draft.kind == "truefalse":
        ids = {name: str(draft.response["answer"] == (fraction == 1)).lower()
               for name, fraction in zip(names, fractions, strict=True)}  # fmt: skip
    return Reading(draft, given, shuffles(interaction) or draft.kind == "truefalse", probes, ids)


def choice_of(source: Source, node: Any, name: str, fraction: float, shuffle: bool) -> Body:
    inline = next(node.iter("feedbackInline"), None)
    said = source.text(inline) if inline is not None else {}
    return {
        "id": name,
        "text": source.text(node),
        "fraction": fraction,
        **({"feedback": said} if said else {}),
        **({"pinned": True} if shuffle and node.get("fixed", "false").lower() == "true" else {}),
    }


def as_truefalse(choices: list[Body], language: str) -> Draft | None:
    """The two choices True and False, one of them wholly right, are a question of their own kind."""
    said = [TRUE_FALSE.get(words_of(one["text"], language).strip(" .").casefold()) for one in choices]
    if len(choices) != 2 or set(said) != {True, False} or sorted(one["fraction"] for one in choices) != [0, 1]:
        return None
    by_value = dict(zip(said, choices, strict=True))
    feedback = {str(value).lower(): one["feedback"] for value, one in by_value.items() if one.get("feedback")}
    answer = by_value[True]["fraction"] == 1
    return Draft("truefalse", {"answer": answer, **({"feedback": feedback} if feedback else {})})


def read_weights(source: Source, response: str, names: list[str]) -> tuple[list[float], Body]:
    """The fraction of each of several choices, and the rule of scoring."""

    def score(some: Sequence[str]) -> float:
        return source.processing.score({response: list(some)}, bounded=False)

    weights = {name: score([name]) for name in names}
    right = [name for name in names if weights[name] > 0]
    correct = source.processing.declarations[response].correct
    together = sum(weights[name] for name in right)
    if any(
        abs(score(some) - sum(map(weights.__getitem__, some))) > 0.01 * max(1, together) for some in (right, names)
    ) or (correct and set(correct) <= set(names) and score(correct) > together):
        if not correct or score(correct) <= 0 or score(names) > 0 and set(correct) != set(names):
            raise Unsupported(N_("Its choices earn other points together than each by itself."))
        return [int(name in correct) for name in names], {"method": "all-or-nothing"}
    if not right:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    upper = source.processing.declarations[response].upper
    whole = upper if upper and upper < together and source.processing.template == "map" else together
    fractions = [share(weights[name], whole) for name in names]
    wrong = {-fraction for fraction in fractions if fraction <= 0}
    if len({fraction for fraction in fractions if fraction > 0} | wrong) == 1:
        return [int(fraction > 0) for fraction in fractions], {}
    return fractions, {"method": "sum"}


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
    declared = source.processing.declarations[response]
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
