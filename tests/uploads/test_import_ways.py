"""Uploads by other ways and in other company: by our scripts, with an encoding by hand, narrowed, into shared banks."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.banks import actions, queries
from quizapp.banks.import_progress import Finished, Listener, Progress, run_with_progress
from quizapp.banks.models import EDITOR, READER, Bank, Question
from quizapp.db import atomic, db
from quizapp.errors import Conflict
from quizapp.uploads import actions as imports
from quizapp.uploads.content import ContentCache, ReadingOptions, SentFile
from quizapp.uploads.models import Upload
from quizapp.uploads.reading import content_in
from tests.conftest import by_key, user_of
from tests.person import Page, Person
from tests.uploads.large import gift
from tests.uploads.test_upload import EDITED, FIRST, counts, stem_of, sums, take, upload

pytestmark = pytest.mark.pages

KOREAN = "::하나:: 서울은 수도입니다. {T}\n\n::둘:: 독도는 동해에 있습니다. {T}\n"
LINES = "application/json, application/x-ndjson"


@pytest.fixture
def other(app: Flask) -> Person:
    """Another instructor."""
    return Person(app, accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now()))


def share(role: str) -> None:
    actions.share(queries.bank("korea"), "other@example.com", role, user_of("instructor"), clock.now())


def stems(page: Page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.tree.xpath("//p[@class='preview-opening']")]


# --- encodings ---


def test_an_encoding_by_hand(app: Flask, instructor: Person) -> None:
    page = upload(instructor, KOREAN.encode("utf-16-le"), "korea.gift", encoding="utf-16")
    assert stems(page) == ["서울은 수도입니다.", "독도는 동해에 있습니다."]
    assert "encoding: utf-16" in page.text


def test_another_encoding_after_a_look(app: Flask, instructor: Person) -> None:
    french = "Où est né Molière ? {=à Paris}\n".encode("cp1252")
    page = upload(instructor, french, "french.gift")
    assert "né Molière" not in page.text
    page = page.send("/reading", form="gift", encoding="cp1252")
    assert stems(page) == ["Où est né Molière ?"]
    refused = page.send("/reading", form="gift", encoding="utf-8")
    assert "line 1" in refused.text
    assert "this is not text in UTF-8" in refused.text
    take(refused.send("/reading", form="gift", encoding="cp1252"))
    assert db.session.scalars(select(Question.search).where(Question.search.contains("molière"))).one()


def test_an_encoding_that_nobody_knows(app: Flask, instructor: Person) -> None:
    page = upload(instructor, FIRST, encoding="rot13")
    assert page.status == 422
    assert db.session.scalar(select(Upload.id)) is None


# --- shared banks ---


def test_an_editor_imports_into_a_shared_bank(app: Flask, instructor: Person, other: Person) -> None:
    take(upload(instructor, FIRST))
    share(EDITOR)
    page = upload(other, EDITED, bank="korea")
    assert (sums(page)["New"], sums(page)["Changed"], sums(page)["The same"]) == (1, 1, 1)
    done = take(page)
    assert stem_of("capital") == "대한민국의 수도는 어느 도시입니까?"
    done.send("/undo")
    assert stem_of("capital") == "대한민국의 수도는 어디입니까?"


def test_a_reader_does_not(app: Flask, instructor: Person, other: Person) -> None:
    take(upload(instructor, FIRST))
    share(READER)
    before = counts()
    assert "korea" not in other.get("/banks/upload").form("bank").inputs["bank"].value_options
    assert upload(other, EDITED, bank="korea").status == 422
    assert counts() == before


def test_the_right_to_edit_is_looked_at_again(app: Flask, instructor: Person, other: Person) -> None:
    take(upload(instructor, FIRST))
    share(EDITOR)
    page, second = upload(other, EDITED, bank="korea"), upload(other, EDITED, bank="korea")
    done = take(second)
    before = counts()
    share(READER)
    refused = take(page)
    assert refused.status == 409
    assert "can no longer change the bank “korea”" in refused.text
    warned = other.get(page.url)
    assert "can no longer change this bank" in warned.text
    assert not warned.tree.xpath("//button[@value='import']")
    assert other.send("POST", f"{done.url}/undo", data={"csrf_token": other.token()}).status_code == 404
    assert counts() == before
    assert stem_of("capital") == "대한민국의 수도는 어느 도시입니까?"


def test_a_name_that_was_taken_since(app: Flask, instructor: Person, other: Person) -> None:
    """Two upload a file of the same name; who imports second gets a bank of another name."""
    first, second = upload(instructor, FIRST), upload(other, EDITED)
    take(first)
    assert sums(take(second))["New"] == 3
    assert set(db.session.scalars(select(Bank.slug).where(Bank.slug.like("korea%")))) == {"korea", "korea-2"}
    assert stem_of("capital") == "대한민국의 수도는 어디입니까?"


# --- the preview, narrowed ---


def test_a_preview_is_narrowed_and_ticked(app: Flask, instructor: Person) -> None:
    take(upload(instructor, gift(30), "many.gift"))
    page = upload(instructor, gift(90).replace("10월 1일".encode(), "10월 11일".encode()), "many.gift")
    assert (sums(page)["New"], sums(page)["Changed"], sums(page)["The same"]) == (60, 1, 29)
    changed = instructor.get(page.link("Changed").split("#")[0])
    assert stems(changed) == ["한글날은 10월 11일입니다."]
    none = take(changed, "none")
    assert not none.tree.xpath("//input[@name='take'][@checked]")
    new = instructor.get(none.link("New").split("#")[0])
    assert len(stems(new)) == 25
    second = take(new, "go-2", take=[n for n in new.tree.xpath("//input[@name='take']/@value") if n != "30"])
    assert "Page 2 of 3" in second.text
    assert len(stems(second)) == 25
    done = take(second)
    assert (sums(done)["New"], sums(done)["Changed"], sums(done)["Left out"]) == (59, 0, 2)


def test_a_page_beyond_the_last_and_a_strange_narrowing(app: Flask, instructor: Person) -> None:
    page = upload(instructor, gift(30), "many.gift")
    assert len(stems(instructor.get(f"{page.url}?page=9&show=strange"))) == 5


# --- our scripts ---


def test_a_script_uploads_and_hears_the_steps(app: Flask, instructor: Person) -> None:
    form = {"csrf_token": instructor.token(), "files": (io.BytesIO(gift(600)), "many.gift"), "form": "", "bank": ""}
    reply = instructor.fetch("/banks/upload", form)
    address = reply.json["location"]
    data = {"csrf_token": instructor.token(), "do": "import"}
    reply = instructor.send(
        "POST", f"{address}/import", data=data, headers=instructor.headers | {"Accept": LINES}, buffered=True
    )
    assert reply.mimetype == "application/x-ndjson"
    lines = [json.loads(line) for line in reply.text.splitlines()]
    assert lines == [
        {"step": "reading", "done": 0, "total": 0},
        {"step": "comparing", "done": 500, "total": 600},
        {"step": "storing", "done": 0, "total": 0},
        {"step": "storing", "done": 500, "total": 600},
        {"step": "storing", "done": 600, "total": 600},
        {"location": address},
    ]
    assert sums(instructor.get(address))["New"] == 600
    again = instructor.send(
        "POST", f"{address}/import", data=data, headers=instructor.headers | {"Accept": LINES}, buffered=True
    )
    assert (again.status_code, again.mimetype) == (409, "application/json")
    assert "imported already" in again.json["message"]


def test_a_script_hears_what_is_wrong(app: Flask, instructor: Person) -> None:
    reply = instructor.fetch("/banks/upload", {"bank": "", "form": ""})
    assert (reply.status_code, reply.json) == (422, {"message": "Choose a file, or paste the questions below."})
    page = upload(instructor, KOREAN + "\n\nbroken {=\n", "korea.gift")
    data: dict[str, Any] = {"csrf_token": instructor.token(), "do": "import"}
    reply = instructor.send(
        "POST", f"{page.url}/import", data=data, headers=instructor.headers | {"Accept": LINES}, buffered=True
    )
    assert "some questions can't be read" in json.loads(reply.text.splitlines()[-1])["message"]
    data["readable_only"] = "1"
    reply = instructor.send(
        "POST", f"{page.url}/import", data=data, headers=instructor.headers | {"Accept": LINES}, buffered=True
    )
    assert json.loads(reply.text.splitlines()[-1]) == {"location": page.url}


def test_progress_is_heard_until_the_end() -> None:
    def work(progress: Listener) -> None:
        progress("reading", 0, 0)
        progress("storing", 1, 2)

    assert list(run_with_progress(work)) == [Progress("reading", 0, 0), Progress("storing", 1, 2), Finished()]


def test_a_failing_work_ends_with_its_error() -> None:
    error = RuntimeError("the disk is full")

    def work(progress: Listener) -> None:
        progress("reading", 0, 0)
        raise error

    assert list(run_with_progress(work)) == [Progress("reading", 0, 0), Finished(error)]


def test_nobody_needs_to_listen() -> None:
    done: list[str] = []

    def work(progress: Listener) -> None:
        for count in range(1000):
            progress("storing", count, 1000)
        done.append("all of it")

    messages = run_with_progress(work)
    next(messages)
    messages.close()
    assert done == ["all of it"]


# --- what changes between the look and the import ---


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"language": "en"}, "read in a different way"), ({"left_out": [1]}, "The ticked questions were changed")],
)
def test_what_was_decided_elsewhere_meanwhile(app: Flask, changes: dict[str, Any], said: str) -> None:
    user = user_of("instructor")
    kept = imports.keep(user, [("korea.yaml", FIRST.encode())], None, "", ReadingOptions(), clock.now())[0]
    before = counts()
    with atomic():
        statement = update(Upload).where(Upload.id == kept.id).values(**changes)
        db.session.execute(statement, execution_options={"synchronize_session": False})
    with pytest.raises(Conflict, match=said):
        imports.apply(kept, user, False, clock.now())
    assert counts() == before


def test_an_undo_gives_back_what_pages_filter_by(app: Flask, instructor: Person) -> None:
    tagged = FIRST.replace("kind: choice", "kind: choice\n  tags: [서울]\n  difficulty: 3")
    take(upload(instructor, FIRST))
    take(upload(instructor, tagged)).send("/undo")
    question = by_key(queries.bank("korea").id)["capital"]
    assert (question.tags, question.difficulty) == ("", None)


# --- memory ---


def sent(name: str) -> SentFile:
    return SentFile(name, datetime(2026, 1, 1, tzinfo=UTC), "korea.gift", ReadingOptions())


def test_only_so_much_is_remembered() -> None:
    content = content_in(KOREAN.encode(), "korea.gift", ReadingOptions())
    memory = ContentCache(3 * (1000 + 2 * ContentCache.QUESTION))
    for name in ("a", "b", "c"):
        memory.keep(sent(name), content, 1000)
    assert memory.get(sent("a")) is content
    memory.keep(sent("d"), content, 1000)
    assert memory.get(sent("b")) is None, "asked for longest ago"
    assert memory.get(sent("a")) is content
    memory.keep(sent("e"), content, 100_000)
    assert memory.get(sent("e")) is None, "larger than all that may be kept"
    assert memory.get(sent("d")) is content
    memory.forget("d")
    assert memory.get(sent("d")) is None


def test_old_uploads_go(app: Flask) -> None:
    user, now = user_of("instructor"), clock.now()
    imports.keep(user, [("old.yaml", FIRST.encode())], None, "", ReadingOptions(), now - timedelta(days=8))
    imports.keep(user, [("new.yaml", FIRST.encode())], None, "", ReadingOptions(), now)
    assert db.session.scalars(select(Upload.filename)).all() == ["new.yaml"]
