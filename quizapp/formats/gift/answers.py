"""The answers of a GIFT question: what stands between its braces, turned into a kind's response."""

from __future__ import annotations

import re
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.gift.answer_parts import int_if_whole, option_id, weight_of, weight_without_sign, with_feedback
from quizapp.formats.gift.escapes import MARKER, marked_text, restore
from quizapp.formats.gift.numbers import read_numbers
from quizapp.formats.gift.widths import plain_marks
from quizapp.formats.items import Item

TRUTH = re.compile(r"\s*(?P<word>T|TRUE|F|FALSE)\s*(?:#(?P<feedback>.*))?", re.IGNORECASE | re.DOTALL)


def read_answers(item: Item, answer: str | None, language: str, form: str) -> list[Problem]:
    """Give the item its kind, response and feedback. `answer` is None where there are no braces."""
    if answer is None:
        item.kind = "description"
        return []
    answer, problems = plain_marks(answer)
    return [*problems, *read_plain_answers(item, answer, language, form)]


def read_plain_answers(item: Item, answer: str, language: str, form: str) -> list[Problem]:
    answer, _, general = answer.partition("####")
    if general.strip():
        item.feedback["general"] = marked_text(general, language, form)[0]
    answer = answer.strip()
    if not answer:
        item.kind = "essay"
        return []
    if answer.startswith("#"):
        return read_numbers(item, answer[1:].strip(), language, form)
    if "~" in answer:
        return read_choices(item, answer, language, form)
    if "=" in answer and "->" in answer:
        return read_pairs(item, answer, language, form)
    if truth := TRUTH.fullmatch(answer):
        return read_truefalse(item, truth, language, form)
    return read_short_answers(item, answer, language, form)


def read_choices(item: Item, answer: str, language: str, form: str) -> list[Problem]:
    """Options with `=` (right) and `~` (wrong, or with a weight); without any `=` several may be chosen."""
    problems: list[Problem] = []
    several = "=" not in answer
    empty = 0
    entries: list[dict[str, Any]] = []
    for place, part in enumerate(answer.replace("=", "~=").split("~")):
        if not place and not part.strip():
            continue
        right = part.lstrip().startswith("=")
        weight, words = weight_of(part.lstrip()[1:] if right else part, problems)
        words, feedback = with_feedback(words, language, form)
        text = marked_text(words, language, form)[0]
        if not text:
            empty += 1
            continue
        problems += weight_without_sign(weight, words)
        fraction = 1 if right and weight is None else weight or 0
        entries.append({"id": option_id(len(entries)), "text": text, "fraction": int_if_whole(fraction), **feedback})
    if empty:  # said once, however many there are
        problems.append(blank_options(empty))
    item.kind, item.response = ("multiple" if several else "choice"), {"choices": entries}
    if several:
        item.scoring = {"method": "sum"}
    return problems


def blank_options(count: int) -> Problem:
    return Problem(
        N_("%(count)s options have no text.") if count > 1 else N_("An option has no text."),
        {"count": count},
        code="empty-option",
        mend=N_("Write it after = or ~."),
    )


def read_truefalse(item: Item, truth: re.Match[str], language: str, form: str) -> list[Problem]:
    """The first feedback is for the wrong response, the second for the right one."""
    answer = truth["word"].upper().startswith("T")
    wrong, _, right = (truth["feedback"] or "").partition("#")
    texts = {
        str(not answer).lower(): marked_text(wrong, language, form)[0],
        str(answer).lower(): marked_text(right, language, form)[0],
    }
    feedback = {key: texts[key] for key in ("true", "false") if texts[key]}
    item.kind = "truefalse"
    item.response = {"answer": answer, **({"feedback": feedback} if feedback else {})}
    return []


def read_short_answers(item: Item, answer: str, language: str, form: str) -> list[Problem]:
    problems: list[Problem] = []
    answers = []
    for part in answer.split("="):
        if not part.strip():
            continue
        weight, words = weight_of(part, problems)
        words, feedback = with_feedback(words, language, form)
        if marker := MARKER.match(words):
            words = words[marker.end() :]
            problems.append(marker_left_out(marker[0]))
        if not words.strip():
            continue
        fraction = 1 if weight is None else int_if_whole(weight)
        answers.append({"text": restore(words.strip()), "fraction": fraction, **feedback})
    item.kind, item.response = "text", {"answers": answers}
    if not answers:
        problems.append(
            Problem(N_("There is no answer between the braces."), code="no-right",
                    mend=N_("Write the right answer after =, or leave the braces empty for an essay."))
        )  # fmt: skip
    return problems


def marker_left_out(marker: str) -> Problem:
    return Problem(
        N_("The marker %(marker)s was left out of an answer that learners type."),
        {"marker": marker.strip()},
        code="marker",
        severity="warning",
    )


def read_pairs(item: Item, answer: str, language: str, form: str) -> list[Problem]:
    """`=row -> option`; without a row, the option is a distractor. The same option twice is one.

    In Moodle options are plain, whatever the format of the question; a marker in one is read all the same.
    """
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    options: list[dict[str, Any]] = []
    names: dict[tuple[str, ...], str] = {}
    for part in answer.split("="):
        if not part.strip():
            continue
        left, arrow, right = part.partition("->")
        option = marked_text(right, language, "moodle")[0]
        if not arrow or not option:
            problems.append(
                Problem(
                    N_("A pair is written “=left -> right”; this one has no right side."),
                    code="pair",
                    text=restore(part).strip()[:200],
                )
            )
            continue
        known = names.setdefault(tuple(option.values()), f"o{len(options) + 1}")
        if len(names) > len(options):
            options.append({"id": known, "text": option})
        if row := marked_text(left, language, form)[0]:
            rows.append({"id": f"r{len(rows) + 1}", "text": row, "option": known})
    item.kind, item.response = "match", {"rows": rows, "options": options}
    return problems
