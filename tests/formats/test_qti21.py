"""QTI 2.1 and 2.2: each interaction, the ways of scoring, feedback, packages, what is refused, and there and back."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats import qti21, qti30
from quizapp.formats.base import CannotCarry, Reading
from quizapp.formats.items import Item, Media
from quizapp.formats.schema import check_item
from quizapp.kinds import KINDS
from tests.draws import exploring
from tests.formats.qti_round_trip import canonical, carried_items, fuzzed, package, reshaped, same

TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
MATCH = f'<responseProcessing template="{TEMPLATES}match_correct"/>'
MAP = f'<responseProcessing template="{TEMPLATES}map_response"/>'
SCORE = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'


def source(body: str, declarations: str = "", rules: str = MATCH, more: str = "", attributes: str = "") -> bytes:
    return (
        '<?xml version="1.0"?>\n<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q1" '
        f'title="A question" adaptive="false" timeDependent="false"{attributes}>\n{declarations}{SCORE}'
        f"<itemBody>{body}</itemBody>{rules}{more}</assessmentItem>"
    ).encode()


def declare(correct: str = "", cardinality: str = "single", base: str = "identifier", name: str = "RESPONSE",
            mapping: dict[str, float] | None = None, bounds: str = "", case: str = "") -> str:  # fmt: skip
    values = "".join(f"<value>{value}</value>" for value in correct.split("|") if value)
    entries = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{worth}"{case}/>' for key, worth in (mapping or {}).items()
    )
    mapped = f'<mapping defaultValue="0"{bounds}>{entries}</mapping>' if entries else ""
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{values}</correctResponse>{mapped}</responseDeclaration>"
    )


def choice(most: int = 1, before: str = "<p>What?</p>", shuffle: str = "false", inside: str = "") -> str:
    choices = "".join(f'<simpleChoice identifier="{name}">{name.lower()}{inside}</simpleChoice>' for name in "ABC")
    return (
        f'{before}<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}" maxChoices="{most}">'
        f"{choices}</choiceInteraction>"
    )


TYPED = '<p>What?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'


def var(name: str = "RESPONSE") -> str:
    return f'<variable identifier="{name}"/>'


def val(value: str, kind: str = "identifier") -> str:
    return f'<baseValue baseType="{kind}">{value}</baseValue>'


def put(value: str, name: str = "SCORE") -> str:
    return f'<setOutcomeValue identifier="{name}">{value}</setOutcomeValue>'


def rule(test: str, then: str, other: str = "") -> str:
    otherwise = f"<responseElse>{other}</responseElse>" if other else ""
    return f"<responseCondition><responseIf>{test}{then}</responseIf>{otherwise}</responseCondition>"


def rules(*parts: str) -> str:
    return f"<responseProcessing>{''.join(parts)}</responseProcessing>"


def only(data: bytes) -> Item:
    reading = qti21.read(data)
    assert len(reading.items) == 1, [problem.message for problem in reading.problems]
    return reading.items[0]


def fractions(found: Item) -> list[float]:
    return [one["fraction"] for one in found.response["choices"]]


def test_the_sample_is_read_whole_and_every_body_is_sound() -> None:
    reading = qti21.read(qti21.SAMPLE)
    kinds = ["choice", "truefalse", "multiple", "text", "cloze", "essay", "order", "match", "cloze", "opaque"]
    assert [one.kind for one in reading.items] == kinds
    assert all(not KINDS[one.kind].check(one.body) for one in reading.items if one.kind in KINDS)
    assert [check_item(one.to_json()) for one in reading.items] == [[] for _ in reading.items]
    first = reading.items[0]
    assert (first.points, first.shuffle, first.category) == (2, True, ["Korean history"])
    assert first.feedback == {"right": {"en": "Yes."}, "wrong": {"en": "No, in 1443."}}
    assert [one.name for one in first.media] == ["map.png"]
    assert first.response["choices"][2]["pinned"]
    assert reading.items[5].stimulus == {"en": "She called the <em>flamingos</em>.", "format": "html"}


@pytest.mark.parametrize("near", ["0.5", "5", "5000"])
def test_a_number_and_what_is_near_it_come_back(near: str) -> None:
    answers = [{"value": "1885", "fraction": 1}, {"value": "1885", "tolerance": near, "fraction": 0.5}]
    made = Item(id="q", kind="number", stem={"en": "When?"}, response={"answers": answers})
    (back,) = qti21.read(qti21.write([made])).items
    assert back.response == made.response


@pytest.mark.parametrize(("words", "lost"), [("from $5 to $6", False), ("from $5 to $6$", True)])
def test_plain_dollars_that_would_become_a_formula_are_named(words: str, lost: bool) -> None:
    made = Item(id="q", kind="essay", stem={"en": words, "format": "plain"})
    assert ("formula" in [problem.code for problem in qti21.carries(made)]) is lost


@pytest.mark.parametrize(
    ("declared", "scored", "wanted", "points"),
    [
        (declare("B"), MATCH, [0, 1, 0], 1),
        (declare("B"), "", [0, 1, 0], 1),
        (declare("B", mapping={"B": 4, "C": 1}), MAP, [0, 1, 0.25], 4),
        (declare("B", mapping={"B": 2, "A": -1}), MAP, [-0.5, 1, 0], 2),
        (declare("B", mapping={"B": 2, "A": -1}, bounds=' lowerBound="0"'), MAP, [0, 1, 0], 2),
        (declare("B"), rules(rule(f"<match>{var()}<correct identifier='RESPONSE'/></match>", put(val("3", "float")))),
         [0, 1, 0], 3),
        (declare(""), rules(rule(f"<match>{val('C')}{var()}</match>", put(val("1", "float")))), [0, 0, 1], 1),
        (declare("A"), rules(rule(f"<isNull>{var()}</isNull>", "", put(val("1", "float")))), [1, 1, 1], 1),
        (declare("B", mapping={"B": 2, "C": 2}), MAP, [0, 1, 1], 2),
    ],
)  # fmt: skip
def test_the_fractions_of_a_single_choice(declared: str, scored: str, wanted: list[float], points: float) -> None:
    found = only(source(choice(), declared, scored))
    assert (fractions(found), found.points) == (wanted, points)


ALONE = ' lowerBound="0" upperBound="2"'


@pytest.mark.parametrize(
    ("declared", "scored", "wanted", "method"),
    [
        (declare("A|C", "multiple"), MATCH, [1, 0, 1], "all-or-nothing"),
        (declare("A|C", "multiple", mapping={"A": 1, "C": 1, "B": -1}), MAP, [1, 0, 1], ""),
        (declare("A|C", "multiple", mapping={"A": 1, "C": 1, "B": -2}, bounds=ALONE), MAP, [0.5, -1, 0.5], "sum"),
        (declare("A|C", "multiple", mapping={"A": 3, "C": 1}), MAP, [0.75, 0, 0.25], "sum"),
        (declare("A|C", "multiple"), rules(*(
            rule(f"<member>{val(name)}{var()}</member>", put(f"<sum>{var('SCORE')}{val(worth, 'float')}</sum>"))
            for name, worth in (("A", "1"), ("C", "1"), ("B", "-1")))), [1, 0, 1], ""),
    ],
)  # fmt: skip
def test_the_fractions_of_a_multiple_response(declared: str, scored: str, wanted: list[float], method: str) -> None:
    found = only(source(choice(0), declared, scored))
    assert (found.kind, fractions(found), found.scoring.get("method", "")) == ("multiple", wanted, method)


@pytest.mark.parametrize(
    ("declared", "scored", "answers", "case"),
    [
        (declare("Seoul", base="string"), MATCH, [{"text": "Seoul", "fraction": 1}], True),
        (declare("서울", base="string"), MATCH, [{"text": "서울", "fraction": 1}], False),
        (declare("x", base="string", mapping={"York": 1, "york": 0.5}), MAP,
         [{"text": "York", "fraction": 1}, {"text": "york", "fraction": 0.5}], True),
        (declare("York", base="string", mapping={"York": 2, "Y*": 1}, case=' caseSensitive="false"'), MAP,
         [{"text": "York", "fraction": 1}, {"text": r"Y\*", "fraction": 0.5}], False),
        (declare("", base="string"), rules(rule(f"<stringMatch caseSensitive='false'>{var()}{val('York', 'string')}"
         "</stringMatch>", put(val("1", "float")))), [{"text": "York", "fraction": 1}], False),
    ],
)  # fmt: skip
def test_typed_texts(declared: str, scored: str, answers: list[dict[str, Any]], case: bool) -> None:
    found = only(source(TYPED, declared, scored))
    assert (found.kind, found.stem, found.response["answers"]) == ("text", {"en": "What?"}, answers)
    assert found.scoring.get("case", False) == case


def test_typed_numbers() -> None:
    near = "<equal toleranceMode='absolute' tolerance='0.5 0.5'>"
    scored = rules(rule(f"{near}{var()}<correct identifier='RESPONSE'/></equal>", put(val("1", "float"))))
    found = only(source(TYPED, declare("42", base="float"), scored))
    assert found.response["answers"] == [{"value": "42", "tolerance": "0.5", "fraction": 1}]
    assert only(source(TYPED, declare("42", base="integer"))).response["answers"] == [{"value": "42", "fraction": 1}]
    above = rules(rule(f"<gte>{var()}{val('4', 'float')}</gte>", put(val("1", "float"))))
    assert only(source(TYPED, declare("42", base="float"), above)).kind == "opaque"


@pytest.mark.parametrize(
    ("asked", "code"),
    [('patternMask="[0-9]+"', "pattern"), ('minStrings="2"', "min-strings"), ('minStrings="0"', "")],
)
@pytest.mark.parametrize(
    ("body", "base"), [("<p>What?</p><p><{}/></p>", "textEntry"), ("<p>What?</p><{}/>", "extendedText"),
                       ("<p>It is <{}/> now.</p>", "textEntry")],
)  # fmt: skip
def test_what_is_asked_of_the_form_of_a_response_is_named(body: str, base: str, asked: str, code: str) -> None:
    interaction = f'{base}Interaction responseIdentifier="RESPONSE" {asked}'
    reading = qti21.read(source(body.format(interaction), declare("12", base="string")))
    assert reading.errors == []
    assert [problem.code for problem in reading.problems if problem.code in ("pattern", "min-strings")] == [
        code
    ] * bool(code)


def test_gaps_of_every_sort() -> None:
    body = (
        '<p>Now is the <textEntryInteraction responseIdentifier="R1"/> of '
        '<inlineChoiceInteraction responseIdentifier="R2" shuffle="true">'
        '<inlineChoice identifier="A">our</inlineChoice>'
        '<inlineChoice identifier="B">my</inlineChoice></inlineChoiceInteraction> discontent.</p>'
    )
    declared = declare("winter", base="string", name="R1", mapping={"winter": 1}) + declare(
        "A", name="R2", mapping={"A": 3}
    )
    scored = rules(put("<sum><mapResponse identifier='R1'/><mapResponse identifier='R2'/></sum>"))
    found = only(source(body, declared, scored))
    assert found.response["text"] == {"en": "Now is the {{R1}} of {{R2}} discontent."}
    assert [(gap["kind"], gap.get("weight")) for gap in found.response["gaps"]] == [("text", None), ("choice", 3)]
    assert found.points == 4
    both = "".join(f"<match>{var(name)}<correct identifier='{name}'/></match>" for name in ("R1", "R2"))
    reading = qti21.read(source(body, declared, rules(rule(f"<and>{both}</and>", put(val("1", "float"))))))
    assert reading.items[0].kind == "cloze"
    assert [problem.code for problem in reading.problems] == ["all-or-nothing"]


def test_matching_is_turned_where_its_second_set_are_the_rows() -> None:
    def one_set(names: str) -> str:
        choices = "".join(
            f'<simpleAssociableChoice identifier="{n}" matchMax="1">{n}</simpleAssociableChoice>' for n in names
        )
        return f"<simpleMatchSet>{choices}</simpleMatchSet>"

    sets = one_set("AB") + one_set("XYZ")
    body = f'<p>?</p><matchInteraction responseIdentifier="RESPONSE" shuffle="false">{sets}</matchInteraction>'
    pairs = declare("A X|B Y|A Z", "multiple", "directedPair")
    found = only(source(body, pairs))
    assert [(row["id"], row["option"]) for row in found.response["rows"]] == [("X", "A"), ("Y", "B"), ("Z", "A")]
    assert only(source(body, declare("A X|A Y", "multiple", "directedPair"))).kind == "opaque"


def test_feedback_goes_to_its_moment_or_choice() -> None:
    shown = "".join(rule(f"<match>{var()}{val(name)}</match>", put(val(f"said_{name}"), "FEEDBACK")) for name in "AB")
    modal = "".join(
        f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="said_{name}">On {name}.</modalFeedback>'
        for name in "AB"
    )
    scored = rules(rule(f"<match>{var()}<correct identifier='RESPONSE'/></match>", put(val("1", "float"))), shown)
    outcome = '<outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier"/>'
    found = only(source(choice(), declare("A") + outcome, scored, modal))
    assert [one.get("feedback", {}).get("en") for one in found.response["choices"]] == ["On A.", "On B.", None]
    inline = '<feedbackInline outcomeIdentifier="F" identifier="x" showHide="show">Inline.</feedbackInline>'
    found = only(source(choice(inside=inline), declare("A")))
    assert found.response["choices"][0] == {
        "id": "A", "text": {"en": "a"}, "fraction": 1, "feedback": {"en": "Inline."},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (source(choice(), declare("Z")), "no-right"),
        (source(choice(before=""), declare("A")), "no-text"),
        (source("", declare("A")), "no-text"),
        (source(choice().replace('"B"', '"A"'), declare("A")), "same-id"),
    ],
)
def test_a_question_without_a_right_answer_fails(data: bytes, code: str) -> None:
    reading = qti21.read(data)
    assert (reading.found, reading.failed) == (1, 1)
    assert [(problem.code, problem.line) for problem in reading.errors] == [(code, 2)]


@pytest.mark.parametrize(
    "data",
    [
        source(choice(), declare("A"), rules(rule("<random><correct identifier='RESPONSE'/></random>", ""))),
        source(choice(), declare("A"), f'<responseProcessing template="{TEMPLATES}map_response_point"/>'),
        source(choice(), declare("A"), attributes=' xml:lang="ko"').replace(b'adaptive="false"', b'adaptive="true"'),
        source(choice() + choice(), declare("A")),
        source('<p>Up</p><uploadInteraction responseIdentifier="RESPONSE"/>', declare("A", base="file")),
        source(choice() + '<p><printedVariable identifier="x"/></p>', declare("A")),
        source('<p>Pair</p><associateInteraction responseIdentifier="RESPONSE"/>', declare("A B", "multiple", "pair")),
    ],
)
def test_what_cannot_be_played_is_kept_and_written_unchanged(data: bytes) -> None:
    reading = qti21.read(data)
    assert [one.kind for one in reading.items] == ["opaque"]
    assert same(reading, qti21.read(qti21.write(reading.items)))


# --- packages ---


def test_media_and_stems_of_other_makers() -> None:
    body = (
        '<div class="grid-row"><div class="col-12">'
        '<p>See <object data="../img/a%20b.png" type="image/png">A map</object></p>'
        '<p><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math></p></div></div>'
    )
    files = {"i/q.xml": source(choice(before=body), declare("A")), "img/a b.png": b"png"}
    reading = qti21.read(package(files))
    found = reading.items[0]
    assert found.media == [Media("a_b.png", b"png", "image/png", "A map")]
    assert found.stem["en"] == ('<p>See <img src="media:a_b.png" alt="A map"></p><p><math><mi>x</mi></math></p>')
    assert same(reading, qti21.read(qti21.write(reading.items)))


def test_sections_order_the_items_and_are_their_categories() -> None:
    items = {f"{name}.xml": source(choice(), declare("A")).replace(b'"q1"', f'"{name}"'.encode()) for name in "abc"}
    test = (
        '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="The test"><testPart>'
        '<assessmentSection title="One"><assessmentItemRef identifier="c" href="c.xml"/><selection select="1"/>'
        '<assessmentSectionRef href="s.xml"/><assessmentItemRef identifier="z" href="z.xml"/></assessmentSection>'
        "</testPart></assessmentTest>"
    )
    section = '<assessmentSection title="Two"><assessmentItemRef identifier="a" href="a.xml"/></assessmentSection>'
    reading = qti21.read(package({**items, "t.xml": test, "s.xml": section}))
    assert [(one.id, one.category) for one in reading.items] == [("c", ["One"]), ("a", ["One", "Two"]), ("b", [])]
    assert {problem.code for problem in reading.problems} == {"selection", "missing-item"}
    assert reading.title == {"en": "The test"}


@pytest.mark.parametrize(
    ("weights", "points", "told"),
    [("", 1, []), ("4", 4, []), ("0.5", 0.5, []), ("2|3", 1, ["weight"]), ("x", 1, ["weight"])],
)
def test_what_an_item_counts_in_its_test_are_its_points(weights: str, points: float, told: list[str]) -> None:
    said = "".join(f'<weight identifier="W{value}" value="{value}"/>' for value in weights.split("|") if value)
    test = (
        '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="t" title="The test"><testPart>'
        f'<assessmentSection title="One"><assessmentItemRef identifier="a" href="a.xml">{said}</assessmentItemRef>'
        "</assessmentSection></testPart></assessmentTest>"
    )
    reading = qti21.read(package({"a.xml": source(choice(), declare("A")), "t.xml": test}))
    assert (reading.items[0].points, [problem.code for problem in reading.problems]) == (points, told)


def test_a_declared_answer_that_earns_less_than_another_is_told() -> None:
    earns = rules(rule(f"<match>{var()}{val('B')}</match>", put(val("1", "float"))))
    reading = qti21.read(source(choice(), declare("A"), earns))
    assert fractions(reading.items[0]) == [0, 1, 0]
    assert [problem.code for problem in reading.problems] == ["contradiction"]
    agreed = rules(rule(f"<match>{var()}<correct identifier='RESPONSE'/></match>", put(val("1", "float"))))
    assert qti21.read(source(choice(), declare("A"), agreed)).problems == []


def test_one_broken_item_leaves_the_others() -> None:
    reading = qti21.read(package({"a.xml": source(choice(), declare("A")), "b.xml": b"<assessmentItem ><oops"}))
    assert len(reading.items) == 1
    assert [(problem.place, problem.code) for problem in reading.problems] == [("b.xml", "unreadable")]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"<assessmentItem", b"<html/>", package({"x.txt": "hello"}), package({"../a.xml": "<a/>"}),
     b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem>&x;</assessmentItem>'],
)  # fmt: skip
def test_bad_files_are_problems(data: bytes) -> None:
    reading = qti21.read(data)
    assert reading.items == []
    assert reading.problems


def test_sniffing() -> None:
    assert qti21.sniff(qti21.SAMPLE) > 0.9
    assert qti21.sniff(source(choice())) > 0.9
    assert qti21.sniff(b"<questestinterop/>") == qti21.sniff(b"PK") == qti21.sniff(b"<qti-assessment-item/>") == 0


# --- writing ---


def test_reading_what_was_written_gives_the_same() -> None:
    reading = qti21.read(qti21.SAMPLE)
    data = qti21.write(reading.items)
    assert data == qti21.write(reading.items)
    assert same(reading, qti21.read(data))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"stem": {"ko": "무엇?", "en": "What?"}}, "lost-languages"),
        ({"stem": {"en": "**What**?"}}, "markdown"),
        ({"stem": {"en": "One\nTwo", "format": "plain"}}, "plain"),
        ({"tags": ["a"]}, "lost-tags"),
        ({"id": "1 a"}, "ids"),
        ({"hints": [{"en": "Think."}]}, "lost-hints"),
        ({"kind": "number", "response": {"answers": [
            {"value": "0", "tolerance": "0.1", "fraction": 1}, {"value": "0.01", "fraction": 0.5}]}}, "caught"),
    ],
)  # fmt: skip
def test_losses_are_declared(more: dict[str, Any], code: str) -> None:
    one = Item(**{"stem": {"en": "What?"}, "kind": "truefalse", "response": {"answer": True}, **more})
    assert [problem.code for problem in qti21.carries(one)] == [code]
    assert len(qti21.read(qti21.write([one])).items) == 1


def test_what_cannot_be_written_is_refused() -> None:
    wild = Item(kind="number", stem={"en": "?"}, response={"answers": [{"value": "*", "fraction": 1}]})
    other = Item(kind="opaque", provenance={"format": "qti30", "original": "<qti-assessment-item/>"})
    for one in (wild, other):
        with pytest.raises(CannotCarry):
            qti21.write([one])


@pytest.mark.parametrize("texts", ["plain", "any"])
@settings(max_examples=60 if exploring() else 30, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_round_trip(texts: str, data: st.DataObject) -> None:
    fields = ("title", "category", "points", "shuffle", "stimulus", "feedback")
    one = data.draw(carried_items(qti21, texts, fields))
    back = qti21.read(qti21.write([one]))
    assert [canonical(found) for found in back.items] == [canonical(one)]
    assert same(back, qti21.read(qti21.write(back.items)))


def check_sum(reading: Reading) -> None:
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
    for one in reading.items:
        assert one.kind not in KINDS or KINDS[one.kind].check(one.body) == []


def test_mutated_files_never_raise(chance: random.Random) -> None:
    seeds = [
        source(choice(0), declare("A|C", "multiple", mapping={"A": 1, "C": 1})),
        source(TYPED, declare("4", base="float")),
    ]
    for seed in seeds:
        for data in fuzzed(seed, 200, chance):
            check_sum(qti21.read(data))
        for data in reshaped(seed, 100, chance):
            check_sum(qti21.read(data))


@pytest.mark.parametrize("form", [qti21, qti30])
@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("choice", {"choices": [{"id": name, "text": {"en": name}, "fraction": share}
                                for name, share in zip("abcd", (1, 1 / 3, 0.33333, -1 / 7), strict=True)]}),
        ("text", {"answers": [{"text": "a", "fraction": 1}, {"text": "b", "fraction": 2 / 3}]}),
        ("number", {"answers": [{"value": "1", "fraction": 1}, {"value": "2", "fraction": 1 / 3}]}),
    ],
)  # fmt: skip
def test_thirds_come_back_as_they_are(form: Any, kind: str, response: dict[str, Any]) -> None:
    one = Item(id="q", kind=kind, stem={"en": "What?"}, response=response, points=2)
    assert form.read(form.write([one])).items[0].response == response
