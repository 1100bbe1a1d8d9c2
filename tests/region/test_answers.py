"""Each question about one town is answered by the fold of the command of that name."""

from __future__ import annotations

import shutil
import zlib
from contextlib import closing
from datetime import UTC, date, datetime

import msgspec
import pytest

from ledger import read_model
from ledger.integrity.leaves import leaf_hashes
from ledger.integrity.merkle import root_of
from ledger.integrity.note import to_base64
from ledger.stores import open_store
from projections.measure import load_measure, read_measure
from projections.region.code_hash import code_hash
from projections.region.draft import packed, unpacked
from projections.region.faults import FoldFaultError
from projections.region.folding import fold_chunk
from projections.region.messages import (
    DiffQuestion,
    EditionQuestion,
    MissingQuestion,
    PeriodDue,
    ReformQuestion,
    ScoreQuestion,
    Task,
    UnitOwing,
    decode_answer,
    encode,
)
from tests.region.three_towns import QUIET, TOWNS, visit
from tests.support import change

TODAY = date(2016, 12, 31)
FIRST, SECOND, THIRD = TOWNS


def answer(town, question, position=None, since=None):
    """Return what a town answers through bytes."""
    at = town.position if position is None else position
    task = Task(code_hash(), "430681101", town.url, at, question, since)
    (found,) = map(decode_answer, fold_chunk([encode(task)]))
    if found.fault is not None:
        raise FoldFaultError(found.fault)
    return found.value


def reform_question(draft, **more):
    measure = load_measure(read_measure(draft))
    return ReformQuestion(TODAY, draft=packed(measure), draft_sha256=measure.sha256, **more)


def moved(value):
    """Return (total, rank) before and after by unit."""
    sides = [(one.before or one.after, one.before, one.after) for one in value.moves]
    return {
        any_side.unit: tuple(None if one is None else (one.total, one.rank) for one in both)
        for any_side, *both in sides
    }


def test_a_draft_travels_without_what_scoring_does_not_read(draft):
    measure = load_measure(read_measure(draft))
    sent = msgspec.msgpack.decode(zlib.decompress(packed(measure)))
    assert not any(name.startswith("cases/") for name in sent)
    # With another hash, as in a worker that never read the draft.
    assert unpacked(packed(measure), "0" * 64).clauses == measure.clauses
    assert len(packed(measure)) < 16_000


def test_a_draft_moves_the_unit_whose_batch_costs_more(towns, draft):
    """三.一.2: three people to the town cost 1 point, of the draft 2; those to the city 3."""
    question = reform_question(draft, through=date.fromisoformat(QUIET))
    found = answer(towns[FIRST], question)
    assert (found.year, found.through.isoformat(), found.units) == (2016, QUIET, 2)
    assert found.measure == "qianlianghu-2016"
    assert moved(found) == {"V001": (("19", 2), ("18", 2))}
    assert found.moves[0].fields == ("total", "periods")
    assert answer(towns[SECOND], question).moves == ()


def test_a_draft_replaces_another_measure_whole(towns, draft):
    """Under the draft nobody of the third town was abnormal: 4 × 8 points and 3 (三.三.1.5)."""
    found = answer(towns[THIRD], reform_question(draft))
    assert found.measure == "shengzhou-2010-62"
    units = {unit: (sides[0][0], sides[1][0]) for unit, sides in moved(found).items()}
    assert units == {"V001": ("1900", "35"), "V002": ("2000", "35")}


def test_what_is_owed_is_counted_by_unit_with_the_bulletins_that_are_due(towns):
    """三.一.1: by 1 January each lacks a screening report and cases of December, owes January's."""
    question = MissingQuestion(TODAY, 2016, date(2016, 1, 1))
    found = answer(towns[FIRST], question)
    assert found.counts == {"in": 0, "late": 0, "missing": 4, "due": 4}
    assert found.units == (UnitOwing("V001", 0, 2, 2), UnitOwing("V002", 0, 2, 2))
    assert found.bulletins == ()


@pytest.mark.parametrize(
    ("through", "due"),
    [
        ("2016-02-28", []),
        ("2016-02-29", ["2016Q1"]),
        ("2016-11-30", ["2016Q1", "2016Q2", "2016Q3", "2016", "2016Q4"]),
    ],
)
def test_a_bulletin_is_due_once_its_period_is_over(towns, through, due):
    """四.1: the year is from 1 December to 30 November; its quarters end with February, ..."""
    question = MissingQuestion(TODAY, 2016, date.fromisoformat(through))
    assert [one.period for one in answer(towns[FIRST], question).bulletins] == due


def test_a_published_bulletin_is_not_due_once_it_is_verified(tmp_path, towns):
    town = towns[FIRST].copy(tmp_path)
    question = MissingQuestion(TODAY, 2016, date(2016, 2, 29))
    town("publish", "2016Q1", "--through", "2016-02-29", "--by", "office").ok()
    assert answer(town, question).bulletins == (PeriodDue("2016Q1", date(2016, 2, 29), 1),)
    town("verify", "2016Q1", "--by", "head").ok()
    assert answer(town, question).bulletins == ()


def test_changes_are_those_since_a_time_or_a_position(tmp_path, towns):
    """三.一.2: one person more to the district costs 2 points of V002, which had 20."""
    town = towns[FIRST].copy(tmp_path)
    then = datetime.now(UTC)
    town.take_in(visit("B-2", "V002", "district", 1, "2015-12-07"))
    through = date.fromisoformat(QUIET)
    expected = {"V001": (("19", 2), ("19", 1)), "V002": (("20", 1), ("18", 2))}
    by_time = answer(town, DiffQuestion(TODAY, since=then, through=through))
    assert moved(by_time) == expected
    by_position = answer(town, DiffQuestion(TODAY, edition="root", through=through), since=7)
    assert by_position.moves == by_time.moves
    unmoved = answer(town, DiffQuestion(TODAY, since=then, through=through), position=7)
    assert unmoved.moves == ()


def test_units_are_new_where_no_measure_was_in_force_then(towns):
    then = datetime(2015, 1, 1, tzinfo=UTC)
    found = answer(towns[THIRD], DiffQuestion(TODAY, since=then, year=2016))
    assert [(one.before, one.after.total) for one in found.moves] == [
        (None, "1900"),
        (None, "2000"),
    ]


def test_since_an_edition_its_own_day_is_compared_with_the_present_one(towns):
    """三.一.1: between the days 2 × (1 + 3) points fell due for what was not handed in."""
    question = DiffQuestion(
        TODAY,
        edition="root",
        published_through=date.fromisoformat(QUIET),
        year=2016,
        through=date(2016, 1, 31),
    )
    found = answer(towns[FIRST], question, since=7)
    assert {unit: (a[0], b[0]) for unit, (a, b) in moved(found).items()} == {
        "V001": ("19", "11"),
        "V002": ("20", "12"),
    }


def test_an_edition_has_the_root_of_the_leaves_up_to_the_position(towns):
    with closing(open_store(towns[FIRST].url)) as store:
        expected = to_base64(root_of(leaf_hashes(store)[:5]))
    question = EditionQuestion(TODAY, 2016)
    found = answer(towns[FIRST], question, position=5)
    assert found.root == expected
    assert found.scores == answer(towns[FIRST], ScoreQuestion(TODAY, 2016), position=5)
    assert answer(towns[FIRST], question).root != expected
    since = answer(towns[FIRST], DiffQuestion(TODAY, edition="root"), since=5)
    assert since.root == expected


def test_a_draft_without_an_amount_is_a_fault_of_the_town(tmp_path, towns, draft):
    """Whose answer names the clause, and is no answer of another town."""
    shutil.copytree(draft, tmp_path / "draft")
    raised = 'when = { level = ["town"], headcount = "1-5" }'
    fewer = raised.replace("1-5", "1-2")
    change(tmp_path / "draft", "clauses/04-abnormal-petitions.toml", raised, fewer)
    question = reform_question(tmp_path / "draft", through=date.fromisoformat(QUIET))
    with pytest.raises(FoldFaultError, match="abnormal"):
        answer(towns[FIRST], question)
    assert answer(towns[SECOND], question).moves == ()


def test_a_large_ledger_of_which_parts_are_loaded_answers_the_same(towns, draft, monkeypatch):
    questions = [
        reform_question(draft),
        MissingQuestion(TODAY, 2016, date(2016, 3, 1)),
        DiffQuestion(TODAY, since=datetime(2015, 1, 1, tzinfo=UTC), year=2016),
        EditionQuestion(TODAY, 2016),
    ]
    whole = [answer(towns[FIRST], one) for one in questions]
    monkeypatch.setattr(read_model, "SMALL", 0)
    assert [answer(towns[FIRST], one) for one in questions] == whole


def test_what_was_recorded_by_a_time_alone_is_asked(tmp_path, towns, draft):
    """V002's batch of three to the town, recorded later, would cost 1 point, of the draft 2."""
    town = towns[FIRST].copy(tmp_path)
    then = datetime.now(UTC)
    town.take_in(visit("B-2", "V002", "town", 3, "2015-12-07"))
    quiet = {"through": date.fromisoformat(QUIET)}
    question = reform_question(draft, as_of=then, **quiet)
    assert moved(answer(town, question)) == {"V001": (("19", 2), ("18", 2))}
    now = moved(answer(town, reform_question(draft, **quiet)))
    assert now == {"V001": (("19", 1), ("18", 1)), "V002": (("19", 1), ("18", 1))}
    before = MissingQuestion(TODAY, 2016, date(2016, 3, 1), as_of=datetime(2015, 1, 1, tzinfo=UTC))
    assert answer(town, before).units == ()
