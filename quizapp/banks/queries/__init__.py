"""Reads of banks and questions, sorted by subject. Nothing here changes anything."""

from __future__ import annotations

from quizapp.banks.queries.access import (
    bank,
    editable_bank,
    editable_banks,
    hidden_banks,
    may_change,
    member,
    members,
    own_and_shared_banks,
    own_bank,
    public_banks,
    public_of,
    role_in,
    shared_with,
    theirs,
    visible_bank,
    visible_to,
)
from quizapp.banks.queries.contents import (
    facts,
    items,
    last_position,
    public_ids,
    question,
    questions,
    sizes,
    sizes_of,
    to_keep_apart,
)
from quizapp.banks.queries.history import (
    before_bulk,
    count_of_bulk,
    current_contents,
    held_in_named_bank,
    held_questions,
    items_of,
    last_loaded,
    texts_in_use,
    version,
    versions,
)
from quizapp.banks.queries.search import (
    MAX_WORDS,
    PAGE,
    Facets,
    Filters,
    chosen_questions,
    facets,
    filters_of,
    page,
    saying,
)
