"""What can be wrong with an exam's text: by code, how bad it is, what is said, and how to mend it."""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_, Problem, Severity
from quizapp.formats.exam_text.line import OBJECT, Line

MOST_QUOTED = 200
"""Characters of a line that a problem quotes."""

WRITE_KEY = N_(
    "Write the answer below the question, such as “정답: ②” or “Answer: B”, or in a list at the end, “1 ② 2 ④”."
)
WRITE_WORDS = N_(
    "Write the answer below the question, such as “정답: 광합성” or “Answer: Seoul”; if a person is to grade it, write "
    "“(서술형)” or “(Essay)” at the end of the question."
)

MESSAGES: dict[str, tuple[Severity, str, str]] = {
    "no-key": ("error", N_("Question %(number)s has no answer."), WRITE_KEY),
    "taken-as-essay": (
        "warning",
        N_("Question %(number)s has no answer to compare with: it was read as an essay that a person grades."),
        N_("Check it, and write the answer if there is one."),
    ),
    "two-keys": (
        "error",
        N_("Question %(number)s has two different answers: “%(one)s” and “%(other)s”."),
        N_("Leave the right one."),
    ),
    "no-choice": (
        "error",
        N_("The answer “%(key)s” to question %(number)s names none of its choices."),
        N_("Write the label of a choice, such as ②, or correct the choices."),
    ),
    "no-choices": (
        "error",
        N_("The answer “%(key)s” to question %(number)s names a choice, but the question has none."),
        N_("Put each choice in a line of its own, such as “① …”, or write the answer in words."),
    ),
    "not-judged": (
        "error",
        N_("Question %(number)s is a true/false question, but its answer is “%(key)s”."),
        N_("Write O or X as the answer, or remove “(O/X)”."),
    ),
    "letter": (
        "warning",
        N_("The answer “%(key)s” to question %(number)s was read as a letter to type."),
        N_("If this is a true/false question, write “(O/X)” after it."),
    ),
    "key-text": (
        "error",
        N_("The answer “%(key)s” to question %(number)s names one choice, and the words of another."),
        N_("Write the label of the right choice alone."),
    ),
    "key-number": (
        "error",
        N_("The answer “%(key)s” to question %(number)s may be the number of a choice, or the words of another."),
        N_("Write it as the choices are labelled, such as ②."),
    ),
    "parts": (
        "error",
        N_("The answer to question %(number)s has several parts."),
        N_("Make a question of each, or write “모범 답안:” or “Model answer:” before it to have a person grade it."),
    ),
    "same-label": (
        "error",
        N_("The choice “%(label)s” of question %(number)s appears twice."),
        N_("Correct the labels of the choices."),
    ),
    "choice-gap": (
        "warning",
        N_("A choice of question %(number)s seems to be missing before this one."),
        N_("Check whether it is part of the choice above it."),
    ),
    "choices-in-text": (
        "warning",
        N_("The choices of question %(number)s are in its text: they were taken from the marks there."),
        N_("If that isn't meant, put the choices on lines of their own."),
    ),
    "marked-key": (
        "warning",
        N_("Question %(number)s has no written answer: what is marked by its form (%(what)s) was taken as right."),
        N_("Check it, and write the right answer if it is wrong."),
    ),
    "filled-in": (
        "warning",
        N_("“%(key)s” in the brackets at the end of question %(number)s was taken as its answer."),
        N_("Check that it is; if not, write the answer below the question."),
    ),
    "marked-otherwise": (
        "warning",
        N_("A choice of question %(number)s is marked by its formatting (%(what)s), but the written "
        "answer is a different one."),
        N_("The written answer was used. Check whether it is right."),
    ),
    "marked-ways": (
        "error",
        N_("Choices of question %(number)s are marked in several ways, and none says which is right."),
        WRITE_KEY,
    ),
    "continued": (
        "warning",
        N_("This line has no label; it was added to the choice above it."),
        N_("Write each choice in one line."),
    ),
    "stray": (
        "warning",
        N_("This line doesn't belong to any question; it was left out."),
        N_("Put it into the question that it belongs to, or begin an explanation with “해설:” or “Explanation:”."),
    ),
    "page": (
        "loss",
        N_("This line is a page number, or repeats the title on another page; it was left out."),
        N_("If it belongs to a question, write it otherwise."),
    ),
    "whole-brackets": (
        "warning",
        N_("“%(written)s” has to be typed with what stands in the brackets."),
        N_("If either is right, write “또는” or “or” between them."),
    ),
    "before": (
        "warning",
        N_("This line comes before the first question; it was left out."),
        N_("If it belongs to a question, put it after the question's number."),
    ),
    "lost-key": (
        "error",
        N_("This answer comes before the first question that was recognised."),
        N_("Number all questions in the same way, such as “1.” or “문 1)”."),
    ),
    "gap": (
        "warning",
        N_("The numbers jump from %(before)s to %(number)s."),
        N_("Check whether a question is missing, or its number was not recognised."),
    ),
    "same-number": (
        "warning",
        N_("There is more than one question %(number)s."),
        N_("Number the questions consecutively."),
    ),
    "same-number-key": (
        "error",
        N_("There is more than one question %(number)s, so it isn't clear which one the list of answers means."),
        N_("Write the name of each part above its questions and above its answers, such as “Part A”, or number the "
        "questions consecutively."),
    ),
    "passage-gap": (
        "warning",
        N_("This passage is for the questions %(first)s to %(last)s, but not all of them are there."),
        N_("Correct the numbers of the passage or of the questions."),
    ),
    "key-unknown": (
        "warning",
        N_("The list of answers names question %(number)s, which isn't in the text."),
        N_("Check whether the question is missing, or its number was not recognised."),
    ),
    "key-order": (
        "warning",
        N_("The numbers of the answers %(first)s to %(last)s aren't those of the questions; they were taken in their "
        "order."),
        N_("Check some of the answers, or number the questions and the answers alike."),
    ),
    "key-row": (
        "warning",
        N_("The answers have no numbers; they were taken in the order of the questions."),
        N_("Check some of the answers, or write the number of its question before each."),
    ),
    "key-guess": (
        "warning",
        N_("Only a space parts the answers of this line; they were read as %(answers)s."),
        N_("Check them, or write each answer on a line of its own."),
    ),
    "points": (
        "warning",
        N_("“%(written)s” wasn't read as the points of the question."),
        N_("Write all of its points behind the question, such as “[3점]” or “[3 points]”; 1000 are the most."),
    ),
    "two-points": (
        "warning",
        N_("Question %(number)s says that it has %(one)s points, the list of answers %(other)s: the first was taken."),
        N_("Correct one of them."),
    ),
    "key-list": (
        "warning",
        N_("“%(key)s” looks like the answers to several questions; it was read as the answer to question %(number)s."),
        N_("If it is a list of answers, write the word “정답” or “Answers” on a line of its own above it."),
    ),
    "key-twice": (
        "error",
        N_("The answer “%(key)s” to question %(number)s names a choice twice."),
        N_("If these are the answers to several questions, write the number of its question before each."),
    ),
    "key-line": (
        "error",
        N_("This line of the list of answers can't be read."),
        N_("Write the number of each question and its answer, such as “1 ② 2 ④”."),
    ),
    "comma": (
        "warning",
        N_("The answer to question %(number)s has a comma, and was read as one answer."),
        N_("Write “또는” or “or” between answers of which any is right."),
    ),
    "thousands": (
        "warning",
        N_("“%(written)s” was read as %(value)s."),
        N_("If a decimal comma is meant, write a point."),
    ),
    "quotient": (
        "warning",
        N_("“%(written)s” was read as the number %(value)s."),
        N_("If it has to be typed as it stands, make it a question for a text."),
    ),
    "brackets": (
        "warning",
        N_("“%(written)s” was read as several answers of which any is right: %(answers)s."),
        N_("If only the whole of it is right, write it without brackets."),
    ),
    "long-key": (
        "warning",
        N_("The answer to question %(number)s is long: a learner has to type exactly this."),
        N_("Write “모범 답안:” or “Model answer:” before it to have a person grade it."),
    ),
    "level": (
        "warning",
        N_("The difficulty “%(written)s” isn't known; it was left out."),
        N_("Write 상, 중 or 하; in English hard, medium or easy."),
    ),
    "no-questions": (
        "error",
        N_("No question was found: no line begins with a number such as “1.”, “1)”, “문1.” or “[1]”."),
        N_("Number the questions, and upload the text again."),
    ),
}  # fmt: skip


def about(code: str, line: Line, **values: Any) -> Problem:
    """The problem with this code, at a line and with what stands there."""
    severity, template, mend = MESSAGES[code]
    text = OBJECT.sub("…", line.text)[:MOST_QUOTED]
    return Problem(template, values, code, line.number, severity=severity, text=text, mend=mend)
