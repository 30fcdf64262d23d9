"""An attempt as a story: start, answer, reload, resend, another tab, hand in, see the results."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from quizapp import clock
from quizapp.attempts import actions, answering, disclosure, queries, tries
from quizapp.attempts.models import Answer, Attempt, Slot
from quizapp.attempts.presentation import presented_to_learner
from quizapp.banks.versions import NewVersion, add_versions, wording_of
from quizapp.courses.models import Course
from quizapp.db import atomic, db
from quizapp.errors import Conflict, NotFound, ResponseError
from quizapp.kinds import KINDS
from quizapp.kinds.base import Response
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.conftest import user_of
from tests.person import Person


def quiz_with(feedback: str, *, whole: bool = False) -> Quiz:
    """A quiz of the first course with this feedback, any number of tries, and all kinds of questions.

    deferred: the timed exam.  whole: it asks every question of its banks.
    """
    quizzes = db.session.scalars(select(Quiz).join(Course).where(Course.position == 0).order_by(Quiz.id)).all()
    quiz = next(one for one in quizzes if one.rules.feedback == feedback and (one.rules.time_limit or one.lesson_id))
    with atomic():
        quiz.settings = quiz.settings | {"attempts": None}
        if whole:
            quiz.sources = [{"bank": source["bank"]} for source in quiz.sources]
    return quiz


def begin(feedback: str = "deferred", *, whole: bool = False) -> Attempt:
    return actions.start(user_of("learner"), quiz_with(feedback, whole=whole), clock.now())


def solve(attempt: Attempt, position: int, **kwargs: bool) -> Slot:
    """Give the right answer to one question."""
    learner = user_of("learner")
    slot = queries.slot(attempt.public_id, position, learner.id)
    return give_answer(learner, attempt.public_id, position, right(slot), slot.seq, clock.now(), **kwargs)


def right(slot: Slot) -> Response:
    item = slot.version.item
    return KINDS[item.kind].solution(item.body) or {"text": "Because the lesson says so, in two places."}


def wrong(slot: Slot) -> Response:
    """A wrong answer to a single choice."""
    choices = [choice["id"] for choice in slot.version.item.body["choices"]]
    return {"choice": next(choice for choice in choices if choice != right(slot)["choice"])}


def place_of_choice(attempt: Attempt) -> int:
    return next(slot.position for slot in queries.slots(attempt.id) if slot.version.item.kind == "choice")


def test_all_right_is_full_marks(app: Flask) -> None:
    attempt = begin()
    for slot in queries.overview(attempt):
        solve(attempt, slot.position)
    done = actions.submit(user_of("learner"), attempt.public_id, clock.now())
    graded = [slot for slot in queries.slots(done.id) if slot.fraction is not None]
    assert done.mark == pytest.approx(sum(slot.max_mark for slot in graded))
    assert done.waiting == len(queries.slots(done.id)) - len(graded)
    assert list(queries.wrong_scores()) == []


def test_nothing_answered_is_nothing(app: Flask) -> None:
    attempt = begin()
    done = actions.submit(user_of("learner"), attempt.public_id, clock.now())
    assert (done.mark, done.waiting) == (0, 0)


def test_starting_twice_goes_on_with_the_same(app: Flask) -> None:
    assert begin().id == begin().id


def test_the_same_response_again_replays(app: Flask) -> None:
    attempt = begin()
    first = solve(attempt, 1)
    again = give_answer(
        user_of("learner"), attempt.public_id, 1, first.response, 0, clock.now()
    )  # with the sequence number of the first time, as after a lost reply
    assert (again.seq, again.fraction) == (1, first.fraction)
    assert db.session.scalar(select(func.count(Answer.id))) == 1


def test_a_stale_tab_changes_nothing(app: Flask) -> None:
    attempt = begin()
    solve(attempt, 1)
    with pytest.raises(answering.Stale):
        give_answer(user_of("learner"), attempt.public_id, 1, None, 0, clock.now())
    assert queries.slot(attempt.public_id, 1, user_of("learner").id).seq == 1


def test_a_wrong_shape_is_refused_and_nothing_is_stored(app: Flask) -> None:
    attempt = begin()
    item = queries.slot(attempt.public_id, 1, user_of("learner").id).version.item
    field = next(iter(KINDS[item.kind].solution(item.body) or {"text": ""}))
    with pytest.raises(ResponseError) as caught:
        give_answer(user_of("learner"), attempt.public_id, 1, {field: 7}, 0, clock.now())
    assert caught.value.field.startswith(field)
    assert db.session.scalar(select(func.count(Answer.id))) == 0


def test_after_the_end_the_earlier_answers_stand(app: Flask) -> None:
    attempt = begin()
    slot = solve(attempt, 1)
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    with pytest.raises(answering.Closed):
        give_answer(user_of("learner"), attempt.public_id, 1, None, slot.seq, clock.now())
    assert queries.slot(attempt.public_id, 1, user_of("learner").id).response == slot.response


def test_time_is_kept_by_the_server(app: Flask) -> None:
    timed = next(quiz for quiz in db.session.scalars(select(Quiz)) if quiz.rules.time_limit)
    start = clock.now()
    attempt = actions.start(user_of("learner"), timed, start)
    solve(attempt, 1)
    assert attempt.due_at == start + timedelta(minutes=timed.rules.time_limit or 0)
    late = attempt.due_at + timedelta(seconds=timed.rules.grace)
    second = queries.slot(attempt.public_id, 2, attempt.user_id)
    with pytest.raises(answering.Closed):
        give_answer(user_of("learner"), attempt.public_id, 2, right(second), 0, late)
    assert actions.close_overdue(late) == 1
    closed = queries.attempt(attempt.public_id, user_of("learner").id)
    assert closed.submitted_at == attempt.due_at
    assert closed.mark is not None
    assert closed.mark > 0


def test_checking_makes_an_answer_final(app: Flask) -> None:
    attempt = begin("immediate")
    slot = solve(attempt, 1, check=True)
    assert slot.checked_at is not None
    assert disclosure.slot_reveal(slot, clock.now()).solution
    with pytest.raises(answering.Closed):
        give_answer(user_of("learner"), attempt.public_id, 1, None, slot.seq, clock.now())


def test_deferred_feedback_reveals_nothing_before_the_end(app: Flask) -> None:
    attempt = begin()
    slot = solve(attempt, 1, check=True)
    assert slot.checked_at is None
    slot = queries.slot(attempt.public_id, 1, user_of("learner").id)
    shown = presented_to_learner(slot, slot.version.item, clock.now())
    assert shown.score is None
    assert shown.outcome == ""


def test_the_tries_are_counted(app: Flask, learner: Person) -> None:
    """Whoever had the only one isn't offered another."""
    user, quiz = user_of("learner"), quiz_with("deferred")

    def allow(tries: int) -> None:
        with atomic():
            quiz.settings = quiz.settings | {"attempts": tries}

    def offered() -> bool:
        page = learner.get(f"/attempts/{attempt.public_id}/results")
        return bool(page.tree.xpath(f"//*[@class='player-actions no-print']//a[@href='/quizzes/{quiz.public_id}']"))

    allow(1)
    attempt = actions.start(user, quiz, clock.now())
    actions.submit(user, attempt.public_id, clock.now())
    with pytest.raises(Conflict):
        actions.start(user, quiz, clock.now())
    assert not offered()
    allow(2)
    assert offered()


def test_after_the_last_try_only_what_can_be_had_is_promised(app: Flask, learner: Person) -> None:
    """Practice where the outcomes may be seen, and no warning for a start that there is none of."""
    user, quiz = user_of("learner"), quiz_with("deferred")
    with atomic():
        quiz.settings = quiz.settings | {"attempts": 1, "time_limit": 20}
    address = f"/quizzes/{quiz.public_id}"
    assert "The time runs from the start" in learner.get(address).text
    actions.submit(user, actions.start(user, quiz, clock.now()).public_id, clock.now())
    page = learner.get(address)
    assert "you can practise what you missed" in page.text
    assert "The time runs from the start" not in page.text
    with atomic():
        quiz.settings = quiz.settings | {"feedback": "closed"}
    page = learner.get(address)
    assert "You have used all your tries" in page.text
    assert "practise" not in page.text


def test_practice_asks_what_was_missed_and_never_counts(app: Flask) -> None:
    learner, attempt = user_of("learner"), begin()
    solve(attempt, 1)
    done = actions.submit(learner, attempt.public_id, clock.now())
    practice = actions.practise(learner, done, clock.now())
    missed = {slot.version_id for slot in queries.missed(done, clock.now())}
    assert {slot.version_id for slot in queries.slots(practice.id)} == missed
    for slot in queries.overview(practice):
        solve(practice, slot.position, check=True)
    actions.submit(learner, practice.public_id, clock.now())
    assert tries.quiz_scores(learner.id, clock.now())[done.quiz_id].share == done.share
    assert tries.quiz_scores(learner.id, clock.now())[done.quiz_id].tries == 1


def test_the_record_is_never_changed(app: Flask) -> None:
    attempt = begin()
    solve(attempt, 1)
    for statement in ("UPDATE answers SET fraction = 1", "UPDATE question_versions SET hash = ''"):
        with pytest.raises(DBAPIError, match="never updated"), atomic():
            db.session.execute(db.text(statement))


def test_a_failing_receiver_takes_a_final_answer_back(app: Flask) -> None:
    from quizapp.events import answered

    def fail(_slot: Slot, **_kwargs: object) -> None:
        raise NotFound

    attempt = begin("immediate")
    with answered.connected_to(fail), pytest.raises(NotFound):
        solve(attempt, 1, check=True)
    db.session.expire_all()
    assert queries.slot(attempt.public_id, 1, user_of("learner").id).seq == 0
    assert db.session.scalar(select(func.count(Answer.id))) == 0


def meanwhile(app: Flask, act: Callable[[], object]) -> None:
    """Let somebody else do it, in a session of their own, while this one has read and not yet written."""

    def work() -> None:
        with app.app_context():
            act()
            db.session.remove()

    other = threading.Thread(target=work)
    other.start()
    other.join()


def seen(attempt: Attempt, position: int) -> Slot:
    """A slot as a request of the learner's has read it."""
    return queries.slot(attempt.public_id, position, user_of("learner").id)


def test_an_answer_that_is_overtaken_is_stale(app: Flask) -> None:
    attempt = begin(whole=True)
    place = place_of_choice(attempt)
    slot = seen(attempt, place)
    meanwhile(app, lambda: solve(attempt, place))
    with pytest.raises(answering.Stale) as refused:
        answering.give_answer(slot, wrong(slot), 0, clock.now())
    assert refused.value.slot.seq == 1
    assert db.session.scalar(select(func.count(Answer.id))) == 1


def test_the_same_answer_twice_at_once_is_stored_once(app: Flask) -> None:
    attempt = begin()
    slot = seen(attempt, 1)
    meanwhile(app, lambda: solve(attempt, 1))
    assert answering.give_answer(slot, right(slot), 0, clock.now()).seq == 1
    assert db.session.scalar(select(func.count(Answer.id))) == 1


def test_handing_in_meanwhile_closes(app: Flask) -> None:
    """What is acknowledged is in the mark, and what isn't in the mark isn't acknowledged."""
    attempt, learner = begin(), user_of("learner")
    slot = seen(attempt, 1)
    meanwhile(app, lambda: actions.submit(user_of("learner"), attempt.public_id, clock.now()))
    with pytest.raises(answering.Closed):
        answering.give_answer(slot, right(slot), 0, clock.now())
    assert db.session.scalars(select(Answer.source)).all() == ["late"]
    assert queries.attempt(attempt.public_id, learner.id).mark == 0


def test_handing_in_that_has_begun_is_waited_for(app: Flask) -> None:
    attempt, begun = begin(), threading.Event()

    def hand_in() -> None:
        with app.app_context():
            with atomic():
                actions.submit(user_of("learner"), attempt.public_id, clock.now())
                db.session.flush()
                begun.set()
                time.sleep(0.5)
            db.session.remove()

    slot = seen(attempt, 1)
    other = threading.Thread(target=hand_in)
    other.start()
    assert begun.wait(5)
    with pytest.raises(answering.Closed):
        answering.give_answer(slot, right(slot), 0, clock.now())
    other.join()
    assert db.session.scalars(select(Answer.source)).all() == ["late"]


def test_checking_meanwhile_is_final(app: Flask) -> None:
    """Checked in another tab, which changes nothing of the answer: what was checked stands."""
    attempt = begin("immediate", whole=True)
    place = place_of_choice(attempt)
    solve(attempt, place)
    slot = seen(attempt, place)
    meanwhile(app, lambda: solve(attempt, place, check=True))
    with pytest.raises(answering.Closed):
        answering.give_answer(slot, wrong(slot), 1, clock.now())
    assert list(db.session.scalars(select(Answer.source).order_by(Answer.seq))) == ["learner", "check"]


def test_a_mark_and_an_answer_are_one_write(app: Flask) -> None:
    """ "Look at it again" comes with the answer that was typed, and alone where nothing was."""
    attempt = begin()
    slot = answering.give_answer(seen(attempt, 1), right(seen(attempt, 1)), 0, clock.now(), flagged=True)
    assert (slot.seq, slot.flagged) == (1, True)
    slot = answering.give_answer(seen(attempt, 1), slot.response, 1, clock.now(), flagged=False)
    db.session.expire_all()
    assert (seen(attempt, 1).seq, seen(attempt, 1).flagged) == (1, False)


def test_an_attempt_keeps_the_version_that_it_asked(app: Flask) -> None:
    """Correcting a question doesn't change what was answered."""
    attempt = begin()
    slot = solve(attempt, 1)
    version = slot.version
    item = version.item
    item.id, item.stem = version.question.key, {"ko": "새 질문", "en": "A new wording"}
    bank = version.question.bank
    with atomic():
        new = NewVersion(version.question_id, wording_of(item))
        add_versions([new], bank.owner_id, clock.now())
    assert queries.slot(attempt.public_id, 1, user_of("learner").id).version_id == version.id
    assert list(queries.wrong_scores()) == []


@pytest.mark.parametrize("in_course", [True, False])
@pytest.mark.parametrize("feedback", ["immediate", "closed"])
def test_results_have_one_next_step_where_nothing_can_be_practised(
    app: Flask, learner: Person, feedback: str, in_course: bool
) -> None:
    """All of it right, or not to be seen before the end: the course is the next step, or home."""
    quiz = quiz_with("immediate", whole=True)
    with atomic():
        quiz.settings = quiz.settings | {"feedback": feedback}
        quiz.course = quiz.course if in_course else None
    attempt = actions.start(user_of("learner"), quiz, clock.now())
    for slot in queries.slots(attempt.id):
        solve(attempt, slot.position)
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    page = learner.get(f"/attempts/{attempt.public_id}/results")
    steps = page.tree.xpath("//div[@class='results']//*[contains(@class, 'btn-primary')]/@href")
    assert [step.split("/")[1] for step in steps] == ["courses" if in_course else "home"]
