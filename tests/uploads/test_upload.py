"""The way of a file into a bank: upload, preview, import, the same again, an edited file, undo."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.banks import queries
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.db import atomic, db
from quizapp.uploads import actions as imports
from quizapp.uploads import queries as upload_queries
from quizapp.uploads.content import ReadingOptions
from quizapp.uploads.models import Upload
from tests.conftest import by_key, user_of
from tests.person import Page, Person

FIRST = """
- id: capital
  kind: choice
  stem: {ko: 대한민국의 수도는 어디입니까?, en: What is the capital of Korea?}
  response:
    choices:
      - {id: a, text: {ko: 서울, en: Seoul}, fraction: 1}
      - {id: b, text: {ko: 부산, en: Busan}, fraction: 0}
- id: hangul
  kind: text
  stem: {ko: 훈민정음을 만든 임금은 누구입니까?}
  response:
    answers: [{text: 세종, fraction: 1}]
"""
EDITED = (
    FIRST.replace("어디입니까?", "어느 도시입니까?")
    + """
- id: sea
  kind: truefalse
  stem: {ko: 독도는 동해에 있다.}
  response: {answer: true}
"""
)
BROKEN = (
    FIRST
    + """
- id: nothing
  kind: choice
  stem: {en: No choices at all}
  response: {choices: []}
"""
)


def upload(person: Person, data: bytes | str, name: str = "korea.yaml", **fields: Any) -> Page:
    """Send a file through the form, and follow to the preview."""
    content = data.encode() if isinstance(data, str) else data
    form = {"csrf_token": person.token(), "files": (io.BytesIO(content), name), "bank": "", "form": "", "language": ""}
    return person.post("/banks/upload", form | fields)


def sums(page: Page) -> dict[str, int]:
    """The numbers at the top of a preview or a result."""
    names = page.tree.xpath("//dl[@class='sums']//dt/text()")
    return dict(zip(names, map(int, page.tree.xpath("//dl[@class='sums']//dd/text()")), strict=True))


def take(page: Page, do: str = "import", **fields: Any) -> Page:
    """Press a button of the preview. Its ticks stand outside the form and name it, which lxml doesn't follow."""
    ticked = page.tree.xpath("//input[@form='import'][@name='take'][@checked]/@value")
    return page.send("/import", ("do", do), **{"take": ticked, **fields})


def stem_of(key: str, bank: str = "korea") -> str:
    question = by_key(queries.bank(bank).id)[key]
    assert question.current is not None
    return question.current.content["stem"]["ko"]


def counts() -> tuple[int, int]:
    """Questions and versions in the database."""
    questions = db.session.scalar(select(func.count(Question.id))) or 0
    return questions, db.session.scalar(select(func.count(QuestionVersion.id))) or 0


def test_the_whole_way(app: Flask, instructor: Person) -> None:
    before = counts()
    page = upload(instructor, FIRST)
    assert sums(page) == {"Found": 2, "New": 2, "Changed": 0, "The same": 0, "Unreadable": 0, "Skipped": 0}
    assert "Seoul" in page.text
    assert "yaml" in page.source.lower()
    assert counts() == before, "a preview stores nothing in a bank"
    done = take(page)
    assert sums(done)["New"] == 2
    assert counts() == (before[0] + 2, before[1] + 2)

    page = upload(instructor, FIRST)
    assert sums(page) == {"Found": 2, "New": 0, "Changed": 0, "The same": 2, "Unreadable": 0, "Skipped": 0}
    assert "nothing to import" in page.text
    assert counts() == (before[0] + 2, before[1] + 2)

    page = upload(instructor, EDITED)
    assert (sums(page)["New"], sums(page)["Changed"], sums(page)["The same"]) == (1, 1, 1)
    assert page.tree.xpath("//dl[@class='changes']//del")[0].text_content().endswith("어디입니까?")
    assert page.tree.xpath("//dl[@class='changes']//ins")[0].text_content().endswith("어느 도시입니까?")
    done = take(page)
    assert stem_of("capital") == "대한민국의 수도는 어느 도시입니까?"

    undone = done.send("/undo")
    assert "undone" in undone.text
    assert stem_of("capital") == "대한민국의 수도는 어디입니까?"
    assert by_key(queries.bank("korea").id)["sea"].archived_at is not None

    done = take(upload(instructor, EDITED))
    assert (sums(done)["New"], sums(done)["Changed"]) == (0, 2), "what was undone can be imported again"
    assert stem_of("capital") == "대한민국의 수도는 어느 도시입니까?"
    assert by_key(queries.bank("korea").id)["sea"].archived_at is None


def test_only_what_is_ticked(app: Flask, instructor: Person) -> None:
    done = take(upload(instructor, EDITED), take=["0", "2"])
    assert (sums(done)["New"], sums(done)["Left out"]) == (2, 1)
    assert set(by_key(queries.bank("korea").id)) == {"capital", "sea"}


def test_none_is_refused(app: Flask, instructor: Person) -> None:
    page = take(upload(instructor, FIRST), "none")
    assert not page.tree.xpath("//input[@name='take'][@checked]")
    refused = take(page)
    assert refused.status == 422
    assert "no question" in refused.text
    assert db.session.scalar(select(Bank).where(Bank.slug == "korea")) is None


def test_ticks_are_kept_from_page_to_page(app: Flask, instructor: Person) -> None:
    many = "".join(
        f"- {{id: q{n}, kind: truefalse, stem: {{en: 'Statement number {n}'}}, response: {{answer: true}}}}\n"
        for n in range(60)
    )
    page = upload(instructor, many, "many.yaml")
    assert len(page.tree.xpath("//input[@name='take']")) == 25
    second = take(page, "go-2", take=[str(n) for n in range(25) if n != 3])
    assert second.tree.xpath("//input[@name='take']/@value")[0] == "25"
    done = take(second)
    assert (sums(done)["New"], sums(done)["Left out"]) == (59, 1)
    assert "q3" not in by_key(queries.bank("many").id)


def test_unreadable_ones_need_a_word(app: Flask, instructor: Person) -> None:
    page = upload(instructor, BROKEN)
    assert (sums(page)["Found"], sums(page)["Unreadable"]) == (3, 1)
    assert page.tree.xpath("//ul[@class='problem-list']/li")
    refused = take(page)
    assert refused.status == 422
    assert "Correct the file" in refused.text
    done = take(refused, readable_only="1")
    assert (sums(done)["New"], sums(done)["Unreadable"]) == (2, 1)


def test_sent_twice(app: Flask, instructor: Person) -> None:
    """A second click, or a form in an old tab, imports nothing again and says so."""
    page = upload(instructor, FIRST)
    take(page)
    stored = counts()
    again = take(page)
    assert again.status == 200
    assert "imported already" in again.text
    assert counts() == stored


def test_undo_is_refused_after_an_edit(app: Flask, instructor: Person) -> None:
    done = take(upload(instructor, FIRST))
    take(upload(instructor, EDITED))
    refused = done.send("/undo")
    assert "was changed since" in refused.text
    assert stem_of("capital") == "대한민국의 수도는 어느 도시입니까?"


def test_undone_twice(app: Flask, instructor: Person) -> None:
    done = take(upload(instructor, FIRST))
    done.send("/undo")
    assert "nothing to undo" in done.send("/undo").text


def test_a_new_bank_by_name_and_pasted(app: Flask, instructor: Person) -> None:
    data = {
        "csrf_token": instructor.token(),
        "pasted": FIRST,
        "bank": "",
        "name": "한국 지리",
        "form": "yaml",
        "language": "",
    }
    page = instructor.post("/banks/upload", data)
    assert "한국 지리" in page.text
    take(page)
    assert "한국 지리" in instructor.get("/banks").text
    again = instructor.post("/banks/upload", data)
    assert sums(again)["The same"] == 2, "the name leads to the same bank"


def test_pasted_into_a_new_bank_without_a_name(app: Flask, instructor: Person) -> None:
    """The bank says in the reader's language where it comes from, and what is pasted next goes there too."""
    korean = Person(app, user_of("instructor"), language="ko")
    take(instructor.get("/banks/upload").send("/upload", pasted="Seoul is the capital. {T}"))
    assert "Pasted text" in instructor.get("/banks").text
    assert "붙여 넣은 글" in korean.get("/banks").text
    again = instructor.get("/banks/upload").send("/upload", pasted="Seoul is the capital. {T}\n\nBusan is a port. {T}")
    assert sums(again)["The same"] == 1


def test_several_files_wait_in_line(app: Flask, instructor: Person) -> None:
    files = [(io.BytesIO(FIRST.encode()), "one.yaml"), (io.BytesIO(EDITED.encode()), "two.yaml")]
    data = {"csrf_token": instructor.token(), "files": files, "bank": "", "name": "", "form": "", "language": ""}
    done = take(instructor.post("/banks/upload", data))
    assert "Next: two.yaml" in done.text
    assert "two.yaml" in instructor.get("/banks").text


def test_after_an_import_the_way_leads_to_its_bank_and_not_to_a_stale_upload(app: Flask, instructor: Person) -> None:
    upload(instructor, FIRST, "stale.yaml")
    done = take(upload(instructor, FIRST, "korea.yaml"))
    assert done.tree.xpath("//a[contains(@class, 'btn-primary')]/@href") == ["/banks/korea"]
    assert "stale.yaml" not in done.text
    made = instructor.get(*done.tree.xpath("//a[.='Make a quiz from this bank']/@href"))
    assert made.tree.xpath("//select[@name='bank']/option[@selected]/@value") == ["korea"]


def test_a_preview_counts_as_the_file_does(app: Flask, instructor: Person) -> None:
    """What couldn't be read has a number too, in the file."""
    sheet = "연번,문제,보기 1,보기 2,정답\n3,수도는?,서울,부산,1\n4,항구는?,서울,부산,5\n5.,섬은?,제주,대전,1\n"
    page = upload(instructor, sheet, "exam.csv")
    assert page.tree.xpath("//ol[@class='preview-list']//label[starts-with(@for, 'take-')]/text()") == [
        "Import question 3",
        "Import question 5",
    ]
    pasted = "1. 수도는?\n2. 항구는?\n정답: 부산\n"
    page = instructor.get("/banks/upload").send("/upload", pasted=pasted)
    assert "Import question 2" in page.text


def test_dropped_and_forgotten(app: Flask, instructor: Person) -> None:
    page = upload(instructor, FIRST)
    take(page, "drop")
    instructor.get(page.url, 404)
    page = upload(instructor, FIRST)
    with atomic():
        db.session.scalars(select(Upload)).one().created_at = clock.now() - timedelta(days=8)
    upload(instructor, EDITED)
    instructor.get(page.url, 404)


def test_a_much_like_question_is_pointed_at(app: Flask, instructor: Person) -> None:
    take(upload(instructor, FIRST))
    other = (
        FIRST.replace("id: hangul", "id: hangul-2")
        .replace("누구입니까?", "누구인가요?")
        .replace("id: capital", "id: sun")
        .replace("대한민국의 수도는 어디입니까?", "태양은 무엇으로 이루어져 있습니까?")
        .replace("What is the capital of Korea?", "What does the sun consist of?")
    )
    page = upload(instructor, other, "other.yaml")
    assert page.text.count("Very similar to another") == 1
    instructor.get(page.link("worth a look"))


def test_a_number_that_could_be_another_is_asked_about_beside_its_question(app: Flask, instructor: Person) -> None:
    page = upload(instructor, "How many? {#1,000}\n\nHow few? {#2}\n", "numbers.gift")
    doubtful, clear = (row.text_content() for row in page.tree.xpath("//ol[@class='preview-list']/li"))
    assert "can be 1000 or 1.000; it was read as 1000" in doubtful
    assert "was read as" not in clear


@pytest.mark.parametrize("role", ["learner", "stranger", "visitor"])
def test_only_instructors_may_come(app: Flask, role: str, request: pytest.FixtureRequest) -> None:
    person: Person = request.getfixturevalue(role)
    for url in ("/banks", "/banks/upload", "/banks/devday", "/banks/devday/export"):
        reply = person.send("GET", url)
        assert reply.status_code == (302 if role == "visitor" else 403), url


def test_what_is_somebody_elses_is_not_there(app: Flask, instructor: Person) -> None:
    page = upload(instructor, FIRST)
    other = Person(app, accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now()))
    question = queries.questions(queries.bank("devday").id)[0].public_id
    for url in (
        page.url,
        "/banks/devday",
        "/banks/devday/export",
        "/banks/devday/export/yaml",
        f"/banks/devday/questions/{question}",
    ):
        other.get(url, 404)
    token = {"csrf_token": other.token()}
    for url in (
        f"{page.url}/import",
        f"{page.url}/undo",
        f"{page.url}/reading",
        f"/banks/devday/questions/{question}/archive",
    ):
        assert other.send("POST", url, data=token).status_code == 404, url
    take(page)
    mine = upload(other, EDITED)
    assert sums(mine)["New"] == 3, "a bank of the same name is another bank"
    take(mine)
    assert {bank.slug for bank in queries.editable_banks(user_of("instructor").id)} >= {"korea"}
    assert [bank.slug for bank in db.session.scalars(select(Bank).where(Bank.slug.like("korea-%")))] == ["korea-2"]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "picture.png"),
        (b"PK\x03\x04" + b"\0" * 100, "broken.xlsx"),
        (b"\xff\xfe\x00", "half.csv"),
        (b"\0" * 1000, "zeros.txt"),
        (b"items: [", "cut.yaml"),
        (b'{"items": [', "cut.json"),
        (b"<quiz><question>", "cut.xml"),
        (b"a: &a [*a, *a]", "loop.yaml"),
        (b"%PDF-1.7 " + b"\xe2\xe3" * 200, "book.pdf"),
        (b" \n\t ", "blank.yaml"),
        ("유형,문제\n".encode("cp949"), "head.csv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("form", ["", "yaml", "json"])
def test_what_is_no_question_file_gets_an_answer(
    app: Flask, instructor: Person, data: bytes, name: str, form: str
) -> None:
    page = upload(instructor, data, name, form=form)
    assert page.status == 200
    assert page.tree.xpath("//ul[@class='problem-list']/li"), page.text
    assert not page.tree.xpath("//button[@value='import']")


def test_an_empty_form_and_an_empty_file(app: Flask, instructor: Person) -> None:
    page = upload(instructor, b"", "nothing.csv")
    assert page.status == 422
    assert "“nothing.csv” is empty" in page.text
    page = instructor.get("/banks/upload").send("/banks/upload")
    assert page.status == 422
    assert "Choose a file" in page.text


def multipart(person: Person, data: bytes) -> dict[str, Any]:
    """A body with a file, built by hand: the test client would leave a temporary file open."""
    parts = [("csrf_token", "", person.token().encode()), ("bank", "", b""), ("form", "", b""), ("language", "", b"")]
    body = b"".join(
        b'--part\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (name.encode(), more.encode(), content)
        for name, more, content in [*parts, ("files", '; filename="large.yaml"', data)]
    )
    return {"data": body + b"--part--\r\n", "content_type": "multipart/form-data; boundary=part"}


def test_too_large(app: Flask, instructor: Person) -> None:
    reply = instructor.send("POST", "/banks/upload", **multipart(instructor, b"x" * (51 * 1024 * 1024)))
    assert reply.status_code == 413
    assert "more than 50 MB" in reply.text


def test_larger_than_other_pages_take(app: Flask, instructor: Person) -> None:
    data = (FIRST + "# " + "x" * (3 * 1024 * 1024)).encode()
    reply = instructor.send("POST", "/banks/upload", **multipart(instructor, data))
    assert reply.status_code == 303
    waiting = instructor.send("GET", reply.location)
    assert "The file is being read" in waiting.text
    assert waiting.headers["Refresh"] == "2"
    assert imports.read_next_large_file(clock.now())
    assert sums(instructor.get(reply.location))["New"] == 2


def test_a_token_is_needed(app: Flask, instructor: Person) -> None:
    reply = instructor.send("POST", "/banks/upload", data={"files": (io.BytesIO(FIRST.encode()), "korea.yaml")})
    assert reply.status_code == 400
    assert db.session.scalar(select(func.count(Upload.id))) == 0


def test_read_in_another_way(app: Flask, instructor: Person) -> None:
    page = upload(instructor, FIRST, form="json")
    assert sums(page)["Found"] == 0
    again = page.send("/reading", form="yaml")
    assert sums(again)["New"] == 2


def test_the_last_version_number_counts_after_an_undo(app: Flask, instructor: Person) -> None:
    take(upload(instructor, FIRST))
    take(upload(instructor, EDITED)).send("/undo")
    upload_again = take(upload(instructor, EDITED))
    numbers = [version.number for version in queries.versions(by_key(queries.bank("korea").id)["capital"].id)]
    assert numbers == [3, 2, 1]
    assert sums(upload_again)["Changed"] == 2


def test_nothing_is_half_imported(app: Flask) -> None:
    """A failure at the end leaves neither a question nor the mark of an import."""
    user = user_of("instructor")
    kept = imports.keep(user, [("korea.yaml", FIRST.encode())], None, "", ReadingOptions("yaml"), clock.now())[0]
    before = counts()

    def broken_import() -> None:
        with atomic():
            imports.apply(kept, user, False, clock.now())
            raise RuntimeError("the power is gone")

    with pytest.raises(RuntimeError):
        broken_import()
    assert counts() == before
    assert upload_queries.upload(kept.public_id, user.id).applied_at is None
