"""What had better be looked at: planted in a bank, it is told on the bank's page, in the editor and beside a source."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.banks import actions, queries
from quizapp.banks import remarks as kept
from quizapp.formats.items import Item
from tests.conftest import by_key, user_of
from tests.person import Page, Person

KEY = {"ko": "비영리단체의 이사회가 끝까지 회사를 통제한다", "en": "The nonprofit's board controls it"}
SENTENCE = "The nonprofit alone holds the company that manages the for-profit side."


def choice(name: str, right: str, others: tuple[str, ...] = ("four", "fives"), **more: object) -> Item:
    """A question whose first option is right."""
    texts = [{"ko": text, "en": text} for text in (right, *others)]
    entries = [{"id": f"o{n}", "text": text, "fraction": int(n == 0)} for n, text in enumerate(texts)]
    stem = {"ko": f"{name}번은 무엇입니까?", "en": f"What is {name}?"}
    return replace(Item(id=name, stem=stem, response={"choices": entries}), **more)


def store(*items: Item, bank: str = "rough") -> None:
    actions.import_items(user_of("instructor"), bank, {"ko": "거친", "en": "Rough"}, list(items), clock.now())


def remarks(page: Page) -> list[str]:
    found = page.tree.xpath("//details[@id='remarks']//li[not(.//li)]")
    return [" ".join(one.text_content().split()) for one in found]


def warned(page: Page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.tree.xpath("//*[@class='editor-warnings']//li")]


def editor(person: Person, key: str, bank: str = "rough") -> Page:
    return person.get(f"/banks/{bank}/questions/{by_key(queries.bank(bank).id)[key].public_id}/edit")


@pytest.fixture
def rough(app: Flask) -> str:
    """Twelve questions, of which six have the shortest option as their key; one pair and one feedback at fault."""
    items = [choice(f"short{n}", "a") for n in range(6)] + [
        choice(f"fair{n}", "four", ("four!", "six")) for n in range(5)
    ]
    asked = choice(
        "asked",
        "x",
        ("the investors hold it", "the employees hold it"),
        feedback={"wrong": {"ko": "틀렸습니다.", "en": "Wrong."}},
    )
    asked.response["choices"][0]["text"] = KEY
    telling = Item(id="telling", kind="truefalse", stem=KEY, response={"answer": True})
    store(*items, asked, telling)
    return "rough"


def test_a_bank_s_page_tells_what_its_author_had_better_look_at(instructor: Person, rough: str) -> None:
    page = instructor.get(f"/banks/{rough}")
    (summary,) = page.tree.xpath("//details[@id='remarks']/summary/text()")
    said = remarks(page)
    assert summary == f"{len(said)} remarks on this bank"
    lengths = [one for one in said if "shortest option in 6 of 12 questions" in one]
    assert [one.split(",")[0] for one in lengths] == ["In the Korean texts", "In the English texts"]
    assert all(f"What is short{n}?" in one for one in lengths for n in range(6))
    assert not any("What is fair" in one for one in said)
    rest = [one for one in said if one not in lengths]
    assert [one.split("”")[0] for one in rest] == [
        "The feedback “틀렸습니다.",
        "The feedback “Wrong.",
        f"The right answer appears in the question “{KEY['en']}",
        "This gives away the right answer to the question “What is asked?",
    ]
    assert all("short0" not in one.text_content() or "edit" in one.get("href") for one in page.tree.xpath("//li/a"))
    link = page.link("What is asked?")
    assert link.endswith("/edit"), "to where it can be mended"
    assert instructor.get(link).heading == "Edit the question"


def test_it_is_told_in_the_reader_s_language_and_without_codes(app: Flask, rough: str) -> None:
    korean = Person(app, user_of("instructor"), "ko")
    said = " ".join(remarks(korean.get(f"/banks/{rough}")))
    assert "영어 글에서 문제 12개 가운데 6개는 정답이 가장 짧은 보기예요" in said
    assert f"정답이 다른 문제 “{KEY['ko']}”에 그대로 나와요" in said
    assert not any(word in said for word in ("telling", "given-away", "“en”", "choices"))


def test_the_editor_tells_of_its_question_only(instructor: Person, rough: str) -> None:
    short = warned(editor(instructor, "short3"))
    assert [one.split(":")[0] for one in short] == ["Choice 1", "Choice 1"]
    assert all("shortest option in 6 of 12 questions" in one for one in short)
    assert not warned(editor(instructor, "fair1"))
    texts = {f"response-choices-0-text-{language}": "four" for language in ("ko", "en")}
    mended = editor(instructor, "short3").send("version", ("do", "refresh:x"), **texts)
    assert not warned(mended), "five of twelve are still too many, but none of them is this one"


def test_what_is_mended_is_told_no_more(instructor: Person, rough: str) -> None:
    before = len(remarks(instructor.get(f"/banks/{rough}")))
    page = editor(instructor, "asked").send(
        "version", ("do", "save"), **{"feedback-wrong-ko": "", "feedback-wrong-en": ""}
    )
    assert page.status == 200
    assert len(remarks(instructor.get(f"/banks/{rough}"))) == before - 2
    actions.set_archived(by_key(queries.bank(rough).id)["telling"], True, user_of("instructor"), clock.now())
    assert len(remarks(instructor.get(f"/banks/{rough}"))) == before - 4


def test_a_giveaway_is_told_however_far_away(instructor: Person, rough: str) -> None:
    """The editor compares what is written with the nearest questions, and takes the rest as it is stored."""
    store(
        *[Item(id=f"s{n}", kind="truefalse", stem={"en": f"Filler {n}"}, response={"answer": True}) for n in range(70)]
    )
    far = Item(id="far", kind="truefalse", stem={"en": f"{KEY['en']}, it says."}, response={"answer": True})
    store(far)
    said = [one for one in warned(editor(instructor, "asked")) if "appears in" in one]
    assert [one.split("“")[1].split("”")[0] for one in said] == [KEY["en"], f"{KEY['en']}, it says."]
    apart = editor(instructor, "asked").send("version", ("do", "refresh:x"), enemies=["telling"])
    assert len([one for one in warned(apart) if "appears in" in one]) == 1


def test_of_a_large_bank_the_first_questions_are_looked_at(
    instructor: Person, rough: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "LOOKED_AT", 12)
    page = instructor.get(f"/banks/{rough}")
    assert "1 question further down wasn't looked at." in page.text
    assert not any("gives away" in one for one in remarks(page))


def test_a_source_is_compared_and_not_stored(instructor: Person, rough: str) -> None:
    store(Item(id="copied", kind="truefalse", stem={"en": SENTENCE}, response={"answer": True}))
    page = instructor.get(instructor.get(f"/banks/{rough}").link("All remarks, and a comparison with a source"))
    assert "worded like" not in page.text
    (here,) = page.tree.xpath("//nav[contains(@class, 'site-nav')]//a[@aria-current]/text()")
    assert here == "Banks"
    compared = page.send("source", source=f"As it was.\n\n{SENTENCE} And so on.")
    assert "1 passage is worded like the source." in compared.text
    assert "characters in a row are those of the source" in compared.text
    other = page.send("source", source="Nothing of this was taken over by anybody.")
    assert "No question is worded like the source." in other.text
    refused = page.send("source", source="short")
    assert (refused.status, "Paste a text of 20 to 300,000 characters." in refused.text) == (422, True)


def test_a_reader_is_led_to_the_questions_and_others_see_nothing(app: Flask, rough: str) -> None:
    bank = queries.bank(rough)
    stranger = Person(app, accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now()))
    assert stranger.get(f"/banks/{rough}/remarks", 404).status == 404
    actions.describe(bank, bank.title, "", "public", user_of("instructor"), clock.now())
    page = stranger.get(f"/banks/{rough}")
    assert not page.link("What is asked?").endswith("/edit")


def test_what_a_course_wants_of_its_questions_is_told_too(instructor: Person, app: Flask) -> None:
    """The claim without whose it is, in the editor and on the page of the bank; a fact that nobody asks any more."""
    assert not remarks(instructor.get("/banks/devday"))
    page = editor(instructor, "devday-keynote-speaker", "devday")
    assert not warned(page)
    told = page.send("version", ("do", "refresh:x"), **{"stem-en": "Who gave the keynote?"})
    assert [one.split(",")[0] for one in warned(told)] == [
        "This question asks about the claim “The keynote was like Steve Jobs come back”"
    ]
    told.send("version", ("do", "save"))
    assert len(remarks(instructor.get("/banks/devday"))) == 1
    for one in by_key(queries.bank("devday").id).values():
        if one.current and any(part["anchor"] == "turbo-exception" for part in one.current.content["citations"]):
            actions.set_archived(one, True, user_of("instructor"), clock.now())
    said = [one.split(":")[0] for one in remarks(instructor.get("/banks/devday"))]
    assert said[:1] == ["No question asks the fact “GPT-4-turbo was the exception”"]
    assert len(said) == 2
