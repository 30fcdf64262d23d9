"""A small package of QTI 2 or 3 with each interaction that we read, for the page of formats and for tests."""

from __future__ import annotations

import base64

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.qti.package_reader import MANIFEST
from quizapp.formats.qti.package_writer import write_package
from quizapp.formats.qti2.vocabularies import ELEMENTS_WRITTEN, Vocabulary, to_vocabulary

OTHER_NAMES = frozenset({
    "gapMatchInteraction", "gapText", "gap", "hotspotInteraction", "hotspotChoice", "assessmentStimulusRef",
    "assessmentStimulus", "stimulusBody", "feedbackInline", "and", "isNull", "stringMatch", "equal", "not",
})  # fmt: skip
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def declaration(
    values: str, cardinality: str = "single", base: str = "identifier", worth: str = "", name: str = "RESPONSE"
) -> str:
    """`values` and `worth` are lists separated by `|`; a worth is `key=points`."""
    correct = "".join(f"<value>{value}</value>" for value in values.split("|"))
    entries = (one.split("=") for one in worth.split("|") if one)
    mapped = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{points}" caseSensitive="false"/>' for key, points in entries
    )
    mapping = f'<mapping defaultValue="0" lowerBound="0">{mapped}</mapping>' if mapped else ""
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{correct}</correctResponse>{mapping}</responseDeclaration>"
    )


def choices(tag: str, written: str) -> str:
    """`written` is `identifier=text`, separated by `|`."""
    pairs = (one.split("=") for one in written.split("|"))
    return "".join(f'<{tag} identifier="{name}">{text}</{tag}>' for name, text in pairs)


SCORE = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
FEEDBACK = '<outcomeDeclaration identifier="FEEDBACK" cardinality="single" baseType="identifier"/>'
MAXIMUM = (
    '<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float">'
    "<defaultValue><value>2</value></defaultValue></outcomeDeclaration>"
)
SHOW = '<setOutcomeValue identifier="FEEDBACK"><baseValue baseType="identifier">{}</baseValue></setOutcomeValue>'
WRITTEN_OUT = (
    '<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/>'
    '<correct identifier="RESPONSE"/></match><setOutcomeValue identifier="SCORE"><variable identifier="MAXSCORE"/>'
    f"</setOutcomeValue>{SHOW.format('correct')}</responseIf><responseElse>{SHOW.format('incorrect')}</responseElse>"
    "</responseCondition></responseProcessing>"
    '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="correct" showHide="show">Yes.</modalFeedback>'
    '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="incorrect" showHide="show">No, in 1443.</modalFeedback>'
)
MATCH, MAP = "match_correct", "map_response"

ITEMS: tuple[tuple[str, str, str, str], ...] = (
    ("sejong", declaration("A") + SCORE + MAXIMUM + FEEDBACK,
     '<p>Who made <strong>Hunminjeongeum</strong>? <img src="images/map.png" alt="A map"/></p>'
     '<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">'
     '<simpleChoice identifier="A">Sejong</simpleChoice><simpleChoice identifier="B">Taejong</simpleChoice>'
     '<simpleChoice identifier="C" fixed="true">None of them</simpleChoice></choiceInteraction>', WRITTEN_OUT),
    ("truth", declaration("true"),
     '<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1">'
     "<prompt>It had 28 letters.</prompt>"
     f'{choices("simpleChoice", "true=True|false=False")}</choiceInteraction>', MATCH),
    ("mammals", declaration("A|C", "multiple", worth="A=1|C=1|B=-1"),
     '<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="0">'
     "<prompt>Which are mammals?</prompt>"
     f'{choices("simpleChoice", "A=Whale|B=Shark|C=Bat")}</choiceInteraction>', MAP),
    ("capital", declaration("Seoul", base="string", worth="Seoul=1|Hanyang=0.5"),
     '<p>What is the capital of Korea?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>', MAP),
    ("richard", declaration("Y"),
     "<blockquote><p>Made glorious summer by this sun of "
     '<inlineChoiceInteraction responseIdentifier="RESPONSE" shuffle="false">'
     f'{choices("inlineChoice", "G=Gloucester|Y=York")}</inlineChoiceInteraction>;</p></blockquote>', MATCH),
    ("night", '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>' + SCORE
     + '<assessmentStimulusRef identifier="passage" href="../passages/night.xml" title="A night"/>',
     '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Why did she call?</prompt>'
     "</extendedTextInteraction>", ""),
    ("kings", declaration("T|S|M", "ordered"),
     '<orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Put them in order.</prompt>'
     f'{choices("simpleChoice", "S=Sejong|M=Munjong|T=Taejong")}</orderInteraction>', MATCH),
    ("capitals", declaration("F P|J T", "multiple", "directedPair", "F P=1|J T=1"),
     '<matchInteraction responseIdentifier="RESPONSE" shuffle="false" maxAssociations="2"><prompt>Match them.</prompt>'
     f'<simpleMatchSet>{choices("simpleAssociableChoice", "F=France|J=Japan")}</simpleMatchSet>'
     f'<simpleMatchSet>{choices("simpleAssociableChoice", "P=Paris|T=Tokyo|L=Lyon")}</simpleMatchSet>'
     "</matchInteraction>", MAP),
    ("winter", declaration("W G1|Su G2", "multiple", "directedPair", "W G1=1|Su G2=1"),
     '<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="false"><prompt>Fill in the words.</prompt>'
     f'{choices("gapText", "W=winter|Sp=spring|Su=summer")}<p>Now is the <gap identifier="G1"/> of our discontent made '
     'glorious <gap identifier="G2"/>.</p></gapMatchInteraction>', MAP),
    ("map", '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">'
     "<correctResponse><value>A</value></correctResponse></responseDeclaration>",
     '<p>Where is Seoul?</p><hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1">'
     '<object type="image/png" data="images/map.png" width="10" height="10">A map</object>'
     '<hotspotChoice identifier="A" shape="circle" coords="5,5,2"/></hotspotInteraction>', MATCH),
)  # fmt: skip
"""Identifier, declarations, body, and the template or the rules themselves."""

PASSAGE = (
    '<assessmentStimulus identifier="passage" title="A night"><stimulusBody><p>She called the <em>flamingos</em>.</p>'
    "</stimulusBody></assessmentStimulus>"
)


def sample(vocabulary: Vocabulary) -> bytes:
    """The package in one vocabulary."""
    files = {f"items/{name}.xml": item(name, parts, vocabulary) for name, *parts in ITEMS}
    files["passages/night.xml"] = dressed(PASSAGE, vocabulary)
    files["test.xml"] = dressed(test(), vocabulary)
    listed = "".join(
        f'<resource identifier="r{number}" type="{kind_of(name, vocabulary)}" href="{name}">'
        f'<file href="{name}"/></resource>'
        for number, name in enumerate([*files, "items/images/map.png"], 1)
    )
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{vocabulary.package}" identifier="sample">'
        f"<metadata/><organizations/><resources>{listed}</resources></manifest>\n"
    )
    return write_package([(MANIFEST, manifest.encode()), *files.items(), ("items/images/map.png", PICTURE)])


def kind_of(name: str, vocabulary: Vocabulary) -> str:
    if name == "test.xml":
        return vocabulary.test_type
    return vocabulary.item_type if name.startswith("items/") and name.endswith(".xml") else "webcontent"


def item(name: str, parts: list[str], vocabulary: Vocabulary) -> bytes:
    declarations, body, rules = parts
    template = f'<responseProcessing template="{vocabulary.templates}{rules}"/>' if rules in (MATCH, MAP) else rules
    score = "" if SCORE in declarations else SCORE
    return dressed(
        f'<assessmentItem identifier="{name}" title="{name.title()}" adaptive="false" timeDependent="false" '
        'xml:lang="en">'
        f"{declarations}{score}<itemBody>{body}</itemBody>{template}</assessmentItem>",
        vocabulary,
    )


def test() -> str:
    refs = [f'<assessmentItemRef identifier="{name}" href="items/{name}.xml"/>' for name, *_ in ITEMS]
    return (
        '<assessmentTest identifier="sample" title="Kings and gaps"><testPart identifier="p" navigationMode="linear" '
        'submissionMode="individual"><assessmentSection identifier="s" title="" visible="true">'
        '<assessmentSection identifier="s1" title="Korean history" visible="true">'
        f"{''.join(refs[:3])}</assessmentSection>{''.join(refs[3:])}</assessmentSection></testPart></assessmentTest>"
    )


def dressed(question: str, vocabulary: Vocabulary) -> bytes:
    root = etree.fromstring(question)
    to_vocabulary(root, vocabulary, ELEMENTS_WRITTEN | OTHER_NAMES)
    etree.cleanup_namespaces(root, top_nsmap={None: vocabulary.namespace})
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode").encode()
