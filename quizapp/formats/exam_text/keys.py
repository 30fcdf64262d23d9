"""Which question each answer of the lists means, where an exam has sections whose numbers begin again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from quizapp.formats.collector import Collector
from quizapp.formats.exam_text.key_list import KeyList, key_lists
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.messages import about
from quizapp.formats.exam_text.outline import KeyBlock, Outline
from quizapp.formats.exam_text.sections import ExamSection

QuestionPlace = tuple[int, int]
"""The section of a question, and its number there."""


@dataclass
class ListedKeys:
    """What the lists say of each question. `unclear`: those that one of them may mean, among others."""

    keys: dict[QuestionPlace, list[Line]] = field(default_factory=lambda: defaultdict(list))
    extra: dict[QuestionPlace, list[Line]] = field(default_factory=lambda: defaultdict(list))
    points: dict[QuestionPlace, list[Line]] = field(default_factory=lambda: defaultdict(list))
    unclear: set[QuestionPlace] = field(default_factory=set)


def listed_keys(outline: Outline, collector: Collector) -> ListedKeys:
    found = ListedKeys()
    for block in outline.keys:
        numbers = {number for place in block.sections for number in outline.sections[place].numbers}
        if len(block.sections) > 1:
            numbers |= set(range(1, sum(len(outline.sections[place].numbers) for place in block.sections) + 1))
        lists = key_lists(block, numbers, sorts_in(outline, block), collector)
        join(found, block, lists, outline.sections, collector)
    return found


def sorts_in(outline: Outline, block: KeyBlock) -> dict[tuple[str, int], int]:
    """The numbers of the questions that a block may call by their sort; none where several sections have the same."""
    named = [sort for place in block.sections for sort in outline.sections[place].sorts.items()]
    counts = Counter(sort for sort, _ in named)
    return {sort: number for sort, number in named if counts[sort] == 1}


def join(
    found: ListedKeys, block: KeyBlock, lists: Sequence[KeyList], sections: Sequence[ExamSection], collector: Collector
) -> None:
    """Give each answer of a block to its question."""
    named = [one for one in lists if one.section is not None]
    nameless = [one for one in lists if one.section is None]
    free = [place for place in block.sections if place not in {one.section for one in named}]
    for one in named:
        give(found, one, fitted(one, [one.section or 0], sections, collector), collector)
    if len(nameless) == len(free) > 1 and all(
        fits(one, [place], sections) for one, place in zip(nameless, free, strict=True)
    ):
        for one, place in zip(nameless, free, strict=True):
            give(found, one, fitted(one, [place], sections, collector), collector)
        return
    for one in nameless:
        if len(free) > 1 and fits(one, free, sections):
            give(found, one, fitted(one, free, sections, collector), collector)
        else:
            give(found, one, dict(by_number(one, free, sections)), collector)


def fits(one: KeyList, places: Sequence[int], sections: Sequence[ExamSection]) -> bool:
    """Whether a list has exactly the numbers of a section, or as many in a row as the sections have questions."""
    if len(places) == 1 and one.keys.keys() == sections[places[0]].numbers:
        return True
    numbers = [sections[place].numbers for place in places]
    return is_row(one.keys) and all(map(is_row, numbers)) and sum(map(len, numbers)) == len(one.keys)


def is_row(numbers: Iterable[int]) -> bool:
    found = sorted(numbers)
    return bool(found) and found[-1] - found[0] == len(found) - 1


def fitted(
    one: KeyList, places: Sequence[int], sections: Sequence[ExamSection], collector: Collector
) -> dict[int, list[QuestionPlace]]:
    """The question of each number of a list: the one with this number, else by their order, which is said."""
    section = sections[places[0]]
    if len(places) == 1 and (one.keys.keys() <= section.numbers or not fits(one, places, sections)):
        return {number: [(places[0], number)] for number in one.keys | one.extra}
    asked = [(place, number) for place in places for number in sorted(sections[place].numbers)]
    numbers = sorted(one.keys)
    if numbers != [number for _, number in asked]:
        first = one.keys[numbers[0]][0]
        collector.report([about("key-order", first, first=numbers[0], last=numbers[-1])])
    return {number: [place] for number, place in zip(numbers, asked, strict=True)}


def by_number(
    one: KeyList, places: Sequence[int], sections: Sequence[ExamSection]
) -> Iterator[tuple[int, list[QuestionPlace]]]:
    """The questions that have each number of a list."""
    having: dict[int, list[QuestionPlace]] = defaultdict(list)
    for place in places:
        for number in sections[place].numbers:
            having[number].append((place, number))
    for number in one.keys | one.extra:
        yield number, having[number]


def give(found: ListedKeys, one: KeyList, questions: dict[int, list[QuestionPlace]], collector: Collector) -> None:
    for number, keys in one.keys.items():
        places = questions.get(number, [])
        if not places:
            collector.report(about("key-unknown", key, number=number) for key in keys)
        for place in places:
            found.keys[place] += keys
        found.unclear.update(places if len(places) > 1 else ())
    for number, lines in one.extra.items():
        for place in questions.get(number, []):
            found.extra[place] += lines
    for number, lines in one.points.items():
        for place in questions.get(number, []):
            found.points[place] += lines
