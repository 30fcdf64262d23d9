"""Rows of our sheet -> bodies of questions, with one function for each kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import ascii_lowercase
from typing import Any

from quizapp.errors import N_
from quizapp.formats.essays import is_no_answer
from quizapp.formats.sheets.answers import feedback_at, number_body, text_body
from quizapp.formats.sheets.columns import NO_PARTNER, TRUTH_OF_WORD, folded
from quizapp.formats.sheets.named import PLAIN, Choices, by_places, by_texts, orders_in, place_of, texts_of
from quizapp.formats.sheets.row import QuestionRow, RowError
from quizapp.kinds.base import Body, Text

EQUALS = re.compile(r"(?<!\\)=")


def id_of(number: int) -> str:
    """a, b, c … by place."""
    return ascii_lowercase[number - 1] if number <= len(ascii_lowercase) else f"c{number}"


def entries_of(row: QuestionRow) -> list[dict[str, Any]]:
    """The choice columns in their order, each with its feedback."""
    if not row.numbers("choice") and row.numbers("wrong"):
        return entries_of_wrong_ones(row)
    entries = []
    for number in numbers_of_choices(row):
        feedback = row.text("feedback", number)
        entries.append(
            {"id": id_of(number), "text": row.text("choice", number), **({"feedback": feedback} if feedback else {})}
        )
    return entries


def entries_of_wrong_ones(row: QuestionRow) -> list[dict[str, Any]]:
    """The answer and the columns of wrong ones, which come in any order."""
    right = row.cell("answer")
    if not right:
        raise RowError(N_("The answer is missing."), "no-right", "answer", N_("Write the right choice."))
    texts = [row.as_text({row.language: right}), *(row.text("wrong", number) for number in row.numbers("wrong"))]
    return [{"id": id_of(number), "text": text} for number, text in enumerate(texts, 1)]


def numbers_of_choices(row: QuestionRow) -> list[int]:
    numbers = row.numbers("choice")
    if numbers != list(range(1, len(numbers) + 1)):
        missing = next(number for number in range(1, 100) if number not in numbers)
        raise RowError(N_("Choice %(number)s is blank, but a later one isn't."), "gap", number=missing)
    return numbers


def choices_body(row: QuestionRow) -> Body:
    choices = entries_of(row)
    right = right_choices(row, choices) if row.numbers("choice") else {1}
    return {
        "choices": [
            {"id": choice["id"], "text": choice["text"], "fraction": int(number in right)}
            | ({"feedback": choice["feedback"]} if "feedback" in choice else {})
            for number, choice in enumerate(choices, 1)
        ]
    }


def right_choices(row: QuestionRow, choices: Choices) -> set[int]:
    """The numbers of the right choices, which are named by their places, their texts, or their form."""
    answer = row.cell("answer")
    if not answer:
        return marked_choices(row, len(choices))
    places, named = set(by_places(answer, choices)), by_texts(answer, choices)
    texts = {number for each in named for number in each}
    if places and texts and places != texts:
        return places_or_texts(row, answer, places, named)
    if places or (named and all(len(each) == 1 for each in named)):
        return places or texts
    raise RowError(
        N_("The answer “%(text)s” is none of the %(count)s choices."),
        "no-right",
        "answer",
        N_(
            "Write the number of the right choice; separate several by commas. If the columns hold only wrong ones, "
            "choose “wrong answer” for them under “Columns of the sheet”."
        ),
        text=answer[:80],
        count=len(choices),
    )


def marked_choices(row: QuestionRow, count: int) -> set[int]:
    """The numbers of the choices that stand out by their form, where they do in one way and no answer is written."""
    sets = {numbers for numbers in row.marked.values() if len(numbers) < count}
    if len(sets) == 1:
        row.warn(
            N_(
                "No answer is written; the choice that stands out by being bold, coloured or filled was taken as right."
            ),
            "marked-key",
            N_("Check it, and write the right answer if it is wrong."),
            "choice",
        )
        return set(*sets)
    raise RowError(
        N_("The answer is missing; choices stand out in several ways, and none says which is right.")
        if sets
        else N_("The answer is missing."),
        "no-right",
        "answer",
        N_("Write the number of the right choice."),
    )


def places_or_texts(row: QuestionRow, answer: str, places: set[int], named: list[set[int]]) -> set[int]:
    """Of an answer that could be both, numbers say places, and all else (`2.0`, `가`, `(B)`) says texts."""
    texts = {number for each in named for number in each}
    is_text = len(texts) == len(named) and not PLAIN.fullmatch(answer)
    taken, other = (texts, places) if is_text else (places, texts)
    row.warn(
        N_("“%(text)s” was read as the text of choice %(taken)s; as a number it would be choice %(other)s.")
        if is_text
        else N_("“%(text)s” was read as the number of choice %(taken)s; as a text it would be choice %(other)s."),
        "number-or-text",
        N_("Check it, and write the right answer if it is wrong."),
        "answer",
        text=answer,
        taken=", ".join(map(str, sorted(taken))),
        other=", ".join(map(str, sorted(other))),
    )
    return taken


def truefalse_body(row: QuestionRow) -> Body:
    answer = folded(named_truth(row))
    if answer not in TRUTH_OF_WORD:
        raise RowError(
            N_("The answer “%(text)s” is neither true nor false."),
            "no-right",
            "answer",
            N_("Write true or false, O or X."),
            text=row.cell("answer")[:80],
        )
    feedback = {key: text for key, number in (("true", 1), ("false", 2)) if (text := row.text("feedback", number))}
    return {"answer": TRUTH_OF_WORD[answer], **({"feedback": feedback} if feedback else {})}


def named_truth(row: QuestionRow) -> str:
    """The answer; where the choices read true and false, the one that it names."""
    answer = row.cell("answer")
    choices = sorted((column.number, value) for column, value in row.cells.items() if column.name == "choice")
    said = [folded(value) for _, value in choices]
    if [TRUTH_OF_WORD.get(word) for word in said] not in ([True, False], [False, True]):
        return answer
    row.cells = {column: value for column, value in row.cells.items() if column.name != "choice"}
    number = place_of(answer)
    return answer if folded(answer) in TRUTH_OF_WORD else said[number - 1] if 1 <= number <= len(said) else answer


def pairs_body(row: QuestionRow) -> Body:
    """Pairs stand in the choice columns as `left = right`; `(none) = right` is an option that nothing matches."""
    rows: list[Body] = []
    options: list[Body] = []
    for entry_number in row.numbers("choice"):
        left, right = pair_of(row, entry_number)
        option = next((option for option in options if option["text"] == right), None)
        if option is None:
            option = {"id": f"o{len(options) + 1}", "text": right}
            options.append(option)
        if left:
            body = {"id": f"r{len(rows) + 1}", "text": left, "option": option["id"]}
            rows.append(body | feedback_at(row, entry_number))
    return {"rows": rows, "options": options}


def pair_of(row: QuestionRow, number: int) -> tuple[Text, Text]:
    left: dict[str, str] = {}
    right: dict[str, str] = {}
    for language, cell in row.strings("choice", number).items():
        sides = [side.strip().replace("\\=", "=") for side in EQUALS.split(cell, 1)]
        if len(sides) != 2 or not sides[1]:
            raise RowError(
                N_("“%(text)s” is not a pair."), "pair", mend=N_("Write it like: Korea = Seoul."), text=cell[:80]
            )
        if sides[0] and folded(sides[0]) not in NO_PARTNER.values():
            left[language] = sides[0]
        right[language] = sides[1]
    return row.as_text(left), row.as_text(right)


def order_body(row: QuestionRow) -> Body:
    """The items in the order of their columns, or in the one that the answer says."""
    items: Choices = [{"text": row.text("choice", number)} for number in numbers_of_choices(row)]
    order = right_order(row, row.cell("answer"), items) if row.cell("answer") else range(1, len(items) + 1)
    return {"items": [{"id": id_of(place), **items[number - 1]} for place, number in enumerate(order, 1)]}


def right_order(row: QuestionRow, answer: str, items: Choices) -> list[int]:
    """The numbers of the items as the answer orders them: `3, 1, 2`, `C-A-B`, `다 → 가 → 나`, or their texts."""
    orders = orders_in(answer, items)
    if not orders:
        raise RowError(
            N_("The answer “%(text)s” doesn't say the order of the %(count)s items."),
            "no-right",
            "answer",
            N_("Write the numbers of all items in their right order; leave it blank if the columns have that order."),
            text=answer[:80],
            count=len(items),
        )
    if any(order != orders[0] for order in orders):
        row.warn(
            N_("“%(text)s” was read as this order, but it could be another one: %(order)s."),
            "order-reading",
            N_("Check it, and write the right answer if it is wrong."),
            "answer",
            text=answer,
            order=" → ".join(texts_of(items[number - 1])[0] for number in orders[0])[:200],
        )
    return orders[0]


def essay_body(row: QuestionRow) -> Body:
    """What stands in the column of answers is for the person who grades."""
    answer = row.cell("answer")
    return {"grader_notes": row.as_text({row.language: answer})} if answer and not is_no_answer(answer) else {}


def no_body(row: QuestionRow) -> Body:
    return {}


BODIES: dict[str, Callable[[QuestionRow], Body]] = {
    "": choices_body,
    "choice": choices_body,
    "multiple": choices_body,
    "truefalse": truefalse_body,
    "text": text_body,
    "number": number_body,
    "match": pairs_body,
    "categorise": pairs_body,
    "order": order_body,
    "essay": essay_body,
    "description": no_body,
}
