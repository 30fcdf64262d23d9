"""Writes QTI 2 and 3: a package with a file for each item, a test whose sections are the categories, and the media."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.base import written_language
from quizapp.formats.items import Item
from quizapp.formats.markup import words_of, writable
from quizapp.formats.qti.package_reader import MANIFEST
from quizapp.formats.qti.package_writer import ItemNames, media_path, media_refs, shared_depth, write_package
from quizapp.formats.qti2.elements import identifier, new_element
from quizapp.formats.qti2.item_writer import AssessmentItemWriter
from quizapp.formats.qti2.kind_writers import GRADED, WRITERS
from quizapp.formats.qti2.vocabularies import ELEMENTS_WRITTEN, XSI, Vocabulary, to_vocabulary

TEST, ITEMS, MEDIA = "test.xml", "items/", "media/"
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def write_qti2(items: list[Item], vocabulary: Vocabulary) -> bytes:
    return write_package(members_of(items, vocabulary))


def members_of(items: list[Item], vocabulary: Vocabulary) -> list[tuple[str, bytes]]:
    """The files of the package: manifest, test, the items, and the media, in this order."""
    names = ItemNames()
    named = [(f"{ITEMS}q{number:04}.xml", names.name(item, identifier(item.id) if item.id else ""), item)
             for number, item in enumerate(items, 1)]  # fmt: skip
    files = [(path, item_file(item, name, vocabulary)) for path, name, item in named]
    media = [dict(media_files(item)) for item in items]
    every = {path: data for found in media for path, data in found.items()}
    listed = [(path, name, sorted(found)) for (path, name, _), found in zip(named, media, strict=True)]
    return [
        (MANIFEST, manifest(listed, sorted(every), vocabulary)),
        (TEST, test_file(named, vocabulary)),
        *files,
        *sorted(every.items()),
    ]


def media_files(item: Item) -> Iterator[tuple[str, bytes]]:
    """The media of an item with their paths. Those of an opaque item stay where its source refers to them."""
    if item.kind == "opaque":
        yield from media_refs(item.provenance["original"], item.media, ITEMS).items()
    else:
        yield from ((MEDIA + media_path(medium), medium.data) for medium in item.media)


def item_file(item: Item, name: str, vocabulary: Vocabulary) -> bytes:
    """One item; an opaque one as it came."""
    if item.kind == "opaque":
        return HEAD + item.provenance["original"].encode()
    language = written_language(item)
    writer = AssessmentItemWriter(item, language, vocabulary)
    WRITERS[item.kind](writer)
    if item.kind in GRADED:
        writer.moments()
    return document(writer.element(name, writable(words_of(item.title, language)) or name), vocabulary)


def document(root: Any, vocabulary: Vocabulary) -> bytes:
    """An XML file in the vocabulary, whose namespace is the default one."""
    to_vocabulary(root, vocabulary, ELEMENTS_WRITTEN)
    whole = etree.Element(root.tag, attrib=dict(root.attrib), nsmap={None: vocabulary.namespace, "xsi": XSI})
    whole.set(f"{{{XSI}}}schemaLocation", f"{vocabulary.namespace} {vocabulary.schema}")
    whole.extend(list(root))
    return HEAD + etree.tostring(whole, encoding="unicode").encode()


def test_file(named: list[tuple[str, str, Item]], vocabulary: Vocabulary) -> bytes:
    """The test: sections for categories, nested as they are."""
    part = new_element("testPart", identifier="part", navigationMode="nonlinear", submissionMode="simultaneous")
    root = new_element("assessmentTest", part, identifier="quizapp", title="quizapp")
    sections = [new_element("assessmentSection", identifier="items", title="", visible="true")]
    part.append(sections[0])
    path: list[str] = []
    for number, (name, ident, item) in enumerate(named, 1):
        shared = shared_depth(path, item.category)
        del sections[shared + 1 :]
        for depth in range(shared, len(item.category)):
            section = new_element("assessmentSection", identifier=f"section_{number}_{depth + 1}",
                           title=writable(item.category[depth]), visible="true")  # fmt: skip
            sections[-1].append(section)
            sections.append(section)
        path = item.category
        sections[-1].append(new_element("assessmentItemRef", identifier=ident, href=name))
    return document(root, vocabulary)


def manifest(items: list[tuple[str, str, list[str]]], media: Iterable[str], vocabulary: Vocabulary) -> bytes:
    media = {path: f"media_{number}" for number, path in enumerate(media, 1)}
    root = etree.Element("manifest", identifier="quizapp", nsmap={None: vocabulary.package})
    metadata = etree.SubElement(root, "metadata")
    kind = "QTI Package" if vocabulary.kebab else f"QTIv{vocabulary.version} Package"
    etree.SubElement(metadata, "schema").text = kind
    etree.SubElement(metadata, "schemaversion").text = vocabulary.version if vocabulary.kebab else "1.0.0"
    etree.SubElement(root, "organizations")
    resources = etree.SubElement(root, "resources")
    test = resource(resources, "test", vocabulary.test_type, TEST)
    for name, ident, used in items:
        etree.SubElement(test, "dependency", identifierref=f"item_{ident}")
        one = resource(resources, f"item_{ident}", vocabulary.item_type, name)
        for path in used:
            etree.SubElement(one, "dependency", identifierref=media[path])
    for path, ident in media.items():
        resource(resources, ident, "webcontent", path)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def resource(parent: Any, ident: str, kind: str, path: str) -> Any:
    node = etree.SubElement(parent, "resource", identifier=ident, type=kind, href=quote(path))
    etree.SubElement(node, "file", href=quote(path))
    return node
