"""The three doors through which every file comes: text, XML and zip packages."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.formats import archive, collector, gift, text
from quizapp.formats.archive import open_archive
from quizapp.formats.base import FormatError
from quizapp.formats.text import ENCODINGS, decode, opening, recode
from quizapp.formats.xml import parse

# --- text ---


@pytest.mark.parametrize("source", ["안녕하세요 hello\n", "가나다라", "What? A) b\n", "가 나\n다: {라}", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949"])
def test_every_encoding_is_told(source, encoding):
    found, _ = decode(source.encode(encoding))
    assert found == source
    assert opening(source.encode(encoding)) == source


@pytest.mark.parametrize(
    ("data", "encoding"), [(b"a", "utf-8"), ("가".encode("cp949"), "cp949"), (b"\xff\xfea\0", "utf-16")]
)
def test_the_encoding_is_named(data, encoding):
    assert decode(data)[1] == encoding


def test_newlines_and_letters_have_one_form():
    assert decode("a\r\nb\rc\n\u1100\u1161".encode())[0] == "a\nb\nc\n가"


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"a\nb\n\xff\xff\xff", 3), (b"a\r\nb\0", 2), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 1), (b"\xef\xbb\xbf\na\xff", 2)],
)
def test_what_is_no_text_is_refused_with_its_line(data, line):
    with pytest.raises(FormatError) as refused:
        decode(data)
    assert refused.value.values["line"] == line


@pytest.mark.parametrize(
    ("source", "written", "named"),
    [
        ("서울 a\n", "utf-8", "utf-8"),
        ("서울 a\n", "utf-8-sig", "utf-8"),
        ("서울 a\n", "utf-16", "utf-16"),
        ("서울 a\n", "utf-16-le", "utf-16"),
        ("서울 a\n", "utf-16-be", "utf-16"),
        ("서울 a\n", "cp949", "cp949"),
        ("Ünïcôde “é”\n", "cp1252", "cp1252"),
        ("5 €\n", "iso-8859-15", "iso-8859-15"),
        ("東京のテスト\n", "shift_jis", "shift_jis"),
        ("北京考试\n", "gb18030", "gb18030"),
    ],
)
def test_an_encoding_that_is_named_counts(source, written, named):
    assert decode(recode(source.encode(written), named)) == (source, "utf-8-sig")


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_that_can_be_named_is_known(name):
    assert decode(recode("a\n".encode(name), name))[0] == "a\n"


def test_a_wrong_encoding_is_refused_with_its_line():
    with pytest.raises(FormatError, match="line 2 on, this is not text in UTF-8") as refused:
        recode("a\n가".encode("cp949"), "utf-8")
    assert refused.value.values["line"] == 2


def test_a_named_encoding_outweighs_the_declared_one():
    assert parse(recode("<?xml version='1.0' encoding='ISO-8859-1'?><a>가</a>".encode("cp949"), "cp949")).text == "가"


def test_a_package_is_not_recoded():
    assert recode(b"PK\x03\x04\xff", "utf-8") == b"PK\x03\x04\xff"


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(text, "MAX_BYTES", 10)
    with pytest.raises(FormatError, match="larger"):
        decode(b"x" * 11)


def test_a_file_with_too_many_questions_says_so_once(monkeypatch):
    monkeypatch.setattr(collector, "MAX_QUESTIONS", 3)
    reading = gift.read(b"\n\n".join(b"Number %d {T}" % number for number in range(6)))
    assert (len(reading.items), reading.found, reading.failed) == (3, 4, 1)
    assert [(problem.code, problem.line) for problem in reading.problems] == [("many", 7)]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=50))
def test_utf8_is_always_taken_for_utf8(source):
    decode(source.encode())


@given(st.binary(max_size=100))
def test_opening_never_fails(data):
    opening(data, 50)


# --- XML ---


@pytest.mark.parametrize(
    "data",
    [
        b"<a>\xea\xb0\x80</a>",
        "<?xml version='1.0' encoding='utf-16'?><a>가</a>".encode("utf-16"),
        "<?xml version='1.0' encoding='euc-kr'?><a>가</a>".encode("cp949"),
        "<a>가</a>".encode("cp949"),
        "<a>\u1100\u1161</a>".encode(),
        b"<!-- <!DOCTYPE x> --><?pi <!DOCTYPE?><a><!-- no -->\xea\xb0\x80<?pi?></a>",
        b"<a><![CDATA[\xea\xb0\x80]]></a>",
        b"\xef\xbb\xbf\n<a>&#xAC00;</a>",
    ],
)
def test_xml_in_every_encoding(data):
    assert parse(data).text == "가"


def test_a_declared_single_byte_encoding_is_kept():
    assert parse("<?xml version='1.0' encoding='ISO-8859-1'?><a>é café</a>".encode("latin-1")).text == "é café"


def test_lines_are_kept_beyond_16_bits():
    assert parse(b"<a>" + b"\n" * 70_000 + b"<b/></a>")[0].sourceline == 70_001


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"<!DOCTYPE a><a/>", 1),
        (b"<?xml version='1.0'?>\n<!-- c -->\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", 3),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".encode("utf-16-le"), 1),
        (b"<a>\n&b;</a>", 2),
        (b"<a>\n<b></a>", 2),
        (b"<a>\x0b</a>", 1),
        (b"", 1),
        (b"no xml", 1),
        (b"<a>" * 5000, 1),
    ],
)
def test_unsafe_or_broken_xml_is_refused_with_its_line(data, line):
    with pytest.raises(FormatError) as refused:
        parse(data)
    assert refused.value.values["line"] == line


def test_xml_that_is_nested_too_deeply_is_refused():
    parse(b"<a>" * 90 + b"</a>" * 90)
    with pytest.raises(FormatError, match="levels deep"):
        parse(b"<a>" * 150 + b"</a>" * 150)


@pytest.mark.parametrize("data", [b"<?xml " + b"<?" * 500_000, b"<!--" + b"--!" * 500_000, b" " * 1_000_000])
def test_no_prologue_takes_long(data):
    begin = time.process_time()
    with pytest.raises(FormatError):
        parse(data)
    assert time.process_time() - begin < 2


# --- zip packages ---


def package(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, data in members:
            made.writestr(name, data)
    return out.getvalue()


def test_members_are_read_by_name():
    files = open_archive(package(("b/c.xml", b"1"), ("b/", b""), ("a.txt", b"22"), ("./d", b"3"), ("e\\f", b"4")))
    assert dict(files) == {"b/c.xml": b"1", "a.txt": b"22", "d": b"3", "e/f": b"4"}
    assert (files.size("a.txt"), "a.txt" in files, "x" in files, files.get("x")) == (2, True, False, None)


def test_names_in_korean_are_read_however_they_were_written():
    decomposed, composed = "\u1100\u1161.xml", "가.xml"
    assert list(open_archive(package((decomposed, b"")))) == [composed]
    cp949 = package(("AA.xml", b"1")).replace(b"AA", "가".encode("cp949"))
    assert list(open_archive(cp949)) == [composed]
    assert open_archive(cp949)[decomposed] == b"1"


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "C:/a", "\\a", "a\\..\\b"])
def test_names_that_lead_outside_are_refused(name):
    with pytest.raises(FormatError, match="unsafe name"):
        open_archive(package((name, b"x")))


def test_links_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        made.writestr(info, "/etc/passwd")
    with pytest.raises(FormatError, match="link"):
        open_archive(out.getvalue())


def test_encrypted_packages_are_refused():
    data = bytearray(package(("a", b"x")))
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, 1)
    with pytest.raises(FormatError, match="encrypted"):
        open_archive(bytes(data))


def test_other_ways_of_packing_are_refused():
    with pytest.raises(FormatError, match="plain zip"):
        open_archive(package(("a", b"x" * 100), compression=zipfile.ZIP_LZMA))


def test_bombs_are_refused_before_anything_is_unpacked():
    bomb = package(*((str(number), b"\0" * 3_000_000) for number in range(5)))
    assert len(bomb) < 100_000
    with pytest.raises(FormatError, match="Unpacked"):
        open_archive(bomb)


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "MAX_FILES", 3)
    with pytest.raises(FormatError, match="more than 3"):
        open_archive(package(*((str(number), b"") for number in range(4))))


@given(st.data())
def test_a_damaged_package_is_a_format_error_at_most(data):
    whole = package(("a.xml", b"<a>" * 50), ("b.txt", b"hello"))
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    damaged = damaged[: data.draw(st.integers(0, len(damaged)))]
    with suppress(FormatError):
        dict(open_archive(bytes(damaged)))
