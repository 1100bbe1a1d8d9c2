"""A draft moves exactly what its changed amounts touch."""

from __future__ import annotations

import random
import re
from datetime import date
from decimal import Decimal

import pytest

from projections.measure import BUILT_IN, built_in, load_measure, read_measure
from projections.reform import reform
from projections.scores import Scored, score_year
from tests.oracle import bare, unverified_ids
from tests.oracle.generate import ledger
from tests.support import state

AMOUNT = re.compile(r'^(points|factor) = "(-?[0-9.]+)"$', re.MULTILINE)
DAY = date(2016, 11, 30)


def changed(content, chance):
    """Return a copy of a measure with one random amount changed, its file and its place there."""
    stating = (name for name in content if AMOUNT.search(content[name]))
    file = chance.choice(sorted(name for name in stating if name.startswith("clauses/")))
    found = list(AMOUNT.finditer(content[file]))
    one = chance.choice(found)
    value = Decimal(one[2]) + chance.choice([Decimal("0.25"), Decimal(-1), Decimal(7)])
    text = content[file]
    text = f'{text[: one.start()]}{one[1]} = "{value}"{text[one.end() :]}'
    return {**content, file: text}


def amounts(measure):
    return [(slug, one) for slug, clause in measure.clauses.items() for one in clause.amount]


@pytest.mark.parametrize("seed", range(40))
def test_a_changed_amount_moves_the_postings_that_read_it_and_no_other(seed):
    chance = random.Random(f"reform {seed}")
    entries = ledger(seed, n_entries=200, rulings=4)
    known = state(bare(entries), unverified=unverified_ids(entries))
    draft = load_measure(changed(read_measure(BUILT_IN), chance))
    pairs = zip(amounts(built_in()), amounts(draft), strict=True)
    ((slug, amount),) = [one for one, other in pairs if one != other]

    before = Scored(known, score_year(known, built_in(), 2016, DAY))
    after = Scored(known, score_year(known, draft, 2016, DAY))
    changes = {change.unit: change for change in reform(before, after)}

    for score in before.scores.units:
        other = after.scores.unit(score.unit)
        reading = [one for one in score.postings() if amount in one.read]
        change = changes.get(score.unit)
        moved = [] if change is None else list(change.removed)
        assert all(one in reading for one in moved), "a posting moved that does not read the amount"
        total = sum((one.points for one in reading), Decimal(0))
        if not reading:
            assert score.total == other.total
            assert change is None or set(change.after) <= {"rank"}
        elif any(one.points for one in reading):
            assert change is not None
            assert {one.clause for one in (*change.removed, *change.added)} == {slug}
            assert set(change.entries) == {
                entry for one in (*change.removed, *change.added) for entry in one.entries
            }
            if score.total == other.total:
                assert total == sum(
                    (one.points for one in other.postings() if one.clause == slug), Decimal(0)
                ) - sum(
                    (
                        one.points
                        for one in score.postings()
                        if one.clause == slug and one not in reading
                    ),
                    Decimal(0),
                )


def test_a_draft_with_the_same_amounts_moves_nothing():
    entries = ledger(3, n_entries=150, rulings=2)
    known = state(bare(entries), unverified=unverified_ids(entries))
    content = read_measure(BUILT_IN)
    same = load_measure({**content, "law.toml": content["law.toml"] + "\n# another line\n"})
    assert same.sha256 != built_in().sha256
    before = Scored(known, score_year(known, built_in(), 2016, DAY))
    after = Scored(known, score_year(known, same, 2016, DAY))
    assert reform(before, after) == []
