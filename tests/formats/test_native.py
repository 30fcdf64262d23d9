"""Our own bank files, YAML and JSON: nothing is lost, and everything wrong is told at once, by line."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizapp.formats import json_bank, yaml_bank
from quizapp.formats.items import from_json
from quizapp.formats.schema import check_item
from quizapp.kinds import KINDS
from tests.formats.strategies import FIELDS, damaged, items

NATIVE = pytest.mark.parametrize("form", [yaml_bank, json_bank], ids=lambda form: form.NAME)
GOOD = {"kind": "truefalse", "stem": {"en": "Water is wet."}, "response": {"answer": True}}


DOLLARS = from_json(
    {
        "kind": "choice",
        "stem": {"en": "text"},
        "response": {
            "choices": [
                {"id": "a", "text": {"en": "${$"}, "fraction": 1},
                {"id": "b", "text": {"en": "b"}, "fraction": 0},
            ]
        },
    }
)
"""What stands between dollars is a formula, and this one can't be shown."""


@NATIVE
@settings(max_examples=150)
@given(item=items([*KINDS, "description"], fields=FIELDS))
@example(item=DOLLARS)
def test_whatever_an_item_holds_comes_back(form, item):
    """With no word but on formulas that can't be shown, which are said of the item itself too."""
    reading = form.read(form.write([item]))
    assert [(problem.code, problem.message) for problem in reading.problems] == [
        ("formula", problem.message) for problem in check_item(item.to_json())
    ]
    (back,) = reading.items
    assert back.to_json() | {"provenance": None} == item.to_json() | {"provenance": None}
    assert [media.data for media in back.media] == [media.data for media in item.media]


@pytest.mark.parametrize(
    "text",
    [
        "no", "True", "~", "null", "010", "12:30", "1e5", "-1", ".5", "0x1F", "=", "<<", "- a", "a: b", "a #b", "'",
        '"', " a", "a ", "\n", "a\n", "a\n\n", "\na", "  a\nb", "a\n  b \n\nc", "a\tb", "\ta\nb", "a\u2028b", "\x85",
        "\ufeffa", "a\x07b", "%a", "@a", "`a", "!a", "&a", "*a", "|", ">", "a:b", "a:", "#", "{a}", "[a]", "a, b",
        "😀\n글", "a\\nb",
    ],
)  # fmt: skip
@NATIVE
def test_a_text_comes_back_letter_by_letter(form, text):
    stem = {"en": f"x{text}"}, {"en": text, "ko": "글"}
    written = [GOOD | {"id": str(n), "stem": one, "licence": text.strip()} for n, one in enumerate(stem)]
    reading = form.read(form.write(form.read(json.dumps(written).encode()).items or yaml_items(written)))
    assert [item.stem for item in reading.items] == list(stem)


def yaml_items(written):
    return json_bank.read(json.dumps(written).encode()).items


def test_opaque_questions_keep_their_format_and_original():
    provenance = {"format": "gift", "original": "::x:: {weird}", "line": 7}
    (item,) = yaml_items([{"kind": "opaque", "provenance": provenance}])
    (back,) = yaml_bank.read(yaml_bank.write([item])).items
    assert (back.kind, back.provenance["format"], back.provenance["original"]) == ("opaque", "gift", "::x:: {weird}")


@pytest.mark.parametrize(
    ("source", "line", "code"),
    [
        ("items:\n - kind: truefalse\n   stem: {en: x}\n   response: {answer: maybe}\n", 4, "flag"),
        ("items:\n - kind: truefalse\n   stem: {en: x}\n   wrong: 1\n   response: {answer: true}\n", 4, "unknown-key"),
        ("items:\n - kind: truefalse\n   stem: {en: x}\n   response: {answer: true}\n   points: 0\n", 5, "wrong-type"),
        ("items:\n - kind: essay\n   stem: {en: x}\n   difficulty: 4\n", 4, "wrong-type"),
        ("items:\n - kind: quiz\n   stem: {en: x}\n", 2, "unknown-value"),
        ("items:\n - kind: essay\n", 2, "no-text"),
        ("items:\n - kind: essay\n   stem: {en: x}\n   stem: {en: y}\n", 4, "yaml"),
        ("items:\n - kind: essay\n   stem: &a {en: x}\n", 3, "yaml"),
        ("items:\n - kind: essay\n   stem: {en: !!str x}\n", 3, "yaml"),
        ("items:\n - kind: essay\n   stem: {en: x}\n - 3\n", 4, "no-mapping"),
        ("items:\n - kind: essay\n   stem: {en: x\n", 4, "yaml"),
        ("items:\n - kind: essay\n   stem: {en: {{x}} y}\n", 3, "unreadable"),
        ("items:\n\n - kind: essay\n   stem: x\n", 4, "wrong-type"),
        ("items: 3\n", 1, "no-items"),
        ("", 1, "no-items"),
        ("\n---\nitems: []\n---\nitems: []\n", 4, "yaml"),
        ("x: 1\nitems: []\n", 1, "unknown-key"),
        ("items:\n - kind: essay\n   stem: {en: '![](media:a.png)'}\n", 3, "missing-media"),
        ("items:\n - kind: essay\n   stem: {en: x}\n   media: [{name: a, type: b, data: '?'}]\n", 4, "media"),
        ("items:\n - kind: essay\n   stem: {en: x}\n   media: [{name: a, type: b, hash: c}]\n", 4, "media-hash"),
        ("[" * 100_000, 1, "unreadable"),
        ("a: " + "{b: " * 100_000, 1, "unreadable"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_yaml_is_told_with_its_line(source, line, code):
    reading = yaml_bank.read(source.encode())
    assert [(problem.line, problem.code) for problem in reading.problems] == [(line, code)]
    assert reading.found == len(reading.items) + reading.skipped + reading.failed


def test_all_problems_are_told_at_once_and_the_good_items_are_kept():
    source = yaml_bank.SAMPLE.decode().replace("difficulty: 1", "difficulty: 9").replace("answer: true", "answer: yes")
    reading = yaml_bank.read(source.encode())
    assert [problem.code for problem in reading.problems] == ["wrong-type", "flag"]
    assert (reading.found, len(reading.items), reading.failed) == (11, 9, 2)
    for problem, text in zip(reading.problems, ["difficulty: 9", "answer: yes"], strict=True):
        assert text in source.split("\n")[(problem.line or 0) - 1]


@pytest.mark.parametrize(
    ("source", "line", "code"),
    [
        ('{"items": [\n{"kind": "essay"}]}', 2, "no-text"),
        ('[\n{"kind": "essay",\n"stem": {"en": "x"},\n"points": "1"}]', 4, "wrong-type"),
        ('[\n{"kind": "essay",\n"stem": {"en": "x"},\n"kind": "essay"}]', 4, "json"),
        ('[\n{"kind": "essay",\n"stem": {"en": "\\ud800"}}]', 3, "character"),
        ('[\n{"kind": "essay",\n"stem": {"en": "\\u0000"}}]', 3, "character"),
        ('[\n{"kind": "essay", "stem": {"en": "x"},\n"points": 1e999}]', 3, "number"),
        ('[\n{"kind": "essay",\n"stem" {"en": "x"}}]', 3, "json"),
        ("[NaN]", 1, "json"),
        ("[" + "1" * 5000 + "]", 1, "json"),
        ("[" * 100_000, 1, "unreadable"),
        ("[" * 60 + "]" * 60, 1, "unreadable"),
        ("", 1, "json"),
        ('"items"', 1, "no-items"),
    ],
)
def test_what_is_wrong_in_json_is_told_with_its_line(source, line, code):
    reading = json_bank.read(source.encode())
    assert [(problem.line, problem.code) for problem in reading.problems] == [(line, code)]


def test_the_lines_of_json_are_those_of_its_values():
    text = '{\n"a": [1,\n {"b": "x\\n{[,",\n "c": []}],\n"d": {}\n}'
    value, lines, problems = json_bank.load(text)
    assert value == {"a": [1, {"b": "x\n{[,", "c": []}], "d": {}}
    assert problems == []
    assert lines == {
        (): 1, ("a",): 2, ("a", 0): 2, ("a", 1): 3, ("a", 1, "b"): 3, ("a", 1, "c"): 4, ("d",): 5,
    }  # fmt: skip


def test_an_id_may_stand_once():
    same = yaml_items([GOOD | {"id": "a"}, GOOD | {"id": "a"}])
    assert len(same) == 1
    other = GOOD | {"id": "a", "stem": {"en": "Fire is cold."}}
    reading = json_bank.read(json.dumps([GOOD | {"id": "a"}, GOOD | {"id": "a"}, other]).encode())
    assert (reading.found, len(reading.items), reading.skipped, reading.failed) == (3, 1, 1, 1)
    assert [problem.severity for problem in reading.problems] == ["warning", "error"]


def test_texts_come_in_nfc_even_from_escapes():
    (item,) = json_bank.read(b'[{"kind": "essay", "stem": {"ko": "\\u1100\\u1161"}}]').items
    assert item.stem == {"ko": "가"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949"])
@NATIVE
def test_any_encoding_reads_the_same(form, encoding):
    source = form.SAMPLE.decode()
    assert form.read(source.encode(encoding)).items == form.read(form.SAMPLE).items


@NATIVE
@settings(max_examples=200)
@given(data=st.data())
def test_a_damaged_file_never_raises(form, data):
    reading = form.read(data.draw(damaged(form.SAMPLE)))
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
    assert reading.items or reading.errors


def test_load_lines_gives_the_line_of_every_path():
    value, lines, problems = yaml_bank.load_lines(b"a:\n  - b: no\n    c: 010\n  -\n    - 1.5\n")
    assert (value, problems) == ({"a": [{"b": "no", "c": "010"}, [1.5]]}, [])
    assert lines == {(): 1, ("a",): 1, ("a", 0): 2, ("a", 0, "b"): 2, ("a", 0, "c"): 3, ("a", 1): 5, ("a", 1, 0): 5}
