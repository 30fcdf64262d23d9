"""A mended key: what it does is shown first, done in whole batches, told to whom it touches, and undone exactly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import User
from quizapp.attempts import actions as attempts
from quizapp.attempts import answering, queries, regrading
from quizapp.attempts.models import Answer, Attempt, Regrade, Slot
from quizapp.attempts.regrading import Rule, reach
from quizapp.banks import actions as banks
from quizapp.banks.models import Question
from quizapp.banks.versions import NewVersion, add_versions, wording_of
from quizapp.db import atomic, db
from quizapp.errors import Conflict
from quizapp.formats.items import Item
from quizapp.gradebook import previews
from quizapp.gradebook.actions import regrades
from quizapp.gradebook.models import Notice
from quizapp.operation import tasks
from quizapp.quizzes import freezing
from quizapp.quizzes.models import Quiz
from tests.conftest import user_of
from tests.gradebook.test_results import SIX, choice, learner_of, take
from tests.person import Page, Person
from tests.quizzes.test_quizzes import quiz_of


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [choice(n) for n in range(4)], clock.now())
    return quiz_of({"bank": "made"}, feedback="deferred", shuffle_questions=False)


@pytest.fixture
def six(quiz: Quiz) -> list[Attempt]:
    """Six learners with 3, 4, 2, 1, 1 and 2 of four points; the key was a, and "0" chose b."""
    people = [accounts.create(f"p{n}@example.com", f"P{n}", "a long password", "learner", clock.now())
              for n in range(6)]  # fmt: skip
    return [take(quiz, user, pattern, later) for later, (user, pattern) in enumerate(zip(people, SIX, strict=True))]


@pytest.fixture(autouse=True)
def sound(app: Flask) -> Iterator[None]:
    """After each of these stories everything adds up, and no row has changed."""
    yield
    db.session.rollback()
    assert list(queries.wrong_scores()) == []


def question(number: int = 3) -> Question:
    return db.session.scalars(select(Question).where(Question.key == f"q{number}")).one()


def mend(one: Question, right: str = "b", kind: str = "choice", gone: str = "") -> None:
    """A new version of a question by another key."""
    item = Item(id=one.key, kind=kind, stem={"en": "Mended"}, response={
        "choices": [{"id": name, "text": {"en": name}, "fraction": int(name == right)}
                    for name in ("a", "b", "c") if name != gone]})  # fmt: skip
    with atomic():
        add_versions([NewVersion(one.id, wording_of(item))], None, clock.now())


def rule(one: Question, policy: str = "again", **more: Any) -> Rule:
    return Rule(policy, one.current_id or 0, **{"keep_higher": False, **more})


def previewed(one: Question, how: Rule) -> previews.Preview:
    return previews.preview(one, how, previews.own(user_of("instructor")))


def regrade(one: Question, how: Rule, *, reason: str = "", quiz: Quiz | None = None) -> Regrade:
    token = previewed(one, how).token
    return regrades.make(one, how, quiz, reason, token, user_of("instructor"), clock.now())


def marks() -> list[tuple[float | None, float]]:
    db.session.expire_all()
    return [(one.mark, one.max_mark) for one in db.session.scalars(select(Attempt).order_by(Attempt.id))]


def rows() -> list[Any]:
    return list(db.session.execute(text("SELECT * FROM answers ORDER BY id")).all())


BEFORE = [(3, 4), (4, 4), (2, 4), (1, 4), (1, 4), (2, 4)]


def test_a_mended_key_is_previewed_applied_and_undone(quiz: Quiz, six: list[Attempt]) -> None:
    """Only P1 had the fourth question right by the old key; by the new one all the others have."""
    one = question()
    mend(one)
    shown = previewed(one, rule(one))
    assert (shown.answered, shown.changed, shown.passes, shown.fails) == (6, 6, 3 - 1, 0)
    assert {(line.was, line.now) for line in shown.lines} == {(0, 1), (1, 0)}
    assert sum(shown.before) == sum(shown.after) == 6
    assert marks() == BEFORE
    before = rows()
    done = regrade(one, rule(one), reason="The key was wrong.")
    assert done.applied_at is not None
    assert marks() == [(4, 4), (3, 4), (3, 4), (2, 4), (2, 4), (3, 4)]
    assert rows()[: len(before)] == before
    told = db.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(notice.was, notice.now, notice.reason) for notice in told][:2] == [
        (0, 1, "The key was wrong."), (1, 0, "The key was wrong."),
    ]  # fmt: skip
    regrades.undo(done, user_of("instructor"), clock.now())
    assert marks() == BEFORE
    assert done.undone_at is not None
    regrades.undo(done, user_of("instructor"), clock.now())
    assert len(rows()) == len(before) + 12


def test_nobody_loses_where_the_higher_is_kept(quiz: Quiz, six: list[Attempt]) -> None:
    one = question()
    mend(one)
    regrade(one, rule(one, keep_higher=True))
    assert [mark for mark, _ in marks()] == [4, 4, 3, 2, 2, 3]


def test_an_earlier_one_is_undone_below_a_later_one(quiz: Quiz, six: list[Attempt]) -> None:
    one = question()
    first = regrade(one, rule(one, "full"))
    mend(one, "c")
    regrade(one, rule(one, keep_higher=True))
    assert [mark for mark, _ in marks()] == [4, 4, 3, 2, 2, 3]
    regrades.undo(first, user_of("instructor"), clock.now())
    assert marks() == BEFORE  # the later one kept the higher, which is now what was earned


def test_dropped_for_everybody(quiz: Quiz, six: list[Attempt]) -> None:
    one = question()
    assert previewed(one, rule(one, "drop")).changed == 6
    done = regrade(one, rule(one, "drop"))
    assert marks() == [(3, 3), (3, 3), (2, 3), (1, 3), (1, 3), (2, 3)]
    regrades.undo(done, user_of("instructor"), clock.now())
    assert marks() == BEFORE


def test_an_answer_that_is_accepted_too(quiz: Quiz, six: list[Attempt]) -> None:
    """Whoever gave it has it right; whoever gave another keeps what it earned, and gets no row."""
    one = question()
    regrade(one, rule(one, "accept", accepted=({"choice": "b"},)))
    assert [mark for mark, _ in marks()] == [4, 4, 3, 2, 2, 3]
    assert db.session.scalar(select(db.func.count()).where(Answer.source == "regrade")) == 5


def test_several_answers_are_accepted_as_one_and_undone_as_one(quiz: Quiz, six: list[Attempt]) -> None:
    """Whoever gave one of them has it right, by one row each."""
    take(quiz, accounts.create("c@example.com", "C", "a long password", "learner", clock.now()), "111c")
    one, before = question(), rows()
    both = rule(one, "accept", accepted=({"choice": "b"}, {"choice": "c"}))
    assert previewed(one, both).changed == 6
    done = regrade(one, both)
    assert [mark for mark, _ in marks()] == [4, 4, 3, 2, 2, 3, 4]
    assert (done.accepted, len(rows()) - len(before)) == (both.accepted, 6)
    regrades.undo(done, user_of("instructor"), clock.now())
    assert marks() == [*BEFORE, (3, 4)]


def test_what_a_person_gave_stands(quiz: Quiz, six: list[Attempt]) -> None:
    one = question()
    slot = db.session.scalars(select(Slot).where(Slot.attempt_id == six[0].id, Slot.position == 4)).one()
    attempts.override(slot, 0.25, "", user_of("instructor"), clock.now())
    mend(one)
    shown = previewed(one, rule(one))
    assert (shown.changed, shown.by_hand) == (5, 1)
    regrade(one, rule(one))
    assert marks()[0] == (3.25, 4)


def test_two_at_once_the_second_is_told(quiz: Quiz, six: list[Attempt]) -> None:
    one, by = question(), user_of("instructor")
    token = previewed(one, rule(one, "full")).token
    regrades.make(one, rule(one, "full"), None, "", token, by, clock.now())
    with pytest.raises(Conflict, match="Somebody else"):
        regrades.make(one, rule(one, "drop"), None, "", token, by, clock.now())
    assert len(db.session.scalars(select(Regrade)).all()) == 1


def test_an_edit_since_the_preview_is_told(quiz: Quiz, six: list[Attempt]) -> None:
    one = question()
    token = previewed(one, rule(one)).token
    mend(one)
    with pytest.raises(Conflict, match="was edited"):
        regrades.make(one, rule(one), None, "", token, user_of("instructor"), clock.now())


def test_an_answer_that_changed_since_the_preview_is_left(quiz: Quiz, six: list[Attempt]) -> None:
    one = question()
    mend(one)
    token = previewed(one, rule(one)).token
    slot = db.session.scalars(select(Slot).where(Slot.attempt_id == six[0].id, Slot.position == 4)).one()
    attempts.grade(slot, 0.5, "", user_of("instructor"), clock.now())
    regrades.make(one, rule(one), None, "", token, user_of("instructor"), clock.now())
    assert "regrade" not in db.session.scalars(select(Answer.source).where(Answer.slot_id == slot.id)).all()


def test_another_type_is_told_and_nothing_is_done(quiz: Quiz, six: list[Attempt]) -> None:
    one = question()
    mend(one, kind="multiple")
    with pytest.raises(Conflict, match="type of this question has changed"):
        regrades.check(one, "again", previews.own(user_of("instructor")))
    with pytest.raises(Conflict, match="type of this question has changed"):
        regrades.make(one, rule(one), None, "", previews.token_of(one), user_of("instructor"), clock.now())
    assert db.session.scalars(select(Regrade)).all() == []
    assert marks() == BEFORE


def test_what_names_a_choice_that_is_gone_waits_for_a_person(quiz: Quiz, six: list[Attempt]) -> None:
    one = question()
    mend(one, "c", gone="a")
    shown = previewed(one, rule(one))
    assert [line.attempt for line in shown.unreadable] == [six[1].public_id]
    regrade(one, rule(one))
    assert marks()[1] == (4, 4)


def test_what_is_open_folds_it_in_as_it_is_handed_in(quiz: Quiz, six: list[Attempt]) -> None:
    one, learner = question(), user_of("learner")
    running = attempts.start(learner, quiz, clock.now())
    slot = queries.slot(running.public_id, 4, learner.id)
    answering.give_answer(slot, {"choice": "b"}, 0, clock.now())
    regrade(one, rule(one, "accept", accepted=({"choice": "b"},)))
    assert marks()[-1][0] is None
    attempts.submit(learner, running.public_id, clock.now() + timedelta(minutes=1))
    assert marks()[-1] == (1, 4)
    undone = db.session.scalars(select(Regrade)).one()
    regrades.undo(undone, user_of("instructor"), clock.now())
    assert marks() == [*BEFORE, (0, 4)]


def test_who_begins_later_at_a_frozen_quiz_is_scored_as_the_others_are(quiz: Quiz, six: list[Attempt]) -> None:
    """It asks the version with the wrong key until somebody takes the mended one, of which the regrade says nothing."""
    with atomic():
        freezing.freeze(quiz, clock.now())
    one = question()
    mend(one)
    for policy, mark in {"again": (2, 4), "full": (2, 4), "drop": (1, 3)}.items():
        regrade(one, rule(one, policy))
        take(quiz, accounts.create(f"{policy}@example.com", policy, "a long password", "learner", clock.now()), "1000")
        assert marks()[-1] == mark


def test_a_regrade_says_nothing_of_versions_that_came_after_it(quiz: Quiz, six: list[Attempt]) -> None:
    one = question()
    mend(one)
    regrade(one, rule(one, "full"))
    mend(one, "c")
    take(quiz, user_of("learner"), "1000", 7)
    assert marks()[-1] == (1, 4)


def test_a_crash_leaves_whole_batches_and_the_task_goes_on(
    app: Flask, quiz: Quiz, six: list[Attempt], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regrades, "BATCH", 2)
    one, turns = question(), []
    real = regrades.notify_learners

    def dies(*args: Any) -> None:
        turns.append(1)
        if len(turns) == 2:
            raise SystemExit
        real(*args)

    with monkeypatch.context() as patched:
        patched.setattr(regrades, "notify_learners", dies)
        with pytest.raises(SystemExit):
            regrade(one, rule(one, "full"))
    assert [mark for mark, _ in marks()] == [4, 4, 2, 1, 1, 2]
    with pytest.raises(Conflict, match="still under way"):
        regrades.undo(db.session.scalars(select(Regrade)).one(), user_of("instructor"), clock.now())
    tasks.run(app, tasks.carry_on_regrades)
    assert [mark for mark, _ in marks()] == [4, 4, 3, 2, 2, 3]
    assert db.session.scalar(select(db.func.count()).where(Answer.source == "regrade")) == 6


def test_who_tried_twice_is_one_person(quiz: Quiz, six: list[Attempt]) -> None:
    take(quiz, db.session.get_one(User, six[0].user_id), "1111")
    assert [people for _quiz, people in previews.quizzes_of(question(), user_of("instructor"))] == [6]


def test_another_instructor_s_quiz_is_not_touched(quiz: Quiz, six: list[Attempt]) -> None:
    other = accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    one = question()
    assert previews.quizzes_of(one, other) == []
    assert [count for _quiz, count in previews.quizzes_of(one, user_of("instructor"))] == [6]
    assert db.session.scalars(regrading.slots_asking(one.id, previews.own(other))).all() == []
    made = Regrade(question_id=one.id, version_id=one.current_id, policy="full", by_id=other.id, made_at=clock.now())
    assert db.session.scalars(regrading.slots_asking(one.id, reach(made, db.session.get(User, other.id)))).all() == []


def test_the_pages_from_the_question_to_the_undoing(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    one = question()
    mend(one)
    asked = instructor.get(f"/banks/made/questions/{one.public_id}")
    assert "6 people answered this" in asked.text
    page = instructor.get(f"/regrades/questions/{one.public_id}?policy=again&quiz={quiz.public_id}")
    assert "6 people's scores change. 2 now pass, 0 no longer pass." in page.text
    assert len(page.tree.xpath("//table//tbody/tr")) == 6
    silent = page.send("token", reason=" ")
    assert silent.status == 422
    assert "Say why" in silent.text
    assert marks() == BEFORE
    reply = silent.send("token", reason="A slip.")
    assert "A slip." in reply.text
    assert reply.link("Own") == f"/quizzes/{quiz.public_id}/results"
    assert marks()[0] == (4, 4)
    undone = reply.send("undoing")
    assert "Undone" in undone.text
    assert marks() == BEFORE
    mine = select(Notice.reason).where(Notice.user_id == six[0].user_id).order_by(Notice.id)
    assert db.session.scalars(mine).all() == ["A slip.", ""], "what is undone has that reason no more"
    results = Person(instructor.client.application, learner_of(six[0])).get(f"/attempts/{six[0].public_id}/results")
    assert "An earlier correction was taken back." in results.text
    assert "6 people's scores change." in instructor.get(undone.link("Do it again")).text


def test_who_left_it_empty_is_not_among_those_whose_score_changes(quiz: Quiz, six: list[Attempt]) -> None:
    """Their record says that they were scored again, and nobody reads of it."""
    blank = take(quiz, accounts.create("blank@example.com", "B", "a long password", "learner", clock.now()), "111-")
    one = question()
    mend(one)
    assert blank.public_id not in {line.attempt for line in previewed(one, rule(one)).lines}
    regrade(one, rule(one), reason="A slip.")
    assert not db.session.scalars(select(Notice).where(Notice.user_id == blank.user_id)).all()


def test_answers_are_chosen_among_those_given(
    quiz: Quiz, six: list[Attempt], instructor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "PAGE", 3)
    one = question()
    take(quiz, accounts.create("c@example.com", "C", "a long password", "learner", clock.now()), "111c")
    address = f"/regrades/questions/{one.public_id}"
    given = offered(instructor.get(address))
    assert list(given) == ["b3 (5 people)", "c3 (1 person)"]
    b, c = given.values()
    alone = instructor.get(f"{address}?policy=accept&answer={b}&keep=y")
    assert "5 people's scores change." in alone.text
    assert offered(alone, "@checked") == {"b3 (5 people)": b}
    both = instructor.get(f"{address}?policy=accept&answer={b}&answer={c}&keep=y")
    assert "6 people's scores change." in both.text
    assert offered(instructor.get(both.link("Next page")), "@checked") == given
    done = both.send("token", reason="Either way.")
    assert marks() == [(4, 4), (4, 4), (3, 4), (2, 4), (2, 4), (3, 4), (4, 4)]
    assert done.tree.xpath("//*[@class='given-text']/text()") == ["b3", "c3"]
    undone = done.send("undoing")
    assert marks() == [*BEFORE, (3, 4)]
    assert "6 people's scores change." in instructor.get(undone.link("Do it again")).text
    missing = instructor.get(f"{address}?policy=accept&answer=", status=422)
    assert "Choose at least one answer to accept." in missing.text
    stale = instructor.get(f"{address}?policy=accept&answer={b}&answer=none", status=422)
    assert "Choose again which to accept." in stale.text


def offered(page: Page, which: str = "true()") -> dict[str, str]:
    """The answers that a page offers to accept, with what they are sent as."""
    ticks = page.tree.xpath(f"//input[@name='answer'][@type='checkbox'][{which}]")
    return {page.tree.xpath("string(//label[@for=$id])", id=one.get("id")): one.get("value") for one in ticks}


def test_bad_input_is_told(quiz: Quiz, six: list[Attempt], instructor: Person, learner: Person) -> None:
    one = question()
    address = f"/regrades/questions/{one.public_id}"
    for query in ("policy=none", "policy=full&quiz=none", "policy=accept&answer=none", "policy=full&page=999"):
        assert instructor.send("GET", f"{address}?{query}").status_code in (200, 422)
    token = instructor.token()
    for sent in ({"token": "x"}, {"token": "1.2.3"}, {"token": "9999999999.1.0.0"}, {"token": "0.0.9.9"}):
        reply = instructor.send("POST", address, data={"policy": "full", "csrf_token": token, **sent})
        assert reply.status_code in (409, 422)
    assert instructor.send("GET", "/regrades/questions/nowhere").status_code == 404
    assert learner.send("GET", address).status_code in (403, 404)
    assert db.session.scalars(select(Regrade)).all() == []
