"""The written shape of an item: what is wrong is told with its path; what is missing in a language, too."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.formats import FORMATS, READ_ONLY
from quizapp.formats.items import Item, Media, from_json
from quizapp.formats.schema import check_item, missing_languages
from quizapp.kinds import KINDS
from tests.formats.strategies import FIELDS, items

GOOD = {"kind": "truefalse", "stem": {"en": "Water is wet."}, "response": {"answer": True}}
CHOICES = [{"id": "a", "text": {"en": "x"}, "fraction": 1}, {"id": "b", "text": {"en": "y"}, "fraction": 0}]


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_every_kind_passes(kind):
    body = dict(KINDS[kind].EXAMPLE)
    written = {"kind": kind, "stem": {"en": "x"}, "scoring": body.pop("scoring", {}), "response": body}
    assert check_item(written) == []


@given(item=items([*KINDS, "description"], fields=FIELDS))
def test_every_item_passes(item):
    """Dollars in its texts may be formulas that can't be shown, which is said and no error."""
    assert {(problem.code, problem.severity) for problem in check_item(item.to_json())} <= {("formula", "warning")}
    assert from_json(item.to_json()) == item


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"colour": "red"}, ("colour",), "unknown-key"),
        ({"kind": "quiz"}, ("kind",), "unknown-value"),
        ({"kind": 3}, ("kind",), "unknown-value"),
        ({"kind": ["choice"]}, ("kind",), "unknown-value"),
        ({"id": 3}, ("id",), "wrong-type"),
        ({"stem": "What?"}, ("stem",), "wrong-type"),
        ({"stem": {"en": 3}}, ("stem",), "wrong-type"),
        ({"stem": {"en": " "}}, ("stem",), "wrong-type"),
        ({"stem": {}}, ("stem",), "no-text"),
        ({"response": {"answer": "yes"}}, ("response", "answer"), "flag"),
        ({"response": {"answer": True, "x": 1}}, ("response", "x"), "unknown-key"),
        ({"response": []}, ("response",), "wrong-type"),
        ({"scoring": {"method": "sum"}}, ("scoring",), "unknown-key"),
        ({"points": 0}, ("points",), "wrong-type"),
        ({"points": -1}, ("points",), "wrong-type"),
        ({"points": "1"}, ("points",), "wrong-type"),
        ({"points": True}, ("points",), "wrong-type"),
        ({"points": float("nan")}, ("points",), "wrong-type"),
        ({"difficulty": 0}, ("difficulty",), "wrong-type"),
        ({"difficulty": 1.5}, ("difficulty",), "wrong-type"),
        ({"difficulty": True}, ("difficulty",), "wrong-type"),
        ({"tags": "a, b"}, ("tags",), "wrong-type"),
        ({"tags": ["a", 2024]}, ("tags",), "wrong-type"),
        ({"shuffle": "no"}, ("shuffle",), "wrong-type"),
        ({"status": "new"}, ("status",), "unknown-value"),
        ({"feedback": {"later": {"en": "x"}}}, ("feedback", "later"), "unknown-key"),
        ({"feedback": {"right": "x"}}, ("feedback", "right"), "no-text"),
        ({"hints": {"en": "x"}}, ("hints",), "no-list"),
        ({"hints": [{"en": "x"}, "y"]}, ("hints", 1), "no-text"),
        ({"citations": [{"lesson": "a"}, {"anchor": "b"}]}, ("citations", 1), "citation"),
        ({"citations": [{"lesson": "a", "page": "1"}]}, ("citations", 0, "page"), "unknown-key"),
        ({"media": [{"name": "a"}]}, ("media", 0), "media"),
        ({"media": [{"name": "a", "type": "b", "data": "*"}]}, ("media", 0, "data"), "media"),
        ({"media": [{"name": "a", "type": "b"}, {"name": "a", "type": "b"}]}, ("media", 1), "same-name"),
        ({"stem": {"en": "![x](media:a.png)"}}, ("stem",), "missing-media"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(change, path, code):
    assert [(problem.path, problem.code) for problem in check_item(GOOD | change)] == [(path, code)]


def test_paths_lead_into_the_body():
    written = {"kind": "choice", "stem": {"en": "x"}, "response": {"choices": [*CHOICES, CHOICES[0]]}}
    assert ("response", "choices", 2, "id") in [problem.path for problem in check_item(written)]


def test_a_missing_file_is_a_warning_and_a_present_one_is_fine():
    item = Item(kind="essay", stem={"en": "![x](media:a.png)"})
    assert [problem.severity for problem in check_item(item.to_json())] == ["warning"]
    item.media = [Media("a.png", b"x")]
    assert check_item(item.to_json()) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(item=items(KINDS), value=JSON, data=st.data())
def test_anything_can_be_checked(item, value, data):
    """Whatever JSON stands anywhere in an item, checking it doesn't raise; what passes is an item."""
    written = json.loads(json.dumps(item.to_json()))
    place = written
    while isinstance(place, (dict, list)) and place:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.booleans()) or not isinstance(place[key], (dict, list)):
            place[key] = value
            break
        place = place[key]
    if not [problem for problem in check_item(written) if problem.is_error]:
        from_json(written)


@pytest.mark.parametrize("value", [None, 3, "x", [], {}])
def test_what_is_no_item_at_all(value):
    assert check_item(value)


def test_missing_languages_are_told_by_path():
    item = Item(
        id="q",
        stem={"ko": "글", "en": "text"},
        title={"ko": "글"},
        response={
            "choices": [
                {"id": "a", "text": {"en": "x", "ko": "글"}, "fraction": 1, "feedback": {"ko": "글", "en": " "}},
                {"id": "b", "text": {"en": "y"}, "fraction": 0},
            ]
        },
        hints=[{"ko": "글"}],
        feedback={"right": {"en": "x"}},
        tags=["한글"],
        citations=[{"lesson": "a", "anchor": "b"}],
    )
    assert [(problem.path, problem.values["language"]) for problem in missing_languages(item)] == [
        (("response", "choices", 0, "feedback"), "en"),
        (("response", "choices", 1, "text"), "ko"),
        (("title",), "en"),
        (("feedback", "right"), "ko"),
        (("hints", 0), "en"),
    ]
    assert missing_languages(item, ("ja",))[0].values["language"] == "ja"


def test_plain_answers_need_no_translation():
    body = {"answers": [{"text": "서울", "fraction": 1}], "scoring": {}}
    assert missing_languages(Item(kind="text", stem={"ko": "글", "en": "x"}, response=body)) == []
    true = {"answer": True, "feedback": {"true": {"ko": "글"}}}
    assert len(missing_languages(Item(kind="truefalse", stem={"ko": "글", "en": "x"}, response=true))) == 1


def test_a_question_is_no_enemy_of_itself_and_enemies_are_names():
    base = {"id": "a", "kind": "truefalse", "stem": {"en": "Wet?"}, "response": {"answer": True}}
    assert [one.path for one in check_item({**base, "enemies": ["b", "a"]})] == [("enemies", 1)]
    assert [one.path for one in check_item({**base, "enemies": "b"})] == [("enemies",)]
    assert check_item({**base, "enemies": ["b"]}) == []
    assert from_json({**base, "enemies": ["b"]}).content_hash() != from_json(base).content_hash()


@pytest.mark.parametrize("name", sorted(set(FORMATS) - READ_ONLY))
def test_every_format_carries_enemies_or_says_that_they_are_lost(name: str):
    item = from_json(
        {
            "id": "a",
            "kind": "choice",
            "stem": {"en": "Wet?"},
            "enemies": ["b", "c"],
            "response": {
                "choices": [
                    {"id": "x", "text": {"en": "Yes"}, "fraction": 1},
                    {"id": "y", "text": {"en": "No"}, "fraction": 0},
                ]
            },
        }
    )
    said = [one for one in FORMATS[name].carries(item) if "never drawn with" in one.message]
    (back,) = FORMATS[name].read(FORMATS[name].write([item])).items
    assert bool(said) == (back.enemies != ["b", "c"])


@pytest.mark.parametrize("name", [[1], {}, 1, None])
def test_a_medium_without_a_name_is_told(name: object) -> None:
    """One question with it keeps no other of the file back."""
    items = [{**GOOD, "id": "a", "media": [{"name": name, "type": "image/png", "data": ""}]}, {**GOOD, "id": "b"}]
    reading = FORMATS["json"].read(json.dumps({"items": items}).encode())
    assert [item.id for item in reading.items] == ["b"]
    assert len(reading.errors) >= 1
