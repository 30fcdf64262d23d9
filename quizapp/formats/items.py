"""The canonical item: what a question is between the formats, the banks and the pages.

An `Item` is one question with everything that travels with it. `to_json` and `from_json` are its one written
shape; the native YAML and JSON files hold lists of exactly that. Keys that hold nothing are left out.

Texts are `{"ko": "...", "en": "..."}`; `"format": "html"` or `"plain"` says that a text isn't Markdown. An image in
a text has the address `media:NAME`, where NAME is that of one of the item's media.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from quizapp.kinds.base import LANGUAGES, Body, Text, nfc
from quizapp.texts.clean import clean, clean_json

NOT_PLAYED = ("description", "opaque")
"""Kinds without an answer. description: a text between questions. opaque: a question of another system that we
can't play; `provenance["original"]` keeps it as it came, and a writer of the same format puts it back."""

FEEDBACK = ("general", "right", "partial", "wrong", "solution")


@dataclass
class Media:
    """A file that a text shows. `data` is its bytes, `hash` their SHA-256 in hex, `name` unique within the item.

    Where an item was read without the bytes (a stored version names them only), `known_hash` says which they are.
    """

    name: str
    data: bytes
    type: str = "application/octet-stream"
    alt: str = ""
    known_hash: str = ""

    @property
    def hash(self) -> str:
        return self.known_hash or hashlib.sha256(self.data).hexdigest()


@dataclass
class Item:
    """One question.

    id: stable across uploads; "" when the file gives none.
    kind: a name of `KINDS`, or one of NOT_PLAYED.
    response: by kind, what is shown and what is right (see each kind's EXAMPLE).
    scoring: by kind, the rule of scoring; {} is the kind's default.
    category: path of names, the outermost first.  difficulty: 1 easy, 2 medium, 3 hard.  points: > 0.
    citations: `{"lesson": slug, "anchor": id, "quote": SHA-256 of the passage's text, may be absent}`.
    enemies: ids of questions that give this one away or are given away by it; none of them is drawn together with it,
        whichever of the two names the other.
    use: "" for questions that quizzes draw, "check" for one that lessons show with its key: no quiz draws it.
    feedback: texts by moment: general, right, partial, wrong, solution.
    status: ready, draft or archived.
    provenance: `format`, `line` or `place`, `source_id`, `losses`, `doubts` (warnings), `original`: where it came
        from; not part of what the question is, so it doesn't count in `content_hash`.
    """

    id: str = ""
    kind: str = "choice"
    stem: Text = field(default_factory=dict)
    response: Body = field(default_factory=dict)
    scoring: dict[str, Any] = field(default_factory=dict)
    title: Text = field(default_factory=dict)
    stimulus: Text = field(default_factory=dict)
    category: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    objectives: list[str] = field(default_factory=list)
    difficulty: int | None = None
    citations: list[dict[str, str]] = field(default_factory=list)
    enemies: list[str] = field(default_factory=list)
    use: str = ""
    points: float = 1
    shuffle: bool = True
    feedback: dict[str, Text] = field(default_factory=dict)
    hints: list[Text] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    status: str = "ready"
    licence: str = ""
    provenance: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> Body:
        """What the kind's functions take: the response part with the rule of scoring."""
        return {**self.response, "scoring": self.scoring} if self.scoring else self.response

    @property
    def languages(self) -> list[str]:
        """The languages that the stem (for a cloze: its text) is written in."""
        text = self.stem or self.response.get("text") or {}
        return [key for key in (*LANGUAGES, *sorted(set(text) - {*LANGUAGES, "format"})) if text.get(key)]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, keys in the order of the fields, empty ones left out."""
        written = self.parts(ITEM_KEYS)
        for entry, media in zip(written.get("media", []), self.media, strict=True):
            entry["data"] = base64.b64encode(media.data).decode()
        return written

    def content(self) -> dict[str, Any]:
        """What the question is, without where it came from and what it is called by."""
        return self.parts(CONTENT)

    def parts(self, names: Iterable[str]) -> dict[str, Any]:
        """The fields of these names as plain JSON; media without their bytes."""
        written: dict[str, Any] = {}
        for name in names:
            value = getattr(self, name)
            if name == "media":
                value = [
                    {"name": media.name, "hash": media.hash, "type": media.type, "alt": media.alt}
                    for media in self.media
                ]
            if value not in ("", [], {}, None) and value != DEFAULTS[name]:
                written[name] = value
        return {"kind": self.kind, **written} if "kind" not in written else written

    def content_hash(self) -> str:
        """SHA-256 in hex over the NFC of the content: the same for two files that say the same."""
        return hash_of(self.content())


def hash_of(content: dict[str, Any]) -> str:
    """The hash of an item, from its `content()`."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(nfc(text).encode()).hexdigest()


def cleaned(item: Item) -> Item:
    """The same item, each of its texts without characters that can't be stored. Where it came from stays as it is."""
    for name in ITEM_KEYS:
        if name not in ("media", "provenance"):
            setattr(item, name, clean_json(getattr(item, name)))
    for media in item.media:
        media.name, media.type, media.alt = clean(media.name), clean(media.type), clean(media.alt)
    return item


DEFAULTS = {part.name: part.default for part in fields(Item)}
ITEM_KEYS = tuple(DEFAULTS)
CONTENT = tuple(name for name in ITEM_KEYS if name not in ("id", "provenance", "status"))


def from_json(written: dict[str, Any]) -> Item:
    """An item from its written shape. Keys must be of KEYS and of the right types: see `schema.check`."""
    item = Item(**{key: value for key, value in written.items() if key in ITEM_KEYS and key != "media"})
    item.media = [media_of(entry) for entry in written.get("media", [])]
    return item


def media_of(entry: dict[str, str]) -> Media:
    data = base64.b64decode(entry.get("data", ""))
    known = "" if "data" in entry else entry.get("hash", "")
    return Media(entry["name"], data, entry["type"], entry.get("alt", ""), known)
