"""Ordering in QTI 1.2."""

from __future__ import annotations

from quizapp.errors import N_
from quizapp.formats.qti.ids import ids_of
from quizapp.formats.qti.item_core import ItemCore
from quizapp.formats.qti.refusals import MARK_RIGHT, Unusable
from quizapp.formats.qti12.question import Qti12Question


def read_order(question: Qti12Question) -> ItemCore:
    """The right place of each thing is the index in its comparison or, without one, the place of the comparison."""
    response = question.only_response("response_lid", "response_grp")
    labels = {label.get("ident", "").strip(): label for label in response.labels}
    places: dict[str, int] = {}
    for place, (_, test) in enumerate(question.scoring.tests(response.ident, ("varequal",)), 1):
        index = test.get("index") or ""
        places.setdefault((test.text or "").strip(), int(index) if index.isdigit() and len(index) < 6 else place)
    if set(places) != set(labels):
        raise Unusable(N_("The right order of this question isn't given."), "no-right", MARK_RIGHT)
    right = sorted(labels, key=places.__getitem__)
    partly = sum(condition.gives for condition in question.scoring.conditions) > 1
    names = dict(zip(labels, ids_of(list(labels)), strict=True))
    items = [{"id": names[ident], "text": question.text_inside(labels[ident])} for ident in right]
    return ItemCore("order", {"items": items}, {"method": "absolute" if partly else "all-or-nothing"})
