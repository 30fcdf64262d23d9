"""The elements of a Markdown quiz -> items. A question with anything wrong in it is left out whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.formats.collector import MAX_PROBLEMS, MAX_WEIGHT, QUESTION_TOO_LARGE, Collector
from quizapp.formats.items import Item
from quizapp.formats.plain_text import one_line
from quizapp.formats.text2qti.elements import QuizElement
from quizapp.formats.text2qti.messages import about
from quizapp.formats.text2qti.question import FAMILIES, FEEDBACK, QuizQuestion, half_points
from quizapp.formats.text2qti.writer import escaped
from quizapp.kinds.base import Text

WORDS = {"true": True, "false": False}
MOST_DIGITS = 6


@dataclass
class QuestionGroup:
    """A run of questions of which some are picked; `first` is the index of the first one's item."""

    element: QuizElement
    first: int
    pick: int = 1
    points: int | None = None


class QuizReader:
    """Takes elements in order and fills `collector`; call `end` behind the last one."""

    def __init__(self, language: str, lines: list[str]) -> None:
        self.collector = Collector("markdown")
        self.language = language
        self.lines = lines
        self.draft: QuizQuestion | None = None
        self.held: dict[str, QuizElement] = {}
        self.group: QuestionGroup | None = None
        self.shuffle = True
        self.feedback_is_solution = False

    def take(self, element: QuizElement) -> None:
        if element.name in ("unknown", "code"):
            self.stray(element)
        elif element.name in FEEDBACK or element.name in FAMILIES:
            if self.draft:
                self.draft.add(element)
            else:
                self.report(element, "no-question")
        else:
            self.close_question()
            self.drop_held(keep=KEEP.get(element.name, ()))
            HANDLERS[element.name](self, element)

    def end(self) -> None:
        self.close_question()
        self.drop_held()
        if self.group:
            self.report(self.group.element, "group-open")

    def report(self, element: QuizElement, code: str, **values: object) -> None:
        self.collector.report([about(element, code, **values)])

    # --- questions ---

    def stray(self, element: QuizElement) -> None:
        """A line that the format doesn't know. One that begins like a question is a question that failed."""
        if element.mark[:1].isdigit():
            self.close_question()
            self.begin_question(element)
        cramped = element.mark and element.name == "unknown"
        problem = about(element, "cramped" if cramped else "unknown-line")
        if self.draft and len(self.draft.problems) <= MAX_PROBLEMS:
            self.draft.problems.append(problem)
        else:
            self.collector.report([problem])

    def begin_question(self, element: QuizElement) -> None:
        title, points = self.held.pop("title", None), self.held.pop("points", None)
        first = min(one.lines[0] for one in (title, points, element) if one)
        self.draft = QuizQuestion(element, (first, element.lines[1]))
        if title:
            self.draft.title = one_line(title.text)
        if points:
            found = half_points(points)
            self.draft.points = found or 1
            self.draft.problems += [] if found else [about(points, "points")]
        if self.group and self.group.points:
            if points and self.draft.points != self.group.points:
                self.draft.problems.append(about(points, "group-points", points=self.group.points))
            self.draft.points = self.group.points

    def close_question(self) -> None:
        draft, self.draft = self.draft, None
        if draft is None:
            return
        if draft.weight + len(draft.element.text) > MAX_WEIGHT:
            self.collector.fail([QUESTION_TOO_LARGE], draft.element.line)
            return
        item, problems = draft.item(self.language, self.lines)
        item.shuffle = self.shuffle
        if self.feedback_is_solution and "general" in item.feedback:
            item.feedback["solution"] = item.feedback["general"]
        if any(problem.is_error for problem in problems):
            self.collector.fail(problems, draft.element.line)
        else:
            self.collector.take(item, problems, draft.element.line)

    # --- titles, points and the texts between questions ---

    def hold(self, element: QuizElement) -> None:
        """Keep a title or points for what follows."""
        self.held[element.name] = element

    def drop_held(self, keep: tuple[str, ...] = ()) -> None:
        """What was held, and nothing follows that it belongs to. The title of a text without text is the text."""
        for name in [name for name in self.held if name not in keep]:
            element = self.held.pop(name)
            if name == "text_title":
                self.add_region(element, {self.language: escaped(one_line(element.text))})
            else:
                self.report(element, "heading")

    def text(self, element: QuizElement) -> None:
        title = self.held.pop("text_title", None)
        self.add_region(title or element, {self.language: element.text}, one_line(title.text) if title else "")

    def add_region(self, element: QuizElement, text: Text, title: str = "") -> None:
        item = Item(kind="description", stem=text, title={self.language: title} if title else {}, shuffle=self.shuffle)
        self.collector.take(item, line=element.line)

    # --- groups ---

    def begin_group(self, element: QuizElement) -> None:
        if self.group:
            self.report(element, "group-nested")
        self.group = QuestionGroup(element, len(self.collector.reading.items))

    def end_group(self, element: QuizElement) -> None:
        group, self.group = self.group, None
        if group is None:
            self.report(element, "no-group")
            return
        reading = self.collector.reading
        members = list(range(group.first, len(reading.items)))
        reading.meta.setdefault("groups", []).append({"pick": group.pick, "items": members})
        self.report(group.element, "group", pick=group.pick, count=len(members))

    def group_setting(self, element: QuizElement) -> None:
        value = whole(element.text)
        if self.group is None or value is None:
            self.report(element, "group-setting")
        elif element.name == "pick":
            self.group.pick = value
        elif element.name == "points_per_question":
            self.group.points = value

    # --- what is said of the whole quiz ---

    def quiz_title(self, element: QuizElement) -> None:
        self.collector.reading.title = {self.language: one_line(element.text)}

    def quiz_description(self, element: QuizElement) -> None:
        self.collector.reading.meta["description"] = {self.language: element.text}

    def quiz_setting(self, element: QuizElement) -> None:
        value = WORDS.get(element.text.lower())
        if value is None:
            self.report(element, "setting")
        elif element.name == "option":
            self.report(element, "quiz-setting")
        else:
            setattr(self, element.name, value)

    def program(self, element: QuizElement) -> None:
        self.collector.fail([about(element, "program")])

    def open_comment(self, element: QuizElement) -> None:
        self.report(element, "comment-open")


HANDLERS: dict[str, Callable[[QuizReader, QuizElement], None]] = {
    "question": QuizReader.begin_question,
    "title": QuizReader.hold,
    "points": QuizReader.hold,
    "text_title": QuizReader.hold,
    "text": QuizReader.text,
    "group": QuizReader.begin_group,
    "group_end": QuizReader.end_group,
    "pick": QuizReader.group_setting,
    "solutions_pick": QuizReader.group_setting,
    "points_per_question": QuizReader.group_setting,
    "shuffle": QuizReader.quiz_setting,
    "feedback_is_solution": QuizReader.quiz_setting,
    "option": QuizReader.quiz_setting,
    "quiz_title": QuizReader.quiz_title,
    "quiz_description": QuizReader.quiz_description,
    "run": QuizReader.program,
    "comment_open": QuizReader.open_comment,
}
KEEP = {
    "question": ("title", "points"),
    "title": ("points",),
    "points": ("title",),
    "text": ("text_title",),
}
"""What may be held when such an element comes."""


def whole(text: str) -> int | None:
    """A whole number from 1, as text."""
    return int(text) or None if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
