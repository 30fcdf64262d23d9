"""What stands in texts beside words: made to be shown where that is safe, and named where it isn't."""

from __future__ import annotations

import base64
import json

import pytest

from quizapp.formats import FORMATS
from quizapp.formats.base import Reading
from quizapp.formats.items import Item
from quizapp.formats.markup import alts

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
ADDRESS = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
DRAWN = '<svg viewBox="0 0 1 1"><circle r="1"/></svg>'


def gift(markup: str) -> Reading:
    escaped = "".join(f"\\{sign}" if sign in "~=#{}:" else sign for sign in markup)
    return FORMATS["gift"].read(f"[html]{escaped} Is it so? {{T}}\n".encode())


def one(reading: Reading) -> Item:
    assert reading.errors == []
    return reading.items[0]


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("yaml", f"- {{kind: truefalse, stem: {{en: 'Is it ![so]({ADDRESS})?'}}, response: {{answer: true}}}}"),
        ("csv", f"kind,question,answer,format\nOX,Is it ![so]({ADDRESS.replace(',', '&#44;')})?,O,markdown\n"),
        (
            "moodle-xml",
            f'<quiz><question type="truefalse"><questiontext format="html"><text><![CDATA[<p>Is it <img src="{ADDRESS}"'
            ' alt="so">?</p>]]></text></questiontext><answer fraction="100"><text>true</text></answer>'
            '<answer fraction="0"><text>false</text></answer></question></quiz>',
        ),
    ],
)
def test_a_picture_in_a_text_becomes_a_file_of_the_question(form: str, written: str) -> None:
    item = one(FORMATS[form].read(written.replace("&#44;", ",").encode() if form != "csv" else quoted(written)))
    assert [(media.type, media.data) for media in item.media] == [("image/png", PNG)]
    assert f"media:{item.media[0].name}" in item.stem["en"]
    assert "data:" not in item.stem["en"]


def quoted(written: str) -> bytes:
    """The CSV with a cell that holds a comma in quotes."""
    head, row = written.replace("&#44;", ",").splitlines()
    kind, rest = row.split(",", 1)
    return f'{head}\n{kind},"{rest.removesuffix(",O,markdown")}",O,markdown\n'.encode()


def test_a_drawing_becomes_a_file_that_only_an_image_shows() -> None:
    item = one(gift(f"<p>{DRAWN}</p>"))
    assert [media.type for media in item.media] == ["image/svg+xml"]
    assert b'xmlns="http://www.w3.org/2000/svg"' in item.media[0].data
    assert "<svg" not in item.stem["en"]
    assert f'<img src="media:{item.media[0].name}"' in item.stem["en"]


@pytest.mark.parametrize(
    ("markup", "code", "said"),
    [
        ('<img src="https://example.org/a.png">', "remote-media", "https://example.org/a.png"),
        ('<audio src="//example.org/a.mp3"></audio>', "remote-media", "//example.org/a.mp3"),
        ('<audio controls src="sounds/a.mp3"></audio>', "left-behind-media", "sounds/a.mp3"),
        ('<video><source src="../film.mp4"></video>', "left-behind-media", "../film.mp4"),
        ('<img alt="" src="/course/7/map.png">', "left-behind-media", "/course/7/map.png"),
        ('<iframe src="https://example.org/film"></iframe>', "embedded", "iframe https://example.org/film"),
        ('<object data="a.swf"></object>', "embedded", "object a.swf"),
        ('<span style="color: #c00">red</span>', "colours", ""),
        ('<font color="blue">blue</font>', "colours", ""),
        ('<p style="margin: 0; background: yellow">marked</p>', "colours", ""),
    ],
)
def test_what_no_page_shows_is_named(markup: str, code: str, said: str) -> None:
    reading = gift(f"<p>{markup}</p>")
    found = [problem for problem in reading.problems if problem.code == code]
    assert [(problem.severity, said in problem.message) for problem in found] == [("loss", True)]


@pytest.mark.parametrize(
    "markup",
    [
        "<u>under</u> <b>bold</b>",
        '<span style="color: #000000; background-color: white">as usual</span>',
        '<audio controls><source src="media:a.mp3" type="audio/mpeg"></audio>',
        '<a href="https://example.org/">a link</a>',
        "colour: red, src=//x",
        '<img data-src="lazy.png" alt="a cat">',
    ],
)
def test_what_is_shown_is_not_named(markup: str) -> None:
    assert [problem.code for problem in gift(f"<p>{markup}</p>").problems] == []


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<img src='media:a.png' alt=\"Newton's law\">", {"a.png": "Newton's law"}),
        ('<IMG ALT="1 &lt; 2" SRC="media:b c.png">', {"b c.png": "1 < 2"}),
        ('<img src="media:a.png"><img src="https://x/media:" alt="no">', {}),
        ('<img data-alt="no" alt="" src="media:a.png">', {"a.png": ""}),
    ],
)
def test_the_alternative_text_of_an_image_is_whole(markup: str, found: dict[str, str]) -> None:
    assert alts(markup) == found


@pytest.mark.parametrize("typed", ["data:text/plain,hello", "a data:image/png;base64,AAAA", ADDRESS])
def test_an_answer_that_is_written_like_a_file_stays_an_answer(typed: str) -> None:
    body = {"answers": [{"text": typed, "fraction": 1}]}
    item = one(FORMATS["json"].read(json.dumps({"items": [
        {"kind": "text", "stem": {"en": "How is it written?"}, "response": body}]}).encode()))  # fmt: skip
    assert item.response == body
    assert item.media == []
