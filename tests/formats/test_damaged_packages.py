"""QTI packages of which one member is damaged: only its questions are lost, and what is wrong is said of it."""

from __future__ import annotations

import io
import zipfile
from types import ModuleType

import pytest

from quizapp.formats import qti12, qti21, qti30
from quizapp.formats.base import Reading
from quizapp.formats.detect import detect
from tests.formats.qti_round_trip import package

QTI2 = [pytest.param(qti21, id="2.1"), pytest.param(qti30, id="3.0")]
EVERY = [pytest.param(qti12, id="1.2"), *QTI2]
MEMBERS = {qti12: "non_cc_assessments/b.xml.qti", qti21: "items/q0002.xml", qti30: "items/q0002.xml"}


def whole(form: ModuleType) -> dict[str, bytes]:
    """The members of a package with several files of questions."""
    with zipfile.ZipFile(io.BytesIO(form.write(form.read(form.SAMPLE).items))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    if form is qti12:
        quiz = files["quizapp/quizapp.xml"]
        for number, name in enumerate(("non_cc_assessments/a.xml.qti", MEMBERS[qti12])):
            files[name] = quiz.replace(b'ident="quizapp"', f'ident="quiz{number}"'.encode())
    return files


def is_whole(reading: Reading) -> bool:
    return reading.found == len(reading.items) + reading.skipped + reading.failed


def doctype(data: bytes) -> bytes:
    return b'<!DOCTYPE x [<!ENTITY a "b">]>\n' + data.partition(b"?>\n")[2]


DAMAGES = {
    "cut": lambda data: data[: len(data) * 2 // 3],
    "tag": lambda data: data.replace(b"</", b"<", 1),
    "doctype": doctype,
    "encoding": lambda data: data.replace(b">", b">\n\xff\xfe\xfa\n", 3),
    "zeros": lambda data: bytes(len(data)),
    "empty": lambda data: b"",
    "no-xml": lambda data: b"not found",
    "deep": lambda data: data[:-200] + b"<p>" * 300,
}


@pytest.mark.parametrize("form", EVERY)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_member_loses_its_own_questions_only(form: ModuleType, damage: str) -> None:
    files, name = whole(form), MEMBERS[form]
    before = form.read(package({key: data for key, data in files.items() if key != name}))
    reading = form.read(package({**files, name: DAMAGES[damage](files[name])}))
    assert [item.content_hash() for item in reading.items] == [item.content_hash() for item in before.items]
    assert reading.failed == 1
    assert is_whole(reading)
    (problem,) = reading.errors
    assert (problem.code, problem.place) == ("unreadable", name)
    assert problem.mend
    assert problem.line or damage == "deep"


@pytest.mark.parametrize("form", EVERY)
def test_a_member_that_cannot_be_unpacked_loses_its_own_questions_only(form: ModuleType) -> None:
    files, name = whole(form), MEMBERS[form]
    data = package(files)  # nothing is packed, so that its bytes can be found
    at = data.index(files[name])
    reading = form.read(data[: at + 500] + b"#" + data[at + 501 :])
    others = form.read(package({key: found for key, found in files.items() if key != name}))
    assert (len(reading.items), reading.failed) == (len(others.items), 1)
    assert [(problem.place, bool(problem.mend)) for problem in reading.errors] == [(name, True)]


@pytest.mark.parametrize("form", EVERY)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_manifest_costs_no_question(form: ModuleType, damage: str) -> None:
    files = whole(form)
    data = package({**files, "imsmanifest.xml": DAMAGES[damage](files["imsmanifest.xml"])})
    reading = form.read(data)
    assert len(reading.items) == len(form.read(package(files)).items)
    assert (reading.failed, reading.errors) == (0, [])
    warned = [one for one in reading.problems if one.code == "unreadable"]
    assert [(one.severity, one.place, bool(one.mend)) for one in warned] == [("warning", "imsmanifest.xml", True)]
    assert detect(data) == form.NAME


@pytest.mark.parametrize("form", QTI2)
@pytest.mark.parametrize("damage", ["cut", "empty"])
def test_a_damaged_test_costs_no_question(form: ModuleType, damage: str) -> None:
    files = whole(form)
    reading = form.read(package({**files, "test.xml": DAMAGES[damage](files["test.xml"])}))
    assert len(reading.items) == len(form.read(package(files)).items)
    warned = [one for one in reading.problems if one.code == "unreadable"]
    assert [(one.severity, one.place) for one in warned] == [("warning", "test.xml")]


def test_damaged_settings_cost_no_question() -> None:
    files = whole(qti12)
    reading = qti12.read(package({**files, "quizapp/assessment_meta.xml": b""}))
    assert len(reading.items) == len(qti12.read(package(files)).items)
    assert [(one.severity, one.place) for one in reading.problems if one.code == "unreadable"] == [
        ("warning", "quizapp/assessment_meta.xml")
    ]


@pytest.mark.parametrize("form", EVERY)
def test_damaged_files_of_other_kinds_are_passed_over(form: ModuleType) -> None:
    listed = b'<resource type="webcontent" href="page.xml"><file href="page.xml"/></resource></resources>'
    files = whole(form)
    files["imsmanifest.xml"] = files["imsmanifest.xml"].replace(b"</resources>", listed)
    reading = form.read(package({**files, "page.xml": b"", "page.txt": b"<"}))
    assert (reading.failed, [one for one in reading.problems if one.code == "unreadable"]) == (0, [])
