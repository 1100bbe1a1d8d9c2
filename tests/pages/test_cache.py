"""States and scores are cached between requests, and never shown after an append."""

from __future__ import annotations

from datetime import date
from unittest import mock

from cli.pages import books
from cli.session import session
from projections import loader
from projections.query import ScoreQuery
from tests.cli.entries import UNITS, batch
from tests.cli.running import Tally
from tests.pages.conftest import client_of


def test_a_page_shows_entries_appended_since_the_last_request(tmp_path):
    tally = Tally(tmp_path)
    tally("init").ok()
    with session(tally.url) as opened:
        client = client_of(opened)
        assert "No unit counts in this state." in client.page("/ranking").text
        tally.take_in(*UNITS)
        before = client.page("/ranking", year="2016").row("V001")
        first = tally.position
        tally.take_in(batch(level="national"), verify_by=None)
        assert client.page("/ranking", year="2016").row("V001")[12:] == ["", "1"]
        assert client.page("/ranking", year="2016").row("V001")[4] == before[4]
        tally("verify", "--all", "--by", "head").ok()
        after = client.page("/ranking", year="2016").row("V001")
        # 4 points under 三（一）2, and 3 because the information report is missing.
        assert float(before[4]) - float(after[4]) == 7
        # The earlier state does not share its scores with the newest one.
        assert client.page("/ranking", year="2016", as_of=str(first)).row("V001") == before
        assert client.page("/ranking", year="2016").row("V001") == after


def test_pages_of_one_state_are_scored_once(town):
    with session(town.url) as opened:
        client = client_of(opened)
        with mock.patch.object(loader, "score_year", wraps=loader.score_year) as scored:
            for path in ("/", "/unit?id=V001", "/open", "/clauses"):
                client.page(path, through_may=False)
            assert scored.call_count == 1
            client.page("/ranking", through="2016-02-29")
            assert scored.call_count == 2


def test_the_cache_is_bounded(town):
    with session(town.url) as opened:
        kept = books.Books(opened)
        for position in range(3, 12):
            point = books.Point(False, position)
            kept.year_data_at(point, kept.latest(point), None, provisional=False)
        assert len(kept._views) == books.KEPT
        assert len(kept._latest) == books.KEPT


def test_the_default_year_is_that_of_score(tmp_path):
    """An unverified entry of a later year lists the year, and does not make it the default."""
    tally = Tally(tmp_path)
    tally("init").ok()
    tally.adopt(2017)
    tally.take_in(*UNITS, batch())
    tally.take_in(batch("B-2", occurred_at="2017-05-20T10:00:00+08:00"), verify_by=None)
    with session(tally.url) as opened:
        data = books.Books(opened).year_data(ScoreQuery())
    assert (data.year, data.years) == (2016, (2016, 2017))
    assert tally("score", "--json").ok().json["year"] == 2016


def test_the_day_is_asked_for_again_while_a_server_runs(tmp_path):
    """A page without a day is through today: 2016-02-01 one day, 2016-02-02 the next."""
    tally = Tally(tmp_path)
    tally("init").ok()
    tally.take_in(*UNITS)
    with session(tally.url) as opened:
        days = [date(2016, 2, 1)]
        opened.loader.today = lambda: days[0]
        client = client_of(opened)
        assert "2016-02-01" in client.get("/ranking").text
        days[0] = date(2016, 2, 2)
        assert "2016-02-02" in client.get("/ranking").text
