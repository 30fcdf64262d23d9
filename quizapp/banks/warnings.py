"""What the editor says of the question that is being written: on it alone, and beside the others of its bank."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from quizapp.banks.models import Bank, Question
from quizapp.banks.presentation import with_opening
from quizapp.banks.remarks import remarks
from quizapp.errors import Problem
from quizapp.formats.items import Item
from quizapp.kinds.base import LANGUAGES
from quizapp.rules import authoring, giveaways

Neighbours = list[tuple[Question, bool]]
"""The bank's questions that stand nearest, and whether they name the one that is written as their enemy."""


def warnings(draft: Item, bank: Bank, question: Question | None, others: Neighbours) -> Iterator[Problem]:
    """The remarks on what is written, alone and beside the bank's other questions."""
    item = replace(draft, id=question.key if question else "")
    for problem in authoring.remarks(item):
        inside = problem.path[-1:] and problem.path[-1] in LANGUAGES  # the form names a text, not its languages
        yield replace(problem, path=problem.path[:-1]) if inside else problem
    stored, _left = remarks(bank.id)
    kept = {key: one for key, one in stored.items.items() if key != item.id}
    yield from authoring.telling_of(item, kept.values())
    near = {other.key: replace(other.current.item, id=other.key) for other, _named in others if other.current}
    found = list(near_remarks(item, near.values()))
    found += [one for one in stored.of_each.get(item.id, ()) if is_far(one, item, kept, near)]
    named = {other.key for other, names_it in others if names_it}
    known = {**kept, **near}
    yield from (with_opening(one, known) for one in found if one.values["other"] not in named)


def near_remarks(item: Item, near: Iterable[Item]) -> Iterator[Problem]:
    """What the item and the nearest of its bank give away of one another."""
    for giver, problem in giveaways.giveaways([item, *near]):
        if giver is item:
            yield problem
        elif problem.values["other"] == item.id:
            yield giveaways.gives_away(giver.id)


def is_far(problem: Problem, item: Item, kept: Container[str], near: Container[str]) -> bool:
    """Whether a stored remark names a question too far away to have been compared with what is written now."""
    other = problem.values.get("other", "")
    return other in kept and other not in near and other not in item.enemies
