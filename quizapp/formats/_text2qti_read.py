"""The elements of a Markdown quiz -> items. A question with anything wrong in it is left out whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats._collect import Collector
from quizapp.formats._plain_answers import pattern_of
from quizapp.formats._text2qti_lines import Element
from quizapp.formats._text2qti_number import number_answer
from quizapp.formats.items import Item
from quizapp.kinds.base import Text

FEEDBACK = {"general": "general", "praise": "right", "correction": "wrong", "solution": "solution"}
TRUE_FALSE = {"true": "true", "True": "true", "false": "false", "False": "false"}
WORDS = {"true": True, "false": False}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def wrong(element: Element, code: str, template: str, mend: str = "", **values: Any) -> Problem:
    text = element.text if element.name in ("unknown", "code", "run") else f"{element.mark} {element.text}".strip()
    return Problem(template, values, code=code, line=element.line, text=text[:200], mend=mend)


def note(element: Element, code: str, severity: Any, template: str, mend: str = "", **values: Any) -> Problem:
    found = wrong(element, code, template, mend, **values)
    return Problem(found.template, found.values, code, found.line, severity=severity, text=found.text, mend=mend)


@dataclass
class Draft:
    """A question while its elements come in. `start` and `end` are its lines, for those that are kept as they are."""

    element: Element
    title: str = ""
    points: float = 1
    start: int = 0
    end: int = 0
    family: str = ""
    feedback: dict[str, str] = field(default_factory=dict)
    options: list[tuple[bool, str, list[str]]] = field(default_factory=list)
    answer: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, element: Element) -> None:
        """One element below the question's text."""
        self.end = element.lines[1]
        if element.name in FEEDBACK:
            self.add_feedback(element)
            return
        family = FAMILIES[element.name]
        if self.family not in ("", family) or (self.family and family in ("number", "essay", "upload")):
            self.problems.append(
                wrong(element, "mixed", N_("This line is of another type than the answers before it."),
                      N_("Give a question one type of answer, or begin a new question above this line."))  # fmt: skip
            )
            return
        self.family = family
        if family == "number":
            self.answer, problems = number_answer(element.text)
            self.problems += [problem.at(line=element.line) for problem in problems]
        elif family in ("choice", "multiple", "text"):
            self.options.append((element.name in ("right", "ticked", "answer"), element.text, []))

    def add_feedback(self, element: Element) -> None:
        own = element.name == "general" and self.family in ("choice", "multiple")
        name = FEEDBACK[element.name]
        if self.family and not own:
            self.problems.append(
                wrong(element, "feedback-place", N_("“%(mark)s” stands behind the answers; here it belongs to nothing."),
                      N_("Put it directly below the question's text."), mark=element.mark)  # fmt: skip
            )
        elif self.options[-1][2] if own else name in self.feedback:
            self.problems.append(
                wrong(element, "feedback-twice", N_("“%(mark)s” stands here for the second time."),
                      N_("Join the two texts into one."), mark=element.mark)  # fmt: skip
            )
        elif own:
            self.options[-1][2].append(element.text)
        else:
            self.feedback[name] = element.text


FAMILIES = {
    "right": "choice", "wrong": "choice", "ticked": "multiple", "unticked": "multiple", "answer": "text",
    "number": "number", "essay": "essay", "upload": "upload",
}  # fmt: skip


@dataclass
class Group:
    """A run of questions of which some are picked."""

    element: Element
    pick: int = 1
    points: float | None = None
    first: int = 0


class QuizReader:
    """Takes elements in order and fills a `Collector`."""

    def __init__(self, language: str, lines: list[str]) -> None:
        self.collector = Collector("markdown")
        self.language = language
        self.lines = lines
        self.draft: Draft | None = None
        self.title: Element | None = None
        self.points: Element | None = None
        self.text_title: Element | None = None
        self.group: Group | None = None
        self.shuffle = True
        self.feedback_is_solution = False

    # --- the elements ---

    def take(self, element: Element) -> None:
        if element.name in FEEDBACK or element.name in FAMILIES:
            self.add(element)
            return
        if element.name in ("unknown", "code"):
            self.stray(element)
            return
        if element.name != "text":
            self.close_text_title()
        self.close_question()
        if element.name not in ("question", "points", "title"):
            self.drop_heading()
        HANDLERS[element.name](self, element)

    def end(self) -> None:
        self.close_text_title()
        self.close_question()
        self.drop_heading()
        if self.group:
            self.collector.tell([wrong(self.group.element, "group-open", N_("This group never ends."),
                                       N_("Write END_GROUP behind its last question."))])  # fmt: skip

    def add(self, element: Element) -> None:
        if self.draft:
            self.draft.add(element)
        else:
            self.collector.tell([wrong(element, "no-question", N_("This line belongs to no question."),
                                       N_("Begin the question above it with a number, a full stop and a space."))])  # fmt: skip

    def stray(self, element: Element) -> None:
        """A line that the format doesn't know. One that looks like a question is one that failed."""
        if element.mark and element.mark[0].isdigit():
            self.close_question()
            self.draft = self.new_draft(element)
        problem = (
            wrong(element, "cramped", N_("A space and a text are missing behind “%(mark)s”."),
                  N_("Write “%(mark)s”, a space, and the text.") % {"mark": element.mark}, mark=element.mark)
            if element.mark and element.name == "unknown"
            else wrong(element, "unknown-line", N_("This line is no part of a question as it stands."),
                       N_("Indent it as far as the text that it goes on with, or put “%” before a comment."))
        )  # fmt: skip
        if self.draft:
            self.draft.problems.append(problem)
        else:
            self.collector.tell([problem])

    def begin_question(self, element: Element) -> None:
        self.draft = self.new_draft(element)

    def new_draft(self, element: Element) -> Draft:
        heading = [one for one in (self.title, self.points) if one]
        draft = Draft(element, start=min(one.lines[0] for one in [*heading, element]), end=element.lines[1])
        draft.title = one_line(self.title.text) if self.title else ""
        if self.points:
            draft.points = half_points(self.points, draft.problems)
        if self.group and self.group.points is not None:
            if self.points and draft.points != self.group.points:
                draft.problems.append(
                    note(self.points, "group-points", "warning",
                         N_("The group gives each of its questions %(points)s points; this line is ignored."),
                         N_("Take the line away, or the one of the group."), points=self.group.points)  # fmt: skip
                )
            draft.points = self.group.points
        self.title = self.points = None
        return draft

    def hold(self, element: Element) -> None:
        """A title or points for the next question."""
        held = getattr(self, element.name)
        if held:
            self.lost(held)
        setattr(self, element.name, element)

    def drop_heading(self) -> None:
        for held in (self.title, self.points):
            if held:
                self.lost(held)
        self.title = self.points = None

    def lost(self, element: Element) -> None:
        self.collector.tell([note(element, "no-question", "warning", N_("No question follows this line; it was left out."),
                                  N_("Put it directly above its question."))])  # fmt: skip

    # --- whole questions ---

    def close_question(self) -> None:
        draft, self.draft = self.draft, None
        if draft is None:
            return
        if any(problem.is_error for problem in draft.problems):
            self.collector.fail(draft.problems, draft.element.line)
            return
        item = Item(
            stem=self.text(draft.element.text),
            title=self.text(draft.title) if draft.title else {},
            points=draft.points,
            shuffle=self.shuffle,
            feedback={key: self.text(text) for key, text in draft.feedback.items()},
        )
        if self.feedback_is_solution and "general" in item.feedback:
            item.feedback["solution"] = item.feedback["general"]
        problems = [*draft.problems, *self.complete(item, draft)]
        self.collector.take(item, problems, draft.element.line)

    def complete(self, item: Item, draft: Draft) -> list[Problem]:
        """Give the item its kind and response; what is missing comes back."""
        if not draft.family:
            return [wrong(draft.element, "no-answers", N_("The question has no answers."),
                          N_("Add choices, an answer, or ___ for an essay below it."))]  # fmt: skip
        if draft.family in ("choice", "multiple"):
            return self.complete_choices(item, draft)
        item.kind = draft.family
        if draft.family == "text":
            item.response = {
                "answers": [{"text": pattern_of(text), "fraction": 1} for _, text, _ in draft.options]
            }
        elif draft.family == "number":
            item.response = {"answers": [draft.answer]}
        elif draft.family == "upload":
            item.kind = "opaque"
            item.provenance["original"] = "\n".join(self.lines[draft.start : draft.end])
        return []

    def complete_choices(self, item: Item, draft: Draft) -> list[Problem]:
        texts = [text for _, text, _ in draft.options]
        answers = [TRUE_FALSE.get(text) for text in texts]
        right = [truth for truth, _, _ in draft.options]
        if draft.family == "choice" and sorted(map(str, answers)) == ["false", "true"] and sum(right) == 1:
            item.kind = "truefalse"
            item.response = {"answer": answers[right.index(True)] == "true"}
            feedback = {str(TRUE_FALSE[text]): self.text(own[0]) for _, text, own in draft.options if own}
            item.response |= {"feedback": feedback} if feedback else {}
            return []
        item.kind = draft.family
        item.response = {
            "choices": [
                {"id": choice_id(n), "text": self.text(text), "fraction": int(truth)}
                | ({"feedback": self.text(own[0])} if own else {})
                for n, (truth, text, own) in enumerate(draft.options)
            ]
        }
        if len(set(texts)) < len(texts):
            return [wrong(draft.element, "same-choice", N_("Two choices of this question have the same text."),
                          N_("Change one of them, or take it away."))]  # fmt: skip
        return []

    def text(self, source: str) -> Text:
        return {self.language: source}

    # --- text regions, groups, and what is said of the whole quiz ---

    def hold_text_title(self, element: Element) -> None:
        self.text_title = element

    def close_text_title(self) -> None:
        """A title without a text is the text."""
        held, self.text_title = self.text_title, None
        if held:
            self.close_question()
            self.drop_heading()
            stem = {**self.text(one_line(held.text)), "format": "plain"}
            self.collector.take(Item(kind="description", stem=stem, shuffle=self.shuffle), line=held.line)

    def add_text(self, element: Element) -> None:
        held, self.text_title = self.text_title, None
        title = self.text(one_line(held.text)) if held else {}
        item = Item(kind="description", stem=self.text(element.text), title=title, shuffle=self.shuffle)
        self.collector.take(item, line=(held or element).line)

    def begin_group(self, element: Element) -> None:
        if self.group:
            self.collector.tell([wrong(element, "group-nested", N_("A group can't stand in another one."),
                                       N_("End the group above it with END_GROUP first."))])  # fmt: skip
        self.group = Group(element, first=len(self.collector.reading.items))

    def end_group(self, element: Element) -> None:
        group, self.group = self.group, None
        if group is None:
            self.collector.tell([wrong(element, "no-group", N_("END_GROUP ends nothing: no group begins above it."),
                                       N_("Write GROUP where the group begins, or take this line away."))])  # fmt: skip
            return
        reading = self.collector.reading
        members = list(range(group.first, len(reading.items)))
        reading.meta.setdefault("groups", []).append({"pick": group.pick, "items": members})
        self.collector.tell([
            note(group.element, "group", "loss",
                 N_("That %(pick)s of these %(count)s questions are asked is a setting of the quiz."),
                 N_("Set it in the quiz that uses them."), pick=group.pick, count=len(members))
        ])  # fmt: skip

    def group_setting(self, element: Element) -> None:
        value = whole(element.text)
        if self.group is None or value is None:
            self.collector.tell([
                wrong(element, "group-setting", N_("This setting needs a whole number from 1, in a group."),
                      N_("Put it below GROUP, such as “pick: 1”."))
            ])  # fmt: skip
        elif element.name == "pick":
            self.group.pick = value
        elif element.name == "points_per_question":
            self.group.points = value

    def quiz_setting(self, element: Element) -> None:
        value = WORDS.get(element.text.lower())
        if value is None:
            self.collector.tell([note(element, "setting", "warning", N_("This setting was left out: it is true or false."),
                                      N_("Write true or false behind the colon."))])  # fmt: skip
        elif element.name == "shuffle_answers":
            self.shuffle = value
        elif element.name == "feedback_is_solution":
            self.feedback_is_solution = value
        else:
            self.collector.tell([note(element, "setting", "loss", N_("“%(name)s” is a setting of the quiz."),
                                      N_("Set it in the quiz that uses these questions."), name=element.mark)])  # fmt: skip

    def quiz_title(self, element: Element) -> None:
        self.collector.reading.title = self.text(one_line(element.text))

    def quiz_description(self, element: Element) -> None:
        self.collector.reading.meta["description"] = self.text(element.text)

    def program(self, element: Element) -> None:
        self.collector.fail([
            wrong(element, "program", N_("These questions are made by a program; programs in a file are never run here."),
                  N_("Run it yourself, and put what it prints in its place."))
        ])  # fmt: skip

    def open_comment(self, element: Element) -> None:
        self.collector.tell([wrong(element, "comment-open", N_("This comment never ends: all below it was left out."),
                                   N_("Write END_COMMENT where it ends."))])  # fmt: skip


Handler = Callable[[QuizReader, Element], None]
HANDLERS: dict[str, Handler] = {
    "question": QuizReader.begin_question,
    "title": QuizReader.hold,
    "points": QuizReader.hold,
    "text_title": QuizReader.hold_text_title,
    "text": QuizReader.add_text,
    "group": QuizReader.begin_group,
    "group_end": QuizReader.end_group,
    "pick": QuizReader.group_setting,
    "solutions_pick": QuizReader.group_setting,
    "points_per_question": QuizReader.group_setting,
    "shuffle_answers": QuizReader.quiz_setting,
    "feedback_is_solution": QuizReader.quiz_setting,
    "option": QuizReader.quiz_setting,
    "quiz_title": QuizReader.quiz_title,
    "quiz_description": QuizReader.quiz_description,
    "run": QuizReader.program,
    "comment_open": QuizReader.open_comment,
}


def choice_id(index: int) -> str:
    """a, b, … z, aa, ab, …"""
    name = ""
    while index >= 0:
        index, letter = index // 26 - 1, index % 26
        name = LETTERS[letter] + name
    return name


def one_line(text: str) -> str:
    return " ".join(text.split())


def whole(text: str) -> int | None:
    """A whole number from 1, as text."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) > 0 else None


def half_points(element: Element, problems: list[Problem]) -> float:
    """Points in half steps."""
    try:
        points = Decimal(element.text)
        fine = points.is_finite() and 0 < points <= 1_000_000 and points * 2 % 1 == 0
    except (InvalidOperation, ValueError):
        points, fine = Decimal(1), False
    if not fine:
        problems.append(wrong(element, "points", N_("Points are a whole or a half number above 0."),
                              N_("Write them like 2 or 2.5.")))  # fmt: skip
        return 1
    return int(points) if points % 1 == 0 else float(points)
