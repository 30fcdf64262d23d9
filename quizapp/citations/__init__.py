"""Citations: which question stands on which passage, and how that stands after a lesson has changed."""
