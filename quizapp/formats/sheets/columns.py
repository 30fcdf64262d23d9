"""The columns of our sheet: their headings in Korean and English, and the words that cells may hold.

A heading is a name, a number where there are several, and a language: `choice 2 (ko)`, `보기 2 (en)`. Without a
language the column is in that of the question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quizapp.errors import N_, Problem
from quizapp.rules.for_lessons import CHECK

HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "kind": {"en": ("kind", "type", "question type"), "ko": ("유형", "종류", "문제 유형", "문항 유형")},
    "id": {"en": ("id",), "ko": ("식별자",)},
    "number": {
        "en": ("number", "no", "no.", "#", "question #", "question no", "question no.", "question number"),
        "ko": ("번호", "순번", "문항 번호", "문제 번호", "연번"),
    },
    "language": {"en": ("language", "lang"), "ko": ("언어",)},
    "title": {"en": ("title",), "ko": ("제목",)},
    "stimulus": {
        "en": ("passage", "reading passage", "stimulus"),
        "ko": ("지문", "제시문", "읽기 자료"),
    },
    "question": {
        "en": ("question", "stem", "question text", "questions", "prompt", "term", "front"),
        "ko": ("문제", "문항", "질문", "발문", "문제 내용", "문항 내용", "질문 내용", "물음", "단어", "용어", "앞면"),
    },
    "choice": {
        "en": ("choice", "option", "choice text", "option text"),
        "ko": (
            "보기",
            "선택지",
            "선지",
            "답지",
            "답항",
            "선택",
            "선택 항목",
            "답가지",
            "보기 내용",
            "선택지 내용",
            "선지 내용",
        ),
    },
    "wrong": {
        "en": ("wrong answer", "incorrect answer", "incorrect option", "incorrect", "distractor"),
        "ko": ("오답", "틀린 답", "오답지"),
    },
    "answer": {
        "en": (
            "answer",
            "answers",
            "right answer",
            "correct answer",
            "correct answers",
            "correct option",
            "correct",
            "is correct",
            "key",
            "answer key",
            "solution",
            "definition",
            "back",
        ),
        "ko": (
            "정답",
            "답",
            "정답 번호",
            "맞는 답",
            "정답 여부",
            "정답 표시",
            "정오",
            "답안",
            "모범 답안",
            "뜻",
            "의미",
            "뒷면",
        ),
    },
    "tolerance": {"en": ("tolerance",), "ko": ("허용 오차", "오차")},
    "feedback": {
        "en": ("feedback", "explanation", "answer explanation", "rationale"),
        "ko": ("해설", "피드백", "설명", "풀이", "정답 해설"),
    },
    "points": {"en": ("points", "point", "score", "marks", "mark"), "ko": ("배점", "점수", "문항 점수")},
    "difficulty": {"en": ("difficulty", "level"), "ko": ("난이도", "난도", "수준")},
    "tags": {"en": ("tags", "tag", "keywords"), "ko": ("태그", "키워드")},
    "objectives": {
        "en": ("objectives", "objective", "learning objective"),
        "ko": ("학습 목표", "성취 기준", "평가 요소"),
    },
    "category": {
        "en": ("category", "unit", "chapter", "topic", "subject"),
        "ko": ("분류", "단원", "대단원", "중단원", "소단원", "과목", "영역", "주제"),
    },
    "citations": {"en": ("source", "sources", "citations"), "ko": ("출처", "근거")},
    "enemies": {"en": ("never with", "enemies"), "ko": ("함께 내지 않을 문제",)},
    "use": {"en": ("use",), "ko": ("쓰임",)},
    "format": {"en": ("format",), "ko": ("서식",)},
}
"""The first heading of each language is the one that is written."""

WITH_LANGUAGE = ("title", "stimulus", "question", "choice", "feedback")
NUMBERED = ("choice", "wrong", "feedback")
SEVERAL = ("choice", "wrong")
"""Meanings of which each question has several, in columns of their own."""
JOINED = {"answer": " | ", "tags": ", ", "objectives": ", ", "category": " > "}
"""Meanings that several columns may have: what stands between their cells in one."""
UNKNOWN_HEADING = N_("The column “%(heading)s” isn't known and is left out.")
COLUMNS_LEFT_OUT = {
    N_("Notes beside the questions are left out."): re.compile(r"비고|메모|참고|notes?|remarks?|comments?"),
    N_("Time limits are left out; here a quiz has one as a whole."): re.compile(
        r"time(?:limit.*|\(?in\)?sec.*|inseconds)?|제한시간.*|시간제한.*"
    ),
    N_("Images that the sheet only links to aren't fetched; add them to the questions by hand."): re.compile(
        r"(?:image|picture|media|video)(?:links?|urls?)?|이미지.*|그림.*|사진.*"
    ),
}
"""What is said of columns that are known and have no place here, by their headings."""

WORDS_OF_KIND: dict[str, dict[str, tuple[str, ...]]] = {
    "": {"en": ("multiple choice", "multichoice", "mcq", "mc"), "ko": ("객관식", "선다형", "선택형")},
    "choice": {
        "en": ("single choice", "single", "choice", "dropdown", "radio", "single select"),
        "ko": ("단일 선택", "드롭다운"),
    },
    "multiple": {
        "en": ("multiple response", "multiple", "multiple answers", "checkbox", "checkboxes", "multiple select"),
        "ko": ("복수 선택", "다중 선택", "체크박스"),
    },
    "truefalse": {
        "en": ("true/false", "truefalse", "true or false", "tf"),
        "ko": ("참·거짓", "참/거짓", "참거짓", "ox", "o/x", "진위형"),
    },
    "text": {
        "en": ("short answer", "short", "text", "fill-in-the-blank", "fill in the blank", "typing"),
        "ko": ("단답형", "단답", "주관식", "빈칸 채우기"),
    },
    "number": {"en": ("number", "numeric", "numerical"), "ko": ("숫자", "숫자형", "수치형")},
    "match": {"en": ("matching", "match"), "ko": ("짝짓기", "연결형", "짝 맞추기")},
    "categorise": {"en": ("categorise", "categorize", "sorting into groups"), "ko": ("분류하기", "분류형")},
    "order": {"en": ("ordering", "order", "putting in order"), "ko": ("순서", "순서 맞추기", "배열형")},
    "essay": {
        "en": ("essay", "open-ended", "open ended", "paragraph", "long answer"),
        "ko": ("서술형", "논술형", "장문형"),
    },
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
NO_PARTNER = {"ko": "(없음)", "en": "(none)"}
"""The left side of an option that nothing matches; a spreadsheet would take a cell that begins with = for a formula."""
TEXT_FORMATS = ("plain", "markdown", "html")
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
KIND_OF_WORD = lookup(WORDS_OF_KIND) | {kind: kind for kind in WORDS_OF_KIND if kind}
DIFFICULTY_OF_WORD = {word: value for value, words in DIFFICULTIES.items() for word in words}
TRUTH_OF_WORD = {folded(word): value for value, words in TRUTHS.items() for word in words}
LANGUAGE_OF_WORD = {word: code for code, words in LANGUAGES.items() for word in words}
HEADING = re.compile(r"(?P<name>.+?)(?P<number>[0-9]{1,2})?(?:[(\[](?P<language>[^()\[\]]+)[)\]])?\*?")
REMARK = re.compile(r"^[0-9]{1,2}\.(?=[^0-9])|[(\[](?![a-z]{2,3}-)[^()\[\]]*[)\]]|[:*?]+$|[-–]max.*$")
"""What stands beside the name in the headings of other programs: a step's number, a remark, a colon."""
CHOICE = re.compile(
    r"(?:answer|option|choice|choicetext|정답보기|보기|선택지|선지|답지|답항|답|ans|opt)?[#.]?"
    r"(?:(?P<letter>[a-h])|(?P<number>[1-9]|1[0-9])번?|(?P<syllable>[가나다라마바사아]))(?:text)?[.)]?"
)
"""A choice as other programs head it: `Answer 1`, `Option A`, `선지 ①`, or the number alone."""
SYLLABLES = "가나다라마바사아"
MOST_HEADING = 300
"""Characters; what is longer is a text, even where it stands above others."""
CODE = re.compile(r"[a-z]{2,3}")


def column_of(heading: str) -> Column | None:
    """The column of a heading; None if it isn't one of ours."""
    match = HEADING.fullmatch(folded(heading)) if len(heading) <= MOST_HEADING else None
    if match is None or match["name"] not in NAME_OF_HEADING:
        return None
    name = NAME_OF_HEADING[match["name"]]
    language = match["language"] or ""
    code = language and LANGUAGE_OF_WORD.get(language, language if CODE.fullmatch(language) else None)
    number = int(match["number"] or 0)
    if code is None or (code and name not in WITH_LANGUAGE) or (number and name not in NUMBERED):
        return None
    return Column(name, max(number, 1) if name in SEVERAL else number, code)


def wider_column_of(heading: str) -> Column | None:
    """The column of a heading as other programs and people write it."""
    if len(heading) > MOST_HEADING:
        return None
    if exact := column_of(heading):
        return exact
    plain = REMARK.sub("", folded(heading.replace("_", " ")))
    if known := column_of(plain):
        return known
    match = CHOICE.fullmatch(plain)
    if match is None:
        part = HEADING.fullmatch(plain)  # `Correct answer 2`
        name = NAME_OF_HEADING.get(part["name"], "") if part and not part["language"] else ""
        return Column(name) if name in JOINED else None
    letter, number, syllable = match["letter"], match["number"], match["syllable"]
    place = ord(letter) - ord("a") + 1 if letter else SYLLABLES.index(syllable) + 1 if syllable else int(number)
    return Column("choice", place)


def heading_of(column: Column, language: str) -> str:
    """The heading of a column in a file for people of this language."""
    name = HEADINGS[column.name][language][0]
    number = f" {column.number}" if column.number else ""
    return f"{name}{number}" + (f" ({column.language})" if column.language else "")


def columns_of(headings: Iterable[str]) -> dict[int, Column]:
    """The columns by their place, as far as their headings are known. Empty if this is not a row of headings."""
    found = {place: column for place, heading in enumerate(headings) if (column := wider_column_of(heading))}
    names = {column.name for column in found.values()}
    return found if "question" in names and names & {"answer", "kind", "choice"} else {}


def remarks_on(headings: Mapping[int, str], columns: Mapping[int, Column]) -> list[tuple[int, Problem]]:
    """What is to be said of the headings of columns that are left out."""
    left = {place: heading for place, heading in headings.items() if heading.strip() and place not in columns}
    found = []
    for place, heading in left.items():
        lost = next((said for said, known in COLUMNS_LEFT_OUT.items() if known.fullmatch(folded(heading))), None)
        if lost:
            found.append((place, Problem(lost, code="lost-column", severity="loss", text=heading.strip()[:200])))
        else:
            found.append((place, unknown_heading(heading)))
    return found


def unknown_heading(heading: str) -> Problem:
    return Problem(
        UNKNOWN_HEADING,
        {"heading": heading.strip()[:40]},
        code="unknown-column",
        severity="warning",
        text=heading[:200],
        mend=N_("Choose what the column is under “Columns of the sheet”, or give it a heading from the template."),
    )


def choosable(present: Iterable[str], most_choices: int = 8) -> list[Column]:
    """What somebody can say that a column is: one of each name, the choices by number, and what is `present`."""
    named = [Column(name) for name in HEADINGS if name not in SEVERAL]
    at = [column.name for column in named].index("question") + 1
    choices = [Column(name, number) for name in SEVERAL for number in range(1, most_choices + 1)]
    offered = [*named[:at], *choices, *named[at:]]
    others = {column for meaning in present if meaning and (column := column_of(meaning)) and column not in offered}
    return [*offered, *sorted(others, key=lambda column: (column.name, column.number, column.language))]
