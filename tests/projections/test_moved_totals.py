"""What the verification of one entry moves: computed alone as by the preview of all units."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from cli.session import session
from projections.preview import MovedTotals, verification_preview
from tests.cli.entries import OF_EACH_KIND, UNITS, batch
from tests.cli.running import Tally


def moved_by_preview(loader, state, entry_id, now):
    """The totals that a preview of the whole town moves."""
    found = {}
    for units in verification_preview(loader, state, [entry_id], now).units.values():
        for one in units:
            before, after = (Decimal(side.get("total", 0)) for side in (one.before, one.after))
            if after != before:
                found[one.unit] = found.get(one.unit, Decimal(0)) + after - before
    return {unit: points for unit, points in found.items() if points}


def test_each_kind_moves_alone_what_the_preview_shows(tmp_path):
    tally = Tally(tmp_path).founded()
    tally.take_in(*UNITS)
    tally.take_in(*OF_EACH_KIND, verify_by=None)
    now = datetime.now(UTC)
    with session(tally.url) as opened:
        state = opened.ledger.state()
        totals = MovedTotals(opened.loader, state, now)
        ids = [one["id"] for one in OF_EACH_KIND]
        alone = {one: totals.of(one) for one in ids}
        assert alone == {one: moved_by_preview(opened.loader, state, one, now) for one in ids}
    # National, 6 people and more: −12, a repeated one half more; V002 is its host.
    assert set(alone["B-1"]) == {"V001", "V002"}


def test_a_batch_to_the_town_moves_its_unit_by_one_point(tmp_path):
    """到镇上访 6 人以下每批次扣 1 分."""
    tally = Tally(tmp_path).founded()
    tally.take_in(*UNITS)
    tally.take_in(batch("B-1"), verify_by=None)
    with session(tally.url) as opened:
        totals = MovedTotals(opened.loader, opened.ledger.state(), datetime.now(UTC))
        assert totals.of("B-1") == {"V001": Decimal(-1)}
