"""Banks: questions and their versions."""
