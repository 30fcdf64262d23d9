"""Progress: what a learner has read, done and mastered."""
