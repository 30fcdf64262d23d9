"""Every act of an instructor or an admin leaves an entry in the audit log: who, what, on which object, when.

The routes come from the address map: one that is new has to be done here, or to be named among the quiet ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request, request_finished
from sqlalchemy import func, select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import AuditEntry
from quizapp.attempts import actions as sittings
from quizapp.attempts import answering
from quizapp.attempts import queries as attempts
from quizapp.attempts.models import Slot
from quizapp.banks import actions as banks
from quizapp.banks.models import Question
from quizapp.db import db
from quizapp.gradebook.actions import challenges
from tests.banks.test_bulk import ask
from tests.banks.test_sharing import statement
from tests.citations.test_citations import ANCHORS as PASSAGES
from tests.citations.test_citations import RENAMED, cites, reload
from tests.conftest import user_of
from tests.gradebook.test_grading import essay as essay  # a fixture
from tests.gradebook.test_results import choice
from tests.gradebook.test_results import take as taken
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of
from tests.uploads.test_upload import EDITED, FIRST, take, upload

VERBS = {"banks", "grade", "users"}
QUIET = {
    "banks.editor.preview": "shows what isn't stored",
    "citations.remarks.page": "compares with a text that isn't stored",
    "uploads.upload": "a draft that only its owner sees; what is imported from it is noted",
    "uploads.change_options": "reads such a draft in another way",
    "uploads.choose_columns": "reads such a draft in another way",
    "uploads.mend": "puts a mended text in the place of such a draft",
    "attempts.preview": "starts an attempt of one's own that never counts",
}
"""Routes that change nothing for anybody else, and why."""


@contextmanager
def entries_by_route(app: Flask) -> Iterator[dict[str, list[AuditEntry]]]:
    """The entries that each route writes while the block runs."""
    found: dict[str, list[AuditEntry]] = defaultdict(list)

    def look(_app: Flask, response: Any, **_rest: Any) -> None:
        if request.method == "POST" and response.status_code < 400:
            seen = sum(map(len, found.values()))
            new = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id).offset(before + seen)).all()
            found[str(request.endpoint)] += new

    before = db.session.scalar(select(func.count(AuditEntry.id))) or 0
    with request_finished.connected_to(look, app):
        yield found


def name(key: str) -> str:
    return db.session.scalars(select(Question.public_id).where(Question.key == key).order_by(Question.id)).first() or ""


def write_questions(person: Person) -> None:
    """One by one: written, edited, archived, restored."""
    page = person.get("/banks").send("new", title="Acts")
    fields = {"stem-ko": "참입니까?", "stem-en": "Is it true?"}
    person.get(f"{page.url.partition('?')[0]}?kind=truefalse").send("version", ("do", "save"), **fields)
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [statement(1), statement(2)], clock.now())
    url = f"/banks/made/questions/{name('q1')}"
    person.get(f"{url}/edit").send("version", ("do", "save"), **{"stem-en": "Is it so?"})
    person.get(url).send("restore")
    person.get(url).send("archive")


def write_banks(person: Person) -> None:
    """As a whole: many at once, shared, described, copied, uploaded and taken back."""
    done = ask(person, "add-tag", "new", question=[name("q2")]).send("bulk", ("do", "apply"))
    done.send("undo")
    person.get("/banks/made/settings").send("members", email="other@example.com", role="reader")
    person.get("/banks/made/settings").send("removal")
    person.get("/banks/made/settings").send("visibility", visibility="public")
    person.post("/banks/made/copy", {"csrf_token": person.token()})
    take(upload(person, FIRST))
    take(upload(person, EDITED)).send("/undo")


def write_citations(person: Person) -> None:
    """Two citations whose passage has moved: one followed by itself, the rest together."""
    items = [cites(PASSAGES["moved"]), cites(PASSAGES["moved"])]
    items[1].id = "second"
    banks.import_items(user_of("instructor"), "own", {"en": "Own"}, items, clock.now())
    reload(RENAMED)
    person.get(f"/banks/own/questions/{name(PASSAGES['moved'])}").send("citations")
    person.get("/courses/openai-devday/citations").send("moved")


def write_mails(app: Flask, person: Person) -> None:
    """A mail that nobody sends is handed over by an admin."""
    Person(app).get("/forgot").send("email", email="learner@example.com")
    person.get("/outbox").send("outbox/1")


def write_quizzes(person: Person) -> None:
    """Made, picked for, saved, previewed, copied, archived."""
    page = person.get("/quizzes/new?bank=made").send("preset", ("do", "edit"), preset="practice")
    page.send("seen", ("do", "pick:sources-0")).send("question", ("do", "done"), question=[name("q2")])
    person.get(page.url).send("seen", ("do", "save"), **{"title-en": "Changed"})
    person.get(page.url).send("copy")
    person.get(page.url).send("archive")


def hold_examination(person: Person) -> None:
    """A roster, a colleague and somebody with more time come and go; a sitting gets minutes, a word, its scores;
    what was frozen at the opening is taken anew."""
    opened = clock.now() - timedelta(minutes=1)
    quiz = quiz_of({"bank": "scored"}, feedback="closed", time_limit=30, opens_at=opened.isoformat())
    sittings.start(user_of("learner"), quiz, clock.now())
    person.post(f"/quizzes/{quiz.public_id}/versions", {"csrf_token": person.token()})
    accounts.create("colleague@example.com", "Colleague", "a long password", "instructor", clock.now())
    people = person.get(f"/quizzes/{quiz.public_id}/people").send("roster", ("do", "add"), people="Kim Minji\t2026001")
    people = people.send("members", email="colleague@example.com", verb="grade")
    people.send("/removal").send("/removal")
    person.get("/quizzes/accommodations").send("accommodations", email="learner@example.com", factor="1.5").send(
        "removal"
    )
    live = person.get(f"/quizzes/{quiz.public_id}/live")
    live.send("minutes", ("do", "extend"), whom="all", minutes="5", reason="A bell rang")
    person.get(live.url).send("announcements", text="Five minutes more.")
    person.get(live.url).send("release", sure="1")


def put_scores_right(app: Flask, person: Person) -> None:
    """A late answer is let in, a score set by hand, an objection answered, a question regraded and that undone."""
    banks.import_items(user_of("instructor"), "scored", {"en": "Scored"}, [choice(1), choice(2)], clock.now())
    quiz, learner = quiz_of({"bank": "scored"}, feedback="deferred", shuffle_questions=False), user_of("learner")
    attempt = taken(quiz, learner, "00")
    with pytest.raises(answering.Late):
        answering.give_answer(attempts.slot(attempt.public_id, 1, learner.id), {"choice": "c"}, 1, clock.now())
    person.get(f"/quizzes/{quiz.public_id}/results/attempts/{attempt.public_id}").send(
        "late/" + str(attempt.slots[0].id) + "/2"
    )
    url = f"/quizzes/{quiz.public_id}/results/attempts/{attempt.public_id}/questions/2/score"
    person.get(url).send("mark", mark="1", reason="The scan was unreadable.")
    challenges.challenge(attempts.slot(attempt.public_id, 2, learner.id), "question", "Hm.", learner, clock.now())
    person.get("/challenges").send("reply", ("decision", "declined"), reply="No.")
    asked = db.session.scalars(
        select(Question.public_id).where(Question.key == "q2").order_by(Question.id.desc())
    ).first()
    person.get(f"/regrades/questions/{asked}?policy=full").send("token", reason="So.").send("undoing")


def test_every_act_leaves_an_entry(app: Flask, instructor: Person, essay: Slot) -> None:
    accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    accounts.give_role("instructor@example.com", "admin", clock.now())
    with entries_by_route(app) as entries:
        write_questions(instructor)
        write_banks(instructor)
        write_citations(instructor)
        write_quizzes(instructor)
        write_mails(app, instructor)
        instructor.get(f"/grading/{essay.id}").send("mark", mark="1", comment="So.")
        put_scores_right(app, instructor)
        hold_examination(instructor)
    acts = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and getattr(app.view_functions[rule.endpoint], "permission", "") in VERBS
    }
    assert QUIET.keys() <= acts, "a quiet route that isn't there any more"
    assert {act for act in acts - QUIET.keys() if not entries[act]} == set()
    who = user_of("instructor").id
    for act, written in entries.items():
        assert all(entry.user_id == who and entry.verb and entry.target for entry in written), act


@pytest.mark.parametrize("secret", ["a long password", "other@example.com"])
def test_an_entry_holds_no_secret(app: Flask, instructor: Person, secret: str) -> None:
    accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [statement(1)], clock.now())
    instructor.get("/banks/made/settings").send("members", email="other@example.com", role="reader")
    entries = db.session.scalars(select(AuditEntry)).all()
    assert entries
    assert not [entry for entry in entries if secret in entry.target]
