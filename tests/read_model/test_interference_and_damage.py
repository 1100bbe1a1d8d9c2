"""Regressions: other processes, restored ledgers and damage."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from ledger.application import Ledger
from ledger.errors import EntriesRefusedError
from ledger.read_model import comparing
from ledger.read_model.index import Index
from ledger.read_model.read_model import open_read_model
from ledger.read_model.sealing import read_model_path
from ledger.stores import create_store, open_store
from projections import score_cache
from projections.adopted import Measures
from projections.measure import built_in
from projections.query import YearQuery
from projections.read_model_check import read_model_findings
from projections.score_cache import ScoreCache
from projections.scores import score_year
from tests.support import submissions

DAY = date(2016, 11, 30)
QUERY = YearQuery(2016, DAY, provisional=False)
UNITS = [
    {"kind": "unit", "id": name, "name": f"样例{name}", "type": "village"}
    for name in ("U1", "U2", "U3")
]


def card(name, unit):
    return {"kind": "yellow_card", "id": name, "unit": unit, "issued_on": "2016-03-01"}


class Town:
    """A ledger in a file, with ways to record in it and to score it."""

    def __init__(self, folder):
        self.folder = folder
        self.url = f"sqlite:///{folder}/tally.db"
        self.store = create_store(self.url)
        self.ledger = Ledger(self.store, Measures)
        self._read_models = []

    def take(self, *entries):
        return self.ledger.record(submissions(entries), "clerk", "head").position

    def read_model(self):
        self._read_models.append(open_read_model(self.url, self.store))
        return self._read_models[-1]

    def cache(self):
        return ScoreCache(self.read_model(), self.store)

    def penalties(self, scores):
        return {unit.unit: str(unit.sections["penalties"]) for unit in scores.units}

    def right(self, to=None):
        state = self.ledger.state() if to is None else self.ledger.state_at(to)
        return score_year(state, built_in(), 2016, DAY)

    def close(self):
        for read_model in self._read_models:
            read_model.close()
        self.store.close()


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    made.take(*UNITS)
    yield made
    made.close()


def test_second_finding_under_the_new_id_of_a_unit_is_refused(town):
    """The unit is corrected in the same import; the first finding still counts."""
    finding = {"kind": "inspection_finding", "unit": "U1", "year": 2016, "item": "3", "missing": 1}
    town.take({**finding, "id": "F-1"})
    read_model = town.read_model()
    indexed = Ledger(town.store, Measures, read_model=lambda: read_model)
    arriving = [
        {"kind": "reversal", "id": "U1.R", "of": "U1", "reason": "更名"},
        {**UNITS[0], "id": "U1.2", "name": "新名村", "replaces": "U1"},
        {**finding, "id": "F-2", "unit": "U1.2"},
    ]
    for ledger in (town.ledger, indexed):
        with pytest.raises(EntriesRefusedError, match=r"F-1 stands for unit U1\.2, year 2016"):
            ledger.record(submissions(arriving), "clerk", "head")


def test_sheet_and_pages_are_read_in_one_transaction(town, monkeypatch):
    """Another process updates the newest sheet while an earlier state is read."""
    first, second = town.cache(), town.cache()
    first.scores(QUERY, town.ledger.position())
    old = town.take(card("Y-1", "U2"))
    new = town.take(card("Y-2", "U1"))
    first._read_model.follow()
    second._read_model.follow()
    affected_units = score_cache.affected_units

    def meanwhile(*arguments):
        monkeypatch.setattr(score_cache, "affected_units", affected_units)
        second.scores(QUERY, new)
        return affected_units(*arguments)

    monkeypatch.setattr(score_cache, "affected_units", meanwhile)
    assert town.penalties(first.scores(QUERY, old)) == {"U1": "0", "U2": "2", "U3": "0"}
    assert town.penalties(town.cache().scores(QUERY, old)) == {"U1": "0", "U2": "2", "U3": "0"}
    assert town.penalties(town.cache().scores(QUERY, new)) == {"U1": "2", "U2": "2", "U3": "0"}


def test_objection_to_a_response_moves_with_its_batch(town):
    batch = {
        "kind": "petition_batch",
        "id": "B",
        "unit": "U1",
        "matter": "XF-1",
        "level": "city",
        "headcount": 3,
        "occurred_at": "2016-05-01T09:00",
        "abnormal": True,
    }
    response = {"kind": "on_site_response", "id": "R", "unit": "U1", "batch": "B"}
    town.take(batch, {**response, "arrival": "prompt"})
    town.ledger.object("R", "U3", "有异议", "clerk")
    cached = town.cache()
    score = cached.scores(QUERY, town.ledger.position()).unit("U3")
    assert [point.kind for point in score.open][-1] == "objection"
    reversal = {"kind": "reversal", "id": "B.R", "of": "B", "reason": "误"}
    moved = {**batch, "id": "B.2", "replaces": "B", "occurred_at": "2015-05-01T09:00"}
    to = town.take(reversal, moved)
    cached._read_model.follow()
    assert cached.scores(QUERY, to).unit("U3").open == town.right().unit("U3").open


def test_read_model_of_a_restored_ledger_is_not_used(tmp_path):
    """The clock was stopped, so that the last rows of both ledgers are equal."""
    town = Town(tmp_path)
    ahead = Ledger(town.store, Measures, lambda: datetime(2199, 1, 1, tzinfo=UTC), trust_clock=True)
    ahead.record(submissions(UNITS), "clerk", "head")
    town.store.close()
    shutil.copy(tmp_path / "tally.db", tmp_path / "kept.db")
    for number, unit in enumerate(("U2", "U1")):
        if number:
            for end in ("", "-wal", "-shm"):
                (tmp_path / f"tally.db{end}").unlink(missing_ok=True)
            shutil.copy(tmp_path / "kept.db", tmp_path / "tally.db")
        town.store = open_store(town.url)
        town.ledger = Ledger(town.store, Measures, trust_clock=True)
        to = town.take(card("Y-1", unit))
        penalties = town.penalties(town.cache().scores(QUERY, to))
        assert penalties == {"U1": "0", "U2": "0", "U3": "0"} | {unit: "2"}
        town.close()


def test_opening_a_read_model_does_not_replace_one_in_use(town, monkeypatch):
    """One process appends and updates while another opens the read model."""
    read_model = town.read_model()
    inode = read_model_path(town.url).stat().st_ino
    fits = Index._fits

    def meanwhile(self, cursor):
        monkeypatch.setattr(Index, "_fits", fits)
        town.take(card("Y-1", "U1"))
        read_model.follow()
        return fits(self, cursor)

    monkeypatch.setattr(Index, "_fits", meanwhile)
    other = town.read_model()
    assert read_model_path(town.url).stat().st_ino == inode
    assert other.position == town.ledger.position()


def test_read_model_of_another_ledger_is_emptied_in_place(town, tmp_path):
    town.cache().scores(QUERY, town.ledger.position())
    (tmp_path / "other").mkdir()
    other = Town(tmp_path / "other")
    other.take(UNITS[0], card("Y-1", "U1"))
    other.cache().scores(QUERY, other.ledger.position())
    path = read_model_path(town.url)
    comparing.copied(read_model_path(other.url), path)
    other.close()
    inode = path.stat().st_ino
    again = town.cache()
    assert path.stat().st_ino == inode
    assert again.kept() == []
    to = town.ledger.position()
    assert town.penalties(again.scores(QUERY, to)) == town.penalties(town.right())


def test_check_compares_one_moment_while_others_write(town, monkeypatch):
    """Others record and score while index and cached are compared."""
    busy = town.cache()
    busy.scores(QUERY, town.ledger.position())
    rows, scored, number = Index.rows, score_cache.score_year, iter(range(100))

    def work():
        to = town.take(card(f"Y-{next(number)}", "U1"))
        busy._read_model.follow()
        busy.scores(QUERY, to)

    def compared(self, table):
        work()
        return rows(self, table)

    def judged(*arguments, **more):
        monkeypatch.setattr(score_cache, "score_year", scored)
        work()
        return scored(*arguments, **more)

    monkeypatch.setattr(Index, "rows", compared)
    monkeypatch.setattr(score_cache, "score_year", judged)
    other = Ledger(town.store, Measures)
    assert list(read_model_findings(town.url, other)) == []
    assert next(number) >= 2


CARD = ("--unit", "V025", "--issued-on", "2016-05-12", "--by", "clerk")


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_overwritten_read_model_changes_no_figure(sample, part):
    """Figures stay right, entries are recorded, and check reports it."""
    right = sample("score", "--year", "2016", "--json", "--no-cache").ok().json
    sample("score", "--year", "2016").ok()
    sample("explain", "V025", "2016Q2").ok()
    path = read_model_path(sample.url)
    whole = path.read_bytes()
    for number, words in enumerate(
        (
            ("score", "--year", "2016", "--json"),
            ("explain", "V025", "2016Q2", "--json"),
            ("history", "V025", "--json"),
            ("record", "yellow_card", "--id", "HP-0", *CARD, "--json"),
        )
    ):
        at = int(len(whole) * part)
        path.write_bytes(whole[:at] + b"\xff" * 80_000 + whole[at + 80_000 :])
        found = sample(*words).ok().json
        if number == 0:
            assert found == right
    path.write_bytes(whole[:at] + b"\xff" * 80_000 + whole[at + 80_000 :])
    checked = sample("check", "--json")
    assert {finding["kind"] for finding in checked.json["findings"]} <= {"read_model"}


@pytest.mark.parametrize("as_bytes", [True, False], ids=["blob", "of another type"])
@pytest.mark.parametrize(
    ("topic", "old", "new"),
    [
        ("tally.InformationReportRecorded", b'"matters":[', b'"matters":'),
        ("tally.InspectionFindingRecorded", b'"item":"', b'"item":x"'),
        ("tally.CaseReportRecorded", b'"month":"2', b'"month":"x'),
        ("tally.ScreeningReportRecorded", b'"submitted_on":"2', b'"submitted_on":"x'),
        ("tally.PetitionBatchRecorded", b'"headcount":', b'"headcount":x'),
        ("tally.InformationReportRecorded", b'"by":"', b'"by":"\xff'),
        ("tally.InspectionFindingRecorded", b'"by":"', b'"by":"\xff'),
        ("tally.CaseReportRecorded", b'"by":"', b'"by":"\xff'),
        ("tally.EntryVerified", b'"at":"2', b'"at":"x'),
        ("tally.EntryVerified", b'"by":', b'"bo":'),
        ("tally.EntryVerified", b"", b"5"),
        ("tally.PetitionBatchRecorded", b"", b"5"),
        ("tally.InformationReportRecorded", b"", b"5"),
    ],
)
def test_damaged_row_is_reported_by_its_position(sample, topic, old, new, as_bytes):
    """By each command that reads it, and by `tally check` in any case."""
    path = sample.folder / "tally.db"
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            connection.execute(f"DROP TRIGGER {name}")
        query = "SELECT max(position) FROM stored_events WHERE topic = ?"
        (position,) = connection.execute(query, (topic,)).fetchone()
        query = "UPDATE stored_events SET state = replace(state, ?, ?) WHERE position = ?"
        if old == b"":
            query = "UPDATE stored_events SET state = CAST(? || ? AS INTEGER) WHERE position = ?"
        connection.execute(query, (old, new, position))
        if as_bytes:
            query = "UPDATE stored_events SET state = CAST(state AS BLOB) WHERE position = ?"
            connection.execute(query, (position,))
        connection.commit()
    for words in (
        ("score", "--year", "2016", "--no-cache"),
        ("score", "--year", "2016"),
        ("explain", "V025", "2016"),
        ("record", "yellow_card", "--id", "HP-1", *CARD),
    ):
        run = sample(*words)
        if run.status:
            assert f"position {position}: {topic}" in run.err
            assert "run `tally check`" in run.err
    checked = sample("check", "--json")
    assert checked.status == 1
    assert position in {finding["position"] for finding in checked.json["findings"]}


def test_missing_row_is_reported_by_its_position(sample):
    with closing(sqlite3.connect(sample.folder / "tally.db")) as connection:
        connection.execute("DROP TRIGGER no_delete")
        connection.execute("DELETE FROM stored_events WHERE position = 5000")
        connection.commit()
    refused = sample("score", "--year", "2016").refused()
    assert "position 5000: there is no such event" in refused.err
