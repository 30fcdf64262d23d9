"""The Markdown quiz of text2qti: numbered questions in plain text, one language, no pictures in the file.

Kinds: choice, multiple, truefalse, text, number, essay, and text regions as descriptions. A file upload is kept as
it stands. Programs that make questions are never run; the settings of the quiz (groups, going back …) are reported
as losses. A number that text2qti would refuse for being near zero is read and written all the same, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, Told, language_of, refuse_uncarried, unreadable, written_language
from quizapp.formats.items import Item
from quizapp.formats.losses import undeclared
from quizapp.formats.text import decode, opening
from quizapp.formats.text2qti.elements import elements_of
from quizapp.formats.text2qti.losses import losses_of, refusal_of
from quizapp.formats.text2qti.reader import QuizReader
from quizapp.formats.text2qti.writer import write_quiz

NAME = "markdown"
LABEL = N_("Markdown quiz (text2qti)")
SUFFIXES = (".md", ".txt")
MIME = "text/markdown"

SAMPLE = """\
Quiz title: 훈민정음
Quiz description: A description in *Markdown*
    that goes on here.
shuffle answers: true

% A comment.
COMMENT
So is this.
END_COMMENT

Text title: Before you start
Text: Two questions about the alphabet, then some sums.

Title: Who made it
Points: 2
1.  Who made **Hunminjeongeum**?

    It has 28 letters.
... It was made in 1443.
+   Right.
-   Look at the first lesson.
!   The preface names the king.
a)  Taejong
... He was Sejong's father.
*b) Sejong
c)  Munjong

2.  세종은 조선의 네 번째 왕이다.
*a) True
b)  False

3.  Which are vowels?
[*] ㅏ
[ ] ㄱ
[*] ㅗ
... Right, it is round.

GROUP
pick: 1
points per question: 2

4.  What is the square root of 2?
=   1.4142 +- 0.0001

5.  What is $2 + 3$?
=   5

END_GROUP

6.  How many people live in Seoul, in millions?
=   9.4 +- 5%

7.  What is the cube root of 2?
=   [1.2598, 1.2600]

8.  Who lives at the North Pole?
*   Santa
*   Santa Claus

9.  Write about the alphabet.
!   Look for three reasons.
____

10. Hand in your drawing.
^^^^
""".encode()

QUESTION = re.compile(r"^\d+\.[ \t]+\S", re.MULTILINE)
ANSWER = re.compile(r"^(?:\*[a-zA-Z]\)|\[[* ]?\]|=)[ \t]+\S|^(?:___+|\^\^\^+)\s*$", re.MULTILINE)
HEAD = re.compile(r"^(?:quiz title|quiz description):[ \t]", re.MULTILINE | re.IGNORECASE)


def sniff(data: bytes) -> float:
    start = opening(data)
    if HEAD.search(start):
        return 0.95
    if not QUESTION.search(start):
        return 0.0
    return 0.85 if ANSWER.search(start) else 0.2


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        text, encoding = decode(data)
    except FormatError as error:
        return unreadable(error)
    lines = text.split("\n")
    reader = QuizReader(language or language_of(text), lines)
    for element in elements_of(lines):
        if reader.collector.is_full:
            reader.collector.refuse_many(element.line)
            break
        reader.take(element)
    else:
        reader.end()
    reading = reader.collector.reading
    reading.encoding = encoding
    if not reading.found:
        missing = N_("There are no questions in this file. A question begins with a number, a full stop and a space.")
        reading.problems.append(Problem(missing, code="no-questions"))
    return reading


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    return write_quiz(items).encode()


def carries(item: Item) -> list[Problem]:
    """What writing loses. What was written is read again, so that no loss goes unreported."""
    refusal = refusal_of(item)
    problems = [*losses_of(item), *([refusal] if refusal else [])]
    return undeclared(item, problems, lambda: read(write_quiz([item]).encode(), written_language(item)))
