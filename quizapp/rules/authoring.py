"""What an author had better look at: questions that can be answered without knowing. Warnings, never errors. Pure.

Each remark is a `Problem` with its path in the item; a remark on a whole bank has none. What is looked for in a text
is compared without case, spaces and punctuation (`letters`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from quizapp.errors import N_, Path, Problem
from quizapp.kinds.base import LANGUAGES, Text

LEAST_CHOICES = 10
"""Of fewer questions a share tells nothing."""
MOST_TELLING = 0.3
"""The share of questions whose key may be the shortest option; with four options chance gives 0.25."""
FAR = 2
"""How many times as long, or as short, as every other option a key is to stand out in its own question."""
SENTENCE = {"ko": 12, "en": 24}
"""Characters from which on an option is more than a name, whose length nobody can choose."""
CLEARLY = 1.3
"""How many times as long the longest option is as the next one, to be clearly the longest."""

GENERIC = re.compile(
    r"네|예|아니요|(맞습니다|정답입니다|맞았습니다|맞는 답입니다|옳습니다|좋습니다|잘했습니다)"
    r"|틀렸습니다|틀립니다|오답입니다|아닙니다"
    r"|((이는|(이|그)런? (내용|말)은)\s*)?(글|본문|레슨)에(는|서는)?\s*(없|나오지 않|언급되지 않)"
    r"(습니다|(는|은) 내용입니다)"
    r"|yes|no|well done|good|exactly"
    r"|((that|this|it)('s| is) )?(not )?(quite )?(right|correct|wrong|incorrect|true|false)"
    r"|((it|that|this)('s| is) )?not (mentioned|stated|said|in the (article|text|lesson))"
    r"( in the (article|text|lesson))?"
    r"|the (article|text|lesson) (doesn't|does not) (say|mention) (so|this|that|it)"
)
"""Feedback that is all of this, without its stop."""


class Question(Protocol):
    """What is read of an item."""

    id: str
    kind: str
    stem: Text
    stimulus: Text
    response: dict[str, Any]
    feedback: dict[str, Text]
    enemies: list[str]
    use: str


def remark(template: str, code: str, path: Path = (), mend: str = "", **values: Any) -> Problem:
    return Problem(template, values, code=code, path=path, severity="warning", mend=mend)


def letters(text: str) -> str:
    """The letters and digits of a text, without case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text)).casefold()


def remarks(item: Question) -> Iterator[Problem]:
    """What can be said of a question alone."""
    yield from generic_feedback(item)
    yield from standing_out(item)
    yield from swapped_options(item)
    yield from several_keys(item)


def several_keys(item: Question) -> Iterator[Problem]:
    """Several keys of a question that takes one option: meant where either is right, or one was left by mistake."""
    choices = item.response.get("choices", []) if item.kind == "choice" else []
    right = [place for place, one in enumerate(choices) if one.get("fraction", 0) == 1]
    if len(right) > 1:
        yield remark(
            N_("%(count)s choices are wholly right, though one can be chosen: any of them earns all points."),
            "several-keys",
            ("response", "choices", right[-1], "fraction"),
            N_("If only one is right, give the others no points."),
            count=len(right),
        )


# --- feedback ---


def generic_feedback(item: Question) -> Iterator[Problem]:
    """Feedback that says right or wrong, or that something isn't there, and no more."""
    for path, text in feedback_of({"feedback": item.feedback, "response": item.response}):
        for language in LANGUAGES:
            said = text.get(language, "")
            if said and GENERIC.fullmatch(said.replace("’", "'").strip(" .!…\n").casefold()):
                yield remark(
                    N_("The feedback “%(text)s” teaches nothing."),
                    "generic-feedback",
                    (*path, language),
                    N_("Say why this answer attracts, and what in the passage decides."),
                    text=said.strip(),
                )


def feedback_of(value: Any, path: Path = (), *, within: bool = False) -> Iterator[tuple[Path, Text]]:
    """Every text below a key “feedback” with its path."""
    if within and isinstance(value, Mapping) and all(isinstance(part, str) for part in value.values()):
        yield path, dict(value)
    elif isinstance(value, Mapping | list):
        for key, part in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from feedback_of(part, (*path, key), within=within or key == "feedback")


# --- the lengths of options ---


def options_of(item: Question) -> list[tuple[Text, bool]]:
    """The options of a question that takes one, and whether each is the key."""
    choices = item.response.get("choices", []) if item.kind == "choice" else []
    found = [(one["text"], one.get("fraction", 0) == 1) for one in choices]
    return found if len(found) > 2 and sum(right for _, right in found) == 1 else []


def lengths_of(item: Question, language: str) -> list[tuple[int, bool]]:
    """The length of each option in a language; nothing unless all are written in it."""
    found = [(len(text.get(language, "").strip()), right) for text, right in options_of(item)]
    return found if all(length for length, _ in found) else []


def telling_lengths(items: Iterable[Question]) -> Iterator[Problem]:
    """Whether the key of a bank's questions is the only shortest or longest option too often, and of which."""
    items = list(items)
    for language in LANGUAGES:
        known = [(one, found) for one in items if (found := lengths_of(one, language))]
        for template, pick in ((SHORTEST, min), (LONGEST, max)):
            telling = [one.id for one, found in known if is_extreme(found, pick)]
            if len(known) >= LEAST_CHOICES and len(telling) > MOST_TELLING * len(known):
                yield remark(
                    template,
                    "telling-length",
                    mend=N_("Make some right answers as long as the other options, or lengthen or shorten those."),
                    language=language,
                    count=len(telling),
                    all=len(known),
                    share=round(100 * len(telling) / len(known)),
                    most=round(100 * MOST_TELLING),
                    questions=telling,
                )


def telling_of(item: Question, others: Iterable[Question]) -> Iterator[Problem]:
    """The same of one question of a bank: its key is one of too many, and this is the option."""
    place = next((place for place, (_text, right) in enumerate(options_of(item)) if right), None)
    if place is not None:
        for problem in telling_lengths([item, *others]):
            if item.id in problem.values["questions"]:
                yield problem.at(path=("response", "choices", place))


SHORTEST = N_(
    "In the %(language)s texts, the right answer is the shortest option in %(count)s of %(all)s "
    "questions (%(share)s%%; at most %(most)s%% is fair), so it can be guessed by its length."
)
LONGEST = N_(
    "In the %(language)s texts, the right answer is the longest option in %(count)s of %(all)s "
    "questions (%(share)s%%; at most %(most)s%% is fair), so it can be guessed by its length."
)


def is_extreme(options: Sequence[tuple[int, bool]], pick: Any) -> bool:
    """Whether the key alone is the shortest (`min`) or the longest (`max`)."""
    extreme = pick(length for length, _ in options)
    return [right for length, right in options if length == extreme] == [True]


def standing_out(item: Question) -> Iterator[Problem]:
    """Whether the key is far longer or far shorter than every other option, in a question of however small a bank."""
    for language in LANGUAGES:
        known = lengths_of(item, language)
        for place, (length, right) in enumerate(known):
            others = [other for other, _ in known[:place] + known[place + 1 :]]
            for template, longer, shorter in ((FAR_LONGER, length, max(others)), (FAR_SHORTER, min(others), length)):
                if right and longer >= SENTENCE[language] and longer >= FAR * shorter:
                    yield remark(
                        template,
                        "standing-out",
                        ("response", "choices", place),
                        N_("Make it about as long as the other options."),
                        language=language,
                    )


FAR_LONGER = N_("In the %(language)s text, the right answer is far longer than any other option, so it can be guessed.")
FAR_SHORTER = N_(
    "In the %(language)s text, the right answer is far shorter than any other option, so it can be guessed."
)


def swapped_options(item: Question) -> Iterator[Problem]:
    """Whether what is clearly the longest option in one language is clearly the shortest in the other."""
    korean, english = ([length for length, _ in lengths_of(item, language)] for language in LANGUAGES)
    if not korean or not english:
        return
    for one, other in ((korean, english), (english, korean)):
        place = one.index(max(one))
        rest, others = one[:place] + one[place + 1 :], other[:place] + other[place + 1 :]
        if one[place] >= CLEARLY * max(rest) and other[place] * CLEARLY <= min(others):
            yield remark(
                N_("This option is the longest in one language and the shortest in the other."),
                "swapped-options",
                ("response", "choices", place),
                N_("Compare the languages: the texts of two options may have changed places."),
            )
