"""All questions on one page: a form without scripts saves them together, and nothing that can't be taken is lost."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from lxml import html
from pydantic import ValidationError

from quizapp import clock
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Attempt
from quizapp.attempts.presentation import arranged_item
from quizapp.banks import actions as banks
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.rules.settings import QuizSettings
from tests.attempts.test_record import sources
from tests.conftest import user_of
from tests.person import Page, Person
from tests.quizzes.test_quizzes import quiz_of

NAMES = [name for name, kind in KINDS.items() if name not in ("description", "opaque")]


def begun(names: list[str] = NAMES, **settings: Any) -> Attempt:
    items = [Item(id=name, kind=name, stem={"en": f"Asked by {name}"}, response=KINDS[name].EXAMPLE) for name in names]
    banks.import_items(user_of("instructor"), "kinds", {"en": "Kinds"}, items, clock.now())
    quiz = quiz_of({"bank": "kinds"}, shuffle_questions=False, **({"feedback": "deferred", "page": "all"} | settings))
    return actions.start(user_of("learner"), quiz, clock.now())


def address(attempt: Attempt) -> str:
    return f"/attempts/{attempt.public_id}/questions"


def right_fields(attempt: Attempt) -> dict[str, Any]:
    """What a form with every question answered right holds."""
    found: dict[str, Any] = {}
    for slot, _question, item in queries.slots_with_items(attempt.id):
        response = KINDS[item.kind].solution(item.body) or {"text": "Because it says so."}
        fields = arranged_item(slot, item).fields(response)
        found |= {f"{name}-q{slot.position}": value for name, value in fields.items()}
    return found


def sent(page: Page, **fields: Any) -> Page:
    return page.send("seq-q1", ("do", fields.pop("do", "save")), **fields)


def test_every_kind_is_saved_by_one_form(app: Flask, learner: Person) -> None:
    attempt = begun()
    page = learner.get(f"/attempts/{attempt.public_id}")
    assert page.url.endswith("/questions")
    named = [one for one in page.tree.xpath("//form[@id='sheet']//@name") if one not in ("csrf_token", "do")]
    assert all(name.rsplit("-q", 1)[-1].isdigit() for name in named), named
    ids = page.tree.xpath("//form[@id='sheet']//@id")
    assert len(ids) == len(set(ids))
    saved = sent(page, **right_fields(attempt))
    assert "All your answers are saved." in saved.text
    slots = queries.slots(attempt.id)
    assert [slot.answered for slot in slots] == [True] * len(NAMES)
    assert {slot.fraction for slot in slots} <= {1.0, None}
    again = sent(saved, do="finish", **right_fields(attempt))
    assert again.url.endswith("/summary")
    db.session.expire_all()
    assert [slot.seq for slot in queries.slots(attempt.id)] == [1] * len(NAMES), "the same again is no new row"
    assert learner.get(f"{address(attempt)}/2").url.endswith("/questions")


def test_what_cant_be_taken_keeps_nothing_else_from_being_saved(app: Flask, learner: Person) -> None:
    attempt = begun(["order", "choice"])
    page = learner.get(address(attempt))
    fields = right_fields(attempt)
    fields |= {name: "1" for name in fields if name.startswith("pos-")}
    form = dict(page.form("seq-q1").form_values()) | fields | {"do": "save"}
    reply = learner.send("POST", address(attempt), data=form)
    assert reply.status_code == 422
    shown = Page(learner, reply)
    assert set(shown.tree.xpath("//select[starts-with(@name, 'pos-')]/option[@selected]/text()")) == {"1"}
    assert shown.tree.xpath("//section[@id='question-1']//p[@data-control-problem and not(@hidden)]")
    assert shown.tree.xpath("//section[@id='question-2']//p[@data-control-problem and @hidden]")
    assert [slot.answered for slot in queries.slots(attempt.id)] == [False, True]


def test_another_tab_was_faster(app: Flask, learner: Person) -> None:
    attempt = begun(["text", "number"])
    old = learner.get(address(attempt))
    sent(learner.get(address(attempt)), **{"text-q1": "theirs"})
    form = dict(old.form("seq-q1").form_values()) | {"text-q1": "mine", "do": "save"}
    reply = learner.send("POST", address(attempt), data=form)
    assert reply.status_code == 409
    page = Page(learner, reply)
    assert "“theirs”" in page.text
    assert page.tree.xpath("//input[@name='text-q1']/@value") == ["mine"]
    sent(page)
    db.session.expire_all()
    assert queries.slots(attempt.id)[0].response == {"text": "mine"}


def test_what_comes_after_the_end_is_kept(app: Flask, learner: Person) -> None:
    attempt = begun(["text", "number"])
    page = learner.get(address(attempt))
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    done = sent(page, **{"text-q1": "too late"})
    assert done.url.endswith("/results")
    assert "it is kept" in done.text
    assert sources(queries.slot(attempt.public_id, 1, attempt.user_id)) == ["late"]


def test_a_question_is_checked_where_it_stands(app: Flask, learner: Person) -> None:
    attempt = begun(["text", "number"], feedback="immediate")
    checked = sent(learner.get(address(attempt)), do="check-2", **right_fields(attempt))
    first, second = queries.slots(attempt.id)
    assert (first.answered, first.checked_at is None, second.checked_at is not None) == (True, True, True)
    assert len(checked.tree.xpath("//p[@class='verdict']")) == 1
    assert not checked.tree.xpath("//*[@name='seq-q2']")
    blank = dict(checked.form("seq-q1").form_values()) | {"text-q1": "", "do": "check-1"}
    assert learner.send("POST", address(attempt), data=blank).status_code == 422


def test_a_question_is_marked_and_found_again_before_handing_in(app: Flask, learner: Person) -> None:
    attempt = begun(["text", "number"])
    page = learner.get(address(attempt))
    marked = sent(page, do="flag-2", **right_fields(attempt))
    assert [slot.flagged for slot in queries.slots(attempt.id)] == [False, True]
    assert [slot.answered for slot in queries.slots(attempt.id)] == [True, True], "and all else is saved"
    assert marked.tree.xpath("//form[@id='sheet']//button[@aria-pressed='true']/@value") == ["unflag-2"]
    assert "You flagged 1 question for later." in learner.get(f"/attempts/{attempt.public_id}/summary").text
    sent(marked, do="unflag-2")
    db.session.expire_all()
    assert [slot.flagged for slot in queries.slots(attempt.id)] == [False, False]


def test_a_script_gets_the_question_as_it_stands_then(app: Flask, learner: Person) -> None:
    attempt = begun(["number"], feedback="immediate")
    learner.get(address(attempt))
    for sent_with, words in (({"do": "flag"}, "Flagged for later"), ({"do": "check"}, "Read as 3.14")):
        slot = queries.slot(attempt.public_id, 1, attempt.user_id)
        fields = {"seq": slot.seq, "text": "3,14"} | sent_with
        headers = learner.headers | {"Accept": "application/json", "X-Part": "main"}
        data = fields | {"csrf_token": learner.token()}
        reply = learner.send("POST", f"{address(attempt)}/1", data=data, headers=headers)
        assert reply.status_code == 200
        part = html.fromstring(reply.json["part"])
        assert part.get("id") == "question-1"
        assert words in " ".join(part.text_content().split())
        db.session.expire_all()


def test_why_an_answer_isnt_taken_is_said_above_and_at_its_question(app: Flask, learner: Person) -> None:
    attempt = begun(["text", "number"], feedback="immediate")
    page = learner.get(address(attempt))
    check = page.tree.xpath("//button[@value='check-2']")[0]
    assert check.get("formaction").endswith("#question-2"), "a page without scripts opens there"
    form = dict(page.form("seq-q1").form_values()) | {"do": "check-2"}
    refused = Page(learner, learner.send("POST", address(attempt), data=form))
    assert refused.status == 422
    summary = refused.tree.xpath("//*[@role='alert']//a")
    assert [(one.get("href"), one.text) for one in summary] == [
        ("#question-2", "Question 2: Nothing is chosen or written yet: answer first, then check.")
    ]


def test_parts_left_empty_are_checked_when_that_is_said_once_more(app: Flask, learner: Person) -> None:
    attempt = begun(["match"], feedback="immediate")
    fields = right_fields(attempt)
    given = dict([next((name, value) for name, value in fields.items() if name.startswith("row-"))])
    form = dict(learner.get(address(attempt)).form("seq-q1").form_values()) | given | {"do": "check-1"}
    refused = Page(learner, learner.send("POST", address(attempt), data=form))
    assert refused.status == 422
    assert "Still empty: 2 of 3." in refused.text
    checked = sent(refused, do="check-1", **given)
    assert len(checked.tree.xpath("//p[@class='verdict']")) == 1


def test_what_a_person_grades_is_not_offered_to_be_checked(app: Flask, learner: Person) -> None:
    attempt = begun(["essay", "text"], feedback="immediate")
    assert learner.get(address(attempt)).tree.xpath("//button/@value[starts-with(., 'check')]") == ["check-2"]
    single = begun(["essay", "text"], feedback="immediate", page="one")
    page = learner.get(f"{address(single)}/1")
    assert page.tree.xpath("//div[contains(@class, 'player-actions')]//button/@value") == ["go-2", "flag"]


def test_it_costs_the_same_however_many_there_are(app: Flask, learner: Person, statements: list[str]) -> None:
    costs = []
    for names in (NAMES[:2], NAMES):
        page = address(begun(names))
        statements.clear()
        learner.get(page)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 5, costs


def test_it_has_no_order_and_others_have_no_sheet(app: Flask, learner: Person) -> None:
    with pytest.raises(ValidationError, match="one after the other"):
        QuizSettings.model_validate({"page": "all", "order": "sequential"})
    attempt = begun(["text"], page="one")
    assert learner.get(address(attempt)).url.endswith("/questions/1")
