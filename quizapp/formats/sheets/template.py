"""The blank sheet that an instructor downloads: a guide, the headings, an example of each kind; and the sample."""

from __future__ import annotations

from quizapp.formats.sheets.columns import WORDS_OF_KIND, Column, heading_of

COLUMNS = (
    Column("kind"),
    Column("question"),
    *(Column("choice", number) for number in range(1, 6)),
    Column("answer"),
    Column("tolerance"),
    Column("feedback"),
    Column("points"),
    Column("difficulty"),
    Column("tags"),
    Column("id"),
)

GUIDE: dict[str, tuple[str, ...]] = {
    "en": (
        "One row is one question. Keep the row of headings; replace the examples with your questions.",
        "kind: single choice, multiple response, true/false, short answer, number, matching, ordering, essay.",
        "choice 1, choice 2 …: add as many columns as you need. Matching: a pair in each, such as Korea = Seoul. "
        "Ordering: the right order.",
        "answer: the number of the right choice (2), or several (1, 3). True/false: O or X. "
        "Short answer and number: the answer; separate several accepted ones by |.",
        "In a short answer, * stands for any letters; write \\* for the character itself.",
        "tolerance: for numbers only, such as 0.5 or 5%.",
        "feedback: shown after the answer. feedback 1, feedback 2 …: that of each choice.",
        "points: 1 if blank.  difficulty: 1 easy, 2 medium, 3 hard.  tags: separated by commas.",
        "id: your own name for the question. With it, a later upload changes the question instead of adding another.",
        "Two languages: head the columns question (ko), question (en), choice 1 (ko), choice 1 (en) and so on.",
        "More columns: passage, title, category (Algebra > Fractions), objectives, source (lesson#anchor), "
        "format (markdown), never with (ids of questions that give this one away).",
        "Rows that begin with # are comments.",
    ),
    "ko": (
        "한 줄이 한 문제입니다. 제목 줄은 그대로 두고, 예시를 지운 자리에 문제를 적으세요.",
        "유형: 단일 선택, 복수 선택, 참·거짓, 단답형, 숫자, 짝짓기, 순서, 서술형.",
        "보기 1, 보기 2 …: 필요한 만큼 열을 늘리세요. "
        "짝짓기는 칸마다 한 쌍(대한민국 = 서울), 순서는 바른 순서대로 적습니다.",
        "정답: 맞는 보기의 번호(2), 여럿이면 1, 3. 참·거짓은 O 또는 X. "
        "단답형과 숫자는 답을 그대로 적고, 답이 여럿이면 | 로 나눕니다.",
        "단답형 답의 * 는 아무 글자나 됩니다. 별표 자체는 \\* 로 적으세요.",
        "허용 오차: 숫자 문제에만 씁니다. 0.5 또는 5% 처럼 적습니다.",
        "해설: 답한 뒤에 보입니다. 해설 1, 해설 2 …는 보기마다의 해설입니다.",
        "배점: 비우면 1점.  난이도: 1 쉬움, 2 보통, 3 어려움.  태그: 쉼표로 나눕니다.",
        "식별자: 문제의 이름입니다. 적어 두면 다시 올릴 때 새 문제가 생기지 않고 그 문제가 바뀝니다.",
        "두 언어: 열 제목을 문제 (ko), 문제 (en), 보기 1 (ko), 보기 1 (en) 처럼 적으세요.",
        "더 쓸 수 있는 열: 지문, 제목, 분류(수학 > 분수), 학습 목표, 출처(단원#앵커), 서식(markdown), "
        "함께 내지 않을 문제(서로 답을 알려 주는 문제의 식별자).",
        "# 으로 시작하는 줄은 읽지 않습니다.",
    ),
}

EXAMPLES: dict[str, tuple[tuple[str, str, tuple[str, ...], str, str, str], ...]] = {
    "en": (
        ("choice", "Which king created Hangul?", ("Taejong", "Sejong", "Munjong"), "2", "", "Created in 1443."),
        ("multiple", "Choose every prime.", ("2", "4", "7", "9"), "1, 3", "", ""),
        ("truefalse", "Water boils at 100 degrees Celsius at sea level.", (), "O", "", ""),
        ("text", "What is the capital of Korea?", (), "Seoul | Soul", "", ""),
        ("number", "What is π, to two decimal places?", (), "3.14", "0.005", ""),
        ("match", "Match countries and capitals.", ("Korea = Seoul", "Japan = Tokyo", "(none) = Beijing"), "", "", ""),
    ),
    "ko": (
        ("choice", "훈민정음을 만든 임금은 누구입니까?", ("태종", "세종", "문종"), "2", "", "1443년에 만들었습니다."),
        ("multiple", "소수를 모두 고르세요.", ("2", "4", "7", "9"), "1, 3", "", ""),
        ("truefalse", "바닷가에서 물은 섭씨 100도에 끓는다.", (), "O", "", ""),
        ("text", "대한민국의 수도는 어디입니까?", (), "서울 | 서울특별시", "", ""),
        ("number", "원주율을 소수 둘째 자리까지 쓰세요.", (), "3.14", "0.005", ""),
        ("match", "나라와 수도를 이으세요.", ("대한민국 = 서울", "일본 = 도쿄", "(없음) = 베이징"), "", "", ""),
    ),
}  # fmt: skip
"""Kind, question, choices, answer, tolerance, feedback."""

SAMPLE_ROWS: tuple[dict[str, str], ...] = (
    {
        "식별자": "king",
        "유형": "단일 선택",
        "문제 (ko)": "훈민정음을 만든 임금은?",
        "문제 (en)": "Which king created Hangul?",
        "보기 1 (ko)": "태종",
        "보기 1 (en)": "Taejong",
        "보기 2 (ko)": "세종",
        "보기 2 (en)": "Sejong",
        "보기 3 (ko)": "문종",
        "보기 3 (en)": "Munjong",
        "정답": "2",
        "해설 (ko)": "1443년에 만들었습니다.",
        "해설 (en)": "Created in 1443.",
        "해설 1 (ko)": "세종의 아버지입니다.",
        "해설 1 (en)": "His father.",
        "배점": "2",
        "난이도": "1",
        "태그": "한글, 역사",
        "분류": "한국사 > 조선",
        "출처": "letters#creation",
    },
    {
        "유형": "복수 선택",
        "문제 (ko)": "소수를 모두 고르세요.",
        "문제 (en)": "Choose every prime.",
        "보기 1 (en)": "2",
        "보기 2 (en)": "4",
        "보기 3 (en)": "7",
        "정답": "1, 3",
        "난이도": "쉬움",
    },
    {
        "유형": "OX",
        "문제 (ko)": "물은 바닷가에서 100도에 끓는다.",
        "정답": "O",
        "해설 2 (ko)": "바닷가에서는 맞습니다.",
    },
    {"유형": "단답형", "문제 (ko)": "대한민국의 수도는?", "정답": "서울 | Seoul"},
    {"유형": "숫자", "문제 (ko)": "원주율은?", "정답": "3.14", "허용 오차": "0.005"},
    {"유형": "숫자", "문제 (en)": "How fast is sound in water, in m/s?", "정답": "1480", "허용 오차": "5%"},
    {
        "유형": "짝짓기",
        "문제 (ko)": "나라와 수도를 이으세요.",
        "보기 1 (ko)": "대한민국 = 서울",
        "보기 2 (ko)": "일본 = 도쿄",
        "보기 3 (ko)": "(없음) = 베이징",
    },
    {
        "유형": "분류하기",
        "문제 (ko)": "무엇에 속합니까?",
        "보기 1 (ko)": "고래 = 포유류",
        "보기 2 (ko)": "참새 = 조류",
        "보기 3 (ko)": "박쥐 = 포유류",
    },
    {
        "유형": "순서",
        "문제 (en)": "Put the earliest first.",
        "보기 1 (en)": "Gojoseon",
        "보기 2 (en)": "Goryeo",
        "보기 3 (en)": "Joseon",
    },
    {"유형": "서술형", "문제 (ko)": "한글은 왜 배우기 쉽습니까?"},
    {"유형": "안내문", "문제 (ko)": "다음 글을 읽으세요: x = -1, *별*", "서식": "markdown"},
)
"""Rows that use every kind and most columns."""


def sample() -> list[list[str]]:
    headings = list(dict.fromkeys(heading for row in SAMPLE_ROWS for heading in row))
    return [headings, *([row.get(heading, "") for heading in headings] for row in SAMPLE_ROWS)]


def headings(language: str) -> list[str]:
    return [heading_of(column, language) for column in COLUMNS]


def examples(language: str) -> list[list[str]]:
    """A row for each kind, in the template's columns."""
    rows = []
    for kind, question, choices, answer, tolerance, feedback in EXAMPLES[language]:
        choices = [*choices, *[""] * (5 - len(choices))]
        rows.append([WORDS_OF_KIND[kind][language][0], question, *choices, answer, tolerance, feedback, "", "", "", ""])
    return rows
