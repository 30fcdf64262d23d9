"""Moodle XML: every type of question that Moodle ships, with files, feedback, hints, tags and categories.

What Moodle has and we can't play is kept opaque with its source, and written back unchanged; settings that only
Moodle knows travel with the question. The grammar is that of Moodle's `question/format/xml/format.php`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, language_of, refuse_uncarried, unreadable, written_language
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.losses import loss
from quizapp.formats.moodle_categories import category_path
from quizapp.formats.moodle_xml import writer
from quizapp.formats.moodle_xml.reader import read_question
from quizapp.formats.text import opening
from quizapp.formats.xml import parse, source_text

NAME = "moodle-xml"
LABEL = N_("Moodle XML")
SUFFIXES = (".xml",)
MIME = "application/xml"

SAMPLE = """\
<?xml version="1.0" encoding="UTF-8"?>
<quiz>
  <question type="category"><category><text>$course$/top/역사/조선//근대</text></category></question>
  <question type="multichoice">
    <name><text>훈민정음을 만든 임금</text></name>
    <questiontext format="html">
      <text><![CDATA[<p>그림의 임금은 <b>누구</b>입니까? <img src="@@PLUGINFILE@@/king.png" alt="임금"></p>]]></text>
      <file name="king.png" path="/" encoding="base64">iVBORw0KGgo=</file>
    </questiontext>
    <generalfeedback format="html"><text>1443년의 일입니다.</text></generalfeedback>
    <defaultgrade>2</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden><idnumber>king-1</idnumber>
    <single>true</single><shuffleanswers>true</shuffleanswers><answernumbering>abc</answernumbering>
    <correctfeedback format="html"><text>맞습니다.</text></correctfeedback>
    <answer fraction="100" format="html"><text>세종</text><feedback format="html"><text>네.</text></feedback></answer>
    <answer fraction="-50" format="html"><text>태종</text><feedback format="html"><text></text></feedback></answer>
    <hint format="html"><text>한글을 떠올려 보세요.</text></hint>
    <tags><tag><text>한글</text></tag></tags>
  </question>
  <question type="multichoice">
    <name><text>Primes</text></name><questiontext format="markdown"><text>Which are **prime**?</text></questiontext>
    <single>false</single>
    <answer fraction="50"><text>2</text></answer><answer fraction="50"><text>7</text></answer>
    <answer fraction="-100"><text>9</text></answer>
  </question>
  <question type="truefalse">
    <name><text>한글날</text></name><questiontext format="html"><text>한글날은 10월 9일입니다.</text></questiontext>
    <answer fraction="100"><text>true</text></answer>
    <answer fraction="0"><text>false</text><feedback format="html"><text>달력을 보세요.</text></feedback></answer>
  </question>
  <question type="shortanswer">
    <name><text>Alphabet</text></name><questiontext format="html"><text>What is it called?</text></questiontext>
    <usecase>1</usecase>
    <answer fraction="100"><text>Hangul</text></answer><answer fraction="50"><text>Han*</text></answer>
  </question>
  <question type="numerical">
    <name><text>Speed</text></name><questiontext format="html"><text>How far in one hour?</text></questiontext>
    <answer fraction="100"><text>5500</text><tolerance>10</tolerance></answer>
    <unitgradingtype>1</unitgradingtype><unitpenalty>0.1</unitpenalty>
    <units>
      <unit><multiplier>1</multiplier><unit_name>m</unit_name></unit>
      <unit><multiplier>0.001</multiplier><unit_name>km</unit_name></unit>
    </units>
  </question>
  <question type="matching">
    <name><text>Capitals</text></name><questiontext format="html"><text>Match.</text></questiontext>
    <subquestion format="html"><text>Korea</text><answer><text>Seoul</text></answer></subquestion>
    <subquestion format="html"><text>Japan</text><answer><text>Tokyo</text></answer></subquestion>
    <subquestion format="html"><text></text><answer><text>Beijing</text></answer></subquestion>
  </question>
  <question type="ordering">
    <name><text>Order</text></name><questiontext format="html"><text>Oldest first.</text></questiontext>
    <gradingtype>ABSOLUTE_POSITION</gradingtype>
    <answer fraction="1" format="html"><text>Goryeo</text></answer>
    <answer fraction="2" format="html"><text>Joseon</text></answer>
  </question>
  <question type="cloze">
    <name><text>Gaps</text></name>
    <questiontext format="html"><text>The king {1:MULTICHOICE:=Sejong#Yes~Taejong} made {2:SHORTANSWER:=Hangul} in
      {1:NUMERICAL:=1443:0~%50%1446:5}.</text></questiontext>
  </question>
  <question type="essay">
    <name><text>Why</text></name><questiontext format="html"><text>Why an alphabet?</text></questiontext>
    <graderinfo format="html"><text>Two reasons.</text></graderinfo><minwordlimit>20</minwordlimit>
  </question>
  <question type="description">
    <name><text>Between</text></name><questiontext format="plain_text"><text>Now 2 * 3 questions.</text></questiontext>
  </question>
  <question type="calculated">
    <name><text>Kept</text></name><questiontext format="html"><text>What is {a} + {b}?</text></questiontext>
    <answer fraction="100"><text>{a} + {b}</text></answer>
  </question>
</quiz>
""".encode()


def sniff(data: bytes) -> float:
    start = opening(data)
    if not re.search(r"<quiz[\s>]", start):
        return 0.0
    return 0.95 if re.search(r"<question\s+type=", start) or "</quiz>" in start else 0.6


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        root = parse(data)
        spoken = language or language_of(source_text(data))
    except FormatError as error:
        return unreadable(error)
    collector = Collector(NAME, loose_ids=True)
    collector.reading.encoding = "utf-8"
    if root.tag != "quiz":
        collector.tell([Problem(N_("This is no Moodle XML: its root is <%(tag)s> and not <quiz>."),
                                {"tag": str(root.tag)}, code="root")], root.sourceline)  # fmt: skip
        return collector.reading
    category: list[str] = []
    for element in root.findall("question"):
        if element.get("type") == "category":
            category = read_category(element, collector)
            continue
        question = read_question(element, spoken, category)
        if any(problem.is_error for problem in question.problems):
            collector.fail(question.problems, element.sourceline)
        else:
            collector.take(question.item, question.problems, element.sourceline)
    if not collector.reading.found:
        collector.tell([Problem(N_("The file holds no question."), code="empty")], 1)
    return collector.reading


def read_category(element: Any, collector: Collector) -> list[str]:
    """The category of the questions that follow. What Moodle says about a category has no place here."""
    if (element.findtext("info/text") or "").strip():
        told = loss(N_("The description of a category is left out."), "lost-category-info")
        collector.tell([told], element.sourceline)
    written = element.find("category")
    return [] if written is None else category_path("".join(written.itertext()))


def carries(item: Item) -> list[Problem]:
    """What writing loses; what is written is read again, so that no loss goes untold."""
    problems = list(writer.losses(item))
    if any(problem.is_error for problem in problems):
        return problems
    try:
        again = read(writer.written([item]), written_language(item)).items
    except ValueError:  # lxml refuses characters that XML can't hold
        again = []
    if len(again) != 1:
        return [
            *problems,
            Problem(N_("Moodle XML can't hold this question: it would not be read again."), code="unreadable"),
        ]
    if not problems and (again[0].id, again[0].content()) != (item.id, item.content()):
        problems.append(loss(N_("The question comes back in another spelling."), "spelling"))
    return problems


def write(items: Iterable[Item]) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries)
    return writer.written(items)
