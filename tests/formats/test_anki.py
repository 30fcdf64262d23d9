"""Anki packages: every age of them, every note type, hostile databases, and that nothing is lost there and back."""

from __future__ import annotations

import random
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import anki
from quizapp.formats.anki import note_writer
from quizapp.formats.anki.sample import SAMPLE_ITEMS
from quizapp.formats.base import Reading
from quizapp.formats.items import Item, Media
from quizapp.kinds import KINDS
from tests.formats import anki_files as files
from tests.formats.anki_files import Card
from tests.formats.strategies import FIELDS, items


def read(data: bytes) -> Reading:
    reading = anki.read(data)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
    for item in reading.items:
        assert item.kind not in KINDS or KINDS[item.kind].check(item.body) == []
    return reading


def read_note(card: Card, media: dict[str, bytes] | None = None) -> tuple[Item, list[str]]:
    reading = read(files.legacy_package(files.legacy_collection([card]), media))
    assert [problem.message for problem in reading.errors] == []
    return reading.items[0], [problem.code for problem in reading.problems]


def html(text: str) -> dict[str, str]:
    return {"en": text, "format": "html"}


def plain(text: str) -> dict[str, str]:
    return {"en": text, "format": "plain"}


@pytest.mark.parametrize(
    ("layout", "package"),
    [
        ("legacy", files.legacy_package),
        ("legacy 2", lambda data, media: files.legacy_package(data, media, "collection.anki21")),
        ("modern", files.modern_package),
    ],
)
def test_every_age_of_package(layout: str, package: Any) -> None:
    notes = [
        Card(files.BASIC, ['Where is <img src="map%20of%20korea.png">?', "Asia"], "g1", " asia  map ", 7),
        Card(files.CLOZE, ["{{c1::Seoul}} is the capital", ""], "g2", deck=99, original_deck=7),
    ]
    collection = files.modern_collection(notes) if layout == "modern" else files.legacy_collection(notes)
    reading = read(package(collection, {"other.png": b"no", "map of korea.png": b"PNG"}))
    first, second = reading.items
    assert first.stem == html('Where is <img src="media:map_of_korea.png">?')
    assert (first.id, first.kind, first.tags, first.category) == (
        "g1",
        "text",
        ["asia", "map"],
        ["Geography", "Capitals"],
    )
    assert [(one.name, one.data, one.type) for one in first.media] == [("map_of_korea.png", b"PNG", "image/png")]
    assert (second.kind, second.category) == ("cloze", ["Geography", "Capitals"])
    assert reading.problems == []


@pytest.mark.parametrize(
    ("back", "answer"),
    [
        ("Seoul", "Seoul"),
        ("<div><b>Seoul</b>&nbsp;city</div>", "Seoul city"),
        ("2 * 3 &lt; 7<br>", r"2 \* 3 < 7"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_short_plain_back_is_typed(back: str, answer: str) -> None:
    item, problems = read_note(Card(files.BASIC, ["Front", back]))
    assert (item.kind, item.response) == ("text", {"answers": [{"text": answer, "fraction": 1}]})
    assert problems == []


@pytest.mark.parametrize(
    "back",
    [
        "x" * 81,
        "one<br>two",
        "<ul><li>one</li></ul>",
        "x<sup>2</sup>",
        r"\(x^2\)",
        "[latex]x[/latex]",
        '<img src="https://e.org/x.png">',
    ],
)
def test_any_other_back_is_a_solution_to_compare_with(back: str) -> None:
    item, _ = read_note(Card(files.BASIC, ["Front", back]))
    assert (item.kind, item.response, item.feedback["solution"]["en"]) == ("essay", {}, back)


def test_a_note_with_many_fields_is_read_by_its_templates() -> None:
    values = ["17", "<i>Haus</i>", "[sound:haus.mp3]", "house", "Das Haus.", "you live in it", "mine"]
    item, problems = read_note(Card(files.VOCABULARY, values), {"haus.mp3": b"MP3"})
    assert item.stem == html('<audio controls src="media:haus.mp3"></audio><br>\n<i>Haus</i>')
    assert item.response["answers"][0]["text"] == "house"
    assert item.feedback == {"solution": {"en": "Das Haus."}}
    assert item.hints == [{"en": "you live in it"}]
    assert [one.name for one in item.media] == ["haus.mp3"]
    assert problems == ["fields"]
    assert "Number (17), Private (mine)" in item.provenance["losses"][0]


@pytest.mark.parametrize(("notetype", "problems"), [(files.REVERSED, ["cards"]), (files.TYPED, [])])
def test_the_first_card_of_a_note_is_read(notetype: files.Type, problems: list[str]) -> None:
    item, told = read_note(Card(notetype, ["Front", "Back"]))
    assert (item.stem, item.response["answers"][0]["text"]) == ({"en": "Front"}, "Back")
    assert told == problems


def test_words_of_a_template_are_named() -> None:
    item, told = read_note(Card(files.WORDED, ["Haus", "house"]))
    assert told == ["template"]
    assert "Translate this: / (page 7)" in item.provenance["losses"][0]


def test_a_cloze_has_a_gap_for_each_deletion() -> None:
    item, _ = read_note(
        Card(files.CLOZE, ["{{c1::Seoul}} lies at the {{c2::<b>Han</b>::river}}, {{c1::not}} the sea", "Map"])
    )
    assert item.response["text"] == plain("{{g1}} lies at the {{g2}} (river), {{g3}} the sea")
    assert [gap["answers"][0]["text"] for gap in item.response["gaps"]] == ["Seoul", "Han", "not"]
    assert item.feedback == {"solution": {"en": "Map"}}


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("{{c1::a {{c2::b}} c}} d", "cloze", "{{g1}} d"),
        ("{{c1,2::a}} b", "cloze", "{{g1}} b"),
        ("open {{c1::a, {{c1::b}}", "", ""),
        ("{{c1::one<br>two::hint}} b", "essay", "[hint] b"),
        ("{{c1::a}} and {{g1}}", "essay", "[…] and {{g1}}"),
        ("{{c1::a}}" * 201, "essay", "[…]" * 201),
    ],
)
def test_clozes_out_of_the_ordinary(text: str, kind: str, shown: str) -> None:
    reading = read(files.legacy_package(files.legacy_collection([Card(files.CLOZE, [text, ""])])))
    if not kind:
        assert [problem.code for problem in reading.errors] == ["empty-back"]
        return
    item = reading.items[0]
    assert (item.kind, (item.response.get("text") or item.stem)["en"]) == (kind, shown)


def test_an_image_occlusion_is_kept_as_it_is() -> None:
    values = ["{{c1::image-occlusion:rect:left=.1:top=.2}}", '<img src="map.png">', "Map"]
    item, told = read_note(Card(files.OCCLUSION, values), {"map.png": b"PNG"})
    assert told == ["opaque"]
    assert (item.kind, item.stem["en"], item.media[0].data) == ("opaque", "Map", b"PNG")
    assert "image-occlusion:rect" in item.provenance["original"]
    back = read(anki.write([item])).items[0]
    assert (back.content(), back.provenance["original"]) == (item.content(), item.provenance["original"])


@pytest.mark.parametrize(
    ("values", "code"), [(["", "Back"], "empty-front"), (["Front", " <br>"], "empty-back"), (["Front"], "empty-back")]
)
def test_a_note_without_a_side_is_left_out(values: list[str], code: str) -> None:
    reading = read(files.legacy_package(files.legacy_collection([Card(files.BASIC, values, deck=7)])))
    assert [(problem.code, problem.place) for problem in reading.errors] == [(code, "Geography::Capitals #1")]
    assert reading.failed == 1


@pytest.mark.parametrize(
    ("front", "stem"),
    [
        ("2 + 2", {"en": "2 + 2"}),
        ("2 * 2", plain("2 * 2")),
        ("<b>2</b>", html("<b>2</b>")),
        ("a &lt; b", html("a &lt; b")),
    ],
)
def test_a_text_without_markup_is_the_same_as_one_of_ours(front: str, stem: dict[str, str]) -> None:
    item, _ = read_note(Card(files.BASIC, [front, "Back"]))
    assert item.stem == stem


def test_a_missing_picture_is_listed() -> None:
    item, problems = read_note(Card(files.BASIC, ['<img alt="x" src=gone.png>', "Back"]))
    assert problems == ["missing-media"]
    assert item.media == []


def test_two_pictures_never_get_the_same_name() -> None:
    front = '<img src="a b.png"><img src="a_b.png"><img src="a b.png">'
    item, _ = read_note(Card(files.BASIC, [front, "Back"]), {"a b.png": b"1", "a_b.png": b"2"})
    assert len({one.name for one in item.media}) == 2
    assert item.stem["en"].count("media:a_b.png") == 2


def test_korean_is_told_from_the_notes() -> None:
    item, _ = read_note(Card(files.BASIC, ["수도는?", "Seoul"]))
    assert item.stem == {"ko": "수도는?"}


# --- broken and hostile packages ---

pack = zstandard.ZstdCompressor().compress
BOMB = pack(b"\0" * (200 * 1024 * 1024))
FINE = files.legacy_collection([Card(files.BASIC, ["Front", "Back"])])
ENDLESS = """DROP TABLE notes; CREATE VIEW notes AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
SELECT id, 'g' AS guid, 11 AS mid, '' AS tags, 'a' AS flds FROM n;"""
COMPUTED = """DROP TABLE notes; CREATE TABLE notes (id integer primary key, guid text, mid integer, tags text,
flds text GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL); INSERT INTO notes (id, guid) VALUES (1, 'g');"""
DEEP = "UPDATE col SET decks = replace(hex(zeroblob(50000)), '0', '[');"
NO_NOTETYPE = """UPDATE col SET models = '{"1": %s}';"""
VIRTUAL = "DROP TABLE notes; CREATE VIRTUAL TABLE notes USING fts5(id, guid, mid, tags, flds);"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"PK\x03\x04 no zip", id="no zip"),
        pytest.param(files.zipped({"readme.txt": b"hello"}), id="no collection"),
        pytest.param(files.legacy_package(b"not a database"), id="no database"),
        pytest.param(files.legacy_package(b"SQLite format 3\0" + b"\xff" * 4096), id="noise"),
        pytest.param(files.legacy_package(FINE[:3000]), id="cut off"),
        pytest.param(files.legacy_package(FINE.replace(b"CREATE TABLE notes", b"CREATE TABLE motes")), id="schema"),
        pytest.param(files.legacy_package(files.legacy_collection([], "DROP TABLE notes")), id="no notes table"),
        pytest.param(files.legacy_package(files.legacy_collection([], ENDLESS)), id="endless view"),
        pytest.param(files.legacy_package(files.legacy_collection([], COMPUTED)), id="computed column"),
        pytest.param(files.legacy_package(files.legacy_collection([], VIRTUAL)), id="virtual table"),
        pytest.param(files.legacy_package(files.legacy_collection([], "UPDATE col SET models = '[['")), id="models"),
        pytest.param(files.legacy_package(files.legacy_collection([], DEEP)), id="deep"),
        *(pytest.param(files.legacy_package(files.legacy_collection([], NO_NOTETYPE % one)), id=f"note type {one}")
          for one in ("[]", "null", '"x"', "1")),
        pytest.param(files.zipped({"collection.anki2": FINE, "media": b"[" * 99999}), id="media list"),
        pytest.param(files.zipped({"collection.anki21b": b"\x28\xb5\x2f\xfd noise"}), id="no Zstandard"),
        pytest.param(files.zipped({"collection.anki21b": BOMB}), id="bomb"),
        pytest.param(files.zipped({"meta": files.message((1, 9)), "collection.anki21b": BOMB}), id="newer"),
        pytest.param(files.zipped({"collection.anki21b": pack(FINE), "media": pack(b"\x0a\xff")}), id="media message"),
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_read_gives_a_problem(data: bytes) -> None:
    reading = read(data)
    assert reading.items == []
    assert len(reading.errors) == 1
    assert reading.errors[0].message


def test_triggers_never_fire_and_odd_types_do_no_harm() -> None:
    script = """CREATE TRIGGER t AFTER UPDATE ON notes BEGIN DELETE FROM notes; END;
    INSERT INTO notes VALUES (1, NULL, 'eleven', 5, 1.5, 0);
    INSERT INTO notes VALUES (2, x'ff', 11, NULL, x'41fe1f42', 0);
    INSERT INTO cards VALUES (NULL, 'x', NULL, 'y', NULL);"""
    reading = read(files.legacy_package(files.legacy_collection([Card(files.BASIC, ["Front", "Back"])], script)))
    assert [item.stem["en"] for item in reading.items] == ["A\ufffd", "Front"]
    assert reading.failed == 1


def test_a_database_in_wal_mode_is_read() -> None:
    data = FINE[:18] + b"\x02\x02" + FINE[20:]
    assert len(read(files.legacy_package(data)).items) == 1


def test_a_damaged_picture_counts_as_missing() -> None:
    package = files.zipped(
        {
            "collection.anki21b": pack(files.modern_collection([Card(files.BASIC, ['<img src="x.png">', "Back"])])),
            "media": pack(files.message((1, files.message((1, b"x.png"))))),
            "0": b"noise",
        }
    )
    assert [problem.code for problem in read(package).problems] == ["missing-media"]


def test_mutated_packages_never_raise(chance: random.Random) -> None:
    collection = files.modern_collection(
        [Card(files.BASIC, ['F <img src="x.png">', "B"]), Card(files.CLOZE, ["{{c1::a::b}}", "E"], "g2")]
    )
    for _ in range(150):
        read(mutated(anki.SAMPLE, chance))
        read(files.legacy_package(mutated(collection, chance), {"x.png": b"1"}))


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 30)):
        changed[chance.randrange(len(changed))] = chance.choice([0, 1, 255, 127, chance.randrange(256)])
    return bytes(changed[: chance.randrange(len(changed))]) if chance.random() < 0.1 else bytes(changed)


# --- writing ---


def test_the_sample_comes_back_with_its_media() -> None:
    reading = read(anki.SAMPLE)
    assert [item.content() for item in reading.items] == [item.content() for item in SAMPLE_ITEMS]
    assert [item.media for item in reading.items] == [item.media for item in SAMPLE_ITEMS]
    assert reading.problems == []


def test_the_same_items_give_the_same_bytes() -> None:
    assert anki.write(SAMPLE_ITEMS) == anki.SAMPLE


def test_what_anki_shows_tells_the_question_and_not_the_answer() -> None:
    front, back, _, pictures = note_writer.note_fields(SAMPLE_ITEMS[0], with_media=False)
    assert "What is the capital of Korea?" in front
    assert "<li>서울</li><li>부산</li>" in front
    assert "Seoul" in back
    assert "Busan" not in back
    assert pictures == ""


def test_a_changed_note_is_told() -> None:
    item = Item(id="q", kind="essay", stem={"en": "Why?"}, feedback={"solution": {"en": "Because"}})
    front, back, own, pictures = note_writer.note_fields(item, with_media=False)
    for shown, codes in ((f"<div>{front}</div>", []), ("How?", ["changed"])):
        note = Card(files.Type(99, "quizapp", [], []), [shown, back, own, pictures], "q")
        read_back, problems = read_note(note)
        assert read_back.content() == item.content()
        assert problems == codes


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ('{"quizapp":1,"item":{"kind":"choice"}}', "no-text"),
        ('{"quizapp":1,"item":{"kind":"nothing"}}', "unknown-value"),
        ('{"quizapp":1,"item":[]}', "no-mapping"),
        ('{"quizapp":1,"item":{"stem":{"en":"\\ud800"}}}', "character"),
        ('{"quizapp":1,"item":{"points":1e999}}', "number"),
        ('{"quizapp":1,"item":{"media":[{"name":{}}]}}', None),
        ('{"quizapp":2,"item":{}}', "newer"),
        ('{"quizapp":1,', "damaged"),
        ('{"quizapp":1,"item":' + "[" * 5000, "damaged"),
        ('{"quizapp":1,"item":' + "[" * 600 + "]" * 600 + "}", None),
    ],
)
def test_a_damaged_item_in_a_note_is_an_error(own: str, code: str | None) -> None:
    reading = read(files.legacy_package(files.legacy_collection([Card(files.BASIC, ["a", "b", own])])))
    assert reading.failed == 1
    assert code is None or code in [problem.code for problem in reading.errors]


def test_a_medium_that_went_missing_is_told() -> None:
    item = Item(id="q", kind="essay", stem={"en": "![x](media:x.png)"}, media=[Media("x.png", b"1", "image/png")])
    values = note_writer.note_fields(item, with_media=False)
    reading = read(files.legacy_package(files.legacy_collection([Card(files.BASIC, values)])))
    assert reading.items[0].media == []
    assert "missing-media" in [problem.code for problem in reading.problems]


def test_the_order_of_items_is_kept_across_decks() -> None:
    drawn = [Item(id=f"q{n}", kind="essay", stem={"en": f"Q{n}"}, category=["ab"[n % 2]]) for n in range(6)]
    assert [item.id for item in read(anki.write(drawn)).items] == [item.id for item in drawn]


@settings(max_examples=60)
@given(
    st.lists(
        items([*KINDS, "description"], fields=FIELDS),
        min_size=1,
        max_size=3,
        unique_by=lambda item: item.id or id(item),
    )
)
def test_every_item_comes_back_whole(drawn: list[Item]) -> None:
    reading = read(anki.write(drawn))
    assert [problem.message for problem in reading.errors] == []
    assert [item.to_json() | {"provenance": 0} for item in reading.items] == [
        item.to_json() | {"provenance": 0} for item in drawn
    ]


@pytest.mark.parametrize(
    ("data", "likely"),
    [(anki.SAMPLE, True), (files.modern_package(FINE), True), (files.zipped({"a": b""}), False), (b"1. Q", False)],
)
def test_sniff(data: bytes, likely: bool) -> None:
    assert (anki.sniff(data) > 0.9) is likely
