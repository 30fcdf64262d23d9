"""How an item of QTI 2 or 3 was understood."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.formats.qti.draft import Draft
from quizapp.formats.qti2.declarations import Given


@dataclass
class Interpretation:
    """A draft, and the responses by which its feedback is found: the right one, and each choice by itself.

    `probes` are those of single choices, by the names of the file; `ids` are our ids by the same names.
    """

    draft: Draft
    right: Given = field(default_factory=dict)
    shuffle: bool = True
    probes: dict[str, Given] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
