"""What an item of QTI 2 or 3 was understood as."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.formats.qti.draft import Draft
from quizapp.formats.qti2.declarations import Given


@dataclass
class Interpretation:
    """A draft, and what tells when which feedback is shown: the right response, and each choice by itself (`probes`
    by the file's names; `ids` has ours)."""

    draft: Draft
    right: Given = field(default_factory=dict)
    shuffle: bool = True
    probes: dict[str, Given] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
