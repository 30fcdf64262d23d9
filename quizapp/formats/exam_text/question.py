"""One question: its parts become a stem, a kind, and what is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import Any

from quizapp.errors import Problem
from quizapp.formats.essays import asks_for_text, is_no_answer
from quizapp.formats.exam_text.answers import RightChoices, UnusableKey, judgement, right_choices, with_words
from quizapp.formats.exam_text.choices import Choice, StemAndChoices, bulleted, marks_in, stem_and_choices
from quizapp.formats.exam_text.key_entries import looks_like_list
from quizapp.formats.exam_text.line import Line, Objects
from quizapp.formats.exam_text.messages import WRITE_WORDS, about
from quizapp.formats.exam_text.outline import ExamQuestion
from quizapp.formats.exam_text.parts import QuestionParts, take_marks
from quizapp.formats.exam_text.pasted import SIGN
from quizapp.formats.exam_text.signs import SINGLE, SINGLE_AT, label_at_start, labels_within
from quizapp.formats.exam_text.texts import UNDERLINE, text_of
from quizapp.formats.exam_text.unlabelled import key_in_stem
from quizapp.formats.exam_text.words import typed_answer
from quizapp.kinds.base import Text

LATIN_WORD = re.compile("[A-Za-z]{2}")
SEVERAL = re.compile(r"모두\s*고르(?:시오|세요|십시오)|select all|choose all", re.IGNORECASE)
CHOOSING = re.compile(
    r"고르|고른|다음\s*중|(?:옳은|옳지|알맞은|맞는|틀린|적절한|적절하지)[^?]{0,20}것은|which of|choose|select",
    re.IGNORECASE,
)
"""Stems that ask for a choice, which must then be there."""
ASKING = re.compile(r"\?\s*$|(?:쓰|구하|적으|답하)(?:시오|세요|십시오|라)\W*$")
"""Stems that are no statement to judge."""
ONE_SIGN = re.compile(r"\(?(?:[1-9]|10|[A-Ja-j])\)?\s*번?")
LETTER_OX = re.compile(r"[OoXxㅇ]")
LETTER_TF = re.compile(r"[TtFf]")
SIGNS_ONLY = re.compile(rf"{SINGLE}(?:\s*[,·]?\s*{SINGLE})*")


@dataclass
class ReadQuestion:
    """What was read of a question; with an error among its problems, it can't be used."""

    line: int
    kind: str = ""
    stem: Text = field(default_factory=dict)
    response: dict[str, Any] = field(default_factory=dict)
    stimulus: Text = field(default_factory=dict)
    feedback: dict[str, Text] = field(default_factory=dict)
    shuffle: bool = True
    problems: list[Problem] = field(default_factory=list)
    stray: list[Line] = field(default_factory=list)


def read_question(
    question: ExamQuestion, parts: QuestionParts, listed: Sequence[Line], objects: Objects, language: str
) -> ReadQuestion:
    return QuestionReader(question, parts, listed, objects, language).read()


class QuestionReader:
    def __init__(
        self, question: ExamQuestion, parts: QuestionParts, listed: Sequence[Line], objects: Objects, language: str
    ) -> None:
        self.question, self.parts = question, parts
        self.keys = [*parts.keys, *listed]
        self.objects, self.language = objects, language
        self.split: StemAndChoices = stem_and_choices(parts.body)
        self.found = ReadQuestion(question.head.number)

    def read(self) -> ReadQuestion:
        found, passage = self.found, self.question.passage
        stem = take_marks(self.parts, self.split.stem)
        self.split.stem = stem
        found.problems += self.parts.problems
        self.look_for_key()
        found.stem = self.text(self.split.stem)
        found.stimulus = self.text(passage.lines) if passage else {}
        if solution := self.text(self.parts.solution):
            found.feedback["solution"] = solution
        found.stray = [*self.parts.stray, *self.split.stray]
        found.problems += self.problems_of_choices()
        self.answer()
        return found

    def look_for_key(self) -> None:
        """Where the answer is labelled by nothing: choices without labels, or a place in the stem."""
        keys = [key for key in self.keys if key.text]
        listed = None if self.split.choices else bulleted(self.split.stem)
        if listed and (with_words(keys[0].plain, listed.choices) if keys else self.marked(listed.choices)):
            self.split = listed
        if not keys and self.marked(self.split.choices) is None:
            found = key_in_stem(self.question.head, self.split)
            self.keys += [found.key] if found else []
            self.split.stem = found.stem if found else self.split.stem
            if found and found.is_filled_in:
                self.say("filled-in", found.key, key=found.key.text)

    def text(self, lines: Sequence[Line]) -> Text:
        return text_of(lines, self.objects, self.language)

    def say(self, code: str, line: Line | None = None, **values: Any) -> None:
        self.found.problems.append(about(code, line or self.question.head, number=self.question.number, **values))

    def problems_of_choices(self) -> list[Problem]:
        number = self.question.number
        return [
            *(about("same-label", line, number=number, label=label) for line, label in self.split.twice),
            *(about("choice-gap", line, number=number) for line in self.split.gaps),
            *(about("continued", line, number=number) for line in self.split.continued),
        ]

    def answer(self) -> None:
        """Find out the kind, and what is right."""
        key = self.key()
        if self.parts.essay or self.question.is_essay:
            self.essay()
        elif self.split.choices:
            self.choose(key)
        elif key is None and not asks_for_text("\n".join(line.plain for line in self.split.stem)):
            problem = about("no-key", self.question.head, number=self.question.number)
            self.found.problems.append(replace(problem, mend=WRITE_WORDS))
        elif key is None or is_no_answer(key.plain):
            self.say("taken-as-essay", key)
            self.essay()
        else:
            self.type(key)

    def key(self) -> Line | None:
        """The one answer that is given; an error, where two say different things."""
        keys = [key for key in self.keys if key.text]
        said = {key.plain.strip(" ."): key for key in reversed(keys)}
        if len(said) > 1 and not (self.parts.essay or self.question.is_essay):
            one, other = list(reversed(said.values()))[:2]
            self.say("two-keys", one, one=one.text, other=other.text)
        return keys[0] if keys else None

    def essay(self) -> None:
        self.found.kind = "essay"
        notes = self.text([*self.parts.models, *(key for key in self.keys if key.text and not is_no_answer(key.plain))])
        self.found.response = {"grader_notes": notes} if notes else {}
        self.found.stray += [line for choice in self.split.choices for line in choice.lines if line.text]

    # --- choices ---

    def choose(self, key: Line | None) -> None:
        choices = self.split.choices
        marked = self.marked(choices)
        if key is None:
            if marked is not None:
                self.choice_body(choices, RightChoices(marked[0]))
                if marked[1] != SIGN:
                    self.say("marked-key", what=marked[1])
            else:
                self.say("marked-ways" if len(marked_sets(choices)) > 1 else "no-key")
            return
        try:
            right = right_choices(key, choices, self.split.style)
        except UnusableKey as unusable:
            self.say(unusable.args[0], key, key=key.text)
            return
        if marked is not None and set(marked[0]) != set(right.places):
            self.say("marked-otherwise", what=marked[1])
        self.choice_body(choices, right)

    def marked(self, choices: Sequence[Choice]) -> tuple[tuple[int, ...], str] | None:
        """The choices that are marked by a sign, or by their form where that says one thing, and how."""
        sets = marked_sets(choices)
        signed = next((one for one in sets.items() if one[1] == SIGN), None)
        return signed or (next(iter(sets.items())) if len(sets) == 1 else None)

    def choice_body(self, choices: Sequence[Choice], right: RightChoices) -> None:
        several = len(right.places) > 1 or bool(SEVERAL.search("\n".join(line.plain for line in self.split.stem)))
        self.found.kind = "multiple" if several and not right.either else "choice"
        shown = {at for at, choice in enumerate(choices) if UNDERLINE in ways_of(choice)}
        if shown == set(right.places):
            choices = [replace(choice, lines=[replace(line, marks=()) for line in choice.lines]) for choice in choices]
        self.found.response = {
            "choices": [
                {"id": id_of(at), "text": self.text(choice.lines), "fraction": int(at in right.places)}
                for at, choice in enumerate(choices)
            ]
        }

    # --- without choices ---

    def type(self, key: Line) -> None:
        stem = "\n".join(line.plain for line in self.split.stem).strip()
        truth = judgement(key, by_letter=self.parts.judged)
        if not self.parts.judged and is_letter(key, stem):
            self.say("letter", key, key=key.text)
            truth = None
        signs = SIGNS_ONLY.fullmatch(key.plain.strip())
        marks = marks_in(self.split.stem)
        if truth is not None:
            self.found.kind, self.found.response = "truefalse", {"answer": truth}
        elif self.parts.judged:
            self.say("not-judged", key, key=key.text)
        elif signs and len(marks) > 1 and all(sign in marks for sign in signs[0] if sign in SINGLE_AT):
            choices = [Choice(at, mark, [Line(mark, key.number)]) for at, mark in enumerate(marks)]
            self.say("choices-in-text", key)
            self.found.shuffle = False
            self.choice_body(choices, right_choices(key, choices, "①"))
        elif signs or names_choice(key, stem):
            self.say("no-choices", key, key=key.text)
        elif has_parts(key):
            self.say("parts", key)
        else:
            words = replace(key, text=self.objects.shown(key.text), marks=())
            self.found.kind, self.found.response, problems = typed_answer(words, self.question.number)
            self.found.problems += problems
            if self.found.kind == "text" and looks_like_list(key):
                self.say("key-list", key, key=key.text)


def names_choice(key: Line, stem: str) -> bool:
    """Whether a number or a letter is meant as the name of a choice, though none was recognised."""
    words = key.plain.strip(" .")
    if not ONE_SIGN.fullmatch(words):
        return False
    begins = re.search(rf"^\s*\W?{re.escape(words.strip('()번 '))}(?:[:.)\-]|\s)", stem, re.MULTILINE)
    return "번" in words or bool(CHOOSING.search(stem) or begins)


def marked_sets(choices: Sequence[Choice]) -> dict[tuple[int, ...], str]:
    """The sets of choices that are marked in a way in which others aren't, and how. All may be marked by a sign."""
    ways = [ways_of(choice) for choice in choices]
    sets: dict[tuple[int, ...], str] = {}
    for way in sorted({way for own in ways for way in own}, key=lambda way: (way != SIGN, way)):
        places = tuple(at for at, own in enumerate(ways) if way in own)
        if len(places) < len(choices) or way == SIGN:
            sets.setdefault(places, way)
    return sets


def ways_of(choice: Choice) -> set[str]:
    """How the whole of a choice is marked; lines that were added to it don't count."""
    return next((line.ways() for line in choice.lines if line.text), set())


def has_parts(key: Line) -> bool:
    """Whether an answer is a list of answers, such as `(1) … (2) …`."""
    label = label_at_start(key)
    return bool(
        label and label.place == 0 and any(one.place == 1 for one in labels_within(key, label.style, label.end))
    )


def is_letter(key: Line, stem: str) -> bool:
    """Whether a letter that may say true or false is rather one to type."""
    words = key.plain.strip(" .()")
    return bool(LETTER_TF.fullmatch(words) or (LETTER_OX.fullmatch(words) and ASKING.search(stem)))


def id_of(place: int) -> str:
    return ascii_lowercase[place] if place < len(ascii_lowercase) else f"c{place + 1}"
