"""Files that are made to fill the memory or to take for ever: each is refused soon, as a problem, in bounded memory."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from quizapp.formats import qti12, qti21, workbook, xlsx_sheet
from quizapp.formats.archive import open_archive
from quizapp.formats.base import FormatError, Reading
from quizapp.formats.qti import documents as qti_documents
from quizapp.formats.qti import package_reader as qti_package
from tests.formats.qti_round_trip import package
from tests.formats.test_qti12 import ABC, STEM, eq, item, lid, quiz, when
from tests.formats.test_qti12 import document as quizzes
from tests.formats.test_qti21 import choice, declare, source

MEGABYTE = 1024 * 1024
ONE = source(choice(), declare("A"))
MOST_MEMORY = 300
MOST_TIME = 20
"""Seconds of the processor, on a slow machine too."""
NOISE = random.Random(0).randbytes(MEGABYTE)
"""Put beside the rest of a package so that it doesn't shrink too well."""

CHILD = r"""
import importlib, pathlib, re, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[3]), int(sys.argv[3])))
form = importlib.import_module("quizapp.formats." + sys.argv[1])
data = open(sys.argv[2], "rb").read()
form.sniff(data)
reading = form.read(data)
peak = re.search(r"VmHWM:\s+(\d+)", pathlib.Path("/proc/self/status").read_text())  # its own, not its parent's
print(int(peak[1]) // 1024, len(reading.items), reading.failed, *[problem.code for problem in reading.problems[:3]])
"""


def packed(files: Mapping[str, bytes | str], blanks: str = "") -> bytes:
    """A zip of these files; the one of the name `blanks` goes on with very many of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            with made.open(name, "w") as member:
                member.write(data.encode() if isinstance(data, str) else data)
                for _ in range(500 if name == blanks else 0):
                    member.write(b" " * MEGABYTE)
    return out.getvalue()


def lying(data: bytes, name: str, size: int) -> bytes:
    """The zip, its headers saying that a member has another size."""
    changed = bytearray(data)
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(name.encode()))
    local = struct.unpack_from("<I", data, at + 42)[0]
    struct.pack_into("<I", changed, at + 24, size)
    struct.pack_into("<I", changed, local + 22, size)
    return bytes(changed)


def in_a_child(form: str, data: bytes, folder: Path) -> list[str]:
    """What reading gives in a process of its own: items, failed, and the codes of the first problems."""
    path = folder / "file"
    path.write_bytes(data)
    command = [sys.executable, "-c", CHILD, form, str(path), str(MOST_TIME)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    peak, *rest = done.stdout.split()
    assert int(peak) < MOST_MEMORY
    return rest


def sheet(rows: str, **parts: str | bytes) -> bytes:
    """A workbook with these rows and other parts."""
    with zipfile.ZipFile(io.BytesIO(xlsx_sheet.SAMPLE)) as read:
        files: dict[str, bytes | str] = {name: read.read(name) for name in read.namelist()}
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    files["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    files.update({f"xl/{name}.xml": data for name, data in parts.items()})
    return packed({**files, "noise": NOISE})


def cases(small: Mapping[str, Any], large: Mapping[str, Any]) -> list[Any]:
    """Parameters by their names; the large ones are for `make explore`."""
    return [
        *(pytest.param(case, id=name) for name, case in small.items()),
        *(pytest.param(case, id=name, marks=pytest.mark.explore) for name, case in large.items()),
    ]


# --- zips that lie ---


def test_a_member_is_never_unpacked_beyond_its_said_size() -> None:
    files = open_archive(lying(packed({"a.xml": b""}, "a.xml"), "a.xml", 1000))
    with pytest.raises(FormatError, match="can't be unpacked"):
        files["a.xml"]
    with pytest.raises(FormatError, match="can't be unpacked"):
        list(files.pieces("a.xml"))


def test_a_lying_package_takes_little_memory(tmp_path: Path) -> None:
    data = lying(packed({"b.xml": ONE, "a.xml": ONE}, "a.xml"), "a.xml", 2000)
    assert in_a_child("qti21", data, tmp_path) == ["1", "1", "unreadable"]


def test_a_lying_picture_costs_no_question(tmp_path: Path) -> None:
    one = source(choice(before='<p>See <img src="p.png" alt="x"/></p>'), declare("A"))
    data = lying(packed({"a.xml": one, "p.png": b""}, "p.png"), "p.png", 2000)
    assert in_a_child("qti21", data, tmp_path) == ["1", "0", "missing-media"]


def test_a_lying_workbook_takes_little_memory(tmp_path: Path) -> None:
    name = "xl/workbook.xml"
    data = lying(packed({"[Content_Types].xml": "<Types/>", name: "<workbook/>"}, name), name, 2000)
    assert in_a_child("xlsx_sheet", data, tmp_path) == ["0", "0", "unreadable"]


def test_packages_in_packages_are_not_opened() -> None:
    inner = packed({"a.xml": ONE})
    reading = qti21.read(package({"a.zip": inner, "b.xml": ONE}))
    assert (len(reading.items), reading.problems) == (1, [])


@pytest.mark.parametrize("name", ["../a.xml", "/etc/a.xml", "C:\\a.xml", "a/..\\..\\b.xml"])
def test_unsafe_names_are_a_problem(name: str) -> None:
    for form in (qti12, qti21):
        assert refusal(form.read(package({name: ONE}))) == "unreadable"
        assert form.sniff(package({name: ONE})) == 0


def refusal(reading: Reading) -> str:
    assert (reading.items, len(reading.problems)) == ([], 1)
    return reading.problems[0].code


# --- much in little: XML ---

Case = Callable[[], tuple[str, bytes, list[str]]]
"""Made when it is needed: the format, the file, and what reading gives."""

MANY: dict[str, Case] = {
    "elements": lambda: ("qti21", ONE.replace(b"What?", b"What?" + b"<b/>" * 1_500_000), ["0", "0", "unreadable"]),
    "item": lambda: ("qti21", ONE.replace(b"What?", b"What?" + b"<b/>" * 900_000), ["0", "1", "huge"]),
    "item-1.2": lambda: (
        "qti12",
        quiz("Q").replace(b"<presentation>", b"<presentation>" + b"<b/>" * 900_000),
        ["0", "1", "huge"],
    ),
    "attributes": lambda: (
        "qti21",
        b"<assessmentItem " + b" ".join(b'a%d=""' % number for number in range(200_000)) + b"/>",
        ["0", "1", "no-text"],
    ),
    "attributes-1.2": lambda: (
        "qti12",
        b"<questestinterop>" + b'<a b="" c=""/>' * 800_000 + b"</questestinterop>",
        ["0", "0", "unreadable"],
    ),
    "deep": lambda: ("qti21", b"<assessmentItem>" + b"<b>" * 3_000_000, ["0", "0", "unreadable"]),
    "manifest": lambda: (
        "qti21",
        packed({
            "imsmanifest.xml": "<manifest><resources>" + '<resource href="x"/>' * 800_000 + "</resources></manifest>",
            "noise": NOISE,
            "a.xml": ONE,
        }),
        ["1", "0", "unreadable"],
    ),
}  # fmt: skip
LARGE: dict[str, Case] = {
    "questions": lambda: ("qti12", quizzes("<item/>" * 1_000_000), ["0", "0", "unreadable"]),
    "references": lambda: (
        "qti21",
        packed({
            "t.xml": '<assessmentTest title="t">' + '<testPart><assessmentItemRef href="x"/></testPart>' * 200_000
            + "</assessmentTest>",
            "noise": NOISE,
            "a.xml": ONE,
        }),
        ["1", "0", "missing-item", "missing-item", "missing-item"],
    ),
    "attribute": lambda: (
        "qti21",
        b'<assessmentItem title="' + b"x" * 30 * MEGABYTE + b'"/>',
        ["0", "0", "unreadable"],
    ),
    "long": lambda: ("qti12", quiz("x" * 60 * MEGABYTE), ["0", "0", "unreadable"]),
}  # fmt: skip


@pytest.mark.parametrize("case", cases(MANY, LARGE))
def test_many_things_in_one_file(case: Case, tmp_path: Path) -> None:
    form, data, wanted = case()
    assert in_a_child(form, data, tmp_path) == wanted


def test_sections_that_name_themselves_end() -> None:
    section = "<assessmentSection>" + '<assessmentSectionRef href="s.xml"/>' * 3 + "</assessmentSection>"
    test = f'<assessmentTest title="t"><testPart>{section}</testPart></assessmentTest>'
    reading = qti21.read(package({"t.xml": test, "s.xml": section, "q.xml": ONE}))
    assert (len(reading.items), reading.errors) == (1, [])


def test_sections_that_name_each_other_in_a_long_row_end() -> None:
    nest, end = "<assessmentSection>" * 50, "</assessmentSection>" * 50
    rows = {f"s{number}.xml": f'{nest}<assessmentSectionRef href="s{number + 1}.xml"/>{end}' for number in range(60)}
    test = '<assessmentTest title="t"><testPart><assessmentSectionRef href="s0.xml"/></testPart></assessmentTest>'
    assert len(qti21.read(package({"t.xml": test, **rows, "q.xml": ONE})).items) == 1


# --- what many questions share ---


def shared_stimulus(count: int, picture: bytes) -> dict[str, bytes | str]:
    stimulus = (
        '<assessmentStimulus><stimulusBody><p>Read <img src="p.png" alt="x"/></p></stimulusBody></assessmentStimulus>'
    )
    one = ONE.replace(b"<itemBody>", b'<assessmentStimulusRef href="s.xml"/><itemBody>')
    items = {f"q{number}.xml": one.replace(b'"q1"', f'"q{number}"'.encode()) for number in range(count)}
    return {"s.xml": stimulus, "p.png": picture, **items}


def test_a_shared_text_and_picture_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    read = qti_package.QtiPackage.parsed
    monkeypatch.setattr(qti_package.QtiPackage, "parsed", lambda self, name: (parsed.append(name), read(self, name))[1])
    reading = qti21.read(package(shared_stimulus(5, b"picture")))
    assert parsed.count("s.xml") <= 2  # once to see that it is no item
    assert len({id(found.media[0].data) for found in reading.items}) == 1
    assert {found.stimulus["en"] for found in reading.items} == {'Read <img src="media:p.png" alt="x">'}
    assert len({id(found.media[0]) for found in reading.items}) == len(reading.items) == 5


def test_a_picture_of_a_shared_text_makes_way_for_the_question_s_own() -> None:
    files = shared_stimulus(1, b"shared")
    files["q0.xml"] = bytes(files["q0.xml"]).replace(b"What?", b'What? <img src="own/p.png" alt="y"/>')  # type: ignore[arg-type]
    (found,) = qti21.read(package({**files, "own/p.png": b"own"})).items
    assert {one.name: one.data for one in found.media} == {"p.png": b"own", "p-2.png": b"shared"}
    assert "media:p-2.png" in found.stimulus["en"]
    assert "media:p.png" in found.stem["en"]


def test_a_package_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qti_package, "MAX_UNPACKED", 5000)
    reading = qti21.read(package({"a.xml": ONE, "p.png": bytes(6000)}))
    assert refusal(reading) == "unreadable"
    assert "Unpacked" in reading.problems[0].message


def test_a_package_that_is_parsed_again_and_again_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qti_package, "MAX_PARSED", len(ONE) * 5 // 2)
    reading = qti21.read(package({f"{number}.xml": ONE.replace(b"q1", b"q%d" % number) for number in range(4)}))
    assert (len(reading.items), reading.failed) == (2, 2)


def test_one_file_too_large_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qti_documents, "MAX_XML", 5000)
    reading = qti21.read(package({"a.xml": ONE, "b.xml": ONE + b" " * 5000}))
    assert (len(reading.items), [one.place for one in reading.errors]) == (1, ["b.xml"])


def test_ten_thousand_questions_in_one_file_are_read() -> None:
    one = item(STEM + lid(ABC), when(eq("A")), "multiple_choice_question")
    many = quizzes("".join(one.replace('ident="', f'ident="{number}-', 1) for number in range(10_000)))
    reading = qti12.read(many)
    assert (reading.found, reading.failed, len(reading.items)) == (10_000, 0, 10_000)


# --- workbooks ---

CELL = "<c t='inlineStr'><is><t>a</t></is></c>"
BOOKS = {
    "cells": lambda: sheet(f"<row>{CELL * 2_000_000}</row>"),
    "rows": lambda: sheet(f"<row>{CELL}</row>" * 1_200_000),
    "styles": lambda: sheet("", styles="<styleSheet><cellXfs>" + "<xf/>" * 2_000_000 + "</cellXfs></styleSheet>"),
    "deep": lambda: sheet("", workbook="<workbook>" + "<a>" * 500_000 + "</a>" * 500_000 + "</workbook>"),
}
LARGE_BOOKS = {
    "attribute": lambda: sheet("<row><c r='" + "A" * 20 * MEGABYTE + "'/></row>"),
    "number": lambda: sheet("<row><c><v>" + "9" * 20 * MEGABYTE + "</v></c></row>"),
}


@pytest.mark.parametrize("book", cases(BOOKS, LARGE_BOOKS))
def test_workbooks_that_would_take_long(book: Callable[[], bytes], tmp_path: Path) -> None:
    assert in_a_child("xlsx_sheet", book(), tmp_path) == ["0", "0", "unreadable"]


def test_entities_of_a_workbook_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
    assert refusal(xlsx_sheet.read(sheet("", workbook=bomb)))


def test_the_bounds_leave_room_for_a_full_workbook() -> None:
    """As many rows as are taken, with a dozen filled cells each."""
    assert workbook.MAX_ROWS * (12 * 4 + 1) < workbook.MAX_TAGS
