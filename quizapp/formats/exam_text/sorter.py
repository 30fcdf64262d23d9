"""Sorts an exam's lines: each belongs to what began last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from quizapp.formats.collector import Collector
from quizapp.formats.exam_text.key_heading import (
    BRACKETED,
    begins_key,
    goes_on,
    heads_row,
    lists_all,
    lists_each,
    lists_sort,
)
from quizapp.formats.exam_text.key_tables import filled
from quizapp.formats.exam_text.line import Line, check_lines, filled_after
from quizapp.formats.exam_text.messages import about
from quizapp.formats.exam_text.outline import ExamQuestion, KeyBlock, Outline, Passage
from quizapp.formats.exam_text.pasted import is_drawn, is_rule
from quizapp.formats.exam_text.sections import ExamSection, SectionNames, heading_in, may_head
from quizapp.formats.exam_text.signs import ESSAYS, SINGLES, QuestionStart, Range, label_at_start, range_of, start_of

MOST_IN_RANGE = 60
"""A passage for more questions than that is no passage, but numbers that look like one."""
FEWEST_ASKING = 2
"""With so many questions that choices follow, a style of numbers is that of an exam, whatever stands before it."""
PAGE = re.compile(
    r"-\s*\d{1,3}\s*-|(?:\d{1,3}\s*)?(?:쪽|페이지)\s*\d{0,3}|Page\s+\d{1,3}(?:\s+of\s+\d{1,3})?", re.IGNORECASE
)
ASKS = ("?", "것은", "시오", "시오.", "세요", "세요.")
"""How a stem ends that no answer in a list of them ends with."""
BEHIND = re.compile(r"(?:\s{0,3}(?:\[[^\[\]]{1,20}\]|\([^()]{1,20}\))){1,3}\s{0,3}$")
"""What may stand behind that: points, and how it is to be answered, as in `[3점]` and `(단답형)`."""


def outline_of(lines: Sequence[Line], collector: Collector) -> Outline:
    check_lines(len(lines))
    sorter = Sorter(lines, collector)
    for place in range(len(lines)):
        sorter.take(place)
    sorter.end()
    return sorter.outline


def style_of(lines: Sequence[Line]) -> str:
    """How the questions are numbered: in a way that can mean nothing else, or else as the first number is written."""
    filled = [line for line in lines if line.text]
    starts = [
        (start.style, at) for at, line in enumerate(filled) if range_of(line) is None and (start := start_of(line))
    ]
    numbered = [style for style, _ in starts if style not in ("sort", "unnumbered")]
    if "strong" in numbered or not numbered:
        return "strong" if numbered else next((style for style, _ in starts), "")
    asking = Counter(style for style, at in starts if at + 1 < len(filled) and begins_choices(filled[at + 1]))
    others = [style for style in dict.fromkeys(numbered) if asking[style] >= FEWEST_ASKING]
    return numbered[0] if asking[numbered[0]] or not others else others[0]


def begins_choices(line: Line) -> bool:
    label = label_at_start(line)
    return label is not None and label.place == 0 and label.style in SINGLES


def is_page_number(line: Line) -> bool:
    return PAGE.fullmatch(line.plain) is not None


class Sorter:
    """Takes the lines one by one. A line belongs to what began last."""

    def __init__(self, lines: Sequence[Line], collector: Collector) -> None:
        self.written = lines
        self.lines = [Line("", line.number) if is_rule(line) else line for line in lines]
        """What tells where something begins: a rule is an empty line there."""
        self.collector = collector
        self.after = filled_after(self.lines)
        self.style = style_of(self.lines)
        self.outline = Outline()
        self.current = self.outline.before
        self.passage: Passage | None = None
        self.names = SectionNames()
        """Of the sections without a list of answers so far."""
        self.unlisted = 0
        """The first of them."""
        self.seen: set[int] = set()
        """The numbers in all sections."""
        self.highest = 0
        self.has_keys = False
        """Whether any question has an answer of its own."""
        self.title = next((line.text for line in self.lines if line.text), "")
        """The first line, which each page of a document may repeat beside its number."""
        self.in_key = False
        self.within = 0
        """The last number of a list in a question that is numbered as the questions are."""

    def take(self, place: int) -> None:
        line = self.lines[place]
        if self.in_key and not self.leaves_key(place):
            self.outline.keys[-1].lines.append(line)
        elif not line.text:
            self.add(self.written[place] if self.holds_rule(place) else line)
        elif self.is_edge(place):
            self.collector.report([about("page", line)])
        elif self.outline.questions and self.begins_key(place):
            self.begin_key(line)
        elif self.heads_section(place):
            self.begin_section(heading_in(line))
        elif (found := range_of(line)) and found.last - found.first < MOST_IN_RANGE:
            self.begin_passage(found, line)
        elif (start := start_of(line)) and self.is_question(start, place) and not self.is_within(start):
            self.begin_question(start, line)
        else:
            self.add(line)

    def holds_rule(self, place: int) -> bool:
        """Whether a line that may be a rule is one of a stem or of a passage, and parts no question from the next."""
        if not is_rule(self.written[place]):
            return False
        questions = self.outline.questions
        within = self.passage is not None and self.current is self.passage.lines
        is_stem = bool(questions) and self.current is questions[-1].lines and questions[-1].is_open
        return is_drawn(self.written, place) or ((within or is_stem) and not self.parts_questions(place))

    def parts_questions(self, place: int) -> bool:
        """Whether a rule stands apart from what is above, and a question, a passage or nothing follows it."""
        after = self.after[place]
        return not self.lines[place - 1].text and (after is None or bool(start_of(after) or range_of(after)))

    # --- sections and lists of answers ---

    def is_edge(self, place: int) -> bool:
        """Whether a line is a page number, or the title beside one."""
        line, after = self.lines[place], self.after[place]
        if line.text == self.title and self.outline.questions:
            beside = (self.lines[place - 1], after)
            return any(one is not None and is_page_number(one) for one in beside)
        return is_page_number(line)

    def begins_key(self, place: int) -> bool:
        line, after, last = self.lines[place], self.after[place], self.outline.questions[-1]
        if begins_key(filled(self.lines, place), last.number, self.seen, self.names):
            return True
        if self.has_keys:
            return False
        if heads_row(line, after, len(self.seen)) or goes_on(line, after, last.number) or lists_sort(line, self.seen):
            return True
        apart = not self.lines[place - 1].text
        if (apart or len(self.seen) > FEWEST_ASKING) and lists_all(line, self.seen):
            return True
        return (apart or not last.is_open) and lists_each(line, self.seen)

    def begin_key(self, line: Line) -> None:
        sections = range(self.unlisted, len(self.outline.sections))
        self.outline.keys.append(KeyBlock(line, sections, self.names))
        self.in_key = True

    def leaves_key(self, place: int) -> bool:
        """Whether questions follow a list of answers: another section, by its heading or its first question."""
        line = self.lines[place]
        if heading_in(line):
            return any(self.asks(at, either=True) for at in self.starts_after(place))
        start = start_of(line) if line.text else None
        return start is not None and start.number == 1 and start.style == self.style and self.asks(place, either=False)

    def asks(self, place: int, either: bool) -> bool:
        """Whether a line that begins with a number is a question: it ends like one and choices follow, or `either`."""
        line, after = self.lines[place], self.after[place]
        label = label_at_start(after) if after else None
        signs = (
            BEHIND.sub("", line.plain).rstrip().endswith(ASKS),
            label is not None and label.place == 0 and label.style in SINGLES,
        )
        return any(signs) if either else all(signs)

    def starts_after(self, place: int) -> list[int]:
        """The place of a question, if one begins within the next two lines that aren't empty."""
        found = [at for at in range(place + 1, min(place + 8, len(self.lines))) if self.lines[at].text][:2]
        return [at for at in found if (start := start_of(self.lines[at])) and start.style in (self.style, "sort")][:1]

    def heads_section(self, place: int) -> bool:
        waits = self.passage is not None and self.current is self.passage.lines
        if waits or not heading_in(self.lines[place]):
            return False
        following = self.after[place]
        return bool(self.starts_after(place)) or (following is not None and range_of(following) is not None)

    def begin_section(self, name: str) -> None:
        self.check_passage()
        sections = self.outline.sections
        if self.in_key:
            self.names, self.unlisted, self.in_key = SectionNames(), len(sections), False
        if sections[-1].numbers or sections[-1].name:
            sections.append(ExamSection())
        self.name_section(len(sections) - 1, name)
        self.current, self.within = sections[-1].lines, 0

    def name_section(self, place: int, name: str) -> None:
        self.outline.sections[place].name = name
        self.names.add(place, name)

    def begin_again(self, line: Line) -> None:
        """A section where the numbers begin again; a short line that stands apart above them is its name."""
        name, above = "", [] if self.in_key else self.current
        while above and not above[-1].text:
            above.pop()
        apart = len(above) > 1 and (not above[-2].text or BRACKETED.fullmatch(above[-1].plain))
        if apart and may_head(above[-1]):
            name = above.pop().text
            if not self.outline.sections[0].name:
                self.name_first()
        else:
            self.collector.report([about("same-number", line, number=1)])
        self.begin_section(name)

    def name_first(self) -> None:
        """The first section has what stands right above its questions for a name."""
        filled = [line for line in self.outline.before if line.text]
        if filled and may_head(filled[-1]):
            self.name_section(0, filled[-1].text)
            if len(filled) > 1:
                self.outline.before = filled[:-1]

    # --- passages and questions ---

    def add(self, line: Line) -> None:
        """A line of what began last."""
        self.current.append(line)
        questions = self.outline.questions
        if questions and self.current is questions[-1].lines:
            questions[-1].look_at(line)
            self.has_keys = self.has_keys or questions[-1].has_key

    def begin_passage(self, found: Range, line: Line) -> None:
        self.check_passage()
        self.passage = Passage(found, line, [line.cut(found.end)])
        self.current = self.passage.lines

    def is_question(self, start: QuestionStart, place: int) -> bool:
        """Whether such numbers are those of questions: in the exam's style, or the next one, where it begins a
        paragraph behind a question that has its answer, or asks behind one that has choices, as the first does above
        its own."""
        if start.style in (self.style, "sort"):
            return True
        last = self.outline.questions[-1] if self.outline.questions else None
        if start.number != (last.number + 1 if last else 1):
            return False
        if last is None:
            return self.asks(place, either=False)
        apart = place > 0 and not self.lines[place - 1].text
        ended = last.ends_with_key or (not last.has_key and any(begins_choices(line) for line in last.lines))
        return (apart and last.ends_with_key) or (ended and self.asks(place, either=True))

    def is_within(self, start: QuestionStart) -> bool:
        """Whether a number belongs to a list in a passage, or in a question that has no answer and no choices yet."""
        questions = self.outline.questions
        if self.passage is not None and self.current is self.passage.lines:
            return start.number != self.passage.range.first
        if not questions or self.style == "strong" or self.current is not questions[-1].lines:
            return False
        last = questions[-1]
        begins = start.number == 1 and last.is_open and bool(last.lines[0].text) and bool(last.lines[-1].text)
        if begins or (self.within and start.number == self.within + 1 and not questions[-1].has_key):
            self.within = start.number
            return True
        return False

    def begin_question(self, start: QuestionStart, line: Line) -> None:
        number = start.number
        if number == 1 and start.style != "sort" and 1 in self.outline.sections[-1].numbers:
            self.begin_again(line)
        elif self.in_key:
            self.begin_section("")
        section = self.outline.sections[-1]
        before = section.last
        if not number or (start.style == "sort" and number in section.numbers):
            number, before = self.highest + 1, None
        if number in section.numbers:
            self.collector.report([about("same-number", line, number=number)])
        elif before is not None and number > before + 1:
            self.collector.report([about("gap", line, before=before, number=number)])
        self.seen.add(number)
        self.highest = max(self.highest, number)
        section.numbers.add(number)
        section.last = number
        if start.sort:
            section.sorts[start.sort, start.number] = number
        passage = self.passage if self.passage and number <= self.passage.range.last else None
        if passage is None:
            self.check_passage()
        else:
            passage.came.add(number)
        at = len(self.outline.sections) - 1
        question = ExamQuestion(number, line, [line.cut(start.end)], passage, at, is_essay=start.sort in ESSAYS)
        self.outline.questions.append(question)
        self.current, self.within = question.lines, 0

    def check_passage(self) -> None:
        """Say it where some of the questions of a passage never came."""
        passage, self.passage = self.passage, None
        if passage is None:
            return
        if not passage.came.issuperset((passage.range.first, passage.range.last)):
            values = {"first": passage.range.first, "last": passage.range.last}
            self.collector.report([about("passage-gap", passage.head, **values)])
            if not passage.came:
                self.collector.report(about("stray", line) for line in passage.lines if line.text)

    def end(self) -> None:
        self.check_passage()
