"""What is lost of an item on its way into a package of one vocabulary and back."""

from __future__ import annotations

from quizapp.errors import Problem
from quizapp.formats.items import Item
from quizapp.formats.losses import unknown_kind
from quizapp.formats.qti.losses import undeclared_in_qti
from quizapp.formats.qti2.kind_writers import WRITERS
from quizapp.formats.qti2.losses import losses_of
from quizapp.formats.qti2.reader import read_package
from quizapp.formats.qti2.vocabularies import Vocabulary
from quizapp.formats.qti2.writer import members_of


def losses_in(item: Item, vocabulary: Vocabulary) -> list[Problem]:
    """What writing loses. What was written is read again, so that no loss goes unreported."""
    return undeclared_in_qti(
        item,
        unknown_kind(item, WRITERS) or losses_of(item, vocabulary.format),
        lambda items: members_of(items, vocabulary),
        lambda package, language: read_package(package, [], language, vocabulary),
    )
