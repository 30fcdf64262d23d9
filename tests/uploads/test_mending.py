"""A pasted text that is mended on its page and read again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from quizapp import clock
from quizapp.banks import queries
from quizapp.db import db
from quizapp.errors import Conflict
from quizapp.uploads import actions
from quizapp.uploads.models import Upload
from tests.conftest import by_key, user_of
from tests.person import Page, Person
from tests.uploads.test_upload import FIRST, sums, take, upload

pytestmark = pytest.mark.pages

EXAM = "1. 물의 화학식은?\n① O2\n② H2O\n\n2. 다음 중 기체는?\n① 철\n② 산소\n정답: ②\n"


def paste(person: Person, text: str) -> Page:
    return person.get("/banks/upload").send("/banks/upload", pasted=text, name="exam")


def shown(page: Page) -> str:
    """The text as the form holds it; a browser leaves out the first line break."""
    return page.tree.xpath("string(//textarea[@name='text'])").removeprefix("\n").removeprefix("\r\n")


def mended(page: Page, text: str) -> Page:
    return page.send("/text", text=text)


def test_pasted_exam_text_is_read_and_what_is_wrong_can_be_shown(app: Flask, instructor: Person) -> None:
    page = paste(instructor, EXAM)
    assert page.status == 200
    assert (sums(page)["Found"], sums(page)["New"], sums(page)["Unreadable"]) == (2, 1, 1)
    assert "Question 1 has no answer." in page.text
    assert shown(page).split("\n")[1].strip() == "① O2"


def test_pasted_exam_text_can_be_shown_in_every_text_format(app: Flask, instructor: Person) -> None:
    page = paste(instructor, EXAM)
    for form in ("markdown", "gift", "aiken", "csv", "yaml", "json", "anki-text"):
        assert page.send("/reading", form=form).status == 200


def test_the_text_is_mended_in_place_and_read_again(app: Flask, instructor: Person) -> None:
    page = paste(instructor, EXAM)
    page.send("/import", ("do", "none"))
    page = mended(page, EXAM.replace("② H2O\n", "② H2O\n정답: ②\n"))
    assert (sums(page)["New"], sums(page)["Unreadable"]) == (2, 0)
    assert len(page.tree.xpath("//input[@name='take'][@checked]")) == 2, "ticks are reset"
    assert db.session.scalars(select(Upload.data)).one().decode().count("\r") == 0
    done = take(page)
    assert sums(done)["New"] == 2
    assert len(by_key(queries.bank("exam").id)) == 2


def test_each_text_is_read_anew(app: Flask, instructor: Person) -> None:
    """What was read before is remembered, and no text is taken for an earlier one, even of the same length."""
    page = paste(instructor, "1. 하나?\n정답: 가나\n")
    for word in ("다라", "마바", "사아"):
        page = mended(page, f"1. 하나?\n정답: {word}\n")
        assert word in page.text


def test_every_text_format_keeps_its_way_of_reading(app: Flask, instructor: Person) -> None:
    page = upload(instructor, FIRST.encode("cp949"), "korea.yaml", encoding="cp949")
    assert shown(page).strip() == FIRST.strip()
    page = mended(page, FIRST.replace("서울", "한양"))
    assert "한양" in page.text
    xml = '<?xml version="1.0" encoding="iso-8859-1"?>\n<quiz><question type="essay"><name><text>x</text></name>'
    xml += "<questiontext><text>Pourquoi {}?</text></questiontext></question></quiz>"
    page = upload(instructor, xml.format("elle").encode(), "moodle.xml")
    assert "Pourquoi elle" in page.text
    assert "Pourquoi 한글" in mended(page, xml.format("한글")).text


@pytest.mark.parametrize("text", ["</textarea><script>alert(1)</script>", "\n\n1. 가?", "&lt;b&gt; & “x”"])
def test_the_text_is_shown_as_it_is(app: Flask, instructor: Person, text: str) -> None:
    page = mended(paste(instructor, EXAM), f"1. 가?\n정답: 가나\n{text}")
    assert shown(page).replace("\r\n", "\n") == f"1. 가?\n정답: 가나\n{text}"
    assert "<script>alert" not in page.source


def test_a_text_that_is_too_large_is_refused_and_kept_in_the_form(app: Flask, instructor: Person) -> None:
    page = paste(instructor, EXAM)
    large = "1. 가?\n" + "가" * (400 * 1024)
    reply = mended(page, large)
    assert reply.status == 422
    assert "larger than 1 MB" in reply.text
    assert shown(reply).startswith("1. 가?")
    assert db.session.scalars(select(Upload.data)).one().decode() == EXAM.strip()


def test_what_is_no_text_or_large_has_no_form(app: Flask, instructor: Person) -> None:
    assert not upload(instructor, b"PK\x03\x04" + b"\0" * 100, "broken.xlsx").tree.xpath("//textarea[@name='text']")
    assert not upload(instructor, b"%PDF-1.7 \xe2\xe3", "book.pdf").tree.xpath("//textarea[@name='text']")
    large = FIRST + "# " + "x" * (1024 * 1024)
    assert not upload(instructor, large).tree.xpath("//textarea[@name='text']")


def test_only_ones_own_and_with_a_token(app: Flask, instructor: Person, learner: Person) -> None:
    page = paste(instructor, EXAM)
    address = page.tree.xpath("string(//form[contains(@action, '/text')]/@action)")
    assert learner.post(address, {"csrf_token": learner.token(), "text": "1. x"}).status == 403
    assert instructor.send("POST", address, data={"text": "1. x"}).status_code == 400
    assert instructor.post(address.replace("/uploads/", "/uploads/x"), {"csrf_token": instructor.token()}).status == 404


def test_what_was_imported_is_not_mended(app: Flask, instructor: Person) -> None:
    page = paste(instructor, "1. 가?\n정답: 가나\n")
    take(page)
    assert mended(page, "1. 나?\n정답: 다라\n").status == 409


def test_what_was_mended_in_another_tab_is_not_imported_as_it_was(app: Flask, instructor: Person) -> None:
    """The request that imports has read the upload before the other one mends it."""
    paste(instructor, "1. 가?\n정답: 가나\n")
    found = db.session.scalars(select(Upload)).one()
    data, later = "1. 나?\n정답: 다라\n".encode(), found.created_at + timedelta(seconds=1)
    with db.engine.begin() as elsewhere:
        elsewhere.execute(update(Upload).values(data=data, created_at=later))
    with pytest.raises(Conflict):
        actions.apply(found, user_of("instructor"), False, clock.now())


def test_what_is_wrong_stands_above_the_text_to_mend(app: Flask, instructor: Person) -> None:
    page = paste(instructor, EXAM)
    (error,), (text,) = (
        page.tree.xpath("//section[@class='preview-errors']"),
        page.tree.xpath("//textarea[@name='text']"),
    )
    order = list(page.tree.iter())
    assert order.index(error) < order.index(text)
    assert int(text.get("rows")) == len(EXAM.strip().split("\n")) + 2, "as high as the text, so that both are seen"


def test_a_text_in_which_another_format_finds_no_answer_says_so(app: Flask, instructor: Person) -> None:
    page = paste(instructor, EXAM.replace("② H2O\n", "② H2O\n정답: ②\n")).send("/reading", form="gift")
    assert sums(page)["New"] == 2
    (remarks,) = page.tree.xpath("//details[@open][contains(., 'read as a question with an answer')]")
    assert "choose another format" in remarks.text_content()
    assert "with an answer" not in page.send("/reading", form="exam").text
