# ruff: noqa: E501 -- files of one line are read best
"""`python -m tests.formats.largest`: what the largest files cost that anybody may send, each read in a process of its own.

With `--write` the table goes into docs/readers.md.
"""

from __future__ import annotations

import argparse
import base64
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from quizapp.formats import FORMATS, kahoot, workbook
from quizapp.formats.documents.samples import WORD, docx_of, hwpx_of, zipped
from tests.formats.anki_files import BASIC, Card, legacy_collection, legacy_package
from tests.formats.document_files import MATH

MEGABYTE = 1024 * 1024
SIZE = 49 * MEGABYTE
MOST_MEMORY, MOST_TIME = 400, 30
"""Megabytes, and seconds of the processor."""

CHILD = """
import pathlib, re, resource, sys
from quizapp.formats import FORMATS
resource.setrlimit(resource.RLIMIT_CPU, (90, 90))
data = pathlib.Path(sys.argv[2]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF)
reading = FORMATS[sys.argv[1]].read(data)
used = resource.getrusage(resource.RUSAGE_SELF)
peak = re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())
seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
print(int(peak[1]) // 1024, round(seconds, 1), len(reading.items), len(reading.problems))
"""

PAD = "a" * 60
"""Lines as long that the largest file has as many as may be."""
QUESTION = f"Q{PAD}\nA. a{PAD}\nB. b{PAD}\nANSWER: A{' ' * 60}\n"
SHORT_JSON = '{"kind":"essay","stem":{"en":"a"}},'
JSON = f'{{"kind":"essay","stem":{{"en":"a{PAD * 3}"}}}},'
MOODLE = f'<question type="essay"><questiontext><text>{PAD * 4}</text></questiontext></question>'
QTI12 = '<item ident="№"><presentation><material><mattext>a</mattext></material><response_str ident="r"><render_fib/></response_str></presentation></item>'
FORMULA = f'<m:oMath xmlns:m="{MATH}"><m:r><m:t>a</m:t></m:r></m:oMath>'
NOISE = base64.b64encode(random.Random(0).randbytes(3 * MEGABYTE)).decode()

NOISY = "\n".join(NOISE[start : start + 400] for start in range(0, len(NOISE), 400))


def filled(mark: str, head: str = "", tail: str = "") -> Callable[[int], bytes]:
    return lambda size: (head + mark * ((size - len(head) - len(tail)) // len(mark.encode())) + tail).encode()


def at_most(most: int, made: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """For a format that takes no larger file at all."""
    return lambda size: made(min(size, most * MEGABYTE))


def counted(mark: str) -> str:
    """Questions by their numbers, which exams write with three digits."""
    return "".join(mark.replace("№", str(number)) for number in range(1, 1000))


def deck(size: int) -> bytes:
    text = NOISE[: size // 12]
    cards = [Card(BASIC, [f"{number} {text}", text], str(number)) for number in range(6)]
    return legacy_package(legacy_collection(cards))


def many_notes(size: int) -> bytes:
    cards = (Card(BASIC, [NOISE[number : number + 300], "a"], str(number)) for number in range(size // 450))
    return legacy_package(legacy_collection(cards))


def document(made: Callable[[list[str]], bytes], lines: str, most: int) -> Callable[[int], bytes]:
    """A document of so many paragraphs, which are what fills the memory before its bytes do; no two begin alike."""
    few = lines.rstrip("\n").split("\n")

    def filled_with(size: int) -> bytes:
        several = (few * (most // len(few)))[: size // 400]
        return made([f"{line} {NOISE[place * 9 : place * 9 + 30]}" for place, line in enumerate(several)])

    return filled_with


def part(name: str, mark: str) -> Callable[[int], bytes]:
    """A package with one part of 47 MB, which packs to little; noise beside it lets no one call it a bomb."""

    def made(size: int) -> bytes:
        root = f'<w:document xmlns:w="{WORD}"><w:body>'
        inside = filled(mark, root, "</w:body></w:document>")(min(size, 47 * MEGABYTE))
        return zipped({name: inside, "noise": NOISE[: size // 60]})

    return made


def rows(cells: tuple[str, ...], most: int) -> Callable[[int], bytes]:
    head = ["question", *(f"choice {number}" for number in range(1, len(cells) - 1)), "answer"]
    return lambda size: workbook.saved(workbook.workbook([("Q", [head, *[list(cells)] * min(most - 1, size // 100)])]))


def kahoot_rows(most: int) -> Callable[[int], bytes]:
    question = (PAD, "a", "b", "", "", "20", "1")
    return lambda size: workbook.saved(
        workbook.workbook([("Sheet1", kahoot.rows_around([question] * min(most - 10, size // 100)))])
    )


def members(each: int, mark: str, head: str = "", suffix: str = ".gift") -> Callable[[int], bytes]:
    """A zip of files of a size, unpacked a third of what it may be."""
    file = filled(mark, head)(each)
    return lambda size: zipped(
        {f"{number}{suffix}": file for number in range(size // each)} | {"noise": NOISE[: size // 20]}
    )


FILES: dict[str, dict[str, Callable[[int], bytes]]] = {
    "gift": {
        "questions": filled(f"{PAD * 2}{{T}}\n\n"), "lines": filled(f"{PAD}\n"), "options": filled("~", "Q {=a", "}"),
        "comments": filled(f"// [tag:{PAD}]\n"), "no braces": filled(f"{{={PAD * 2}\n\n"), "short": filled("{T}\n\n"),
        "right ones": filled(f"Q {{={PAD * 2} =b}}\n\n"),
    },
    "aiken": {
        "questions": filled(QUESTION), "lines": filled(f"{PAD}\n", "Q\nA. a\n"), "answers": filled(f"ANSWER: A{' ' * 60}\n"),
        "no answers": filled(f"Q\nA. a{PAD}\nB. b{PAD * 2}\n\n"), "short": filled("Q\nA. a\nB. b\nANSWER: A\n"),
    },
    "csv": {
        "rows": filled(f"{PAD}\n", "question,answer\n"),
        "questions": filled(f"a,{PAD},c,1\n", "question,choice 1,choice 2,answer\n"),
        "columns": filled(",", "question,answer\n"), "cells": filled(f'"{PAD}\n",', "question,answer\n"),
        "short": filled("a\n"),
    },
    "anki-text": {
        "notes": filled(f"a\t{PAD}\n"), "columns": filled("\t"), "no back": filled(f"{PAD}\n"), "comments": filled(f"#{PAD}\n"),
        "clozes": filled(f"{{{{c1::a}}}}{PAD}\n"), "fields": filled("a\t" * 190 + "\n"), "short": filled("a\tb\n"),
    },
    "markdown": {
        "questions": filled(f"1. {PAD * 2}\n= 1\n"), "strays": filled(f"{PAD}\n", "1. Q\n"),
        "choices": filled(f"a) {PAD}\n", "1. Q\n"), "lines": filled(f"    {PAD}\n", "1. Q\n"),
        "feedback": filled(f"... {PAD}\n"), "texts": filled(f"text: {PAD}\n"), "short": filled("1. Q\n= 1\n"),
    },
    "json": {
        "questions": filled(JSON, "[", '{"kind":"essay"}]'), "short": filled(SHORT_JSON, "[", '{"kind":"essay"}]'), "lists": filled("[],", "[", "[]]"),
        "empty": filled("{},", "[", "{}]"), "numbers": filled("1,", '[{"kind":[', "1]}]"),
        "media": filled(NOISE, '[{"kind":"essay","stem":{"en":"a"},"media":[{"name":"a","type":"image/png","data":"', '"}]}]'),
    },
    "yaml": {
        "questions": filled(f"- kind: essay\n  stem: {{en: a{PAD * 2}}}\n"), "lists": filled(f"- []{' ' * 60}\n"),
        "numbers": filled("1,", "- [", "1]"), "short": filled("- []\n"),
        "text": filled("a ", "- stem: "),
    },
    "moodle-xml": {
        "questions": filled(MOODLE, "<quiz>", "</quiz>"), "elements": filled(f"<a>{PAD}</a>", "<quiz>", "</quiz>"), "short": filled("<a/>", "<quiz>", "</quiz>"),
        "text": filled("a ", "<quiz><question type='essay'><questiontext><text>", "</text></questiontext></question></quiz>"),
        "media": filled(NOISE, "<quiz><question type='essay'><questiontext><text>a</text><file name='a'>",
                        "</file></questiontext></question></quiz>"),
    },
    "qti12": {
        "questions": at_most(39, filled(QTI12, "<questestinterop>", "</questestinterop>")),
        "elements": at_most(39, filled("<a/>" + " " * 12, "<questestinterop>", "</questestinterop>")),
    },
    "qti21": {"elements": at_most(31, filled("<a/>" + " " * 30, "<assessmentItem>", "</assessmentItem>"))},
    "anki": {"fields": deck, "notes": many_notes},
    "exam": {
        "questions": filled(counted(f"№. {PAD * 9}\n① {PAD * 2}\n② b\n③ c\n④ {PAD * 2}\n정답: ②\n해설: {PAD * 9}\n\n")), "short": filled(counted("№. a\n정답: b\n")),
        "lines": filled(f"{PAD * 3}\n", "1. Q\n"), "numbers": filled(f"1. {PAD * 3}\n"), "labels": filled(f"① {PAD * 3}\n", "1. Q\n"),
        "answers": filled(f"정답: {PAD * 3}\n", "1. Q\n"), "one line": filled("? ① a ", "1. Q\n"), "formulas": filled(f"$a$ {PAD * 3}\n", "1. Q\n"),
        "passages": filled(f"[1~2] {PAD * 3}\n"), "list of answers": filled("1 ② 2 ④ 3 ① 4 가나다라마바사아자차카타파하\n" * 3, "1. Q\n정답\n"),
    },
    "docx": {
        "questions": document(docx_of, counted(f"№. {PAD}\n① {PAD}\n② b\n정답: ②\n"), 100_000), "paragraphs": document(docx_of, NOISY, 100_000),
        "elements": part("word/document.xml", "<a/>" + " " * 70), "runs": part("word/document.xml", f"<w:p><w:r><w:t>{PAD * 3}</w:t></w:r></w:p>"),
        "formulas": part("word/document.xml", f"<w:p><w:r><w:t>{PAD * 9}</w:t></w:r>{FORMULA}</w:p>"),
        "links": part("word/document.xml", "<w:p><w:r><w:object/></w:r></w:p>" + " " * 180),
    },
    "hwpx": {
        "questions": document(hwpx_of, counted(f"№. {PAD}\n① {PAD}\n② b\n정답: ②\n"), 100_000),
        "paragraphs": document(hwpx_of, NOISY, 100_000),
    },
    "xlsx": {"questions": rows((PAD, "a", "b", "1"), 50_000), "cells": rows(("a",) * 50, 12_000)},
    "kahoot": {"questions": kahoot_rows(50_000)},
    "zip": {
        "questions": members(MEGABYTE, f"{PAD * 2}{{T}}\n\n"), "files": members(20_000, f"{PAD * 2}{{T}}\n\n"),
        "sheets": members(MEGABYTE, f"a,{PAD},c,1\n", "question,choice 1,choice 2,answer\n", ".csv"),
        "short": members(2 * MEGABYTE, "{T}\n\n"),
    },
}  # fmt: skip


USUAL = 2_000
"""Questions of a file that somebody has gathered over years."""
COMPARED = """
import time
from quizapp.formats.accounting import unread
began = time.process_time()
unread(data, sys.argv[1], reading)
print(round(time.process_time() - began, 2), round(seconds, 2))
"""


def usual(form: str) -> bytes:
    """Two thousand questions as the format itself would write them; documents as people write exams."""
    if form in ("exam", "docx", "hwpx"):
        lines = [
            line
            for n in range(USUAL)
            for line in (
                f"{n % 999 + 1}. 물음 {n}은 무엇입니까?",
                f"① 가 {n}",
                f"② 나 {n}",
                "③ 다",
                "정답: ②",
                f"해설: {n}째 까닭",
                "",
            )
        ]
        return {"docx": docx_of, "hwpx": hwpx_of}.get(form, lambda lines: "\n".join(lines).encode())(lines)
    if form == "kahoot":
        return kahoot_rows(USUAL + 10)(SIZE)
    own = FORMATS[form]
    sample = [item for item in own.read(own.SAMPLE).items if item.kind != "opaque"]
    made = (
        replace(sample[n % len(sample)], id=f"q{n}", title={"ko": f"제목 {n}"}, points=n // len(sample) % 9 + 1)
        for n in range(USUAL)
    )
    return own.write([item for item in made if not any(problem.is_error for problem in own.carries(item))])


def usual_lines() -> Iterator[str]:
    for form in FORMATS:
        if form != "zip":
            memory, seconds, items, problems, compared = cost(form, usual(form), CHILD + COMPARED)
            yield f"| {form} | {memory} | {seconds} | {compared} | {items:,} | {problems:,} |\n"


def cost(form: str, data: bytes, child: str = CHILD) -> tuple[int, float, int, int, float]:
    """Megabytes, seconds of the processor, questions and problems of a reading; seconds of the comparison after it."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        command = [sys.executable, "-c", child, form, file.name]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{form}: {done.returncode} {done.stderr[-2000:]}")
    memory, seconds, items, problems, compared, exact = [*done.stdout.split(), "0", "0"][:6]
    return int(memory), float(exact) or float(seconds), int(items), int(problems), float(compared)


def cases() -> Iterator[tuple[str, str, Callable[[int], bytes]]]:
    for form, files in FILES.items():
        for name, made in files.items():
            yield form, name, made


HEAD = """# What readers cost

`python -m tests.formats.largest --write` reads the largest files that may be sent, 49 MB each (of QTI, which takes
less in one XML file, 39 and 31), every one in a process of its own. No file may take more than {memory} MB or {seconds} seconds of
the processor. Where no question is read, a problem says what there is too much of. The comparison of the words with what
was read (`quizapp/formats/accounting.py`) isn't counted here; it has limits of its own, and so has the process as a whole.

| Format | Full of | MB | s | Questions | Problems |
|---|---|---:|---:|---:|---:|
"""

USUAL_HEAD = """
## {count:,} questions

What an instructor may have gathered over years; of the formats that we write, our own samples over and over. “Compared”
is what the comparison of the words takes on top, where there is one.

| Format | MB | s | compared, s | Questions | Problems |
|---|---:|---:|---:|---:|---:|
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("formats", nargs="*")
    chosen = parser.parse_args()
    lines = []
    for form, name, made in cases():
        if not chosen.formats or form in chosen.formats:
            memory, seconds, items, problems, _ = cost(form, made(SIZE))
            lines.append(f"| {form} | {name} | {memory} | {seconds} | {items:,} | {problems:,} |\n")
            print(lines[-1], end="", flush=True)  # noqa: T201 -- the command's own output
    if chosen.write:
        head = HEAD.format(memory=MOST_MEMORY, seconds=MOST_TIME)
        Path("docs/readers.md").write_text(
            head + "".join(lines) + USUAL_HEAD.format(count=USUAL) + "".join(usual_lines())
        )


if __name__ == "__main__":
    main()
