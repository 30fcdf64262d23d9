"""What was copied from a source: runs of its letters in a text. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.errors import N_, Problem
from quizapp.rules.authoring import letters, remark

RUN = 20
"""Letters in a row that a text may share with its source only in a quotation; shorter runs come about by chance."""


class SourceText:
    """The text of a source, to find what was copied from it."""

    def __init__(self, text: str) -> None:
        self.letters = letters(text)
        self.runs = {self.letters[place : place + RUN] for place in range(len(self.letters) - RUN + 1)}

    def copies(self, text: str) -> Iterator[str]:
        """The longest runs that a text shares with the source."""
        searched, place = letters(text), 0
        while place <= len(searched) - RUN:
            if searched[place : place + RUN] not in self.runs:
                place += 1
                continue
            end = place + RUN
            while end < len(searched) and searched[end - RUN + 1 : end + 1] in self.runs:
                end += 1
            yield searched[place:end]
            place = end


def copied(source: SourceText, text: str) -> Iterator[Problem]:
    """A remark for each run of the text that is the source's."""
    for run in source.copies(text):
        yield remark(
            N_("%(count)s characters in a row are those of the source: “%(run)s”."),
            "near-copy",
            mend=N_("Say it in other words; the facts are free, the sentences are the author's."),
            count=len(run),
            run=run[:60],
        )
