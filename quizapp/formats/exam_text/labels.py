"""The words with which an exam says what a line is: `정답:`, `해설:`, `[3점]`, `난이도: 상`, and the English ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.signs import BULLET, SINGLE, TICK, label_at_start

RIGHT, WRONG = "Oo○◯〇⭕", "Xx×✕✗✘❌╳"
"""How people draw the signs of true and false."""
OX = rf"[{RIGHT}{WRONG}]|참|거짓|True|False"
TOKEN = (
    rf"(?:{SINGLE}(?:\s*번)?|\(?(?<!\d)\d{{1,3}}(?!\d)\)?(?:\s*번)?|\(?(?<![A-Za-z])[A-Za-z](?![A-Za-z])\)?"
    rf"|\(?(?<![가-힣])[가나다라마바사아자차카타파하](?![가-힣])\)?|\(?[ㄱ-ㅎ]\)?|{OX})"
)
"""One sign of an answer: a label, a number, true or false."""
TOKENS = rf"{TOKEN}(?:\s*(?:(?:[,·/&]|와|과|및|and)\s*)?{TOKEN})*"
KEY = r"(?:정\s?답|답안|답|Correct\s+answers?|Answers?|Ans|Key)"
MODEL = r"(?:모범\s*답안?|채점\s*기준|예시\s*답안?|답안\s*예시|(?:Model|Sample)\s+answer)"
SOLUTION = r"(?:정답\s*해설|해설|풀이|Explanation|Rationale|Solution)"
SHORT = r"[-+]?\d[\d,.]*(?:/\d+)?\s?[^\s\d]{0,6}\s*$|(?!없음)[^\s:]{0,19}[^\s:을를은는이가의]\s*$"
"""An answer that may follow its label without a colon: a number, or one word."""
LEVEL = r"(?:난이도|Difficulty)"
UNIT = r"(?:단원|Unit|Category)"
LEVELS = {
    "상": 3, "중": 2, "하": 1, "어려움": 3, "보통": 2, "쉬움": 1, "hard": 3, "medium": 2, "easy": 1,
}  # fmt: skip


def spelled(name: str, words: str, extra: str = "") -> str:
    """A label with a colon, in brackets, or (by `extra`) otherwise."""
    return rf"(?P<{name}>[\[(<]\s*{words}\s*[\])>]\s*:?|{words}\s*[:=]|{words}\s*\){extra})"


LABELS = re.compile(
    r"(?<![^\s(\[])(?:"
    + "|".join(
        [
            spelled("model", MODEL, rf"|^{MODEL}(?=\s*$)"),
            spelled("solution", SOLUTION),
            spelled(
                "key",
                KEY,
                rf"|(?:정답|(?<![^\[(]){KEY})\s+(?={TOKENS}\s*[.)\]]?\s*(?:$|[\[(]?\s*{SOLUTION}))|정답은\s+|정답(?={SINGLE})|^Ans\.(?=\s)"
                rf"|^답은\s+(?={TOKENS}\s*(?:입니다|이다|임)?\s*\.?\s*$)|^정답\s+(?={SHORT})",
            ),
            spelled("level", LEVEL, rf"|{LEVEL}\s+(?=(?:{'|'.join(LEVELS)})\s*[\])]?\s*$)"),
            spelled("unit", UNIT),
        ]
    )
    + r")\s*",
    re.IGNORECASE,
)
SOME = r"(\d{1,4}(?:\.\d{1,3})?)"
POINTS_SAID = re.compile(
    rf"(?:총\s*)?{SOME}\s*(?:점|points?|pts?\.?)|배점\s*:?\s*(?:총\s*)?{SOME}\s*점?", re.IGNORECASE
)
POINTS = re.compile(rf"[\[(<]\s*(?:{POINTS_SAID.pattern})\s*[\])>]", re.IGNORECASE)
POINTS_BARE = re.compile(rf"(?<=[.?!)\]])\s*{SOME}\s*점\s*$")
POINTS_LINE = re.compile(rf"(?:배점|Points?)\s*[:=]\s*{SOME}\s*(?:점|points?|pts?\.?)?", re.IGNORECASE)
"""How points are said: in brackets, behind the end of a sentence, on a line of their own."""
JUDGED = re.compile(
    rf"[{RIGHT}]\s?[/,|·]?\s?[{WRONG}]|참\s?[/,]\s?거짓|True\s*(?:/|or)\s*False|T\s?[/,]\s?F", re.IGNORECASE
)
TRUE_FALSE = re.compile(
    rf"[\[(<]\s*(?:{JUDGED.pattern})\s*[\])>]|(?:True\s*/\s*False|True or False)\s*[:?.]?|(?<=[.?)\s])T\s*/\s*F\s*$",
    re.IGNORECASE,
)
ESSAY = re.compile(r"(?:서술형|논술형|Essay)", re.IGNORECASE)
BRACKETED = re.compile(r"[\[(<]([^\[\]()<>]{1,40})[\])>]\s*")
"""What may say, at either end of a line, how the question is answered and what it is worth."""
COMMA = re.compile(r"\s?[,·]\s?")
WORDS = re.compile(r"\s(?=\d|배점|총)|(?<=점)\s")
"""What parts the phrases in brackets, and the marks in a phrase."""
KEY_HEADING = re.compile(
    r"[\[(<■◆▶※*#\-\s]*(?:빠른\s*)?(?:정\s?답|답안|해답|정답\s*및\s*(?:해설|풀이)|정답과\s*(?:해설|풀이)|정답표|답안지|"
    r"Answers?|Answer\s+keys?|Keys?|Answers\s+and\s+explanations)\s*[\])>*\-\s]*:?",
    re.IGNORECASE,
)
COPULA = re.compile(r"(?<=\w)(?:입니다|이다|이에요|예요)\s*\.?\s*$")
"""How a sentence ends that says what the answer is."""
MOST_IN_REMARK = 100
WRAPPED = {"(": ")", "[": "]", "<": ">"}


@dataclass(frozen=True)
class LabelledPart:
    """A piece of a question: what its label says it is ("" for a line without one), and the rest of the line."""

    name: str
    line: Line


def parts_of(line: Line) -> Iterator[LabelledPart]:
    """The line, cut where its labels are. What follows an explanation belongs to it."""
    if KEY_HEADING.fullmatch(line.plain):
        yield LabelledPart("key", line.cut(len(line.text)))
        return
    bullet = BULLET.match(line.plain)
    if TICK.search(line.plain) and (bullet or label_at_start(line)):
        yield LabelledPart("", line)
        return
    if bullet and LABELS.match(line.plain, bullet.end()):
        line = line.cut(bullet.end())
    place, name, opened = 0, "", ""
    for found in LABELS.finditer(line.plain):
        if closes(line.plain, found):
            continue
        before = line.plain[found.start() - 1] if found.start() else ""
        yield from piece(name, line, place, found.start() - (before in WRAPPED and before != ""), opened)
        name, place = next(key for key, value in found.groupdict().items() if value), found.end()
        if found[0].rstrip().endswith("답은") and (copula := COPULA.search(line.plain, place)):
            line = line.cut(0, copula.start())
        opened = before if before in WRAPPED else ""
        if name in ("solution", "model"):
            break
    yield from piece(name, line, place, len(line.text), opened)


def closes(words: str, label: re.Match[str]) -> bool:
    """Whether what looks like a label ends a remark in brackets, such as `(복수 정답)`."""
    before = words[max(0, label.start() - MOST_IN_REMARK) : label.start()]
    return label[0].rstrip().endswith(")") and "(" not in label[0] and before.count("(") > before.count(")")


def piece(name: str, line: Line, start: int, end: int, opened: str) -> Iterator[LabelledPart]:
    """A part of a line; one that opened with a bracket ends before it closes."""
    cut = line.cut(start, end)
    if opened and cut.plain.endswith(WRAPPED[opened]):
        cut = cut.cut(0, len(cut.text) - 1)
    if cut.text or name:
        yield LabelledPart(name, cut)
