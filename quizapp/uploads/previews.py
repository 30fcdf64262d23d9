"""What an upload would do to its bank: each question of the file beside what is there. Nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial

from quizapp.banks import queries as bank_queries
from quizapp.banks.changes import Change, changes
from quizapp.banks.models import words_of
from quizapp.banks.queries import PAGE, Standing
from quizapp.errors import Problem
from quizapp.rules.similarity import nearest
from quizapp.uploads import queries
from quizapp.uploads.contents import Candidate, Content, Source, Way
from quizapp.uploads.models import Upload
from quizapp.uploads.reading import content_of

ADDED, CHANGED, SAME = "added", "changed", "same"
LOSING = "losing"
SHOWN = (ADDED, CHANGED, SAME, LOSING)
"""What a preview can be narrowed to."""


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
    """One page of what an upload would do, with the sums over the whole of it.

    `number` is the page's, from 1 to `pages`. `barred`: the bank that it was to go into may not be changed any more.
    """

    content: Content
    counts: Counter[str]
    left_out: int
    rows: list[Row]
    number: int
    pages: int
    barred: bool
    errors: list[Problem]
    remarks: list[Problem]

    @property
    def taking(self) -> int:
        """How many questions an import would add or change."""
        return self.counts[ADDED] + self.counts[CHANGED] - self.left_out


def way_of(upload: Upload) -> Way:
    return Way(upload.format, upload.language, upload.encoding)


def read(upload: Upload) -> Content:
    """The upload's content; remembered as long as it is read in the same way."""
    load = partial(queries.upload_data, upload.id)
    return content_of(Source(upload.public_id, upload.filename, way_of(upload), load))


def status_of(candidate: Candidate, standing: Standing | None) -> str:
    if standing is None:
        return ADDED
    return SAME if standing.hash == candidate.hash and not standing.archived else CHANGED


def narrowed(statuses: list[tuple[Candidate, str]], show: str) -> list[tuple[Candidate, str]]:
    """Those of one status, or those that lose something; all, where `show` is none of SHOWN."""
    if show == LOSING:
        return [(one, status) for one, status in statuses if one.item.provenance.get("losses")]
    return [(one, status) for one, status in statuses if status == show] if show in SHOWN else statuses


def changeable(upload: Upload, show: str) -> set[int]:
    """The places of the questions that an import would add or change, as far as they are shown."""
    standings = bank_queries.standings(upload.bank_slug, upload.user_id)
    statuses = [(one, status_of(one, standings.get(one.key))) for one in read(upload).candidates]
    return {one.place for one, status in narrowed(statuses, show) if status != SAME}


def preview(upload: Upload, page: int, show: str) -> Preview:
    """One page of the preview, of what `show` narrows it to; the last page, where there are fewer."""
    content = read(upload)
    standings = bank_queries.standings(upload.bank_slug, upload.user_id)
    statuses = [(one, status_of(one, standings.get(one.key))) for one in content.candidates]
    counts = Counter(status for _, status in statuses)
    counts[LOSING] = len(narrowed(statuses, LOSING))
    suiting = narrowed(statuses, show)
    pages = max(1, -(-len(suiting) // PAGE))
    number = min(page, pages)
    left_out = {place for place in upload.left_out if place < len(statuses) and statuses[place][1] != SAME}
    told = content.reading.problems
    return Preview(
        content=content,
        counts=counts,
        left_out=len(left_out),
        rows=rows(upload, content, suiting[(number - 1) * PAGE : number * PAGE], standings, left_out),
        number=number,
        pages=pages,
        barred=queries.barred(upload),
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
    before = bank_queries.current_contents(changed) if changed else {}
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
