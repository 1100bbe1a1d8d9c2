"""Evidence packets: a unit's score of a period with all that proves it, in one zip."""
