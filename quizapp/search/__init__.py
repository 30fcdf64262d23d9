"""One search over what somebody may read: lessons, their own notes, and what is theirs to teach with."""
