"""Something of everything: what stands behind each argument of each address."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from werkzeug.routing import Rule as Route

from quizapp import clock
from quizapp.accounts import mails
from quizapp.accounts import queries as accounts
from quizapp.accounts.actions import create
from quizapp.accounts.models import Mail, User
from quizapp.attempts import actions as attempts
from quizapp.attempts import queries
from quizapp.attempts.models import Slot
from quizapp.attempts.regrading import Rule
from quizapp.banks import actions as banks
from quizapp.banks import queries as bank_queries
from quizapp.banks.actions.bulk import write_many
from quizapp.courses.models import Course
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.gradebook import previews
from quizapp.gradebook.actions import challenges, regrades
from quizapp.gradebook.challenges import ANSWER
from quizapp.kinds import KINDS
from quizapp.notes import actions as notes
from quizapp.quizzes import actions as quizzes
from quizapp.quizzes import people_actions as people
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import Allowance, roster
from quizapp.quizzes.roster import RosterEntry
from quizapp.rules import scores
from quizapp.uploads import actions as uploads
from quizapp.uploads.content import ReadingOptions
from tests.answers import give_answer
from tests.conftest import user_of

TEXT = b"::a:: 1 + 1 = {=2 ~3}\n\n::b:: Seoul is in Korea. {T}\n"


def things(learner: User, teacher: User | None = None) -> dict[str, Any]:
    """Something for every argument of an address: "own" by name, "routes" what differs under a prefix of endpoints.

    The learner has an attempt handed in, one that goes on, and a practice with a missed question of a course, which
    can be repaired; the teacher has what the attempts are of, and everything that comes of them.
    """
    teacher, at = teacher or user_of("instructor"), clock.now()
    email = "admin@example.com"
    admin = accounts.by_email(email) or create(email, "Admin", "a long password", "admin", at)
    slug = banks.free_slug(f"fuzz-{at:%H%M%S}")
    items = [
        Item(id=name, kind=name, stem={"en": f"The {name}"} if name != "cloze" else {}, response=kind.EXAMPLE)
        for name, kind in KINDS.items()
    ]
    banks.import_items(teacher, slug, {"ko": "시험", "en": "Fuzz"}, items, at)
    bank = bank_queries.bank(slug)
    questions = bank_queries.questions(bank.id)
    names = [one.public_id for one in questions]
    quiz = quizzes.create_quiz(teacher, bank, len(names), at)
    done = attempts.start(learner, quiz, at)
    for slot in queries.slots(done.id):
        item = slot.version.item
        response = KINDS[item.kind].solution(item.body) or {"text": "An essay."}
        give_answer(learner, done.public_id, slot.position, response, 0, at)
    attempts.submit(learner, done.public_id, at)
    essay = next(slot for slot in queries.slots(done.id) if slot.version.item.kind == "essay")
    other = next(slot for slot in queries.slots(done.id) if slot.version.item.kind != "essay")
    begun = attempts.start(learner, quiz, at)
    (upload,) = uploads.keep(teacher, [("a.gift", TEXT)], bank, "", ReadingOptions(), at)
    course = db.session.scalars(select(Course).order_by(Course.position)).first()
    assert course is not None
    lesson = course.lessons[0].slug
    missed = missed_in_practice(learner, course)
    asked = other.version.question
    rule = Rule(scores.FULL, asked.current_id or 0)
    token = previews.preview(asked, rule, previews.own(teacher)).token
    regrade = regrades.make(asked, rule, None, "All right.", token, teacher, at)
    declined = challenges.challenge(other, ANSWER, "It counts.", learner, at)
    challenges.decide([declined], challenges.DECLINED, "It doesn't.", teacher, at)
    objection = challenges.challenge(other, ANSWER, "It does count.", learner, at)
    note = notes.keep_question(learner, other, "A note.", at)
    people.add_to_roster(quiz, [RosterEntry(1, "Minsu", f"{learner.id}", "minsu@example.com")], teacher, at)
    people.share_with(quiz, email, "grade", teacher, at)
    banks.share(bank, email, "reader", teacher, at)
    given = people.accommodate(teacher, learner.email or "", "", Allowance(factor=1.5), at)
    people.announce(quiz, "Ten minutes more.", teacher, at)
    mails.queue_mail("reset", learner.email or "", "en", at, learner)
    sitter = roster(quiz.id)[0]
    return {
        "own": {
            "slug": slug, "public_id": names[0], "attempt_id": begun.public_id, "position": 1,
            "note_id": note.public_id, "slot_id": essay.id, "upload_id": upload.public_id, "place": 0, "number": 1,
            "suffix": "xlsx", "seq": 1, "language": "ko", "name": "csv", "page": "x", "token": "x",
            "member_id": admin.public_id, "media_hash": "0" * 64, "bank": slug, "lesson": lesson, "anchor": "x",
            "question": asked.public_id, "question_id": essay.version.question.public_id, "version": "x",
            "sitter_id": sitter.id, "accommodation_id": given.id, "lesson_slug": lesson,
            "mail_id": db.session.scalars(select(Mail.id)).first(),
        },
        "routes": {
            "progress.": {"slug": course.slug}, "courses.": {"slug": course.slug},
            "notes.passage": {"slug": course.slug}, "citations.coverage": {"slug": course.slug},
            "citations.index": {"slug": course.slug}, "citations.lesson": {"slug": course.slug},
            "citations.recite_moved": {"slug": course.slug},
            "quizzes.": {"public_id": quiz.public_id}, "attempts.": {"public_id": quiz.public_id},
            "gradebook.results.": {"public_id": quiz.public_id, "attempt_id": done.public_id},
            "gradebook.question": {"public_id": quiz.public_id}, "gradebook.regrades.question": {},
            "gradebook.challenges.challenge": {"attempt_id": done.public_id},
            "gradebook.challenges.reply": {"public_id": objection.public_id},
            "gradebook.regrades.regrade": {"public_id": regrade.public_id},
            "gradebook.regrades.undo": {"public_id": regrade.public_id},
            "attempts.results": {"attempt_id": done.public_id},
            "review.": {"attempt_id": missed.attempt.public_id, "position": missed.position},
            "banks.exports.": {"name": "json"},
            "banks.bulk.": {"token": write_many(bank, [(questions[0], items[0])], teacher, at)},
        },
        "quiz": quiz.public_id, "questions": names, "done": done.public_id,
    }  # fmt: skip


def missed_in_practice(learner: User, course: Course) -> Slot:
    """A question of the course that cites its lesson, missed in a practice that goes on."""
    at = clock.now()
    of_course = select(Quiz).where(Quiz.course_id == course.id, Quiz.lesson_id.is_not(None))
    first = attempts.start(learner, db.session.scalars(of_course).first() or Quiz(), at)
    attempts.submit(learner, first.public_id, at)
    practice = attempts.practise(learner, first, at)
    slot = next(one for one in queries.slots(practice.id) if one.version.item.kind == "choice")
    body = slot.version.item.body
    right = KINDS["choice"].solution(body) or {}
    wrong = {"choice": min({one["id"] for one in body["choices"]} - {right["choice"]})}
    return give_answer(learner, practice.public_id, slot.position, wrong, 0, at, check=True)


def addresses(rule: Route, values: dict[str, Any]) -> list[str]:
    """The rule's addresses with `things` behind them; several where a word in it chooses what a page shows."""
    own = dict(values["own"])
    for start, others in values["routes"].items():
        if rule.endpoint.startswith(start):
            own |= others
    filled = re.sub(r"<(?:[^:>]*:)?(\w+)>", lambda found: quote(str(own.get(found[1], "1")), safe=""), rule.rule)
    if rule.endpoint == "banks.editor.new":
        return [f"{filled}?kind={kind}" for kind in KINDS]
    if rule.endpoint == "banks.editor.edit":
        return [filled.replace(own["public_id"], name) for name in values["questions"]]
    if rule.endpoint == "attempts.question":
        return [re.sub("[0-9]+$", str(place), filled) for place in range(1, len(KINDS) + 1)]
    return [filled]
