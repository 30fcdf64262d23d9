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
from quizapp.formats.base import FormatError, Reading, refuse_uncarried, unreadable
from quizapp.formats.collector import MAX_QUESTIONS, freed
from quizapp.formats.detect import detect
from quizapp.formats.items import Item
from quizapp.formats.losses import loss

NAME = "zip"
LABEL = N_("Zip of question files (read only)")
SUFFIXES = (".zip",)
MIME = "application/zip"

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
    whole = Reading()
    first: dict[str, Item] = {}
    for name in archive:
        try:
            add(whole, name, separate(read_member(name, archive[name], language), first))
        except FormatError as error:
            add(whole, name, unreadable(error))
    if not whole.found:
        whole.problems.append(
            Problem(N_("The package holds no file of questions."), code="empty",
                    mend=N_("Put files such as .gift, .xml, .csv or .xlsx into it, or upload them one by one."))
        )  # fmt: skip
    return whole


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
            part.problems += (problem.at(line=item.provenance.get("line")) for problem in freed(item, before[item.id]))
        elif item.id:
            first[item.id] = item
    return part


def add(whole: Reading, name: str, part: Reading) -> None:
    """Take over what one member held, up to as many questions as a file may hold."""
    room = max(0, MAX_QUESTIONS - len(whole.items))
    over = part.items[room:]
    for item in part.items[:room]:
        item.provenance["place"] = placed(name, str(item.provenance.get("place", "")))
        whole.items.append(item)
    whole.found += part.found
    whole.skipped += part.skipped
    whole.failed += part.failed + len(over)
    whole.problems += (problem.at(place=placed(name, problem.place)) for problem in part.problems)
    if over:
        said = N_("A file may hold %(limit)s questions at most; this one and all after it were left out.")
        whole.problems.append(Problem(said, {"limit": MAX_QUESTIONS}, code="many", place=name))
    whole.title = whole.title or part.title


def placed(member: str, place: str) -> str:
    return f"{member}: {place}" if place else member


def carries(item: Item) -> list[Problem]:
    return [Problem(N_("A zip of question files can be read, not written. Choose another format."), code="read-only")]


def write(items: Iterable[Item]) -> bytes:
    """Refused for any item; without questions it is an empty zip."""
    refuse_uncarried(list(items), carries)
    return zipped({})


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


SAMPLE = zipped({"gift/questions.gift": gift.SAMPLE, "moodle/questions.xml": moodle_xml.SAMPLE})
