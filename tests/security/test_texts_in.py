"""Texts, names, keys and types on their way in: forms, files and commands; and what is made of them on the way out."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.banks import actions as banks
from quizapp.banks import queries
from quizapp.banks.actions import BadSlug
from quizapp.banks.models import Bank, MediaFile
from quizapp.db import atomic, db
from quizapp.formats import FORMATS
from quizapp.formats.items import Item, Media
from quizapp.formats.text import guarded, unguarded
from quizapp.operation import repair
from quizapp.texts.clean import UNSTORABLE, clean, line, lines, whole
from tests.conftest import by_key, user_of
from tests.person import Person
from tests.security.fuzz import LETTERS, LONG
from tests.uploads.test_upload import take, upload

PNG = b"\x89PNG\r\n\x1a\n and more"


def question(**more: Any) -> dict[str, Any]:
    return {"id": "q", "kind": "truefalse", "stem": {"en": "Statement"}, "response": {"answer": True}} | more


@pytest.mark.parametrize("text", [*LETTERS, *LONG])
def test_what_is_cleaned_is_clean_and_stays_so(text: str) -> None:
    for made in (clean, lines, line):
        assert not UNSTORABLE.search(made(text))
        assert made(made(text)) == made(text)
        made(text).encode()
    assert "\n" not in line(text)
    assert whole(text, -1) == -1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (question(id="a\0b"), "can't be stored"),
        (question(stem={"en": "a\0b"}), "can't be stored"),
        (question(stem={"e\0n": "x"}), "can't be stored"),
        (question(tags=["a\ud800"]), "can't be stored"),
        (question(media=[{"name": "a.png", "type": "image/" + "p" * 80, "data": ""}]), "too long"),
        (question(media=[{"name": "a" * 201, "type": "image/png", "data": ""}]), "too long"),
        (question(kind="order", response={"items": [{"id": "i" * 50_000, "text": {"en": "x"}},
                                                    {"id": "j", "text": {"en": "y"}}]}), "200 characters"),
        (question(kind="order", response={"items": [{"id": "i\n", "text": {"en": "x"}},
                                                    {"id": "j", "text": {"en": "y"}}]}), "200 characters"),
    ],
)  # fmt: skip
def test_what_can_t_be_stored_is_refused_at_import(
    app: Flask, instructor: Person, wrong: dict[str, Any], said: str
) -> None:
    """And the question beside it comes in."""
    good = question(id="good")
    page = upload(instructor, json.dumps({"items": [wrong, good]}), "made.json")
    assert said in page.text
    take(page, readable_only="1")
    assert list(by_key(queries.bank("made").id)) == ["good"]
    assert list(repair.flaws(clock.now())) == []


def test_control_characters_of_a_file_are_left_out(app: Flask, instructor: Person) -> None:
    """So that the same file again changes nothing, and every format can be written."""
    odd = question(stem={"en": "a\x01b\x1bc"}, tags=["t\x02"], title={"en": "\x7fTitle"})
    for _ in range(2):
        page = upload(instructor, json.dumps({"items": [odd]}), "made.json")
        if "New" in page.text:
            take(page)
    current = queries.questions(queries.bank("made").id)[0].current
    assert current is not None
    assert current.number == 1
    assert current.content["stem"] == {"en": "abc"}
    assert current.content["tags"] == ["t"]
    for name in FORMATS:
        assert instructor.send("GET", f"/banks/made/export/{name}?partial=1").status_code in (200, 302, 404)


@pytest.mark.parametrize(
    "title", ["a\nb", "a\r\nSet-Cookie: x=y", "\u2028a", "a\x00b", "=1+1", "\u202eabc", "한글" * 300]
)
def test_no_title_of_a_bank_breaks_its_exports(instructor: Person, items: None, title: str) -> None:
    """A title from a form, from a file, and one that was stored before."""
    page = instructor.get("/banks/made/settings")
    page.send("title-ko", **{"title-ko": title})
    exports_work(instructor)
    stored = queries.bank("made").title["ko"]
    assert stored == line(title, 200)
    with atomic():
        queries.bank("made").title = {"ko": title.replace("\0", "")}
    exports_work(instructor)
    made = banks.create_bank(user_of("instructor"), "other", {"ko": title}, title, clock.now())
    assert made.title == {"ko": line(title, 200)}
    assert len(made.licence) <= 80


def exports_work(person: Person) -> None:
    for name in FORMATS:
        reply = person.send("GET", f"/banks/made/export/{name}?partial=1")
        assert reply.status_code in (200, 302, 404), name
        assert "Set-Cookie" not in reply.headers or "x=y" not in reply.headers["Set-Cookie"]


@pytest.fixture
def items(app: Flask) -> None:
    one = Item(id="q", kind="truefalse", stem={"en": "Statement"}, response={"answer": True})
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [one], clock.now())


@pytest.mark.parametrize("slug", ["", "a b", "A", "a\nb", "a/b", "-a", "a" * 81, "가", "a\0"])
def test_a_bank_is_named_so_that_an_address_can_hold_it(app: Flask, slug: str) -> None:
    with pytest.raises(BadSlug):
        banks.create_bank(user_of("instructor"), slug, {"en": "x"}, "", clock.now())


@pytest.mark.parametrize("name", ["a\x01b", "a\nb", "\u202egnp.exe", "x" * 500, "\ud800", "  a  b  "])
def test_a_name_is_one_short_line(app: Flask, learner: Person, name: str) -> None:
    accounts.rename(user_of("learner"), name)
    made = accounts.create("new@example.com", name, "a long password", "learner", clock.now())
    for user in (user_of("learner"), made):
        assert user.name == line(name, 80)
    assert learner.get("/settings").status == 200


# --- types of files ---


def test_no_sender_decides_the_type_of_a_file(app: Flask, visitor: Person) -> None:
    """The first one says that a picture is a page, or that a page is a picture: what is sent is what it is."""
    contents = {"picture": PNG, "page": b"<script>alert(1)</script>", "drawing": b"<svg onload='x'/>"}
    media = [Media("picture", PNG, "text/html"), Media("page", contents["page"], "image/png"),
             Media("drawing", contents["drawing"], "image/svg+xml")]  # fmt: skip
    one = Item(id="q", kind="truefalse", stem={"en": "x"}, response={"answer": True}, media=media)
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [one], clock.now())
    types = dict(db.session.execute(select(MediaFile.hash, MediaFile.type)).all())
    for file, kind in zip(media, ("image/png", "application/octet-stream", "image/svg+xml"), strict=True):
        assert types[file.hash] == kind
        with atomic():
            db.session.get_one(MediaFile, file.hash).type = file.type  # as it was stored before
        reply = visitor.send("GET", f"/media/{file.hash}")
        assert reply.mimetype == kind
        assert reply.headers["Content-Disposition"] == ("inline" if kind.startswith("image/") else "attachment")
        assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("written", "is_drawing"),
    [
        ("<svg/>", True),
        ("<svg onload='alert(1)'/>", True),
        ('\ufeff<?xml version="1.0"?>\n<!-- a - b -->\n<!DOCTYPE svg PUBLIC "x" "y">\n<svg xmlns="x">', True),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg >', False),
        ("<html><svg onload='alert(1)'></html>", False),
        ("<!-- <svg > --><html>", False),
    ],
)
def test_a_drawing_is_locked_up(app: Flask, visitor: Person, written: str, is_drawing: bool) -> None:
    """Its scripts don't run as an image; in a page of its own the policy takes them away."""
    media = Media("drawing.svg", written.encode(), "image/svg+xml")
    one = Item(id="q", kind="truefalse", stem={"en": "x"}, response={"answer": True}, media=[media])
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [one], clock.now())
    reply = visitor.send("GET", f"/media/{media.hash}")
    policy = reply.headers["Content-Security-Policy"]
    assert (reply.mimetype == "image/svg+xml") == is_drawing
    assert (policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox") == is_drawing
    assert (reply.headers["Content-Disposition"] == "inline") == is_drawing


def test_the_preview_of_an_upload_believes_no_type_either(app: Flask, instructor: Person) -> None:
    page_data = b"<script>alert(1)</script>"
    media = [{"name": "a.png", "type": "image/png", "data": base64.b64encode(page_data).decode()}]
    page = upload(instructor, json.dumps({"items": [question(media=media)]}), "made.json")
    reply = instructor.send("GET", f"{page.url}/media/{Media('a', page_data).hash}")
    assert reply.mimetype == "application/octet-stream"
    assert reply.headers["Content-Disposition"] == "attachment"


# --- on the way out ---


@pytest.mark.parametrize("sign", "=+-@＝＋－＠\t\r")
def test_no_cell_begins_like_a_formula(sign: str) -> None:
    """The full-width signs too, which some programs read as the others; and what was guarded comes back."""
    for text in (f"{sign}1+1", f"  {sign}cmd|' /C calc'!A0", f"'{sign}x"):
        assert guarded(text).startswith("'")
        assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("page", ["_error", "_resend", "_x", "nothing", "..", "../base"])
def test_parts_of_pages_are_no_pages(visitor: Person, page: str) -> None:
    assert visitor.send("GET", f"/about/{page}").status_code == 404


def test_no_bank_is_left_unclean_by_what_comes_with_the_site(app: Flask) -> None:
    assert db.session.scalars(select(Bank)).first() is not None
    assert list(repair.flaws(clock.now())) == []
