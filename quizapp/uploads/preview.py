"""What an upload would do to its bank: each question of the file beside what is there. Nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from quizapp.banks import queries as bank_queries
from quizapp.banks.changes import Change, changes
from quizapp.banks.diff import ADDED, CHANGED, SAME, Comparison, diff
from quizapp.banks.queries import PAGE
from quizapp.banks.summary import words_of
from quizapp.errors import Problem
from quizapp.formats.items import Item
from quizapp.rules.similarity import nearest
from quizapp.uploads import queries
from quizapp.uploads.content import Content
from quizapp.uploads.models import Upload
from quizapp.uploads.reading import content_of

LOSING = "losing"
NARROWINGS = (ADDED, CHANGED, SAME, LOSING)
"""What a preview can be narrowed to."""


@dataclass(frozen=True)
class PreviewRow:
    """One question of the preview, at its place in the file.

    `alike`: slug and public id of the question that is most like a new one. `doubts`: the warnings of its reader.
    """

    place: int
    item: Item
    status: str
    taken: bool
    changes: list[Change]
    alike: tuple[str, str] | None
    losses: list[Problem]
    doubts: list[Problem]


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


def comparisons_of(upload: Upload, content: Content) -> list[Comparison]:
    """Each question of the file beside what its bank holds now."""
    return diff(bank_queries.held_in_named_bank(upload.bank_slug, upload.user_id), content.incoming).comparisons


def narrowed(compared: list[Comparison], narrowing: str) -> list[Comparison]:
    """Those of one status, or those that lose something; all, where `narrowing` is none of NARROWINGS."""
    if narrowing == LOSING:
        return [one for one in compared if one.incoming.item.provenance.get("losses")]
    return [one for one in compared if one.status == narrowing] if narrowing in NARROWINGS else compared


def changeable(upload: Upload, narrowing: str) -> set[int]:
    """The places of the questions that an import would add or change, as far as the preview is narrowed to them."""
    compared = narrowed(comparisons_of(upload, content_of(upload)), narrowing)
    return {one.place for one in compared if one.status != SAME}


def preview(upload: Upload, page: int, narrowing: str) -> Preview:
    """One page of the preview, of what `narrowing` leaves of it; the last page, where there are fewer."""
    content = content_of(upload)
    compared = comparisons_of(upload, content)
    counts = Counter(one.status for one in compared)
    counts[LOSING] = len(narrowed(compared, LOSING))
    suiting = narrowed(compared, narrowing)
    pages = max(1, -(-len(suiting) // PAGE))
    number = min(page, pages)
    left_out = {place for place in upload.left_out if place < len(compared) and compared[place].status != SAME}
    problems = content.reading.problems
    return Preview(
        content=content,
        counts=counts,
        left_out=len(left_out),
        rows=rows(upload, problems, suiting[(number - 1) * PAGE : number * PAGE], left_out),
        number=number,
        pages=pages,
        barred=queries.barred(upload),
        errors=[problem for problem in problems if problem.is_error],
        remarks=[problem for problem in problems if not problem.is_error],
    )


def rows(upload: Upload, problems: list[Problem], compared: list[Comparison], left_out: set[int]) -> list[PreviewRow]:
    changed = [one.held.id for one in compared if one.held is not None and one.status == CHANGED]
    before = bank_queries.current_contents(changed) if changed else {}
    added = {one.place: words_of(one.incoming.item) for one in compared if one.status == ADDED}
    alike = nearest(added, queries.readable_texts(upload.user_id)) if added else {}
    # An item keeps what is to be said of it as sentences in English; the problems behind them can be translated.
    told = {problem.message: problem for problem in problems if not problem.is_error}
    found = []
    for one in compared:
        item = one.incoming.item
        old = before.get(one.held.id) if one.held else None
        near = alike.get(one.place)
        found.append(
            PreviewRow(
                place=one.place,
                item=item,
                status=one.status,
                taken=one.status != SAME and one.place not in left_out,
                changes=changes(old, item.content()) if old is not None else [],
                alike=near[0] if near else None,
                losses=[told[said] for said in item.provenance.get("losses", ()) if said in told],
                doubts=[told[said] for said in item.provenance.get("doubts", ()) if said in told],
            )
        )
    return found
