"""Where people are: the one link of the main navigation that a page belongs to."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.person import Page, Person
from tests.quizzes.test_quizzes import quiz_of

COURSE = "/courses/openai-devday"


def here(page: Page) -> list[tuple[str, str]]:
    """The links that say "you are here", each with how."""
    found = page.tree.xpath("//header//nav//a[@aria-current]")
    return [(link.text_content(), link.get("aria-current")) for link in found]


@pytest.mark.parametrize(
    ("link", "pages"),
    [
        ("Home", ["/home"]),
        ("Courses", ["/courses", COURSE, f"{COURSE}/lessons/structure", f"{COURSE}/coverage",
                     f"{COURSE}/coverage/structure", f"{COURSE}/citations"]),
        ("Banks", ["/banks", "/banks/public", "/banks/upload", "/banks/board", "/banks/board/settings",
                   "/banks/board/export", "/banks/board/questions/new"]),
        ("Quizzes", ["/quizzes"]),
        ("Grading", ["/grading"]),
    ],
)  # fmt: skip
def test_a_page_is_under_its_link(app: Flask, instructor: Person, link: str, pages: list[str]) -> None:
    first, *others = pages
    assert here(instructor.get(first)) == [(link, "page")]
    for address in others:
        assert here(instructor.get(address)) == [(link, "true")], address


def test_what_is_made_on_the_way_is_under_its_link(app: Flask, instructor: Person) -> None:
    preview = instructor.get("/banks/upload").send("/upload", pasted="Seoul is the capital. {T}", name="Facts")
    assert here(preview) == [("Banks", "true")]
    edit = instructor.get("/quizzes/new?bank=board").send("preset", ("do", "edit"), preset="practice")
    quiz = edit.url.removesuffix("/edit")
    for address in ("/edit", "/share", "/people", "/live", "/sources/0/questions", "/results", "/results/questions"):
        assert here(instructor.get(quiz + address)) == [("Quizzes", "true")], address


@pytest.mark.parametrize(
    ("page", "tab", "how"),
    [("edit", "Settings", "page"), ("people", "People and roster", "page"), ("share", "Check and share", "page"),
     ("live", "Live", "page"), ("release", "Live", "true"), ("results", "Results", "page"),
     ("results/questions", "Results", "true")],
)  # fmt: skip
def test_a_page_of_a_quiz_is_under_one_tab(app: Flask, instructor: Person, page: str, tab: str, how: str) -> None:
    found = instructor.get(f"/quizzes/{quiz_of({'bank': 'board'}).public_id}/{page}")
    tabs = found.tree.xpath("//main//nav[contains(@class, 'tabs')][1]/a[@aria-current]")
    assert [(one.text_content(), one.get("aria-current")) for one in tabs][:1] == [(tab, how)]
    assert here(found) == [("Quizzes", "true")]
