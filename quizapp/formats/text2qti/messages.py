"""What can be wrong with a Markdown quiz: by code, how bad it is, what is said, and how to mend it."""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_, Problem, Severity
from quizapp.formats.text2qti.elements import QuizElement

MESSAGES: dict[str, tuple[Severity, str, str]] = {
    "mixed": (
        "error",
        N_("This line is of a different type from the answers before it."),
        N_("Give a question one type of answer, or begin a new question above this line."),
    ),
    "feedback-place": (
        "error",
        N_("“%(mark)s” comes after the answers, where it doesn't belong to anything."),
        N_("Put it directly below the question's text."),
    ),
    "feedback-twice": (
        "error",
        N_("“%(mark)s” appears here for the second time."),
        N_("Join the two texts into one."),
    ),
    "no-question": (
        "error",
        N_("This line doesn't belong to any question."),
        N_("Begin the question above it with a number, a full stop and a space."),
    ),
    "cramped": (
        "error",
        N_("There is no space, or no text, after “%(mark)s”."),
        N_("Write the mark, a space, and the text."),
    ),
    "unknown-line": (
        "error",
        N_("This line is not part of a question."),
        N_("Indent it as far as the text that it continues, or put “%%” before a comment."),
    ),
    "no-answers": (
        "error",
        N_("The question has no answers."),
        N_("Add choices, an answer, or ___ for an essay below it."),
    ),
    "two-right": (
        "error",
        N_("This is a second right answer. Make the question a multiple response, or correct it."),
        N_("Write [*] before the right choices and [ ] before the others, where several have to be chosen."),
    ),
    "same-choice": (
        "error",
        N_("Two choices of this question have the same text."),
        N_("Change one of them, or remove it."),
    ),
    "points": ("error", N_("Points are a whole number or a half above 0."), N_("Write them like 2 or 2.5.")),
    "program": (
        "error",
        N_("These questions are made by a program; programs in a file are never run here."),
        N_("Run it yourself, and put its output in its place."),
    ),
    "comment-open": (
        "error",
        N_("This comment is never closed: everything below it was left out."),
        N_("Write END_COMMENT where it ends."),
    ),
    "group-open": ("error", N_("This group is never closed."), N_("Write END_GROUP after its last question.")),
    "group-nested": (
        "error",
        N_("A group can't be inside another group."),
        N_("End the group above it with END_GROUP first."),
    ),
    "no-group": (
        "error",
        N_("END_GROUP ends nothing: no group begins above it."),
        N_("Write GROUP where the group begins, or remove this line."),
    ),
    "group-setting": (
        "error",
        N_("This setting has to be inside a group, and a whole number from 1."),
        N_("Put it below GROUP, such as “pick: 1”."),
    ),
    "group-points": (
        "warning",
        N_("The group gives each of its questions %(points)s points; this line is ignored."),
        N_("Remove this line, or the one of the group."),
    ),
    "picture": (
        "warning",
        N_("The picture “%(name)s” is not in this file."),
        N_("Add it to the question once it is imported."),
    ),
    "heading": (
        "warning",
        N_("No question follows this line; it was left out."),
        N_("Put it directly above its question."),
    ),
    "setting": (
        "warning",
        N_("This setting was left out: it is true or false."),
        N_("Write true or false after the colon."),
    ),
    "group": (
        "loss",
        N_("Asking %(pick)s of these %(count)s questions is a setting of the quiz."),
        N_("Set it in the quiz that uses them."),
    ),
    "quiz-setting": (
        "loss",
        N_("“%(mark)s” is a setting of the quiz."),
        N_("Set it in the quiz that uses these questions."),
    ),
}

MOST_QUOTED = 200
"""Characters of the file that a problem quotes."""


def about(element: QuizElement, code: str, **values: Any) -> Problem:
    """The problem with this code, at the element's line and with what stands there."""
    severity, template, mend = MESSAGES[code]
    text = f"{element.mark} {element.text}".strip() if element.name not in ("unknown", "code", "run") else element.text
    values = {"mark": element.mark, **values}
    return Problem(template, values, code, element.line, severity=severity, text=text[:MOST_QUOTED], mend=mend)
