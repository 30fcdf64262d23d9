"""What instructors do to scores: regrades and their undoing, and the answers to challenges."""
