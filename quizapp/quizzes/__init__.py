"""Quizzes: what they ask and how they are taken."""
