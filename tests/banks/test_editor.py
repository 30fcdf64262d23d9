"""The question editor: every kind can be written, and editing loses nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from lxml import html
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, FormField, SelectMultipleField

from quizapp import clock
from quizapp.banks import actions, queries
from quizapp.banks.models import BankMember, MediaFile, Question
from quizapp.banks.question_forms import form_of
from quizapp.db import db
from quizapp.formats.items import Item, from_json
from quizapp.kinds import KINDS
from quizapp.web.fields import Rows, form_value
from tests.conftest import user_of
from tests.formats.strategies import FIELDS, items
from tests.person import Page, Person

USUALLY_NOT = ("pinned", "case", "spacing")


def said(value: Any) -> Any:
    """A content without what says nothing: empty parts, and a no where no is usual."""
    if isinstance(value, dict):
        parts = {key: said(part) for key, part in value.items() if part is not False or key not in USUALLY_NOT}
        return {key: part for key, part in parts.items() if part not in ("", [], {}, None)}
    return [said(part) for part in value] if isinstance(value, list) else value


def sent(form: Form) -> list[tuple[str, str]]:
    """What a browser sends of a form that nobody has touched."""
    found: list[tuple[str, str]] = []
    for field in form:
        if isinstance(field, Rows):
            found += [pair for row in field.entries for pair in sent(row.form)]
        elif isinstance(field, FormField):
            found += sent(field.form)
        elif isinstance(field, BooleanField):
            found += [(field.name, "y")] if field.data else []
        elif field.type == "RadioField":
            found.append((field.name, str(field.data)))
        elif isinstance(field, SelectMultipleField):
            found += [(field.name, value) for value in field.data or ()]
        else:
            found.append((field.name, field._value() if hasattr(field, "_value") else str(field.data)))
    return found


@given(items(KINDS, fields=set(FIELDS) - {"id", "status", "media"}))
def test_a_form_that_is_sent_back_untouched_says_what_it_said(item: Item) -> None:
    content = item.content()
    form = form_of(item.kind)(data=content)
    assert said(from_json({**form_value(form), "kind": item.kind}).content()) == said(content)
    again = form_of(item.kind)(MultiDict(sent(form)))
    assert form_value(again) == form_value(form)


NEW = "/banks/board/questions/new"
PICTURE = b"\x89PNG\r\n\x1a\n picture"
TEXTS = {"stem-ko": "수도는 어디인가요?", "stem-en": "What is the capital?"}
CHOICES = {
    "response-choices-0-text-ko": "서울",
    "response-choices-0-text-en": "Seoul",
    "response-choices-1-text-ko": "부산",
    "response-choices-1-text-en": "Busan",
}
SAVE = ("do", "save")


def newest() -> Question:
    return db.session.scalars(select(Question).order_by(Question.id.desc())).first() or Question()


def item_of(question: Question) -> Item:
    assert question.current is not None
    return question.current.item


def button(value: str) -> tuple[str, str]:
    return ("do", value)


def rows(page: Page, name: str) -> int:
    return len(page.tree.xpath("//fieldset[@id=$name]/ol/li", name=name))


def boxes(page: Page, name: str) -> list[str]:
    """What the fields whose names begin and end so hold."""
    begin, _star, end = name.partition("*")
    found = page.form("version").form_values()
    return [value.strip() for key, value in found if key.startswith(begin) and key.endswith(end)]


@pytest.fixture
def question(app: Flask) -> Question:
    """A single choice of the instructor's, in a bank of its own."""
    content = {
        "id": "capital",
        "stem": {"ko": "수도는?", "en": "The capital?", "de": "Die Hauptstadt?"},
        "response": {"choices": [{"id": "a", "text": {"ko": "서울"}, "fraction": 1, "pinned": True},
                                 {"id": "b", "text": {"ko": "부산"}, "fraction": 0}]},
        "tags": ["지리", "a, b"],
    }  # fmt: skip
    actions.import_items(user_of("instructor"), "made", {"ko": "만든"}, [from_json(content)], clock.now())
    return newest()


def edit_url(question: Question) -> str:
    return f"/banks/made/questions/{question.public_id}/edit"


def test_a_question_is_written(instructor: Person) -> None:
    kinds = instructor.get(NEW)
    assert len([link for link in kinds.links() if "kind=" in link]) == len(KINDS)
    page = instructor.get(f"{NEW}?kind=choice").send("version", SAVE, **TEXTS, **CHOICES)
    assert page.status == 200
    assert "What is the capital?" in page.text
    written_now = item_of(newest())
    assert [choice["text"]["en"] for choice in written_now.response["choices"]] == ["Seoul", "Busan"]
    assert written_now.response["choices"][0]["fraction"] == 1
    assert newest().key == newest().public_id
    again = instructor.get(f"{NEW}?kind=choice").send("version", button("next"), **TEXTS, **CHOICES)
    assert again.heading == "New question: Single choice"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_opens_and_says_what_is_missing(instructor: Person, kind: str) -> None:
    page = instructor.get(f"{NEW}?kind={kind}")
    before = newest().id
    refused = page.send("version", SAVE)
    assert refused.status == 422
    assert newest().id == before
    targets = refused.tree.xpath("//div[@class='error-summary']//a/@href")
    assert targets
    for target in targets:
        assert refused.tree.xpath("//*[@id=$name]", name=target[1:]), target


def test_editing_without_a_change_makes_no_version(instructor: Person, question: Question) -> None:
    page = instructor.get(edit_url(question)).send("version", SAVE)
    assert "no new version" in page.text
    assert len(queries.versions(question.id)) == 1


def test_an_edit_is_a_new_version_that_keeps_the_rest(instructor: Person, question: Question) -> None:
    old = item_of(question)
    page = instructor.get(edit_url(question)).send("version", SAVE, **{"stem-en": "Which city is the capital?"})
    assert "Saved as version 2" in page.text
    new = item_of(queries.question(question.bank_id, question.public_id))
    assert new.stem == {"ko": "수도는?", "en": "Which city is the capital?", "de": "Die Hauptstadt?"}
    assert (new.response, new.tags) == (old.response, old.tags)
    versions = queries.versions(question.id)
    assert [one.number for one in versions] == [2, 1]
    assert versions[1].content == old.content()


def test_two_editors_at_once_lose_nothing(instructor: Person, question: Question) -> None:
    mine, theirs = instructor.get(edit_url(question)), instructor.get(edit_url(question))
    theirs.send("version", SAVE, **{"stem-en": "Theirs?"})
    stopped = mine.send("version", SAVE, **{"stem-en": "Mine?"})
    assert stopped.status == 409
    assert "Theirs?" in stopped.text
    assert boxes(stopped, "stem-en") == ["Mine?"]
    assert len(queries.versions(question.id)) == 2
    assert "Saved as version 3" in stopped.send("version", SAVE).text
    assert [one.item.stem["en"] for one in queries.versions(question.id)] == ["Mine?", "Theirs?", "The capital?"]


def test_rows_come_go_and_move(instructor: Person, question: Question) -> None:
    page = instructor.get(edit_url(question))
    more = page.send("version", button("add:response-choices"), **{"stem-en": "Kept?"})
    assert rows(more, "response-choices") == 3
    assert boxes(more, "stem-en") == ["Kept?"]
    assert len(set(boxes(more, "response-choices*-id"))) == 3
    moved = more.send("version", button("down:response-choices-0"))
    assert boxes(moved, "response-choices*-text-ko") == ["부산", "서울", ""]
    fewer = moved.send("version", button("drop:response-choices-0"))
    assert boxes(fewer, "response-choices*-text-ko") == ["서울", ""]
    assert len(queries.versions(question.id)) == 1


@pytest.mark.parametrize("do", ["add:nothing", "add:stem", "drop:response-choices-9", "up:response", "drop:", "add:-"])
def test_a_row_that_is_not_there(instructor: Person, question: Question, do: str) -> None:
    assert instructor.get(edit_url(question)).send("version", button(do)).status == 404


def test_gaps_have_the_fields_of_their_kind(instructor: Person) -> None:
    page = instructor.get(f"{NEW}?kind=cloze")
    page = page.send("version", button("add:response-gaps"))
    page = page.send("version", button("refresh:response-gaps-1"), **{"response-gaps-1-kind": "number"})
    assert boxes(page, "response-gaps-0*-value") == []
    assert boxes(page, "response-gaps-1*-value") == [""]
    fields = {
        "response-text-ko": "{{g1}}은 {{g2}}년",
        "response-gaps-0-answers-0-text": "훈민정음",
        "response-gaps-1-answers-0-value": "1443",
        "response-gaps-1-answers-0-fraction": "1",
    }
    assert page.send("version", SAVE, **fields).status == 200
    assert [gap["kind"] for gap in item_of(newest()).response["gaps"]] == ["text", "number"]


def test_a_file_is_kept_at_once(instructor: Person, question: Question) -> None:
    page = instructor.get(edit_url(question))
    fields = [(k, v) for k, v in page.form("version").form_values() if k != "files"]
    data: dict[str, Any] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    sent_page = Page(
        instructor,
        instructor.send("POST", edit_url(question), data={**data, "do": "refresh:media",
                                                          "files": [(io.BytesIO(PICTURE), "a b.png")]}),
    )  # fmt: skip
    assert boxes(sent_page, "media*-name") == ["a_b.png"]
    saved = sent_page.send("version", SAVE, **{"stem-en": "![map](media:a_b.png)", "media-0-alt": "지도"})
    image = saved.tree.xpath("//div[@class='stem']//img/@src")[0]
    assert instructor.send("GET", image).data == PICTURE
    assert db.session.scalar(select(MediaFile.type).where(MediaFile.data == PICTURE)) == "image/png"


def test_a_file_that_pages_do_not_show_is_refused(instructor: Person, question: Question) -> None:
    data = dict(instructor.get(edit_url(question)).form("version").form_values())
    data = {**data, "do": "save", "files": (io.BytesIO(b"<html><script>alert(1)</script>"), "x.svg")}
    refused = Page(instructor, instructor.send("POST", edit_url(question), data=data))
    assert refused.status == 415
    assert "x.svg" in refused.text
    assert boxes(refused, "stem-en") == ["The capital?"]


def test_the_preview_speaks_both_languages(instructor: Person, question: Question) -> None:
    page = instructor.get(edit_url(question))
    data = dict(page.form("version").form_values())
    reply = instructor.send("POST", "/banks/made/questions/preview", data=data)
    assert reply.status_code == 200
    for words in ("수도는?", "The capital?", "하나를 고르세요.", "Choose one."):
        assert words in reply.text
    missing = instructor.send(
        "POST", "/banks/made/questions/preview", data={**data, "response-choices-0-fraction": "0"}
    )
    assert "No choice is right" in missing.text
    assert "수도는?" not in missing.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_in_two_languages_shares_nothing(instructor: Person, kind: str) -> None:
    """The same control twice on a page: no id twice, and no radio button that takes the other's choice away."""
    item = Item(kind=kind, stem={"ko": "무엇?", "en": "What?"}, response={**KINDS[kind].EXAMPLE})
    form = form_of(kind)(data=item.content())
    data = {**dict(sent(form)), "csrf_token": instructor.token(), "kind": kind, "version": "0"}
    fragment = instructor.send("POST", "/banks/board/questions/preview", data=data).text
    page = Page(instructor, instructor.send("POST", NEW, data={**data, "do": "refresh:preview-title"}))
    for tree in (html.fromstring(fragment), page.tree):
        previews = tree.xpath("//*[@class='bank-question']")
        assert len(previews) == 2
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        groups = [set(preview.xpath(".//input[@type='radio']/@name")) for preview in previews]
        assert not groups[0] & groups[1]
        assert [bool(group) for group in groups] == [KINDS[kind].CONTROL in ("choice", "categorise")] * 2


def test_hostile_fields_break_nothing(instructor: Person, question: Question) -> None:
    data = dict(instructor.get(edit_url(question)).form("version").form_values())
    for strange in (
        {"stem-rest": "[1]"},
        {"stem-rest": '{"format": 5}'},
        {"stem-rest": "{" * 10_000},
        {"stem-ko": "\0\x1b<script>alert(1)</script>"},
        {"points": "1e999"},
        {"points": "nan"},
        {"difficulty": "7"},
        {"response-choices-0-fraction": "lots"},
        {"version": "x"},
        {"media-0-name": "x", "media-0-hash": "0" * 64, "media-0-type": "image/png"},
        {"response-choices-99999-text-ko": "far"},
    ):
        page = Page(instructor, instructor.send("POST", edit_url(question), data={**data, "do": "save", **strange}))
        assert page.status in (302, 303, 409, 422) or page.heading, strange
        assert page.status < 500, strange
        assert "<script>alert" not in page.source


@pytest.mark.parametrize(("role", "status"), [("editor", 200), ("reader", 404), (None, 404)])
def test_who_may_edit(app: Flask, question: Question, role: str | None, status: int) -> None:
    from quizapp.accounts import actions as accounts

    other = accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    if role:
        db.session.add(BankMember(bank_id=question.bank_id, user_id=other.id, role=role, at=clock.now()))
        db.session.commit()
    person = Person(app, other)
    assert person.send("GET", edit_url(question)).status_code == status
    token = {"csrf_token": person.token(), "kind": "choice"}
    for url in ("/banks/made/questions/new", edit_url(question), "/banks/made/questions/preview"):
        reply = person.send("POST", url, data={**token, "do": "save"})
        assert (reply.status_code == 404) == (status == 404), url


def test_questions_are_kept_apart_in_the_editor(instructor: Person, app: Flask) -> None:
    """The form lists the bank's other questions by their words; what names this one from there is said."""
    made = [
        Item(id=name, kind="truefalse", stem={"en": f"Statement {name}"}, response={"answer": True}) for name in "abc"
    ]
    made[2].enemies = ["a"]
    actions.import_items(user_of("instructor"), "apart", {"en": "Apart"}, made, clock.now())
    bank = queries.bank("apart")
    first = next(one for one in queries.questions(bank.id) if one.key == "a")
    page = instructor.get(f"/banks/apart/questions/{first.public_id}/edit")
    labels = [label.text for label in page.tree.xpath("//fieldset[@id='enemies']//label")]
    assert labels == ["Statement b", "Statement c (set there already)"]
    shown = page.send("version", ("do", "save"), enemies=["b"])
    assert "Never together with" in shown.text, "the list of changes says it"
    db.session.expire_all()
    assert queries.question(bank.id, first.public_id).current.item.enemies == ["b"]
    again = instructor.get(f"/banks/apart/questions/{first.public_id}/edit")
    assert again.tree.xpath("//fieldset[@id='enemies']//input[@checked]/@value") == ["b"]


def test_a_question_is_marked_for_lessons(instructor: Person, app: Flask) -> None:
    item = Item(id="a", kind="truefalse", stem={"en": "Wet?"}, response={"answer": True})
    actions.import_items(user_of("instructor"), "uses", {"en": "Uses"}, [item], clock.now())
    bank = queries.bank("uses")
    (question,) = queries.questions(bank.id)
    page = instructor.get(f"/banks/uses/questions/{question.public_id}/edit")
    shown = page.send("version", ("do", "save"), use="check")
    assert "Use" in shown.text
    db.session.expire_all()
    (question,) = queries.questions(bank.id)
    assert (question.use, question.current.item.use) == ("check", "check")


def test_the_editor_warns_of_what_had_better_be_mended(instructor: Person, app: Flask) -> None:
    """In the preview beside the form, and in the part of it that the script asks for; saving isn't kept from."""
    key = "The board of the nonprofit keeps control"
    texts = (key, "The investors are in control", "The employees are in control")
    options = [{"id": str(n), "text": {"en": text}, "fraction": int(n == 0)} for n, text in enumerate(texts)]
    asked = Item(id="a", stem={"en": "Who?"}, response={"choices": options}, feedback={"wrong": {"en": "Wrong."}})
    telling = Item(id="b", kind="truefalse", stem={"en": f"{key}."}, response={"answer": True})
    actions.import_items(user_of("instructor"), "warned", {"en": "Warned"}, [asked, telling], clock.now())
    pages = {}
    for question in queries.questions(queries.bank("warned").id):
        pages[question.key] = instructor.get(f"/banks/warned/questions/{question.public_id}/edit")
    said = {name: page.tree.xpath("//*[@class='editor-warnings']//li") for name, page in pages.items()}
    words = {name: [one.text_content() for one in found] for name, found in said.items()}
    assert [one.split("”")[0] for one in words["a"]] == [
        "When wrong: The feedback “Wrong.",
        f"The right answer appears in the question “{key}.",
    ]
    assert [one.split("”")[0] for one in words["b"]] == ["This gives away the right answer to the question “Who?"]
    form = pages["a"].form("version")
    part = instructor.send("POST", form.get("data-preview"), data=MultiDict(form.form_values()))
    assert html.fromstring(part.text).xpath("count(//*[@class='editor-warnings']//li)") == 2
    apart = pages["a"].send("version", ("do", "refresh:x"), enemies=["b"])
    assert apart.tree.xpath("count(//*[@class='editor-warnings']//li)") == 1
