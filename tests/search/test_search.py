"""One search: what is found where, by whom, and that nothing leaks and nothing breaks."""

from __future__ import annotations

from itertools import product
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.banks import actions as banks
from quizapp.banks.models import Bank
from quizapp.courses.models import Course, Lesson
from quizapp.courses.shelf import searched
from quizapp.db import atomic, db
from quizapp.formats.items import Item
from quizapp.notes import actions as notes
from quizapp.search.views import marked
from tests.conftest import user_of
from tests.gradebook.test_results import choice
from tests.person import Page, Person
from tests.quizzes.test_quizzes import quiz_of

BODY = """## 고양이의 하루

{#nap}
고양이는 낮에 **열여섯** 시간을 잡니다. <script>alert(1)</script> & so on.

{#walk}
The cat walks by night.
"""


@pytest.fixture
def lesson(app: Flask) -> str:
    found = db.session.scalars(select(Lesson).join(Course).where(Course.position == 0, Lesson.position == 0)).one()
    with atomic():
        found.body = {"ko": BODY, "en": BODY}
        found.search = searched(found.title, found.summary, found.body)
    return f"/courses/{found.course.slug}/lessons/{found.slug}"


def found(page: Page, part: str) -> list[str]:
    """The addresses that a part of the results leads to."""
    return list(page.tree.xpath("//section[@aria-labelledby=$name]//li/a/@href", name=f"found-{part}"))


def test_the_courses_as_they_are_loaded_can_be_searched(visitor: Person) -> None:
    page = visitor.get("/search?q=Altman")
    assert found(page, "lessons")
    assert page.tree.xpath("//mark[.='Altman']")
    assert all(visitor.send("GET", address).status_code == 200 for address in found(page, "lessons"))


@pytest.mark.parametrize("words", ["열여섯 시간", "고양이 낮", "낮에", "CAT night", "고양이의 열여섯"])
def test_a_passage_is_found_and_its_words_are_marked(lesson: str, visitor: Person, words: str) -> None:
    page = visitor.get(f"/search?q={words}")
    assert f"{lesson}#{'walk' if 'night' in words else 'nap'}" in found(page, "lessons")
    said = [one.text_content().casefold() for one in page.tree.xpath("//mark")]
    assert words.split()[-1].casefold() in said
    assert set(said) <= {one.casefold() for one in words.split()}


def test_every_word_must_occur(lesson: str, visitor: Person) -> None:
    assert "Nothing found" in visitor.get("/search?q=고양이 강아지").text
    assert found(visitor.get("/search?q=열여섯 walks"), "lessons") == [lesson], "in no passage, but in the lesson"


def test_what_is_found_is_escaped() -> None:
    assert marked("a <b>bold</b> & more", ["<b>"]) == "a <mark>&lt;b&gt;</mark>bold&lt;/b&gt; &amp; more"
    assert marked("one two", ["(", "two"]) == "one <mark>two</mark>"
    text = marked("word " * 200 + "needle" + " word" * 200, ["needle"])
    assert text.startswith("…word")
    assert text.endswith("…")
    assert "<mark>needle</mark>" in text
    assert len(text) < 280


ODD = [
    "", " ", "\0", "a\0b", "'", '"', '*"', "%", "_", "\\", "* _ `", "(", "[", "{{7*7}}", "가" * 5000, "a " * 2500,
    "\ud7ff\ue000", "\u202e", "NEAR(a b)", "a OR b", "<script>", "é", "x" * 199 + "가", "../..", "\r\n", "😀",
]  # fmt: skip


@pytest.mark.parametrize("who", ["nobody", "learner", "instructor"])
def test_odd_words_give_a_page(app: Flask, lesson: str, who: str) -> None:
    person = Person(app, None if who == "nobody" else user_of(who))
    for words, part in product(ODD, ("", "lessons", "questions", "notes", "courses", "banks", "quizzes", "nothing")):
        reply = person.send("GET", "/search", query_string={"q": words, "in": part, "page": "2" if part else "x"})
        assert reply.status_code == 200, (words[:50], part, reply.text[:500])
        Page(person, reply)


def teaching(email: str, slug: str, word: str) -> Person:
    """An instructor with a bank, a question and a quiz that have a word of their own."""
    from flask import current_app

    user = accounts.create(email, email, "a long password", "instructor", clock.now())
    item = Item(id="q", kind="truefalse", stem={"en": f"Is {word} true?"}, response={"answer": True})
    banks.import_items(user, slug, {"en": f"Bank of {word}"}, [item], clock.now())
    quiz = quiz_of({"bank": slug})
    with atomic():
        quiz.owner_id, quiz.title = user.id, {"en": f"Quiz of {word}"}
    return Person(current_app._get_current_object(), user)  # type: ignore[attr-defined]


def test_who_teaches_finds_their_own_and_what_is_shared(app: Flask, learner: Person) -> None:
    one, other = teaching("one@example.com", "one", "zebra"), teaching("two@example.com", "two", "zebra")
    for person, slug in ((one, "one"), (other, "two")):
        page = person.get("/search?q=zebra")
        assert [link.split("/")[2] for link in found(page, "questions") + found(page, "banks")] == [slug] * 2
        assert len(found(page, "quizzes")) == 1
        assert "True" not in page.text.replace("true?", ""), "no key"
    for stranger in (learner, Person(app)):
        for part in ("", "&in=questions", "&in=banks", "&in=quizzes"):
            source = stranger.get(f"/search?q=zebra{part}").source
            for own in ("q=zebra", "q%3Dzebra", 'value="zebra"', "Search: zebra"):
                source = source.replace(own, "")
            assert "zebra" not in source
    owner = accounts.queries.by_email("two@example.com")
    assert owner is not None
    banks.share(db.session.scalars(select(Bank).where(Bank.slug == "two")).one(), "one@example.com", "reader", owner,
                clock.now())  # fmt: skip
    assert len(found(one.get("/search?q=zebra"), "questions")) == 2
    assert len(found(one.get("/search?q=zebra"), "quizzes")) == 1


def test_no_title_is_found_by_how_it_is_stored(app: Flask) -> None:
    one = teaching("one@example.com", "one", "zebra")
    for words in ("ko", "{", '":', "title"):
        page = one.get(f"/search?q={quote(words)}")
        assert found(page, "banks") == found(page, "quizzes") == found(page, "courses") == [], words


def test_a_title_is_found_as_it_is_written(app: Flask) -> None:
    one = teaching("one@example.com", "one", "zebra")
    for title in ('Say "hi"', "Économie", "50% off", "a\\b"):
        with atomic():
            db.session.scalars(select(Bank).where(Bank.slug == "one")).one().title = {"en": title}
        assert len(found(one.get(f"/search?q={quote(title)}"), "banks")) == 1, title


def test_archived_questions_are_not_found(app: Flask) -> None:
    one = teaching("one@example.com", "one", "zebra")
    from quizapp.banks.models import Question

    banks.archive(list(db.session.scalars(select(Question.id).where(Question.search.contains("zebra")))), clock.now())
    assert found(one.get("/search?q=zebra"), "questions") == []


def test_one_s_own_notes_are_found(lesson: str, learner: Person, stranger: Person) -> None:
    one = db.session.scalars(select(Lesson).join(Course).where(Course.position == 0, Lesson.position == 0)).one()
    notes.keep_passage(user_of("learner"), one, "nap", "Ask about **whiskers**", clock.now())
    assert len(found(learner.get("/search?q=WHISKERS"), "notes")) == 1
    assert "Nothing found" in stranger.get("/search?q=whiskers").text


def test_a_part_has_pages(app: Flask, instructor: Person) -> None:
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [choice(n) for n in range(45)], clock.now())
    page = instructor.get("/search?q==Question")
    assert len(found(page, "questions")) == 5
    seen = []
    page = instructor.get(page.link("More of these: Questions"))
    for size in (20, 20, 5):
        assert len(found(page, "questions")) == size
        seen += found(page, "questions")
        if size == 20:
            page = instructor.get(page.link("Next page"))
    assert len(set(seen)) == 45
    assert "Next page" not in page.text
    assert "Nothing found" in instructor.get("/search?q==Question&in=questions&page=4000").text


def test_a_search_is_cheap(app: Flask, learner: Person, instructor: Person, statements: list[str]) -> None:
    for person, most in ((Person(app), 2), (learner, 6), (instructor, 9)):
        person.get("/search?q=Altman")
        statements.clear()
        person.get("/search?q=Altman")
        assert len(statements) <= most, statements


def test_the_header_leads_there(visitor: Person, learner: Person) -> None:
    for person in (visitor, learner):
        assert "/search" in person.get("/courses").links()
    assert "/notes" in learner.get("/home").links()
