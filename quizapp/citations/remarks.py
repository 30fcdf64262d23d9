"""What the author of a bank had better look at: its own remarks, what its courses want of it, and what was copied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quizapp.banks import remarks as banks
from quizapp.banks.models import Bank
from quizapp.citations.queries import Library, citing_questions
from quizapp.courses.models import Course
from quizapp.errors import Problem
from quizapp.formats.items import Item
from quizapp.formats.near_copies import near_copies
from quizapp.rules import claims
from quizapp.rules.copies import SourceText
from quizapp.web.i18n import in_language


@dataclass(frozen=True)
class Fact:
    """An entry of a course's list."""

    fact: str
    lesson: str
    anchor: str
    claim: bool = False


@dataclass(frozen=True)
class RemarksOnBank:
    """What is said of a bank as a whole, of its questions by their keys, and of what its courses want asked.

    `left` is how many questions weren't looked at.
    """

    items: Mapping[str, Item]
    public_ids: Mapping[str, str]
    of_all: list[Problem]
    of_each: dict[str, list[Problem]]
    left: int

    @property
    def count(self) -> int:
        return len(self.of_all) + sum(map(len, self.of_each.values()))


def remarks_on(bank: Bank, courses: Sequence[Course], source: SourceText | None = None) -> RemarksOnBank:
    """All remarks on a bank that these courses ask. With a source, what its questions share with it comes first."""
    kept, left = banks.remarks(bank.id)
    of_all = [*kept.of_all, *(said for course in courses for said in unasked(course))]
    of_each: dict[str, list[Problem]] = {}
    for key, item in kept.items.items():
        said = [*(near_copies(item, source) if source else ()), *kept.of_each.get(key, ()), *on_claims(item, courses)]
        if said:
            of_each[key] = said
    return RemarksOnBank(kept.items, kept.public_ids, of_all, of_each, left)


def on_claims(item: Item, courses: Iterable[Course]) -> Iterator[Problem]:
    """Whether a question tells claims as facts that these courses list as claims."""
    for course in courses:
        yield from claims.told_as_fact(item, facts_of(course), course.content.get("attribution", ()))


def unasked(course: Course) -> Iterator[Problem]:
    """The facts of a course's list that no question of its banks asks."""
    facts = facts_of(course)
    if not facts:
        return
    questions = citing_questions(Bank.slug.in_(Library().banks[course.id]))
    titles = {lesson.slug: in_language(lesson.title) for lesson in course.lessons}
    for place, said in claims.unasked(facts, claims.cited(one for asked in questions for one in asked.citations)):
        passage = f"{titles.get(facts[place].lesson, '')} › {facts[place].anchor}"
        yield replace(said, values={**said.values, "passage": passage})


def facts_of(course: Course) -> list[Fact]:
    return [Fact(**one) for one in course.content.get("facts", ())]
