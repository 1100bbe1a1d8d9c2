"""Bounds of a row that the guards of both stores enforce, in their own SQL."""

ID_LIMIT = 128
"""Characters of an id at most."""

TOPIC_LIMIT = 64
"""Characters of a topic at most."""

STATE_LIMIT = 1 << 25
"""Bytes of a state at most: a measure may have 4,000,000 characters, some of four bytes."""

NOTE_LIMIT = 100_000
"""Characters of a checkpoint at most."""
