"""Fuzz tests: random and mutated lines are entries or refusals, never another outcome."""

import io
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.entries import BY_KIND
from ledger.errors import Refusal
from ledger.identifiers import holds_identifier
from ledger.submissions import Submission, parse, read_jsonl
from tests.ledger.examples import EXAMPLES

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=40)
    | st.sampled_from(["V001", "2016-02-30", "2016-13", "1.5", "13800138000", "national", "", "　"])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
)
MUTATIONS = st.lists(
    st.tuples(st.integers(min_value=0), st.integers(min_value=0, max_value=255)), max_size=4
)


@st.composite
def lines(draw):
    """Draw the line of a valid entry with fields changed, removed or added, and bytes replaced."""
    entry = dict(EXAMPLES[draw(st.sampled_from(sorted(BY_KIND)))])
    for name in draw(st.lists(st.sampled_from([*entry, "note", "replaces", "colour"]), max_size=3)):
        if draw(st.booleans()):
            entry[name] = draw(VALUES)
        else:
            entry.pop(name, None)
    line = bytearray(json.dumps(entry, ensure_ascii=draw(st.booleans())).encode("utf-8", "replace"))
    for place, byte in draw(MUTATIONS):
        line[place % len(line)] = byte
    return bytes(line)


def check_line(line, counts):
    """Check that a line is an entry that parses again to itself, or refused without identifiers."""
    outcome = parse(line, "fuzz.jsonl", 1)
    if isinstance(outcome, Submission):
        counts["entries"] += 1
        again = parse(json.dumps(outcome.entry.content(), ensure_ascii=False).encode())
        assert isinstance(again, Submission)
        assert again.entry == outcome.entry
        return
    counts["refused"] += 1
    assert outcome
    for refusal in outcome:
        assert refusal.message
        assert not holds_identifier(str(refusal))
        assert not holds_identifier(json.dumps(refusal.as_json(), ensure_ascii=False))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(lines())
def test_any_line_is_an_entry_or_refused(line):
    check_line(line, Counter())


@pytest.mark.slow
def test_ten_thousand_lines_are_entries_or_refused():
    counts = Counter()

    @settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(lines())
    def many(line):
        check_line(line, counts)

    many()
    print(f"{counts.total():,} lines: {counts['refused']:,} refused, {counts['entries']:,} entries")
    assert counts.total() >= 10_000
    assert counts["entries"] > 100


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=2_000) | st.lists(lines(), max_size=5).map(b"\n".join))
def test_any_file_yields_entries_and_refusals_in_the_order_of_its_lines(content):
    found = list(read_jsonl(io.BytesIO(content), "fuzz.jsonl"))
    assert found
    assert all(isinstance(one, Submission | Refusal) for one in found)
    numbers = [one.line for one in found if one.line is not None]
    assert numbers == sorted(numbers)
