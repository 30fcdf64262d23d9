"""How an item of QTI 2 or 3 was understood."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.formats.qti.item_core import ItemCore
from quizapp.formats.qti2.declarations import Given
from quizapp.kinds.base import Text


@dataclass
class Interpretation:
    """The core of an item, and the responses by which its feedback is found: the right one, and each choice by itself.

    `probes` are those of single choices, by the names of the file; `ids` are our ids by the same names. `solution` is
    a model answer that scores nothing.
    """

    core: ItemCore
    right: Given = field(default_factory=dict)
    shuffle: bool = True
    probes: dict[str, Given] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    solution: Text = field(default_factory=dict)
