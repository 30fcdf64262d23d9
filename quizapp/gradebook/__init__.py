"""Gradebook: results of a quiz, and the essays that wait for a person."""
