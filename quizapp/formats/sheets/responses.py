"""Sheets of learners' responses, as Google Forms and Microsoft Forms give them: the questions are their headings.

Such a sheet holds no key. Where it says what each response earned, the responses of full points are right; a file
in which nobody earned them gives no question, and a choice that nobody chose isn't in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quizapp.errors import N_, Problem
from quizapp.formats.base import language_of
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.plain_text import as_plain
from quizapp.formats.sheets.columns import folded
from quizapp.formats.sheets.raw import RawRow

TIMES = frozenset(
    {"timestamp", "타임스탬프", "starttime", "completiontime", "시작시간", "완료시간", "제출시간", "응답시간"}
)
ABOUT = TIMES | frozenset(
    {
        "id", "email", "emailaddress", "username", "name", "score", "totalscore", "totalpoints", "quizfeedback",
        "gradepostedtime", "lastmodifiedtime", "이메일", "이메일주소", "전자메일", "사용자이름", "이름", "점수",
        "총점수",
        "총점", "총포인트", "퀴즈피드백", "성적게시시간", "마지막으로수정한시간",
    }
)  # fmt: skip
"""What stands beside the responses: who gave them and when. None of it is taken over."""
TOTAL = frozenset({"score", "totalscore", "점수", "총점수", "총점"})
POINTS = re.compile(
    r"(?:points|포인트|점수)\s*[-–]\s*(?P<before>.+)|(?P<after>.*\S)\s*\[(?:score|점수)\]", re.IGNORECASE
)
REMARKS = re.compile(r"(?:feedback|피드백|사용자 의견)\s*[-–]\s*.+|.+\[(?:feedback|피드백|의견)\]", re.IGNORECASE)
EARNED = re.compile(r"(?P<earned>[0-9]+(?:\.[0-9]+)?)(?:\s*/\s*(?P<most>[0-9]+(?:\.[0-9]+)?))?")
MOST_RESPONSES = 1_000_000
"""Of all learners to all questions."""
FEW = 6
"""With so many different responses at most, each given twice on average, a question is taken for one of choices."""


@dataclass
class Asked:
    """A question of the form: its column, that of its points, and the responses that earned all and less."""

    text: str
    column: int
    points: int | None = None
    given: list[tuple[str, float | None]] = field(default_factory=list)

    def sorted_out(self) -> tuple[Counter[str], Counter[str]]:
        """The responses that earned as much as any, and the others."""
        most = max((earned for _, earned in self.given if earned), default=None)
        full = Counter(response for response, earned in self.given if earned == most and most)
        return full, Counter(response for response, _ in self.given) - full


def is_of_responses(rows: Sequence[RawRow]) -> bool:
    """Whether the first filled row is the headings of a form's responses."""
    first = next((raw for raw in rows if raw.filled), None)
    if first is None:
        return False
    words = {folded(value) for value in first.values}
    return bool(words & TIMES) and any(word and word not in ABOUT for word in words)


def read_responses(rows: Iterable[RawRow], language: str | None, collector: Collector) -> None:
    rows = iter(rows)
    head = next(raw for raw in rows if raw.filled)
    asked = questions_in(head.values)
    total = next((place for place, value in enumerate(head.values) if folded(value) in TOTAL), None)
    learners = given = 0
    for raw in rows:
        if cells := raw.filled:
            given += len(cells)
            if given > MOST_RESPONSES:
                collector.report([TOO_MANY], raw.line, raw.place)
                break
            learners += 1
            for one in asked:
                note(one, cells, total)
    collector.report([left_out(learners)], head.line, head.place)
    for one in asked:
        take(one, head, language, collector)


TOO_MANY = Problem(
    N_("The sheet holds more than %(limit)s responses; from this row on they were left out."),
    {"limit": MOST_RESPONSES},
    code="many",
    mend=N_("Split the sheet, or delete the rows that aren't needed."),
)


def questions_in(headings: Sequence[str]) -> list[Asked]:
    points = {}
    for place, heading in enumerate(headings):
        if match := POINTS.fullmatch(heading.strip()):
            points[folded(match["before"] or match["after"])] = place
    return [
        Asked(heading.strip(), place, points.get(folded(heading)))
        for place, heading in enumerate(headings)
        if heading.strip()
        and folded(heading) not in ABOUT
        and not POINTS.fullmatch(heading.strip())
        and not REMARKS.fullmatch(heading.strip())
    ]


def note(one: Asked, cells: dict[int, str], total: int | None) -> None:
    """Note a response and what it earned, as a share where the file says of how much. None: it doesn't say.

    Without points of its own a question earned all where the whole form did; else nobody knows which of them did.
    """
    response = cells.get(one.column, "").strip(";").strip()
    at = total if one.points is None else one.points
    match = EARNED.fullmatch(cells.get(at, "")) if at is not None else None
    earned = None
    if match and match["most"]:
        share = float(match["earned"]) / (float(match["most"]) or 1)
        earned = share if one.points is not None or share == 1 else None
    elif match and one.points is not None:
        earned = float(match["earned"])
    if response:
        one.given.append((response, earned))


def take(one: Asked, head: RawRow, language: str | None, collector: Collector) -> None:
    place = head.place_of(one.column) or head.place
    full, other = one.sorted_out()
    if not full:
        collector.fail([no_key(one)], head.line, place)
        return
    language = language or language_of(one.text)
    right = [response for response, _ in full.most_common()]
    wrong = [response for response, _ in other.most_common() if response not in full]
    texts = [*right, *wrong]
    if len(right) == 1 and 2 <= len(texts) <= FEW and len(one.given) >= 2 * len(texts):
        choices = [
            {"id": f"c{number}", "text": as_plain({language: text}), "fraction": int(text in full)}
            for number, text in enumerate(sorted(texts), 1)
        ]
        kind, response = "choice", {"choices": choices}
    else:
        kind, response = "text", {"answers": [{"text": text.replace("*", "\\*"), "fraction": 1} for text in right]}
    item = Item(kind=kind, stem=as_plain({language: one.text}), response=response)
    collector.take(item, [made_of_responses(one)], head.line, place)


def left_out(learners: int) -> Problem:
    return Problem(
        N_("This sheet holds the responses of %(count)s learners. Their names, times and points are left out."),
        {"count": learners},
        code="responses",
        severity="loss",
    )


def made_of_responses(one: Asked) -> Problem:
    return Problem(
        N_(
            "“%(text)s” was made from responses: those with full points are right; choices that nobody "
            "chose are missing."
        ),
        {"text": one.text[:80]},
        code="made-of-responses",
        severity="warning",
        mend=N_("Compare it with the form, and add what is missing."),
    )


def no_key(one: Asked) -> Problem:
    return Problem(
        N_("The sheet has responses to “%(text)s”, but doesn't say which of them are right."),
        {"text": one.text[:80]},
        code="no-right",
        text=one.text[:200],
        mend=N_("Download the responses with the points of each question, or copy the questions into our own sheet."),
    )
