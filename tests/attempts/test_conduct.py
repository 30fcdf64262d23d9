"""Holding an examination: who gets in, from what device, how long; what is done about it, and who sees it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from math import log2
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock, events
from quizapp.accounts import actions as accounts
from quizapp.accounts import limits
from quizapp.accounts.models import LoginFailure, User
from quizapp.attempts import actions, answering, conduct, ending, entrance, live, presence, queries
from quizapp.attempts.models import Attempt, AttemptEvent, Presence
from quizapp.db import atomic, db
from quizapp.errors import Conflict
from quizapp.ids import ALPHABET
from quizapp.quizzes import people_actions, people_queries
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import Allowance
from quizapp.quizzes.roster import RosterEntry
from tests.attempts.test_released import HOUR, settle
from tests.attempts.test_story import quiz_with, right
from tests.conftest import user_of
from tests.person import Person

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def quiz(**settings: Any) -> Quiz:
    return settle(quiz_with("deferred"), **settings)


def enrolled(found: Quiz, *names: str) -> list[str]:
    """Put people on the roster; their codes."""
    entries = [RosterEntry(place, name, f"2026{place}") for place, name in enumerate(names, 1)]
    people_actions.add_to_roster(found, entries, user_of("instructor"), clock.now())
    return [one.code for one in people_queries.roster(found.id)]


def came(page: Any, **fields: str) -> Any:
    return page.send("attempts", **fields)


def sheet(instructor: Person, found: Quiz) -> list[list[str]]:
    """The results as the instructor takes them away."""
    reply = instructor.send("GET", f"/quizzes/{found.public_id}/results/sheet.csv")
    return list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"))))


def only_attempt() -> Attempt:
    return db.session.scalars(select(Attempt).execution_options(populate_existing=True)).one()


def test_guests_say_who_they_are(app: Flask, visitor: Person, instructor: Person) -> None:
    found = quiz(who="named", asks=["반"])
    start = visitor.get(f"/quizzes/{found.public_id}")
    refused = came(start, **{"given-name": "김민수", "given-number": " ", "given-반": "3-1"})
    assert refused.status == 422
    assert "Fill this in" in refused.text
    assert refused.tree.xpath("//input[@id='given-name']/@value") == ["김민수"]
    question = came(refused, **{"given-number": "20260001"})
    assert "Question 1" in question.heading
    attempt = only_attempt()
    assert attempt.given == {"name": "김민수", "number": "20260001", "반": "3-1"}
    actions.submit(attempt.user, attempt.public_id, clock.now())
    listed = instructor.get(f"/quizzes/{found.public_id}/results").text
    assert "김민수" in listed
    assert "20260001" in listed
    heading, row, *_more = sheet(instructor, found)
    assert row[:2] == ["김민수", "20260001"]
    assert row[heading.index("반")] == "3-1"


def test_an_equal_number_is_shown_and_not_refused(app: Flask, instructor: Person) -> None:
    found = quiz(who="named")
    for name in ("First", "Second"):
        page = came(Person(app).get(f"/quizzes/{found.public_id}"), **{"given-name": name, "given-number": "7"})
        assert page.status == 200
    assert instructor.get(f"/quizzes/{found.public_id}/live").text.count("given more than once") == 2


def test_an_account_is_asked_for_its_number_alone(app: Flask, learner: Person) -> None:
    found = quiz(who="named")
    start = learner.get(f"/quizzes/{found.public_id}")
    assert start.tree.xpath("//input[starts-with(@id, 'given-')]/@id") == ["given-number"]


def test_only_accounts(app: Flask, visitor: Person, learner: Person) -> None:
    found = quiz(who="accounts")
    at = f"/quizzes/{found.public_id}"
    assert "Only people with an account" in visitor.get(at).text
    refused = visitor.send("POST", f"{at}/attempts", data={"csrf_token": visitor.token()})
    assert refused.status_code == 422
    assert "Question 1" in came(learner.get(at)).heading


def test_a_personal_link_says_whose_it_is_before_the_opening(app: Flask, visitor: Person) -> None:
    """A wrong code shows then too, and not only when everybody wants to begin."""
    opens = (clock.now() + timedelta(hours=1)).isoformat()
    found = quiz(who="roster", opens_at=opens)
    (code,) = enrolled(found, "조은우")
    start = f"/quizzes/{found.public_id}"
    assert "personal code of 조은우 20261" in visitor.get(f"{start}?code={code}").text
    assert visitor.get(start).form("code").method == "GET"
    wrong = visitor.get(f"{start}?code=nobodys-1")
    assert "Nobody on the roster has this code" in wrong.text
    assert "personal code of 조은우 20261" in visitor.get(f"{start}?code={code[:4].upper()}-{code[4:]}+").text
    assert "조은우" not in visitor.get(f"/quizzes/{quiz_with('immediate').public_id}?code={code}").text


def test_who_guesses_personal_codes_is_in_nobody_s_way(app: Flask, visitor: Person) -> None:
    """The start page asks whose a code is, for whoever has the address: the classmates behind it still come in."""
    found = quiz(who="roster")
    (code,) = enrolled(found, "조은우")
    assert len(code) * log2(len(ALPHABET)) > 49, "that is why nothing is counted"
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], tries_per_address=12)
    start = f"/quizzes/{found.public_id}"
    for tried in range(13):
        assert "Nobody on the roster" in visitor.get(f"{start}?code=zzzzzz-{tried}").text
        sent = visitor.post(f"{start}/attempts", {"csrf_token": visitor.token(), "code": f"zzzzzz-{tried}"})
        assert sent.status == 422
    assert db.session.scalar(select(func.count(LoginFailure.id))) == 0
    assert "Question 1" in came(Person(app).get(f"{start}?code={code}")).heading


def test_only_the_roster_one_try_and_whoever_has_not_come(app: Flask, visitor: Person, instructor: Person) -> None:
    found = quiz(who="roster", attempts=1)
    codes = enrolled(found, "김민수", "이지우")
    at = f"/quizzes/{found.public_id}"
    assert came(visitor.get(at), code="").status == 422
    wrong = came(visitor.get(at), code="nobodys-1")
    assert wrong.status == 422
    assert "Nobody on the roster" in wrong.text
    typed = f" {codes[0][:4].upper()}-{codes[0][4:]} "
    assert "Question 1" in came(visitor.get(at), code=typed).heading
    attempt = only_attempt()
    actions.submit(attempt.user, attempt.public_id, clock.now())
    assert "Start with another code" in visitor.get(at).text
    again = came(visitor.get(at), code=codes[0])
    assert again.url.endswith(f"/attempts/{attempt.public_id}/results"), "to what they did, not a refusal"
    assert [one.name for one in live.no_shows(found.id)] == ["이지우"]
    assert "이지우" in instructor.get(f"{at}/results").text
    assert [row[:2] for row in sheet(instructor, found)][1:] == [["김민수", "20261"], ["이지우", "20262"]]


@pytest.mark.parametrize("closed", [False, True])
def test_a_code_leads_to_its_results_on_another_device(app: Flask, visitor: Person, closed: bool) -> None:
    found = quiz(who="roster", attempts=1)
    with atomic():
        found.access_code = "Board 7"
    code, other = enrolled(found, "김민수", "이지우")
    at = f"/quizzes/{found.public_id}"
    came(visitor.get(at), code=code, access_code="board7")
    attempt = only_attempt()
    actions.submit(attempt.user, attempt.public_id, clock.now())
    if closed:
        settle(found, closes_at=(clock.now() - HOUR).isoformat())
    phone = Person(app)
    page = phone.get(f"{at}?code={code}&access=board7")
    assert "See your results" in page.text
    assert closed or "Tries left0" in page.text.replace(" ", "").replace("Triesleft", "Tries left")
    assert ("Tries left" in page.text) is not closed
    assert came(page, code=code, access_code="wrong").status == 422
    shown = came(page, code=code, access_code="board7")
    assert shown.url.endswith(f"/attempts/{attempt.public_id}/results")
    assert visitor.send("GET", f"/attempts/{attempt.public_id}/results").status_code == 410, "they have moved"
    if closed:
        assert "personal code of 김민수" in page.text
        nothing = came(Person(app).get(at), code=other, access_code="board7")
        assert nothing.status == 409
        assert nothing.text.count("This quiz is closed") == 1


def test_a_code_that_has_to_wait_for_the_next_try_says_so(app: Flask, visitor: Person) -> None:
    found = quiz(who="roster", attempts=2, delay=2)
    (code,) = enrolled(found, "김민수")
    came(visitor.get(f"/quizzes/{found.public_id}"), code=code)
    attempt = only_attempt()
    actions.submit(attempt.user, attempt.public_id, clock.now())
    again = came(visitor.get(f"/quizzes/{found.public_id}"), code=code)
    assert again.status == 409
    assert "The next try can begin in" in again.text


def test_who_still_sits_there_is_in_the_sheet(app: Flask, visitor: Person, instructor: Person) -> None:
    found = quiz(who="roster", attempts=2)
    code, _other = enrolled(found, "김민수", "이지우")
    came(visitor.get(f"/quizzes/{found.public_id}"), code=code)

    def listed() -> list[list[str]]:
        return [[row[0], row[3], row[5]] for row in sheet(instructor, found)[1:]]

    assert listed() == [["김민수", "1", "not handed in"], ["이지우", "0", ""]]
    assert {len(row) for row in sheet(instructor, found)} == {len(sheet(instructor, found)[0])}
    attempt = only_attempt()
    actions.submit(attempt.user, attempt.public_id, clock.now())
    came(Person(app).get(f"/quizzes/{found.public_id}"), code=code)
    assert [row[1:] for row in listed()][1:] == [["2", "not handed in"], ["0", ""]]


def test_a_code_goes_on_elsewhere_and_ends_the_device_before(app: Flask) -> None:
    found = quiz(who="roster")
    (code,) = enrolled(found, "김민수")
    phone, tablet = Person(app), Person(app)
    at = f"/quizzes/{found.public_id}?code={code}"
    came(phone.get(at))
    attempt = only_attempt()
    slot = queries.slots(attempt.id)[0]
    answering.give_answer(slot, right(slot), 0, clock.now())
    where = f"/attempts/{attempt.public_id}"
    assert "1 of" in came(tablet.get(at)).text
    assert only_attempt().id == attempt.id
    told = phone.send("GET", f"{where}/status", headers={"Accept": "application/json"})
    assert told.status_code == 410
    assert "another device" in told.get_json()["message"]
    assert "another device" in phone.get(f"{where}/questions/1", 410).text
    handed_in = phone.fetch(f"{where}/submission", {})
    assert handed_in.status_code == 410
    assert "another device" in handed_in.get_json()["message"]
    page = tablet.get(f"{where}/questions/1")
    assert "1 of" in page.text
    assert Person(app).send("GET", where).status_code in (302, 404)
    assert [one.kind for one in db.session.scalars(select(AttemptEvent))] == ["moved"]
    came(phone.get(at))
    assert phone.get(f"{where}/questions/1").status == 200, "and back again"


def test_a_code_goes_on_elsewhere_after_a_log_in(app: Flask) -> None:
    """The attempt is the account's then, and whoever has the code takes it from there."""
    found, user = quiz(who="roster", attempts=1), user_of("learner")
    enrolled(found, "김민수")
    (sitter,) = people_queries.roster(found.id)
    phone, tablet = (accounts.start_guest("en", "auto", clock.now()) for _ in range(2))
    attempt = entrance.begin(phone, found, sitter, {}, clock.now())
    accounts.claim(phone, user)
    assert people_queries.sitter_of(found.id, user) is not None
    assert entrance.begin(tablet, found, sitter, {}, clock.now()).id == attempt.id
    assert only_attempt().user_id == tablet.id


def test_an_access_code_is_limited_over_all_workers_and_locks_no_class_out(app: Flask) -> None:
    found, now, learner = quiz(), clock.now(), user_of("learner")
    with atomic():
        found.access_code = "Board 7"
    app.config["SETTINGS"] = app.config["SETTINGS"].__class__(
        **{**vars(app.config["SETTINGS"]), "tries_per_address": 12}
    )

    def give(user: User | None, code: str) -> None:
        entrance.admit(user, found, entrance.Ticket(access_code=code), "192.0.2.1", now)

    for _ in range(40):
        give(None, "board7")  # a class that types it right
    for _ in range(12):
        with pytest.raises(entrance.NotAdmitted):
            give(None, "wrong")
    with pytest.raises(entrance.TooManyCodes):
        give(None, "board7")
    fresh = accounts.sign_up(None, "fresh@example.com", "Fresh", "a long password", None, now)
    with pytest.raises(entrance.TooManyCodes):
        give(fresh, "board7")  # anybody can make hundreds of accounts
    with atomic():
        fresh.created_at = now - entrance.SETTLES
    give(fresh, "board7")
    give(learner, "board7")  # who is known isn't in the way of those who guess
    for _ in range(limits.TRIES):
        with pytest.raises(entrance.NotAdmitted):
            give(learner, "wrong")
    with pytest.raises(entrance.TooManyCodes):
        give(learner, "board7")
    entrance.admit(None, found, entrance.Ticket(access_code="board7"), "192.0.2.1", now + limits.WINDOW)


def test_the_start_page_counts_down(app: Flask, learner: Person) -> None:
    opens_at = clock.now() + timedelta(seconds=90)
    found = quiz(opens_at=opens_at.isoformat(), closes_at=(opens_at + HOUR).isoformat())
    page = learner.get(f"/quizzes/{found.public_id}")
    assert "Opens in" in page.text
    assert 80 <= int(page.tree.xpath("//p[@data-countdown]/@data-seconds")[0]) <= 90
    assert not [form for form in page.tree.forms if (form.action or "").endswith("/attempts")]
    settle(found, opens_at=None, closes_at=(clock.now() - HOUR).isoformat())
    assert "is closed" in learner.get(f"/quizzes/{found.public_id}").text


def test_time_between_tries(app: Flask) -> None:
    found, now, learner = quiz(delay=2), clock.now(), user_of("learner")
    actions.submit(learner, actions.start(learner, found, now).public_id, now)
    with pytest.raises(Conflict, match="120 minutes"):
        actions.start(learner, found, now)
    assert actions.start(learner, found, now + 2 * HOUR)


def test_an_accommodation_holds_everywhere_at_once(app: Flask, learner: Person) -> None:
    owner, user, now = user_of("instructor"), user_of("learner"), clock.now()
    found = quiz(time_limit=60, closes_at=(now + 2 * HOUR).isoformat(), attempts=1)
    with atomic():
        found.owner_id = owner.id
    attempt = actions.start(user, found, now)
    assert attempt.due_at == now + HOUR
    where = f"/attempts/{attempt.public_id}"
    assert learner.get(f"{where}/questions/1").tree.xpath("//p[@data-countdown]")
    given = Allowance(factor=1.5, extra_hours=1, extra_tries=1, no_clock=True)
    entry = people_actions.accommodate(owner, user.email or "", "", given, now)
    assert only_attempt().due_at == now + 1.5 * HOUR
    assert db.session.get_one(Quiz, found.id).ends_at == now + 3 * HOUR + timedelta(seconds=10)
    assert not learner.get(f"{where}/questions/1").tree.xpath("//p[@data-countdown]")
    left = learner.send("GET", f"{where}/status").get_json()["seconds_left"]
    assert 5390 < left <= 5400
    actions.submit(user, attempt.public_id, now)
    late = actions.start(user, found, now + 2.5 * HOUR)
    assert late.due_at == now + 3 * HOUR
    people_actions.end_accommodation(owner, entry.id, now + 2.5 * HOUR + SECOND)
    db.session.expire_all()
    assert late.due_at == now + 2 * HOUR


def test_whoever_is_put_on_the_roster_with_more_time_keeps_the_quiz_open(app: Flask) -> None:
    """The right answers show once the last has sat: an accommodation may be older than the roster, or come with an
    account that only the code leads to."""
    owner, user, now = user_of("instructor"), user_of("learner"), clock.now()
    found = quiz(who="roster", closes_at=(now + HOUR).isoformat())
    with atomic():
        found.owner_id = owner.id
    people_actions.accommodate(owner, "", "7", Allowance(extra_hours=2), now)
    people_actions.accommodate(owner, user.email or "", "", Allowance(extra_hours=4), now)
    people_actions.add_to_roster(found, [RosterEntry(1, "Six", "6")], owner, now)
    assert db.session.get_one(Quiz, found.id).ends_at == now + HOUR + timedelta(seconds=10)
    people_actions.add_to_roster(found, [RosterEntry(1, "Seven", "7")], owner, now)
    assert db.session.get_one(Quiz, found.id).ends_at == now + 3 * HOUR + timedelta(seconds=10)
    sitter = next(one for one in people_queries.roster(found.id) if one.number == "6")
    attempt = actions.start(user, found, now, sitter)
    assert attempt.due_at == now + 5 * HOUR
    assert db.session.get_one(Quiz, found.id).ends_at == now + 5 * HOUR + timedelta(seconds=10)


def test_whoever_is_taken_off_the_roster_keeps_no_quiz_open(app: Flask) -> None:
    """Nor does what goes on there: it ends without what was given to the number."""
    owner, now = user_of("instructor"), clock.now()
    found = quiz(who="roster", closes_at=(now + HOUR).isoformat())
    with atomic():
        found.owner_id = owner.id
    people_actions.accommodate(owner, "", "7", Allowance(extra_hours=240), now)
    people_actions.add_to_roster(found, [RosterEntry(1, "Six", "6"), RosterEntry(2, "Seven", "7")], owner, now)
    six, seven = people_queries.roster(found.id)
    attempts = [actions.start(user, found, now, one) for user, one in ((owner, six), (user_of("learner"), seven))]
    assert [one.due_at for one in attempts] == [now + HOUR, now + 241 * HOUR]
    people_actions.take_off_roster(found, seven.id, owner, now)
    db.session.expire_all()
    assert [one.due_at for one in attempts] == [now + HOUR, now + HOUR]
    assert db.session.get_one(Quiz, found.id).ends_at == now + HOUR + timedelta(seconds=10)


def test_the_page_of_accommodations(app: Flask, instructor: Person) -> None:
    page = instructor.get("/quizzes/accommodations")
    assert page.send("factor", email="", number="").status == 422
    assert "Nobody has an account" in page.send("factor", email="no@example.com").text
    assert page.send("factor", number="7", extra_tries="-1").status == 422
    done = page.send("factor", number="7", factor="2")
    assert done.tree.xpath("//tbody/tr")
    assert not done.send("removal").tree.xpath("//tbody/tr")


def acted(found: Quiz, name: str, whom: list[str] | None, minutes: float, at: Any, reason: str = "why") -> int:
    return conduct.act(found, name, whom, minutes, reason, user_of("instructor"), at)


def test_more_minutes_a_hand_in_a_reopening_and_another_try(app: Flask) -> None:
    found, now, learner = quiz(time_limit=60, attempts=1), clock.now(), user_of("learner")
    attempt = actions.start(learner, found, now)
    assert acted(found, "extend", [attempt.public_id], 10, now) == 1
    assert attempt.due_at == now + 70 * MINUTE
    late = now + 80 * MINUTE
    assert acted(found, "extend", None, 5, late) == 1
    assert attempt.due_at == late + 5 * MINUTE, "who was out of time gets the minutes from now on"
    settle(found, time_limit=60)
    assert attempt.due_at == late + 5 * MINUTE, "what was added stays when the quiz changes"
    assert acted(found, "hand-in", [attempt.public_id], 0, late) == 1
    assert attempt.submitted_at == late
    assert acted(found, "hand-in", [attempt.public_id], 0, late) == 0
    assert acted(found, "extend", [attempt.public_id], 5, late) == 0
    after = late + HOUR
    assert acted(found, "reopen", [attempt.public_id], 15, after) == 1
    assert attempt.submitted_at is None
    assert attempt.due_at == after + 15 * MINUTE
    slot = queries.slots(attempt.id)[0]
    answering.give_answer(slot, right(slot), slot.seq, after)
    actions.submit(learner, attempt.public_id, after)
    assert attempt.mark == slot.max_mark
    with pytest.raises(Conflict):
        actions.start(learner, found, after)
    acted(found, "again", [attempt.public_id], 0, after)
    assert actions.start(learner, found, after).id != attempt.id
    events = db.session.scalars(select(AttemptEvent).order_by(AttemptEvent.id)).all()
    assert [one.kind for one in events] == ["extended", "extended", "handed-in", "reopened", "again"]
    assert {one.reason for one in events} == {"why"}
    assert {one.by_id for one in events} == {user_of("instructor").id}


@pytest.mark.parametrize(
    ("name", "whom", "minutes", "reason"),
    [
        ("extend", None, 0, ""),
        ("extend", None, 1e6, ""),
        ("reopen", None, 10_081, ""),
        ("reopen", None, 99_999_999, ""),
        ("reopen", None, -1, ""),
        ("incident", None, 0, ""),
        ("hand-in", None, 0, ""),
        ("extend", ["nobody"], 5, ""),
    ],
)
def test_what_can_not_be_done_is_told(
    app: Flask, name: str, whom: list[str] | None, minutes: float, reason: str
) -> None:
    found = quiz()
    actions.start(user_of("learner"), found, clock.now())
    with pytest.raises(Conflict):
        acted(found, name, whom, minutes, clock.now(), reason)
    assert db.session.scalars(select(AttemptEvent)).all() == []


def test_a_reopened_attempt_is_followed_up_once(app: Flask, learner: Person) -> None:
    found, now = quiz(feedback="deferred"), clock.now()
    user = user_of("learner")
    attempt = actions.start(user, found, now)
    heard: list[int] = []

    def hear(sender: Attempt, now: Any) -> None:
        heard.append(sender.id)

    events.released.connect(hear)
    try:
        actions.submit(user, attempt.public_id, now)
        acted(found, "reopen", [attempt.public_id], 5, now)
        actions.submit(user, attempt.public_id, now)
    finally:
        events.released.disconnect(hear)
    assert heard == [attempt.id]


def test_who_is_where(app: Flask, learner: Person, instructor: Person) -> None:
    found, now = quiz(), clock.now()
    user = user_of("learner")
    attempt = actions.start(user, found, now)
    learner.get(f"/attempts/{attempt.public_id}/questions/3")
    assert db.session.scalars(select(Presence)).all() == [], "a page writes nothing"
    presence.keep_up(now)
    presence.keep_up(now)
    (one,) = live.sittings(found, now)
    assert (one.position, one.answered, one.state) == (3, 0, "on")
    learner.send("GET", f"/attempts/{attempt.public_id}/status?position=4")
    presence.keep_up(now)
    assert live.sittings(found, now)[0].position == 4
    assert live.sittings(found, now + HOUR)[0].state == "away"
    page = instructor.get(f"/quizzes/{found.public_id}/live")
    assert user.name in page.text
    told = page.send("minutes", ("do", "incident"), attempt=attempt.public_id, reason="Fire alarm")
    assert "Fire alarm" in told.text
    rows = instructor.send("GET", f"/quizzes/{found.public_id}/live/rows").text
    assert user.name in rows
    assert "<html" not in rows
    assert "Say why" in page.send("minutes", ("do", "hand-in"), attempt=attempt.public_id).text
    assert "Choose at least one" in page.send("minutes", ("do", "hand-in"), reason="Copied").text


def test_what_an_act_did_is_said(app: Flask, instructor: Person) -> None:
    found, user = quiz(time_limit=60), user_of("learner")
    attempt = actions.start(user, found, clock.now())
    page = instructor.get(f"/quizzes/{found.public_id}/live")

    def said(do: str) -> str:
        return page.send("minutes", ("do", do), attempt=attempt.public_id, minutes="7", reason="why").text

    assert "1 person has 7 more minutes" in said("extend")
    assert "Nothing to reopen" in said("reopen")
    assert "Handed in for 1 person" in said("hand-in")
    assert "Nothing to hand in" in said("hand-in")
    assert "Nobody got more minutes" in said("extend")
    assert "1 person may try once more" in said("again")
    assert "Reopened for 1 person" in said("reopen")


def test_one_that_fails_keeps_no_other_from_a_hand_in_for_all(app: Flask) -> None:
    found, now = quiz(time_limit=60), clock.now()
    first, second = (actions.start(user_of(who), found, now) for who in ("learner", "instructor"))

    def fail(attempt: Attempt, **_kwargs: object) -> None:
        if attempt.id == first.id:
            raise ValueError("as it happens")

    with events.submitted.connected_to(fail), pytest.raises(ExceptionGroup, match="1 failed, 1 were done"):
        acted(found, "hand-in", None, 0, now)
    db.session.expire_all()
    assert (first.submitted_at, second.submitted_at) == (None, now)
    assert [one.attempt_id for one in db.session.scalars(select(AttemptEvent))] == [second.id]


def test_the_start_page_offers_a_try_that_was_given(app: Flask, learner: Person) -> None:
    found, now = quiz(attempts=1), clock.now()
    attempt = actions.start(user_of("learner"), found, now)
    actions.submit(user_of("learner"), attempt.public_id, now)
    address = f"/quizzes/{found.public_id}"
    assert "You have used all your tries" in learner.get(address).text
    acted(found, "again", [attempt.public_id], 0, now)
    page = learner.get(address)
    assert "You have used all your tries" not in page.text
    assert page.tree.xpath(f"//form[@action='{address}/attempts']//button")


def test_minutes_are_added_for_all_or_for_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who had to do it again would add them twice for some."""
    found, now = quiz(time_limit=60), clock.now()
    both = [actions.start(user_of(who), found, now) for who in ("learner", "instructor")]
    kind, extend = conduct.ACTS["extend"]

    def extend_one(attempt: Attempt, *more: Any) -> conduct.Detail:
        if attempt.id == both[1].id:
            raise ValueError("as it happens")
        return extend(attempt, *more)

    monkeypatch.setattr(conduct, "ACTS", {**conduct.ACTS, "extend": (kind, extend_one)})
    with pytest.raises(ValueError, match="as it happens"):
        acted(found, "extend", None, 10, now)
    db.session.expire_all()
    assert [one.due_at for one in both] == [now + HOUR] * 2
    assert db.session.scalars(select(AttemptEvent)).all() == []


def test_presence_survives_a_deleted_attempt_and_an_older_word(app: Flask) -> None:
    found, now = quiz(), clock.now()
    attempt = actions.start(user_of("learner"), found, now)
    presence.write_sightings({attempt.id: (2, now), 999_999: (1, now)})
    presence.write_sightings({attempt.id: (1, now - MINUTE)})
    assert db.session.scalars(select(Presence.position)).all() == [2]


def test_a_word_to_all(app: Flask, learner: Person, instructor: Person) -> None:
    found = quiz()
    attempt = actions.start(user_of("learner"), found, clock.now())
    page = instructor.get(f"/quizzes/{found.public_id}/live")
    assert "Write something" in page.send("text", text=" ").text
    page.send("text", text="Question 3: read “all” as “any”")
    presence.keep_up(clock.now())
    said = learner.send("GET", f"/attempts/{attempt.public_id}/status").get_json()["announcements"]
    assert [one["text"] for one in said] == ["Question 3: read “all” as “any”"]
    assert "read “all” as “any”" in learner.get(f"/attempts/{attempt.public_id}/questions/1").text
    other = actions.start(accounts.start_guest("en", "auto", clock.now()), found, clock.now() + HOUR)
    assert presence.announced_to(other) == []


@pytest.mark.parametrize(("shuffled", "count", "warned"), [(True, None, True), (False, 3, True), (False, None, False)])
def test_a_word_about_a_question_is_warned_where_numbers_differ(
    app: Flask, instructor: Person, shuffled: bool, count: int | None, warned: bool
) -> None:
    found = quiz(shuffle_questions=shuffled)
    with atomic():
        found.sources = [{"bank": one["bank"], "count": count} for one in found.sources]
    page = instructor.get(f"/quizzes/{found.public_id}/live")
    assert ("numbers differ from person to person" in page.text) == warned


def test_release_from_the_live_view(app: Flask, instructor: Person) -> None:
    found = settle(quiz_with("deferred"), feedback="closed")
    page = instructor.get(f"/quizzes/{found.public_id}/live")
    released = page.send("release")
    assert "Released" in released.text
    assert "when you release them" in released.send("release").text
    log = instructor.get(f"/quizzes/{found.public_id}/live").tree.xpath("//section[@aria-labelledby='log-heading']//li")
    said = [" ".join(one.text_content().split()).split(" · ")[1:] for one in log]
    assert said == [
        ["scores and right answers held back again", user_of("instructor").name],
        ["scores and right answers released", user_of("instructor").name],
    ]
    ending.release(found, user_of("instructor"), clock.now())
    ending.release(found, user_of("instructor"), clock.now())
    assert [one.kind for one in live.log(found)] == ["release", "withhold", "release"]


def test_keys_open_while_somebody_writes_only_for_who_is_sure(app: Flask, instructor: Person) -> None:
    found = settle(quiz_with("deferred"), feedback="closed")
    user, now = user_of("learner"), clock.now()
    attempt = actions.start(user, found, now)
    page = instructor.get(f"/quizzes/{found.public_id}/live")
    asked = page.send("release")
    assert "1 person is still taking it" in asked.text
    assert db.session.get_one(Quiz, found.id, populate_existing=True).released_at is None
    assert "Released" in asked.send("release", sure="1").text
    asked = instructor.get(f"/quizzes/{found.public_id}/live").send("release")
    actions.submit(user, attempt.public_id, clock.now())
    assert "Released" in instructor.get(f"/quizzes/{found.public_id}/live").send("release").text


def test_a_clock_that_jumps_back_opens_nothing_again(app: Flask) -> None:
    found, now, user = quiz(time_limit=60), clock.now(), user_of("learner")
    attempt = actions.start(user, found, now)
    actions.submit(user, attempt.public_id, now + 30 * MINUTE)
    ending.release_due(now - HOUR)
    assert not presence.announced_to(attempt)
    slot = queries.slots(attempt.id)[0]
    with pytest.raises(answering.Closed):
        answering.give_answer(slot, right(slot), slot.seq, now - HOUR)
