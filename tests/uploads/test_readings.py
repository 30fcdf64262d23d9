"""Large uploads are read once, apart from the server, and kept."""

from __future__ import annotations

import io
import random
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.db import atomic, db
from quizapp.formats import FORMATS, child
from quizapp.formats.base import Reading
from quizapp.formats.child import read_apart
from quizapp.formats.items import Item, Media
from quizapp.formats.whole_file import ReadingOptions, read_file
from quizapp.formats.written_reading import packed, unpacked
from quizapp.uploads import actions, queries
from quizapp.uploads.actions import large_files
from quizapp.uploads.models import ReadingJob, Upload
from quizapp.uploads.reading import SMALL, NotReadYet, content_of
from tests.conftest import make_app
from tests.site import Site
from tests.uploads.large import Instructor, gift

LARGE = gift(2_500)
OPTIONS = ReadingOptions()


def kept(app: Flask, *files: tuple[str, bytes], email: str = "instructor@example.com") -> list[str]:
    """The public ids of the uploads of a user."""
    user = db.session.scalars(select(User).where(User.email == email)).one()
    return [one.public_id for one in actions.keep(user, files, None, "", OPTIONS, clock.now())]


def upload(name: str) -> Upload:
    return db.session.scalars(select(Upload).where(Upload.public_id == name)).one()


@pytest.mark.parametrize("form", FORMATS)
def test_a_reading_comes_back_as_it_was(form: str) -> None:
    found = read_file(FORMATS[form].SAMPLE, "", ReadingOptions(form))
    before = [item.to_json() for item in found[1].items], list(found[1].problems), found[1].tables
    name, again = unpacked(packed(*found))
    assert (name, [item.to_json() for item in again.items], again.problems, again.tables) == (form, *before)


def test_a_picture_of_many_questions_is_written_once() -> None:
    data = random.Random(0).randbytes(100_000)
    reading = Reading(items=[Item(id=str(number), media=[Media("a.png", data)]) for number in range(50)])
    content = packed("qti21", reading)
    assert len(content) < 150_000
    again = unpacked(content)[1].items
    assert [item.id for item in again] == [str(number) for number in range(50)]
    assert {item.media[0].data for item in again} == {data}


def test_a_large_file_is_read_once_by_a_process_of_its_own(app: Flask) -> None:
    assert len(LARGE) > SMALL
    with app.app_context():
        (name,) = kept(app, ("capitals.gift", LARGE))
        assert upload(name).bank_slug == ""
        with pytest.raises(NotReadYet):
            content_of(upload(name))
        assert actions.read_next_large_file(clock.now())
        assert not actions.read_next_large_file(clock.now())
        assert upload(name).bank_slug == "capitals"
        assert (len(content_of(upload(name)).incoming), content_of(upload(name)).form) == (2_500, "gift")
        actions.change_options(upload(name), ReadingOptions(form="aiken"))
        with pytest.raises(NotReadYet):
            content_of(upload(name))
        assert actions.read_next_large_file(clock.now())
        assert content_of(upload(name)).form == "aiken"


def test_a_small_file_is_read_where_it_is_needed(app: Flask) -> None:
    with app.app_context():
        (name,) = kept(app, ("a.gift", gift(3)))
        assert len(content_of(upload(name)).incoming) == 3
        assert not actions.read_next_large_file(clock.now())


def test_a_small_package_that_unpacks_to_much_is_read_apart(app: Flask) -> None:
    """A sheet packs to a hundredth; what takes time is what it holds."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for place in range(6_000):
        sheet.append(["What is it?", *(f"Choice {column}" for column in range(8)), place])
    file = io.BytesIO()
    book.save(file)
    assert len(file.getvalue()) < SMALL
    with app.app_context():
        (name,) = kept(app, ("questions.xlsx", file.getvalue()))
        with pytest.raises(NotReadYet):
            content_of(upload(name))
        assert actions.read_next_large_file(clock.now())
        assert content_of(upload(name)).form == "xlsx"


def test_a_short_text_of_many_lines_is_read_apart(app: Flask) -> None:
    """Its questions would be more than a process remembers: it would read them anew for each page."""
    lines = ["question,answer", *(f"{number},b" for number in range(12_000))]
    with app.app_context():
        for end in ("\n", "\r", "\r\n"):
            (name,) = kept(app, ("questions.csv", end.join(lines).encode()))
            assert queries.size_of(upload(name)) < SMALL
            with pytest.raises(NotReadYet):
                content_of(upload(name))


def test_a_reading_of_a_server_that_died_is_taken_up(app: Flask) -> None:
    with app.app_context():
        (name,) = kept(app, ("a.gift", LARGE))
        now = clock.now()
        first = large_files.claim_job(now)
        assert first is not None
        number = first.id
        assert large_files.claim_job(now) is None
        assert large_files.claim_job(now + large_files.LEASE - timedelta(seconds=1)) is None
        assert actions.read_next_large_file(now + large_files.LEASE)
        assert len(content_of(upload(name)).incoming) == 2_500
        large_files.store_reading(number, 1, b"late", now)
        assert len(content_of(upload(name)).incoming) == 2_500


def test_what_ends_the_server_each_time_is_given_up(app: Flask) -> None:
    with app.app_context():
        (name,) = kept(app, ("a.gift", LARGE))
        now = clock.now()
        for number in range(large_files.TRIES):
            assert large_files.claim_job(now + number * large_files.LEASE) is not None
        assert actions.read_next_large_file(now + large_files.TRIES * large_files.LEASE)
        assert "too large" in content_of(upload(name)).reading.errors[0].message


def test_of_one_user_one_file_is_read_and_on_a_host_two(app: Flask) -> None:
    with app.app_context():
        with atomic():
            db.session.add_all(
                User(email=f"{name}@example.com", name=name, role="instructor", created_at=clock.now())
                for name in ("second", "third")
            )
        kept(app, ("a.gift", LARGE), ("b.gift", LARGE))
        kept(app, ("c.gift", LARGE), email="second@example.com")
        kept(app, ("d.gift", LARGE), email="third@example.com")
        claimed = [large_files.claim_job(clock.now()) for _ in range(4)]
        names = [db.session.get_one(Upload, one.upload_id).filename for one in claimed if one is not None]
        assert names == ["a.gift", "c.gift"]
        with atomic():
            for one in db.session.scalars(select(ReadingJob).where(ReadingJob.tries == 1)):
                one.claimed_by = "another host"
        third, none = large_files.claim_job(clock.now()), large_files.claim_job(clock.now())
        assert third is not None
        assert (db.session.get_one(Upload, third.upload_id).filename, none) == ("d.gift", None)


@pytest.mark.parametrize(("limit", "value"), [("MOST_MEMORY", 40 * 1024 * 1024), ("MOST_SECONDS", 1)])
def test_what_takes_too_much_is_too_large_and_not_damaged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, limit: str, value: int
) -> None:
    """The child runs the module from a file of the test's, in which one limit is smaller."""
    source = Path(child.__file__).read_text()
    line = next(one for one in source.split("\n") if one.startswith(f"{limit} = "))
    smaller = tmp_path / "child.py"
    smaller.write_text(source.replace(line, f"{limit} = {value}"))
    monkeypatch.setattr(child, "COMMAND", [child.COMMAND[0], str(smaller)])
    form, found = unpacked(read_apart(gift(60_000), "a.gift", OPTIONS))
    assert (form, [problem.code for problem in found.problems]) == ("", ["unreadable"])
    assert "too large" in found.problems[0].message


def test_who_sends_a_large_file_sees_how_it_stands(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "site.sqlite3")
    site = Site(tmp_path)
    site.start()
    try:
        instructor = Instructor(site)
        address = instructor.upload(LARGE, waited=False)
        end, seen = time.monotonic() + 120, instructor.get(address)
        while "The file is being read" in seen and time.monotonic() < end:
            time.sleep(0.5)
            seen = instructor.get(address)
        assert "2,500" in seen
    finally:
        site.stop()
    with make_app(f"sqlite:///{site.database}").app_context():
        assert db.session.scalars(select(ReadingJob.tries)).all() == [1]
