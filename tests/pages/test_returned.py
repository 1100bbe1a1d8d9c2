"""Pages say who sent an entry back, and why, until it is put right."""

from __future__ import annotations

import pytest

from cli.session import session
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.pages.conftest import SCRIPT, client_of


@pytest.fixture
def returned(tmp_path):
    """Return `tally` on a ledger with a batch that was sent back."""
    tally = Tally(tmp_path).founded()
    tally.take_in(*UNITS)
    tally.take_in(batch(), batch("B-2", matter="XF-2"), verify_by=None)
    tally("return", "B-1", "--reason", f"人数不符{SCRIPT}", "--by", "head").ok()
    return tally


def test_entry_and_open_points_say_it(returned):
    with session(returned.url) as opened:
        client = client_of(opened)
        entry = client.page("/entry", id="B-1", through_may=False)
        words = f"sent back by head: 人数不符{SCRIPT}"
        assert words in entry.text
        assert "returned" in entry.text
        rows = [row for row in client.page("/open", through_may=False).cells() if len(row) == 4]
        kinds = {row[2]: " ".join(row[1].split()) for row in rows}
        assert (kinds["B-1"], kinds["B-2"]) == (f"unverified {words}", "unverified")
        assert words in client.page("/unit", id="V001", through_may=False).text
    returned("verify", "B-1", "--by", "head").ok()
    with session(returned.url) as opened:
        entry = client_of(opened).page("/entry", id="B-1", through_may=False)
        assert "sent back by" not in entry.text
        assert "人数不符" in entry.text, "in its history"
