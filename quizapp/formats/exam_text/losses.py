"""What an exam's text loses of an item, and which items it can't hold at all."""

from __future__ import annotations

from quizapp.errors import N_, Problem
from quizapp.formats.base import written_language
from quizapp.formats.exam_text.signs import MOST_WRITTEN
from quizapp.formats.exam_text.texts import is_carried
from quizapp.formats.exam_text.writer import KINDS_WRITTEN
from quizapp.formats.items import Item
from quizapp.formats.losses import loss, lost_fields, lost_languages
from quizapp.formats.schema import texts_of
from quizapp.formats.wildcards import plain_of

CARRIED = ("stimulus", "points", "difficulty", "category", "feedback")


def losses_of(item: Item) -> list[Problem]:
    if refusal := refusal_of(item):
        return [refusal]
    language = written_language(item)
    problems = [*lost_fields(item, CARRIED), *lost_languages(item)]
    if not all(is_carried(text, language) for text in texts_of(item)):
        problems.append(
            loss(N_("The markup of the texts is written as it stands and comes back as plain text."), "lost-markup")
        )
    if any(text and moment != "solution" for moment, text in item.feedback.items()):
        problems.append(loss(N_("Of the feedback only the explanation is written."), "lost-feedback"))
    return problems + lost_of_body(item)


def refusal_of(item: Item) -> Problem | None:
    if item.kind not in KINDS_WRITTEN:
        return Problem(N_("Exam text has no questions of this kind."), code="kind")
    answers = item.response.get("answers", ())
    right = [answer for answer in answers if answer.get("fraction", 0) == 1]
    if item.kind == "text" and any(plain_of(answer["text"]) is None for answer in right):
        return Problem(N_("Its right answers have wildcards, which this format lacks."), code="kind")
    if item.kind == "number" and any(answer["value"] == "*" for answer in right):
        return Problem(N_("Any number is right, which this format can't express."), code="kind")
    if len(item.response.get("choices", ())) > MOST_WRITTEN:
        return Problem(
            N_("Exam text has labels for at most %(limit)s choices."), {"limit": MOST_WRITTEN}, code="choices"
        )
    return None


def lost_of_body(item: Item) -> list[Problem]:
    body, problems = item.response, []
    choices, answers = body.get("choices", []), body.get("answers", [])
    if any(one.get("fraction", 0) not in (0, 1) for one in (*choices, *answers)):
        problems.append(loss(N_("Partly right and negative choices become wrong ones."), "lost-fractions"))
    if any(one.get("feedback") or one.get("pinned") for one in (*choices, *answers)) or body.get("feedback"):
        problems.append(loss(N_("The choices' feedback and fixed places are left out."), "lost-choices"))
    if any(answer.get("type", "nominal") != "nominal" for answer in answers):
        problems.append(loss(N_("A relative or geometric tolerance becomes an amount."), "lost-tolerance"))
    if len(body.get("units", ())) > 1:
        problems.append(loss(N_("The units but the answer's own are left out."), "lost-units"))
    if item.kind == "essay" and set(body) - {"grader_notes"}:
        problems.append(loss(N_("The limits and the template of the essay are left out."), "lost-essay"))
    return problems
