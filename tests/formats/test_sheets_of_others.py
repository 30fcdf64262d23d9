"""Sheets that weren't made for us: those of other services with their own headings, and what teachers keep."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from quizapp.formats import FORMATS, csv_sheet, xlsx_sheet
from quizapp.formats.base import Reading
from quizapp.formats.detect import detect
from quizapp.formats.items import Item
from tests.formats.test_sheets import sheet

Rows = Sequence[Sequence[object]]

BLOOKET: Rows = (
    ("Blooket\nImport Template", *[""] * 7),
    (
        "Question #",
        "Question Text",
        "Answer 1",
        "Answer 2",
        "Answer 3\n(Optional)",
        "Answer 4\n(Optional)",
        "Time Limit (sec)\n(Max: 300 seconds)",
        "Correct Answer(s)\n(Only include Answer #)",
    ),
    (1, "What is 2 + 2?", "3", "4", "5", "", 20, "2"),
    (2, "Which are primes?", "2", "3", "4", "6", 20, "1,2"),
)
QUIZIZZ: Rows = (
    (
        "Question Text",
        "Question Type",
        *(f"Option {number}" for number in range(1, 6)),
        "Correct Answer",
        "Time in seconds",
        "Image Link",
        "Answer explanation",
    ),
    ("What is the capital?", "Multiple Choice", "Busan", "Seoul", "", "", "", 2, 30, "", "Since 1394."),
    ("Which are vowels?", "Checkbox", "a", "b", "e", "", "", "1,3", 30, "https://example.org/a.png", ""),
    ("____ falls from the tree.", "Fill-in-the-Blank", "Apple", "An apple", "", "", "", "", 30, "", ""),
    ("Why?", "Open-Ended", "", "", "", "", "", "", 60, "", ""),
)
SOCRATIVE: Rows = (
    ("Instructions: Please fill in the below quiz.",),
    (),
    ("1. Quiz Name:", "Cells"),
    (),
    ("2. Question Type:", "3. Question:", "4. If Multiple Choice Question:"),
    (
        "Question Type",
        "Question",
        *(f"Answer {letter}:" for letter in "ABCDE"),
        *["Correct Answer"] * 3,
        "Explanation",
    ),
    ("Multiple choice", "What is the powerhouse?", "Nucleus", "Mitochondrion", "Wall", "", "", "B", "", "", ""),
    ("Multiple choice", "Which two are there?", "Wall", "Sail", "Nucleus", "", "", "A", "C", "", "As in any plant."),
    ("True/False", "Cells live.", "True", "False", "", "", "", "True", "", "", ""),
    ("Short answer", "What is it?", "Cell", "A cell", "", "", "", "", "", "", ""),
)
KOREAN: Rows = (
    ("번호", "문항", "①", "②", "③", "정답", "난이도", "대단원", "중단원", "학년"),
    (1, "수도는 어디입니까?", "서울", "부산", "대구", "①", "중상", "지리", "한국", "중1"),
    (2, "섬은 어디입니까?", "서울", "제주", "대구", 2, "하", "지리", "한국", "중2"),
)
MICROSOFT: Rows = (
    ("ID", "Start time", "Completion time", "Email", "Name", "Total points", "Quiz feedback", "Capital of Korea?",
     "Points - Capital of Korea?", "Feedback - Capital of Korea?", "Spell it.", "Points - Spell it."),
    *((number, "2026-03-02 09:00", "2026-03-02 09:10", "anna@example.org", "Anna", 2, "", answer, points, "", text, own)
      for number, (answer, points, text, own) in enumerate(
          [("Seoul", 1, "seoul", 1), ("Busan", 0, "sol", 0), ("Seoul", 1, "Seoul", 1), ("Busan", 0, "soul", 0)], 1)),
)  # fmt: skip
GOOGLE: Rows = (
    ("타임스탬프", "이메일 주소", "총점수", "수도는?", "수도는? [점수]", "수도는? [의견]", "이름은?", "이름은? [점수]"),
    *(
        ("2026. 3. 2", "anna@example.org", "1 / 2", answer, points, "", "안나", "-- / 0")
        for answer, points in [("서울", "1.00 / 1"), ("부산", "0.00 / 1")] * 2
    ),
)


def book(sheets: dict[str, Rows]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        made = workbook.create_sheet(name)
        for row in rows:
            made.append(list(row))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def lines(rows: Rows) -> bytes:
    return sheet(*([str(cell) for cell in row] for row in rows))


def both(rows: Rows) -> tuple[Reading, Reading]:
    """The table read as CSV and as XLSX; the formats are found without a hint."""
    text, package = lines(rows), book({"Sheet1": rows})
    assert (detect(text, "a.csv"), detect(package, "a.xlsx")) == ("csv", "xlsx")
    return csv_sheet.read(text), xlsx_sheet.read(package)


def key(item: Item) -> str:
    """What is right, in a word."""
    if item.kind in ("choice", "multiple"):
        return ", ".join(next(iter(one["text"].values())) for one in item.response["choices"] if one["fraction"])
    if item.kind == "text":
        return " | ".join(one["text"] for one in item.response["answers"])
    return str(item.response.get("answer", ""))


def codes(reading: Reading) -> set[str]:
    return {problem.code for problem in reading.problems}


@pytest.mark.parametrize(
    ("rows", "expected", "told"),
    [
        (BLOOKET, [("choice", "4"), ("multiple", "2, 3")], {"lost-column", "above-headings"}),
        (
            QUIZIZZ,
            [("choice", "Seoul"), ("multiple", "a, e"), ("text", "Apple | An apple"), ("essay", "")],
            {"lost-column"},
        ),
        (
            SOCRATIVE,
            [("choice", "Mitochondrion"), ("multiple", "Wall, Nucleus"), ("truefalse", "True"),
             ("text", "Cell | A cell")],
            {"above-headings"},
        ),
        (KOREAN, [("choice", "서울"), ("choice", "제주")], {"difficulty", "unknown-column"}),
        (MICROSOFT, [("choice", "Seoul"), ("text", "seoul | Seoul")], {"responses", "made-of-responses"}),
        (GOOGLE, [("choice", "서울")], {"responses", "made-of-responses", "no-right"}),
    ],
    ids=["blooket", "quizizz", "socrative", "korean", "microsoft", "google"],
)  # fmt: skip
def test_sheets_of_other_services(rows: Rows, expected: list[tuple[str, str]], told: set[str]) -> None:
    for reading in both(rows):
        assert [(item.kind, key(item)) for item in reading.items] == expected
        assert codes(reading) == told
        assert reading.found == len(reading.items) + reading.failed


def test_nothing_of_the_learners_comes_along() -> None:
    for reading in (*both(MICROSOFT), *both(GOOGLE)):
        assert "anna" not in str([item.to_json() for item in reading.items]).lower()


def test_units_levels_and_numbers_of_a_korean_sheet() -> None:
    first, second = csv_sheet.read(lines(KOREAN)).items
    assert first.category == second.category == ["지리", "한국"]
    assert (first.difficulty, first.tags, second.difficulty) == (None, ["중상"], 1)
    assert [one.provenance["number"] for one in (first, second)] == ["1", "2"]


def test_the_mapping_that_was_guessed_is_told_and_can_be_changed() -> None:
    data = lines(KOREAN)
    table = csv_sheet.read(data).tables[0]
    assert table.guessed, "a column isn't known"
    assert dict(zip(table.headings, table.meanings, strict=True))["②"] == "choice 2"
    assert (table.headings[-1], table.examples[-1], table.meanings[-1]) == ("학년", "중1", "")
    again = csv_sheet.read(data, None, {table.shape: [*table.meanings[:-1], "tags"]})
    assert [item.tags for item in again.items] == [["중1", "중상"], ["중2"]]
    assert codes(again) == {"difficulty"}
    assert again.tables[0].shape == table.shape


def test_a_mapping_may_say_of_headings_what_no_guess_could() -> None:
    data = lines([("x", "y", "z"), ("What is it?", "1", "3.5"), ("What else is it?", "1", "4")])
    shape = csv_sheet.read(data).tables[0].shape
    reading = csv_sheet.read(data, None, {shape: ["question", "", "answer"]})
    assert [(item.kind, item.response["answers"][0]["value"]) for item in reading.items] == [
        ("number", "3.5"),
        ("number", "4"),
    ]


@pytest.mark.parametrize("delimiter", ["\t", ","])
def test_terms_and_definitions_without_headings(delimiter: str) -> None:
    rows = [("사과", "apple"), ("배", "pear"), ("나무에서 열리는 것", "fruit")]
    data = "\n".join(delimiter.join(row) for row in rows).encode()
    reading = csv_sheet.read(data)
    assert [(item.stem["ko"], key(item)) for item in reading.items] == rows
    assert "guessed-columns" in codes(reading)
    table = reading.tables[0]
    turned = csv_sheet.read(data, "en", {table.shape: ["answer", "question"]})
    assert [(key(item), item.stem["en"]) for item in turned.items] == rows


def test_a_list_of_terms_that_was_copied_is_found_as_a_text() -> None:
    data = "사과\tapple\n배\tpear\n".encode()
    form = detect(data, "terms.txt") or ""
    assert [key(item) for item in FORMATS[form].read(data).items] == ["apple", "pear"]


def test_columns_are_told_by_their_cells_where_no_heading_is_known() -> None:
    rows = [
        ("내용란", "하나란", "둘란", "셋란", "맞는란"),
        ("대한민국의 수도는 어디입니까?", "서울", "부산", "대구", "서울"),
        ("섬은 어디입니까?", "서울", "제주", "대구", "제주"),
        ("가장 남쪽은 어디입니까?", "서울", "제주", "대구", "제주"),
    ]
    for reading in both(rows):
        assert [key(item) for item in reading.items] == ["서울", "제주", "제주"]
        assert "guessed-columns" in codes(reading)


@pytest.mark.parametrize(
    ("rows", "meanings"),
    [
        ([("수도는 어디입니까?", "서울"), ("섬은 어디입니까?", "제주")], ["question", "answer"]),
        ([("서울", "수도는 어디입니까?"), ("제주", "섬은 어디입니까?")], ["answer", "question"]),
        ([("여우", "늑대"), ("사과", "나무")], ["question", "answer"]),
        ([("수도는 서울이다.", "O"), ("섬은 대구이다.", "X")], ["question", "answer"]),
        ([(1, "단답형", "수도는?", "하", "서울"), (2, "단답형", "섬은?", "상", "제주")],
         ["number", "kind", "question", "difficulty", "answer"]),
        ([("어느 것이 수도입니까?", "서울", "부산", 2), ("어느 것이 섬입니까?", "대구", "제주", 1)],
         ["question", "choice 1", "choice 2", "answer"]),
        ([("어느 것이 수도입니까?", "서울", "부산", "①", "까닭"), ("어느 것이 섬입니까?", "대구", "제주", "②", "")],
         ["question", "choice 1", "choice 2", "answer", "feedback"]),
        ([("어느 것이 수도입니까?", 2, "서울", "부산"), ("어느 것이 섬입니까?", 1, "대구", "제주")],
         ["question", "answer", "choice 1", "choice 2"]),
        ([("어느 것이 수도입니까?", 1, "서울"), ("어느 것이 섬입니까?", 1, "제주")],
         ["question", "answer", "choice 1"]),
        ([("보기 1", "보기 2", "x란", "y란", "z란"), ("서울", "부산", "어느 것이 수도입니까?", "①", "5점"),
          ("대구", "제주", "어느 것이 섬입니까?", "②", "10점")],
         ["choice 1", "choice 2", "question", "answer", "points"]),
    ],
    ids=["two", "short-first", "alike", "truths", "number-kind-level", "key-behind", "feedback", "key-within",
         "one-choice", "points"],
)  # fmt: skip
def test_what_cells_say_their_column_is(rows: Rows, meanings: list[str]) -> None:
    for reading in both(rows):
        assert list(reading.tables[0].meanings) == meanings


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        ([("2+2는?", 3, 4, 5, 6, 2), ("2+3은?", 3, 4, 5, 6, 3), ("2+4는?", 3, 4, 5, 6, 4)], ["4", "5", "6"]),
        ([("어느 것?", "A", "B", "C", "A"), ("어느 것?", "A", "B", "C", "C")], ["A", "C"]),
        ([("어느 것?", "①", "②", "③", "1"), ("어느 것?", "가", "나", "다", "3")], ["①", "다"]),
        ([("해는 별이다.", "맞다"), ("달은 별이다.", "X"), ("물은 차다.", "O")], ["맞다", "False", "True"]),
        ([("섬은?", "제주", "대구", "제주"), ("산은?", "설악", "한강", 1), ("강은?", "설악", "한강", 2),
          ("들은?", "김제", "한강", 1), ("못은?", "김제", "경포", 2)], ["제주", "설악", "한강", "김제", "경포"]),
    ],
    ids=["numbers", "letters", "circled", "truth", "text-first"],
)  # fmt: skip
def test_without_headings_the_first_row_is_a_question_too(rows: Rows, keys: list[str]) -> None:
    for reading in both(rows):
        assert [key(item) for item in reading.items] == keys


def test_a_first_row_that_is_taken_for_headings_is_told() -> None:
    rows = [("내용", "하나란", "둘란", "맞는란"), ("수도는?", "부산", "서울", 2), ("섬은?", "제주", "서울", 1)]
    for reading in both(rows):
        (said,) = [one for one in reading.problems if one.code == "guessed-columns"]
        assert "taken for headings" in said.message
        assert "맞는란 = 정답" in said.message
        assert len(reading.items) == 2


def test_a_first_row_may_be_wider_than_all_others() -> None:
    for reading in both([("x", "y", "z"), ("What is it?", "one"), ("What else?", "two")]):
        assert reading.tables[0].meanings == ("question", "choice 1", "choice 2")
        assert (reading.found, codes(reading)) == (3, {"guessed-columns", "no-right"})


def test_choices_in_one_cell() -> None:
    reading = csv_sheet.read(
        sheet(["문제", "보기", "정답"], ["수도는?", "① 서울 ② 부산 ③ 대구", "②"], ["섬은?", "1) 제주\n2) 부산", "1"])
    )
    assert [key(item) for item in reading.items] == ["부산", "제주"]
    assert codes(reading) == {"choices-in-a-cell"}


def test_headings_that_stand_again_on_the_next_page_are_no_question() -> None:
    for reading in both((("문제", "정답"), ("수도는?", "서울"), ("문제", "정답"), ("섬은?", "제주"))):
        assert [key(item) for item in reading.items] == ["서울", "제주"]
        assert [(one.line, one.severity) for one in reading.problems if one.code == "again"] == [(3, "loss")]


def test_a_row_without_a_question_is_told_unless_it_only_counts() -> None:
    for reading in both((("번호", "문제", "정답"), (1, "수도는?", "서울"), (2, "", ""), ("합계", "", ""))):
        assert len(reading.items) == reading.found == 1
        assert [(one.line, one.severity) for one in reading.problems if one.code == "no-question"] == [(4, "loss")]


PASSAGES: Rows = (
    ("지문", "문제", "보기 1", "보기 2", "정답"),
    ("나는 학교에 간다.", "누가?", "나", "너", 1),
    ("", "어디에?", "집", "학교", 2),
    ("", "왜?", "배우려고", "놀려고", 1),
)


def test_a_passage_is_shared_where_a_merged_cell_says_so_only() -> None:
    for reading in both(PASSAGES):
        assert [item.stimulus.get("ko", "") for item in reading.items] == ["나는 학교에 간다.", "", ""]
        assert reading.problems == []
    made = Workbook()
    for row in PASSAGES:
        made.worksheets[0].append([cell or None for cell in row])
    made.worksheets[0].merge_cells("A2:A3")
    out = io.BytesIO()
    made.save(out)
    reading = xlsx_sheet.read(out.getvalue())
    assert [item.stimulus.get("ko", "") for item in reading.items] == [*["나는 학교에 간다."] * 2, ""]
    assert codes(reading) == {"merged"}


QUESTIONS: Rows = (("번호", "문제", "보기 1", "보기 2"), (1, "수도는?", "서울", "부산"), (2, "섬은?", "대구", "제주"))
ANSWERS: Rows = (("번호", "정답", "해설"), (2, "②", "섬입니다."), (1, "1", ""), (3, "2", "없는 문제"))


def test_answers_in_another_sheet_are_joined_by_number() -> None:
    reading = xlsx_sheet.read(book({"문제지": QUESTIONS, "정답": ANSWERS}))
    assert [key(item) for item in reading.items] == ["서울", "제주"]
    assert reading.items[1].feedback == {"general": {"ko": "섬입니다."}}
    assert [problem.text for problem in reading.problems] == ["3, 2, 없는 문제"]


def test_answers_of_several_sheets_are_joined_in_their_order() -> None:
    turned = (QUESTIONS[0], (1, "강은?", "한강", "설악"), (2, "산은?", "한강", "설악"))
    sheets = {"1단원": QUESTIONS, "2단원": turned, "1 정답": ANSWERS[:3], "2 정답": ANSWERS[:3]}
    assert [key(item) for item in xlsx_sheet.read(book(sheets)).items] == ["서울", "제주", "한강", "설악"]


def test_answers_that_could_be_those_of_either_sheet_are_joined_to_none() -> None:
    reading = xlsx_sheet.read(book({"1단원": QUESTIONS, "2단원": QUESTIONS, "정답": ANSWERS}))
    assert reading.items == []
    assert {"answer-sheet", "no-right"} <= codes(reading)


def test_an_answer_beside_its_question_counts_more_than_that_of_another_sheet() -> None:
    own = [(*row, answer) for row, answer in zip(QUESTIONS, ("정답", "2", ""), strict=True)]
    reading = xlsx_sheet.read(book({"문제지": own, "정답": ANSWERS[:3]}))
    assert [key(item) for item in reading.items] == ["부산", "제주"]
    assert codes(reading) == {"answer-sheet"}, "the other answer is named"


def keys_of(*rows: Sequence[object]) -> list[tuple[str, str]]:
    """Kind and key of each question, the same from CSV as from a workbook."""
    text, package = csv_sheet.read(lines(rows)), xlsx_sheet.read(book({"Sheet1": rows}))
    found = [[(item.kind, key(item)) for item in reading.items] for reading in (text, package)]
    assert found[0] == found[1]
    return found[0]


def test_of_two_columns_called_question_the_one_that_counts_is_the_number() -> None:
    rows = [
        ("문항", "발문", "보기1", "보기2", "정답"),
        (1, "수도는?", "부산", "서울", 2),
        (2, "섬은?", "제주", "대전", 1),
    ]
    assert keys_of(*rows) == [("choice", "서울"), ("choice", "제주")]
    read = csv_sheet.read(lines(rows))
    assert [(item.stem["ko"], item.provenance["number"]) for item in read.items] == [("수도는?", "1"), ("섬은?", "2")]
    assert codes(read) == {"guessed-columns"}, "it is told and can be changed"
    both = [("문항", "발문", "정답"), ("첫째", "수도는?", "서울"), ("둘째", "섬은?", "제주")]
    assert "same-column" in codes(csv_sheet.read(lines(both))), "which of two texts is meant, nobody can tell"


def test_columns_numbered_alike_of_which_the_answers_name_one_are_choices() -> None:
    rows = [
        ("문제", "후보1", "후보2", "후보3", "정답"),
        ("수도는?", "부산", "서울", "대구", 2),
        ("섬은?", "제주", "대전", "광주", "제주"),
    ]
    assert keys_of(*rows) == [("choice", "서울"), ("choice", "제주")]
    assert "guessed-columns" in codes(csv_sheet.read(lines(rows)))
    letters = [
        ("Question", "Pick A", "Pick B", "Answer"),
        ("Which?", "one", "two", "B"),
        ("What?", "three", "four", "a"),
    ]
    assert keys_of(*letters) == [("choice", "two"), ("choice", "three")]
    others = [("Question", "Week1", "Week2", "Answer"), ("Which?", "x", "y", "Seoul"), ("What?", "x", "y", "Busan")]
    assert keys_of(*others) == [("text", "Seoul"), ("text", "Busan")], "the answers say nothing of these columns"
    assert "unknown-column" in codes(csv_sheet.read(lines(others)))


def test_wrong_answers_of_their_own_stand_beside_the_right_one() -> None:
    rows = [("질문", "정답", "오답1", "오답2"), ("수도는?", "서울", "부산", "대구"), ("섬은?", "제주", "대전", "")]
    assert keys_of(*rows) == [("choice", "서울"), ("choice", "제주")]
    choices = csv_sheet.read(lines(rows)).items[0].response["choices"]
    assert [one["text"]["ko"] for one in choices] == ["서울", "부산", "대구"]
    unnumbered = [("Question", "Correct Answer", "Incorrect", "Incorrect"), ("Which?", "1", "2", "3")]
    assert keys_of(*unnumbered) == [("choice", "1")]
    without = [("질문", "정답", "오답1"), ("수도는?", "", "부산")]
    assert csv_sheet.read(lines(without)).errors[0].code == "no-right"


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("A and C", "x, Z"),
        ("1과 3", "x, Z"),
        ("①와 ③", "x, Z"),
        ("1 및 3", "x, Z"),
        ("b.", "y"),
        ("(B)", "y"),
        ("2)", "y"),
        ("Option B", "y"),
        ("보기 2", "y"),
        ("x, Z", "x, Z"),
        ("A & C", "x, Z"),
        ("z", "Z"),
        ("Ｚ", "Z"),
    ],
)
def test_answers_as_people_write_them(answer: str, right: str) -> None:
    assert keys_of(("문제", "보기1", "보기2", "보기3", "정답"), ("무엇?", "x", "y", "Z", answer))[0][1] == right


def test_a_column_of_notes_is_named() -> None:
    read = csv_sheet.read(lines([("문제", "정답", "비고"), ("수도는?", "서울", "중요")]))
    assert ("lost-column", "loss") in [(problem.code, problem.severity) for problem in read.problems]


def test_a_table_without_headings_is_one_though_its_questions_are_numbered_as_in_an_exam() -> None:
    rows = [("1. 금속은?", "철", "산소", "1"), ("2. 기체는?", "철", "산소", "2"), ("3. 별은?", "해", "땅", "1")]
    data = lines(rows)
    assert detect(data, "a.csv") == "csv"
    reading = csv_sheet.read(data)
    assert [key(item) for item in reading.items] == ["철", "산소", "해"]
    assert detect("1. 금속은?\n① 철 ② 산소\n정답: ①".encode(), "a.csv") == "exam", "what is surely an exam stays one"


BLACKBOARD = (
    "MC\tCapital?\tBusan\tIncorrect\tSeoul\tCorrect\nMA\tPrimes?\t2\tcorrect\t3\tcorrect\t4\tincorrect\n"
    "TF\tThe sun is a star.\tTrue\nESS\tDiscuss.\tAll sides.\nFIB\tKing?\tSejong\tKing | Sejong\n"
    "NUM\tPi?\t3.14\t0.01\nORD\tOrder.\tone\ttwo\nMAT\tMatch.\tx=1\tone\tx=2\ttwo\n"
)


def test_blackboards_files_of_tabs() -> None:
    data = BLACKBOARD.encode()
    assert detect(data, "questions.txt") == "csv"
    reading = csv_sheet.read(data)
    assert reading.problems == []
    assert [item.kind for item in reading.items] == [
        "choice", "multiple", "truefalse", "essay", "text", "number", "order", "match",
    ]  # fmt: skip
    single, several, truth, essay, typed, number, order, match = [item.response for item in reading.items]
    assert [choice["fraction"] for choice in single["choices"]] == [0, 1]
    assert [choice["fraction"] for choice in several["choices"]] == [1, 1, 0]
    assert (truth["answer"], essay["grader_notes"]["en"]) == (True, "All sides.")
    assert [answer["text"] for answer in typed["answers"]] == ["Sejong", "King | Sejong"]
    assert number["answers"] == [{"value": "3.14", "tolerance": "0.01", "fraction": 1}]
    assert [item["text"]["en"] for item in order["items"]] == ["one", "two"]
    assert [row["text"]["en"] for row in match["rows"]] == ["x=1", "x=2"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("MC\tCapital?\tBusan\tSeoul\tCorrect", "no-right"),
        ("MC\tCapital?\tBusan\tperhaps", "no-right"),
        ("TF\tCapital?\tperhaps", "no-right"),
        ("MAT\tMatch.\tone\ttwo\tthree", "pair"),
        ("NUM\tPi?\t3\t4\t5", "number"),
        ("FIB_PLUS\t[a] is.\ta\tSeoul", "kind"),
    ],
)
def test_what_blackboard_leaves_open_is_an_error(row: str, code: str) -> None:
    reading = csv_sheet.read(f"TF\tThe sun is a star.\tTrue\n{row}\n".encode())
    assert (len(reading.items), [problem.code for problem in reading.errors]) == (1, [code])


def test_hidden_rows_and_sheets_are_read_and_named() -> None:
    made = Workbook()
    seen, unseen = made.worksheets[0], made.create_sheet("Old")
    for sheet_ in (seen, unseen):
        for row in (("question", "choice 1", "choice 2", "answer"), ("One?", "a", "b", 1), ("Two?", "a", "b", 2)):
            sheet_.append(row)
    seen.row_dimensions[3].hidden = True
    unseen.sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    reading = xlsx_sheet.read(out.getvalue())
    assert len(reading.items) == 4
    assert [(problem.code, problem.place, problem.values["rows"]) for problem in reading.problems] == [
        ("hidden", "Sheet", "3"),
        ("hidden", "Old", "sheet"),
    ]


def test_numbers_that_begin_with_a_nought_are_typed_as_they_stand() -> None:
    made = Workbook()
    rows = made.worksheets[0]
    for row in (("문제", "정답"), ("우편번호?", 4524), ("지역 번호?", "02"), ("소수?", 0.5)):
        rows.append(row)
    rows["B2"].number_format = "00000"
    out = io.BytesIO()
    made.save(out)
    answers = [(item.kind, item.response["answers"][0]) for item in xlsx_sheet.read(out.getvalue()).items]
    assert [(kind, answer.get("text", answer.get("value"))) for kind, answer in answers] == [
        ("text", "04524"),
        ("text", "02"),
        ("number", "0.5"),
    ]
