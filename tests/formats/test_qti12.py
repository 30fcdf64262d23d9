"""QTI 1.2: Canvas's types, plain files by their structure, packages, what is refused, and the way there and back."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats import qti12
from quizapp.formats.base import CannotCarry, Reading
from quizapp.formats.items import Item, Media
from quizapp.formats.schema import check_item
from quizapp.kinds import KINDS
from tests.draws import exploring
from tests.formats.qti_round_trip import canonical, carried_items, fuzzed, package, reshaped, same

HEAD = '<?xml version="1.0"?>\n<questestinterop>\n'


def document(items: str, wrap: str = "{}") -> bytes:
    return (HEAD + wrap.format(items) + "\n</questestinterop>").encode()


def item(presentation: str, processing: str = "", kind: str = "", rest: str = "", **meta: str) -> str:
    fields = {"question_type": kind, **meta}
    written = "".join(
        f"<qtimetadatafield><fieldlabel>{label}</fieldlabel><fieldentry>{entry}</fieldentry></qtimetadatafield>"
        for label, entry in fields.items()
        if entry
    )
    return (
        f'<item ident="q1"><itemmetadata><qtimetadata>{written}</qtimetadata></itemmetadata>'
        f"<presentation>{presentation}</presentation><resprocessing>{processing}</resprocessing>{rest}</item>"
    )


def mat(text: str, kind: str = "text/plain") -> str:
    return f'<material><mattext texttype="{kind}">{text}</mattext></material>'


def lid(
    labels: dict[str, str], ident: str = "r", cardinality: str = "Single", before: str = "", render: str = ""
) -> str:
    inner = "".join(f'<response_label ident="{name}">{mat(text)}</response_label>' for name, text in labels.items())
    return (
        f'<response_lid ident="{ident}" rcardinality="{cardinality}">{before}'
        f"<render_choice{render}>{inner}</render_choice></response_lid>"
    )


def fib(ident: str = "r", kind: str = "String", more: str = "", rows: str = "") -> str:
    return f'<response_str ident="{ident}"><render_fib fibtype="{kind}"{rows}/></response_str>{more}'


def eq(value: str, ident: str = "r", more: str = "") -> str:
    return f'<varequal respident="{ident}"{more}>{value}</varequal>'


def when(tests: str, score: str = "100", action: str = "Set", goes_on: str = "No", show: str = "") -> str:
    shown = f'<displayfeedback linkrefid="{show}"/>' if show else ""
    change = f'<setvar action="{action}" varname="SCORE">{score}</setvar>' if score else ""
    return f'<respcondition continue="{goes_on}"><conditionvar>{tests}</conditionvar>{change}{shown}</respcondition>'


def outcomes(maximum: str = "100") -> str:
    return f'<outcomes><decvar varname="SCORE" maxvalue="{maximum}"/></outcomes>'


ABC = {"A": "one", "B": "two", "C": "three"}
STEM = mat("What?")
CANVAS_MULTIPLE = {"kind": "multiple_answers_question"}


def only(source: str | bytes) -> Item:
    reading = qti12.read(source if isinstance(source, bytes) else document(source))
    assert len(reading.items) == 1, [problem.message for problem in reading.problems]
    return reading.items[0]


def fractions(found: Item) -> list[float]:
    return [choice["fraction"] for choice in found.response["choices"]]


def test_the_sample_is_read_whole_and_every_body_is_sound() -> None:
    reading = qti12.read(qti12.SAMPLE)
    kinds = [one.kind for one in reading.items]
    assert kinds == ["choice", "truefalse", "multiple", "text", "cloze", "cloze", "match", "number", "essay",
                     "description", "opaque"]  # fmt: skip
    assert all(not KINDS[one.kind].check(one.body) for one in reading.items if one.kind in KINDS)
    assert [check_item(one.to_json()) for one in reading.items] == [[] for _ in reading.items]
    assert reading.title == {"en": "Korean history"}
    first = reading.items[0]
    assert first.points == 2
    assert first.feedback == {"general": {"en": "It was made in 1443."}, "right": {"en": "Yes."}}
    assert first.response["choices"][1]["feedback"] == {"en": "He was Sejong's father."}
    assert reading.items[7].stem == {"en": r"What is \(x^2\) for 1.772?", "format": "html"}


# --- single and multiple choice: what is right is worked out ---


@pytest.mark.parametrize(
    ("processing", "wanted"),
    [
        (when(eq("B")), [0, 1, 0]),
        (outcomes() + when(eq("A"), "50") + when(eq("B")), [0.5, 1, 0]),
        (outcomes() + when(eq("B")) + when(eq("C"), "-25"), [0, 1, -0.25]),
        (outcomes("4") + when(f"<or>{eq('A')}</or>", "4") + when("<other/>", "0"), [1, 0, 0]),
        (outcomes("") + when(f"<not>{eq('A')}</not>", "0") + when(eq("A"), "2"), [1, 0, 0]),
        (when(eq("C"), "SCORE.max"), [0, 0, 1]),
        (when(eq("A")) + when(eq("B")), [1, 1, 0]),
        (when(eq("A") + eq("B")), [1, 1, 0]),
        (when(eq("c", more=' case="No"')), [0, 0, 1]),
    ],
)
def test_the_fractions_of_a_single_choice(processing: str, wanted: list[float]) -> None:
    found = only(item(STEM + lid(ABC), processing))
    assert (found.kind, fractions(found)) == ("choice", wanted)


def test_a_lone_right_answer_below_the_maximum_is_said() -> None:
    reading = qti12.read(document(item(STEM + lid(ABC), outcomes() + when(eq("A"), "1"))))
    assert fractions(reading.items[0]) == [1, 0, 0]
    assert [problem.code for problem in reading.problems] == ["less-than-whole"]


@pytest.mark.parametrize(
    ("processing", "meta", "wanted", "method"),
    [
        (when(eq("A") + eq("C") + f"<not>{eq('B')}</not>"), {}, [1, 0, 1], "all-or-nothing"),
        (when(f"<and>{eq('A')}{eq('C')}<not>{eq('B')}</not></and>"), CANVAS_MULTIPLE, [1, 0, 1], ""),
        (when(f"<and>{eq('A')}<not>{eq('B')}</not><not>{eq('C')}</not></and>"), CANVAS_MULTIPLE, [1, 0, 0], ""),
        ("".join(when(eq(name), score, "Add", "Yes") for name, score in (("A", "60"), ("B", "-50"), ("C", "40"))), {},
         [0.6, -0.5, 0.4], "sum"),
        ("".join(when(eq(name), "3", "Add", "Yes") for name in "AC") + when(eq("B"), "3", "Subtract", "Yes"), {},
         [0.5, -0.5, 0.5], "sum"),
        (when('<varsubset respident="r" setmatch="Exact">A,C</varsubset>'), {}, [1, 0, 1], "all-or-nothing"),
    ],
)  # fmt: skip
def test_the_fractions_of_a_multiple_response(
    processing: str, meta: dict[str, str], wanted: list[float], method: str
) -> None:
    found = only(item(STEM + lid(ABC, cardinality="Multiple"), processing, **meta))
    assert (found.kind, fractions(found), found.scoring.get("method", "")) == ("multiple", wanted, method)


@pytest.mark.parametrize(
    ("stem", "text"),
    [
        (mat("a &amp; b"), {"en": "a & b", "format": "plain"}),
        (mat("What is it, then?"), {"en": "What is it, then?"}),
        (mat("2 * 3 * 4"), {"en": "2 * 3 * 4", "format": "plain"}),
        (mat("&lt;b&gt; is a tag"), {"en": "<b> is a tag", "format": "plain"}),
        ("<material><mattext>&lt;p&gt;&lt;b&gt;Bold&lt;/b&gt;&lt;/p&gt;</mattext></material>",
         {"en": "<b>Bold</b>", "format": "html"}),
        (mat("&lt;div&gt;&lt;p&gt;Wrapped&lt;/p&gt;&lt;/div&gt;", "text/html"), {"en": "Wrapped"}),
        (mat("<p>Inner <em>XHTML</em></p>", "text/xhtml"), {"en": "Inner <em>XHTML</em>", "format": "html"}),
        (mat("세종은\n   누구인가?"), {"ko": "세종은 누구인가?"}),
        (mat("One.") + mat("Two."), {"en": "<p>One.</p>\n<p>Two.</p>", "format": "html"}),
        (mat("x " * 30_000 + "end"), {"en": "x " * 30_000 + "end"}),
    ],
)  # fmt: skip
def test_stems(stem: str, text: dict[str, str]) -> None:
    assert only(item(stem + lid(ABC), when(eq("A")))).stem == text


# --- typed answers ---


def test_short_answers_keep_their_fractions_and_stars() -> None:
    processing = outcomes() + when(eq("Seoul") + eq("서울")) + when(eq("*yang"), "50")
    found = only(item(STEM + fib(), processing))
    assert found.response["answers"] == [
        {"text": "Seoul", "fraction": 1},
        {"text": "서울", "fraction": 1},
        {"text": r"\*yang", "fraction": 0.5},
    ]


@pytest.mark.parametrize(
    ("tests", "answer"),
    [
        (eq("42"), {"value": "42"}),
        (f"<or>{eq('3.14')}<and><vargte respident='r'>3.13</vargte><varlte respident='r'>3.15</varlte></and></or>",
         {"value": "3.14", "tolerance": "0.01"}),
        ("<vargte respident='r'>10</vargte><varlte respident='r'>20</varlte>", {"value": "15", "tolerance": "5"}),
        (f"<or>{eq('13.4')}<and><vargt respident='r'>13.395</vargt><varlte respident='r'>13.405</varlte></and></or>",
         {"value": "13.4", "tolerance": "0.005"}),
        (eq("3,14"), {"value": "3.14"}),
        (eq("-2.5e3"), {"value": "-2.5e3"}),
    ],
)  # fmt: skip
def test_numbers(tests: str, answer: dict[str, str]) -> None:
    found = only(item(STEM + fib(kind="Decimal"), when(tests), "numerical_question"))
    assert found.response["answers"] == [answer | {"fraction": 1}]


def test_a_decimal_comma_is_said() -> None:
    reading = qti12.read(document(item(STEM + fib(kind="Decimal"), when(eq("3,14")))))
    assert [(problem.code, problem.severity, problem.text) for problem in reading.problems] == [
        ("number-reading", "warning", "3,14")
    ]


def test_essays_are_told_by_what_they_say_or_by_their_room() -> None:
    assert only(item(STEM + fib(), "", "essay_question")).kind == "essay"
    assert only(item(STEM + fib(rows=' rows="5"'))).kind == "essay"
    assert only(item(STEM + fib(), qmd_computerscored="No")).kind == "essay"


# --- gaps, matching, order ---


def test_blanks_that_have_no_plain_name_get_one() -> None:
    stem = mat("&lt;p&gt;[빈 칸]은 [b] [x].&lt;/p&gt;", "text/html")
    blanks = lid({"1": "하나", "2": "일"}, "response_빈 칸") + lid({"3": "둘"}, "response_b")
    found = only(item(stem + blanks, "", "fill_in_multiple_blanks_question"))
    assert found.response["text"]["ko"] == "{{g1}}은 {{g2}} [x]."
    assert [[one["text"] for one in gap["answers"]] for gap in found.response["gaps"]] == [["하나", "일"], ["둘"]]


def test_dropdowns_with_the_same_idents_get_ids_of_their_own() -> None:
    both = lid({"1": "a", "2": "b"}, "response_x") + lid({"1": "c", "2": "d"}, "response_y")
    scores = when(eq("1", "response_x"), "50", "Add", "Yes") + when(eq("2", "response_y"), "50", "Add", "Yes")
    found = only(item(mat("[x] and [y]") + both, scores, "multiple_dropdowns_question"))
    gaps = found.response["gaps"]
    assert [[one["id"] for one in gap["choices"]] for gap in gaps] == [["x-a", "x-b"], ["y-a", "y-b"]]
    assert [[one["fraction"] for one in gap["choices"]] for gap in gaps] == [[1, 0], [0, 1]]


def test_a_response_inside_of_a_sentence_is_a_gap() -> None:
    flow = f"<flow>{mat('Next: O, T, T, ')}{fib()}{mat('!')}</flow>"
    found = only(item(flow, when(eq("F", more=' case="Yes"'))))
    assert found.response["text"] == {"en": "Next: O, T, T, {{r}}!"}
    assert found.response["gaps"][0] == {
        "id": "r", "kind": "text", "answers": [{"text": "F", "fraction": 1}], "scoring": {"case": True},
    }  # fmt: skip


def test_gaps_of_different_weight_and_kind() -> None:
    flow = mat("A ") + fib("one") + mat(" B ") + fib("two", "Decimal") + mat(" C ") + lid(ABC, "three")
    scores = "".join(
        when(eq(value, name), score, "Add", "Yes")
        for value, name, score in (("x", "one", "25"), ("2", "two", "50"), ("B", "three", "25"))
    )
    found = only(item(flow, scores))
    assert [(gap["kind"], gap.get("weight")) for gap in found.response["gaps"]] == [
        ("text", None), ("number", 2), ("choice", None),
    ]  # fmt: skip


def test_matching_by_structure_and_by_pairs() -> None:
    labels = {"p": "Paris", "t": "Tokyo"}
    rows = lid(labels, "f", before=mat("France")) + lid(labels, "j", before=mat("Japan"))
    found = only(item(STEM + rows, when(eq("p", "f"), "50", "Add") + when(eq("t", "j"), "50", "Add")))
    assert [(row["text"]["en"], row["option"]) for row in found.response["rows"]] == [("France", "p"), ("Japan", "t")]
    group = lid({"1": "France", "2": "Japan", "11": "Paris", "12": "Tokyo"}, cardinality="Multiple").replace(
        "response_lid", "response_grp"
    )
    pair = '<varsubset respident="r">{}</varsubset>'
    found = only(item(STEM + group, when(pair.format("1,11"), "1", "Add") + when(pair.format("2,12"), "1", "Add")))
    assert [(row["id"], row["option"]) for row in found.response["rows"]] == [("1", "11"), ("2", "12")]


def test_ordering() -> None:
    presentation = STEM + lid(ABC, cardinality="Ordered")
    together = "".join(eq(name, more=f' index="{place}"') for place, name in enumerate("CAB", 1))
    found = only(item(presentation, when(f"<and>{together}</and>")))
    assert ([one["id"] for one in found.response["items"]], found.scoring["method"]) == (list("CAB"), "all-or-nothing")
    apart = "".join(when(eq(name, more=f' index="{n}"'), "1", "Add", "Yes") for n, name in enumerate("CAB", 1))
    assert only(item(presentation, apart)).scoring["method"] == "absolute"


def test_ordering_of_the_newer_quizzes() -> None:
    processing = when(eq("B") + eq("C") + eq("A"))
    found = only(item(STEM + lid(ABC, cardinality="Ordered"), processing, "ordering_question"))
    assert [one["id"] for one in found.response["items"]] == ["B", "C", "A"]


# --- what can't be used ---


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (item(STEM + lid(ABC), when(eq("Z"))), "no-right"),
        (item(STEM + lid(ABC), outcomes() + when(eq("A"), "50") + when(eq("B"), "50")), "no-right"),
        (item(STEM + lid({"A": "one"}), when(eq("A"))), "too-few"),
        (item(STEM + lid({"A": "one", "B": ""}), when(eq("A"))), "no-text"),
        (item(lid(ABC), when(eq("A"))), "no-text"),
        (item(STEM + fib(), when('<vargte respident="r">1</vargte>')), "no-right"),
        (item(STEM + fib(kind="Decimal"), when(eq("many")), "numerical_question"), "no-right"),
        (item(mat("No gap") + lid({"1": "x"}, "response_g"), "", "fill_in_multiple_blanks_question"), "marker"),
        (item(STEM + lid(ABC, "x", before=mat("Row")), when(eq("Q", "x")), "matching_question"), "no-right"),
        ('<item ident="q1"/>', "no-text"),
    ],
)
def test_a_question_without_a_right_answer_fails(source: str, code: str) -> None:
    reading = qti12.read(document(source))
    assert (reading.found, reading.failed, reading.items) == (1, 1, [])
    assert code in [problem.code for problem in reading.errors]
    assert all(problem.line == 3 for problem in reading.errors)


@pytest.mark.parametrize(
    "source",
    [
        item(STEM + fib(), kind="calculated_question"),
        item(STEM, kind="file_upload_question"),
        item(STEM + fib(), kind="hot_spot_question"),
        item(STEM + lid(ABC)),
        item(STEM + fib()),
        item(STEM + lid(ABC), when(eq("A"), "0"), "multiple_choice_question"),
        item(STEM + lid(ABC, "x", before=mat("Row")) + lid(ABC, "y", before=mat("Row"))),
        item(STEM + '<response_xy ident="r"><render_hotspot/></response_xy>', when(eq("1,1"))),
        item(STEM + lid(ABC), when('<varinside respident="r">1,2</varinside>')),
        item(STEM + lid(ABC), when(eq("A")).replace("SCORE", "Right") + when(eq("B")).replace("SCORE", "Wrong")),
        item(
            STEM + lid(ABC, cardinality="Multiple"),
            when(eq("A"), "3") + when(eq("A") + eq("B"), "9") + when(eq("C"), "1"),
        ),
    ],
)
def test_what_cannot_be_played_is_kept_and_written_unchanged(source: str) -> None:
    reading = qti12.read(document(source))
    assert [one.kind for one in reading.items] == ["opaque"]
    assert same(reading, qti12.read(qti12.write(reading.items)))


BLACKBOARD = "<bbmd_questiontype>{}</bbmd_questiontype>"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (item(STEM + fib(), kind="hot_spot_question"), "hot_spot_question"),
        (item(STEM + '<response_xy ident="r"><render_hotspot/></response_xy>'), "render_hotspot"),
        (item(STEM + lid(ABC)).replace(
            "<qtimetadata>", f"{BLACKBOARD.format('Opinion Scale')}<qtimetadata>"), "survey"),
        (item(STEM + '<response_xy ident="r"/>').replace(
            "<qtimetadata>", f"{BLACKBOARD.format('Hot Spot')}<qtimetadata>"), "Hot Spot"),
    ],
)  # fmt: skip
def test_the_reason_names_the_type(source: str, said: str) -> None:
    reading = qti12.read(document(source))
    assert [one.kind for one in reading.items] == ["opaque"]
    assert said in reading.problems[0].message


def test_zero_points_are_said() -> None:
    reading = qti12.read(document(item(STEM + lid(ABC), when(eq("A")), points_possible="0.0")))
    assert (reading.items[0].points, reading.problems[0].code) == (1, "points")


# --- packages ---


def quiz(stem: str, ident: str = "i9", title: str = "Quiz") -> bytes:
    wrap = f'<assessment ident="{ident}" title="{title}"><section ident="root_section">{{}}</section></assessment>'
    return document(item(mat(stem, "text/html") + lid(ABC), when(eq("A")), "multiple_choice_question"), wrap)


@pytest.mark.parametrize(
    "address",
    [
        "$IMS-CC-FILEBASE$/Uploaded%20Media/pic%20%26%201.png?canvas_download=1",
        "%24IMS-CC-FILEBASE%24/Uploaded Media/pic &amp; 1.png",
        "../web_resources/Uploaded Media/pic &amp; 1.png",
    ],
)
def test_pictures_travel_with_their_question(address: str) -> None:
    stem = f"Look: &lt;img src=&quot;{address}&quot; alt=&quot;A picture&quot;&gt;"
    files = {"q/q.xml": quiz(stem), "web_resources/Uploaded Media/pic & 1.png": b"png"}
    reading = qti12.read(package(files))
    found = reading.items[0]
    assert found.media == [Media("pic_1.png", b"png", "image/png", "A picture")]
    assert 'src="media:pic_1.png"' in found.stem["en"]
    assert found.provenance["place"] == "q/q.xml"
    assert same(reading, qti12.read(qti12.write(reading.items)))


def test_a_missing_picture_is_said() -> None:
    reading = qti12.read(package({"q.xml": quiz("&lt;img src=&quot;gone.png&quot;&gt; Where?")}))
    assert [(problem.code, problem.place, problem.text) for problem in reading.problems] == [
        ("missing-media", "q.xml", "gone.png")
    ]


def test_a_damaged_picture_costs_no_question() -> None:
    data = package({"q.xml": quiz("&lt;img src=&quot;pic.png&quot;&gt; Where?"), "pic.png": b"picture-bytes"})
    assert data.count(b"picture-bytes") == 1
    reading = qti12.read(data.replace(b"picture-bytes", b"picture-bites"))
    assert (len(reading.items), [problem.code for problem in reading.problems]) == (1, ["missing-media"])


def test_a_quiz_that_stands_twice_is_read_once_and_whole() -> None:
    files = {
        "imsmanifest.xml": "<manifest><resources/></manifest>",
        "i9/assessment_qti.xml": quiz("Cut down"),
        "i9/assessment_meta.xml": '<quiz identifier="i9"><shuffle_answers>true</shuffle_answers></quiz>',
        "non_cc_assessments/i9.xml.qti": quiz("Whole"),
        "non_cc_assessments/i7.xml.qti": quiz("Other", "i7", "Second"),
    }
    reading = qti12.read(package(files))
    assert [(one.stem["en"], one.shuffle) for one in reading.items[:1]] == [("Whole", True)]
    assert reading.found == len(reading.items) + reading.skipped + reading.failed


def test_banks_and_sections_are_categories() -> None:
    bank = (
        '<objectbank ident="b"><qtimetadata><qtimetadatafield><fieldlabel>bank_title</fieldlabel>'
        "<fieldentry>Bank</fieldentry></qtimetadatafield></qtimetadata>{}</objectbank>"
    )
    drawn = "<selection_ordering><selection><selection_number>1</selection_number></selection></selection_ordering>"
    inner = f'<section title="Kings">{drawn}{{}}</section>'
    one = item(STEM + lid(ABC), when(eq("A")))
    reading = qti12.read(document(inner.format(one), bank))
    assert reading.title == {"en": "Bank"}
    assert reading.items[0].category == ["Kings"]
    assert [problem.code for problem in reading.problems] == ["selection"]


# --- unsafe, broken, and other files ---

BOMB = b'<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><questestinterop>&b;</questestinterop>'
OUTSIDE = b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><questestinterop>&x;</questestinterop>'


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"<questestinterop", b"\x00\x01\x02", BOMB, OUTSIDE, b"<html/>",
     package({"../x.xml": "<a/>"}),
     package({"q.xml": b"<questestinterop><item"}), b"<a>" * 500 + b"</a>" * 500,
     package({"big.xml": b" " * 20_000_000})],
)  # fmt: skip
def test_bad_files_are_problems(data: bytes) -> None:
    reading = qti12.read(data)
    assert reading.items == []
    assert reading.problems
    assert "root:" not in str(reading.problems)


def test_the_doctype_of_old_exports_is_passed_over() -> None:
    source = document(item(STEM + lid(ABC), when(eq("A")))).replace(
        b"<questestinterop>", b'<!DOCTYPE questestinterop SYSTEM "ims_qtiasiv1p2p1.dtd">\n<questestinterop>'
    )
    assert qti12.read(source).items[0].provenance["line"] == 4


def test_sniffing() -> None:
    assert qti12.sniff(qti12.SAMPLE) > 0.9
    assert qti12.sniff(qti12.write(qti12.read(qti12.SAMPLE).items)) > 0.8
    assert qti12.sniff(b"<assessmentItem/>") == qti12.sniff(b"PK\x03\x04") == qti12.sniff(b"") == 0


# --- writing ---


def test_reading_what_was_written_gives_the_same() -> None:
    reading = qti12.read(qti12.SAMPLE)
    data = qti12.write(reading.items)
    assert data == qti12.write(reading.items)
    assert same(reading, qti12.read(data))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"stem": {"ko": "무엇?", "en": "What?"}}, "lost-languages"),
        ({"stem": {"en": "**What**?"}}, "markdown"),
        ({"difficulty": 2}, "lost-difficulty"),
        ({"stimulus": {"en": "Read this."}}, "stimulus"),
        ({"media": [Media("a.png", b"x")]}, "unshown"),
        ({"feedback": {"partial": {"en": "Half."}}}, "partial"),
    ],
)
def test_losses_are_declared(more: dict[str, Any], code: str) -> None:
    plain = Item(
        stem={"en": "What?"},
        kind="truefalse",
        response={"answer": True},
        **{k: v for k, v in more.items() if k != "stem"},
    )
    plain.stem = more.get("stem", plain.stem)
    assert [problem.code for problem in qti12.carries(plain)] == [code]
    assert len(qti12.read(qti12.write([plain])).items) == 1


THIRD = 1 / 3


@pytest.mark.parametrize(
    ("kind", "response", "scoring"),
    [
        ("multiple", {"choices": [{"id": name, "text": {"en": name}, "fraction": share}
                                  for name, share in zip("abcd", (THIRD, THIRD, THIRD, -THIRD), strict=True)]},
         {"method": "sum"}),
        ("choice", {"choices": [{"id": name, "text": {"en": name}, "fraction": share}
                                for name, share in zip("abcd", (1, THIRD, 0.33333, -1 / 7), strict=True)]}, {}),
        ("text", {"answers": [{"text": "a", "fraction": 1}, {"text": "b", "fraction": 2 / 3}]}, {}),
        ("number", {"answers": [{"value": "1", "fraction": 1}, {"value": "2", "fraction": THIRD}]}, {}),
    ],
)  # fmt: skip
def test_thirds_come_back_as_they_are(kind: str, response: dict[str, Any], scoring: dict[str, Any]) -> None:
    one = Item(id="q", kind=kind, stem={"en": "What?"}, response=response, scoring=scoring)
    assert qti12.read(qti12.write([one])).items[0].response == response


def test_gaps_of_several_kinds_are_named_as_what_canvas_does_not_know() -> None:
    def codes(*gaps: dict[str, Any]) -> list[str]:
        text = " ".join(f"{{{{g{place}}}}}" for place in range(len(gaps)))
        response = {"text": {"en": f"Fill in: {text}"},
                    "gaps": [{"id": f"g{place}", **gap} for place, gap in enumerate(gaps)]}  # fmt: skip
        return [problem.code for problem in qti12.carries(Item(id="q", kind="cloze", response=response))]

    typed = {"kind": "text", "answers": [{"text": "a", "fraction": 1}]}
    number = {"kind": "number", "answers": [{"value": "1", "fraction": 1}]}
    assert "canvas" not in codes(typed, typed)
    assert "canvas" in codes(typed, number)
    assert "canvas" in codes({**typed, "weight": 2}, typed)


def test_markdown_with_a_picture_becomes_html_and_keeps_it() -> None:
    stem = {"en": "See ![the map](media:map.png) **here**"}
    one = Item(kind="description", stem=stem, media=[Media("map.png", b"png", "image/png", "the map")])
    back = qti12.read(qti12.write([one])).items[0]
    assert back.stem == {"en": 'See <img src="media:map.png" alt="the map"> <strong>here</strong>', "format": "html"}
    assert back.media == one.media


def test_what_cannot_be_written_is_refused() -> None:
    wild = Item(kind="text", stem={"en": "?"}, response={"answers": [{"text": "a*", "fraction": 1}]})
    foreign = Item(kind="opaque", provenance={"format": "moodle-xml", "original": "<question/>"})
    for one in (wild, foreign):
        with pytest.raises(CannotCarry):
            qti12.write([one])


def test_an_item_without_an_id_is_the_same_one_when_it_comes_back() -> None:
    (found,) = qti12.read(document(item(STEM + lid(ABC), when(eq("A"))).replace('ident="q1"', ""))).items
    assert found.id == ""
    (again,) = qti12.read(qti12.write([found])).items
    assert (again.id, again.content()) == ("", found.content())


def test_choices_of_several_gaps_keep_their_own_feedback() -> None:
    """Moodle's gaps call their choices a, b … each; in Canvas an ident is that of one choice."""
    gaps = [
        {"id": gap, "kind": "choice", "choices": [
            {"id": name, "text": {"en": name}, "fraction": fraction, "feedback": {"en": f"{gap} {name}"}}
            for name, fraction in (("a", 1), ("b", 0))]}
        for gap in ("g1", "g2")
    ]  # fmt: skip
    made = Item(id="q", kind="cloze", response={"text": {"en": "{{g1}} and {{g2}}"}, "gaps": gaps})
    assert "lost-ids" in [problem.code for problem in qti12.carries(made)]
    (back,) = qti12.read(qti12.write([made])).items
    for gap in back.response["gaps"]:
        assert [one["feedback"]["en"] for one in gap["choices"]] == [f"{gap['id']} a", f"{gap['id']} b"]


def test_an_ident_of_two_questions_costs_none_of_them() -> None:
    one, other = (item(mat(stem) + lid(ABC), when(eq("A"))) for stem in ("Which?", "And which?"))
    reading = qti12.read(document(one + other + one))
    assert [found.id for found in reading.items] == ["q1", ""]
    assert [problem.code for problem in reading.problems] == ["shared-id", "same-id"]


def test_names_that_xml_takes_once_only_are_kept() -> None:
    """What lxml lets pass when it reads, it may refuse to read again."""
    odd = item(STEM + '<response_xy ident="r"/>').replace("<presentation>", f'<presentation {"i" * 60}="">')
    assert qti12.read(document(odd)).items[0].kind == "opaque"


def test_items_without_an_id_keep_apart() -> None:
    twice = [Item(kind="truefalse", stem={"en": "So?"}, response={"answer": True}) for _ in range(2)]
    back = qti12.read(qti12.write(twice))
    assert len(back.items) == 2


@pytest.mark.parametrize("texts", ["plain", "any"])
@settings(max_examples=60 if exploring() else 30, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_round_trip(texts: str, data: st.DataObject) -> None:
    fields = ("title", "category", "tags", "points", "shuffle", "hints", "feedback")
    one = data.draw(carried_items(qti12, texts, fields))
    back = qti12.read(qti12.write([one]))
    assert [canonical(found) for found in back.items] == [canonical(one)]
    assert same(back, qti12.read(qti12.write(back.items)))


def check_sum(reading: Reading) -> None:
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
    for one in reading.items:
        assert one.kind not in KINDS or KINDS[one.kind].check(one.body) == []


def test_mutated_files_never_raise(chance: random.Random) -> None:
    for data in fuzzed(qti12.SAMPLE, 300, chance):
        check_sum(qti12.read(data))
    for data in reshaped(qti12.SAMPLE, 150, chance):
        check_sum(qti12.read(data))


def test_a_huge_question_is_given_up_soon() -> None:
    many = {f"c{number}": "x" for number in range(3000)}
    reading = qti12.read(document(item(STEM + lid(many), "".join(when(eq(name), "1", "Add", "Yes") for name in many))))
    assert [one.kind for one in reading.items] == ["opaque"]
