"""What in a file of questions tells that a person grades the answer, though the file names no kind."""

from __future__ import annotations

import re

ASKS_FOR_TEXT = re.compile(
    r"(?:설명|서술|논술|약술|기술|비교|요약|평가|비판|토론|토의|논)\s?(?:하|해)\s?"
    r"(?:시오|세요|십시오|라|여라|보시오|보세요|보아라|보라|주세요|봅시다)"
    r"|(?:이유|까닭|근거|과정|생각|의견)(?:을|를)?\s(?:[^\s.?!]{1,10}\s){0,4}(?:쓰|적으|밝히|말하)(?:시오|세요|십시오|라|어라)"
    r"|(?:^|[.;:!?]\s|\band\s)(?:please\s)?"
    r"(?:explain|describe|discuss|justify|evaluate|summari[sz]e|compare|write an essay)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Stems that ask for a text."""
SAID = re.compile(
    r"[\[(<]?(?:(?:서술|논술|장문)형(?:\s?(?:문제|문항|답안))?|essay(?: question)?|open[- ]ended(?: question)?"
    r"|(?:해설|풀이|채점 ?기준|예시 ?답안|모범 ?답안) ?참[조고]"
    r"|see (?:the )?(?:explanation|rubric|marking scheme|model answer)|answers? (?:may|will) vary)[\])>]?[.!]?",
    re.IGNORECASE,
)
"""What stands where the answer would, and is none."""
SUM_ROW = re.compile(r".{0,10}(?:합\s?계|총\s?점|소\s?계|총\s?계|total|sum)\W{0,3}|계", re.IGNORECASE)
"""Rows below the questions of a sheet, which have marks too."""


def asks_for_text(stem: str) -> bool:
    return bool(ASKS_FOR_TEXT.search(stem))


def is_no_answer(answer: str) -> bool:
    """Whether the words where an answer is expected only say that a person grades it."""
    return bool(SAID.fullmatch(answer.strip()))
