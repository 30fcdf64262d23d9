"""`banks.versions` is the one writer of versions: in the source, and when everything that writes them runs."""

from __future__ import annotations

import ast
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from quizapp import clock
from quizapp.banks import actions, queries, versions
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.banks.summary import summary_of
from quizapp.db import db
from quizapp.uploads import actions as imports
from quizapp.uploads.content import ReadingOptions
from tests.banks.test_sharing import statement
from tests.conftest import user_of
from tests.uploads.test_upload import EDITED, FIRST

PACKAGE = Path(versions.__file__).parent.parent
REPEATED = {"kind", "difficulty", "objective", "search", "tags", "current_id"}
"""What a question repeats of its current version."""
INSERTED = {"Question", "QuestionVersion"}


def writes_in(source: str) -> list[int]:
    """The lines of a module that insert a question or a version, or write what a question repeats of one."""
    return sorted({node.lineno for node in ast.walk(ast.parse(source)) if writes(node)})


def writes(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        return any(isinstance(one, ast.Attribute) and one.attr == "current_id" for one in node.targets)
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func).rpartition(".")[2]
    if called == "values" and "Question" in named_in(node.func):
        return bool(REPEATED & {one.arg for one in node.keywords})
    if called == "execute" and node.args and "update(Question)" in ast.unparse(node.args[0]):
        return bool(REPEATED & {key.value for one in ast.walk(node) if isinstance(one, ast.Dict)
                                for key in one.keys if isinstance(key, ast.Constant)})  # fmt: skip
    return called in INSERTED or (called == "insert" and any(INSERTED & named_in(one) for one in node.args))


def named_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def test_nothing_else_inserts_in_the_source() -> None:
    found = {
        str(path.relative_to(PACKAGE)): lines
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts and (lines := writes_in(path.read_text()))
    }
    assert list(found) == ["banks/versions.py"], found


@pytest.mark.parametrize(
    "line",
    [
        "db.session.add(QuestionVersion(number=1))",
        "models.Question(bank_id=1)",
        "db.session.execute(insert(QuestionVersion), rows)",
        "db.session.execute(dialect.insert(Question).values(rows))",
        "db.session.execute(update(Question).where(Question.id == 1).values(current_id=2))",
        "db.session.execute(update(Question), [{'id': 1, 'search': ''} for one in rows])",
        "question.current_id = 3",
    ],
)
def test_the_search_finds_what_it_is_for(line: str) -> None:
    assert writes_in(line) == [1]


def test_the_search_lets_other_writes_pass() -> None:
    assert writes_in("db.session.execute(update(Question).where(Question.kind == '').values(archived_at=now))") == []


@pytest.fixture
def writers(app: Flask) -> Iterator[list[str]]:
    """The statements that write versions or what questions repeat of them, from anywhere but `banks.versions`."""
    found: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if is_a_write_of_versions(statement):
            inside = any(frame.filename == versions.__file__ for frame in traceback.extract_stack())
            found.append("versions" if inside else statement)

    event.listen(db.engine, "before_cursor_execute", look)
    yield found
    event.remove(db.engine, "before_cursor_execute", look)


def is_a_write_of_versions(statement: str) -> bool:
    """Whether a statement inserts a question or a version, or writes what a question repeats of one."""
    if statement.startswith("UPDATE questions SET "):
        return any(f"{column}=" in statement for column in REPEATED)
    return statement.startswith(("INSERT INTO questions ", "INSERT INTO question_versions "))


def check_questions(count: int) -> None:
    """There are so many questions beside the courses' own, each repeats its current version, and none is orphaned."""
    rows = db.session.execute(
        select(Question, QuestionVersion)
        .outerjoin(
            QuestionVersion, (Question.current_id == QuestionVersion.id) & (QuestionVersion.question_id == Question.id)
        )
        .join(Bank, Question.bank_id == Bank.id)
        .where(Bank.slug.in_(["made", "made-2", "second", "korea"]))
    ).all()
    assert len(rows) == count
    for question, version in rows:
        assert {name: getattr(question, name) for name in summary_of(version.item)} == summary_of(version.item)


def test_everything_that_writes_versions_writes_them_here(app: Flask, writers: list[str]) -> None:
    author, now = user_of("instructor"), clock.now()
    items = [replace(statement(number), tags=[f"tag {number}"], difficulty=1) for number in range(3)]
    actions.import_items(author, "made", {"en": "Made"}, items, now)
    actions.import_items(author, "made", {"en": "Made"}, [replace(items[0], difficulty=2)], now)
    bank = queries.bank("made")
    written = actions.write_question(bank, None, statement(7), 0, author, now)
    actions.write_question(bank, written, replace(statement(8), tags=["edited"]), 1, author, now)
    assert (written.tags, written.key) == ("\nedited\n", written.public_id)
    actions.restore(written, 1, author, now)
    assert (written.tags, written.current and written.current.number) == ("", 3)
    token = actions.write_many(
        bank, [(one, replace(statement(9), objectives=["o"])) for one in queries.questions(bank.id)], author, now
    )
    assert actions.undo_many(bank, token, author, now) == 4
    second = actions.create_bank(author, "second", {"en": "Second"}, "", now)
    assert actions.copy_many(bank, queries.questions(bank.id), second, author, now) == 4
    actions.copy_bank(bank, author, now)
    check_questions(12)

    for source in (FIRST, EDITED):
        (upload,) = imports.keep(author, [("korea.yaml", source.encode())], None, "", ReadingOptions(), now)
        imports.apply(upload, author, False, now)
    imports.undo(upload, author, now)
    check_questions(15)
    assert set(writers) == {"versions"}


# --- what a version of another one repeats of its origin ---


def test_an_edit_after_a_change_of_many_stands_when_that_is_undone(app: Flask) -> None:
    author, now = user_of("instructor"), clock.now()
    actions.import_items(author, "made", {"en": "Made"}, [statement(1), statement(2)], now)
    bank = queries.bank("made")
    changed = [(one, replace(one.current.item, difficulty=3)) for one in queries.questions(bank.id) if one.current]
    token = actions.write_many(bank, changed, author, now)
    edited, other = queries.questions(bank.id)
    assert edited.current
    actions.write_question(bank, edited, replace(edited.current.item, tags=["mine"]), 2, author, now)
    assert actions.undo_many(bank, token, author, now) == 1
    assert (edited.tags, edited.difficulty) == ("\nmine\n", 3)
    assert other.difficulty is None


def test_a_change_of_many_is_undone_after_an_import_that_was_undone(app: Flask) -> None:
    """The import's version stays, so the undoing's number is one further than the current one's next."""
    author, now = user_of("instructor"), clock.now()
    (upload,) = imports.keep(author, [("korea.yaml", FIRST.encode())], None, "", ReadingOptions(), now)
    imports.apply(upload, author, False, now)
    bank = queries.bank("korea")
    changed = [(one, replace(one.current.item, difficulty=3)) for one in queries.questions(bank.id) if one.current]
    token = actions.write_many(bank, changed, author, now)
    (edit,) = imports.keep(author, [("korea.yaml", EDITED.encode())], None, "", ReadingOptions(), now)
    imports.apply(edit, author, False, now)
    imports.undo(edit, author, now)
    assert actions.undo_many(bank, token, author, now) == 2
    last = db.session.scalar(
        select(func.max(QuestionVersion.number)).join(Question, QuestionVersion.question_id == Question.id)
        .where(Question.bank_id == bank.id)
    )  # fmt: skip
    assert last == 4
    assert {one.difficulty for one in queries.questions(bank.id)} == {None}
