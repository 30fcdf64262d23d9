"""The check of master content: every problem at once, each with file and line; and loading only what is sound."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock
from quizapp.banks import actions as banks
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.config import bundled
from quizapp.content.folder import read_course
from quizapp.courses.models import Course
from quizapp.db import db
from quizapp.formats import FORMATS
from quizapp.kinds import KINDS
from quizapp.operation import demo
from tests.conftest import user_of
from tests.content.folders import COURSE, edit

HANGUL = re.compile("[가-힣]")


def test_the_courses_that_we_ship_are_sound() -> None:
    for course in sorted(bundled("questions").glob("*/course.yaml")):
        assert read_course(course.parent).problems == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("board.yaml", "  difficulty:", "  dificulty:", "Unknown key"),
        ("board.yaml", "    anchor: ", "    anchor: gone-", "there is no such passage"),
        ("board.yaml", "    enemies: [", "    enemies: [nobody, ", "there is no such question"),
        ("board.yaml", "      fraction: 0\n", "      fraction: 1\n", "a second right answer"),
        ("course.yaml", "hours:", "ours:", "Extra inputs"),
        ("course.yaml", "devday, board,", "devday, bored,", "There is no lesson named “bored”"),
        ("lessons/board.ko.md", "minutes: ", "minutes: ten #", "whole number above 0"),
        ("lessons/board.ko.md", "{#", "{#other-", "is missing here"),
        ("lessons/board.ko.md", "::: check devday-checks/", "::: chek devday-checks/", "no directive “chek”"),
        ("lessons/board.ko.md", "::: check devday-checks/", "::: check nobody/", "no bank “nobody”"),
        ("lessons/board.ko.md", "/check-board-stay", "/gone", "has no question “gone”"),
        ("lessons/board.ko.md", "devday-checks/check-board-stay", "board/board-leader", "may be drawn by quizzes"),
        (
            "lessons/structure.en.md",
            "OpenAI nonprofit: The top",
            "For-profit subsidiary -> OpenAI nonprofit: The top",
            "goes in a circle",
        ),
    ],
)
def test_a_mistake_is_told_by_file_and_line(folder: Path, file: str, old: str, new: str, said: str) -> None:
    line = edit(folder / file, old, new)
    problems = read_course(folder).problems
    found = [one for one in problems if said in one.message]
    assert found, [one.message for one in problems]
    if "lessons" not in file:
        assert any(one.place == str(folder / file) and abs((one.line or 0) - line) <= 30 for one in found)


def test_a_directive_s_mistake_stands_on_its_line_and_the_lesson_is_whole(folder: Path) -> None:
    file = folder / "lessons" / "board.ko.md"
    gone = edit(file, "::: check devday-checks/check-board-stay", "::: check devday-checks/gone")
    unknown = edit(file, "::: compare", "::: compere")
    found = read_course(folder)
    said = [(one.code, one.line) for one in found.problems if one.place == str(file)]
    assert said == [("unknown-directive", unknown), ("check-question", gone), ("other-checks", 1)]
    assert "알트만 쪽" in found.lessons["board"].pages["ko"].html


def test_all_problems_are_told_at_once(folder: Path) -> None:
    edit(folder / "board.yaml", "  difficulty:", "  dificulty:")
    edit(folder / "structure.yaml", "  difficulty:", "  dificulty:")
    (folder / "lessons" / "board.en.md").unlink()
    files = {Path(problem.place).name for problem in read_course(folder).problems}
    assert {"board.yaml", "structure.yaml", "board.en.md"} <= files


def test_a_missing_translation_is_an_error(folder: Path) -> None:
    source = (folder / "board.yaml").read_text()
    start = source.index("  stem:\n")
    english = source.index("    en: ", start)
    end = source.index("\n", english)
    (folder / "board.yaml").write_text(source[:english] + source[end + 1 :])
    assert any(problem.is_error and problem.place.endswith("board.yaml") for problem in read_course(folder).problems)


def test_a_broken_course_stops_no_other(app: Flask, tmp_path: Path) -> None:
    questions = tmp_path / "questions"
    shutil.copytree(bundled("questions"), questions)
    for broken in questions.glob(f"{COURSE}/course.yaml"):
        broken.write_text("slug: [")
    problems = demo.load(questions, clock.now())
    assert [problem for problem in problems if problem.place.endswith("course.yaml")]
    assert db.session.scalar(select(func.count(Course.id))) == len(list(questions.glob("*/course.yaml")))


def test_loading_again_changes_nothing(app: Flask) -> None:
    before = db.session.scalar(select(func.count(QuestionVersion.id)))
    demo.load(bundled("questions"), clock.now())
    assert db.session.scalar(select(func.count(QuestionVersion.id))) == before


def test_an_edit_becomes_a_version_and_a_question_that_left_is_archived(
    app: Flask, folder: Path, edited: Callable[[], None]
) -> None:
    before = db.session.scalar(select(func.count(QuestionVersion.id))) or 0
    edited()
    demo.load(folder.parent, clock.now())
    assert db.session.scalar(select(func.count(QuestionVersion.id))) == before + 1
    archived = db.session.scalar(select(func.count(Question.id)).where(Question.archived_at.is_not(None)))
    assert archived == 1


def test_what_an_instructor_changed_stands_when_the_same_folder_is_loaded_again(app: Flask, folder: Path) -> None:
    """An edit, an archived question and a new one in a course's bank outlive the next start."""
    demo.load(folder.parent, clock.now())
    author = user_of("instructor")
    bank = db.session.scalars(select(Bank).join(Question).where(Question.archived_at.is_(None)).limit(1)).one()
    first, second = db.session.scalars(select(Question).where(Question.bank_id == bank.id).limit(2)).all()
    assert first.current is not None
    item = replace(first.current.item, stem={"ko": "고친 질문", "en": "Mended here"})
    banks.write_question(bank, first, item, first.current.number, author, clock.now())
    banks.set_archived(second, True, author, clock.now())
    added = banks.write_question(bank, None, replace(item, id=""), 0, author, clock.now())
    names = [one.id for one in (first, second, added)]
    for _start in range(2):
        demo.load(folder.parent, clock.now())
        db.session.expire_all()
        first, second, added = (db.session.get_one(Question, name) for name in names)
        assert first.current is not None
        assert first.current.item.stem["en"] == "Mended here"
        assert second.archived_at is not None
        assert added.archived_at is None


@pytest.fixture
def edited(folder: Path) -> Callable[[], None]:
    """Change one question's English stem, and take the last question of the bank away."""

    def change() -> None:
        file = folder / "writing.yaml"
        source = file.read_text()
        start = source.index("    en: ", source.index("  stem:\n"))
        source = (
            source[: start + 8] + "Reworded. " + source[start + 8 :]
            if source[start + 8] not in "\"'>|"
            else (source[: start + 9] + "Reworded. " + source[start + 9 :])
        )
        last = source.rindex("\n- id: ") if "\n- id: " in source else source.rindex("\n  - id: ")
        file.write_text(source[: last + 1])

    return change


def test_the_table_of_facts_names_every_item_and_only_passages_that_exist() -> None:
    table = (bundled("docs") / "courses" / f"{COURSE}.md").read_text()
    found = read_course(bundled("questions") / COURSE)
    items = {item.id for reading in found.banks.values() for item in reading.items}
    passages = {f"{slug}#{anchor}" for slug, lesson in found.lessons.items() for anchor in lesson.pages["ko"].passages}
    named = set(re.findall(r"`([a-z][a-z0-9-]*(?:#[a-z0-9-]+)?)`", table)) - set(found.lessons)
    assert {name for name in named if "#" in name} <= passages
    assert {name for name in named if "#" not in name} == items


def test_right_answers_are_told_in_the_language_of_the_page() -> None:
    """No English page tells a right answer in Hangul, and what a bank's files say of it comes back from them."""
    for course in sorted(bundled("questions").glob("*/course.yaml")):
        for item in (one for reading in read_course(course.parent).banks.values() for one in reading.items):
            kind = KINDS[item.kind]
            told = kind.text(item.body, kind.solution(item.body, "en"), "en")
            assert not HANGUL.search(told), f"{item.id}: {told}"
            for name in ("yaml", "json"):
                (again,) = FORMATS[name].read(FORMATS[name].write([item])).items
                assert again.content() == item.content()
