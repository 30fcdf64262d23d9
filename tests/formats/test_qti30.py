"""QTI 3.0: the model of QTI 2 under other names, in items and packages as 1EdTech's guides show them."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.formats import qti21, qti30
from quizapp.kinds import KINDS
from tests.draws import exploring
from tests.formats.qti_round_trip import canonical, carried_items, fuzzed, package, same

TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" '
    'identifier="q1" title="Q" adaptive="false" time-dependent="false" xml:lang="{language}">\n'
)


def source(inside: str, language: str = "ko-KR") -> bytes:
    return f"{HEAD.format(language=language)}{inside}</qti-assessment-item>".encode()


@pytest.mark.parametrize("name", ["qti-1-choice", "qti--map-entry", "qti-", "qti-.x"])
def test_names_that_would_be_none_in_qti_2_do_no_harm(name: str) -> None:
    data = CHOICE.replace(b"<p data-catalog-idref", f"<{name}/><p data-catalog-idref".encode())
    assert data != CHOICE
    assert [item.kind for item in qti30.read(data).items] == ["choice"]


CHOICE = source("""
  <qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier">
    <qti-correct-response><qti-value>A</qti-value></qti-correct-response>
  </qti-response-declaration>
  <qti-outcome-declaration identifier="FEEDBACK" cardinality="single" base-type="identifier"/>
  <qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float" normal-maximum="10.0"/>
  <qti-outcome-declaration identifier="MAXSCORE" cardinality="single" base-type="float">
    <qti-default-value><qti-value>10.0</qti-value></qti-default-value>
  </qti-outcome-declaration>
  <qti-item-body>
    <qti-rubric-block view="scorer" use="scoring"><qti-content-body><p>Not for learners</p></qti-content-body></qti-rubric-block>
    <p data-catalog-idref="c">훈민정음을 만든 사람은?</p>
    <qti-choice-interaction response-identifier="RESPONSE" shuffle="true" max-choices="1" class="qti-labels-none">
      <qti-simple-choice identifier="A">세종</qti-simple-choice>
      <qti-simple-choice identifier="B" fixed="true">태종</qti-simple-choice>
    </qti-choice-interaction>
  </qti-item-body>
  <qti-response-processing>
    <qti-response-condition>
      <qti-response-if>
        <qti-match><qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/></qti-match>
        <qti-set-outcome-value identifier="SCORE"><qti-variable identifier="MAXSCORE"/></qti-set-outcome-value>
        <qti-set-outcome-value identifier="FEEDBACK"><qti-base-value base-type="identifier">correct</qti-base-value></qti-set-outcome-value>
      </qti-response-if>
      <qti-response-else>
        <qti-set-outcome-value identifier="FEEDBACK"><qti-base-value base-type="identifier">incorrect</qti-base-value></qti-set-outcome-value>
      </qti-response-else>
    </qti-response-condition>
  </qti-response-processing>
  <qti-modal-feedback outcome-identifier="FEEDBACK" show-hide="show" identifier="correct">
    <qti-content-body>맞아요.</qti-content-body>
  </qti-modal-feedback>
  <qti-modal-feedback outcome-identifier="FEEDBACK" show-hide="show" identifier="incorrect">
    <qti-content-body>세종입니다.</qti-content-body>
  </qti-modal-feedback>""")  # noqa: E501 -- as it is written by others


def test_an_item_is_read_with_its_feedback_points_and_language() -> None:
    reading = qti30.read(CHOICE)
    assert [(problem.code, problem.text) for problem in reading.problems] == [("left-out", "Not for learners")]
    found = reading.items[0]
    assert (found.kind, found.points, found.languages) == ("choice", 10, ["ko"])
    assert found.stem == {"ko": "훈민정음을 만든 사람은?"}
    assert found.feedback == {"right": {"ko": "맞아요."}, "wrong": {"ko": "세종입니다."}}
    assert [choice.get("pinned", False) for choice in found.response["choices"]] == [False, True]
    assert {key: found.provenance[key] for key in ("format", "line", "source_id")} == {
        "format": "qti30", "line": 2, "source_id": "q1",
    }  # fmt: skip


def test_the_language_can_be_asked_for() -> None:
    assert qti30.read(CHOICE, "en").items[0].languages == ["en"]


def test_the_sample_is_the_same_in_both_vocabularies() -> None:
    newer, older = qti30.read(qti30.SAMPLE), qti21.read(qti21.SAMPLE)
    assert [canonical(one) for one in newer.items] == [canonical(one) for one in older.items]
    assert all(not KINDS[one.kind].check(one.body) for one in newer.items if one.kind in KINDS)
    assert same(newer, qti30.read(qti30.write(newer.items)))
    assert qti30.write(newer.items) == qti30.write(newer.items)


def test_gaps_with_words_to_put_in() -> None:
    found = next(one for one in qti30.read(qti30.SAMPLE).items if one.id == "winter")
    assert found.response["text"] == {"en": "Now is the {{G1}} of our discontent made glorious {{G2}}."}
    assert [[one["fraction"] for one in gap["choices"]] for gap in found.response["gaps"]] == [[1, 0, 0], [0, 0, 1]]


def test_what_was_written_has_its_own_names() -> None:
    items = [one for one in qti30.read(qti30.SAMPLE).items if one.kind != "opaque"]
    data = qti30.write(items)
    assert qti30.sniff(data) > 0.9
    assert qti21.sniff(data) == 0
    assert qti21.read(data).items == []
    assert qti21.read(data).problems[0].code == "no-items"


def test_unknown_interactions_travel_with_their_pictures() -> None:
    hotspot = source("""<qti-response-declaration identifier="RESPONSE" cardinality="single" base-type="identifier"/>
      <qti-item-body><p>Where?</p><qti-hotspot-interaction response-identifier="RESPONSE" max-choices="1">
      <img src="../images/uk.png" alt="UK"/><qti-hotspot-choice identifier="A" shape="circle" coords="1,1,1"/>
      </qti-hotspot-interaction></qti-item-body>""", "en")  # fmt: skip
    reading = qti30.read(package({"items/uk.xml": hotspot, "images/uk.png": b"png"}))
    found = reading.items[0]
    assert (found.kind, [one.name for one in found.media]) == ("opaque", ["uk.png"])
    assert 'src="../images/uk.png"' in found.provenance["original"]
    again = qti30.read(qti30.write(reading.items))
    assert same(reading, again)
    assert again.problems == reading.problems or [one.code for one in again.problems] == ["opaque"]


@pytest.mark.parametrize("data", [b"", b"<qti-assessment-item", package({"a.xml": "<x/>"}), qti21.SAMPLE])
def test_bad_files_are_problems(data: bytes) -> None:
    reading = qti30.read(data)
    assert reading.items == []
    assert reading.problems


@pytest.mark.parametrize("texts", ["plain", "any"])
@settings(max_examples=40 if exploring() else 25, suppress_health_check=[HealthCheck.filter_too_much])
@given(data=st.data())
def test_round_trip(texts: str, data: st.DataObject) -> None:
    fields = ("title", "category", "points", "shuffle", "stimulus", "feedback")
    one = data.draw(carried_items(qti30, texts, fields))
    back = qti30.read(qti30.write([one]))
    assert [canonical(found) for found in back.items] == [canonical(one)]
    assert same(back, qti30.read(qti30.write(back.items)))


def test_mutated_files_never_raise(chance: random.Random) -> None:
    for data in fuzzed(CHOICE, 300, chance):
        reading = qti30.read(data)
        assert reading.found == len(reading.items) + reading.skipped + reading.failed
        assert all(KINDS[one.kind].check(one.body) == [] for one in reading.items if one.kind in KINDS)
