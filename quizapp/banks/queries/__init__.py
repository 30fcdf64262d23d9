"""Reads of banks and questions, sorted by subject. Nothing here changes anything."""

from __future__ import annotations

from quizapp.banks.queries.access import (
    bank,
    editable,
    editable_bank,
    may_change,
    member,
    members,
    own_bank,
    public_banks,
    public_of,
    readable,
    readable_bank,
    readable_by,
    role_in,
    shared_with,
    theirs,
    unreadable,
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
    last_numbers,
    texts_in_use,
    version,
    versions,
)
from quizapp.banks.queries.search import (
    MAX_WORDS,
    PAGE,
    Facets,
    Filters,
    chosen,
    facets,
    filters_of,
    page,
    saying,
)
