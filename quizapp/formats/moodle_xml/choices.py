"""Moodle XML's questions in which a learner picks or sorts what is given: choices, pairs and orders.

Each function fills the question's item and returns whether the item can hold the question.
"""

from __future__ import annotations

from string import ascii_lowercase
from typing import Any

from quizapp.errors import N_
from quizapp.formats.markup import text_from_plain
from quizapp.formats.moodle_xml.question import MoodleQuestion, finite

GRADING = {
    "ALL_OR_NOTHING": "all-or-nothing",
    "ABSOLUTE_POSITION": "absolute",
    "RELATIVE_NEXT_EXCLUDE_LAST": "next-exclude-last",
    "RELATIVE_NEXT_INCLUDE_LAST": "next-include-last",
    "RELATIVE_ONE_PREVIOUS_AND_NEXT": "previous-and-next",
    "RELATIVE_ALL_PREVIOUS_AND_NEXT": "all-previous-and-next",
    "LONGEST_ORDERED_SUBSET": "longest-ordered",
    "LONGEST_CONTIGUOUS_SUBSET": "longest-contiguous",
    "RELATIVE_TO_CORRECT": "relative",
}
NUMBERED: dict[str, str] = dict(zip(("-1", "0", "1", "2", "3", "4", "5", "6", "7"), GRADING.values(), strict=True))
"""As early versions of the plugin wrote the same."""


def multichoice(question: MoodleQuestion) -> bool:
    choices = [
        {"id": option(n), "text": question.text(answer), "fraction": question.fraction(answer),
         **question.with_feedback(answer)}
        for n, answer in enumerate(question.answers())
    ]  # fmt: skip
    if choices and not question.has_right([one["fraction"] for one in choices]):
        return False
    several = not question.is_on("single", "true")
    question.item.kind, question.item.response = ("multiple" if several else "choice"), {"choices": choices}
    if several:
        question.item.scoring = {"method": "sum"}
    return True


def option(n: int) -> str:
    return ascii_lowercase[n % 26] + (str(n // 26) if n >= 26 else "")


def truefalse(question: MoodleQuestion) -> bool:
    both = question.element.findall("answer")
    answers = {(one.findtext("text") or "").strip().lower(): one for one in both}
    if set(answers) != {"true", "false"}:
        if len(both) != 2:
            return False
        answers = {"true": both[0], "false": both[1]}  # as early versions wrote them, in any language
    right = [name for name in ("true", "false") if question.fraction(answers[name]) > 0]
    if len(right) > 1:
        return question.not_played(N_("Both true and false are marked as right; the question is kept as it is."))
    if not question.has_right([len(right)]):
        return False
    feedback = {name: text for name in ("true", "false") if (text := question.text(answers[name].find("feedback")))}
    question.item.kind = "truefalse"
    question.item.response = {
        "answer": right == ["true"],
        **({"feedback": feedback} if feedback else {}),
    }
    return True


def matching(question: MoodleQuestion) -> bool:
    rows: list[dict[str, Any]] = []
    options: list[dict[str, Any]] = []
    names: dict[tuple[str, ...], str] = {}
    for pair in question.element.findall("subquestion"):
        answer = text_from_plain(pair.findtext("answer/text") or "", question.language)
        if not answer:
            continue
        known = names.setdefault(tuple(answer.values()), f"o{len(options) + 1}")
        if len(names) > len(options):
            options.append({"id": known, "text": answer})
        if row := question.text(pair):
            rows.append({"id": f"r{len(rows) + 1}", "text": row, "option": known})
    question.item.kind, question.item.response = "match", {"rows": rows, "options": options}
    return True


def ordering(question: MoodleQuestion) -> bool:
    grading = question.setting("gradingtype", "RELATIVE_TO_CORRECT").upper()
    method = GRADING.get(grading) or NUMBERED.get(grading)
    if method is None or question.setting("selecttype", "ALL").upper() not in ("ALL", "0"):
        return False
    steps = sorted(question.answers(), key=lambda one: finite(one.get("fraction", "")) or 0)
    items = [{"id": option(n), "text": question.text(one)} for n, one in enumerate(steps)]
    question.item.kind, question.item.response = "order", {"items": items}
    question.item.scoring = {"method": method}
    return True
