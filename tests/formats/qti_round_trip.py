"""What the tests of the three QTI formats share: which items they carry wholly, and when two readings are the same."""

from __future__ import annotations

import copy
import io
import random
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from quizapp.formats.base import Format, Reading
from quizapp.formats.items import Item
from quizapp.formats.markup import is_bare
from quizapp.formats.plain_text import has_markup
from quizapp.formats.schema import texts
from tests.formats.strategies import items

KINDS = ("choice", "multiple", "truefalse", "text", "number", "match", "order", "cloze", "essay", "description")


def canonical(item: Item) -> dict[str, Any]:
    """The content without marks that say nothing: the format of a plain text without markup, equal
    weights, and that capitals matter where there are none."""
    content = copy.deepcopy(item.content())
    gaps = content.get("response", {}).get("gaps", [])
    if len({gap.get("weight", 1) for gap in gaps}) == 1:
        for gap in gaps:
            gap.pop("weight", None)
    for _, text in texts(content):
        if text.get("format") == "plain" and is_bare({key: part for key, part in text.items() if key != "format"}):
            del text["format"]
    if content["kind"] == "multiple":
        as_net_correct(content)
    for body in [content, *gaps]:
        answers = body.get("answers", body.get("response", {}).get("answers", []))
        if all(one.get("text", "").swapcase() == one.get("text", "") for one in answers):
            body.get("scoring", {}).pop("case", None)
        if not body.get("scoring", True):
            del body["scoring"]
    return {"id": item.id, **content}


def as_net_correct(content: dict[str, Any]) -> None:
    """Equal shares for right choices and as much against wrong ones are the default rule, written out."""
    choices = content["response"]["choices"]
    shares = {abs(choice["fraction"]) for choice in choices}
    if content.get("scoring", {}).get("method") in (None, "sum") and len(shares) == 1:
        content.pop("scoring", None)
        for choice in choices:
            choice["fraction"] = int(choice["fraction"] > 0)


def plainly(item: Item) -> Item:
    """The item with every text that has markup marked as plain."""
    for _, text in texts(item.to_json()):
        if has_markup(text) and "format" not in text:
            text["format"] = "plain"
    return item


def carried_items(form: Format, texts_: str, fields: tuple[str, ...]) -> st.SearchStrategy[Item]:
    """Items in one language that the format says it loses nothing of."""
    either = st.sampled_from(["ko", "en"]).flatmap(
        lambda language: items(KINDS, texts=texts_, languages=[language], fields=("id", *fields))  # type: ignore[arg-type]
    )
    made = either.map(lambda item: plainly(item) if texts_ == "any" else item)
    return made.filter(lambda item: bool(item.id) and item.id not in item.title.values() and not form.carries(item))


def same(one: Reading, other: Reading) -> bool:
    """Whether two readings hold the same items, with the same sources of what can't be played."""
    return [(canonical(item), item.provenance.get("original")) for item in one.items] == [
        (canonical(item), item.provenance.get("original")) for item in other.items
    ]


def fuzzed(sample: bytes, count: int, source: random.Random) -> Iterator[bytes]:
    """The sample with a few bytes, tags or stretches changed, copied or cut."""
    tags = re.findall(rb"<[^<>]+>", sample) or [b"<x/>"]
    for _ in range(count):
        data = bytearray(sample)
        for _ in range(source.randint(1, 4)):
            at, end = sorted(source.randrange(len(data) + 1) for _ in range(2))
            match source.randrange(6):
                case 0:
                    data[at : at + 1] = bytes([source.randrange(256)])
                case 1:
                    data[at : min(end, at + 200)] = b""
                case 2:
                    data[at:at] = source.choice(tags)
                case 3:
                    found = source.choice(tags)
                    data = bytearray(bytes(data).replace(found, source.choice(tags), 1))
                case 4:
                    data[at:at] = data[at : at + 80]
                case _:
                    found = source.choice(tags)
                    data = bytearray(bytes(data).replace(found, b"", 1))
        yield bytes(data)


def package(files: Mapping[str, bytes | str]) -> bytes:
    """A zip of these files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


def reshaped(sample: bytes, count: int, source: random.Random) -> Iterator[bytes]:
    """The sample, still well-formed, with elements cut, copied, moved or renamed, and attributes and texts changed."""
    words = ["", "0", "-1", "1e9", "*", "A", "RESPONSE", "multiple", "true", "[x]", "{{g1}}", "&<", "nan", "가"]
    for _ in range(count):
        root = etree.fromstring(sample)
        for _ in range(source.randint(1, 3)):
            nodes = [node for node in root.iter() if node is not root and isinstance(node.tag, str)]
            if not nodes:
                break
            node, other = source.choice(nodes), source.choice(nodes)
            match source.randrange(6):
                case 0:
                    node.getparent().remove(node)
                case 1:
                    node.addnext(copy.deepcopy(node))
                case 2:
                    node.tag = other.tag
                case 3 if node.attrib:
                    node.set(source.choice(list(node.attrib)), source.choice([*words, *other.attrib.values()]))
                case 4:
                    node.text = source.choice([*words, other.text or ""])
                case _:
                    node.append(copy.deepcopy(other))
        yield etree.tostring(root)
