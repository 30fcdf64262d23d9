"""An answer beside the right one, part by part: what takes the place of a control once it is known what was right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from quizapp.kinds.base import Body, Response, Score, Text
from quizapp.kinds.cloze import GAP_KINDS, answer_key, in_order, part_of
from quizapp.web.controls import ArrangedItem

Words = Text | str
"""An author's text, or what somebody typed."""


class ComparedPart(NamedTuple):
    """One part of an answer. `name` is its id; `number` counts where parts are numbered; `label` is an author's.

    given, right: what was answered there and what would have been, "" for nothing or not to be seen.  fraction: of that
    part, None where it has none.  note: what is said of it.
    """

    name: str = ""
    number: int = 0
    label: Words = ""
    given: Words = ""
    right: Words = ""
    fraction: float | None = None
    note: Text | None = None

    @property
    def is_right(self) -> bool:
        return self.fraction is not None and self.fraction >= 1


def compared_parts(
    arranged: ArrangedItem, response: Response | None, key: Response | None, score: Score, language: str
) -> list[ComparedPart]:
    """The parts of a response, beside those of the right one, the `key`, if that may be seen."""
    return list(COMPARED.get(arranged.control, whole)(arranged, response or {}, key or {}, score, language))


Parts = Callable[[ArrangedItem, Response, Response, Score, str], Iterator[ComparedPart]]


def whole(
    arranged: ArrangedItem, given: Response, key: Response, score: Score, language: str
) -> Iterator[ComparedPart]:
    """An answer without parts. The right one is its own line only where there is one to tell."""
    yield ComparedPart(
        given=arranged.words(given, language), right=arranged.words(key, language), fraction=score.fraction
    )


def chosen(
    arranged: ArrangedItem, given: Response, _key: Response, score: Score, _language: str
) -> Iterator[ComparedPart]:
    """The option that was chosen."""
    name, choices = given.get("choice", ""), texts(arranged, "choices")
    if name in choices:
        yield compared_part(score, name, given=choices[name])


def all_chosen(
    arranged: ArrangedItem, given: Response, _key: Response, score: Score, _language: str
) -> Iterator[ComparedPart]:
    """Each option that was chosen, in the order of the page."""
    choices, names = texts(arranged, "choices"), given.get("choices", ())
    for name in arranged.arrangement.order["choices"] if names else ():
        if name in names:
            yield compared_part(score, name, given=choices[name])


def compared_part(score: Score, name: str, **words: Any) -> ComparedPart:
    """A line with what the score says of its part."""
    return ComparedPart(name, fraction=score.parts.get(name), note=score.notes.get(name), **words)


def paired(
    arranged: ArrangedItem, given: Response, key: Response, score: Score, _language: str
) -> Iterator[ComparedPart]:
    rows, options = texts(arranged, "rows"), texts(arranged, "options")
    pairs, right = given.get("pairs", {}), key.get("pairs", {})
    for name in arranged.arrangement.order["rows"]:
        own, other = options.get(pairs.get(name), ""), options.get(right.get(name), "")
        yield compared_part(score, name, label=rows[name], given=own, right=other)


def ordered(
    arranged: ArrangedItem, given: Response, key: Response, score: Score, _language: str
) -> Iterator[ComparedPart]:
    """Place by place: what was put there, and what belongs there."""
    items = texts(arranged, "items")
    own, right = given.get("order") or [], key.get("order") or []
    for place in range(len(items)):
        name = own[place] if own else ""
        other = items[right[place]] if right else ""
        yield compared_part(score, name, number=place + 1, given=items.get(name, ""), right=other)


def texts(arranged: ArrangedItem, scope: str) -> Mapping[str, Text]:
    """What the things of a list say, by id."""
    return {one["id"]: one["text"] for one in arranged.arrangement.public[scope]}


def filled(
    arranged: ArrangedItem, given: Response, key: Response, score: Score, language: str
) -> Iterator[ComparedPart]:
    own, right = given.get("gaps", {}), key.get("gaps", {})
    for number, gap in enumerate(in_order(arranged.item.body, language), 1):
        name = gap["id"]
        words = [gap_in_words(gap, answers.get(name), language) for answers in (own, right)]
        yield compared_part(score, name, number=number, given=words[0], right=words[1])


def gap_in_words(gap: Body, answer: str | None, language: str) -> str:
    """What a gap holds, in words."""
    return GAP_KINDS[gap["kind"]].text(part_of(gap), {answer_key(gap): answer}, language) if answer else ""


COMPARED: dict[str, Parts] = {
    "choice": chosen,
    "multiple": all_chosen,
    "match": paired,
    "categorise": paired,
    "order": ordered,
    "gaps": filled,
}
"""How each control's answer is taken apart; the others' has no parts."""
