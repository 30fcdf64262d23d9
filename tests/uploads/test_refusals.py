"""Files that hold no questions that could be read: each is refused with words that help."""

from __future__ import annotations

import io
import zipfile

import pytest

from quizapp.formats.items import Item
from quizapp.uploads.content import ReadingOptions
from quizapp.uploads.reading import content_in

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500


def zip_of(name: str, data: bytes = b"x") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, data)
    return out.getvalue()


def refused(data: bytes, name: str, form: str = "") -> tuple[str, str]:
    content = content_in(data, name, ReadingOptions(form))
    assert (content.form, content.reading.items, len(content.reading.problems)) == ("", [], 1)
    problem = content.reading.problems[0]
    assert problem.is_error
    return problem.message, problem.mend


@pytest.mark.parametrize(
    ("data", "name", "word", "mend"),
    [
        (OLE + "FileHeader".encode("utf-16-le"), "시험.hwp", ".hwp", "HWPX"),
        (b"HWP Document File V3.00 \x1a", "시험.hwp", ".hwp", "HWPX"),
        (OLE + "WordDocument".encode("utf-16-le"), "exam.doc", ".doc", ".docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "exam.docx", "password", "password"),
        (OLE + "Workbook".encode("utf-16-le"), "exam.xls", ".xls", ".xlsx"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "exam.ppt", "presentation", "text"),
        (b"%PDF-1.7\n%\xe2\xe3", "exam.pdf", "PDF", ".docx"),
        (b"{\\rtf1\\ansi 1. What?}", "exam.rtf", "RTF", ".docx"),
        (zip_of("mimetype", b"application/vnd.oasis.opendocument.text"), "exam.odt", ".odt", ".docx"),
        (zip_of("Index/Document.iwa"), "exam.pages", "Pages", ".docx"),
        (b"<HWPML Version='2.8'/>", "exam.hml", ".hml", "HWPX"),
    ],
)
def test_documents_that_cannot_be_read_say_how_to_save_them(data, name, word, mend):
    for given in (name, "", "exam.docx"):
        said, advice = refused(data, given)
        assert word in said
        assert mend in advice


@pytest.mark.parametrize("name", ["letter.txt", ""])
@pytest.mark.parametrize("text", ["안녕하세요.\n편지입니다.", "Dear all,\n\nsee you soon.\n", "just a word"])
def test_a_text_without_questions_is_refused_with_what_was_looked_for(text, name):
    said, advice = refused(text.encode(), name)
    assert all(sought in said for sought in ("①", "정답: ②", "GIFT", "ANSWER:", "Markdown"))
    assert "answer" in advice


def test_what_is_no_text_is_refused_too():
    assert refused(b"\x89PNG\r\n\x1a\n\0\0", "picture.png")[0] == "No format fits this file."


def test_the_format_can_be_chosen_by_hand():
    content = content_in(b"just a word", "letter.txt", ReadingOptions("gift"))
    assert (content.form, [type(one) for one in content.reading.items]) == ("gift", [Item])
