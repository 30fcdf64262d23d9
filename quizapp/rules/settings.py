"""How a quiz is taken: its settings, each with its bounds, its default, and the words by which people meet it.

They are said here only: a course's folder is checked by this model, the form in the browser is made from it, and so is
`docs/quiz-settings.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic import field_validator as check_field

from quizapp.errors import N_

Feedback = Literal["immediate", "deferred", "closed", "never"]
When = Literal["during", "after", "closed", "never"]
Who = Literal["anyone", "named", "roster", "accounts"]
GradeBy = Literal["highest", "average", "first", "last"]
Entry = Literal["choice", "level", "decimal", "count", "percent", "moment", "switch", "table", "lines"]
USUALLY: Mapping[Feedback, When] = {"immediate": "during", "deferred": "after", "closed": "closed", "never": "never"}
"""When everything is shown that has no moment of its own."""
YEARS = range(2000, 2200)
"""The years in which a quiz may open and close: any other one is a slip, and zones need a little room at the ends."""


@dataclass(frozen=True)
class Words:
    """How people meet a setting: the label of its field, how it is entered, what to give instead of a value that is
    refused, and, where there are but a few values, what each of them is called."""

    label: str
    entry: Entry
    mend: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)


def in_our_time(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise ValueError(f"the year is {at.year}: give one from {YEARS.start} to {YEARS.stop - 1}")
    return at


Minutes = Annotated[float, Field(gt=0, le=525_600)]
Hours = Annotated[float, Field(gt=0, le=8760)]
Label = Annotated[str, Field(min_length=1, max_length=40)]
Count = Annotated[int, Field(ge=1, le=1000)]
Way = Literal["free", "sequential"]
OnPage = Literal["one", "all"]
Grace = Literal[0, 10, 30, 60, 120, 300]
Share = Annotated[float, Field(ge=0, le=1)]
Moment = Annotated[AwareDatetime, AfterValidator(in_our_time)]

FEEDBACK = Words(
    N_("Right or wrong is shown"),
    "choice",
    values={
        "immediate": N_("after each question"),
        "deferred": N_("after handing in"),
        "closed": N_("after closing"),
        "never": N_("never"),
    },
)
MOMENTS = {
    "during": N_("after each question"),
    "after": N_("after handing in"),
    "closed": N_("after closing"),
    "never": N_("never"),
}
TIME_LIMIT = Words(
    N_("Minutes for all of it"),
    "decimal",
    N_("Enter the minutes as a number above 0, a year (525600) at most, or leave it empty for no limit."),
)
GRACE = Words(
    N_("An answer on its way when the time is up"),
    "level",
    N_("Choose one of these lengths."),
    values={
        "0": N_("has to arrive by then"),
        "10": N_("may come 10 seconds later"),
        "30": N_("may come 30 seconds later"),
        "60": N_("may come a minute later"),
        "120": N_("may come 2 minutes later"),
        "300": N_("may come 5 minutes later"),
    },
)
TRIES = Words(
    N_("Attempts allowed"), "count", N_("Enter a whole number from 1 to 1000, or leave it empty for any number.")
)
GRADE_BY = Words(
    N_("Which score counts after several tries"),
    "choice",
    values={
        "highest": N_("the best one"),
        "average": N_("the average of all"),
        "first": N_("the first one"),
        "last": N_("the last one"),
    },
)
PASS_MARK = Words(N_("Percent to pass"), "percent", N_("Enter a number from 0 to 100."))
DELAY = Words(
    N_("Hours between two tries"),
    "decimal",
    N_("Enter the hours as a number above 0, a year (8760) at most, or leave it empty."),
)
WHO = Words(
    N_("Who may take it"),
    "choice",
    values={
        "anyone": N_("anybody with the link"),
        "named": N_("anybody with the link who gives a name first"),
        "roster": N_("only people on the roster, with their code"),
        "accounts": N_("only people with an account"),
    },
)
ASKS = Words(
    N_("Guests are also asked for"), "lines", N_("Enter at most 5 things to ask for, each of at most 40 characters.")
)
DUE = Words(
    N_("Due"), "moment", N_("Enter a date and a time between opening and closing, or leave it empty for no due date.")
)
LATE_CREDIT = Words(N_("Percent of the points after that"), "percent", N_("Enter a number from 0 to 100."))
WAY = Words(
    N_("The way through the questions"),
    "choice",
    values={"free": N_("back and forth"), "sequential": N_("one after the other, without a way back")},
)
ON_PAGE = Words(
    N_("On a page"),
    "choice",
    N_("All questions on one page can't come one after the other: choose one of the two."),
    values={"one": N_("one question"), "all": N_("all questions")},
)
OPENS = Words(N_("Opens"), "moment", N_("Enter a date and a time from 2000 to 2199, or leave it empty."))
CLOSES = Words(
    N_("Closes"), "moment", N_("Enter a date and a time after the opening, 2199 at the latest, or leave it empty.")
)


class Shows(BaseModel):
    """When each part of a question is shown, where that isn't as `feedback` says.

    "during": at the question's check. "after": right after handing in. "closed": after the last permitted sitting, or
    when the instructor releases it. "never": at no time. The response is always there until it is handed in.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    response: Annotated[When | None, Words(N_("The question and the response"), "choice", values=MOMENTS)] = None
    correctness: Annotated[When | None, Words(N_("Right or wrong"), "choice", values=MOMENTS)] = None
    marks: Annotated[When | None, Words(N_("The points"), "choice", values=MOMENTS)] = None
    feedback: Annotated[When | None, Words(N_("Feedback"), "choice", values=MOMENTS)] = None
    solution: Annotated[When | None, Words(N_("The right answer"), "choice", values=MOMENTS)] = None
    passage: Annotated[When | None, Words(N_("The passage of the lesson"), "choice", values=MOMENTS)] = None


PARTS = tuple(Shows.model_fields)
KEYS = ("correctness", "feedback", "solution")
"""The parts that tell what is right."""


class QuizSettings(BaseModel):
    """Settings of one quiz; an attempt keeps the copy that it started with.

    feedback: when everything is shown: "immediate" after each question's check, "deferred" after handing in, "closed"
    after the last permitted sitting, "never". shows: what is shown at another time than that.
    time_limit: minutes, or None for no limit.  attempts: how many count towards a grade, or None for any number.
    grace: seconds after the end in which an answer that was on its way still counts; no clock shows them.
    grade_by: which of several tries is a person's score, or the average of all.
    pass_mark: share of the points, 0 to 1.  delay: hours from one try's start to the next.
    who: who may begin it. asks_number, asks: what else a guest who has to give a name is asked for.
    opens_at, closes_at: when the quiz can be begun and when its answers end, with a zone; None for always.
    order: whether one may go back to a question. page: one question on a page, or all of them.
    due_at: from when on a response earns but the share late_credit of its points; None for never.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    feedback: Annotated[Feedback, FEEDBACK] = "immediate"
    shows: Annotated[Shows, Words(N_("Shown at another time"), "table")] = Shows()
    time_limit: Annotated[Minutes | None, TIME_LIMIT] = None
    grace: Annotated[Grace, GRACE] = 10
    attempts: Annotated[Count | None, TRIES] = None
    grade_by: Annotated[GradeBy, GRADE_BY] = "highest"
    delay: Annotated[Hours | None, DELAY] = None
    pass_mark: Annotated[Share, PASS_MARK] = 0.7
    who: Annotated[Who, WHO] = "anyone"
    asks_number: Annotated[bool, Words(N_("Ask guests for a student number"), "switch")] = True
    asks: Annotated[tuple[Label, ...], Field(max_length=5), ASKS] = ()
    opens_at: Annotated[Moment | None, OPENS] = None
    closes_at: Annotated[Moment | None, CLOSES] = None
    due_at: Annotated[Moment | None, DUE] = None
    late_credit: Annotated[Share, LATE_CREDIT] = 0.5
    order: Annotated[Way, WAY] = "free"
    page: Annotated[OnPage, ON_PAGE] = "one"
    shuffle_questions: Annotated[bool, Words(N_("Shuffle the questions"), "switch")] = True
    shuffle_choices: Annotated[bool, Words(N_("Shuffle the choices"), "switch")] = True

    @check_field("closes_at")
    @classmethod
    def after_opening(cls, closes_at: datetime | None, info: ValidationInfo) -> datetime | None:
        opens_at = info.data.get("opens_at")
        if closes_at is not None and opens_at is not None and closes_at <= opens_at:
            raise ValueError("closes before it opens")
        return closes_at

    @check_field("due_at")
    @classmethod
    def while_open(cls, due_at: datetime | None, info: ValidationInfo) -> datetime | None:
        opens_at, closes_at = info.data.get("opens_at"), info.data.get("closes_at")
        if due_at is not None and opens_at is not None and due_at <= opens_at:
            raise ValueError("due before it opens")
        if due_at is not None and closes_at is not None and due_at >= closes_at:
            raise ValueError("due when it is closed")
        return due_at

    @check_field("page")
    @classmethod
    def in_order(cls, page: OnPage, info: ValidationInfo) -> OnPage:
        if page == "all" and info.data.get("order") == "sequential":
            raise ValueError("all questions on one page can't come one after the other")
        return page

    def when(self, part: str) -> When:
        """When a part of a question is shown."""
        return self.moments[part]

    @cached_property
    def moments(self) -> dict[str, When]:
        """The same of all parts."""
        return {part: getattr(self.shows, part) or USUALLY[self.feedback] for part in PARTS}

    @property
    def one_way(self) -> bool:
        """Whether a question that was passed can't be come back to, nor a later one be looked at."""
        return self.order == "sequential"

    @property
    def on_one_page(self) -> bool:
        return self.page == "all"

    @cached_property
    def checks(self) -> bool:
        """Whether a question is checked on its own, because something of it is shown then."""
        return any(self.when(part) == "during" for part in PARTS if part != "response")

    @property
    def closed_keys(self) -> bool:
        """Whether what is right is kept back after handing in. A survey, which tells nothing at all, has no keys."""
        if all(self.when(part) == "never" for part in ("marks", *KEYS)):
            return False
        return any(self.when(part) in ("closed", "never") for part in KEYS)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> QuizSettings:
        """From what is stored. What isn't a setting any more is passed over, and a value that can't be one, as an
        earlier release may have stored it, leaves the default: a quiz opens, whatever stands there."""
        fields = cls.model_fields
        known = {name: value for name, value in stored.items() if name in fields}
        try:
            return cls.model_validate(known)
        except ValidationError as error:
            wrong = {problem["loc"][0] for problem in error.errors()}
            return cls.model_validate({name: value for name, value in known.items() if name not in wrong})


@lru_cache(maxsize=4096)
def settings_of(written: str) -> QuizSettings:
    """From the JSON that is stored: most quizzes and attempts have the same, and each wording is read once."""
    return QuizSettings.of(json.loads(written))


AT_ONCE = ("closes_at", "due_at", "feedback", "shows", "grade_by")
"""What is read of the quiz as it is now, for sittings that have begun too: what ends, shows, or chooses among scores.
All else a sitting keeps as it began."""
GRACES: tuple[int, ...] = get_args(Grace)
USUAL_GRACE: int = QuizSettings.model_fields["grace"].default


def setting_words(name: str, of: type[BaseModel] = QuizSettings) -> Words:
    """The words of a setting."""
    return next(one for one in of.model_fields[name].metadata if isinstance(one, Words))
