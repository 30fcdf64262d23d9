"""What is done with a new kind and a new format, by people, in an application that was made by the recipe.

`test_recipes` runs this in a copy of the project; here the kind and the format aren't there.
"""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from flask import Flask

import quizapp
from quizapp import clock
from quizapp.attempts import actions, queries
from quizapp.banks import actions as banks
from quizapp.db import db
from quizapp.formats import FORMATS
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from tests.conftest import user_of
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of
from tests.uploads.test_upload import sums, take, upload

KIND = "odd_one_out"
STEM = {"ko": "무엇이 다른가요?", "en": "Which one is odd?"}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'site.sqlite3')}"


@pytest.fixture
def bank(app: Flask) -> str:
    items = [Item(id="odd", kind=KIND, stem=STEM, response=KINDS[KIND].EXAMPLE)]
    banks.import_items(user_of("instructor"), "made", {"ko": "만든", "en": "Made"}, items, clock.now())
    return "made"


def test_it_is_the_copy_that_runs() -> None:
    assert quizapp.__file__ is not None
    assert Path(quizapp.__file__).parent.parent == Path.cwd()
    assert KIND in KINDS
    assert "piped" in FORMATS


@pytest.mark.parametrize("feedback", ["immediate", "deferred"])
def test_a_learner_answers_and_sees_the_results(
    app: Flask, bank: str, learner: Person, instructor: Person, feedback: str
) -> None:
    quiz = quiz_of({"bank": bank}, feedback=feedback)
    attempt = actions.start(user_of("learner"), quiz, clock.now())
    url = f"/attempts/{attempt.public_id}/questions/1"
    page = learner.get(url)
    tokens = page.tree.xpath("//input[@name='choice']/@value")
    words = [" ".join(one.split()) for one in page.tree.xpath("//span[@class='option-text']/text()")]
    assert sorted(words) == ["Bat", "Shark", "Whale"]
    assert not {"t1", "t2", "t3"} & set(page.tree.xpath("//input/@value"))
    assert "fish" not in page.source
    wrong, right = (tokens[words.index(word)] for word in ("Bat", "Shark"))
    saved = learner.fetch(url, {"seq": "0", "choice": wrong})
    assert (saved.status_code, saved.json["text"]) == (200, "Bat")
    stale = learner.fetch(url, {"seq": "0", "choice": right})
    assert (stale.status_code, stale.json["fields"], stale.json["theirs"]) == (409, {"choice": wrong}, "Bat")
    assert learner.fetch(url, {"seq": "1", "choice": "t2"}).status_code == 422
    shown = learner.get(url).send("seq", ("do", "check"), choice=right)
    assert ("fish" in shown.text) == (feedback == "immediate")
    assert queries.slots(attempt.id)[0].fraction == 1
    results = learner.get(f"/attempts/{attempt.public_id}/summary").send("/submission")
    assert results.url.endswith("/results")
    assert "Shark" in results.text
    assert "It is a fish." in results.text
    told = json.loads(learner.send("GET", "/settings/data").text)["attempts"][0]["questions"][0]["answers"]
    assert [one["text"] for one in told] == ["Bat", "Shark"]
    statistics = instructor.get(f"/quizzes/{quiz.public_id}/results/questions")
    assert [" ".join(row.split()) for row in statistics.tree.xpath("//tbody//th/text()[1]")] == [
        "Whale",
        "Shark",
        "Bat",
    ]
    assert "Shark Right 100% (1)" in statistics.text
    assert list(queries.wrong_scores()) == []


def test_an_author_writes_one(instructor: Person) -> None:
    link = instructor.get("/banks/board/questions/new").link("Odd one out")
    page = instructor.get(link)
    assert page.heading == "New question: Odd one out"
    assert page.tree.xpath("count(//fieldset[@id='response-things']/ol/li)") == 3
    refused = page.send("version", ("do", "save"), **{"stem-en": "Which?"})
    assert refused.status == 422
    assert "Say which one is odd." in refused.text
    fields = {f"response-things-{place}-text-{language}": word
              for place, word in enumerate(("Oak", "Rose", "Pine")) for language in ("ko", "en")}  # fmt: skip
    more = refused.send("version", ("do", "add:response-things"), **fields)
    assert more.tree.xpath("count(//fieldset[@id='response-things']/ol/li)") == 4
    odd = more.tree.xpath("//select[@name='response-odd']/option[contains(., 'Rose')]/@value")[0]
    data = dict(more.form("version").form_values()) | {"response-odd": odd, "stem-ko": "무엇?"}
    fragment = instructor.send("POST", "/banks/board/questions/preview", data=data).text
    assert fragment.count("Pine") == 2
    saved = more.send("version", ("do", "save"), **{"response-odd": odd, "stem-ko": "무엇?"})
    assert saved.status == 200
    assert "Rose" in saved.tree.xpath("string(//p[@class='solution'])")
    edited = instructor.get(saved.link("Edit")).send("version", ("do", "save"), **{"response-things-0-text-en": "Elm"})
    assert "Saved as version 2" in edited.text
    assert "Thing › " in edited.text
    assert "› Text › English" in edited.text


def test_it_goes_out_and_comes_back(app: Flask, bank: str, instructor: Person) -> None:
    for name in ("yaml", "json"):
        data = instructor.send("GET", f"/banks/{bank}/export/{name}", buffered=True).data
        seen = upload(instructor, data, f"made.{name}", bank=bank)
        assert (sums(seen)["The same"], sums(seen)["Unreadable"]) == (1, 0)
    fresh = data.replace(b"Bat", b"Owl").replace(b'"odd"', b'"other"', 1)
    assert sums(take(upload(instructor, fresh, "made.json", bank=bank)))["Unreadable"] == 0
    for name in FORMATS:
        page = instructor.get(f"/banks/{bank}/export?format={name}")
        assert page.status == 200
        reply = instructor.send("GET", f"/banks/{bank}/export/{name}", buffered=True)
        assert reply.status_code in (200, 404, 422), name


def test_a_file_of_the_format_is_imported_and_exported(app: Flask, instructor: Person) -> None:
    seen = upload(instructor, FORMATS["piped"].SAMPLE, "lines.piped")
    assert sums(seen)["New"] == 2
    take(seen)
    slug = "lines"
    assert instructor.send("GET", f"/banks/{slug}/export/piped", buffered=True).data == FORMATS["piped"].SAMPLE
    form = {"csrf_token": instructor.token(), "files": (io.BytesIO(b"alone"), "bad.piped"), "bank": slug}
    broken = instructor.post("/banks/upload", form | {"form": "piped", "language": ""})
    assert "A question and two choices belong here." in broken.text
    db.session.rollback()
