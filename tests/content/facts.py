"""`python -m tests.content.facts`: what of `docs/courses/openai-devday.md` follows from the course, made anew.

Which item asks which fact is a judgement, and is written there by hand. The numbers of the facts, how many are asked,
the items that belong to none of them, and the checks with their passages follow from these lines and from the course.
"""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

from quizapp.config import bundled
from quizapp.content.folder import CourseFolder, read_course
from quizapp.formats.items import Item
from tests.content.folders import COURSE

PAGE = bundled("docs") / "courses" / f"{COURSE}.md"
FACT = re.compile(r"^\| \d+ \| (.*) \|$", re.MULTILINE)
COUNTED = re.compile(r"Of \d+ facts, \d+ are asked; the other \d+ say why not\.")
OF_NONE = re.compile(r"(?<=belong to no single line above: )[^\n]*")
CHECKS = re.compile(r"(?<=\| Check \| Passages that it stands on \|\n\|---\|---\|\n)(\|.*\|\n)*")


def page(written: str, course: CourseFolder) -> str:
    """The page with what follows from its own lines and from the course."""
    numbers = count(1)
    made = FACT.sub(lambda found: f"| {next(numbers)} | {found[1]} |", written)
    facts = FACT.findall(made)
    asked = [fact for fact in facts if fact.split(" | ")[-1].startswith("`")]
    made = COUNTED.sub(
        f"Of {len(facts)} facts, {len(asked)} are asked; the other {len(facts) - len(asked)} say why not.", made
    )
    items = [item for reading in course.banks.values() for item in reading.items]
    rows = "\n".join(line for line in made.splitlines() if line.startswith("|"))
    free = sorted(item.id for item in items if not item.use and f"`{item.id}`" not in rows)
    made = OF_NONE.sub(lambda _found: ", ".join(f"`{id}`" for id in free) + ".", made)
    return CHECKS.sub(lambda _found: "".join(row_of(item) for item in items if item.use), made)


def row_of(item: Item) -> str:
    passages = ", ".join(f"`{one['lesson']}#{one['anchor']}`" for one in item.citations)
    return f"| `{item.id}` | {passages} |\n"


def main(file: Path = PAGE) -> None:
    file.write_text(page(file.read_text(), read_course(bundled("questions") / COURSE)))


if __name__ == "__main__":
    main()
