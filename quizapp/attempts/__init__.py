"""Attempts: a learner takes a quiz; every response is kept, scored and never changed."""
