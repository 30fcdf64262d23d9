"""Every byte sent before the reveal is searched for the key: of every question of the courses, of every kind.

One attempt asks all the questions there are. Its pages and replies are gathered while it goes on, and searched for
what only an author and a grader know. After handing in, the same search has to find all of it: it can fail.
"""

from __future__ import annotations

import html as markup
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from quizapp import clock
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Attempt, Slot
from quizapp.banks import actions as banks
from quizapp.banks.models import Bank
from quizapp.courses.models import Lesson
from quizapp.db import atomic, db
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import Response
from quizapp.quizzes.models import Quiz
from quizapp.texts.markup import render_text
from quizapp.web import controls
from tests.answers import give_answer
from tests.attempts.test_story import quiz_with
from tests.conftest import user_of
from tests.kinds import shapes
from tests.person import Person

LANGUAGES = ("ko", "en")
WORDS = re.compile(
    r"fraction|grader|solution|tolerance|unit_penalty|\bseed\b|\bhash\b|option-right|option-wrong|outcome-|mark-missed|"
    r"slot-(?:right|wrong|partial)|feedback-text|passage-link",
)
"""What a page says only once it reveals: the names of the key's parts, and the marks of right and wrong."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what is sent doesn't depend on it."""
    return sqlite_url


@pytest.fixture
def everything(app: Flask) -> Quiz:
    """A deferred quiz of every question of every bank, and of each kind's example, without limits."""
    examples = [item_of(kind) for kind in KINDS]
    banks.import_items(user_of("instructor"), "examples", {"ko": "보기"}, examples, clock.now())
    quiz = quiz_with("deferred")
    with atomic():
        quiz.sources = [{"bank": slug} for slug in db.session.scalars(select(Bank.slug))]
        quiz.settings = {"feedback": "deferred", "shuffle_questions": True, "shuffle_choices": True}
    return quiz


def item_of(kind: str) -> Item:
    body = KINDS[kind].EXAMPLE
    response = {key: part for key, part in body.items() if key != "scoring"}
    return Item(f"example-{kind}", kind, {"ko": "무엇?", "en": "What?"}, response, body.get("scoring", {}))


@pytest.fixture
def attempt(everything: Quiz) -> Attempt:
    return actions.start(user_of("learner"), everything, clock.now())


class Sent:
    """Everything that the server said, by address."""

    def __init__(self, person: Person, attempt: Attempt) -> None:
        self.person, self.attempt, self.replies = person, attempt, []
        self.token = person.token()
        self.headers = [{"Accept-Language": language} for language in LANGUAGES]

    def get(self, *urls: str) -> None:
        for url in urls:
            for language in self.headers:
                self.keep(self.person.send("GET", url, headers=language, follow_redirects=True))

    def post(self, position: int, fields: controls.Fields, seq: int, **more: str) -> Any:
        """Send an answer as a script does, and again as a form does; the script's reply."""
        url = f"/attempts/{self.attempt.public_id}/questions/{position}"
        data = {"csrf_token": self.token, "seq": str(seq), **fields, **more}
        reply = self.keep(self.person.send("POST", url, data=data, headers={"Accept": "application/json"}))
        self.keep(self.person.send("POST", url, data=data, headers=self.headers[position % 2]))
        return reply

    def keep(self, reply: Any) -> Any:
        self.replies.append((reply.request.full_path, reply.status_code, reply.get_data(as_text=True), reply.headers))
        return reply


def shown(attempt: Attempt, slot: Slot) -> controls.ArrangedItem:
    return controls.arrange(slot.version.item, f"{attempt.seed}:{slot.position}", attempt.rules.shuffle_choices)


def wrong(item: Item) -> Response:
    """A response that earns less than the solution, of the same shape."""
    return shapes.wrong(KINDS[item.kind], item.body)


def right(item: Item) -> Response:
    return KINDS[item.kind].solution(item.body) or {"text": "One, two, three: because the lesson says so."}


def texts(value: Any) -> Iterator[str]:
    """Every string in a structure of texts, in every language."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "format":
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def folded(written: str) -> str:
    return " ".join(markup.unescape(written).split())


def words_of(written: str) -> str:
    """A text as a page shows it, without its markup."""
    rendered = render_text({"en": written}, "en")
    return folded(html.fromstring(f"<div>{rendered}</div>").text_content()) if written.strip() else ""


def bodies(item: Item) -> list[dict[str, Any]]:
    """The response part of the question, and those of its gaps."""
    return [item.response, *item.response.get("gaps", [])]


def notes(item: Item) -> set[str]:
    """What is written for after the answer: feedback, model answers, notes for graders."""
    entries = [one for body in bodies(item) for part in ("choices", "answers", "rows") for one in body.get(part, [])]
    written = [
        item.feedback,
        item.response.get("grader_notes"),
        *(one.get("feedback") for one in bodies(item) + entries),
    ]
    return {words_of(one) for text in written for one in texts(text)} - {""}


def typed_keys(item: Item) -> set[str]:
    """Words that are right when typed, where a page could be seen to hold them: not the digits of a number."""
    typed = {one.get("text", "") for body in bodies(item) for one in body.get("answers", [])}
    return {word for word in typed if len(word) > 1 and not word.isdigit()}


def option_ids(item: Item) -> set[str]:
    return {one["id"] for body in bodies(item) for name in lists_of(item) for one in body.get(name, [])}


def lists_of(item: Item) -> list[str]:
    """The lists of things to choose among."""
    return [name for name, listing in KINDS[item.kind].LISTS.items() if listing.choosable]


def public_words(items: Iterable[Item], attempt: Attempt) -> str:
    """What may be seen at any time: the questions, their options, the lessons, the course's page."""
    written: list[str] = []
    for item in items:
        written += [*texts(KINDS[item.kind].public(item.body)), *texts(item.stem), *texts(item.stimulus)]
    for lesson in db.session.scalars(select(Lesson)):
        written += [*texts(lesson.body), *texts(lesson.title), *texts(lesson.summary)]
    content = attempt.quiz.course.content if attempt.quiz.course else {}
    return "\n".join([*map(words_of, written), *texts(content)])


def is_json(body: str) -> bool:
    return body.startswith(("{", "["))


@lru_cache(maxsize=1)
def parsed(body: str) -> html.HtmlElement:
    """The page; each is looked at in several ways, one after another."""
    return html.fromstring(body)


def leaks(body: str, secrets: Iterable[str]) -> list[str]:
    """The secrets that stand in what was sent: in its text, attributes and comments, or in the strings of its JSON."""
    if is_json(body):
        pieces = list(texts(json.loads(body)))
    else:
        tree = parsed(body)
        pieces = [tree.text_content(), *tree.xpath("//@*"), *tree.xpath("//comment()/text()")]
    searched = folded("\n".join(pieces))
    return [secret for secret in secrets if secret in searched]


def names_in(body: str) -> str:
    """The names that markup or JSON gives to things: attributes, classes, keys; not what a person reads."""
    if is_json(body):
        return " ".join(re.findall(r'"(\w+)":(?! null)', body))
    found = parsed(body).xpath("//@*[name() != 'value' and name() != 'content']")
    return " ".join(f"{one.attrname} {one}" for one in found)


def values_in(body: str) -> set[str]:
    """Every value that a script or a form could tell an option by: attributes of controls, fields of JSON."""
    if is_json(body):
        fields = json.loads(body).get("fields", {})
        return set(texts(fields)) | {name.partition("-")[2] for name in fields}
    found = parsed(body).xpath("//*[contains(@class, 'control')]//@*[name() != 'class']")
    return {part for value in found for part in (value, *re.split(r"(?:row|pos)-", value))}


@pytest.fixture
def sent(learner: Person, attempt: Attempt) -> Sent:
    """A whole attempt: every question looked at empty, answered, looked at again, refused and stale."""
    found = Sent(learner, attempt)
    base = f"/attempts/{attempt.public_id}"
    for slot in queries.slots(attempt.id):
        item, question = slot.version.item, shown(attempt, slot)
        found.get(f"{base}/questions/{slot.position}")
        first = found.post(slot.position, question.fields(right(item)), 0, do="check")
        assert first.status_code == 200, first.text
        found.get(f"{base}/questions/{slot.position}")
        stale = found.post(slot.position, question.fields(wrong(item)), 0)
        assert stale.status_code == 409, f"{item.kind}: {stale.text}"
        refused = found.post(slot.position, question.fields(wrong(item)), -1)
        assert refused.status_code == 422, refused.text
        found.post(slot.position, {"choice": "a", "choices": ["b"]}, 1, do="nonsense")
    quiz = f"/quizzes/{attempt.quiz.public_id}"
    found.get(base, f"{base}/summary", f"{base}/results", "/home", "/courses", quiz, "/settings", "/settings/data")
    found.get("/courses/openai-devday")
    return found


def test_nothing_that_was_sent_tells_the_key(sent: Sent, attempt: Attempt) -> None:
    slots = queries.slots(attempt.id)
    items = {slot.position: slot.version.item for slot in slots}
    seen = public_words(items.values(), attempt)
    hidden = {note for item in items.values() for note in notes(item) if note not in seen}
    private = {attempt.seed, *(slot.version.hash for slot in slots)}
    assert len(hidden) > 200, "the courses have feedback to search for"
    assert {item.kind for item in items.values()} == set(KINDS), "every kind is asked"
    for url, status, body, headers in sent.replies:
        told = f"{url} ({status})"
        assert not WORDS.search(names_in(body)), f"{told}: {WORDS.search(names_in(body))}"
        assert not leaks(body, hidden), f"{told}: {leaks(body, hidden)[:3]}"
        assert not [one for one in private if one in f"{body}{headers}"], f"{told}: a seed or a hash"
        place = re.search(r"/questions/(\d+)", url)
        if place:
            item = items[int(place[1])]
            assert not values_in(body) & option_ids(item), f"{told}: {item.id}"


def test_own_data_holds_no_ids_before_the_end(learner: Person, attempt: Attempt) -> None:
    """Ids may follow the key: an author calls the items of an ordering a, b, c in the right order."""
    for slot in queries.slots(attempt.id):
        given = right(slot.version.item)
        give_answer(user_of("learner"), attempt.public_id, slot.position, given, 0, clock.now())
    questions = json.loads(learner.send("GET", "/settings/data").text)["attempts"][0]["questions"]
    answers = [answer for question in questions for answer in question["answers"]]
    assert len(answers) == len(questions)
    assert {(answer["response"], answer["fraction"]) for answer in answers} == {(None, None)}
    assert all(answer["text"] for answer in answers)
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    after = json.loads(learner.send("GET", "/settings/data").text)["attempts"][0]["questions"]
    assert all(answer["response"] for question in after for answer in question["answers"])


def test_an_unanswered_page_holds_no_word_to_type(learner: Person, attempt: Attempt) -> None:
    """Before anything is typed, the control of a typed question knows none of the words that are right."""
    checked = 0
    for slot in queries.slots(attempt.id):
        item = slot.version.item
        seen = public_words([item], attempt).casefold()
        hidden = {word for word in typed_keys(item) if word.casefold() not in seen}
        page = learner.get(f"/attempts/{attempt.public_id}/questions/{slot.position}").source
        assert not leaks(page, hidden), f"{item.id}: {leaks(page, hidden)}"
        checked += len(hidden)
    assert checked > 3


def test_the_search_finds_what_is_revealed(learner: Person, attempt: Attempt) -> None:
    """The same search on the results: it would have found the notes before."""
    items = [slot.version.item for slot in queries.slots(attempt.id)]
    seen = public_words(items, attempt)
    for position, item in enumerate(items, 1):
        give_answer(user_of("learner"), attempt.public_id, position, wrong(item), 0, clock.now())
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    results = learner.get(f"/attempts/{attempt.public_id}/results").source
    assert len(leaks(results, {note for item in items for note in notes(item) if note not in seen})) > 50
    assert WORDS.search(names_in(results))


def test_right_and_wrong_look_the_same(learner: Person, attempt: Attempt) -> None:
    """But for what the learner has put in, a page after a right answer is the page after a wrong one."""
    base = f"/attempts/{attempt.public_id}"
    sent = Sent(learner, attempt)
    for slot in queries.slots(attempt.id):
        item, question = slot.version.item, shown(attempt, slot)
        url, looks = f"{base}/questions/{slot.position}", []
        for seq, given in enumerate((right(item), wrong(item))):
            reply = sent.post(slot.position, question.fields(given), seq, do="check")
            pages = [learner.send("GET", one, follow_redirects=True).text for one in (url, f"{base}/summary", "/home")]
            looks.append((reply.status_code, sorted(reply.json), *(bare(page) for page in pages)))
        assert looks[0] == looks[1], f"{item.id} ({item.kind}) can be told right from wrong"


def bare(page: str) -> str:
    """A page without what the learner has put in, and without what every request has of its own."""
    tree = html.fromstring(page)
    for order in tree.xpath("//ol[@class='order']"):
        order[:] = sorted(order, key=lambda item: item.xpath("string(.//select/@name)"))
    for control in tree.xpath("//input | //option | //textarea"):
        for name in ("checked", "selected", "value"):
            if control.tag != "option" or name != "value":
                control.attrib.pop(name, None)
        if control.tag == "textarea":
            control.text = ""
    return re.sub(r"\s+", " ", html.tostring(tree, encoding="unicode"))


def test_two_attempts_share_no_name_of_an_option(everything: Quiz, stranger: Person) -> None:
    """What one learner tells another of a page's source is of no use: names and order differ by attempt."""
    names: list[set[str]] = []
    orders: list[dict[int, list[list[str]]]] = []
    for who in ("learner", "stranger"):
        attempt = actions.start(user_of(who), everything, clock.now())
        asked = {slot.version_id: shown(attempt, slot) for slot in queries.slots(attempt.id)}
        names.append({token for question in asked.values() for token in question.ids})
        orders.append({version: list(question.arrangement.order.values()) for version, question in asked.items()})
    assert not names[0] & names[1]
    both = orders[0].keys() & orders[1].keys()  # of questions that answer one another each draw leaves out others
    assert sum(orders[0][version] != orders[1][version] for version in both) > 20


@pytest.mark.parametrize("kind", ["match", "categorise"])
def test_a_token_is_good_for_its_own_list_only(learner: Person, attempt: Attempt, kind: str) -> None:
    """Ids that are alike in two lists can't be found out by sending one list's token as the other's."""
    slot = next(slot for slot in queries.slots(attempt.id) if slot.version.item.kind == kind)
    question, sent = shown(attempt, slot), Sent(learner, attempt)
    option = question.ids[question.parts["options"][0]["token"]]
    for row in question.parts["rows"]:
        for foreign in (row["token"], question.token("rows", option), option):
            reply = sent.post(slot.position, {f"row-{row['token']}": foreign}, 0)
            assert reply.status_code == 422, f"{foreign}: {reply.text}"


def test_an_option_of_the_same_name_in_two_lists() -> None:
    """The same, where an author calls rows and options alike, in step: a, b, c beside a, b, c."""
    named = [{"id": name, "text": {"en": name.upper()}} for name in "abc"]
    body = {"rows": [{**one, "option": one["id"]} for one in named], "options": named}
    question = controls.arrange(Item(kind="match", response=body), "seed:1", True)
    row, option = question.token("rows", "a"), question.token("options", "a")
    assert question.read(MultiDict({f"row-{row}": option})) == {"pairs": {"a": "a"}}
    assert question.read(MultiDict({f"row-{row}": row})) == {"pairs": {"a": f"?{row}"}}
