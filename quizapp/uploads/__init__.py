"""Uploads: files become previews, and what is ticked of them comes into a bank.

The way of a file: `views.sending` takes it, `actions.keep` keeps it, `reading.content_of` reads it by its format.
`preview` compares what it holds with the bank by `banks.diff` and writes nothing; `views.deciding` shows that.
`actions.apply` has `banks.actions.store_items` store what is ticked: the same diff, then `banks.versions`, the one
writer. `actions.undo` takes it back.
"""
