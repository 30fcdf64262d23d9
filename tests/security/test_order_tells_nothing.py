"""Two sites that differ only in which options are right and in what order the author wrote them say the same.

Authors put the right ones first. So a question of every kind is asked on two copies of one database, with the same ids,
seeds and texts: on one copy as its EXAMPLE, on the other with the key of its OTHER and with its lists turned round.
Whatever a learner sends before the end, both answer byte for byte the same.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select, text, update

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Attempt
from quizapp.banks import actions as banks
from quizapp.banks.models import QuestionVersion
from quizapp.db import atomic, db
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import Body
from tests.attempts.test_story import quiz_with
from tests.conftest import make_app, user_of
from tests.person import Person
from tests.security.test_permissions import address, routes

pytestmark = pytest.mark.xdist_group("order_tells_nothing")
"""One worker walks through the two sites, once."""

LETTERS = "abcdefghij"
HALF = len(LETTERS) // 2
OWN = re.compile(
    r'(csrf_token"?(?: [^>]*?value=|: ?)"|data-csrf=")[^"]*|\b\d\d:\d\d:\d\d\b|\d{4}-\d\d-\d\dT[\d:.+]+'
    r"|오[전후] \d+:\d\d|\b\d+:\d\d.[AP]M\b"
)
"""What every request has of its own: its token, and the time."""


def many(right: str) -> Body:
    """Ten choices, of which those of these letters are right and stand first."""
    listed = sorted(LETTERS, key=lambda name: name not in right)
    return {"choices": [{"id": n, "text": {"ko": n, "en": n.upper()}, "fraction": int(n in right)} for n in listed]}


def turned(part: Any, lists: set[str]) -> Any:
    """A body with its lists of choices turned round."""
    if isinstance(part, dict):
        return {
            key: [turned(one, lists) for one in (value[::-1] if key in lists else value)]
            if isinstance(value, list)
            else turned(value, lists)
            for key, value in part.items()
        }
    return part


def pairs() -> dict[str, tuple[Item, Item]]:
    """By id: a question of each kind, and the same with another key and another order."""
    stem = {"ko": "무엇일까요?", "en": "What is it?"}
    found = {"many": ("multiple", many(LETTERS[:HALF]), many(LETTERS[HALF:]))}
    for name, kind in KINDS.items():
        lists = {key for key, listing in kind.LISTS.items() if listing.choosable}
        found[f"the-{name}"] = (name, kind.EXAMPLE, turned(kind.OTHER, lists))
    return {
        key: (item_of(key, kind, stem, one), item_of(key, kind, stem, other))
        for key, (kind, one, other) in found.items()
    }


def item_of(key: str, kind: str, stem: dict[str, str], body: Body) -> Item:
    body = copy.deepcopy(body)
    return Item(id=key, kind=kind, stem=stem, scoring=body.pop("scoring", {}), response=body)


@pytest.fixture(scope="module")
def sites(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The addresses of the two databases."""
    folder = tmp_path_factory.mktemp("sites")
    one, other = (folder / f"{name}.sqlite3" for name in ("one", "other"))
    shutil.copy(sqlite_template, one)
    with opened(f"sqlite:///{one}") as app, app.app_context():
        items = [pair[0] for pair in pairs().values()]
        banks.import_items(user_of("instructor"), "pairs", {"ko": "짝", "en": "Pairs"}, items, clock.now())
        quiz = quiz_with("deferred")
        with atomic():
            quiz.sources = [{"bank": "pairs"}]
            quiz.settings = {"feedback": "deferred", "shuffle_questions": True, "shuffle_choices": True}
        actions.start(user_of("learner"), quiz, clock.now())
        accounts.create("stranger@example.com", "Stranger", "a long password", "instructor", clock.now())
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    shutil.copy(one, other)
    with opened(f"sqlite:///{other}") as app, app.app_context():
        db.session.execute(text("DROP TRIGGER question_versions_immutable"))
        for version in db.session.scalars(select(QuestionVersion)).all():
            if version.question.key in pairs():
                content = pairs()[version.question.key][1].content()
                db.session.execute(
                    update(QuestionVersion).where(QuestionVersion.id == version.id).values(content=content)
                )
        db.session.commit()
    return [f"sqlite:///{one}", f"sqlite:///{other}"]


class opened:
    """The application on a database, closed at the end."""

    def __init__(self, url: str) -> None:
        self.app = make_app(url)

    def __enter__(self) -> Flask:
        return self.app

    def __exit__(self, *_error: object) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


Said = dict[str, tuple[int, str]]


class Walk:
    """One learner's way through the attempt, and what was said at each step."""

    def __init__(self, app: Flask) -> None:
        self.said: Said = {}
        self.learner = Person(app, user_of("learner"))
        self.attempt = db.session.scalars(select(Attempt).order_by(Attempt.id.desc())).first() or Attempt()
        self.token = self.learner.token()

    def ask(self, person: Person, method: str, url: str, note: str = "", **kwargs: Any) -> Any:
        for language in ("ko", "en"):
            headers = {"Accept-Language": language} | kwargs.pop("headers", {})
            reply = person.send(method, url, headers=headers, **kwargs)
            name = f"{len(self.said)} {note} {method} {url} {language}"
            self.said[name] = (reply.status_code, OWN.sub(r"\1", reply.get_data(as_text=True)))
            if method == "POST":
                break
        return reply

    def questions(self) -> None:
        base = f"/attempts/{self.attempt.public_id}"
        for slot in queries.slots(self.attempt.id):
            url, key = f"{base}/questions/{slot.position}", slot.version.question.key
            page = html.fromstring(self.ask(self.learner, "GET", url, key).text)
            first, last = filled(page, 0), filled(page, -1)
            for fields, seq, do, scripted in (
                (first, 0, "stay", True),
                (last, 0, "stay", True),  # stale
                (last, 0, "stay", False),
                (last, -1, "stay", True),  # no number
                (last, -1, "stay", False),
                ({"choice": "a", "choices": ["a", "b"], "row-a": "b"}, 1, "stay", False),  # another's tokens
                (last, 1, "check", True),
                (first, 2, "flag", False),
            ):
                data = {"csrf_token": self.token, "seq": str(seq), "do": do, **fields}
                headers = {"Accept": "application/json"} if scripted else {}
                self.ask(self.learner, "POST", url, key, data=data, headers=headers)
                self.ask(self.learner, "GET", url, key)

    def everywhere(self, app: Flask) -> None:
        """Every address that can be fetched, for the learner, for others, and for nobody."""
        quiz = self.attempt.quiz
        slugs = ["pairs", *([quiz.course.slug] if quiz.course else [])]
        people = {"learner": self.learner, "other": Person(app, user_of("stranger")), "nobody": Person(app)}
        for name, person in people.items():
            token = person.token()
            for slug in slugs:
                values = {"attempt_id": self.attempt.public_id, "position": 1, "public_id": quiz.public_id,
                          "slug": slug, "slot_id": 1}  # fmt: skip
                for method, rule in routes(app):
                    if method == "GET":
                        self.ask(person, method, address(rule, values), name)
                self.ask(person, "POST", f"/quizzes/{quiz.public_id}/preview", name, data={"csrf_token": token})


def filled(page: html.HtmlElement, which: int) -> dict[str, Any]:
    """A page's control filled in: all boxes ticked (0) or all but the last (-1); the first or last of all else."""
    fields: dict[str, Any] = {}
    for box in page.xpath("//*[contains(@class, 'control')]//input[@type='radio' or @type='checkbox']"):
        fields.setdefault(box.get("name"), []).append(box.get("value"))
    for name, values in fields.items():
        fields[name] = values[which] if name != "choices" else values if which == 0 else values[:-1]
    selects = page.xpath("//*[contains(@class, 'control')]//select")
    for place, one in enumerate(selects):
        values = [value for value in one.xpath("option/@value | option/text()") if value not in ("", "–")]
        places = one.get("name").startswith("pos-")
        fields[one.get("name")] = str(place + 1 if which == 0 else len(selects) - place) if places else values[which]
    for one in page.xpath("//*[contains(@class, 'control')]//input[@type='text'] | //textarea"):
        fields[one.get("name")] = "17" if which == 0 else "열일곱"
    return fields


@pytest.fixture(scope="module")
def walks(sites: list[str]) -> list[Said]:
    found = []
    for url in sites:
        with opened(url) as app, app.app_context():
            walk = Walk(app)
            walk.questions()
            walk.everywhere(app)
            found.append(walk.said)
    return found


def test_the_sites_differ_in_the_key_and_in_the_order(sites: list[str]) -> None:
    """Otherwise the comparison would find nothing."""
    found = []
    for url in sites:
        with opened(url) as app, app.app_context():
            slots = queries.slots(Walk(app).attempt.id)
            found.append({slot.version.question.key: slot.version.item for slot in slots})
    assert set(found[0]) == set(pairs())
    for key, item in found[0].items():
        kind, other = KINDS[item.kind], found[1][key]
        assert (item.kind, item.stem) == (other.kind, other.stem)
        assert item.body != other.body
        assert kind.check(other.body) == []
        assert kind.MANUAL or kind.solution(item.body) != kind.solution(other.body)


def test_what_is_said_before_the_end_is_the_same(walks: list[Said]) -> None:
    one, other = walks
    assert list(one) == list(other)
    assert len(one) > 300
    assert {status for status, _body in one.values()} >= {200, 302, 303, 403, 404, 409, 422}
    for name, (status, body) in one.items():
        assert other[name][0] == status, name
        assert other[name][1] == body, f"{name}: {difference(body, other[name][1])}"


def difference(one: str, other: str) -> str:
    at = next(place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    return f"{one[max(0, at - 100) : at + 100]!r} and {other[max(0, at - 100) : at + 100]!r}"


def test_tokens_are_listed_as_the_page_lists_them(walks: list[Said]) -> None:
    """By their ids, a, b, c, they would be in the order in which the author wrote them."""
    checked = 0
    for said in walks:
        for name, (status, body) in said.items():
            if status == 409 and body.startswith("{") and " many " in name:
                url = name.split()[-2]
                page = next(body for name, (_status, body) in said.items() if f" GET {url} ko" in name)
                shown = html.fromstring(page).xpath("//input[@name='choices']/@value")
                assert json.loads(body)["fields"]["choices"] == shown
                assert json.loads(body)["theirs"].split("\n") == [
                    " ".join(words.split())
                    for words in html.fromstring(page).xpath("//span[@class='option-text']/text()")
                ]
                checked += 1
    assert checked == len(walks)
