"""What learners mark and write down for themselves: bookmarks and notes on passages and questions."""
