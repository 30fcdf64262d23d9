"""Hypothesis strategies for canonical items, for the round trips of every format.

`items(["choice"])` gives items with a stem and a body and nothing else. A format that carries more names the fields
in `fields`; one that carries less of a body asks for `simple` bodies; `texts="plain"` gives letters, digits and single
spaces only, which no format needs to escape. Texts are NFC, have no space around them, and hold Hangul exactly
where their language is Korean, so that a format that tells the language from the text finds it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import ascii_letters, ascii_lowercase, digits
from typing import Any, Literal, TypeVar
from unicodedata import normalize

from hypothesis import strategies as st

from quizapp.formats.base import HANGUL
from quizapp.formats.items import FEEDBACK, Item, Media
from quizapp.kinds import KINDS
from quizapp.kinds.order import METHODS as ORDER_METHODS

Texts = Literal["any", "plain"]
Body = dict[str, Any]
Drawn = TypeVar("Drawn")

KOREAN = "가나다라마바사아자차카타파하한글세종훈민정음학교값뷁"
MARKUP = "=~#{}:\\%$*_`<>&'\"[]()!?,;.|@^/+-1 \n\t"
CHARACTERS = st.sampled_from(MARKUP) | st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp"))

FIELDS = (
    "id",
    "title",
    "stimulus",
    "category",
    "tags",
    "objectives",
    "difficulty",
    "citations",
    "enemies",
    "use",
    "points",
    "shuffle",
    "feedback",
    "hints",
    "media",
    "status",
    "licence",
)
"""The fields of an item that `items` fills only when asked."""


@st.composite
def items(
    draw: st.DrawFn,
    kinds: Iterable[str],
    *,
    texts: Texts = "any",
    languages: Sequence[str] = ("ko", "en"),
    fields: Iterable[str] = (),
    simple: bool = False,
) -> Item:
    """Items of these kinds whose every text is in all of `languages`.

    simple: bodies without feedback, pinned choices, partial or negative fractions, other rules of scoring.
    """
    kind = draw(st.sampled_from(sorted(kinds)))
    maker = Maker(draw, texts, languages, simple)
    stem = maker.text() if kind != "cloze" or draw(st.booleans()) else {}
    response, scoring = maker.body(kind)
    extra = {name: maker.field(name) for name in FIELDS if name in fields and draw(st.booleans())}
    return Item(kind=kind, stem=stem, response=response, scoring=scoring, **extra)


@st.composite
def plain_texts(draw: st.DrawFn, language: str) -> str:
    """Words of letters and digits, with single spaces."""
    letters = KOREAN if language == "ko" else ascii_letters
    words = draw(st.lists(st.text(letters + digits, min_size=1, max_size=8), max_size=4))
    return " ".join([draw(st.sampled_from(letters)), *words])


@st.composite
def any_texts(draw: st.DrawFn, language: str) -> str:
    """Any printable characters and lines, many of them with a meaning in some format."""
    text = draw(st.text(CHARACTERS, max_size=30))
    text = draw(st.sampled_from(KOREAN)) + text if language == "ko" else HANGUL.sub("", text)
    text = normalize("NFC", text).strip()
    return text if text and bool(HANGUL.search(text)) == (language == "ko") else {"ko": "글"}.get(language, "text")


@st.composite
def damaged(draw: st.DrawFn, sample: bytes) -> bytes:
    """The sample with some bytes cut out, put in from elsewhere in it, or replaced by any."""
    data = bytearray(sample)
    for _ in range(draw(st.integers(1, 6))):
        at, source = draw(st.integers(0, len(data))), draw(st.integers(0, len(sample)))
        piece = draw(st.sampled_from([b"", sample[source : source + draw(st.integers(1, 40))]]) | st.binary(max_size=4))
        data[at : at + draw(st.integers(0, 12))] = piece
    return bytes(data)


class Maker:
    """Draws the parts of an item in one choice of texts, languages and richness.

    The method named as a kind gives (response, scoring); that of `text` is `text_answers`.
    """

    def __init__(self, draw: st.DrawFn, texts: Texts, languages: Sequence[str], simple: bool) -> None:
        self.draw = draw
        self.string = plain_texts if texts == "plain" else any_texts
        self.languages = languages
        self.simple = simple

    def text(self) -> dict[str, str]:
        return {language: self.draw(self.string(language)) for language in self.languages}

    def distinct(self, count: int) -> list[dict[str, str]]:
        """Texts that differ from each other in every language."""
        found: list[dict[str, str]] = []
        seen: set[str] = set()
        for number in range(count):
            text = {key: self.other_than(seen, value, str(number)) for key, value in self.text().items()}
            found.append(text)
        return found

    @staticmethod
    def other_than(seen: set[str], text: str, mark: str) -> str:
        folded = " ".join(text.split()).casefold()
        if folded in seen:
            text, folded = f"{text} {mark}", f"{folded} {mark}"
        seen.add(folded)
        return text

    def line(self) -> str:
        """One line in any of the languages."""
        return " ".join(self.draw(self.string(self.draw(st.sampled_from(self.languages)))).split())

    def rich(self, strategy: st.SearchStrategy[Drawn], otherwise: Drawn) -> Drawn:
        return otherwise if self.simple else self.draw(strategy)

    def feedback(self) -> Body:
        return {"feedback": self.text()} if self.rich(st.booleans(), False) else {}

    def field(self, name: str) -> Any:
        words = st.lists(plain_texts("en"), min_size=1, max_size=3, unique=True)
        simple: dict[str, st.SearchStrategy[Any]] = {
            "id": st.text(ascii_lowercase + digits + "-", min_size=1, max_size=12),
            "difficulty": st.sampled_from([1, 2, 3]),
            "citations": st.just([{"lesson": "intro", "anchor": "p-1"}]),
            "enemies": words.map(lambda found: [f"Q {word}" for word in found]),
            "use": st.just("check"),
            "points": st.sampled_from([0.5, 1, 2, 2.5, 10]),
            "shuffle": st.booleans(),
            "media": st.binary(max_size=40).map(lambda data: [Media("picture.png", data, "image/png", "A picture")]),
            "status": st.sampled_from(["ready", "draft", "archived"]),
            "licence": st.just("CC-BY-4.0"),
        }
        if name == "hints":
            return [self.text() for _ in range(self.draw(st.integers(1, 2)))]
        if name == "feedback":
            return {moment: self.text() for moment in self.draw(st.lists(st.sampled_from(FEEDBACK), unique=True))}
        return self.text() if name in ("title", "stimulus") else self.draw(simple.get(name, words))

    # --- bodies ---

    def body(self, kind: str) -> tuple[Body, Body]:
        """A body with its rule of scoring; of a kind that has no method here, one of its examples."""
        make = getattr(self, "text_answers" if kind == "text" else kind, None)
        if make is not None:
            return make()
        example = self.draw(st.sampled_from([KINDS[kind].EXAMPLE, KINDS[kind].OTHER]))
        return {key: part for key, part in example.items() if key != "scoring"}, example.get("scoring", {})

    def choices(self, fractions: list[float]) -> list[Body]:
        shuffled = self.draw(st.permutations(fractions))
        texts = self.distinct(len(shuffled))
        choices = [
            {"id": name, "text": text, "fraction": fraction, **self.feedback()}
            for name, text, fraction in zip(ascii_lowercase, texts, shuffled, strict=False)
        ]
        if self.rich(st.booleans(), False):
            choices[-1]["pinned"] = True
        return choices

    def choice(self) -> tuple[Body, Body]:
        other = st.sampled_from([0, 0] if self.simple else [0, 0.5, -0.5])
        return {"choices": self.choices([1, *self.draw(st.lists(other, min_size=1, max_size=4))])}, {}

    def multiple(self) -> tuple[Body, Body]:
        method = self.rich(st.sampled_from(["", "sum", "coverage", "each-answer", "all-or-nothing"]), "")
        right = self.draw(st.sampled_from([1, 2, 4]))
        wrong = st.sampled_from([0, -0.5] if method == "sum" else [0])
        fractions = [1 / right if method == "sum" else 1] * right
        choices = self.choices([*fractions, *self.draw(st.lists(wrong, min_size=1, max_size=3))])
        return {"choices": choices}, {"method": method} if method else {}

    def truefalse(self) -> tuple[Body, Body]:
        answers = self.rich(st.sets(st.sampled_from(["true", "false"])), set())
        feedback = {answer: self.text() for answer in sorted(answers)}
        return {"answer": self.draw(st.booleans()), **({"feedback": feedback} if feedback else {})}, {}

    def answers(self, key: str, values: list[str]) -> list[Body]:
        fractions = [1, *(self.rich(st.sampled_from([1, 0.5, 0]), 1) for _ in values[1:])]
        return [
            {key: value, "fraction": fraction, **self.feedback()}
            for value, fraction in zip(values, fractions, strict=True)
        ]

    def text_answers(self) -> tuple[Body, Body]:
        seen: set[str] = set()
        values = [self.other_than(seen, self.line(), str(n)) for n in range(self.draw(st.integers(1, 3)))]
        return {"answers": self.answers("text", values)}, self.rich(st.sampled_from([{}, {"case": True}]), {})

    def number(self) -> tuple[Body, Body]:
        decimals = st.decimals(-10_000, 10_000, allow_nan=False, places=2).map(lambda value: f"{value.normalize():f}")
        values = self.draw(st.lists(decimals, min_size=1, max_size=1 if self.simple else 3, unique=True))
        answers = self.answers("value", values)
        for answer in answers:
            tolerance = self.draw(st.sampled_from(["", "0.1", "2"]))
            answer |= {"tolerance": tolerance} if tolerance else {}
        return {"answers": answers}, {}

    def match(self) -> tuple[Body, Body]:
        count, unused = self.draw(st.integers(2, 4)), self.draw(st.integers(0, 2))
        options = [{"id": f"o{n}", "text": text} for n, text in enumerate(self.distinct(count + unused), 1)]
        rows = [
            {"id": f"r{n}", "text": text, "option": f"o{n}", **self.feedback()}
            for n, text in enumerate(self.distinct(count), 1)
        ]
        return {"rows": rows, "options": options}, {}

    def categorise(self) -> tuple[Body, Body]:
        body, scoring = self.match()
        categories = body["options"][:2]
        for row in body["rows"]:
            row["option"] = self.draw(st.sampled_from(categories))["id"]
        return {"rows": body["rows"], "options": categories}, scoring

    def order(self) -> tuple[Body, Body]:
        texts = self.distinct(self.draw(st.integers(2, 5)))
        steps = [{"id": name, "text": text} for name, text in zip(ascii_lowercase, texts, strict=False)]
        method = self.rich(st.sampled_from(["", *ORDER_METHODS]), "")
        return {"items": steps}, {"method": method} if method else {}

    def cloze(self) -> tuple[Body, Body]:
        gaps = []
        for number in range(self.draw(st.integers(1, 3))):
            kind = self.draw(st.sampled_from(["text", "number", "choice"]))
            response, scoring = self.body(kind)
            for choice in response.get("choices", []):
                choice["id"] = f"g{number + 1}{choice['id']}"
            gap = {"id": f"g{number + 1}", "kind": kind, **response, **({"scoring": scoring} if scoring else {})}
            weight = self.rich(st.sampled_from([None, 2]), None)
            gaps.append(gap | ({"weight": weight} if weight else {}))
        pieces = [self.text() for _ in gaps]
        text = {
            key: " ".join(
                f"{piece[key].replace(chr(123), chr(40))} {{{{{gap['id']}}}}}"
                for piece, gap in zip(pieces, gaps, strict=True)
            )
            for key in self.languages
        }
        return {"text": text, "gaps": gaps}, {}

    def essay(self) -> tuple[Body, Body]:
        limits = self.rich(
            st.sampled_from([{}, {"min_words": 10}, {"min_words": 10, "max_words": 200}, {"max_characters": 900}]), {}
        )
        notes = {"grader_notes": self.text()} if self.rich(st.booleans(), False) else {}
        template = {"template": self.text()} if self.rich(st.booleans(), False) else {}
        return {**limits, **template, **notes}, {}

    def description(self) -> tuple[Body, Body]:
        return {}, {}
