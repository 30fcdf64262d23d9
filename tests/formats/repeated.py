# ruff: noqa: E501 -- frames of one line are read best
"""Files of little but one mark of their format over and over: what a reader that looks ahead chokes on."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator

from quizapp.formats import bundle, kahoot, workbook
from quizapp.formats.documents.samples import docx_of, hwpx_of
from tests.formats.anki_files import BASIC, CLOZE, TYPED, Card, legacy_collection, legacy_package
from tests.formats.document_files import run, word
from tests.formats.qti_round_trip import package
from tests.texts.marks import MARKS, repeated

UNWRITABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])
"""No XML holds these."""
PLACE = "@@@"
"""Where the repetitions stand in a frame."""

OWN: dict[str, tuple[str, ...]] = {
    "yaml": (
        "- ",
        "-\n",
        ": ",
        "a: ",
        "? ",
        "&a ",
        "*a ",
        "!a ",
        "|\n",
        "# ",
        "---\n",
        "[a, ",
        "{a: ",
        "- a: b\n",
        "a№: b\n",
        "[a№, ",
    ),
    "json": ("[]", '\\"', '"a":', "-", "1e", "[1,", '{"a":', "{},", '"a",', '"a№":1,', "№,"),
    "gift": (
        "::",
        "->",
        "=a->b",
        "=a->b1",
        "$CATEGORY:",
        "$CATEGORY: a",
        "//",
        "// [id:",
        "[tag:",
        "%50%",
        "[html]",
        "####",
        "..",
        "{=a}\n\n",
        "{T}\n\n",
        "\\~",
        "~a#b",
        "T",
        "::a",
        "a\n",
        "//a\n",
        "=a",
        "~a",
        "[tag:№]",
        "=a->№",
        "~№",
        "=№",
    ),
    "aiken": (
        "A. ",
        "A) a\n",
        "ANSWER:",
        "ANSWER: A\n",
        "정답",
        "A",
        ")",
        "Q\nA. a\nB. b\nANSWER: A\n",
        "B. ",
        "a\n",
        "Q№\nA. a\n",
    ),
    "moodle-xml": ("{1:", "{1:SA:", "{1:SA:=a", "{1:SA:=a}", "[[1]]", "\\}", "\\(a\\)"),
    "qti12": ("[a]",),
    "csv": (
        ";",
        '""',
        '",',
        "a,",
        "1,",
        "kind,",
        "kind,question\n",
        "a=b",
        ",a,1\n",
        "문제,",
        "choice 1,",
        "choice №,",
        "№|",
    ),
    "markdown": (
        "*a) ",
        "a) a\n",
        "...",
        "... a\n",
        "[*] ",
        "[ ] a\n",
        "= ",
        "= 1\n",
        "1. a\n",
        "___\n",
        "^^^\n",
        "GROUP\n",
        "COMMENT\n",
        "END_COMMENT\n",
        "Title: a\n",
        "Title: ",
        "text: a\n",
        "points: 1\n",
        "! a\n",
        "+ a\n",
        "+-",
        "Quiz title: a\n",
        "```a\n",
        "````\n",
        "    a\n",
        "text title: a\n",
        "* a\n",
        "a) №\n",
        "[ ] №\n",
    ),
    "anki-text": (
        '"a"\t',
        ";",
        "#a\n",
        "#separator:",
        "{{c1::",
        "{{c1::a}}",
        "::",
        "a\tb\n",
        "[sound:",
        "<br>",
        "\t",
        "{{c1::{{c2::",
        "::a",
        "[latex]",
        "[$]",
        "{{c1::a::b}} ",
        "№\t№\n",
    ),
}
OWN |= {"anki": OWN["anki-text"]}
EXAM = (
    "1. a\n",
    "1. ",
    "№. a\n① b ② c\n정답: ①\n",
    "①",
    "? ①",
    "?① ",
    "① a\n② b\n",
    "① a ② b ",
    "(1) a ",
    "가. ",
    "ㄱ. a\n",
    "A. a\n",
    "정답: ",
    "정답: ①\n",
    "정답\n",
    "[정답]",
    "해설: a\n",
    "모범 답안: ",
    "난이도: 상\n",
    "[3점]",
    "(O/X)",
    "(서술형)",
    "[1~2] a\n",
    "[№~№] ",
    "1 ② ",
    "1-② ",
    "1번: 2\n",
    "№ ① ",
    "번호 | 1 | 2\n정답 | ① | ②\n",
    "번호 | 정답 | 배점\n1 | ① | 3\n",
    "번호\n",
    "번호\n정답\n1\n①\n",
    "1\n",
    "№\n가\n",
    "1 가 2 나 ",
    "№ 가 ",
    "1번: 가 / ",
    "객관식: 1 ① ",
    "서답형 1 가 ",
    "서술형 1. a\n",
    "[배점 5] ",
    "[각 2점]",
    "채점기준\n",
    "***\n",
    "  a\n",
    "2.5×10^3 ",
    "| 1 ",
    "1 2 ",
    "| a |\n| - |\n",
    "Question 1 ",
    "True / False ",
    "또는 ",
    " / ",
    "1,000 ",
    "± ",
    "-3.5 cm ",
    "<u>",
    "※ ",
    "• ",
    "１．",
    "\u3000",
)
OWN |= dict.fromkeys(("exam", "docx", "hwpx"), EXAM)

XML = ("<a>", "<a/>", "<a b='c'/>", "<![CDATA[", "<?", "<!", "&#1;", "a='b' ")
MARKUP: dict[str, tuple[str, ...]] = dict.fromkeys(("moodle-xml", "qti12", "qti21", "qti30"), XML)


def escaped(text: str) -> str:
    return html.escape(text)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def cell(text: str) -> str:
    return text.replace('"', '""')


def as_it_is(text: str) -> str:
    return text


ITEMS = (
    '[{"kind":"essay","stem":{"en":"@@@"}}]',
    '[{"kind":"essay","stem":{"en":"@@@","format":"html"}}]',
    '[{"kind":"text","stem":{"en":"a"},"response":{"answers":[{"text":"@@@","fraction":1}]}}]',
    '[{"kind":"cloze","response":{"text":{"en":"{{a}} @@@"},"gaps":[{"id":"a","kind":"text","answers":[]}]}}]',
    '[{"kind":"number","stem":{"en":"a"},"response":{"answers":[{"value":"@@@","fraction":1}]}}]',
)
QUIZ = '<quiz><question type="{}">{}</question></quiz>'
TEXT = '<questiontext format="{}"><text>@@@</text></questiontext>'
ANSWER = '<answer fraction="100" format="{}"><text>@@@</text><feedback><text>@@@</text></feedback></answer>'
QTI12 = (
    '<questestinterop><item ident="q"><presentation><material><mattext texttype="{}">@@@</mattext></material>'
    '<response_str ident="r"><render_fib/></response_str></presentation></item></questestinterop>'
)
QTI2 = (
    '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q" title="@@@"><itemBody><p>@@@</p>'
    '<extendedTextInteraction responseIdentifier="RESPONSE"/></itemBody></assessmentItem>'
)
QTI3 = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="q" title="@@@">'
    '<qti-item-body><p>@@@</p><qti-extended-text-interaction response-identifier="RESPONSE"/></qti-item-body>'
    "</qti-assessment-item>"
)

Frame = tuple[str, Callable[[str], str]]
FRAMES: dict[str, tuple[Frame, ...]] = {
    "yaml": (("@@@", as_it_is), ("- stem: @@@", as_it_is), *((item, quoted) for item in ITEMS)),
    "json": (("@@@", as_it_is), ("[@@@", as_it_is), *((item, quoted) for item in ITEMS)),
    "gift": tuple(
        (frame, as_it_is)
        for frame in (
            "@@@",
            "::t:: @@@ {=a ~b}",
            "Q {@@@}",
            "Q {=a ~@@@}",
            "Q {#@@@}",
            "// @@@\nQ {T}",
            "[html]@@@ {T}",
            "[markdown]@@@{T}",
            "Q {~[html]@@@ =b}",
            "Q {=@@@ -> b =c -> d}",
            "$CATEGORY: @@@\n",
            "$CATEGORY: a@@@a",
            "Q {=%@@@}",
        )
    ),
    "aiken": tuple(
        (frame, as_it_is)
        for frame in (
            "@@@",
            "@@@\nA. a\nB. b\nANSWER: A\n",
            "Q\nA. @@@\nB. b\nANSWER: A",
            "Q\nA. a\nB. b\nANSWER: @@@",
            "Q\nA@@@",
        )
    ),
    "moodle-xml": (
        ("@@@", as_it_is),
        ("<quiz>@@@</quiz>", as_it_is),
        *(
            (QUIZ.format(kind, rest), escaped)
            for kind, rest in (
                ("essay", TEXT.format("html")),
                ("essay", TEXT.format("markdown")),
                ("essay", TEXT.format("moodle_auto_format")),
                ("cloze", TEXT.format("html")),
                ("gapselect", TEXT.format("html")),
                ("multichoice", "<questiontext><text>a</text></questiontext>" + ANSWER.format("html") * 2),
                ("shortanswer", "<questiontext><text>a</text></questiontext>" + ANSWER.format("plain_text")),
                ("numerical", "<questiontext><text>a</text></questiontext>" + ANSWER.format("plain_text")),
            )
        ),
    ),
    "qti12": (
        ("@@@", as_it_is),
        ("<questestinterop>@@@", as_it_is),
        (QTI12.format("text/html"), escaped),
        (QTI12.format("text/plain"), escaped),
    ),
    "qti21": (("@@@", as_it_is), ("<assessmentItem>@@@", as_it_is), (QTI2, as_it_is), (QTI2, escaped)),
    "qti30": (("@@@", as_it_is), ("<qti-assessment-item>@@@", as_it_is), (QTI3, escaped)),
    "csv": (
        ("@@@", as_it_is),
        ("kind,question,choice 1,choice 2,answer\n@@@", as_it_is),
        *(
            (frame, cell)
            for frame in (
                'question,choice 1,choice 2,answer\n"@@@",a,b,1\n',
                'question,choice 1,choice 2,answer\nQ,a,b,"@@@"\n',
                'kind,question,answer\ntext,Q,"@@@"\n',
                'kind,question,answer,tolerance\nnumber,Q,"@@@","@@@"\n',
                'kind,question,choice 1,choice 2\nmatch,Q,"@@@","@@@"\n',
                'format,question,answer\nhtml,"@@@",a\n',
                'question,tags,answer,kind\nQ,"@@@","@@@","@@@"\n',
            )
        ),
    ),
    "markdown": tuple(
        (frame, as_it_is)
        for frame in (
            "@@@",
            "1. @@@\n*a) a\nb) b\n",
            "1. Q\n*a) @@@\nb) b\n",
            "1. Q\n= @@@\n",
            "1. Q\n* @@@\n",
            "1. Q\n... @@@\n____\n",
            "Text: @@@\n",
            "Title: @@@",
            "1. Q\n@@@",
        )
    ),
    "exam": tuple(
        (frame, as_it_is)
        for frame in (
            "@@@",
            "1. @@@\n① a\n② b\n정답: ①",
            "1. Q\n@@@\n정답: ①",
            "1. Q\n① a\n② @@@\n정답: ①",
            "1. Q\n정답: @@@",
            "1. Q\n모범 답안: @@@",
            "1. Q\n① a\n② b\n정답 및 해설\n1. ①\n@@@",
            "1. Q\n① a\n② b\n정답\n@@@",
            "[1~2] @@@\n1. Q\n정답: a\n2. Q\n정답: b",
        )
    ),
    "anki-text": tuple(
        (frame, as_it_is)
        for frame in (
            "@@@",
            "#separator:tab\n#html:true\na\t@@@",
            "#separator:tab\n#html:false\n@@@\tb",
            "#html:true\n@@@\tb",
            "#@@@",
        )
    ),
}


def files(form: str, size: int) -> Iterator[tuple[str, bytes]]:
    """Files of a format with about so many bytes of each mark in each frame, and what to call them."""
    for mark in dict.fromkeys((*OWN.get(form, ()), *MARKUP.get(form, ()), *MARKS)):
        many = repeated(mark, size)
        for number, (frame, written) in enumerate(FRAMES.get(form, ())):
            yield f"{mark!r} in frame {number}", frame.replace(PLACE, written(many)).encode()
        for number, made in enumerate(PACKED.get(form, ())):
            yield f"{mark!r} in package {number}", made(many)
    for frame, element in MANY.get(form, ()):
        yield element, frame.replace(PLACE, repeated(element, size)).encode()


def paragraphs(made: Callable[[list[str]], bytes]) -> Callable[[str], bytes]:
    """A document with a question, a paragraph for each line of the text, and an answer."""
    return lambda many: made([line.translate(UNWRITABLE) for line in ("1. a", *many.split("\n"), "정답: ①")])


def one_paragraph(many: str) -> bytes:
    """A document with the whole text in one paragraph, each word in a run of its own."""
    runs = "".join(run(one.translate(UNWRITABLE)) for one in re.split(r"(?<=\s)", many))
    return word(f"<w:p>{run('1. ')}{runs}</w:p>", "정답: ①")


def bundled(many: str) -> bytes:
    """A zip of texts, all in the same format."""
    return bundle.zipped({f"{number}.gift": f"{piece} {{T}}".encode() for number, piece in enumerate(pieces(many))})


def pieces(many: str, size: int = 32_000) -> list[str]:
    return [many[start : start + size] for start in range(0, len(many), size)]


def sheet(many: str) -> bytes:
    rows = [["kind", "question", "choice 1", "choice 2", "answer"]]
    rows += [["", piece, piece, "b", "1"] for piece in pieces(many)]
    return workbook.saved(workbook.workbook([("Questions", rows)]))


def kahoots(many: str) -> bytes:
    rows = [(piece, "a", piece, "", "", "20", "1") for piece in pieces(many)]
    return workbook.saved(workbook.workbook([("Sheet1", kahoot.rows_around(rows))]))


def deck(many: str) -> bytes:
    cards = [
        Card(BASIC, [many, many], "1"),
        Card(CLOZE, ["{{c1::a}} " + many, many], "2"),
        Card(TYPED, ["a", many], "3"),
    ]
    return legacy_package(legacy_collection(cards))


def qti_package(many: str) -> bytes:
    return package({"imsmanifest.xml": f"<manifest>{many}</manifest>", "a.xml": QTI2.replace(PLACE, escaped(many))})


PACKED: dict[str, tuple[Callable[[str], bytes], ...]] = {
    "xlsx": (sheet,),
    "kahoot": (kahoots,),
    "anki": (deck,),
    "qti21": (qti_package,),
    "docx": (paragraphs(docx_of), one_paragraph),
    "hwpx": (paragraphs(hwpx_of),),
    "zip": (bundled,),
}


# --- many answers ---

SUB = "<subquestion><text>a№</text><answer><text>b№</text></answer></subquestion>"
LABEL = '<response_label ident="№"><material><mattext>№</mattext></material></response_label>'
VAR = '<respcondition><conditionvar><varequal respident="r">№</varequal></conditionvar><setvar action="Set">100</setvar></respcondition>'
LID = '<response_lid ident="r"><render_choice>@@@</render_choice></response_lid>'
ITEM = '<questestinterop><item ident="q"><presentation><material><mattext>a</mattext></material>{}</presentation>{}</item></questestinterop>'
SIMPLE = '<simpleChoice identifier="a№">№</simpleChoice>'
MANY: dict[str, tuple[tuple[str, str], ...]] = {
    "moodle-xml": (
        (QUIZ.format("matching", "<questiontext><text>a</text></questiontext>@@@"), SUB),
        (
            QUIZ.format("multichoice", "<questiontext><text>a</text></questiontext>@@@"),
            '<answer fraction="0"><text>№</text></answer>',
        ),
        (
            QUIZ.format("multichoice", "<questiontext><text>a</text></questiontext>@@@"),
            '<answer fraction="0"><text></text></answer>',
        ),
        (
            QUIZ.format("shortanswer", "<questiontext><text>a</text></questiontext>@@@"),
            '<answer fraction="100"><text>№</text></answer>',
        ),
        (QUIZ.format("ordering", "<questiontext><text>a</text></questiontext>@@@"), "<answer><text>№</text></answer>"),
        (
            QUIZ.format(
                "gapselect", "<questiontext><text>@@@</text></questiontext><selectoption><text>a</text></selectoption>"
            ),
            "[[1]]",
        ),
        (QUIZ.format("essay", "<questiontext><text>a</text>@@@</questiontext>"), '<file name="№">QQ==</file>'),
        ("<quiz>@@@</quiz>", '<question type="category"><category><text>$course$/a№</text></category></question>'),
        (QUIZ.format("essay", "<tags>@@@</tags>"), "<tag><text>№</text></tag>"),
    ),
    "qti12": (
        (ITEM.format(LID, ""), LABEL),
        (
            ITEM.format('<response_str ident="r"><render_fib/></response_str>', "<resprocessing>@@@</resprocessing>"),
            VAR,
        ),
        (ITEM.format("@@@", ""), "<material><mattext>№</mattext></material>"),
        ("<questestinterop>@@@</questestinterop>", '<section title="№"/>'),
    ),
    "qti21": (
        (
            QTI2.replace("<p>@@@</p>", '<choiceInteraction responseIdentifier="RESPONSE">@@@</choiceInteraction>'),
            SIMPLE,
        ),
        (QTI2.replace("<p>@@@</p>", '<orderInteraction responseIdentifier="RESPONSE">@@@</orderInteraction>'), SIMPLE),
        (QTI2.replace("<p>@@@</p>", "@@@"), '<p><textEntryInteraction responseIdentifier="R№"/></p>'),
        (QTI2.replace("<itemBody>", "@@@<itemBody>"), '<responseDeclaration identifier="R№" cardinality="single"/>'),
    ),
}
"""A frame, and an element that stands in it very often."""
