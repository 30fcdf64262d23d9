"""Matching in QTI 1.2: rows with options, or pairs within one group of choices."""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_
from quizapp.formats.qti.ids import ids_of, option_ids
from quizapp.formats.qti.item_core import ItemCore
from quizapp.formats.qti.refusals import MARK_RIGHT, Unsupported, Unusable
from quizapp.formats.qti12.material import materials
from quizapp.formats.qti12.question import Qti12Question, Response
from quizapp.kinds.base import Text

RESPONSE_NAMES = ("response_lid", "response_grp", "response_str", "response_num")


def read_matching(question: Qti12Question) -> ItemCore:
    """Several responses with the same choices: the rows, and the options to choose from."""
    responses = question.responses
    if not responses or any(one.name not in ("response_lid", "response_grp") for one in responses):
        raise Unsupported(N_("Its places for answers aren't those of its type."))
    options: dict[str, Text] = {}
    for label in (label for one in responses for label in one.labels):
        said = question.text_inside(label)
        if options.setdefault(label.get("ident", ""), said) != said:
            raise Unsupported(N_("Its rows have different choices under the same ident."))
    names = ids_of([one.ident.removeprefix("response_") for one in responses])
    chosen = dict(zip(options, option_ids(list(options), names), strict=True))
    rows = []
    for name, response in zip(names, responses, strict=True):
        scores = {ident: question.scoring.score({response.ident: [ident]}) for ident in options}
        right = [ident for ident, score in scores.items() if score > 0]
        if len(right) != 1:
            template = N_("A row of the matching has %(count)s right options; it needs one.")
            raise Unusable(template, "no-right", MARK_RIGHT, count=len(right))
        said = question.feedback(f"{response.ident.removeprefix('response_')}_fb")
        row = {"id": name, "text": question.text(response.prompt), "option": chosen[right[0]]}
        rows.append(row | ({"feedback": said} if said else {}))
    body = {"rows": rows, "options": [{"id": chosen[ident], "text": text} for ident, text in options.items()]}
    return ItemCore("match", body, stem=question.text(list(materials(question.presentation, tuple(RESPONSE_NAMES)))))


def read_pairs(question: Qti12Question) -> ItemCore:
    """One group of choices that belong together in pairs, as ILIAS writes matchings."""
    response = question.only_response("response_grp")
    labels = {label.get("ident", ""): label for label in response.labels}
    grouped = {ident for ident, label in labels.items() if label.get("match_group")}
    pairs = [
        pair if not grouped or pair[0] in grouped else pair[::-1] for pair in scored_pairs(question, response, labels)
    ]
    rows = [row for row, _ in pairs]
    options = [ident for ident in labels if ident not in rows and ident not in grouped]
    if len(set(rows)) < len(rows) or not {option for _, option in pairs} <= set(options):
        raise Unsupported(N_("Its pairs can't be made out."))
    names = dict(zip(rows, ids_of(rows), strict=True))
    chosen = dict(zip(options, option_ids(options, list(names.values())), strict=True))
    return ItemCore("match", {
        "rows": [{"id": names[row], "text": question.text_inside(labels[row]), "option": chosen[option]}
                 for row, option in pairs],
        "options": [{"id": chosen[ident], "text": question.text_inside(labels[ident])} for ident in options],
    })  # fmt: skip


def scored_pairs(question: Qti12Question, response: Response, labels: dict[str, Any]) -> list[tuple[str, ...]]:
    """The pairs of choices that earn points, each in the order of the file."""
    tests = question.scoring.tests(response.ident, ("varsubset",))
    pairs = [tuple(part.strip() for part in (test.text or "").split(",")) for _, test in tests]
    if not pairs or any(len(pair) != 2 or not set(pair) <= set(labels) for pair in pairs):
        raise Unsupported(N_("Its pairs can't be made out."))
    return pairs
