"""What an upload would do to its bank: each question of the file beside what is there. Nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial

from quizapp.banks import queries
from quizapp.banks.changes import Change, changes
from quizapp.banks.models import Upload, words_of
from quizapp.banks.queries import PAGE, Standing
from quizapp.banks.reading import Candidate, Content, Source, content_of
from quizapp.errors import Problem
from quizapp.rules.similarity import nearest

ADDED, CHANGED, SAME = "added", "changed", "same"
MAX_TOLD = 100
"""Problems shown on one page; a file of another kind may have thousands."""


@dataclass(frozen=True)
class Row:
    """One question of the preview. `alike`: slug and public id of the question that is most like a new one."""

    candidate: Candidate
    status: str
    taken: bool
    standing: Standing | None
    changes: list[Change]
    alike: tuple[str, str] | None
    losses: list[Problem]


@dataclass(frozen=True)
class Preview:
    """One page of what an upload would do, with the sums over the whole of it."""

    content: Content
    counts: Counter[str]
    left_out: int
    rows: list[Row]
    pages: int
    errors: list[Problem]
    remarks: list[Problem]

    @property
    def can_import(self) -> bool:
        return self.taking > 0

    @property
    def taking(self) -> int:
        """How many questions an import would add or change."""
        return self.counts[ADDED] + self.counts[CHANGED] - self.left_out


def read(upload: Upload) -> Content:
    """The upload's content; remembered as long as neither its format nor its language is changed."""
    load = partial(queries.upload_data, upload.id)
    return content_of(Source(upload.public_id, upload.filename, upload.format, upload.language, load))


def status_of(candidate: Candidate, standing: Standing | None) -> str:
    if standing is None:
        return ADDED
    return SAME if standing.hash == candidate.hash and not standing.archived else CHANGED


def preview(upload: Upload, page: int) -> Preview:
    """One page of the preview; the last one, where there are fewer."""
    content = read(upload)
    standings = queries.standings(upload.bank_slug, upload.user_id)
    statuses = [status_of(one, standings.get(one.key)) for one in content.candidates]
    pages = max(1, -(-len(statuses) // PAGE))
    first = (min(page, pages) - 1) * PAGE
    shown = list(zip(content.candidates, statuses, strict=True))[first : first + PAGE]
    left_out = {place for place in upload.left_out if place < len(statuses) and statuses[place] != SAME}
    told = content.reading.problems
    return Preview(
        content=content,
        counts=Counter(statuses),
        left_out=len(left_out),
        rows=rows(upload, content, shown, standings, left_out),
        pages=pages,
        errors=[problem for problem in told if problem.is_error],
        remarks=[problem for problem in told if not problem.is_error],
    )


def rows(
    upload: Upload,
    content: Content,
    shown: list[tuple[Candidate, str]],
    standings: dict[str, Standing],
    left_out: set[int],
) -> list[Row]:
    changed = [standings[one.key].id for one, status in shown if status == CHANGED]
    before = queries.current_contents(changed) if changed else {}
    added = {one.place: words_of(one.item) for one, status in shown if status == ADDED}
    alike = nearest(added, queries.readable_texts(upload.user_id)) if added else {}
    # An item keeps its losses as sentences in English; the problems behind them can be said in the page's language.
    losses = {problem.message: problem for problem in content.reading.problems if problem.severity == "loss"}
    found = []
    for candidate, status in shown:
        standing = standings.get(candidate.key)
        old = before.get(standing.id) if standing else None
        near = alike.get(candidate.place)
        found.append(
            Row(
                candidate=candidate,
                status=status,
                taken=status != SAME and candidate.place not in left_out,
                standing=standing,
                changes=changes(old, candidate.item.content()) if old is not None else [],
                alike=near[0] if near else None,
                losses=[losses[said] for said in candidate.item.provenance.get("losses", ()) if said in losses],
            )
        )
    return found
