"""A small quiz in Moodle XML with each type of question that is read, for the page of formats and for tests."""

from __future__ import annotations

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
