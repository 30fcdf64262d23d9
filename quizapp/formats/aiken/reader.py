"""Reads Aiken line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from string import ascii_lowercase

from quizapp.errors import N_, Problem
from quizapp.formats.base import language_of
from quizapp.formats.collector import MAX_WEIGHT, QUESTION_TOO_LARGE, VALUE_WEIGHT, Collector
from quizapp.formats.items import Item
from quizapp.formats.plain_text import as_plain

OPTION = re.compile(r"\s*([A-Za-z])\s?(?:[)）．]|\.(?![A-Za-z]\.))\s*(?P<text>.*)")
ANSWER = re.compile(r"\s*(?:ANSWER|정답)\s*[:：](?P<answer>.*)", re.IGNORECASE)
EXPLANATION = re.compile(
    r"\s*(?:해설|풀이|Explanation|Feedback|Rationale|Solution)\s*[:：]\s*(?P<text>.*)", re.IGNORECASE
)
LETTER = re.compile(r"\s*([A-Za-z])\s*(?:[.)].*)?")


@dataclass
class UnfinishedQuestion:
    """A question as far as it has been read: the lines of its stem, its options, its answer."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[list[str]] = field(default_factory=list)
    answer: str = ""
    explanation: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    weight: int = 0


class AikenReader:
    """Takes the lines of a file one by one; a question ends with its answer, or the explanation below that."""

    def __init__(self, form: str, language: str | None) -> None:
        self.collector = Collector(form)
        self.language = language
        self.question: UnfinishedQuestion | None = None
        self.blank = False

    def take(self, line: str, number: int) -> None:
        if self.question:
            self.question.weight += VALUE_WEIGHT + len(line)
        if not line.strip():
            self.blank = True
            if (
                self.question
                and not self.question.options
                and not self.question.answer
                and self.question.weight <= MAX_WEIGHT
            ):
                self.question.stem.append("")
            return
        if self.is_explanation(line):
            self.blank = False
            return
        if answer := ANSWER.fullmatch(line):
            self.answer(answer["answer"], line, number)
        elif self.is_option(line):
            self.option(line)
        else:
            self.words(line, number)
        self.blank = False

    def is_explanation(self, line: str) -> bool:
        """Take a line of the explanation below an answer, which ends with a blank line."""
        if self.question is None or not self.question.answer:
            return False
        begins = EXPLANATION.fullmatch(line)
        if begins is None and (self.blank or not self.question.explanation):
            self.finish()
            return False
        self.question.explanation.append(begins["text"] if begins else line.strip())
        return True

    def is_option(self, line: str) -> bool:
        """Options run from A without a gap, so the line `B. Brown` in a stem is not one."""
        match = OPTION.fullmatch(line)
        if match is None or self.question is None or not any(self.question.stem):
            return False
        expected = ascii_lowercase[len(self.question.options) :][:1]
        return match[1].lower() == expected

    def option(self, line: str) -> None:
        match = OPTION.fullmatch(line)
        if match and self.question:
            self.question.options.append([match["text"].strip()])

    def words(self, line: str, number: int) -> None:
        """A line of the stem or, below an option, the continuation of that option."""
        if self.question and self.question.options and (self.blank or OPTION.fullmatch(line)):
            self.finish()
        if self.question is None:
            self.question = UnfinishedQuestion(number, weight=len(line))
        if self.question.weight > MAX_WEIGHT:
            return
        if not self.question.options:
            self.question.stem.append(line.rstrip())
            return
        self.question.options[-1].append(line.strip())
        self.question.problems.append(
            Problem(
                N_("This line is neither an option nor the answer; it was added to the option above it."),
                code="continued",
                line=number,
                severity="warning",
                text=line.strip()[:200],
                mend=N_("Write each option in one line."),
            )
        )

    def answer(self, answer: str, line: str, number: int) -> None:
        if self.question is None:
            problem = Problem(
                N_("An answer without a question."), code="no-question", line=number, text=line.strip()[:200]
            )
            self.collector.fail([problem])
            return
        letter = LETTER.fullmatch(answer)
        index = ascii_lowercase.index(letter[1].lower()) if letter else -1
        if not 0 <= index < len(self.question.options):
            self.question.problems.append(self.wrong_answer(answer, line, number))
        self.question.answer = letter[1].lower() if letter else "?"

    def wrong_answer(self, answer: str, line: str, number: int) -> Problem:
        options = len(self.question.options) if self.question else 0
        return Problem(
            N_("“%(answer)s” is none of the %(count)s options."),
            {"answer": answer.strip()[:40], "count": options},
            code="no-right",
            line=number,
            text=line.strip()[:200],
            mend=N_("Write ANSWER: and the letter of the one right option. For several, use GIFT or a sheet."),
        )

    def finish(self) -> None:
        """End the question; one without an answer is reported and left out."""
        question, self.question = self.question, None
        if question is None or not any(question.stem):
            return
        if question.weight > MAX_WEIGHT:
            self.collector.fail([QUESTION_TOO_LARGE], question.line)
            return
        stem = "\n".join(question.stem).strip("\n")
        options = ["\n".join(lines) for lines in question.options]
        if not question.answer:
            question.problems.append(
                Problem(
                    N_("This question has no answer."),
                    code="no-right",
                    line=question.line,
                    text=stem[:200],
                    mend=N_("Add a line like ANSWER: B below its options."),
                )
            )
        language = self.language or language_of("\n".join([stem, *options]))
        choices = [
            {"id": name, "text": as_plain({language: text}), "fraction": int(name == question.answer)}
            for name, text in zip(ascii_lowercase, options, strict=False)
        ]
        if any(problem.is_error for problem in question.problems):
            self.collector.fail(question.problems, question.line)
            return
        said = as_plain({language: "\n".join(question.explanation).strip()}) if any(question.explanation) else {}
        feedback = {"general": said} if said else {}
        item = Item(kind="choice", stem=as_plain({language: stem}), response={"choices": choices}, feedback=feedback)
        self.collector.take(item, question.problems, question.line)
