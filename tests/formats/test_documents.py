"""Word and Hangul documents: what a teacher's file holds comes in, what can't is named, and no file does harm."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import docx, hwpx
from quizapp.formats.base import Reading
from quizapp.formats.detect import detect
from quizapp.formats.documents.hangul_equation import UnreadableEquation, latex
from quizapp.formats.documents.samples import docx_of, hwpx_of, zipped
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.texts.maths import mathml
from tests.formats.document_files import (
    PICTURE,
    hangul,
    hangul_paragraph,
    hangul_table,
    listed,
    paragraph,
    run,
    table,
    word,
)

BOLD, RED, UNDERLINED = "<w:b/>", '<w:color w:val="FF0000"/>', '<w:u w:val="single"/>'
SUBLIST = "<hp:subList><hp:p><hp:run><hp:t>상자</hp:t></hp:run></hp:p></hp:subList>"
BRIGHT = '<w:highlight w:val="yellow"/>'
LISTED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def read(data: bytes) -> Reading:
    reading = (docx if b"word/" in data else hwpx).read(data)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
    assert all(problem.message and problem.line is None for problem in reading.problems)
    for item in reading.items:
        assert KINDS[item.kind].check(item.body) == []
    return reading


def one(data: bytes) -> Item:
    reading = read(data)
    assert [problem.message for problem in reading.errors] == []
    assert len(reading.items) == 1
    return reading.items[0]


def said(item: Item) -> str:
    return item.stem["ko"]


def choices(item: Item) -> list[str]:
    return [("*" if choice["fraction"] else "") + choice["text"]["ko"] for choice in item.response["choices"]]


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


# --- Word ---


def test_numbers_that_word_counts_itself_are_restored():
    reading = read(
        word(
            listed("첫째 물음은?", 1),
            listed("가나", 1, 1),
            listed("다라", 1, 1),
            "정답: ②",
            listed("둘째 물음은?", 1),
            listed("마바", 1, 1),
            listed("사아", 1, 1),
            "정답: ①",
            listed("셋째 물음은?", 1),
            listed("마바", 2),
            listed("사아", 2),
            "정답: 나",
            listed("넷째 물음은?", 1),
            listed("마바", 3),
            listed("사아", 3),
            "정답: 가",
        )
    )
    assert [choices(item) for item in reading.items] == [
        ["가나", "*다라"],
        ["*마바", "사아"],
        ["마바", "*사아"],
        ["*마바", "사아"],
    ]
    assert codes(reading) == []


@pytest.mark.parametrize("head", [[], ["정답"]])
def test_a_table_of_answers_is_a_list_of_them(head):
    rows = table(["번호", "정답", "배점"], ["1", "②", "3"], ["2", "응고", "4"])
    reading = read(word("1. 물음은?", "① 가가 ② 나나", "2. 피가 굳는 현상은?", *head, rows))
    assert (choices(reading.items[0]), codes(reading)) == (["가가", "*나나"], [])
    assert [(item.kind, item.points) for item in reading.items] == [("choice", 3), ("text", 4)]


@pytest.mark.parametrize("mark", [BOLD, RED, UNDERLINED, BRIGHT, '<w:shd w:fill="FFFF00"/>'])
def test_a_choice_that_is_marked_by_its_form_is_right_where_no_answer_is_written(mark):
    reading = read(word("1. 기체는?", paragraph("① 수은"), paragraph(run("② 산소", mark)), "③ 철"))
    assert [("산소" in choice, choice.startswith("*")) for choice in choices(reading.items[0])] == [
        (False, False),
        (True, True),
        (False, False),
    ]
    assert [(problem.code, problem.place) for problem in reading.problems] == [("marked-key", "¶1")]


def test_marked_choices_on_one_line_and_several_of_them():
    reading = read(word("1. 기체는?", paragraph("① 수은 ", run("② 산소", RED), " ③ 철 ", run("④ 수소", RED))))
    assert (reading.items[0].kind, choices(reading.items[0])) == ("multiple", ["수은", "*산소", "철", "*수소"])


@pytest.mark.parametrize(
    ("marks", "code"),
    [(("", ""), "no-key"), ((BOLD, BOLD), "no-key"), ((BOLD, RED), "marked-ways")],
)
def test_marks_that_say_nothing_are_no_answer(marks, code):
    reading = read(
        word("1. 기체는?", *(paragraph(run(f"{sign} {sign}말", mark)) for sign, mark in zip("①②", marks, strict=True)))
    )
    assert (reading.items, codes(reading)) == ([], [code])


def test_a_written_answer_outweighs_a_mark_and_that_is_said():
    reading = read(word("1. 기체는?", paragraph(run("① 수은", BOLD)), "② 산소", "정답: ②"))
    assert (choices(reading.items[0])[1], codes(reading)) == ("*산소", ["marked-otherwise"])


def test_pictures_formulas_and_small_letters_come_in():
    formula = (
        "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:rad><m:deg/>"
        "<m:e><m:r><m:t>α</m:t></m:r></m:e></m:rad></m:den></m:f><m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>"
        "<m:r><m:t>k=1</m:t></m:r></m:sub><m:sup><m:r><m:t>n</m:t></m:r></m:sup><m:e><m:sSup><m:e><m:r><m:t>k</m:t></m:r></m:e>"
        "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:e></m:nary></m:oMath>"
    )
    item = one(
        word(
            paragraph("1. H", run("2", '<w:vertAlign w:val="subscript"/>'), "O의 ", formula, " 값은? ", PICTURE),
            "정답: 물",
        )
    )
    assert said(item) == (
        r"H<sub>2</sub>O의 $\frac{1}{\sqrt{\alpha}}\sum_{k=1}^{n} {k}^{2}$ 값은? ![원 그림](media:image1.png)"
    )
    assert [(media.name, media.type, len(media.data) > 50) for media in item.media] == [
        ("image1.png", "image/png", True)
    ]


def test_underlined_words_of_a_stem_stay_underlined():
    assert (
        said(one(word(paragraph("1. 옳지 ", run("않은", UNDERLINED), " 것은?"), "정답: *값*")))
        == "옳지 <u>않은</u> 것은?"
    )


def test_tracked_changes_text_boxes_and_fields_are_read_as_they_are_seen():
    changed = "<w:ins><w:r><w:t>새</w:t></w:r></w:ins><w:del><w:r><w:delText>헌</w:delText></w:r></w:del>"
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        "<w:p><w:r><w:t>〈보기〉 상자</w:t></w:r></w:p>"
        "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict/></mc:Fallback></mc:AlternateContent></w:r>"
    )
    field = "<w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple><w:r><w:t>쪽</w:t></w:r></w:fldSimple>"
    assert said(one(word(paragraph("1. ", changed, " 물음", field, box), "정답: 물"))) == "새 물음쪽\n〈보기〉 상자"


def test_tables_of_questions_become_lines_and_others_stay_tables():
    rows = table(["1", "기체는?"], ["①", "수은"], ["②", "산소"], ["정답", "②"], ["해설", "그래서"])
    item = one(word(rows))
    assert (choices(item), item.feedback) == (["수은", "*산소"], {"solution": {"ko": "그래서"}})
    box = one(word("1. 글은?", table(["〈보기〉"], ["ㄱ. 하나"]), table(["① 가", "② 나"]), "정답: ②"))
    assert (said(box), choices(box)) == ("글은?\n\n〈보기〉\nㄱ. 하나", ["가", "*나"])
    plain = one(word("1. 표를 보면?", table(["이름", "값"], ["a|b", "2"]), "정답: 물"))
    assert said(plain) == "표를 보면?\n\n| 이름 | 값 |\n| --- | --- |\n| a\\|b | 2 |"
    columns = table(["번호", "문제", "①", "②", "정답", "난이도"], ["1", "기체는?", "수은", "산소", "②", "상"])
    assert (choices(one(word(columns))), one(word(columns)).difficulty) == (["수은", "*산소"], 3)
    key = read(
        word("1. 가?", "① 하나", "② 둘", "2. 나?", "① 하나", "② 둘", table(["번호", "1", "2"], ["정답", "②", "①"]))
    )
    assert [choices(item) for item in key.items] == [["하나", "*둘"], ["*하나", "둘"]]


@pytest.mark.parametrize(
    ("part", "code", "members"),
    [
        ('<w:r><w:footnoteReference w:id="2"/></w:r>', "note", {"word/footnotes.xml": "NOTES"}),
        ("<w:r><w:object/></w:r>", "object", {}),
        ('<w:hyperlink r:id="rIdL"><w:r><w:t>글</w:t></w:r></w:hyperlink>', "link", {}),
        ('<w:r><w:drawing><a:blip r:embed="rIdW"/></w:drawing></w:r>', "picture", {}),
        ('<w:r><w:drawing><a:blip r:link="rIdX"/></w:drawing></w:r>', "picture", {}),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>숨은 말</w:t></w:r>", "hidden", {}),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "symbol", {}),
        ("<w:r><w:drawing/></w:r>", "drawing", {}),
        ("", "macros", {"word/vbaProject.bin": "macro"}),
        ("", "edge", {"word/header1.xml": "NOTES"}),
    ],
)
def test_what_is_left_out_of_a_document_is_named(part, code, members):
    notes = '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:footnote w:id="2">'
    notes += "<w:p><w:r><w:t>각주의 말</w:t></w:r></w:p></w:footnote></w:footnotes>"
    filled = {name: notes if value == "NOTES" else value for name, value in members.items()}
    reading = read(word("머리", paragraph("1. 물음은? ", part), "정답: 물", members=filled))
    assert (len(reading.items), codes(reading)) == (1, [code])
    assert all(problem.place in ("¶2", "¶3") for problem in reading.problems)
    if "NOTES" in members.values():
        assert "각주의 말" in reading.problems[0].message


def test_a_word_put_into_any_run_comes_out_in_an_item_or_in_a_problem():
    lines = docx.TEXT.decode().split("\n")
    for number, line in enumerate(lines):
        if not line:
            continue
        reading = read(docx_of([*lines[:number], f"{line} Zebra", *lines[number + 1 :]]))
        shown = str([item.to_json() for item in reading.items]) + str(reading.title)
        assert "Zebra" in shown or any("Zebra" in problem.text for problem in reading.problems), line


# --- Hangul ---


def test_a_hangul_document_with_lists_marks_tables_pictures_and_equations():
    reading = read(
        hangul(
            "2026 중간고사",
            hangul_paragraph("물의 식은?", para="1"),
            hangul_paragraph("산소", para="2"),
            hangul_paragraph("물", form="3", para="2"),
            hangul_paragraph("H", inside="", para="1").replace(
                "</hp:run>",
                '</hp:run><hp:run charPrIDRef="4"><hp:t>2</hp:t></hp:run><hp:run charPrIDRef="0"><hp:t>O의 <hp:tab/>값 '
                "</hp:t><hp:equation><hp:script>{1} over {2}</hp:script></hp:equation><hp:t>은?</hp:t>"
                '<hp:pic><hc:img binaryItemIDRef="image1"/></hp:pic></hp:run>',
                1,
            ),
            hangul_table(["〈보기〉"], ["ㄱ. 하나"]),
            "정답: 물",
            hangul_paragraph("밑줄 친 ", para="1").replace(
                "</hp:run>", '</hp:run><hp:run charPrIDRef="2"><hp:t>것</hp:t></hp:run>', 1
            ),
            hangul_table(["이름", "값"], ["가", "나"]),
            "정답: 물질",
        )
    )
    first, second, third = reading.items
    assert reading.title == {"ko": "2026 중간고사"}
    assert (choices(first), codes(reading)) == (["산소", "*물"], ["marked-key"])
    assert said(second).startswith(r"H<sub>2</sub>O의&nbsp;&nbsp; 값 $\frac{1}{2}$은?![](media:image1.png)")
    assert said(second).endswith("〈보기〉\\\nㄱ. 하나")
    assert [media.name for media in second.media] == ["image1.png"]
    assert said(third) == "밑줄 친 <u>것</u>\n\n| 이름 | 값 |\n| --- | --- |\n| 가 | 나 |"


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (f"<hp:ctrl><hp:footNote>{SUBLIST}</hp:footNote></hp:ctrl>", "note"),
        (f"<hp:ctrl><hp:header>{SUBLIST}</hp:header></hp:ctrl>", "edge"),
        ("<hp:ole/>", "object"),
        ("<hp:line/>", "drawing"),
        ('<hp:pic><hc:img binaryItemIDRef="gone"/></hp:pic>', "picture"),
        ("<hp:equation><hp:script>{1 over</hp:script></hp:equation>", "formula"),
    ],
)  # fmt: skip
def test_what_is_left_out_of_a_hangul_document_is_named(part, code):
    reading = read(hangul(hangul_paragraph("1. 물음은?", inside=part), "정답: 물"))
    assert [(problem.code, problem.place) for problem in reading.problems] == [(code, "¶1")]
    assert reading.items


def test_tracked_changes_and_text_boxes_of_hangul_are_read_as_they_are_seen():
    changed = "<hp:t>새<hp:deleteBegin/>헌<hp:deleteEnd/> 물음</hp:t>"
    box = f"<hp:rect><hp:drawText>{SUBLIST}</hp:drawText></hp:rect>"
    assert said(one(hangul(hangul_paragraph("1. ", inside=changed + box), "정답: 물"))) == "새 물음\n상자"


def test_an_encrypted_hangul_document_is_refused():
    manifest = '<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    reading = read(hangul("1. 물?", members={"META-INF/manifest.xml": manifest}))
    assert "password" in reading.errors[0].message


@pytest.mark.parametrize(
    ("script", "written"),
    [
        ("{1} over {2}", r"\frac{1}{2}"),
        ("x^2 +2x <= 0", r"x^{2}+2x\leq 0"),
        ("sqrt {x+1}", r"\sqrt{x+1}"),
        ("root 3 of {x}", r"\sqrt[3]{x}"),
        ("sum _{k=1} ^{n} {a_k}", r"\sum_{k=1}^{n}{a_{k}}"),
        ("lim _{x-> inf} {1 over x}", r"\lim_{x\to \infty }{\frac{1}{x}}"),
        ("LEFT ( {a over b} RIGHT )", r"\left( {\frac{a}{b}} \right) "),
        ("alpha TIMES Delta", r"\alpha \times \Delta "),
        ("cases{x+y=1#x-y=2}", r"\begin{cases}x+y=1 \\ x-y=2\end{cases}"),
        ("pmatrix{1&2#3&4}", r"\begin{pmatrix}1&2 \\ 3&4\end{pmatrix}"),
        ("bar {AB} = 넓이", r"\overline{AB}=\text{넓이}"),
        ("int _0 ^1 x dx", r"\int_{0}^{1}xdx"),
    ],
)
def test_the_equations_of_hangul(script, written):
    assert latex(script) == written
    assert "<math" in mathml(written.strip())


@pytest.mark.parametrize("script", ["{a", "a}", "LEFT ( a", "sqrt", "a over", "{" * 200])
def test_equations_that_cannot_be_read_say_so(script):
    with pytest.raises(UnreadableEquation):
        latex(script)


# --- both ---


@pytest.mark.parametrize(("form", "made"), [(docx, docx_of), (hwpx, hwpx_of)])
def test_two_thousand_questions_are_read_soon(form, made):
    lines = [
        line
        for n in range(1, 1000)
        for line in (f"{n}. 물음 {n}은?", "① 가나", "② 다라", "정답: ②", f"해설: {n}째", "")
    ]
    data = made(lines)
    begin = time.process_time()
    reading = form.read(data)
    assert (len(reading.items), reading.problems) == (999, [])
    assert time.process_time() - begin < 6


@pytest.mark.parametrize("form", [docx, hwpx])
def test_a_document_without_its_text_is_refused_with_words(form):
    reading = form.read(word("1. 가?") if form is hwpx else hangul("1. 가?"))
    assert (reading.items, [problem.code for problem in reading.errors]) == ([], ["unreadable"])


def test_documents_are_recognised_by_their_content():
    assert detect(word("1. 가?"), "x.zip") == "docx"
    assert detect(hangul("1. 가?"), "x.zip") == "hwpx"


def test_a_rough_exam_of_a_teacher():
    """Lists that Word counts, choices by tabs, an answer in bold, one in red, a box, and the rest in a table."""
    reading = read(
        word(
            "2026학년도 기말고사",
            "학년   반   이름",
            listed("다음 중 기체인 것은? (3점)", 1),
            paragraph("① 철", "<w:r><w:tab/></w:r>", "② ", run("산소", BOLD), "<w:r><w:tab/></w:r>", "③ 금"),
            paragraph(run("다음 중 옳지 "), run("않은", UNDERLINED), run(" 것을 모두 고르시오."), properties=LISTED),
            paragraph(run("① 하나", RED)),
            "② 둘",
            paragraph(run("③ 셋", RED)),
            table(["〈자료〉\n물"]),
            listed("위 자료의 물질은?", 1),
            "답: 물",
            table(["번호", "1", "4"], ["정답", "②", "①, ③"]),
        )
    )
    assert [item.kind for item in reading.items] == ["choice", "multiple", "text"]
    assert choices(reading.items[0]) == ["철", "*산소", "금"]
    assert choices(reading.items[1]) == ["*하나", "둘", "*셋"]
    assert codes(reading) == ["before", "marked-key", "stray", "stray", "key-unknown"]


def test_a_document_bomb_is_refused_soon():
    begin = time.process_time()
    for bomb in (
        word("1. 가?", members={"word/media/big.png": b"\0" * 20_000_000}),
        word("1. 가?" + " " * 60_000_000),
        hangul("1. 가?", members={"Contents/section1.xml": b"<a>" * 3_000_000}),
        word("1. 가?", "<w:p>" * 200 + "</w:p>" * 200),
    ):
        form = docx if b"word/" in bomb else hwpx
        reading = form.read(bomb)
        assert (reading.items, [problem.code for problem in reading.problems]) == ([], ["unreadable"])
    assert time.process_time() - begin < 4


@pytest.mark.parametrize("part", ["word/document.xml", "word/numbering.xml", "word/_rels/document.xml.rels"])
def test_a_part_that_hides_other_files_is_refused(part):
    evil = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    reading = docx.read(word("1. 가?", members={part: evil}))
    assert "document type declaration" in reading.errors[0].message


@settings(max_examples=60)
@given(data=st.data())
def test_no_damaged_document_raises(data):
    """The parts themselves are damaged, too, not only the zip around them."""
    whole = data.draw(st.sampled_from([word, hangul]))("1. 가?", "① 나", table(["a", "b"]))
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    name = data.draw(st.sampled_from([name for name in members if name.endswith(("xml", "rels", "hpf"))]))
    text = members[name].decode()
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 12))
    piece = data.draw(st.sampled_from(["", "<w:tbl/>", "<w:tc/>", "<hp:tbl><hp:tr/></hp:tbl>", "x", "<m:f/>", "-1"]))
    damage = zipped({**members, name: (text[:at] + piece + text[at + cut :]).encode()})
    for form in (docx, hwpx):
        reading = form.read(damage)
        assert reading.found == len(reading.items) + reading.skipped + reading.failed


@pytest.mark.parametrize("mark", ["<w:strike/>", "<w:dstrike/>"])
def test_what_is_struck_out_is_no_answer_and_is_named(mark):
    found = read(
        word(*map(paragraph, ["1. 수는?", "① 2", "② 3"]), paragraph(run("정답: ①", mark)), paragraph("정답: ②"))
    )
    assert [problem.code for problem in found.problems] == ["struck"]
    assert [one["fraction"] for one in found.items[0].response["choices"]] == [0, 1]


def test_hangul_strikes_words_out_with_a_line_that_is_shown():
    lines = [hangul_paragraph(words) for words in ("1. 수는?", "① 2", "② 3")]
    struck = hangul(*lines, hangul_paragraph("정답: ①", "5"), hangul_paragraph("정답: ②", "6"))
    found = read(struck)
    assert [problem.code for problem in found.problems] == ["struck"]
    assert [one["fraction"] for one in found.items[0].response["choices"]] == [0, 1]


def test_an_underlined_answer_is_not_underlined_for_learners():
    found = read(word(*map(paragraph, ["1. 수는?", "① 2"]), paragraph("② ", run("3", '<w:u w:val="single"/>'))))
    assert [one["text"]["ko"] for one in found.items[0].response["choices"]] == ["2", "3"]
    emphasis = read(
        word(
            paragraph("1. 수는?"),
            paragraph("① ", run("둘", '<w:u w:val="single"/>'), "과 셋"),
            paragraph("② 3"),
            paragraph("정답: ①"),
        )
    )
    assert emphasis.items[0].response["choices"][0]["text"]["ko"] == "<u>둘</u>과 셋"


def test_a_table_of_questions_may_have_its_choices_in_one_cell_and_no_numbers():
    rows = [["문제", "보기", "정답"], ["수는?", "① 2 ② 3", "②"], ["또?", "① 4 ② 5", "①"]]
    found = read(word(table(*rows)))
    assert found.errors == []
    assert [[one["fraction"] for one in item.response["choices"]] for item in found.items] == [[0, 1], [1, 0]]


@pytest.mark.parametrize("headings", [("보기1", "보기2"), ("Choice A", "Choice B"), ("①", "②")])
def test_headings_may_label_the_choices_below_them(headings: tuple[str, str]) -> None:
    rows = [["번호", "문제", *headings, "답"], ["문1", "수는?", "하나", "둘", "②"], ["2번", "또?", "하나", "둘", "①"]]
    found = read(word(table(*rows)))
    assert found.errors == []
    assert [choices(item) for item in found.items] == [["하나", "*둘"], ["*하나", "둘"]]


def test_the_cells_behind_a_label_are_one_line_or_its_lines() -> None:
    several = one(word(table(["1", "기체는?"], ["①", "수은", "Hg"], ["②", "산소", "O"], ["정답", "②"])))
    assert choices(several) == ["수은 Hg", "*산소 O"]
    long = one(word(table(["문1", "기체는?\n고르시오."], ["①", "수은"], ["②", "산소"], ["정답", "②"])))
    assert (said(long), choices(long)) == ("기체는?\n고르시오.", ["수은", "*산소"])
