"""The commands, as an operator or a script runs them: exit codes, and problems as path:line: message."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions
from quizapp.accounts.models import AuditEntry
from quizapp.app import create_app
from quizapp.cli.files import write_file
from quizapp.config import Settings
from quizapp.db import db
from quizapp.formats import FORMATS
from quizapp.formats.items import Item
from tests import forked, smtp
from tests.conftest import SECRET

ROOT = Path(__file__).parent.parent
BANK = ROOT / "questions" / "openai-devday" / "board.yaml"


class Shell:
    def __init__(self, database: Path) -> None:
        self.database = database
        self.environment = os.environ | {"QUIZAPP_DATABASE_URL": f"sqlite:///{database}", "PYTHONWARNINGS": "error"}

    def __call__(self, *words: object, code: int = 0, typed: str = "") -> str:
        done = forked.run([*map(str, words)], self.environment, typed)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def quizapp(sqlite_template: Path, tmp_path: Path) -> Shell:
    database = tmp_path / "site.sqlite3"
    shutil.copy(sqlite_template, database)
    return Shell(database)


def test_check_is_quiet_about_sound_content(quizapp: Shell) -> None:
    assert quizapp("bank", "check", ROOT / "questions") == ""
    assert "sound" in quizapp("check")


def test_warnings_are_printed_and_fail_nothing(quizapp: Shell, tmp_path: Path) -> None:
    source, bank = tmp_path / "source.txt", tmp_path / "bank.yaml"
    source.write_text("Long before the conference, the directors had been uneasy.")
    bank.write_text(
        "items:\n- {id: a, kind: truefalse, stem: {en: 'Long before the conference, the directors slept.'}, "
        "enemies: [b], response: {answer: true, feedback: {false: {en: Not mentioned.}}}}\n"
    )
    said = quizapp("bank", "check", bank, "--source", source)
    assert [line.split(": ", 1)[0] for line in said.splitlines()] == [f"{bank}:2"] * 3
    assert said.count(": warning: ") == 3
    assert "sound" in quizapp("check", bank, "--source", source)
    assert "not text in UTF-8" in quizapp("check", bank, "--source", ROOT / "docs/screenshots/course-ko.png", code=1)


def test_check_names_every_problem_by_line(quizapp: Shell, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        BANK.read_text().replace("kind: choice", "kind: choise").replace("difficulty: 1", "difficulty: 9")
    )
    lines = quizapp("bank", "check", broken, code=1).splitlines()
    assert len(lines) > 5
    for line in lines:
        assert re.match(rf"{re.escape(str(broken))}:\d+: \S", line), line


def test_converting_to_json_and_back_is_lossless(quizapp: Shell, tmp_path: Path) -> None:
    there, back = tmp_path / "bank.json", tmp_path / "bank.yaml"
    quizapp("bank", "convert", BANK, there)
    quizapp("bank", "convert", there, back)
    quizapp("bank", "convert", back, tmp_path / "again.json", "--to", "json")
    items = json.loads(there.read_text())
    assert json.loads((tmp_path / "again.json").read_text()) == items


@pytest.mark.parametrize("partial", [False, True])
def test_writing_asks_once_of_each_question_whether_its_format_carries_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, partial: bool
) -> None:
    """To ask is to write it and to read it again."""
    asked: list[str] = []
    carries = FORMATS["gift"].carries
    monkeypatch.setattr(FORMATS["gift"], "carries", lambda item: asked.append(item.id) or carries(item))
    places = [{"id": name, "text": {"en": name}} for name in "ab"]
    judged = [Item(id=name, kind="truefalse", stem={"en": name}, response={"answer": True}) for name in ("a", "b")]
    items = [*judged, *([Item(id="o", kind="order", stem={"en": "?"}, response={"items": places})] if partial else [])]
    write_file(items, tmp_path / "some.gift", "gift", partial)
    assert asked == [item.id for item in items]
    assert [item.id for item in FORMATS["gift"].read((tmp_path / "some.gift").read_bytes()).items] == ["a", "b"]


def test_an_unknown_format_is_told_not_guessed(quizapp: Shell, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.bin"
    rubbish.write_bytes(bytes(range(256)) * 10)
    said = quizapp("bank", "convert", rubbish, tmp_path / "out.json", code=1)
    assert re.search(r"rubbish\.bin:\d+: ", said)


def test_import_says_the_sum_and_twice_changes_nothing(quizapp: Shell) -> None:
    words = ("bank", "import", BANK, "--owner", "instructor@example.com", "--bank", "another")
    assert "nothing was stored" in quizapp(*words, "--dry-run")
    first = quizapp(*words)
    found, added = map(int, re.findall(r"found (\d+) = added (\d+)", first)[0])
    assert found == added > 5
    assert f"added 0 + changed 0 + same {found}" in quizapp(*words)


def test_several_files_are_imported_each_by_itself(quizapp: Shell, tmp_path: Path) -> None:
    """One that can't be read keeps no other back, and none of it is imported; losses are counted."""
    for name, text in (("a", "One {T}\n"), ("b", "Two {=\n"), ("c", "[moodle]Three {T}\n\nThree {T}\n")):
        (tmp_path / f"{name}.gift").write_text(text)
    files = [tmp_path / f"{name}.gift" for name in "abc"]
    said = quizapp("bank", "import", *files, "--owner", "instructor@example.com", code=1)
    assert "a: found 1 = added 1 + changed 0 + same 0 + skipped 0 + failed 0\n" in said
    assert f"{files[1]}:1: " in said
    assert f"nothing of {files[1]} was imported" in said
    assert "c: found 2 = added 1 + changed 0 + same 0 + skipped 1 + failed 0" in said
    assert "\r" not in said, "no progress where nobody looks"
    said = quizapp("bank", "import", *files, "--owner", "instructor@example.com", "--partial", "--dry-run")
    assert "b: found 1 = added 0 + changed 0 + same 0 + skipped 0 + failed 1" in said


def test_a_mended_sheet_changes_the_questions_that_it_is_a_newer_wording_of(quizapp: Shell, tmp_path: Path) -> None:
    """By the rule of the preview, which asks where the command line says what it did."""
    head = "번호,문제,보기 1,보기 2,정답\n"
    rows = ["1,대한민국의 수도는 어디입니까?,서울,부산,2", "2,훈민정음을 만든 임금은 누구입니까?,태종,세종,2"]
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(head + "\n".join(rows))
    words = ("bank", "import", sheet, "--owner", "instructor@example.com")
    quizapp(*words)
    sheet.write_text(
        head + "\n".join([rows[0].removesuffix("2") + "1", rows[1], "3,대한민국의 수도는 어디인가?,서울,부산,1"])
    )
    dry = quizapp(*words, "--dry-run")
    assert "sheet: found 3 = added 1 + changed 1 + same 1 + skipped 0 + failed 0 (dry run" in dry
    assert f"{sheet}:2: warning: “대한민국의 수도는 어디입니까?” has no id and was taken for a newer wording" in dry
    assert f"{sheet}:4: warning: “대한민국의 수도는 어디인가?” is very similar to a question of the bank" in dry
    as_new = quizapp(*words, "--dry-run", "--as-new")
    assert "added 2 + changed 0 + same 1" in as_new
    assert "warning" not in as_new
    assert quizapp(*words).replace("failed 0", "failed 0 (dry run: nothing was stored)") == dry
    assert "added 0 + changed 0 + same 3" in quizapp(*words)
    quizapp("bank", "export", "sheet", tmp_path / "there.json")
    there = json.loads((tmp_path / "there.json").read_text())["items"]
    assert [one["fraction"] for one in there[0]["response"]["choices"]] == [1, 0]
    assert len(there) == 3


def test_an_encoding_is_given_by_hand(quizapp: Shell, tmp_path: Path) -> None:
    file, there = tmp_path / "french.gift", tmp_path / "french.json"
    file.write_bytes("Où est né Molière ? {=à Paris}\n".encode("cp1252"))
    quizapp("bank", "convert", file, there, "--encoding", "cp1252")
    assert "né Molière" in there.read_text()
    assert "not text in UTF-8" in quizapp("bank", "check", file, "--encoding", "utf-8", code=1)
    quizapp("bank", "import", file, "--owner", "instructor@example.com", "--encoding", "cp1252")
    quizapp("bank", "export", "french", there)
    assert "né Molière" in there.read_text()


def test_a_terminal_shows_how_far_an_import_is(quizapp: Shell, tmp_path: Path) -> None:
    file = tmp_path / "many.gift"
    file.write_text("\n\n".join(f"Number {number} {{T}}" for number in range(600)))
    words = ("bank", "import", str(file), "--owner", "instructor@example.com")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "quizapp.cli", *words]
    done = subprocess.run(command, env=quizapp.environment, stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT, check=True)
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert done.stdout.decode() == "many: found 600 = added 600 + changed 0 + same 0 + skipped 0 + failed 0\n"
    for part in ("many.gift: reading", "many.gift: comparing 500 of 600", "many.gift: storing 600 of 600"):
        assert part in shown
    assert shown.endswith("\r\x1b[K"), "the line is wiped away"


def test_import_needs_an_instructor(quizapp: Shell) -> None:
    assert "not an instructor" in quizapp("bank", "import", BANK, "--owner", "learner@example.com", code=1)


def test_export_gives_the_bank_back(quizapp: Shell, tmp_path: Path) -> None:
    quizapp("bank", "export", "board", tmp_path / "board.json")
    quizapp("bank", "convert", BANK, tmp_path / "master.json")

    def items(name: str) -> list[dict]:
        written = json.loads((tmp_path / name).read_text())
        return sorted(written["items"] if isinstance(written, dict) else written, key=lambda item: item["id"])

    def plain(item: dict) -> dict:
        return {key: value for key, value in item.items() if key != "provenance"}

    assert [plain(item) for item in items("board.json")] == [plain(item) for item in items("master.json")]


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "none"), ("PORT", "70000"), ("WORKERS", "0"), ("QUIZAPP_DATABASE_URL", "mysql://x"), ("HOST", "0.0.0.0")],  # noqa: S104
)
def test_a_wrong_setting_stops_the_start_with_one_line(quizapp: Shell, variable: str, value: str) -> None:
    quizapp.environment[variable] = value
    quizapp.environment.pop("QUIZAPP_SECRET_KEY", None)
    said = quizapp("serve", code=1)
    assert said.startswith("Error: ")
    assert ("QUIZAPP_SECRET_KEY" if variable == "HOST" else variable) in said
    assert said.count("\n") == 1


def test_users(quizapp: Shell) -> None:
    quizapp("user", "add", "new@example.com", "--role", "instructor", "--password", "four words in a row")
    with sqlite3.connect(quizapp.database) as stored:
        (found,) = stored.execute("SELECT password_hash FROM users WHERE email = 'new@example.com'").fetchone()
    assert found.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "64 MiB, as RFC 9106 asks for"
    assert "already" in quizapp("user", "add", "new@example.com", "--password", "four words in a row", code=1)
    quizapp("user", "role", "new@example.com", "admin")
    assert "no account" in quizapp("user", "role", "nobody@example.com", "admin", code=1)


def test_a_password_is_set_from_the_standard_input(quizapp: Shell) -> None:
    said = quizapp("user", "password", "learner@example.com", typed="words from a pipe\n")
    assert "logged out everywhere" in said
    assert "words from a pipe" not in said
    assert "8 to 200 characters" in quizapp("user", "password", "learner@example.com", code=1, typed="short\n")
    assert "no account" in quizapp("user", "password", "nobody@example.com", code=1, typed="words from a pipe\n")
    with create_app(Settings(quizapp.environment["QUIZAPP_DATABASE_URL"], SECRET)).app_context():
        assert actions.log_in("learner@example.com", "words from a pipe", "10.0.0.1", clock.now())
        assert (
            db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "password")).one().target.startswith("user")
        )
        db.session.remove()
        db.engine.dispose()


def test_a_test_mail(quizapp: Shell) -> None:
    assert "QUIZAPP_SMTP_URL" in quizapp("mail", "test", "me@example.com", code=1)
    with smtp.server() as post:
        quizapp.environment |= {
            "QUIZAPP_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
            "QUIZAPP_MAIL_FROM": "quiz@example.org",
            "QUIZAPP_URL": "https://quiz.example.org",
        }
        assert "accepted an email to me@example.com" in quizapp("mail", "test", "me@example.com")
        post.answers[:] = ["550 no such user"]
        assert "no such user" in quizapp("mail", "test", "nobody@example.com", code=1)
    assert [mail["To"] for mail in post.mails] == ["me@example.com"]
    assert "refused" in quizapp("mail", "test", "me@example.com", code=1)
