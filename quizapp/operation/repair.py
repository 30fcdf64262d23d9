"""What was stored before its texts were cleaned on their way in: found by `check`, mended by `repair`.

A version of a question is never updated: a clean one is added. Names, titles, keys and types are put right where they
stand. What can't be mended without touching the record is only told. What is kept of the record to save time (the
figures of large quizzes, cards, levels of mastery) is compared with it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quizapp.accounts.actions import MAX_NAME, note
from quizapp.accounts.models import User
from quizapp.banks.actions.banks import MAX_LICENCE, in_one_line
from quizapp.banks.diff import MAX_KEY
from quizapp.banks.media_types import kept_type
from quizapp.banks.models import Bank, MediaFile, Question
from quizapp.banks.versions import NewVersion, add_versions, provenance_after, wording_of
from quizapp.db import atomic, db, locked
from quizapp.formats.items import Item, cleaned
from quizapp.gradebook import counting
from quizapp.gradebook.models import QuizFigures
from quizapp.ids import public_id
from quizapp.progress import audit
from quizapp.quizzes.models import Quiz
from quizapp.review import actions as reviews
from quizapp.texts.clean import clean_json, line


@dataclass(frozen=True)
class Flaw:
    """One thing that is stored as it couldn't come in today. `mend` puts it right, within a transaction."""

    where: str
    what: str
    mend: Callable[[datetime], None]


def flaws(now: datetime, learners: int | None = audit.PART) -> Iterator[Flaw]:
    """What is found, in the cards of so many `learners`; of all, for None."""
    yield from flaws_of_rows()
    yield from flaws_of_questions()
    yield from flaws_of_media()
    yield from flaws_of_figures(now)
    yield from flaws_of_cards(now, learners)


def flaws_of_rows() -> Iterator[Flaw]:
    """Names of people, titles and licences of banks, titles and summaries of quizzes."""
    for user in db.session.scalars(select(User).order_by(User.id)):
        yield from unlike(user, f"user {user.public_id}", name=line(user.name, MAX_NAME))
    for bank in db.session.scalars(select(Bank).order_by(Bank.id)):
        right = {"title": in_one_line(bank.title), "licence": line(bank.licence, MAX_LICENCE)}
        yield from unlike(bank, f"bank {bank.slug}", **right)
    for quiz in db.session.scalars(select(Quiz).order_by(Quiz.id)):
        names = ("title", "summary", "sources", "settings")
        right = {name: clean_json(getattr(quiz, name)) for name in names}
        yield from unlike(quiz, f"quiz {quiz.public_id}", **right)


def unlike(row: Any, where: str, **right: Any) -> Iterator[Flaw]:
    """A flaw for each column that holds something else than it should."""
    for name, value in right.items():
        if getattr(row, name) != value:
            what = f"the {name} holds characters that can't be stored, or is too long"
            yield Flaw(where, what, put(row, name, value))


def put(row: Any, name: str, value: Any) -> Callable[[datetime], None]:
    def mend(_now: datetime) -> None:
        newest = db.session.scalars(locked(select(type(row)).where(type(row).id == row.id))).one()
        setattr(newest, name, value)

    return mend


def flaws_of_questions() -> Iterator[Flaw]:
    """Keys, and the wordings in use. Earlier wordings stay: what learners answered hangs on them."""
    taken = set(db.session.execute(select(Question.bank_id, Question.key)).all())
    for question in db.session.scalars(select(Question).options(joinedload(Question.current)).order_by(Question.id)):
        where = f"question {question.public_id}"
        key = line(question.key, MAX_KEY) or public_id()
        if key != question.key:
            key = key if (question.bank_id, key) not in taken else public_id()
            yield from unlike(question, where, key=key)
        if question.current is not None:
            item = cleaned(question.current.item)
            if item.content() != question.current.content:
                what = f"version {question.current.number} holds characters that can't be stored"
                yield Flaw(where, what, append(question, item))


def append(question: Question, item: Item) -> Callable[[datetime], None]:
    """Add a version with this content."""

    def mend(now: datetime) -> None:
        item.provenance = provenance_after(question.current, repaired=True)
        add_versions([NewVersion(question.id, wording_of(item))], None, now)

    return mend


def flaws_of_media() -> Iterator[Flaw]:
    """Types that aren't those of the content."""
    for hash_ in db.session.scalars(select(MediaFile.hash).order_by(MediaFile.hash)).all():
        file = db.session.get_one(MediaFile, hash_)
        right = kept_type(file.data)
        if file.type != right:
            yield Flaw(f"file {hash_[:12]}", f"its type isn't that of its content, {right}", retype(hash_, right))
        db.session.expunge(file)


def retype(hash_: str, kind: str) -> Callable[[datetime], None]:
    def mend(_now: datetime) -> None:
        db.session.get_one(MediaFile, hash_).type = kind

    return mend


def flaws_of_figures(now: datetime) -> Iterator[Flaw]:
    """What was counted of large quizzes. It only says again what the record says: the task counts it anew."""
    for kept in counting.wrong(now):
        quiz = db.session.get_one(Quiz, kept.quiz_id)
        yield Flaw(f"quiz {quiz.public_id}", "the stored figures don't match its results", forget(kept))


def flaws_of_cards(now: datetime, learners: int | None) -> Iterator[Flaw]:
    """Cards of the review and levels of mastery. They say again what the record says, and are made from it."""
    for user_id in audit.compare(now, learners).wrong:
        user = db.session.get_one(User, user_id)
        yield Flaw(f"user {user.public_id}", "cards or levels aren't what the answers make", made_anew(user_id))


def made_anew(user_id: int) -> Callable[[datetime], None]:
    def mend(now: datetime) -> None:
        reviews.make_anew(user_id, now)

    return mend


def forget(kept: QuizFigures) -> Callable[[datetime], None]:
    def mend(_now: datetime) -> None:
        db.session.delete(kept)

    return mend


def repair(now: datetime) -> list[Flaw]:
    """Mend everything in one transaction, each with a line in the audit log; what was mended."""
    with atomic():
        found = list(flaws(now, None))
        for flaw in found:
            flaw.mend(now)
            db.session.flush()
            note(None, "repair", f"{flaw.where}: {flaw.what}", now)
    return found
