"""Texts with gaps in QTI 1.2: Canvas's `[name]` in the text, and responses that stand in the flow of the text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from quizapp.errors import N_
from quizapp.formats.markup import text_from_html, text_from_plain, words_of
from quizapp.formats.qti.package import local
from quizapp.formats.qti12.answers import literal, number_answers, text_answers
from quizapp.formats.qti12.scoring import share_of
from quizapp.formats.qti12.source import (
    MATERIAL,
    RESPONSES,
    Question,
    Response,
    Wrong,
    ids_of,
    is_part,
    is_plain,
    letters,
    materials,
)
from quizapp.kinds.base import Body, nfc

GAP_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
NO_RIGHT_GAP = N_("The gap “%(name)s” has no right answer.")
MARK_IT = N_("Mark the right answer where the file was made, and export it again.")


def read_blanks(question: Question) -> Body:
    """Canvas: what a blank lists are its accepted answers."""
    return read_named(question, blank)


def read_dropdowns(question: Question) -> Body:
    """Canvas: a blank lists its choices, one of which scores."""
    return read_named(question, dropdown)


def read_named(question: Question, read: Callable[[Question, Response, str], Body]) -> Body:
    names = [blank_name(one) for one in question.responses]
    if not names or len(set(names)) < len(names):
        raise Wrong(N_("The gaps of this question can't be told apart."), "gaps")
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
        raise Wrong(
            N_("The text has no place for the gap “%(name)s”."),
            "marker",
            N_("Write the gap's name in square brackets where it belongs."),
            name=missing[0],
        )
    gaps = [read(question, response, gap) for response, gap in zip(question.responses, ids, strict=True)]
    return {"text": text, "gaps": apart(weighted(question, gaps))}


def blank_name(response: Response) -> str:
    ident = response.ident
    return nfc(ident[len("response_") :] if ident.startswith("response_") else ident)


def blank(question: Question, response: Response, gap: str) -> Body:
    answers = []
    for label in response.labels:
        written = words_of(question.label_text(label), question.language)
        said = question.feedback(f"{label.get('ident')}_fb")
        if written:
            answers.append({"text": literal(written), "fraction": 1, **({"feedback": said} if said else {})})
    if not answers:
        raise Wrong(NO_RIGHT_GAP, "no-right", MARK_IT, name=gap)
    return {"id": gap, "kind": "text", "answers": answers}


def dropdown(question: Question, response: Response, gap: str) -> Body:
    names = [label.get("ident", "") for label in response.labels]
    scores = [question.scoring.score({response.ident: [name]}) for name in names]
    best = max(scores, default=0)
    if best <= 0:
        raise Wrong(NO_RIGHT_GAP, "no-right", MARK_IT, name=gap)
    choices = []
    for name, label, score in zip(ids_of(names), response.labels, scores, strict=True):
        said = question.feedback(f"{label.get('ident')}_fb")
        choice = {"id": name, "text": question.label_text(label), "fraction": share_of(score, best)}
        choices.append(choice | ({"feedback": said} if said else {}))
    return {"id": gap, "kind": "choice", "choices": choices}


def read_flow(question: Question) -> Body:
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
    return {"text": text, "gaps": apart(weighted(question, gaps))}


def flow_pieces(question: Question, element: Any, ids: dict[Any, str]) -> list[str]:
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


def typed_gap(question: Question, response: Response, gap: str) -> Body:
    if response.labels and response.name in ("response_lid", "response_grp"):
        return dropdown(question, response, gap)
    if response.is_number:
        answers, scoring = number_answers(question, response), {}
    else:
        answers, scoring = text_answers(question, response)
    if not answers:
        raise Wrong(NO_RIGHT_GAP, "no-right", MARK_IT, name=gap)
    kind = "number" if response.is_number else "text"
    return {"id": gap, "kind": kind, "answers": answers, **({"scoring": scoring} if scoring else {})}


def weighted(question: Question, gaps: list[Body]) -> list[Body]:
    """The gaps with what each counts, where they count differently."""
    scores = [best_score(question, response) for response in question.responses]
    least = min(scores)
    if least <= 0 or max(scores) - least < 0.01 * least:
        return gaps
    for gap, score in zip(gaps, scores, strict=True):
        weight = round(score / least, 3)
        gap |= {"weight": int(weight) if weight == int(weight) else weight} if weight != 1 else {}
    return gaps


def best_score(question: Question, response: Response) -> float:
    values = [label.get("ident", "") for label in response.labels]
    values += [(test.text or "").strip() for _, test in question.scoring.tests(response.ident, ("varequal", "vargte"))]
    return max((question.scoring.score({response.ident: [value]}) for value in values), default=0)


def apart(gaps: list[Body]) -> list[Body]:
    """The gaps, no two with choices of the same id."""
    ids = [choice["id"] for gap in gaps for choice in gap.get("choices", ())]
    if len(set(ids)) < len(ids):
        for gap in gaps:
            for place, choice in enumerate(gap.get("choices", ())):
                choice["id"] = f"{gap['id']}-{letters(place)}"
    return gaps
