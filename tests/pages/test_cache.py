"""What is kept between requests is never shown once the ledger has moved on."""

from __future__ import annotations

from unittest import mock

from cli.pages import books
from cli.session import session
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.pages.conftest import reader_of


def test_a_page_shows_what_was_appended_a_moment_ago(tmp_path):
    tally = Tally(tmp_path)
    tally("init").ok()
    with session(tally.url) as opened:
        reader = reader_of(opened)
        assert "No unit counts in this state." in reader.page("/").text
        tally.take_in(*UNITS)
        before = reader.page("/", year="2016").row("V001")
        first = tally.position
        tally.take_in(batch(level="national"), verify_by=None)
        assert reader.page("/", year="2016").row("V001")[12:] == ["", "1"]
        assert reader.page("/", year="2016").row("V001")[4] == before[4]
        tally("verify", "--all", "--by", "head").ok()
        after = reader.page("/", year="2016").row("V001")
        # 4 points under 三（一）2 and 3 for want of an information report.
        assert float(before[4]) - float(after[4]) == 7
        # The state that was the newest is kept apart from the one that grew out of it.
        assert reader.page("/", year="2016", as_of=str(first)).row("V001") == before
        assert reader.page("/", year="2016").row("V001") == after


def test_what_was_computed_is_computed_once(town):
    with session(town.url) as opened:
        reader = reader_of(opened)
        with mock.patch.object(books, "score_year", wraps=books.score_year) as scored:
            for path in ("/", "/unit?id=V001", "/open", "/clauses"):
                reader.page(path, known=False)
            assert scored.call_count == 1
            reader.page("/", through="2016-02-29")
            assert scored.call_count == 2


def test_only_so_much_is_kept(town):
    with session(town.url) as opened:
        kept = books.Books(opened)
        for position in range(3, 12):
            kept.view_at((False, position), 2016, None, provisional=False)
        assert len(kept._views) == books.KEPT_VIEWS
        assert len(kept._states) == books.KEPT_STATES
