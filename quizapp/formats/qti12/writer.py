"""Writes QTI 1.2 for Canvas's classic quizzes: a package with one quiz, whose sections are the categories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.base import written_language
from quizapp.formats.items import Item
from quizapp.formats.markup import words_of, writable
from quizapp.formats.qti.package_reader import MANIFEST
from quizapp.formats.qti.package_writer import ItemNames, media_path, media_refs, shared_depth, write_package
from quizapp.formats.qti12.item_writer import ItemWriter
from quizapp.formats.qti12.kind_writers import WRITERS

FOLDER, QUIZ, META = "quizapp", "quizapp/quizapp.xml", "quizapp/assessment_meta.xml"
RESOURCES = "web_resources/"
BASE = "$IMS-CC-FILEBASE$/"
TITLE = "quizapp"
NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
SETTINGS = "http://canvas.instructure.com/xsd/cccv1p0"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
LAR = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
XML = "{http://www.w3.org/XML/1998/namespace}"


def write_qti12(items: list[Item]) -> bytes:
    return write_package(members_of(items))


def members_of(items: list[Item]) -> list[tuple[str, bytes]]:
    """The files of the package: manifest, quiz, its settings, and the media, in this order."""
    media = {path: data for item in items for path, data in media_files(item)}
    quiz = quiz_document(items)
    return [(MANIFEST, manifest(list(media))), (QUIZ, quiz), (META, settings(items)), *sorted(media.items())]


def media_files(item: Item) -> Iterator[tuple[str, bytes]]:
    """The media of an item with their paths. Those of an opaque item stay where its source refers to them."""
    if item.kind != "opaque":
        yield from ((RESOURCES + media_path(medium), medium.data) for medium in item.media)
        return
    yield from media_refs(item.provenance["original"], item.media, RESOURCES).items()


def quiz_document(items: list[Item]) -> bytes:
    quiz = etree.Element("assessment", ident="quizapp", title=TITLE)
    root = section = etree.SubElement(quiz, "section", ident="root_section")
    path: list[str] = []
    open_sections = [root]
    names = ItemNames()
    for number, item in enumerate(items, 1):
        shared = shared_depth(path, item.category)
        del open_sections[shared + 1 :]
        for depth in range(shared, len(item.category)):
            section = etree.SubElement(
                open_sections[-1],
                "section",
                ident=f"section_{number}_{depth + 1}",
                title=writable(item.category[depth]),
            )
            section.tail = "\n"
            open_sections.append(section)
        path = item.category
        element = item_element(item, names)
        element.tail = "\n"
        open_sections[-1].append(element)
    body = etree.tostring(quiz, encoding="unicode")
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<questestinterop xmlns="{NAMESPACE}">\n{body}\n</questestinterop>\n'
    ).encode()


def item_element(item: Item, names: ItemNames) -> etree._Element:
    """One `<item>`; an opaque one as it came."""
    if item.kind == "opaque":
        names.name(item)
        return etree.fromstring(item.provenance["original"].encode())
    language = written_language(item)
    element = etree.Element(
        "item", ident=writable(names.name(item)), title=writable(words_of(item.title, language)) or "Question"
    )
    element.set(XML + "lang", language)
    paths = {medium.name: BASE + quote(media_path(medium)) for medium in item.media}
    writer = ItemWriter(element, item, language, paths)
    writer.metadata(WRITERS[item.kind].type_of(item))
    writer.open()
    WRITERS[item.kind].write(writer)
    writer.close()
    return element


def settings(items: list[Item]) -> bytes:
    """The settings of the quiz: in Canvas, shuffling holds for the whole quiz."""
    shuffle = str(all(item.shuffle for item in items)).lower()
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<quiz identifier="quizapp" xmlns="{SETTINGS}">'
        f"<title>{TITLE}</title><shuffle_answers>{shuffle}</shuffle_answers>"
        "<quiz_type>assignment</quiz_type></quiz>\n"
    ).encode()


def manifest(media: Iterable[str]) -> bytes:
    root = etree.Element("manifest", identifier="quizapp-qti", nsmap={None: PACKAGE})
    metadata = etree.SubElement(root, "metadata")
    etree.SubElement(metadata, "schema").text = "IMS Content"
    etree.SubElement(metadata, "schemaversion").text = "1.1.3"
    etree.SubElement(root, "organizations")
    resources = etree.SubElement(root, "resources")
    quiz = etree.SubElement(resources, "resource", identifier="quizapp", type="imsqti_xmlv1p2")
    etree.SubElement(quiz, "file", href=QUIZ)
    etree.SubElement(quiz, "dependency", identifierref="quizapp_meta")
    meta = etree.SubElement(resources, "resource", identifier="quizapp_meta", type=LAR, href=META)
    etree.SubElement(meta, "file", href=META)
    for number, path in enumerate(sorted(media), 1):
        resource = etree.SubElement(
            resources, "resource", identifier=f"media_{number}", type="webcontent", href=quote(path)
        )
        etree.SubElement(resource, "file", href=quote(path))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
