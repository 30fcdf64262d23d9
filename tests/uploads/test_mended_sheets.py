"""A mended sheet comes again: rows without an id are matched with what the bank holds, and a person decides."""

from __future__ import annotations

from flask import Flask

from quizapp.banks import queries
from quizapp.formats import FORMATS
from quizapp.formats.items import Item
from tests.person import Page, Person
from tests.uploads.test_upload import counts, sums, take, upload

HEAD = "번호,문제,보기 1,보기 2,정답\n"
FIRST = HEAD + "1,대한민국의 수도는 어디입니까?,서울,부산,2\n2,훈민정음을 만든 임금은 누구입니까?,태종,세종,2\n"
MENDED = HEAD + "1,대한민국의 수도는 어디입니까?,서울,부산,1\n2,훈민정음을 만든 임금은 누구입니까?,태종,세종,2\n"
NAME = "sheet.csv"


def stems() -> dict[str, str]:
    """The right answers of the bank's questions, by their stems."""
    found = queries.items(queries.bank("sheet").id)
    return {
        item.stem["ko"]: next(one["text"]["ko"] for one in item.response["choices"] if one["fraction"])
        for item in found
    }


def ticked(page: Page) -> list[str]:
    return page.tree.xpath("//input[@form='import'][@name='take'][@checked]/@value")


def test_a_mended_row_changes_its_question_when_it_is_ticked(app: Flask, instructor: Person) -> None:
    take(upload(instructor, FIRST, NAME))
    before = counts()
    page = upload(instructor, MENDED, NAME)
    assert (sums(page)["New"], sums(page)["Changed"], sums(page)["The same"]) == (0, 1, 1)
    assert ticked(page) == [], "it may be another question: somebody has to decide"
    assert "Decide on them" in page.text
    assert page.tree.xpath("//dl[@class='changes']"), "what would change is shown as for one with an id"

    done = take(page, take=["0"])
    assert (sums(done)["New"], sums(done)["Changed"]) == (0, 1)
    assert counts() == (before[0], before[1] + 1)
    assert stems()["대한민국의 수도는 어디입니까?"] == "서울"

    again = upload(instructor, MENDED, NAME)
    assert sums(again)["The same"] == 2, "the same file again changes nothing"
    undone = done.send("/undo")
    assert undone.status == 200
    assert stems()["대한민국의 수도는 어디입니까?"] == "부산"


def test_a_mended_row_can_be_added_as_a_new_question(app: Flask, instructor: Person) -> None:
    take(upload(instructor, FIRST, NAME))
    page = upload(instructor, MENDED, NAME)
    page = take(page, "go-1", **{"as-0": "new"})
    assert page.tree.xpath("//input[@name='as-0'][@checked]/@value") == ["new"]
    assert (sums(page)["New"], sums(page)["Changed"], ticked(page)) == (1, 0, [])
    done = take(page, take=["0"], **{"as-0": "new"})
    assert (sums(done)["New"], sums(done)["Changed"]) == (1, 0)
    assert len(queries.items(queries.bank("sheet").id)) == 3


def test_all_that_waits_can_be_shown_and_ticked_at_once(app: Flask, instructor: Person) -> None:
    take(upload(instructor, FIRST, NAME))
    page = upload(instructor, MENDED.replace("세종,2", "세종,1") + "3,태양은 무엇입니까?,별,달,1\n", NAME)
    assert ticked(page) == ["2"], "what is new beyond doubt"
    waiting = instructor.get(f"{page.url}?show=waiting")
    assert len(waiting.tree.xpath("//input[@name='take']")) == 2
    done = take(take(waiting, "all"))
    assert (sums(done)["New"], sums(done)["Changed"]) == (1, 2)


def test_a_new_row_that_is_much_like_a_question_is_not_ticked(app: Flask, instructor: Person) -> None:
    take(upload(instructor, FIRST, NAME))
    page = upload(instructor, FIRST + "3,대한민국의 수도는 어디인가?,서울,부산,1\n", NAME)
    assert (sums(page)["New"], sums(page)["The same"], ticked(page)) == (1, 2, [])
    assert "Very similar to another" in page.text
    refused = take(page)
    assert refused.status == 422
    assert sums(take(refused, take=["2"]))["New"] == 1


def test_moodle_xml_without_an_id_is_matched_by_its_name(app: Flask, instructor: Person) -> None:
    def asked(stem: str) -> bytes:
        item = Item(kind="truefalse", title={"ko": "소리 1"}, stem={"ko": stem}, response={"answer": True})
        return FORMATS["moodle-xml"].write([item])

    take(upload(instructor, asked("소리는 강철에서 가장 빠르다."), "sheet.xml"))
    page = upload(instructor, asked("소리는 강철 속에서 공기보다 빠르다."), "sheet.xml")
    assert (sums(page)["Changed"], ticked(page)) == (1, [])
    assert sums(take(page, take=["0"]))["Changed"] == 1
