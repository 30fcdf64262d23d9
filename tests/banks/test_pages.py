"""The pages of a bank: list, search, filters, one question with its versions, and the way out."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.banks import actions, queries
from quizapp.banks.models import MediaFile, Question
from quizapp.banks.views.exports import WRITABLE_FORMATS
from quizapp.db import db
from quizapp.formats import FORMATS
from quizapp.formats.items import Item, Media
from quizapp.formats.yaml_bank import write as to_yaml
from tests.conftest import by_key, user_of
from tests.person import Page, Person
from tests.uploads.test_upload import EDITED, FIRST, sums, take, upload

PICTURE = b"\x89PNG\r\n\x1a\n picture"


def statement(number: int, **fields: Any) -> Item:
    return Item(id=f"q{number}", kind="truefalse", stem={"ko": f"문장 {number}번"}, response={"answer": True}, **fields)


def made(items: list[Item], slug: str = "made") -> None:
    actions.import_items(user_of("instructor"), slug, {"ko": slug}, items, clock.now())


def listed(page: Page) -> list[str]:
    return [link.text_content().strip() for link in page.tree.xpath("//a[@class='question-link']")]


def test_an_objective_is_called_as_its_course_calls_it(app: Flask, instructor: Person) -> None:
    """Elsewhere by the name that its author gave it."""
    page = instructor.get("/banks/structure?objective=structure.agi")
    (chosen,) = page.tree.xpath("//select[@name='objective']/option[@selected]/text()")
    assert chosen == "Explain the definition of AGI, who determines it, and what it means for the licence."
    assert chosen in page.tree.xpath("//ol[@class='question-list']//span[@class='tag']/text()")
    assert "structure.agi" not in page.tree.xpath("string(//main)")
    made([statement(1, objectives=["Kings & queens"])])
    assert "Kings & queens" in instructor.get("/banks/made").tree.xpath("//span[@class='tag']/text()")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["수도는 서울이다", "Sejong created 한글", "100% of a_b"]),
        ("q=서울", ["수도는 서울이다"]),
        (f"q={unicodedata.normalize('NFD', '서울')}", ["수도는 서울이다"]),
        ("q=SEJONG 한글", ["Sejong created 한글"]),
        ("q=sejong 서울", []),
        ("q=100%25", ["100% of a_b"]),
        ("q=a%25b", []),
        ("q=a_b", ["100% of a_b"]),
        ("q=aXb", []),
        ("q=%00", ["수도는 서울이다", "Sejong created 한글", "100% of a_b"]),
        ("tag=지리", ["수도는 서울이다"]),
        ("tag=지", []),
        ("difficulty=3", ["Sejong created 한글"]),
        ("difficulty=x", ["수도는 서울이다", "Sejong created 한글", "100% of a_b"]),
        ("objective=kings", ["Sejong created 한글"]),
        ("kind=essay", ["100% of a_b"]),
        ("archived=1", []),
        ("page=99", []),
    ],
)
def test_search_and_filters(app: Flask, instructor: Person, query: str, found: list[str]) -> None:
    made(
        [
            Item(
                id="1",
                kind="truefalse",
                stem={"en": "수도는 서울이다"},
                response={"answer": True},
                tags=["지리", "수도"],
            ),
            Item(
                id="2",
                kind="truefalse",
                stem={"en": "Sejong created 한글"},
                response={"answer": True},
                difficulty=3,
                objectives=["kings"],
            ),
            Item(id="3", kind="essay", stem={"en": "100% of a_b"}),
        ]
    )
    assert listed(instructor.get(f"/banks/made?{query}")) == found


def test_the_bank_page_costs_the_same_whatever_the_size(app: Flask, instructor: Person, statements: list[str]) -> None:
    def cost(url: str) -> int:
        """Of a second visit: at the first one the bank's remarks are worked out."""
        instructor.get(url)
        statements.clear()
        instructor.get(url)
        return len(statements)

    made([statement(1)])
    first = cost("/banks/made")
    made([statement(number) for number in range(200)], "large")
    assert cost("/banks/large") == first
    assert cost("/banks/large?q=문장&kind=truefalse&page=3") == first
    assert first <= 10
    assert cost("/banks") <= 10


def test_pages_of_a_list(app: Flask, instructor: Person) -> None:
    made([statement(number) for number in range(60)])
    page = instructor.get("/banks/made?q=문장")
    assert len(listed(page)) == 25
    second = instructor.get(page.link("Next page"))
    assert listed(second)[0].startswith("문장 25번")


def question_page(instructor: Person, key: str, bank: str = "korea") -> Page:
    question = by_key(queries.bank(bank).id)[key]
    return instructor.get(f"/banks/{bank}/questions/{question.public_id}")


def test_versions_can_be_restored(app: Flask, instructor: Person) -> None:
    take(upload(instructor, FIRST))
    take(upload(instructor, EDITED))
    page = question_page(instructor, "capital")
    assert "1 field differs" in page.text
    restored = page.send("/versions/1/restore")
    assert "is restored" in restored.text
    question = by_key(queries.bank("korea").id)["capital"]
    assert question.current is not None
    assert question.current.number == 3
    assert question.current.content["stem"]["ko"] == "대한민국의 수도는 어디입니까?"
    assert "어디입니까" in question.search
    assert (
        instructor.send("POST", f"{page.url}/versions/9/restore", data={"csrf_token": instructor.token()}).status_code
        == 404
    )


def test_a_question_s_key_is_no_title(app: Flask, instructor: Person) -> None:
    """A reader may have made it up; it stands where one looks for what to write into a file."""
    page = instructor.get(instructor.get("/banks/board").tree.xpath("//a[@class='question-link']/@href")[0])
    assert page.heading.endswith("?")
    assert "board-" not in page.heading
    assert "In files it is called board-" in page.text
    assert instructor.get(page.link("Edit")).heading == "Edit the question"


def test_archived_and_brought_back(app: Flask, instructor: Person) -> None:
    take(upload(instructor, FIRST))
    page = question_page(instructor, "hangul").send("/archive")
    assert "no quiz draws it" in page.text
    assert len(listed(instructor.get("/banks/korea"))) == 1
    assert len(listed(instructor.get("/banks/korea?archived=1"))) == 1
    page.send("/archive")
    assert len(listed(instructor.get("/banks/korea"))) == 2


def test_a_source_leads_to_the_passage(app: Flask, instructor: Person) -> None:
    question = next(
        one
        for one in queries.questions(queries.bank("devday").id)
        if one.current and one.current.content.get("citations")
    )
    page = instructor.get(f"/banks/devday/questions/{question.public_id}")
    place, _, anchor = page.tree.xpath("//*[@class='source-head']/a/@href")[0].partition("#")
    assert instructor.get(place).tree.xpath("//*[@id=$anchor]", anchor=anchor)


def test_every_question_of_the_demo_can_be_shown(app: Flask, instructor: Person) -> None:
    for question in db.session.scalars(select(Question).order_by(Question.id)).all()[::7]:
        page = instructor.get(f"/banks/{question.bank.slug}/questions/{question.public_id}")
        assert "Version 1" in page.text


def test_every_accepted_answer_is_named(app: Flask, instructor: Person) -> None:
    answers = [{"text": "세종", "fraction": 1}, {"text": "이도", "fraction": 0.5}]
    made([Item(id="king", kind="text", stem={"ko": "누구입니까?"}, response={"answers": answers})])
    assert "세종 | 이도 (50%)" in question_page(instructor, "king", "made").text


def test_pictures_on_their_way(app: Flask, instructor: Person) -> None:
    """Seen in the preview, stored by the import, shown on the question's page, and still there in an export."""
    item = statement(1, media=[Media("map.png", PICTURE, "image/png", "a map")])
    item.stem = {"ko": "![지도](media:map.png) 여기는 어디입니까?"}
    page = upload(instructor, to_yaml([item]), "maps.yaml")
    source = page.tree.xpath("//div[@class='stem']//img/@src")[0]
    assert instructor.send("GET", source).data == PICTURE
    assert db.session.get(MediaFile, item.media[0].hash) is None
    take(page)
    source = question_page(instructor, "q1", "maps").tree.xpath("//div[@class='stem']//img/@src")[0]
    assert instructor.send("GET", source).data == PICTURE
    out = instructor.send("GET", "/banks/maps/export/yaml", buffered=True).data
    assert FORMATS["yaml"].read(out).items[0].media[0].data == PICTURE
    assert sums(upload(instructor, out, "maps.yaml"))["The same"] == 1


@pytest.mark.parametrize("name", sorted(WRITABLE_FORMATS))
def test_every_format_has_a_report_and_a_file(app: Flask, instructor: Person, name: str) -> None:
    page = instructor.get(f"/banks/board/export?format={name}")
    assert "can be exported" in page.text
    left_out = "can't be exported in this format" in page.text
    reply = instructor.send("GET", f"/banks/board/export/{name}", buffered=True)
    assert reply.status_code == (422 if left_out else 200), reply.text[:500]
    if page.tree.xpath("//button[text()='Download']"):
        reply = instructor.send("GET", f"/banks/board/export/{name}?partial=1", buffered=True)
        assert reply.status_code == 200
        assert reply.mimetype == FORMATS[name].MIME
        assert FORMATS[name].SUFFIXES[0] in reply.headers["Content-Disposition"]
        assert FORMATS[name].read(reply.data).items


def test_a_download_asks_once_of_each_question_whether_it_can_be_written(
    app: Flask, instructor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To ask is to write it and to read it again."""
    asked: list[str] = []
    carries = FORMATS["gift"].carries
    monkeypatch.setattr(FORMATS["gift"], "carries", lambda item: asked.append(item.id) or carries(item))
    places = [{"id": name, "text": {"en": name}} for name in "ab"]
    items = [statement(1), Item(id="o", kind="order", stem={"en": "?"}, response={"items": places}), statement(2)]
    for slug, some in (("whole", items[::2]), ("partly", items)):
        made(some, slug)
        asked.clear()
        reply = instructor.send("GET", f"/banks/{slug}/export/gift?partial=1", buffered=True)
        assert [one.id for one in FORMATS["gift"].read(reply.data).items] == ["q1", "q2"]
        assert asked == (["q1", "q2"] if slug == "whole" else ["q1", "o", "q2"])


def test_what_is_only_read_is_not_offered(app: Flask, instructor: Person) -> None:
    assert set(FORMATS) - set(WRITABLE_FORMATS) == {"kahoot", "docx", "hwpx", "zip"}
    page = instructor.get("/banks/board/export")
    assert sorted(page.tree.xpath("//select[@id='format']/option/@value")) == sorted(WRITABLE_FORMATS)
    assert instructor.send("GET", "/banks/board/export/kahoot").status_code == 404


@pytest.mark.parametrize("name", ["yaml", "json"])
def test_what_was_exported_changes_nothing_when_it_comes_back(app: Flask, instructor: Person, name: str) -> None:
    count = len(queries.questions(queries.bank("board").id))
    data = instructor.send("GET", f"/banks/board/export/{name}", buffered=True).data
    page = upload(instructor, data, f"board.{name}", bank="board")
    assert (sums(page)["The same"], sums(page)["New"], sums(page)["Changed"]) == (count, 0, 0)


def test_blank_sheets(app: Flask, instructor: Person) -> None:
    sheets = [link for link in instructor.get("/banks").links() if "/template/" in link]
    assert len(sheets) == 2 * sum(1 for form in FORMATS.values() if hasattr(form, "template"))
    for link in sheets:
        reply = instructor.send("GET", link, buffered=True)
        name = link.split("/")[-2]
        assert not FORMATS[name].read(reply.data).errors
    instructor.get("/banks/template/yaml/ko", 404)


def test_a_refused_export_says_so_at_the_box_to_tick(instructor: Person) -> None:
    form = instructor.get("/banks/board/export?format=gift").form("partial")
    assert not form.xpath(".//*[@role='alert']")
    form = instructor.get("/banks/board/export/gift", status=422).form("partial")
    assert "tick the box" in form.xpath("string(.//*[@role='alert'])")
    (box,) = form.xpath(".//input[@name='partial']")
    assert form.xpath(f".//*[@id='{box.get('aria-describedby')}']//*[@role='alert']")
