"""The columns of our sheet: their headings in Korean and English, and the words that cells may hold.

A heading is a name, a number where there are several, and a language: `choice 2 (ko)`, `보기 2 (en)`. Without a
language the column is in that of the question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from quizapp.errors import N_, Problem
from quizapp.rules.for_lessons import CHECK

HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {"en": ("kind", "type", "question type"), "ko": ("유형", "종류", "문제 유형")},
    "id": {"en": ("id",), "ko": ("식별자",)},
    "language": {"en": ("language", "lang"), "ko": ("언어",)},
    "title": {"en": ("title",), "ko": ("제목",)},
    "question": {"en": ("question", "stem", "question text"), "ko": ("문제", "문항", "질문")},
    "choice": {"en": ("choice", "option"), "ko": ("보기", "선택지")},
    "answer": {"en": ("answer", "answers", "right answer", "correct answer"), "ko": ("정답", "답")},
    "tolerance": {"en": ("tolerance",), "ko": ("허용 오차", "오차")},
    "feedback": {"en": ("feedback", "explanation"), "ko": ("해설", "피드백", "설명")},
    "points": {"en": ("points", "point", "score"), "ko": ("배점", "점수")},
    "difficulty": {"en": ("difficulty",), "ko": ("난이도",)},
    "tags": {"en": ("tags", "tag"), "ko": ("태그",)},
    "objectives": {"en": ("objectives", "objective"), "ko": ("학습 목표",)},
    "category": {"en": ("category",), "ko": ("분류",)},
    "citations": {"en": ("source", "sources", "citations"), "ko": ("출처", "근거")},
    "enemies": {"en": ("never with", "enemies"), "ko": ("함께 내지 않을 문제",)},
    "use": {"en": ("use",), "ko": ("쓰임",)},
    "format": {"en": ("format",), "ko": ("서식",)},
}
"""The first heading of each language is the one that is written."""

WITH_LANGUAGE = ("title", "question", "choice", "feedback")
NUMBERED = ("choice", "feedback")
UNKNOWN_HEADING = N_("The column “%(heading)s” isn't known and is left out.")
IGNORED = {"no", "no.", "number", "번호", "순번", "#", "비고", "메모", "note", "notes"}

KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "": {"en": ("multiple choice", "multichoice", "mcq"), "ko": ("객관식", "선다형", "선택형")},
    "choice": {"en": ("single choice", "single", "choice"), "ko": ("단일 선택",)},
    "multiple": {"en": ("multiple response", "multiple", "multiple answers"), "ko": ("복수 선택", "다중 선택")},
    "truefalse": {
        "en": ("true/false", "truefalse", "true or false"),
        "ko": ("참/거짓", "참거짓", "ox", "o/x", "진위형"),
    },
    "text": {"en": ("short answer", "short", "text"), "ko": ("단답형", "단답", "주관식")},
    "number": {"en": ("number", "numeric", "numerical"), "ko": ("숫자", "숫자형", "수치형")},
    "match": {"en": ("matching", "match"), "ko": ("짝짓기", "연결형", "짝 맞추기")},
    "categorise": {"en": ("categorise", "categorize"), "ko": ("분류하기", "분류형")},
    "order": {"en": ("ordering", "order"), "ko": ("순서", "순서 맞추기", "배열형")},
    "essay": {"en": ("essay",), "ko": ("서술형", "논술형")},
    "description": {"en": ("description",), "ko": ("안내문",)},
}
"""By kind; for "" the number of right answers decides."""

DIFFICULTIES: dict[int, tuple[str, ...]] = {
    1: ("1", "easy", "쉬움", "하"),
    2: ("2", "medium", "보통", "중"),
    3: ("3", "hard", "어려움", "상"),
}
TRUTHS: dict[bool, tuple[str, ...]] = {
    True: ("true", "t", "o", "yes", "참", "맞음", "예", "○", "◯", "⭕"),
    False: ("false", "f", "x", "no", "거짓", "틀림", "아니요", "아니오", "×", "❌"),
}
NOTHING = {"ko": "(없음)", "en": "(none)"}
"""The left side of an option that nothing matches; a spreadsheet would take a cell that begins with = for a formula."""
FORMATS = ("plain", "markdown", "html")
USE_OF_WORD = {"check": CHECK, "레슨": CHECK, "lesson": CHECK}
LANGUAGES = {"ko": ("ko", "korean", "한국어", "국문"), "en": ("en", "english", "영어", "영문")}


@dataclass(frozen=True)
class Column:
    """What a heading says. `number` is 0 if there is only one; `language` is "" if the heading names none."""

    name: str
    number: int = 0
    language: str = ""


def folded(text: str) -> str:
    """The form in which the words of headings and cells are compared, without regard to width, case and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def lookup(words: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, str]:
    return {folded(word): name for name, by in words.items() for each in by.values() for word in each}


NAME_OF_HEADING = lookup(HEADINGS)
KIND_OF_WORD = lookup(KINDS) | {kind: kind for kind in KINDS if kind}
DIFFICULTY_OF_WORD = {word: value for value, words in DIFFICULTIES.items() for word in words}
TRUTH_OF_WORD = {folded(word): value for value, words in TRUTHS.items() for word in words}
LANGUAGE_OF_WORD = {word: code for code, words in LANGUAGES.items() for word in words}
HEADING = re.compile(r"(?P<name>.+?)(?P<number>[0-9]{1,2})?(?:[(\[](?P<language>[^()\[\]]+)[)\]])?\*?")
CODE = re.compile(r"[a-z]{2,3}")


def column_of(heading: str) -> Column | None:
    """The column of a heading; None if it isn't one of ours."""
    match = HEADING.fullmatch(folded(heading))
    if match is None or match["name"] not in NAME_OF_HEADING:
        return None
    name = NAME_OF_HEADING[match["name"]]
    language = match["language"] or ""
    code = language and LANGUAGE_OF_WORD.get(language, language if CODE.fullmatch(language) else None)
    number = int(match["number"] or 0)
    if code is None or (code and name not in WITH_LANGUAGE) or (number and name not in NUMBERED):
        return None
    return Column(name, max(number, 1) if name == "choice" else number, code)


def heading_of(column: Column, language: str) -> str:
    """The heading of a column in a file for people of this language."""
    name = HEADINGS[column.name][language][0]
    number = f" {column.number}" if column.number else ""
    return f"{name}{number}" + (f" ({column.language})" if column.language else "")


def columns_of(headings: Iterable[str]) -> tuple[dict[int, Column], list[tuple[int, Problem]]]:
    """The columns by their place, and problems of the others. Empty if this is not a row of headings."""
    headings = list(headings)
    found = {place: column for place, heading in enumerate(headings) if (column := column_of(heading))}
    names = {column.name for column in found.values()}
    if "question" not in names or not names & {"answer", "kind", "choice"}:
        return {}, []
    problems = [
        (place, unknown_heading(heading))
        for place, heading in enumerate(headings)
        if heading.strip() and place not in found and folded(heading) not in IGNORED
    ]
    first: dict[Column, int] = {}
    for place, column in list(found.items()):
        if first.setdefault(column, place) != place:
            problems.append((place, same_heading(headings[place])))
            del found[place]
    return found, problems


def unknown_heading(heading: str) -> Problem:
    return Problem(
        UNKNOWN_HEADING,
        {"heading": heading.strip()[:40]},
        code="unknown-column",
        severity="warning",
        text=heading[:200],
        mend=N_("Compare the headings with those of the template."),
    )


def same_heading(heading: str) -> Problem:
    return replace(
        unknown_heading(heading),
        template=N_("The column “%(heading)s” appears twice; the second is left out."),
        code="same-column",
    )
