"""Courses: lessons, the quizzes made from banks, and the loading of both from `questions/`."""
