"""Keys that another question shows: of options, of several right ones, of words to type and of gaps."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.formats.items import Item
from quizapp.rules.giveaways import giveaways
from tests.rules.test_authoring import KEY, both, choice


def test_a_key_in_another_question() -> None:
    asked = choice(KEY, both("four"), both("fives"), name="asked")
    telling = Item(id="telling", kind="truefalse", stem={"ko": f"글에 따르면 {KEY['ko']}.", "en": "?"})
    assert [(item.id, one.values) for item, one in giveaways([asked, telling])] == [("asked", {"other": "telling"})]
    option = choice(both("four"), KEY, both("fives"), name="option")
    assert {(item.id, one.values["other"]) for item, one in giveaways([asked, option])} == {("asked", "option")}
    telling.enemies = ["asked"]
    assert not list(giveaways([asked, telling])), "they are never drawn together"
    name = choice({"ko": "샘 알트만", "en": "Sam Altman"}, both("four"), both("fives"), name="name")
    assert not list(giveaways([name, Item(id="other", stem={"ko": "샘 알트만은", "en": "Sam Altman"})])), "only a name"
    term = [Item(id=f"t{n}", stem=KEY) for n in range(5)]
    assert not list(giveaways([asked, *term])), "a term that every question uses"


WORD = {"ko": "안드레이 카파시", "en": "Andrej Karpathy"}


def asking(kind: str, key: dict[str, str] = KEY, stem: str = "누구?") -> Item:
    """A question of a kind with the right answer `key`."""
    options = [{"id": "a", "text": key, "fraction": 0.5}, {"id": "b", "text": both("no"), "fraction": 0}]
    options.append({"id": "c", "text": both("and"), "fraction": 0.5})
    one_right = [{**options[0], "fraction": 1}, options[1]]
    words = [{"text": "*" + key["ko"][-2:], "fraction": 1}, {"text": key["ko"], "fraction": 1}]
    bodies: dict[str, dict[str, Any]] = {
        "multiple": {"choices": options},
        "text": {"answers": words},
        "choice gap": {
            "text": both("{{g}}"),
            "gaps": [{"id": "g", "kind": "choice", "choices": one_right}],
        },
        "typed gap": {"text": both("{{g}}"), "gaps": [{"id": "g", "kind": "text", "answers": words}]},
        "number gap": {"text": both("{{g}}"), "gaps": [{"id": "g", "kind": "number", "answers": words}]},
    }
    return Item(id="asked", kind="cloze" if "gap" in kind else kind, stem=both(stem), response=bodies[kind])


def telling(*texts: str) -> list[Item]:
    return [Item(id=f"t{n}", kind="truefalse", stem=both(text)) for n, text in enumerate(texts)]


def found(*items: Item) -> list[tuple[str, str]]:
    return [(item.id, one.values["other"]) for item, one in giveaways(items)]


@pytest.mark.parametrize("kind", ["multiple", "text", "choice gap", "typed gap"])
def test_the_key_of_every_kind_with_words_is_found(kind: str) -> None:
    assert found(asking(kind), *telling(f"글에 따르면 {KEY['ko']}.")) == [("asked", "t0")]
    assert not found(asking(kind), *telling("글에 따르면 이사회가 통제한다."))


def test_a_wrong_option_and_a_number_tell_nothing() -> None:
    wrong = asking("multiple")
    wrong.response["choices"][0]["fraction"] = 0
    assert not found(wrong, *telling(KEY["ko"]))
    assert not found(asking("number gap"), *telling(KEY["ko"]))


@pytest.mark.parametrize("kind", ["text", "typed gap"])
def test_a_name_to_type_is_told_by_one_or_two_that_write_it(kind: str) -> None:
    one = f"{WORD['ko']}도 떠난다고 합니다."
    assert found(asking(kind, WORD), *telling(one, one)) == [("asked", "t0"), ("asked", "t1")]
    assert not found(asking(kind, WORD), *telling(one, one, one)), "everybody's word"
    assert not found(asking(kind, WORD, stem=f"{WORD['ko']}의 이름은?"), *telling(one)), "it says so itself"
    assert not found(asking(kind, both("이사회")), *telling("이사회가 통제한다.")), "too short"
    assert not found(asking("multiple", WORD), *telling(one)), "a name among options is shown anyway"
