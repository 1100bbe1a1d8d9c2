"""Facts, rulebook, scores and explanations: pure functions of the events."""
