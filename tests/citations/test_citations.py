"""Citations as lessons change: what learners and instructors see, what one click mends, and what nobody asks about."""

from __future__ import annotations

import re
import unicodedata
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import AuditEntry
from quizapp.attempts import actions as attempts
from quizapp.banks import actions as banks
from quizapp.banks import queries as bank_queries
from quizapp.banks.models import Question
from quizapp.citations import actions as citing
from quizapp.citations import queries as passages
from quizapp.config import bundled
from quizapp.content import actions
from quizapp.content.folder import CourseFolder, read_course
from quizapp.courses import queries, shelf
from quizapp.courses.models import Course, Lesson, LessonVersion
from quizapp.db import atomic, db
from quizapp.errors import Conflict
from quizapp.formats.items import Item
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.conftest import by_key, user_of
from tests.person import Page, Person

LESSON = "aftermath"
RENAMED = ("{#shear}", "{#new-ceo}")
REWRITTEN = ("hinting at a return.", "which looked like a hint at a return.")
CUT = "{#engineers-leaving}"
ANCHORS = {"same": "murati", "moved": "shear", "changed": "guest-pass", "gone": "engineers-leaving"}


@cache
def as_it_is() -> CourseFolder:
    return read_course(bundled("questions") / "openai-devday")


def folder() -> CourseFolder:
    return deepcopy(as_it_is())


def reload(*replaced: tuple[str, str], cut: str = "", at: datetime | None = None) -> Course:
    """Load the first course once more, with these words replaced in its lesson, and the block at an anchor cut out."""
    found = folder()
    part = found.lessons[LESSON]
    body = dict(part.body)
    for language, text in body.items():
        for old, new in replaced:
            text = text.replace(old, new)
        blocks = [block for block in text.split("\n\n") if not cut or not block.startswith(cut)]
        body[language] = "\n\n".join(blocks)
    found.lessons[LESSON] = replace(part, body=body)
    return actions.load(found, user_of("instructor"), 0, at or clock.now())


def cites(anchor: str, **more: str) -> Item:
    return Item(id=anchor, kind="truefalse", stem={"ko": f"문장 {anchor}", "en": f"Statement on {anchor}"},
                response={"answer": True}, citations=[{"lesson": LESSON, "anchor": anchor, **more}])  # fmt: skip


@pytest.fixture
def bank(app: Flask) -> str:
    """The instructor's own bank, with a question on each of four passages."""
    items = [cites(anchor) for anchor in ANCHORS.values()]
    banks.import_items(user_of("instructor"), "own", {"ko": "내 것", "en": "Own"}, items, clock.now())
    return "own"


@pytest.fixture
def changed(bank: str) -> Course:
    """The course after one passage was renamed, one rewritten in English, one cut."""
    return reload(RENAMED, REWRITTEN, cut=CUT)


def question(key: str) -> Question:
    return by_key(bank_queries.bank("own").id)[ANCHORS[key]]


def question_page(person: Person, key: str) -> Page:
    return person.get(f"/banks/own/questions/{question(key).public_id}")


# --- what lessons said ---


def wordings() -> int:
    return db.session.scalar(select(func.count()).select_from(LessonVersion)) or 0


def test_every_wording_of_a_lesson_is_kept_once(app: Flask) -> None:
    before = wordings()
    assert before == db.session.scalar(select(func.count()).select_from(Lesson))
    reload()
    assert wordings() == before
    reload(RENAMED)
    reload(RENAMED)
    assert wordings() == before + 1
    reload()  # back to what it was: a wording of its own time
    assert wordings() == before + 2


def test_a_lesson_that_leaves_the_course_is_remembered(app: Flask, bank: str) -> None:
    found = folder()
    assert found.course is not None
    found.course.lessons.remove(LESSON)
    found.course.quizzes[:] = [part for part in found.course.quizzes if part.lesson != LESSON]
    actions.load(found, user_of("instructor"), 0, clock.now())
    standing = passages.of_question(bank_queries.bank("own"), question("same"))[0]
    assert standing.standing.state == "gone"
    assert "Mira Murati" in standing.then["en"]


# --- learners ---


def link_behind_a_wrong_answer(learner: Person, anchor: str, **more: str) -> list[str]:
    """The passage links on the results of a quiz of the course that asks one question citing this."""
    bank = f"asked-{anchor}"
    banks.import_items(user_of("instructor"), bank, {"en": bank}, [cites(anchor, **more)], clock.now())
    course = queries.course("openai-devday")
    with atomic():
        quiz = Quiz(slug=bank, course_id=course.id, owner_id=course.owner_id, title={"en": bank}, summary={},
                    sources=[{"bank": bank}], settings={})  # fmt: skip
        db.session.add(quiz)
    reload(RENAMED, REWRITTEN, cut=CUT)
    with atomic():  # the course's folder doesn't know it
        quiz.archived_at = None
    attempt = attempts.start(user_of("learner"), quiz, clock.now())
    give_answer(user_of("learner"), attempt.public_id, 1, {"choice": "false"}, 0, clock.now())
    attempts.submit(user_of("learner"), attempt.public_id, clock.now())
    page = learner.get(f"/attempts/{attempt.public_id}/results")
    links = [re.sub(r"\?back=[^#]*", "", link) for link in page.tree.xpath("//details[@class='passage']//a/@href")]
    return [link.partition("/lessons/")[2] for link in links]


@pytest.mark.parametrize(
    ("key", "links"),
    [
        ("same", ["aftermath#murati"]),
        ("moved", ["aftermath#new-ceo"]),
        ("changed", ["aftermath#guest-pass"]),
        ("gone", []),
    ],
)
def test_the_link_behind_a_wrong_answer_follows(app: Flask, learner: Person, key: str, links: list[str]) -> None:
    assert link_behind_a_wrong_answer(learner, ANCHORS[key]) == links


def test_passages_that_stand_cost_one_statement(app: Flask, statements: list[str]) -> None:
    course = queries.course("openai-devday")
    items = [cites(anchor) for anchor in ANCHORS.values()]
    read = shelf.behind(course.id, items, "ko")
    statements.clear()
    assert shelf.behind(course.id, items, "ko") == read
    assert len(statements) == 1
    assert len(read) == 4
    reload(RENAMED, cut=CUT)
    statements.clear()
    assert len(shelf.behind(course.id, items, "ko")) == 3
    assert len(statements) <= 4, "the new wording is read once"


def test_a_quoted_passage_is_followed_though_its_anchor_says_something_else(app: Flask) -> None:
    course = queries.course("openai-devday")
    found = search_as_json(Person(app, user_of("instructor")), lesson=LESSON, anchor="shear")
    reload(("{#shear}", "{#new-ceo}"), ("{#murati}", "{#shear}"))
    cited = cites("shear", quote=found[0]["quote"])
    assert shelf.behind(course.id, [cited], "en")[LESSON, "shear"].anchor == "new-ceo"
    assert shelf.behind(course.id, [cites("shear")], "en")[LESSON, "shear"].anchor == "shear"


# --- instructors ---


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("same", "Intact"),
        ("moved", "The same words are in another place now."),
        ("changed", "The passage was rewritten; "),
        ("gone", "No lesson of the course says this any more."),
    ],
)
def test_a_question_says_how_its_sources_stand(changed: Course, instructor: Person, key: str, words: str) -> None:
    page = question_page(instructor, key)
    assert words in page.text
    assert len(page.tree.xpath("//form[contains(@action, '/citations')]")) == (key in ("moved", "changed"))


def test_a_changed_passage_is_shown_then_and_now(changed: Course, instructor: Person) -> None:
    page = question_page(instructor, "changed")
    shown = page.tree.xpath("//*[contains(@class, 'passage-diff')]")
    assert [one.get("lang") for one in shown] == ["en"]  # only one language has changed
    old, new = (" ".join(one.xpath(f"string(.//{tag})") for one in shown) for tag in ("del", "ins"))
    assert "hinting" in old
    assert "which looked like a hint" in new


def test_a_question_written_after_the_change_is_none_the_worse(changed: Course, instructor: Person) -> None:
    item = cites("guest-pass")
    item.id = "later"
    later = clock.now() + timedelta(minutes=1)
    banks.import_items(user_of("instructor"), "own", {}, [item], later)
    one = by_key(bank_queries.bank("own").id)["later"]
    assert passages.of_question(bank_queries.bank("own"), one)[0].standing.state == "intact"
    assert passages.of_question(bank_queries.bank("own"), question("changed"))[0].standing.state == "changed"


@pytest.mark.parametrize(("key", "anchor"), [("moved", "new-ceo"), ("changed", "guest-pass")])
def test_one_click_cites_again(changed: Course, instructor: Person, key: str, anchor: str) -> None:
    page = question_page(instructor, key).send("/citations")
    assert "The question cites the passage as it is now." in page.text
    assert "Intact" in page.text
    current = question(key).current
    assert current is not None
    assert current.number == 2
    (citation,) = current.content["citations"]
    assert (citation["lesson"], citation["anchor"], len(citation["quote"])) == (LESSON, anchor, 64)
    assert "cite again" in db.session.scalars(select(AuditEntry.verb)).all()
    reload(RENAMED, REWRITTEN, ("Twitch", "Twitch, the streaming service"), cut=CUT)
    assert passages.of_question(bank_queries.bank("own"), question("moved"))[0].standing.state == "changed"


def test_a_stale_click_changes_nothing(changed: Course, instructor: Person) -> None:
    page = question_page(instructor, "moved")
    item = cites("shear")
    item.stem = {"en": "Written anew meanwhile"}
    banks.import_items(user_of("instructor"), "own", {}, [item], clock.now())
    assert page.send("/citations").status == 409
    current = question("moved").current
    assert current is not None
    assert current.number == 2
    assert current.content["citations"] == [{"lesson": LESSON, "anchor": "shear"}]


def test_nobody_cites_again_in_a_bank_that_they_may_not_change(app: Flask, changed: Course) -> None:
    accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    other = Person(app, user_of("other"))
    url = f"/banks/own/questions/{question('moved').public_id}/citations"
    data = {"csrf_token": other.token(), "index": "0", "version": "1"}
    assert other.send("POST", url, data=data).status_code == 404
    assert "Statement on" not in other.get("/courses/openai-devday/citations").text


def test_nonsense_is_not_found(changed: Course, instructor: Person) -> None:
    token = instructor.token()
    for key, index in (("moved", "1"), ("moved", ""), ("moved", "x"), ("gone", "0")):
        url = f"/banks/own/questions/{question(key).public_id}/citations"
        sent = {"csrf_token": token, "index": index, "version": "1"}
        assert instructor.send("POST", url, data=sent).status_code == 404, (key, index)
    url = f"/banks/own/questions/{question('moved').public_id}/citations"
    for version in ("", "x", "٣", "9" * 30):
        sent = {"csrf_token": token, "index": "0", "version": version}
        assert instructor.send("POST", url, data=sent).status_code == 409, version


def own_rows(page: Page) -> list[str]:
    return [" ".join(row.text_content().split()) for row in page.tree.xpath("//ul[@class='question-list']/li")
            if "Statement on" in row.text_content()]  # fmt: skip


def test_what_no_longer_holds_is_listed_and_filtered(changed: Course, instructor: Person) -> None:
    page = instructor.get("/courses/openai-devday/citations")
    gone, *rest = own_rows(page)
    assert "Gone" in gone, "what needs a hand first comes first"
    assert len(rest) == 2
    for state, key in (("gone", "gone"), ("moved", "moved"), ("changed", "changed")):
        (row,) = own_rows(instructor.get(f"/courses/openai-devday/citations?state={state}"))
        assert ANCHORS[key] in row
    assert len(own_rows(instructor.get("/courses/openai-devday/citations?state=nonsense"))) == 3
    assert "Every source is intact" in instructor.get("/courses/study-science/citations").text


def test_all_that_moved_is_cited_anew_at_once(changed: Course, instructor: Person) -> None:
    second = cites("shear")
    second.id, second.citations = "two", [*second.citations, {"lesson": LESSON, "anchor": "new-ceo"}]
    earlier = clock.now() - timedelta(days=1)
    banks.import_items(user_of("instructor"), "own", {}, [second], earlier)
    found = passages.of_course(changed, user_of("instructor").id)
    moved = {one.question.id for one in found if one.standing.state == "moved"}
    assert len(moved) > 2, "those of the course's own bank too"
    page = instructor.get("/courses/openai-devday/citations").send("/citations/moved")
    assert f"{len(moved)} questions follow their passages." in page.text
    assert not own_rows(instructor.get("/courses/openai-devday/citations?state=moved"))
    for key in ("shear", "two"):
        current = by_key(bank_queries.bank("own").id)[key].current
        assert current is not None
        assert {one["anchor"] for one in current.content["citations"]} == {"new-ceo"}
    page.person.post("/courses/openai-devday/citations/moved", {"csrf_token": instructor.token()})
    assert (question("moved").current or current).number == 2


def test_citing_again_is_refused_once_another_version_is_there(changed: Course) -> None:
    one = question("moved")
    with pytest.raises(Conflict):
        citing.recite(one, {0: {"lesson": LESSON, "anchor": "new-ceo"}}, 7, user_of("instructor"), clock.now())


def test_the_operator_hears_of_what_is_gone(changed: Course) -> None:
    lines = passages.broken()
    assert any(question("gone").public_id in line for line in lines)
    assert all("aftermath#engineers-leaving" in line for line in lines)


# --- coverage ---


def cell(page: Page, anchor: str) -> str:
    return page.tree.xpath(f"string(//a[contains(@class, 'coverage-cell')][contains(@href, '{LESSON}#{anchor}')])")


def test_the_map_counts_the_questions_on_each_passage(bank: str, instructor: Person) -> None:
    page = instructor.get("/courses/openai-devday/coverage")
    before = int(cell(page, "shear")[0])
    assert cell(page, "worked-example").startswith("0No question cites it")
    with atomic():
        question("moved").archived_at = clock.now()
    page = instructor.get("/courses/openai-devday/coverage")
    assert int(cell(page, "shear")[0]) == before - 1
    assert not page.tree.xpath("//a[contains(@href, '#section-')]"), "a heading is no passage"
    cells = page.tree.xpath("//ol//a[contains(@class, 'coverage-cell')]")
    cited = [one for one in cells if "coverage-0" not in one.get("class")]
    assert f"{len(cited)} of {len(cells)} passages are cited" in page.text


def test_a_moved_passage_is_covered_where_it_is_now(bank: str, instructor: Person) -> None:
    before = cell(instructor.get("/courses/openai-devday/coverage"), "shear")
    reload(RENAMED, at=clock.now())
    page = instructor.get("/courses/openai-devday/coverage")
    assert cell(page, "new-ceo") == before
    assert "no longer match" in page.text


def test_a_passage_leads_to_its_questions_and_to_a_new_one(bank: str, instructor: Person) -> None:
    page = instructor.get(f"/courses/openai-devday/coverage/{LESSON}")
    part = page.tree.xpath("//section[@id='murati']")[0]
    assert any("Statement on murati" in link.text_content() for link in part.xpath(".//a"))
    (write,) = [one for one in part.xpath(".//a/@href") if "/questions/new" in one]
    form = instructor.get(f"{write}&kind=truefalse").form("questions/new")
    assert (form.fields["citations-0-lesson"], form.fields["citations-0-anchor"]) == (LESSON, "murati")
    assert len(form.fields["citations-0-quote"] or "") == 64
    chosen = instructor.get(f"/courses/openai-devday/coverage/{LESSON}?bank=own")
    assert any("/banks/own/questions/new" in one for one in chosen.links())


def test_questions_of_others_are_counted_and_not_shown(app: Flask, bank: str, instructor: Person) -> None:
    accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    other = Person(app, user_of("other"))
    page = other.get(f"/courses/openai-devday/coverage/{LESSON}")
    assert not [link for link in page.links() if "/questions/" in link]
    assert "in a bank that isn't shared with you" in page.text
    assert "make a bank first" in page.text


def test_more_questions_cost_no_more_statements(bank: str, instructor: Person, statements: list[str]) -> None:
    urls = ["/courses/openai-devday/coverage", f"/courses/openai-devday/coverage/{LESSON}",
            "/courses/openai-devday/citations"]  # fmt: skip

    def cost() -> list[int]:
        counts = []
        for url in urls:
            statements.clear()
            instructor.get(url)
            counts.append(len(statements))
        return counts

    reload(RENAMED)
    before = cost()
    items = [replace(cites("shear"), id=f"more-{number}") for number in range(30)]
    banks.import_items(user_of("instructor"), "own", {}, items, clock.now() - timedelta(days=1))
    assert cost() == before
    assert max(before) <= 16


# --- the picker ---


def search_as_json(person: Person, **query: Any) -> list[dict[str, str]]:
    reply = person.client.get("/passages", query_string=query, headers=person.headers)
    assert reply.status_code == 200
    assert reply.json is not None
    return reply.json["passages"]


@pytest.mark.parametrize(
    "words", ["무라티", unicodedata.normalize("NFD", "무라티 복직"), "MIRA murati", "agenda murati"]
)
def test_passages_are_found_by_words_of_either_language(app: Flask, instructor: Person, words: str) -> None:
    found = search_as_json(instructor, q=words)
    one = next(one for one in found if one["anchor"] == "murati")
    assert (one["course"], one["lesson"], one["section"]) == ("openai-devday", LESSON, "A push for a return")
    assert one["text"].startswith("At the same time")
    assert search_as_json(instructor, q=f"{words} nowhere-at-all") == []


def test_passages_come_twenty_at_a_time_and_narrowed_down(app: Flask, instructor: Person) -> None:
    first = instructor.client.get("/passages", headers=instructor.headers).json
    second = instructor.client.get("/passages?page=2", headers=instructor.headers).json
    assert first is not None
    assert second is not None
    assert (len(first["passages"]), first["more"]) == (20, True)
    assert not {one["anchor"] + one["lesson"] for one in first["passages"]} & {
        one["anchor"] + one["lesson"] for one in second["passages"]
    }
    lesson = search_as_json(instructor, course="openai-devday", lesson=LESSON)
    assert [one["anchor"] for one in lesson][:2] == ["microsoft-push", "murati"], "in reading order"
    assert {one["lesson"] for one in lesson} == {LESSON}
    assert search_as_json(instructor, course="no-such-course") == []
    assert search_as_json(instructor, q="\0", page="x")


def test_a_picked_passage_is_intact_and_later_changed(app: Flask, instructor: Person, bank: str) -> None:
    (found,) = search_as_json(instructor, lesson=LESSON, anchor="murati")
    item = replace(cites("murati", quote=found["quote"]), id="picked")
    banks.import_items(user_of("instructor"), "own", {}, [item], clock.now())
    reload(("복직을", "복귀를"))
    one = by_key(bank_queries.bank("own").id)["picked"]
    later = clock.now() + timedelta(hours=1)
    item.stem = {"en": "Said in other words, the source as before"}
    assert passages.of_question(bank_queries.bank("own"), one)[0].standing.state == "changed"
    banks.import_items(user_of("instructor"), "own", {}, [item], later)
    one = by_key(bank_queries.bank("own").id)["picked"]
    assert passages.of_question(bank_queries.bank("own"), one)[0].standing.state == "changed", "the quote says so"


def test_the_picker_lists_every_lesson(app: Flask, instructor: Person, learner: Person) -> None:
    reply = instructor.send("GET", "/passages/picker")
    assert f'value="openai-devday/{LESSON}"' in reply.text
    assert learner.send("GET", "/passages").status_code == 403
