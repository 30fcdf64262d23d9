"""The files of questions on their way to a browser: shown wherever a text names them, and sent in parts if asked."""

from __future__ import annotations

from flask import Flask

from quizapp import clock
from quizapp.banks import actions
from quizapp.banks.models import Question
from quizapp.db import db
from quizapp.formats.items import Item, Media
from tests.conftest import user_of
from tests.person import Person

SOUND = b"ID3" + bytes(range(200))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def stored(item: Item) -> str:
    """The address of the question's page."""
    actions.import_items(user_of("instructor"), "made", {"en": "Made"}, [item], clock.now())
    question = db.session.query(Question).filter(Question.key == item.id).one()
    return f"/banks/made/questions/{question.public_id}"


def asked(**fields: object) -> Item:
    choices = [
        {"id": "a", "text": {"en": "![one](media:a.png)"}, "fraction": 1},
        {"id": "b", "text": {"en": '<audio src="media:b.mp3"></audio>', "format": "html"}, "fraction": 0},
    ]
    media = [Media("a.png", PNG, "image/png"), Media("b.mp3", SOUND, "audio/mpeg")]
    return Item(id="q", kind="choice", stem={"en": "Which?"}, response={"choices": choices}, media=media, **fields)  # type: ignore[arg-type]


def test_files_are_shown_in_choices_too(app: Flask, instructor: Person) -> None:
    page = instructor.get(stored(asked()))
    image, sound = Media("", PNG).hash, Media("", SOUND).hash
    assert page.tree.xpath("//span[@class='option-text']//img/@src") == [f"/media/{image}"]
    assert page.tree.xpath("//span[@class='option-text']//audio[@controls]/@src") == [f"/media/{sound}"]


def test_a_sound_is_sent_in_parts(app: Flask, instructor: Person, visitor: Person) -> None:
    stored(asked())
    address = f"/media/{Media('', SOUND).hash}"
    whole = visitor.send("GET", address)
    assert (whole.status_code, whole.data, whole.mimetype) == (200, SOUND, "audio/mpeg")
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = visitor.send("GET", address, headers={"Range": "bytes=3-10"})
    assert (part.status_code, part.data) == (206, SOUND[3:11])
    assert visitor.send("GET", address, headers={"Range": "bytes=900-"}).status_code == 416
