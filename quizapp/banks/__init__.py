"""Banks: questions and their versions, and the way in and out of them."""
