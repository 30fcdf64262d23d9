"""Controls: how a kind of question is shown in a form, and how the form is read back.

A page never names an option by its id: ids such as a, b, c and their order would tell the key of an ordering
or a matching. An `ArrangedItem` is in the order of one slot of one attempt and has tokens in place of the ids;
reading the form turns them back. Each control has a function that reads a form, and one that writes a response as the
form's fields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.errors import N_, ResponseError
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import Body, Response, Text, nfc
from quizapp.rules.shuffle import Arrangement, token
from quizapp.texts.markup import with_addresses

Fields = dict[str, str | list[str]]
OTHERS = ("csrf_token", "seq", "do")
"""Fields of the player's form that no control has."""


@dataclass(frozen=True)
class ArrangedItem:
    """An item as one attempt shows it. `parts` is the arranged public view, with tokens for ids."""

    item: Item
    control: str
    arrangement: Arrangement
    seed: str

    @property
    def parts(self) -> dict[str, Any]:
        return self.arrangement.parts

    @property
    def ids(self) -> Mapping[str, str]:
        return self.arrangement.ids

    def read(self, form: MultiDict[str, str]) -> Response:
        """The response in a form. What the question doesn't have stays as it is, for the kind to refuse."""
        return CONTROLS[self.control].read(self, form)

    def fields(self, response: Response | None) -> Fields:
        """A response as the form's fields: what to fill in when the page is shown again."""
        return CONTROLS[self.control].write(self, response) if response else {}

    def sent(self, form: MultiDict[str, str]) -> Fields:
        """The control's fields as they were sent: what to show again where they weren't taken."""
        several = CONTROLS[self.control].several
        return {name: values if name in several else values[0] for name, values in form.lists() if name not in OTHERS}

    def words(self, response: Response | None, language: str) -> str:
        """A response in words, in the order in which the question is shown: the author's own may tell the key."""
        if not response:
            return ""
        body = self.body if any(map(is_several, response.values())) else self.item.body
        return KINDS[self.item.kind].text(body, response, language)

    @cached_property
    def body(self) -> Body:
        """The item's body in the order in which it is arranged."""
        return self.arrangement.follow(self.item.body)

    def id(self, scope: str, sent: str | None) -> str:
        """The id behind a token of this list; a token of another list is as unknown as any other text."""
        if not sent:
            return ""
        name = self.ids.get(sent, "")
        return name if name and self.token(scope, name) == sent else f"?{sent}"

    def token(self, scope: str, name: str) -> str:
        return token(self.seed, scope, name) if name else ""


def is_several(part: Any) -> bool:
    """Whether a part of a response is of several things, which have an order."""
    return isinstance(part, dict | list)


@dataclass(frozen=True)
class State:
    """How a control is to look: disabled or not, and once revealed, what was right.

    marks: token or gap id -> fraction.  notes: token or gap id -> what is said of it.
    right: what the fields hold of a right response.
    suffix: makes the ids and the radio groups of one question unlike those of the others on the page.
    """

    disabled: bool = False
    marks: Mapping[str, float] = field(default_factory=dict)
    notes: Mapping[str, Text] = field(default_factory=dict)
    right: frozenset[str] = frozenset()
    describedby: str = ""
    invalid: bool = False
    suffix: str = ""


def arrange(item: Item, seed: str, shuffle: bool, media: Mapping[str, str] | None = None) -> ArrangedItem:
    """The item arranged by the seed. `media` says where the files are that its choices and rows show."""
    kind = KINDS[item.kind]
    public = kind.public(item.body)
    arrangement = Arrangement(addressed(public, media) if media else public, kind.LISTS, seed, shuffle and item.shuffle)
    return ArrangedItem(item, kind.CONTROL, arrangement, seed)


def addressed(value: Any, media: Mapping[str, str]) -> Any:
    """The value with the addresses of files for their names in every text of it."""
    if isinstance(value, str):
        return with_addresses(value, media)
    if isinstance(value, dict):
        return {key: addressed(part, media) for key, part in value.items()}
    return [addressed(part, media) for part in value] if isinstance(value, list) else value


def revealed(item: Item, arranged: ArrangedItem, response: Response | None) -> State:
    """The state of a control that shows what was right."""
    kind = KINDS[item.kind]
    score = kind.score(item.body, response)
    hidden = kind.MARKED and kind.LISTS[kind.MARKED].choosable

    def called(name: str) -> str:
        return arranged.token(kind.MARKED, name) if hidden else name

    marks = {called(name): value for name, value in score.parts.items()}
    notes = {called(name): text for name, text in score.notes.items()}
    right = [value for values in arranged.fields(kind.solution(item.body)).values() for value in listed(values)]
    return State(disabled=True, marks=marks, notes=notes, right=frozenset(right))


def listed(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values


def read_choice(arranged: ArrangedItem, form: MultiDict[str, str]) -> Response:
    return {"choice": arranged.id("choices", form.get("choice"))}


def read_multiple(arranged: ArrangedItem, form: MultiDict[str, str]) -> Response:
    return {"choices": sorted(arranged.id("choices", value) for value in form.getlist("choices"))}


def read_text(_arranged: ArrangedItem, form: MultiDict[str, str]) -> Response:
    return {"text": nfc(form.get("text", "").replace("\r\n", "\n"))}


def read_number(arranged: ArrangedItem, form: MultiDict[str, str]) -> Response:
    unit = nfc(form.get("unit", ""))
    return read_text(arranged, form) | ({"unit": unit} if unit else {})


def read_pairs(arranged: ArrangedItem, form: MultiDict[str, str]) -> Response:
    chosen = {row["token"]: form.get(f"row-{row['token']}") for row in arranged.parts["rows"]}
    return {"pairs": {arranged.id("rows", row): arranged.id("options", it) for row, it in sorted(chosen.items()) if it}}


def read_order(arranged: ArrangedItem, form: MultiDict[str, str]) -> Response:
    """Each item's place as chosen. Raises ResponseError unless every item has a place of its own, or none has one."""
    places = {item["token"]: form.get(f"pos-{item['token']}", "") for item in arranged.parts["items"]}
    if not any(places.values()):
        return {"order": []}
    if sorted(places.values()) != sorted(str(place) for place in range(1, len(places) + 1)):
        raise ResponseError("order", N_("Give every item a place of its own, from first to last."))
    return {"order": [arranged.id("items", item) for item in sorted(places, key=lambda item: int(places[item]))]}


def read_gaps(arranged: ArrangedItem, form: MultiDict[str, str]) -> Response:
    given = {}
    for gap in arranged.parts["gaps"]:
        name, value = gap["id"], form.get(f"gap-{gap['id']}", "")
        if value.strip():
            given[name] = arranged.id(f"choices of {name}", value) if gap["kind"] == "choice" else nfc(value)
    return {"gaps": given}


def write_choice(arranged: ArrangedItem, response: Response) -> Fields:
    return {"choice": arranged.token("choices", response["choice"])} if response.get("choice") else {}


def write_multiple(arranged: ArrangedItem, response: Response) -> Fields:
    """In the order of the page: the response's own is that of the ids."""
    chosen = {arranged.token("choices", name) for name in response.get("choices", [])}
    return {"choices": [choice["token"] for choice in arranged.parts["choices"] if choice["token"] in chosen]}


def write_text(_arranged: ArrangedItem, response: Response) -> Fields:
    return {key: response[key] for key in ("text", "unit") if key in response}


def write_pairs(arranged: ArrangedItem, response: Response) -> Fields:
    return {
        f"row-{arranged.token('rows', row)}": arranged.token("options", option)
        for row, option in response.get("pairs", {}).items()
    }


def write_order(arranged: ArrangedItem, response: Response) -> Fields:
    return {
        f"pos-{arranged.token('items', name)}": str(place) for place, name in enumerate(response.get("order", []), 1)
    }


def write_gaps(arranged: ArrangedItem, response: Response) -> Fields:
    kinds = {gap["id"]: gap["kind"] for gap in arranged.parts["gaps"]}
    return {
        f"gap-{name}": arranged.token(f"choices of {name}", value) if kinds.get(name) == "choice" else value
        for name, value in response.get("gaps", {}).items()
    }


@dataclass(frozen=True)
class Control:
    """How a control's form is read, and how a response is written as its fields.

    several: the fields that a form may have several times.
    """

    read: Callable[[ArrangedItem, MultiDict[str, str]], Response]
    write: Callable[[ArrangedItem, Response], Fields]
    several: tuple[str, ...] = ()


CONTROLS = {
    "choice": Control(read_choice, write_choice),
    "multiple": Control(read_multiple, write_multiple, several=("choices",)),
    "text": Control(read_text, write_text),
    "essay": Control(read_text, write_text),
    "number": Control(read_number, write_text),
    "match": Control(read_pairs, write_pairs),
    "categorise": Control(read_pairs, write_pairs),
    "order": Control(read_order, write_order),
    "gaps": Control(read_gaps, write_gaps),
}
"""What a kind's `public` gives a control to show, and the response that it sends:

- choice: `choices`, each with an id and a text -> `{"choice": id}`
- multiple: the same -> `{"choices": [id, ...]}`
- text: nothing -> `{"text": ...}`
- essay: `template`, and the limits by `min_` and `max_` of `words` and `characters`, if any -> `{"text": ...}`
- number: `units`, each with a name -> `{"text": ..., "unit": ...}`, the unit where one was chosen
- match, categorise: `rows` and `options`, each with an id and a text -> `{"pairs": {row: option}}`
- order: `items`, each with an id and a text -> `{"order": [id, ...]}`
- gaps: `text` with markers, `gaps`, each with an id, its kind, and `choices` if it has some -> `{"gaps": {gap: ...}}`

The template of the same name in `templates/controls/` shows it.
"""
