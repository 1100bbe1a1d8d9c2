"""Packets of every unit and period of random ledgers: corrections, carried quarters, objections."""

from __future__ import annotations

from contextlib import closing

import pytest

from cli.packet.making import make_packet
from cli.pages.books import Books
from cli.session import session
from ledger.integrity.checkpoint import sign_head
from ledger.integrity.keys import load_key, make_key
from ledger.stores import open_store
from projections.query import ScoreQuery
from tests.packet.packets import events_of, files_of, verified
from tests.projections.stored import YEARS, grown, url_of


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_every_packet_is_proved_and_holds_no_other_units_entries(tmp_path, seed):
    for _ in grown(tmp_path, seed):
        pass
    url, path = url_of(tmp_path, seed), tmp_path / "packet.zip"
    make_key(url)
    with closing(open_store(url)) as store:
        sign_head(store, load_key(url), [])
    with session(url) as opened:
        books = Books(opened)
        for year in YEARS:
            data = books.year_data(ScoreQuery(year))
            for score in data.scores.units:
                for number in (None, *(one.number for one in score.periods)):
                    made = make_packet(opened, data, score, number, lambda _: b"")
                    path.write_bytes(made.zip)
                    status, lines = verified(path)
                    assert status == 0, (seed, year, score.unit, number, lines)
                    assert others_of(path, data, score.unit) == []


def others_of(path, data, unit):
    """Return the entries of a packet that name units, and not this one."""
    found = [one.get("entry") for _, one in events_of(files_of(path))]
    entries = [one for one in found if isinstance(one, dict)]
    root = data.state.root
    of_units = [
        (one["id"], {root(one[name]) for name in ("unit", "host_unit") if name in one})
        for one in entries
    ]
    registered = [one["id"] for one in entries if one["kind"] == "unit"]
    assert {root(one) for one in registered} == {unit}
    return [name for name, units in of_units if units and unit not in units]
