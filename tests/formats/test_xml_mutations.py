"""Nothing of an XML file is passed over: a marked word put into any text or attribute changes what is read.

In a text for people the word itself has to come out, in an item or in a problem. In a key, a number or another value
it is enough that items or problems change. What may change nothing is listed here, by format, with its reason.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats import FORMATS
from quizapp.formats.base import Reading
from tests.formats.test_qti2_shown import BOX, OUTCOME, SCORED, modal, rubric
from tests.formats.test_qti12 import document, item, mat
from tests.formats.test_qti12_blackboard import blackboard
from tests.formats.test_qti12_new_quizzes import TYPE, blank, entry, key
from tests.formats.test_qti12_shared import IN_ROOT, passage, question, section
from tests.formats.test_qti21 import choice, declare, rules, source

MARK = "zqmarkzq"

SILENT = {
    "qti12": """
        mattext@texttype material@orientation decvar@maxvalue decvar@minvalue decvar@defaultval decvar@vartype
        decvar@varname respcondition@continue respcondition@title displayfeedback@feedbacktype
        itemfeedback@view solution@feedbackstyle solution@view flow_mat@class mat_formattedtext@type rubric@view
        response_lid@rcardinality response_str@rcardinality varequal@case
        assessment@ident section@ident response_label@ident response_str@ident response_label@allow_reuse
        fieldlabel varequal@respident displayfeedback@linkrefid setvar@varname setvar@variablename setvar@action
        shown/varequal denied/varequal or/varequal blank/mattext quiz/fieldentry description/fieldentry
        """,
    # Layout and types of texts; the limits of a score; idents to which nothing refers; labels of metadata that isn't
    # shown; conditions that score nothing; the middle of a range; what the program calls a blank; settings of a quiz.
    "qti21": """
        manifest@identifier resource@identifier resource@type resource@href file@href
        assessmentItem@adaptive assessmentItem@timeDependent responseDeclaration@baseType
        responseDeclaration@cardinality responseDeclaration@identifier outcomeDeclaration@identifier
        outcomeDeclaration@cardinality outcomeDeclaration@baseType baseValue@baseType setOutcomeValue@identifier
        modalFeedback@showHide modalFeedback@outcomeIdentifier modalFeedback@identifier
        feedbackBlock@showHide feedbackBlock@identifier feedbackBlock@outcomeIdentifier
        choiceInteraction@shuffle inlineChoiceInteraction@shuffle matchInteraction@shuffle gapMatchInteraction@shuffle
        choiceInteraction@maxChoices matchInteraction@maxAssociations simpleChoice@identifier
        responseProcessing@template mapping@defaultValue mapping@lowerBound mapEntry@caseSensitive
        assessmentStimulusRef@identifier assessmentStimulusRef@title assessmentStimulus@identifier
        assessmentStimulus@title assessmentTest@identifier testPart@identifier testPart@navigationMode
        testPart@submissionMode assessmentSection@identifier assessmentSection@visible assessmentItemRef@identifier
        extendedTextInteraction@responseIdentifier rubricBlock@view mapped/value otherwise/baseValue
        """,
    # Names that only programs use; values of the default, which a word that isn't known leaves in place; a declared
    # answer beside a mapping that scores others.
    "moodle-xml": """
        generalfeedback@format correctfeedback@format answer@format feedback@format hint@format questiontext@format
        subquestion@format graderinfo@format answer@fraction hidden single unitpenalty truefalse/text
        """,
    # Formats of texts that are empty or plain in each, and settings whose default is what stands here.
}
SILENT["qti30"] = SILENT["qti21"]
UNSAID = {
    "qti12": "fieldentry setvar varequal vargte varlte sourcebank_ref",
    "qti21": "value baseValue",
    "qti30": "value baseValue",
    "moodle-xml": "text category unit_name multiplier tolerance penalty defaultgrade shuffleanswers usecase "
    "minwordlimit file unitgradingtype",
}
"""Elements whose text may be a value, so that a change is enough."""
CONTEXTS = (
    ("shown", "varequal", "ancestor::*[local-name()='respcondition'][not(*[local-name()='setvar'])]"),
    ("denied", "varequal", "ancestor::*[local-name()='not']"),
    ("or", "varequal", "parent::*[local-name()='or']"),
    ("blank", "mattext", "parent::*/parent::*[local-name()='response_lid']"),
    ("quiz", "fieldentry", "ancestor::*[3][local-name()='assessment']"),
    ("description", "fieldentry", "ancestor::*[local-name()='itemmetadata'][contains(., 'text_only_question')]"),
    ("mapped", "value", "ancestor::*[contains(local-name(), 'esponse')][*[contains(local-name(), 'mapping')]]"),
    ("otherwise", "baseValue", "ancestor::*[local-name()='responseElse' or local-name()='qti-response-else']"),
    ("truefalse", "text", "parent::answer[parent::*[@type='truefalse']]"),
)
"""Where the text of an element means less than elsewhere: a prefix for its name, the name, and how it is found."""


@dataclass(frozen=True)
class Place:
    """A text or an attribute of a file: its member, which element in it, and the attribute ("" for its text)."""

    member: str
    at: int
    key: str
    name: str


def members(data: bytes) -> dict[str, bytes]:
    """The XML of a file or package, written as it will be when it is changed, so that lines stay comparable."""
    found = {"": data}
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
    return {name: etree.tostring(etree.fromstring(one)) if is_xml(one) else one for name, one in found.items()}


def is_xml(data: bytes) -> bool:
    return data.lstrip().startswith(b"<")


def packed(files: dict[str, bytes]) -> bytes:
    if "" in files:
        return files[""]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def local(name: str) -> str:
    """A name without its namespace, as QTI 2 would have it."""
    plain = name.rpartition("}")[2].removeprefix("qti-")
    head, *rest = plain.split("-")
    return head + "".join(part.capitalize() for part in rest)


def places(files: dict[str, bytes]) -> Iterator[Place]:
    for member, data in files.items():
        nodes = list(etree.fromstring(data).iter()) if is_xml(data) else []
        for at, node in enumerate(nodes):
            if isinstance(node.tag, str):
                name = local(node.tag)
                if (node.text or "").strip():
                    context = next((one for one, of, path in CONTEXTS if of == name and node.xpath(path)), "")
                    yield Place(member, at, "", f"{context}/{name}" if context else name)
                yield from (Place(member, at, key, f"{name}@{local(key)}") for key, value in node.attrib.items()
                            if value.strip())  # fmt: skip


def marked(files: dict[str, bytes], place: Place) -> bytes:
    root = etree.fromstring(files[place.member])
    node: Any = list(root.iter())[place.at]
    if place.key:
        node.set(place.key, node.get(place.key) + MARK)
    else:
        node.text += f" {MARK}"
    return packed({**files, place.member: etree.tostring(root)})


def said(reading: Reading) -> str:
    items = [one.to_json() for one in reading.items]
    problems = [(one.severity, one.message, one.text, one.mend) for one in reading.problems]
    return json.dumps([items, problems, reading.title], default=str, ensure_ascii=False)


def rich_qti12() -> bytes:
    """A quiz with passages, references, rubrics, and questions as Blackboard and the New Quizzes write them."""
    above = f"<presentation_material><flow_mat>{mat('Look here.')}</flow_mat></presentation_material>"
    rubrics = f'<rubric view="Candidate">{mat("Use ink.")}</rubric><rubric view="Scorer">{mat("Be kind.")}</rubric>'
    drawn = "<selection_ordering><selection><selection_number>1</selection_number>\
<sourcebank_ref>b7</sourcebank_ref></selection></selection_ordering>"
    blanks = blank("x", entry("1", "red", "TextContainsAnswer")) + blank(
        "y", entry("2", "black", "", "dropdown"), entry("3", "grey", "", "dropdown")
    )
    parts = (
        passage("p", "Long ago.", ' title="The king" instructions="Read."'),
        question("a", parent_stimulus_item_ident="p", rest=f"<objectives>{mat('Kings')}</objectives>{rubrics}"),
        section(drawn + above + rubrics + question("b"), ' parent_stimulus_item_ident="p"'),
        '<bankentry_item sourcebank_ref="b7" item_ref="i7"/>',
        item(mat("[x] [y]") + blanks, key(x="1", y="3"), TYPE).replace('"q1"', '"n"', 1),
        blackboard({"c1": "one", "c2": "two"}, "c2", {"c1": "Too few", "c2": "Just so"}).replace('"q1"', '"c"', 1),
        f"<rubric>{mat('Bring a pencil.')}</rubric>",
    )
    return document("".join(parts), IN_ROOT)


def rich_qti21(body: str, declarations: str, scored: str = SCORED, more: str = "") -> bytes:
    return source(body, declarations, rules(scored), more)


SOURCES = [
    *((name, FORMATS[name].SAMPLE) for name in ("qti12", "qti21", "qti30", "moodle-xml")),
    ("qti12", rich_qti12()),
    (
        "qti21",
        rich_qti21(
            choice(before=rubric("Take your time.") + rubric("Be kind.", "scorer") + "<p>What?</p>"
                   + modal("Because.", name="feedbackBlock")),
            declare("A") + OUTCOME,
            more=modal("Yes.") + modal("No.", hide="hide") + modal("Indeed."),
        ),
    ),
    ("qti21", source(rubric("Be kind.", "scorer") + BOX, declare("Since it rains.", base="string"), "")),
]  # fmt: skip


@pytest.mark.parametrize(("form", "data"), SOURCES, ids=range(len(SOURCES)))
def test_a_marked_word_comes_out_or_changes_what_is_read(form: str, data: bytes) -> None:
    files = members(data)
    before = said(FORMATS[form].read(packed(files)))
    silent, unsaid = set(SILENT[form].split()), set(UNSAID[form].split())
    passed_over = []
    for place in places(files):
        if place.name in silent:
            continue
        after = said(FORMATS[form].read(marked(files, place)))
        value = bool(place.key) or place.name in unsaid
        if MARK not in after and not (value and after != before):
            passed_over.append(place)
    assert passed_over == []
