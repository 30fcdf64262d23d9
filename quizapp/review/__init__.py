"""The daily review: what was answered once comes back when it is about to be forgotten."""
