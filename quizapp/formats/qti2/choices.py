"""Single and multiple choice in QTI 2 and 3: what each choice earns, found by scoring it as a response."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quizapp.errors import N_
from quizapp.formats.losses import loss
from quizapp.formats.qti.ids import ids_of
from quizapp.formats.qti.item_core import ItemCore, as_truefalse
from quizapp.formats.qti.numbers import parsed_number, share_of
from quizapp.formats.qti.refusals import Unsupported, Unusable
from quizapp.formats.qti2.assessment_item import AssessmentItem
from quizapp.formats.qti2.declarations import Given
from quizapp.formats.qti2.interpretation import Interpretation
from quizapp.formats.qti2.keys import no_right
from quizapp.formats.qti2.stimulus import joined_texts
from quizapp.kinds.base import Body


def shuffles(interaction: Any) -> bool:
    return interaction.get("shuffle", "false").lower() == "true"


def whole_of(question: AssessmentItem, best: float, positives: int) -> float:
    """The full score: the declared maximum, unless a lone right answer misses it."""
    maximum = question.maximum or 0.0
    return maximum if maximum > best and positives > 1 else best


def read_choice(question: AssessmentItem, interaction: Any) -> Interpretation:
    response = interaction.get("responseIdentifier", "")
    nodes = list(interaction.iter("simpleChoice"))
    names = [node.get("identifier", "") for node in nodes]
    if len(set(names)) < len(names):
        raise Unusable(N_("Two choices have the same identifier, so that it isn't clear which is right."), "same-id")
    declared = question.processing.declarations.get(response)
    if declared is None:
        raise no_right(question, response)
    probes: dict[str, Given] = {name: {response: [name]} for name in names}
    single = declared.cardinality == "single"
    fractions, scoring = (
        single_weights(question, response, probes) if single else read_weights(question, response, names)
    )
    choices = [
        choice_of(question, node, name, fraction, shuffles(interaction))
        for node, name, fraction in zip(nodes, ids_of(names), fractions, strict=True)
    ]
    if not single:
        report_limits(question, interaction, len(names))
    core = ItemCore("choice" if single else "multiple", {"choices": choices}, scoring)
    right = [name for name, fraction in zip(names, fractions, strict=True) if fraction > 0]
    given = {response: [names[fractions.index(max(fractions))]] if single else right}
    ids = dict(zip(names, [one["id"] for one in choices], strict=True))
    judged = as_truefalse(choices, question.language) if single else None
    if judged is None:
        return Interpretation(core, given, shuffles(interaction), probes, ids)
    shares = dict(zip(names, fractions, strict=True))
    ids = {name: str(judged.response["answer"] == (share == 1)).lower() for name, share in shares.items()}
    return Interpretation(judged, given, True, probes, ids)


def report_limits(question: AssessmentItem, interaction: Any, count: int) -> None:
    """A loss for how many choices may or must be taken, where that isn't any number."""
    most, least = (parsed_number(interaction.get(name) or "") or 0 for name in ("maxChoices", "minChoices"))
    if 0 < most < count:
        template = N_("There, at most %(count)s choices can be selected; here, any number.")
        question.problems.append(loss(template, "max-choices", count=f"{most:g}"))
    if least > 1:
        template = N_("There, at least %(count)s choices have to be selected; here, any number.")
        question.problems.append(loss(template, "min-choices", count=f"{least:g}"))


def single_weights(question: AssessmentItem, response: str, probes: dict[str, Given]) -> tuple[list[float], Body]:
    """The fraction of each choice where one is taken; there is no rule of scoring."""
    scores = [question.processing.score(probe) for probe in probes.values()]
    best = max(scores, default=0)
    if best <= 0:
        raise no_right(question, response)
    whole = whole_of(question, best, sum(score > 0 for score in scores))
    return [share_of(score, whole) for score in scores], {}


def choice_of(question: AssessmentItem, node: Any, name: str, fraction: float, shuffle: bool) -> Body:
    inside = [question.text(one) for tag in ("feedbackInline", "feedbackBlock") for one in node.iter(tag)]
    said = joined_texts([one for one in inside if one], question.language)
    return {
        "id": name,
        "text": question.text(node),
        "fraction": fraction,
        **({"feedback": said} if said else {}),
        **({"pinned": True} if shuffle and node.get("fixed", "false").lower() == "true" else {}),
    }


def read_weights(question: AssessmentItem, response: str, names: list[str]) -> tuple[list[float], Body]:
    """The fraction of each choice where several may be taken, and the rule of scoring."""
    weights = {name: unbounded_score(question, response, [name]) for name in names}
    right = [name for name in names if weights[name] > 0]
    if not add_up(question, response, weights, right):
        return read_together(question, response, names)
    if not right:
        raise no_right(question, response)
    together = sum(weights[name] for name in right)
    upper = question.processing.declarations[response].upper
    whole = upper if upper and upper < together and question.processing.template == "map" else together
    fractions = [share_of(weights[name], whole) for name in names]
    wrong = {-fraction for fraction in fractions if fraction <= 0}
    if len({fraction for fraction in fractions if fraction > 0} | wrong) == 1:
        return [int(fraction > 0) for fraction in fractions], {}
    return fractions, {"method": "sum"}


def unbounded_score(question: AssessmentItem, response: str, names: Sequence[str]) -> float:
    """What these choices earn together, without the limits of the mapping."""
    return question.processing.score({response: list(names)}, bounded=False)


def add_up(question: AssessmentItem, response: str, weights: dict[str, float], right: list[str]) -> bool:
    """Whether choices earn together what each of them earns by itself."""
    together = sum(weights[name] for name in right)
    for some in (right, list(weights)):
        alone = sum(map(weights.__getitem__, some))
        if abs(unbounded_score(question, response, some) - alone) > 0.01 * max(1, together):
            return False
    correct = question.processing.declarations[response].correct
    is_known = bool(correct) and set(correct) <= set(weights)
    return not (is_known and unbounded_score(question, response, correct) > together)


def read_together(question: AssessmentItem, response: str, names: list[str]) -> tuple[list[float], Body]:
    """The fractions where only all right choices and no others earn points."""
    correct = question.processing.declarations[response].correct
    if (
        not correct
        or unbounded_score(question, response, correct) <= 0
        or (unbounded_score(question, response, names) > 0 and set(correct) != set(names))
    ):
        raise Unsupported(N_("Its choices earn different points together than one by one."))
    return [int(name in correct) for name in names], {"method": "all-or-nothing"}
