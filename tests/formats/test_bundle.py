"""Zips of question files: each member is read in its own format; what operating systems add is passed over."""

from __future__ import annotations

import io
import zipfile

import pytest

from quizapp.formats import FORMATS, aiken, anki, bundle, gift, kahoot, moodle_xml, qti12, qti21, xlsx_sheet
from quizapp.formats.archive import open_archive
from quizapp.formats.bundle import zipped
from quizapp.formats.detect import detect


def test_every_member_is_read_in_its_format() -> None:
    data = zipped(
        {
            "1반/가.gift": gift.SAMPLE,
            "1반/나.xml": moodle_xml.SAMPLE,
            "2반/다.xlsx": xlsx_sheet.SAMPLE,
            "2반/라.txt": aiken.SAMPLE,
            "그림.png": b"\x89PNG\r\n\x1a\n\0\0",
        }
    )
    assert detect(data, "반.zip") == "zip"
    reading = bundle.read(data)
    parts = [FORMATS[name].read(FORMATS[name].SAMPLE) for name in ("gift", "moodle-xml", "xlsx", "aiken")]
    assert [item.content() for item in reading.items] == [item.content() for part in parts for item in part.items]
    assert reading.found == sum(part.found for part in parts)
    assert {item.provenance["place"].partition(":")[0] for item in reading.items} == {
        "1반/가.gift", "1반/나.xml", "2반/다.xlsx", "2반/라.txt"
    }  # fmt: skip
    assert [(problem.place, problem.severity) for problem in reading.problems if problem.code == "member"] == [
        ("그림.png", "loss")
    ]


def test_problems_are_named_by_member_and_line() -> None:
    reading = bundle.read(zipped({"a.gift": b"Q{T}", "b.gift": b"\nQ{=a ~b", "c.xml": b"<quiz><question"}))
    assert [(problem.place, problem.line, problem.code) for problem in reading.errors] == [
        ("b.gift", 2, "braces"),
        ("c.xml", 1, "unreadable"),
    ]
    assert (reading.found, len(reading.items), reading.failed) == (2, 1, 1)


@pytest.mark.parametrize("files", [{}, {"a.png": b"\x89PNG"}, {"b.zip": zipped({"a.gift": b"Q{T}"})}])
def test_a_zip_without_question_files_says_so(files: dict[str, bytes]) -> None:
    reading = bundle.read(zipped(files))
    assert [problem.code for problem in reading.errors] == ["empty"]
    assert reading.items == []


@pytest.mark.parametrize("form", [qti12, qti21, xlsx_sheet, kahoot, anki], ids=lambda form: form.NAME)
def test_packages_of_other_formats_stay_theirs(form) -> None:
    assert bundle.sniff(form.SAMPLE) == 0
    assert detect(form.SAMPLE, "x.zip") == form.NAME


@pytest.mark.parametrize("form", [bundle, qti21, kahoot, xlsx_sheet, anki], ids=lambda form: form.NAME)
def test_what_macos_adds_is_passed_over(form) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, data in open_archive(form.SAMPLE).items():
            package.writestr(name, data)
            folder, _, last = name.rpartition("/")
            package.writestr(f"__MACOSX/{folder}/._{last}", b"\0\5\x16\7 Mac OS X")
            package.writestr(f"{folder}/._{last}".lstrip("/"), b"\0\5\x16\7 Mac OS X")
        package.writestr(".DS_Store", b"\0\0\0\1Bud1")
    assert detect(out.getvalue(), "x.zip") == form.NAME
    again, once = form.read(out.getvalue()), form.read(form.SAMPLE)
    assert [item.content() for item in again.items] == [item.content() for item in once.items]
    assert [problem.message for problem in again.problems] == [problem.message for problem in once.problems]


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"[html]<p>Which?</p> {=a ~b}", "x.gift", "gift"),
        (b"[html]<p>Which?</p> {=a ~b}", "", "gift"),
        (b"[markdown]Why *so*? {}", "", "gift"),
        (b"{\\rtf1\\ansi Which?}", "x.rtf", None),
        (b"{\\rtf1\\ansi Which?}", "", None),
        (b"[1, 2]", "", "json"),
        (b"{}", "", "json"),
        (b'{\n "items": []}', "", "json"),
    ],
)
def test_what_only_looks_like_json(data: bytes, name: str, expected: str | None) -> None:
    assert detect(data, name) == expected
