"""What an upload would do to its bank: each question of the file beside what is there. Nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from quizapp.banks import queries as bank_queries
from quizapp.banks.changes import Change, changes
from quizapp.banks.diff import ADDED, CHANGED, SAME, Comparison
from quizapp.banks.queries import PAGE
from quizapp.banks.summary import words_of
from quizapp.errors import Problem
from quizapp.formats.items import Item
from quizapp.rules.similarity import nearest
from quizapp.uploads import queries
from quizapp.uploads.comparing import ComparedContent, compared_content
from quizapp.uploads.content import Content
from quizapp.uploads.models import Upload
from quizapp.uploads.reading import content_of

LOSING, WAITING = "losing", "waiting"
NARROWINGS = (ADDED, CHANGED, SAME, WAITING, LOSING)
"""What a preview can be narrowed to."""


@dataclass(frozen=True)
class PreviewRow:
    """One question of the preview, at its place in the file.

    `alike`: slug and public id of the question that is most like a new one, or that it was guessed to be. `waits`:
    whether somebody has to decide about it. `choice`: "change" or "new", where it can be either; else "". `doubts`: the
    warnings of its reader.
    """

    place: int
    item: Item
    status: str
    taken: bool
    changes: list[Change]
    alike: tuple[str, str] | None
    waits: bool
    choice: str
    losses: list[Problem]
    doubts: list[Problem]

    @property
    def number(self) -> str:
        """The file's own number of the question; where it has none, that of its place."""
        return str(self.item.provenance.get("number", "")).strip().rstrip(".)번")[:20] or str(self.place + 1)


@dataclass(frozen=True)
class Preview:
    """One page of what an upload would do, with the sums over the whole of it.

    `number` is the page's, from 1 to `pages`. `barred`: the bank that it was to go into may not be changed any more.
    """

    content: Content
    counts: Counter[str]
    left_out: int
    rows: list[PreviewRow]
    number: int
    pages: int
    barred: bool
    errors: list[Problem]
    remarks: list[Problem]

    @property
    def taking(self) -> int:
        """How many questions an import would add or change."""
        return self.counts[ADDED] + self.counts[CHANGED] - self.left_out


def narrowed(found: ComparedContent, narrowing: str) -> list[Comparison]:
    """Those of one status, that wait for a decision, or lose something; all, where `narrowing` is no NARROWING."""
    if narrowing == LOSING:
        return [one for one in found.comparisons if one.incoming.item.provenance.get("losses")]
    if narrowing == WAITING:
        return [one for one in found.comparisons if found.waits(one)]
    return [one for one in found.comparisons if one.status == narrowing or narrowing not in NARROWINGS]


def changeable(upload: Upload, narrowing: str) -> set[int]:
    """The places of the questions that an import would add or change, as far as the preview is narrowed to them."""
    suiting = narrowed(compared_content(upload, content_of(upload)), narrowing)
    return {one.place for one in suiting if one.status != SAME}


def preview(upload: Upload, page: int, narrowing: str) -> Preview:
    """One page of the preview, of what `narrowing` leaves of it; the last page, where there are fewer."""
    content = content_of(upload)
    found = compared_content(upload, content)
    counts = Counter(one.status for one in found.comparisons)
    counts[LOSING], counts[WAITING] = len(narrowed(found, LOSING)), len(narrowed(found, WAITING))
    suiting = narrowed(found, narrowing)
    pages = max(1, -(-len(suiting) // PAGE))
    number = min(page, pages)
    problems = content.reading.problems
    return Preview(
        content=content,
        counts=counts,
        left_out=len(found.out),
        rows=rows(upload, problems, suiting[(number - 1) * PAGE : number * PAGE], found),
        number=number,
        pages=pages,
        barred=queries.barred(upload),
        errors=[problem for problem in problems if problem.is_error],
        remarks=[problem for problem in problems if not problem.is_error],
    )


def rows(upload: Upload, problems: list[Problem], shown: list[Comparison], found: ComparedContent) -> list[PreviewRow]:
    changed = [one.held.id for one in shown if one.held is not None and one.status == CHANGED]
    before = bank_queries.current_contents(changed) if changed else {}
    alike = likeness(upload, shown, found)
    # An item keeps what is to be said of it as sentences in English; the problems behind them can be translated.
    told = {problem.message: problem for problem in problems if not problem.is_error}
    made = []
    for one in shown:
        item = one.incoming.item
        old = before.get(one.held.id) if one.held else None
        could_change = one.incoming.key in found.guesses.changes
        made.append(
            PreviewRow(
                place=one.place,
                item=item,
                status=one.status,
                taken=one.status != SAME and not found.is_out(one),
                changes=changes(old, item.content()) if old is not None else [],
                alike=alike.get(one.place),
                waits=found.waits(one),
                choice=("change" if one.guessed else "new") if could_change and one.status != SAME else "",
                losses=[told[said] for said in item.provenance.get("losses", ()) if said in told],
                doubts=[told[said] for said in item.provenance.get("doubts", ()) if said in told],
            )
        )
    return made


def likeness(upload: Upload, shown: list[Comparison], found: ComparedContent) -> dict[int, tuple[str, str]]:
    """By place the question that each is guessed to be or most like, of the bank or of any the user may read."""
    own = found.guesses.changes | found.guesses.alike
    alike = {one.place: (upload.bank_slug, own[one.incoming.key].public_id) for one in shown if one.incoming.key in own}
    others = {one.place: words_of(one.incoming.item) for one in shown if one.status == ADDED and one.place not in alike}
    near = nearest(others, queries.own_and_shared_texts(upload.user_id)) if others else {}
    return alike | {place: name for place, (name, _) in near.items()}
