"""The moments that other rooms may act upon; `create_app` wires the receivers.

All but `saved` are sent inside the transaction that makes them true, so a receiver that fails undoes the whole.
"""

from __future__ import annotations

from blinker import Signal

saved = Signal("A response was stored. Sent with the Slot after the commit: for counting, nothing can hang on it.")
answered = Signal("A response was made final. Sent with the Slot, `now`.")
reopened = Signal("A response that was final was opened again for another try. Sent with the Slot, `now`.")
submitted = Signal("An attempt was handed in or ran out of time. Sent with the Attempt, `now`.")
released = Signal(
    "A learner may see the score of an attempt, and what was right in it, from now on: at its hand-in, after closing, "
    "or when the instructor releases it. Sent once with the Attempt, `now`."
)
rescored = Signal(
    "Scores aren't what the learners' answers made them any more: a regrade, its undoing, a score set by hand, a late "
    "answer taken in. Sent with the ids of the learners, `now`."
)
rescheduled = Signal("A quiz opens, closes or shows at other times. Sent with the Quiz, `now`.")
claimed = Signal(
    "A guest logged in to an account. Sent with the guest, `user`: what was the guest's is the user's now."
)
moved = Signal(
    "A roster's code has taken an attempt to another device. Sent with the Attempt, `before`: the id of whose it was."
)
leaving = Signal(
    "An account is about to be deleted. Sent with the User, `now`: what others hold of theirs loses the name."
)
reviewed = Signal("A final response was rated for its card. Sent with the RatedResponse, `user_id`.")
remade = Signal(
    "Cards of a learner were made anew from the record. Sent with the user's id, `now`, all their `ratings`."
)
