"""The two vocabularies of one model: QTI 2 says `choiceInteraction`, QTI 3 `qti-choice-interaction`.

All other modules use the names of QTI 2: what is read is renamed to them first, and what is written is renamed last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.qti.documents import local

HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")
HYPHEN = re.compile(r"-([a-z0-9])")
OURS = re.compile("qti-[a-z]")
XSI = "http://www.w3.org/2001/XMLSchema-instance"
KEPT_ATTRIBUTES = ("data-", "aria-", "{")
FOREIGN = {"math": "http://www.w3.org/1998/Math/MathML", "svg": "http://www.w3.org/2000/svg"}
"""Elements of other standards, with all that is in them."""
LAYOUT_ATTRIBUTES = ("class", "id", "style")
"""Attributes of texts that say how another system lays them out."""


@dataclass(frozen=True)
class Vocabulary:
    """How one version of QTI names things."""

    format: str
    version: str
    kebab: bool
    namespace: str
    schema: str
    item_type: str
    test_type: str
    package: str
    templates: str

    @property
    def item_root(self) -> str:
        return self.say("assessmentItem")

    @property
    def test_root(self) -> str:
        return self.say("assessmentTest")

    def say(self, name: str) -> str:
        """An element's name in this vocabulary."""
        return f"qti-{kebab(name)}" if self.kebab else name


QTI21 = Vocabulary(
    format="qti21",
    version="2.1",
    kebab=False,
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    schema="http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    item_type="imsqti_item_xmlv2p1",
    test_type="imsqti_test_xmlv2p1",
    package="http://www.imsglobal.org/xsd/imscp_v1p1",
    templates="http://www.imsglobal.org/question/qti_v2p1/rptemplates/",
)
QTI30 = Vocabulary(
    format="qti30",
    version="3.0.0",
    kebab=True,
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    item_type="imsqti_item_xmlv3p0",
    test_type="imsqti_test_xmlv3p0",
    package="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    templates="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
)


@lru_cache(maxsize=1024)
def kebab(name: str) -> str:
    return HUMP.sub(r"-\1", name).lower()


def camel(name: str) -> str:
    return HYPHEN.sub(lambda found: found[1].upper(), name)


def to_qti2_names(root: Any) -> Any:
    """Rename the tree to QTI 2 without namespaces, in place, so that lines stay known."""
    for node in root.iter():
        name = local(node)
        if not name:
            continue
        ours = OURS.match(name) is not None
        node.tag = camel(name[4:]) if ours else name
        for key in list(node.attrib):
            if ours and "-" in key and not key.startswith(KEPT_ATTRIBUTES):
                node.set(camel(key), node.attrib.pop(key))
    etree.cleanup_namespaces(root)
    return root


def to_vocabulary(root: Any, vocabulary: Vocabulary, names: frozenset[str]) -> None:
    """Rename the elements in `names` to the vocabulary, and put all of them into its namespace. In place."""
    for node in root.iter():
        if not isinstance(node.tag, str) or node.tag.startswith("{"):
            continue
        if node.tag in FOREIGN:
            for inner in node.iter():
                inner.tag = f"{{{FOREIGN[node.tag]}}}{inner.tag}" if inner is not node else inner.tag
            node.tag = f"{{{FOREIGN[node.tag]}}}{node.tag}"
            continue
        ours = node.tag in names
        if ours and vocabulary.kebab:
            for key in list(node.attrib):
                if key != kebab(key) and not key.startswith("{"):
                    node.set(kebab(key), node.attrib.pop(key))
        node.tag = f"{{{vocabulary.namespace}}}{vocabulary.say(node.tag) if ours else node.tag}"


ELEMENTS_WRITTEN = frozenset({
    "assessmentItem", "responseDeclaration", "correctResponse", "value", "mapping", "mapEntry",
    "outcomeDeclaration", "defaultValue", "itemBody", "rubricBlock", "contentBody", "choiceInteraction",
    "simpleChoice", "orderInteraction", "matchInteraction", "simpleMatchSet", "simpleAssociableChoice",
    "textEntryInteraction", "extendedTextInteraction", "inlineChoiceInteraction", "inlineChoice", "prompt",
    "responseProcessing", "responseCondition", "responseIf", "responseElseIf", "responseElse", "match",
    "variable", "correct", "equal", "baseValue", "setOutcomeValue", "sum", "mapResponse", "multiple", "member",
    "gte", "modalFeedback", "assessmentTest", "testPart", "assessmentSection", "assessmentItemRef",
})  # fmt: skip
"""The elements that we write, besides those of HTML."""
