"""Texts with gaps in QTI 1.2: Canvas's `[name]` in the text, and responses that stand in the flow of the text."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.losses import loss
from quizapp.formats.markup import text_from_html, text_from_plain, words_of
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.gaps import GAP_ID, with_distinct_choice_ids, with_weights
from quizapp.formats.qti.ids import ids_of
from quizapp.formats.qti.numbers import share_of
from quizapp.formats.qti.refusals import MARK_RIGHT, NO_RIGHT_GAP, Unsupported, Unusable
from quizapp.formats.qti12.algorithms import (
    AS_WRITTEN,
    CHOSEN_ANSWERS,
    TYPED_ANSWERS,
    algorithm_of,
    answer_type_of,
    case_of,
    case_rule,
    patterns_of,
)
from quizapp.formats.qti12.material import MATERIAL, is_part, is_plain, materials
from quizapp.formats.qti12.question import RESPONSES, Qti12Question, Response
from quizapp.formats.qti12.typed_answers import number_answers, text_answers
from quizapp.kinds.base import Body, nfc


def read_blanks(question: Qti12Question) -> Body:
    """The gaps of Canvas's blanks, each of which lists its accepted answers or the words to choose from."""
    return read_named(question, blank)


def read_dropdowns(question: Qti12Question) -> Body:
    """The gaps of Canvas's dropdowns, each of which lists its choices."""
    return read_named(question, dropdown)


def read_named(question: Qti12Question, read: Callable[[Qti12Question, Response, str], Body]) -> Body:
    names = [blank_name(one) for one in question.responses]
    if not names or len(set(names)) < len(names):
        raise Unusable(N_("The gaps of this question can't be told apart."), "gaps")
    sound = all(GAP_ID.fullmatch(name) for name in names)
    ids = [name if sound else f"g{place}" for place, name in enumerate(names, 1)]
    marked: set[str] = set()

    def mark(written: str) -> str:
        for name, gap in zip(names, ids, strict=True):
            for form in dict.fromkeys((f"[{name}]", f"[{html.escape(name)}]")):
                if form in written:
                    written = written.replace(form, f"{{{{{gap}}}}}", 1)
                    marked.add(gap)
                    break
        return written

    text = question.text(list(materials(question.presentation, RESPONSES)), mark)
    missing = [name for name, gap in zip(names, ids, strict=True) if gap not in marked]
    if missing:
        raise Unusable(
            N_("The text has no place for the gap “%(name)s”."),
            "marker",
            N_("Write the gap's name in square brackets where it belongs."),
            name=missing[0],
        )
    gaps = [read(question, response, gap) for response, gap in zip(question.responses, ids, strict=True)]
    return {"text": text, "gaps": with_distinct_choice_ids(with_weights(gaps, best_scores(question)))}


def blank_name(response: Response) -> str:
    ident = response.ident
    return nfc(ident[len("response_") :] if ident.startswith("response_") else ident)


def blank(question: Qti12Question, response: Response, gap: str) -> Body:
    """A blank as its answers say: typed, or chosen from a list or a bank of words."""
    types = {answer_type_of(label) for label in response.labels}
    if unknown := sorted(types - {*CHOSEN_ANSWERS, *TYPED_ANSWERS}):
        raise Unsupported(N_("A blank is filled by “%(name)s”, which isn't supported here."), name=unknown[0])
    if types & set(CHOSEN_ANSWERS):
        return dropdown(question, with_bank(question, response) if "wordbank" in types else response, gap)
    answers: list[Body] = []
    cases = []
    for label in accepted(question, response):
        written = words_of(question.text_inside(label), question.language)
        said = question.feedback(f"{label.get('ident')}_fb")
        if written:
            patterns = patterns_of(question, label, written)
            answers += [{"text": one, "fraction": 1, **({"feedback": said} if said else {})} for one in patterns]
            cases.append(case_of(question, label, written))
    if not answers:
        raise Unusable(NO_RIGHT_GAP, "no-right", MARK_RIGHT, name=gap)
    rule = case_rule(question, cases)
    return {"id": gap, "kind": "text", "answers": answers, **({"scoring": rule} if rule else {})}


def accepted(question: Qti12Question, response: Response) -> list[Any]:
    """The right answers to a typed blank. Canvas scores only one of them, and lists nothing but right ones."""
    if not any(condition.gives for condition in question.scoring.conditions):
        return response.labels
    scored = [one for one in response.labels if question.scoring.score({response.ident: [one.get("ident", "")]}) > 0]
    if len(scored) != 1:
        return scored
    return [one for one in response.labels if one in scored or algorithm_of(one) in ("", "textinchoices")]


def with_bank(question: Qti12Question, response: Response) -> Response:
    """The response with the words of all blanks that are filled from the bank of words."""
    banks = [one for one in question.responses if any(answer_type_of(label) == "wordbank" for label in one.labels)]
    words: dict[str, Any] = {}
    for one in [response, *banks]:
        for label in one.labels:
            words.setdefault(words_of(question.text_inside(label), question.language), label)
    once = any((label.get("allow_reuse") or "").lower() != "true" for label in words.values())
    if once and response is banks[0] and len(banks) > 1:
        question.problems.append(
            loss(N_("There, each word of the word bank can be used once; here, any number of times."), "word-bank")
        )
    idents: dict[str, Any] = {}
    for label in words.values():
        idents.setdefault(label.get("ident", ""), label)
    return Response(response.element, response.ident, list(idents.values()))


def dropdown(question: Qti12Question, response: Response, gap: str) -> Body:
    names = [label.get("ident", "") for label in response.labels]
    scores = [question.scoring.score({response.ident: [name]}) for name in names]
    best = max(scores, default=0)
    if best <= 0:
        raise Unusable(NO_RIGHT_GAP, "no-right", MARK_RIGHT, name=gap)
    report_algorithms(question, response)
    choices = []
    for name, label, score in zip(ids_of(names), response.labels, scores, strict=True):
        said = question.feedback(f"{label.get('ident')}_fb")
        choice = {"id": name, "text": question.text_inside(label), "fraction": share_of(score, best)}
        choices.append(choice | ({"feedback": said} if said else {}))
    return {"id": gap, "kind": "choice", "choices": choices}


def report_algorithms(question: Qti12Question, response: Response) -> None:
    """A warning for each way of comparing texts by which more of a list may be right than what is marked."""
    for written in dict.fromkeys(label.get("scoring_algorithm") or "" for label in response.labels):
        if written.lower() not in AS_WRITTEN:
            question.problems.append(
                Problem(
                    N_("The choices of a list are compared by “%(name)s” there; here the one that is marked is right."),
                    {"name": written[:40]},
                    code="list-algorithm",
                    severity="warning",
                    mend=N_("Check whether another choice in the list should be right too."),
                )
            )


def read_flow(question: Qti12Question) -> Body:
    """The materials with a marker for each response, where it stands."""
    ids: dict[Any, str] = {}
    gaps = []
    idents = [one.ident for one in question.responses]
    sound = len(set(idents)) == len(idents) and all(GAP_ID.fullmatch(ident) for ident in idents)
    for place, response in enumerate(question.responses, 1):
        ids[response.element] = response.ident if sound else f"g{place}"
        gaps.append(typed_gap(question, response, ids[response.element]))
    written = "".join(flow_pieces(question, question.presentation, ids))
    plain = all(is_plain(part) for part in question.presentation.iter() if is_part(part))
    text = (text_from_plain(html.unescape(written), question.language) if plain
            else text_from_html(written, question.language))  # fmt: skip
    return {"text": text, "gaps": with_distinct_choice_ids(with_weights(gaps, best_scores(question)))}


def flow_pieces(question: Qti12Question, element: Any, ids: dict[Any, str]) -> list[str]:
    pieces: list[str] = []
    for child in element:
        name = local(child)
        if name in MATERIAL:
            pieces += question.pieces(child)
        elif child in ids:
            own = list(materials(child, ("response_label",)))
            before = [node for node in own if node.getparent() is child]
            pieces += [part for node in before for part in question.pieces(node)]
            pieces.append(f"{{{{{ids[child]}}}}}")
            pieces += [part for node in own if node not in before for part in question.pieces(node)]
        elif name:
            pieces += flow_pieces(question, child, ids)
    return pieces


def typed_gap(question: Qti12Question, response: Response, gap: str) -> Body:
    if response.labels and response.name in ("response_lid", "response_grp"):
        return dropdown(question, response, gap)
    if response.is_number:
        answers, scoring = number_answers(question, response), {}
    else:
        answers, scoring = text_answers(question, response)
    if not answers:
        raise Unusable(NO_RIGHT_GAP, "no-right", MARK_RIGHT, name=gap)
    kind = "number" if response.is_number else "text"
    return {"id": gap, "kind": kind, "answers": answers, **({"scoring": scoring} if scoring else {})}


def best_scores(question: Qti12Question) -> list[float]:
    """What the best answer to each gap earns by itself."""
    return [best_score(question, response) for response in question.responses]


def best_score(question: Qti12Question, response: Response) -> float:
    values = [label.get("ident", "") for label in response.labels]
    values += [(test.text or "").strip() for _, test in question.scoring.tests(response.ident, ("varequal", "vargte"))]
    return max((question.scoring.score({response.ident: [value]}) for value in values), default=0)
