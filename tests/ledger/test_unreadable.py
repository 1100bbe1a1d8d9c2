"""A stored state that cannot be read is told in our own words, without those of libraries."""

import json

import pytest

from ledger import codec
from ledger.unreadable import why_unreadable
from tests.ledger.examples import EXAMPLES
from tests.ledger.test_codec import recorded

ENTRY = EXAMPLES["unit"]


def stored(**changes):
    """Return the topic of a unit's record, and its state with some keys changed."""
    event = recorded(**ENTRY)
    return codec.topic_of(event), json.dumps(
        {**json.loads(codec.encode(event)), **changes}
    ).encode()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (b"\x00", "it is not valid JSON"),
        (stored(at=5)[1], "at is not what it must be"),
        (stored(entry={**ENTRY, "name": 5})[1], "entry.name is not what it must be"),
        (b"{}", "it has no class version"),
    ],
)
@pytest.mark.parametrize("read", ["validate", "decode"])
def test_says_in_our_own_words_where_the_fault_is(read, state, words):
    topic = stored()[0]
    call = codec.validate if read == "validate" else lambda _, *row: codec.decode(*row)
    with pytest.raises(codec.UNREADABLE) as error:
        call(ENTRY["id"], topic, state)
    assert str(why_unreadable(error.value)) == words
