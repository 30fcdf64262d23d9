"""What is somebody else's is answered as what isn't there, byte for byte: no address tells that something exists.

Every argument of every address, and both methods: with what the learner and the instructor of `things` have, and with
something of that shape that nobody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule

from quizapp import clock
from quizapp.accounts import actions as accounts
from tests.conftest import user_of
from tests.person import Person
from tests.security.test_order_tells_nothing import OWN, difference
from tests.security.test_permissions import ask, come, routes
from tests.security.test_reading_writes_nothing import LATER, reviewed
from tests.security.things import addresses, things

OPEN = {
    "progress.course", "progress.lesson", "progress.read", "progress.answer_check", "courses.enrol", "notes.passage",
    "citations.coverage", "citations.index", "citations.lesson", "citations.recite_moved",
    "attempts.quiz", "attempts.start",
    "site.static_page", "styles.sheet", "styles.script", "banks.media", "uploads.template",
}  # fmt: skip
"""What is there for everybody who may come at all: courses and their lessons, quizzes by their links, the site's own
pages and files. Of a course's citations everybody sees those of their own banks."""
FILES = {"site.static_page", "styles.sheet", "styles.script", "banks.media", "uploads.media"}
"""Of which there are none here."""
NOWHERE = {"int": "987654321", "str": "zzzzzzzzzzzz"}


def parts(rule: Rule, values: dict[str, Any]) -> tuple[str, re.Match[str]]:
    """An address of the rule with what is there, and its arguments."""
    there = addresses(rule, values)[0].partition("?")[0]
    found = re.fullmatch(re.sub(r"<(?:[^:>]*:)?(\w+)>", r"(?P<\1>[^/?]+)", rule.rule), there)
    assert found is not None, f"{rule.rule}: {there}"
    return there, found


def pairs(rule: Rule, values: dict[str, Any], others: dict[str, Any] | None = None) -> Iterator[tuple[str, str]]:
    """The rule's address with what is there, and with one argument that is nothing. With what is somebody else's, the
    first has it in that place."""
    there, found = parts(rule, values)
    foreign = parts(rule, others)[1] if others else None
    for name in sorted(rule.arguments):
        start, end = found.span(name)
        nowhere = there[:start] + NOWHERE["int" if f"int:{name}>" in rule.rule else "str"] + there[end:]
        if foreign is None:
            yield there, nowhere
        elif foreign[name] != found[name]:
            yield there[:start] + foreign[name] + there[end:], nowhere


def said(person: Person, token: str, method: str, url: str) -> tuple[int, str, str]:
    """The status, where it leads, and the page, without what it repeats of the address."""
    reply = ask(person, method, url, csrf_token=token)
    if reply.status_code == 303:
        person.get("/courses")  # takes what is to be told
    path = url.partition("?")[0]
    page = OWN.sub(r"\1", reply.get_data(as_text=True))
    for own in (quote(path, safe=""), path):
        page = page.replace(own, "…")
    return reply.status_code, reply.headers.get("Location", "").replace(quote(path), "…").replace(path, "…"), page


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is looked up doesn't depend on the database."""
    return sqlite_url


@pytest.mark.parametrize("who", ["anonymous", "guest", "stranger", "teacher"])
def test_what_is_not_yours_is_not_there(app: Flask, who: str) -> None:
    values = things(user_of("learner"))
    person = come(app, who) if who != "teacher" else other_teacher(app)
    assert compared(app, person, values) > 80


@pytest.mark.parametrize("who", ["learner", "instructor"])
def test_nothing_of_others_is_reached_by_way_of_one_s_own(app: Flask, who: str) -> None:
    """The quiz is mine, and the place on the roster isn't: ids that count are as good as any."""
    values = things(user_of("learner"))
    teacher = accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    stranger = accounts.create("stranger@example.com", "Stranger", "a long password", "learner", clock.now())
    assert compared(app, come(app, who), values, things(stranger, teacher)) > 40


def compared(app: Flask, person: Person, values: dict[str, Any], others: dict[str, Any] | None = None) -> int:
    """Compare what is said of what isn't the person's with what is said of nothing; how often."""
    token, count = person.token(), 0
    for method, rule in routes(app):
        if rule.endpoint in OPEN:
            continue
        for there, nowhere in pairs(rule, values, others):
            one, other = (said(person, token, method, url) for url in (there, nowhere))
            told = f"{method} {there} ({one[0]}) and {nowhere} ({other[0]})"
            assert one[0] >= 300, told
            assert one == other, f"{told}: {difference(one[2] + one[1], other[2] + other[1])}"
            count += 1
    return count


def other_teacher(app: Flask) -> Person:
    return Person(app, accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now()))


def test_to_whom_it_belongs_it_is_there(app: Flask) -> None:
    """Otherwise the comparison would compare nothing with nothing."""
    values = things(user_of("learner"))
    values["routes"]["review.finish"] = {"attempt_id": reviewed(user_of("learner"), clock.now() + LATER[1])}
    owners = [come(app, who) for who in ("learner", "instructor", "admin")]
    missing = {
        there
        for method, rule in routes(app)
        if method == "GET" and rule.arguments and rule.endpoint not in FILES
        for there in addresses(rule, values)[:1]
        if all(person.send("GET", there).status_code >= 400 for person in owners)
    }
    assert missing == set()
