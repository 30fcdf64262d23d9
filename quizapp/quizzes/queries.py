"""Reads of quizzes, and of the questions that suit their sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, Text, and_, cast, false, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.banks.queries import hidden_banks, visible_to
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.formats import PAPERS
from quizapp.kinds import KINDS
from quizapp.quizzes.content import MOST_LETTERS
from quizapp.quizzes.listed import ListedQuiz
from quizapp.quizzes.models import EARLIER, FrozenVersion, Quiz
from quizapp.quizzes.people_queries import theirs
from quizapp.rules import drawing
from quizapp.rules.drawing import DrawableQuestion
from quizapp.rules.for_lessons import CHECK

PAGE = 25
MOST_PARTS = 100
"""Of one statement; SQLite takes 500."""
LEVELS = (1, 2, 3)
MOST_ON_PAPER = 50
NO_ENEMIES: frozenset[str] = frozenset()


def quiz(public_id: str) -> Quiz:
    """A quiz that is in use, with its course. Raises NotFound."""
    found = db.session.scalar(
        select(Quiz)
        .where(Quiz.public_id == public_id, Quiz.archived_at.is_(None))
        .options(joinedload(Quiz.course), joinedload(Quiz.lesson))
    )
    if found is None:
        raise NotFound
    return found


def own_quizzes(user_id: int, page: int, archived: bool) -> tuple[Sequence[Quiz], int]:
    """One page of the quizzes that the user made in the browser or that are shared with them, the newest first, and
    how many there are."""
    mine = select(Quiz).where(
        theirs(user_id, "see"),
        Quiz.course_id.is_(None),
        Quiz.archived_at.is_not(None) if archived else Quiz.archived_at.is_(None),
    )
    count = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    newest = mine.options(joinedload(Quiz.owner)).order_by(Quiz.id.desc())
    return db.session.scalars(newest.offset((page - 1) * PAGE).limit(PAGE)).all(), count


def rows_of_all(parts: Sequence[Any]) -> list[Any]:
    """The rows of all these, whatever their number."""
    return [
        row
        for at in range(0, len(parts), MOST_PARTS)
        for row in db.session.execute(union_all(*parts[at : at + MOST_PARTS]))
    ]


def sizes_of(sources: Sequence[tuple[dict[str, Any], int | None]]) -> list[int]:
    """How many questions of each source, drawn from for the user beside it, can be asked together. Two queries for all,
    and one more where some must not be asked together."""
    if not sources:
        return []
    parts = [matching(source, reader).order_by(None).subquery() for source, reader in sources]
    counting = [select(literal(place), func.count()).select_from(part) for place, part in enumerate(parts)]
    counts = dict(rows_of_all(counting))
    enemies = questions_with_enemies(parts)
    return [
        counts[place] - len(enemies[place]) + len(drawing.most_together(enemies[place])) for place in range(len(parts))
    ]


def are_paper(source: dict[str, Any], reader: int | None) -> bool:
    """Whether the questions of a source are those of a paper: each was read from one, and one may have so many."""
    part = matching(source, reader).limit(MOST_ON_PAPER + 1).subquery()
    stored = select(QuestionVersion.provenance).join(part, QuestionVersion.id == part.c.current_id)
    formats = [one.get("format") for one in db.session.scalars(stored)]
    return 0 < len(formats) <= MOST_ON_PAPER and PAPERS.issuperset(formats)


def questions_with_enemies(parts: Sequence[Subquery]) -> list[list[DrawableQuestion]]:
    """Of each set in which a question has an enemy, all its questions; of the other sets, none."""

    def rows(places: Iterable[int], *columns: Any) -> Sequence[Any]:
        return rows_of_all([
            select(literal(place), *columns).join(parts[place], Question.id == parts[place].c.id) for place in places
        ])  # fmt: skip

    found: list[list[DrawableQuestion]] = [[] for _ in parts]
    naming = [place for place, most in rows(range(len(parts)), func.max(Question.enemies)) if most]
    if naming:
        for place, *row in rows(naming, Question.id, Question.current_id, Question.key, Question.enemies):
            found[place].append(drawable_question(*row))
    return found


def matching(source: dict[str, Any], reader: int | None) -> Select[int, int | None]:
    """The ids of the questions that a quiz's source may ask, with their current versions', in the bank's order.

    Picked by hand, or by difficulty, objective and tag; of a list, any one will do. None that a lesson shows with its
    key, and none of a bank that the user `reader` may not read now; a `reader` of None reads all.
    """
    statement = (
        select(Question.id, Question.current_id)
        .join(Bank, Question.bank_id == Bank.id)
        .where(
            Bank.slug == source["bank"],
            Question.archived_at.is_(None),
            Question.current_id.is_not(None),
            Question.kind.in_(KINDS),
            Question.use != CHECK,
        )
        .order_by(Question.position, Question.id)
    )
    if reader is not None:
        statement = statement.where(visible_to(reader))
    if source.get("questions"):
        return statement.where(Question.public_id.in_(source["questions"]))
    if source.get("difficulty"):
        statement = statement.where(Question.difficulty.in_([one for one in source["difficulty"] if one in LEVELS]))
    if source.get("objectives"):
        statement = statement.where(Question.objective.in_(source["objectives"]))
    if source.get("tags"):
        statement = statement.where(
            or_(
                false(),
                *(
                    Question.tags.contains(f"\n{tag}\n", autoescape=True)
                    for tag in source["tags"]
                    if len(tag) <= MOST_LETTERS
                ),
            )
        )
    return statement


def drawable_questions(source: dict[str, Any], reader: int | None) -> list[DrawableQuestion]:
    """The questions that `matching` finds."""
    rows = db.session.execute(matching(source, reader).add_columns(Question.key, Question.enemies))
    return [drawable_question(id, version, key, enemies) for id, version, key, enemies in rows]


def drawable_question(id: int, version: int | None, key: str, enemies: str) -> DrawableQuestion:
    return DrawableQuestion(id, version or 0, key, frozenset(enemies.split("\n")) - {""} if enemies else NO_ENEMIES)


def frozen(quiz: Quiz) -> Select[FrozenVersion]:
    """What a frozen quiz can draw, joined with the questions."""
    return (
        select(FrozenVersion)
        .join(Question, Question.id == FrozenVersion.question_id)
        .where(FrozenVersion.quiz_id == quiz.id, ~of_earlier(quiz))
    )


def of_earlier(quiz: Quiz) -> ColumnElement[bool]:
    """The questions that a quiz drew before it was frozen anew."""
    return and_(FrozenVersion.quiz_id == quiz.id, FrozenVersion.source == EARLIER)


def frozen_questions(quiz: Quiz) -> list[list[DrawableQuestion]]:
    """What each source of a frozen quiz can draw."""
    found: list[list[DrawableQuestion]] = [[] for _ in quiz.sources]
    rows = db.session.execute(
        frozen(quiz)
        .with_only_columns(FrozenVersion.source, Question.id, FrozenVersion.version_id, Question.key, Question.enemies)
        .order_by(FrozenVersion.source, FrozenVersion.place)
    )
    for number, question_id, version_id, key, enemies in rows:
        found[number].append(drawable_question(question_id, version_id, key, enemies))
    return found


def closed_banks(quiz: Quiz) -> Sequence[Bank]:
    """The banks that the quiz draws from and whoever made it may not read any more."""
    return [] if quiz.reader_id is None else hidden_banks({one["bank"] for one in quiz.sources}, quiz.reader_id)


def drawing_from(bank: Bank) -> list[Quiz]:
    """The quizzes in use that name the bank as a source, with their courses, the newest first."""
    named = select(Quiz).where(Quiz.archived_at.is_(None), cast(Quiz.sources, Text).contains(f'"{bank.slug}"'))
    found = db.session.scalars(named.options(joinedload(Quiz.course), joinedload(Quiz.owner)).order_by(Quiz.id.desc()))
    return [quiz for quiz in found if any(source["bank"] == bank.slug for source in quiz.sources)]


def points_of(version_ids: Iterable[int]) -> dict[int, float]:
    """What each question version is worth."""
    rows = db.session.execute(
        select(QuestionVersion.id, QuestionVersion.content["points"].as_float()).where(
            QuestionVersion.id.in_(version_ids)
        )
    )
    return {name: 1.0 if points is None else points for name, points in rows}


@dataclass(frozen=True)
class Size:
    """How many questions an attempt at a quiz has, and the least and the most marks that it can be out of: the same,
    unless it depends on what is drawn."""

    count: int
    least: float
    most: float


def size_of(quiz: Quiz) -> Size:
    """The size of an attempt at a quiz: one statement more than `question_counts`, which says what is counted twice."""
    if quiz.frozen_at is None:
        sizes = sizes_of([(source, quiz.reader_id) for source in quiz.sources])
    else:
        sizes = [len(drawing.most_together(found)) for found in frozen_questions(quiz)]
    count, least, most = 0, 0.0, 0.0
    for source, size, marks in zip(quiz.sources, sizes, marks_of(quiz), strict=True):
        drawn = min(size, source.get("count") or size)
        count += drawn
        least += sum_of(sorted(marks), drawn)
        most += sum_of(sorted(marks, reverse=True), drawn)
    return Size(count, least, most)


def marks_of(quiz: Quiz) -> list[list[tuple[float, int]]]:
    """How many questions of each worth every source can draw; of a frozen quiz, what it has frozen."""
    worth = func.coalesce(QuestionVersion.content["points"].as_float(), 1.0)
    found: list[list[tuple[float, int]]] = [[] for _ in quiz.sources]
    parts: list[Select[Any, Any, Any]] = []
    for place, source in enumerate(quiz.sources):
        versions = (
            select(FrozenVersion.version_id).where(FrozenVersion.quiz_id == quiz.id, FrozenVersion.source == place)
            if quiz.frozen_at
            else matching(source, quiz.reader_id).with_only_columns(Question.current_id).order_by(None)
        )
        which = QuestionVersion.id.in_(versions)
        parts.append(select(literal(place), worth, func.count()).where(which).group_by(worth))
    for place, points, count in rows_of_all(parts):
        found[place].append((points, count))
    return found


def sum_of(marks: Iterable[tuple[float, int]], drawn: int) -> float:
    """The marks of the first questions that are drawn: `marks` says how many there are of each worth."""
    total = 0.0
    for points, count in marks:
        total += points * min(count, drawn)
        drawn -= min(count, drawn)
    return total


def question_counts(quizzes: Sequence[Quiz] | Sequence[ListedQuiz]) -> dict[int, int]:
    """How many questions an attempt at each quiz has, by quiz id; one query for all.

    A question that two sources of a quiz ask for is asked once, and counted twice; and of two sources' questions that
    answer one another one is asked, and both are counted.
    """
    counts = dict.fromkeys((one.id for one in quizzes), 0)
    sources = [(one, source) for one in quizzes for source in one.sources]
    sizes = sizes_of([(source, one.reader_id) for one, source in sources])
    for (quiz, source), found in zip(sources, sizes, strict=True):
        counts[quiz.id] += min(found, source.get("count") or found)
    return counts
