"""A zip of question files, read only: each member is read in its own format, and its problems are named by member.

Members that hold no questions are named as left out. Packages of other systems (QTI, Common Cartridge, Anki) and
workbooks are zips too, but have formats of their own.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import PurePath

from quizapp.errors import N_, Problem
from quizapp.formats import gift, moodle_xml
from quizapp.formats.archive import Archive, open_archive
from quizapp.formats.base import FormatError, Reading, Told, refuse_uncarried, unreadable
from quizapp.formats.collector import TOO_MANY_QUESTIONS, Collector, drop_shared_id
from quizapp.formats.detect import detect
from quizapp.formats.items import Item
from quizapp.formats.losses import loss

NAME = "zip"
LABEL = N_("Zip of question files (read only)")
SUFFIXES = (".zip",)
MIME = "application/zip"
MAX_MEMBERS = 2_000
"""Each of them is looked at by every format."""

OWN = ("imsmanifest.xml", "[content_types].xml", "mimetype", "collection.anki2", "collection.anki21",
       "document.xml", "section0.xml")  # fmt: skip
"""Members by which a package of another format is known."""


def is_bundle(archive: Archive) -> bool:
    from quizapp.formats import FORMATS  # the formats' package imports its modules first

    names = [PurePath(name.lower()) for name in archive]
    suffixes = {suffix for form in FORMATS.values() for suffix in form.SUFFIXES} - {".zip"}
    own = any(path.name in OWN or path.parts[0] == "non_cc_assessments" for path in names)
    return not own and any(path.suffix in suffixes for path in names)


def sniff(data: bytes) -> float:
    """Surer than formats that find their marks in members that aren't compressed."""
    if not data.startswith(b"PK"):
        return 0.0
    try:
        return 0.97 if is_bundle(open_archive(data)) else 0.0
    except FormatError:
        return 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        archive = open_archive(data)
    except FormatError as error:
        return unreadable(error)
    if len(archive) > MAX_MEMBERS:
        return unreadable(
            FormatError(
                N_("The package holds more than %(limit)s files. Split it into smaller ones."), limit=MAX_MEMBERS
            )
        )
    collector = Collector(NAME)
    first: dict[str, Item] = {}
    for name in archive:
        if collector.is_full:
            collector.report([TOO_MANY_QUESTIONS], place=name)
            break
        try:
            add(collector, name, separate(read_member(name, archive[name], language), first))
        except FormatError as error:
            add(collector, name, unreadable(error))
    if not collector.reading.found:
        problem = N_("The package holds no file of questions.")
        mend = N_("Put files such as .gift, .xml, .csv or .xlsx into it, or upload them one by one.")
        collector.report([Problem(problem, code="empty", mend=mend)])
    return collector.reading


def read_member(name: str, data: bytes, language: str | None) -> Reading:
    """The questions of one file."""
    from quizapp.formats import FORMATS  # the formats' package imports its modules first

    form = detect(data, name)
    if form is None or form == NAME:
        return Reading(problems=[loss(N_("This file holds no questions and is left out."), "member")])
    return FORMATS[form].read(data, language)


def separate(part: Reading, first: dict[str, Item]) -> Reading:
    """The part without ids that are other questions' in members before it."""
    before = dict(first)
    for item in part.items:
        if item.id in before:
            part.problems += (
                problem.at(line=item.provenance.get("line")) for problem in drop_shared_id(item, before[item.id])
            )
        elif item.id:
            first[item.id] = item
    return part


def add(collector: Collector, name: str, part: Reading) -> None:
    """Take over what one member held."""
    for item in part.items:
        item.provenance["place"] = placed(name, str(item.provenance.get("place", "")))
    part.problems = [problem.at(place=placed(name, problem.place)) for problem in part.problems]
    if collector.take_over(part):
        collector.report([TOO_MANY_QUESTIONS], place=name)


def placed(member: str, place: str) -> str:
    return f"{member}: {place}" if place else member


def carries(item: Item) -> list[Problem]:
    return [
        Problem(N_("A zip of question files can be read, but not written. Choose another format."), code="read-only")
    ]


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    """Refused for any item; without questions it is an empty zip."""
    refuse_uncarried(list(items), carries, told)
    return zipped({})


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


SAMPLE = zipped({"gift/questions.gift": gift.SAMPLE, "moodle/questions.xml": moodle_xml.SAMPLE})
