"""The names under which events are stored, with their class versions: known without the events."""

from __future__ import annotations

from ledger.entries import BY_KIND

VERIFIED = "tally.EntryVerified"
REVERSED = "tally.EntryReversed"
PUBLISHED = "tally.FiguresPublished"
RAISED = "tally.ObjectionRaised"
DECIDED = "tally.ObjectionDecided"

RECORDED: dict[str, str] = {
    kind: f"tally.{entry_type.__name__}Recorded" for kind, entry_type in BY_KIND.items()
}
"""Of each kind of entry the topic of its recordings."""

KIND_OF: dict[str, str] = {topic: kind for kind, topic in RECORDED.items()}
"""Of each topic of recordings its kind."""

CLASS_VERSIONS: dict[str, int] = dict.fromkeys(
    (*RECORDED.values(), VERIFIED, REVERSED, PUBLISHED, RAISED, DECIDED), 1
)
"""Today's version of each event's class; `ledger.events` holds its classes to these."""

PUBLICATION, OBJECTION = "publication:", "objection:"
"""Before the ids of what is no entry: a colon, which no entry's id has in it."""


def prefix_of(topic: str) -> bytes:
    """How states of today's version of a topic begin."""
    return b'{"class_version":%d,' % CLASS_VERSIONS[topic]
