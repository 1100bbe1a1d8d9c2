"""What it means: facts, the rulebook, scores, flags, explanations. Pure functions of events."""
