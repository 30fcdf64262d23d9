"""Single and multiple choice in QTI 2 and 3: what each choice is worth, found out by giving it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_
from quizapp.formats.qti.package import local
from quizapp.formats.qti2.declarations import Given
from quizapp.formats.qti2.source import Source
from quizapp.formats.qti12.choices import MARK_ONE, NO_RIGHT, Draft, as_truefalse
from quizapp.formats.qti12.scoring import Unsupported, share_of
from quizapp.formats.qti12.source import Wrong, ids_of
from quizapp.kinds.base import Body


@dataclass
class Reading:
    """A draft, and what tells when which feedback is shown: the right response, and each choice by itself (`probes`
    by the file's names; `ids` has ours)."""

    draft: Draft
    right: Given = field(default_factory=dict)
    shuffle: bool = True
    probes: dict[str, Given] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)


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


def read_choice(source: Source, interaction: Any) -> Reading:
    response = interaction.get("responseIdentifier", "")
    nodes = list(interaction.iter("simpleChoice"))
    names = [node.get("identifier", "") for node in nodes]
    if len(set(names)) < len(names):
        raise Wrong(N_("Two choices have the same identifier, so that it isn't clear which is right."), "same-id")
    declared = source.processing.declarations.get(response)
    if declared is None:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    probes: dict[str, Given] = {name: {response: [name]} for name in names}
    single = declared.cardinality == "single"
    fractions, scoring = single_weights(source, probes) if single else read_weights(source, response, names)
    choices = [
        choice_of(source, node, name, fraction, shuffles(interaction))
        for node, name, fraction in zip(nodes, ids_of(names), fractions, strict=True)
    ]
    draft = Draft("choice" if single else "multiple", {"choices": choices}, scoring)
    right = [name for name, fraction in zip(names, fractions, strict=True) if fraction > 0]
    given = {response: [names[fractions.index(max(fractions))]] if single else right}
    ids = dict(zip(names, [one["id"] for one in choices], strict=True))
    judged = as_truefalse(choices, source.language) if single else None
    if judged is None:
        return Reading(draft, given, shuffles(interaction), probes, ids)
    shares = dict(zip(names, fractions, strict=True))
    ids = {name: str(judged.response["answer"] == (share == 1)).lower() for name, share in shares.items()}
    return Reading(judged, given, True, probes, ids)


def single_weights(source: Source, probes: dict[str, Given]) -> tuple[list[float], Body]:
    """The fraction of each choice of which one is taken; no rule of scoring goes with it."""
    scores = [source.processing.score(probe) for probe in probes.values()]
    best = max(scores, default=0)
    if best <= 0:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    whole = whole_of(source, best, sum(score > 0 for score in scores))
    return [share_of(score, whole) for score in scores], {}


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
        if not correct or score(correct) <= 0 or (score(names) > 0 and set(correct) != set(names)):
            raise Unsupported(N_("Its choices earn other points together than each by itself."))
        return [int(name in correct) for name in names], {"method": "all-or-nothing"}
    if not right:
        raise Wrong(NO_RIGHT, "no-right", MARK_ONE)
    upper = source.processing.declarations[response].upper
    whole = upper if upper and upper < together and source.processing.template == "map" else together
    fractions = [share_of(weights[name], whole) for name in names]
    wrong = {-fraction for fraction in fractions if fraction <= 0}
    if len({fraction for fraction in fractions if fraction > 0} | wrong) == 1:
        return [int(fraction > 0) for fraction in fractions], {}
    return fractions, {"method": "sum"}
