"""The columns of a sheet in the preview: guessed, changed there, and remembered for the next file of that shape."""

from __future__ import annotations

import pytest
from flask import Flask

from quizapp import clock
from quizapp.accounts import actions as accounts
from tests.formats.test_sheets_of_others import KOREAN, book, lines
from tests.person import Page, Person
from tests.uploads.test_upload import sums, take, upload

pytestmark = pytest.mark.pages

STRANGE = lines([("w", "x", "y", "z"), ("Capital?", "Seoul", "Busan", "Seoul"), ("Sea?", "West", "East", "East")])


def chosen(page: Page) -> list[str]:
    """What each column is said to be."""
    return page.tree.xpath("//ul[@class='columns-list']//option[@selected]/@value")


def change(page: Page, *meanings: str) -> Page:
    names = page.tree.xpath("//ul[@class='columns-list']//select/@name")
    return page.send("/columns", None, **dict(zip(names, meanings, strict=True)))


def is_open(page: Page) -> bool:
    return bool(page.tree.xpath("//details[@open][.//ul[@class='columns-list']]"))


def test_a_column_is_said_to_be_another_one_and_the_next_file_is_read_so(app: Flask, instructor: Person) -> None:
    page = upload(instructor, lines(KOREAN), "a.csv")
    assert is_open(page), "a column isn't known, and that isn't hidden"
    guessed = [
        "number",
        "question",
        "choice 1",
        "choice 2",
        "choice 3",
        "answer",
        "difficulty",
        "category",
        "category",
        "",
    ]
    assert chosen(page) == guessed
    page = change(page, *guessed[:-1], "tags")
    assert chosen(page)[-1] == "tags"
    assert not is_open(page), "nothing is left to be said"
    assert "중1" in page.text

    other = upload(
        instructor,
        book({"문제": [KOREAN[0], (3, "강은?", "한강", "설악", "", 1, "하", "지리", "한국", "중3")]}),
        "b.xlsx",
    )
    assert chosen(other)[-1] == "tags"
    assert take(other).status == 200
    assert chosen(upload(instructor, lines(KOREAN), "c.csv"))[-1] == "tags", "an import is no end of it"


def test_others_are_not_told_what_one_said(app: Flask, instructor: Person) -> None:
    made = accounts.create("colleague@example.com", "Colleague", "a long password", "instructor", clock.now())
    colleague = Person(app, made)
    change(upload(instructor, STRANGE, "a.csv"), "question", "choice 1", "choice 2", "title")
    assert "title" not in chosen(upload(colleague, STRANGE, "a.csv"))


def test_a_sheet_without_an_answer_is_mended_by_naming_its_column(app: Flask, instructor: Person) -> None:
    page = change(upload(instructor, STRANGE, "a.csv"), "question", "choice 1", "choice 2", "")
    assert (sums(page)["Unreadable"], is_open(page)) == (2, True)
    page = change(page, "question", "choice 1", "choice 2", "answer")
    assert (sums(page)["New"], sums(page)["Unreadable"]) == (2, 0)


def test_what_no_column_can_be_is_left_out(app: Flask, instructor: Person) -> None:
    page = change(upload(instructor, STRANGE, "a.csv"), "question", "choice 1", "no such thing", "answer")
    assert chosen(page) == ["question", "choice 1", "", "answer"]


def test_our_own_sheet_asks_for_nothing(app: Flask, instructor: Person) -> None:
    page = upload(instructor, "kind,question,answer\ntrue/false,Is it so?,O\n", "a.csv")
    assert not is_open(page)
    assert chosen(page) == ["kind", "question", "answer"]


def test_a_page_that_shows_another_reading_decides_nothing(app: Flask, instructor: Person) -> None:
    page = upload(instructor, STRANGE, "a.csv")
    change(page, "question", "choice 1", "choice 2", "")
    stale = take(page, take=["0"])
    assert "a different way in the meantime" in stale.text
    assert sums(stale)["Unreadable"] == 2, "the preview as it is now"


def test_a_choice_in_each_row_is_shown_as_columns_and_imported(app: Flask, instructor: Person) -> None:
    rows = [
        ("문제", "보기", "정답"),
        ("수도는?", "서울", "O"),
        ("", "부산", ""),
        ("섬은?", "서울", ""),
        ("", "제주", "O"),
    ]
    page = upload(instructor, book({"문제": rows}), "down.xlsx")
    assert chosen(page) == ["question", "choice 1", "answer"]
    assert "여러 행에" in page.text or "several rows" in page.text
    assert (sums(page)["Found"], sums(page)["Unreadable"]) == (2, 0)
    assert take(page).status == 200
    page = change(upload(instructor, book({"문제": rows}), "down.xlsx"), "question", "choice 1", "")
    assert sums(page)["Unreadable"] == 2, "no mark says what is right"
