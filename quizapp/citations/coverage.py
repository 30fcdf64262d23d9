"""Which passages of a course questions stand on, and which ones none does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quizapp.citations.queries import CitingQuestion, TracedCitation
from quizapp.courses.models import Lesson
from quizapp.courses.shelf import FoundPassage, passages_of
from quizapp.rules.anchors import Place


@dataclass(frozen=True)
class PassageCoverage:
    """A passage and the questions that cite it, each once."""

    found: FoundPassage
    questions: Sequence[CitingQuestion]

    @property
    def level(self) -> int:
        """How it is painted: 0 to 3, where 3 is three or more."""
        return min(len(self.questions), 3)


@dataclass(frozen=True)
class LessonCoverage:
    lesson: Lesson
    passages: Sequence[PassageCoverage]

    @property
    def count(self) -> int:
        """How many of the passages a question cites."""
        return sum(1 for one in self.passages if one.questions)


def coverage_of(lessons: Sequence[Lesson], citations: Iterable[TracedCitation]) -> list[LessonCoverage]:
    """The passages of each lesson with the questions that cite them where they are now.

    A heading is a passage only if a question cites it.
    """
    cited: dict[Place, dict[int, CitingQuestion]] = {}
    for one in citations:
        if one.standing.place is not None:
            cited.setdefault(one.standing.place, {})[one.question.id] = one.question
    return [LessonCoverage(lesson, list(coverage_of_passages(lesson, cited))) for lesson in lessons]


def coverage_of_passages(lesson: Lesson, cited: dict[Place, dict[int, CitingQuestion]]) -> Iterator[PassageCoverage]:
    for found in passages_of(lesson):
        questions = cited.get(found.place, {})
        if questions or not found.is_heading:
            yield PassageCoverage(found, list(questions.values()))
