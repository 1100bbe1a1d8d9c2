"""What comes between: other processes, restored ledgers, damage; each once went wrong."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import pytest

from cli.sample import sample_year
from ledger.application import Ledger
from ledger.errors import EntriesRefusedError
from ledger.read_model import comparing
from ledger.read_model.index import Index
from ledger.read_model.read_model import open_read_model, read_model_path
from ledger.stores import create_store, open_store
from projections import score_cache
from projections.query import YearQuery
from projections.read_model_check import read_model_findings
from projections.rulebook import load_rulebook
from projections.score_cache import ScoreCache
from projections.scores import score_year
from tests.support import submissions

DAY = date(2016, 11, 30)
ASKED = YearQuery(2016, DAY, provisional=False)
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
        self.ledger = Ledger(self.store, load_rulebook())
        self._views = []

    def take(self, *entries):
        return self.ledger.record(submissions(entries), "clerk", "head").position

    def view(self):
        self._views.append(open_read_model(self.url, self.store))
        return self._views[-1]

    def sheets(self):
        return ScoreCache(self.view(), self.store, load_rulebook())

    def penalties(self, scores):
        return {unit.unit: str(unit.penalties) for unit in scores.units}

    def right(self, to=None):
        state = self.ledger.state() if to is None else self.ledger.state_at(to)
        return score_year(state, load_rulebook(), 2016, DAY)

    def close(self):
        for view in self._views:
            view.close()
        self.store.close()


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    made.take(*UNITS)
    yield made
    made.close()


def test_a_finding_under_the_new_id_of_a_unit_is_a_second_one(town):
    """A unit corrected in the import that brings the finding: the first stands for it too."""
    finding = {"kind": "inspection_finding", "unit": "U1", "year": 2016, "item": "3", "missing": 1}
    town.take({**finding, "id": "F-1"})
    view = town.view()
    viewed = Ledger(town.store, load_rulebook(), read_model=lambda: view)
    arriving = [
        {"kind": "reversal", "id": "U1.R", "of": "U1", "reason": "更名"},
        {**UNITS[0], "id": "U1.2", "name": "新名村", "replaces": "U1"},
        {**finding, "id": "F-2", "unit": "U1.2"},
    ]
    for ledger in (town.ledger, viewed):
        with pytest.raises(EntriesRefusedError, match=r"F-1 stands for unit U1\.2, year 2016"):
            ledger.record(submissions(arriving), "clerk", "head")


def test_a_sheet_is_read_of_one_moment(town, monkeypatch):
    """Another process brings the newest sheet forward while an earlier state is asked for."""
    first, second = town.sheets(), town.sheets()
    first.scores(ASKED, town.ledger.position())
    old = town.take(card("Y-1", "U2"))
    new = town.take(card("Y-2", "U1"))
    first._read_model.follow()
    second._read_model.follow()
    touched = score_cache.affected_units

    def meanwhile(*arguments):
        monkeypatch.setattr(score_cache, "affected_units", touched)
        second.scores(ASKED, new)
        return touched(*arguments)

    monkeypatch.setattr(score_cache, "affected_units", meanwhile)
    assert town.penalties(first.scores(ASKED, old)) == {"U1": "0", "U2": "2", "U3": "0"}
    assert town.penalties(town.sheets().scores(ASKED, old)) == {"U1": "0", "U2": "2", "U3": "0"}
    assert town.penalties(town.sheets().scores(ASKED, new)) == {"U1": "2", "U2": "2", "U3": "0"}


def test_an_objection_to_a_response_goes_with_the_batch(town):
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
    pages = town.sheets()
    told = pages.scores(ASKED, town.ledger.position()).unit("U3")
    assert [point.kind for point in told.open][-1] == "objection"
    reversal = {"kind": "reversal", "id": "B.R", "of": "B", "reason": "误"}
    moved = {**batch, "id": "B.2", "replaces": "B", "occurred_at": "2015-05-01T09:00"}
    to = town.take(reversal, moved)
    pages._read_model.follow()
    assert pages.scores(ASKED, to).unit("U3").open == town.right().unit("U3").open


def test_the_view_of_a_restored_ledger_with_another_tail(tmp_path):
    """The clock stood, so that the last row of both is the same to the byte."""
    town = Town(tmp_path)
    ahead = Ledger(town.store, load_rulebook(), lambda: datetime(2199, 1, 1, tzinfo=UTC))
    ahead.record(submissions(UNITS), "clerk", "head")
    town.store.close()
    shutil.copy(tmp_path / "tally.db", tmp_path / "kept.db")
    for number, unit in enumerate(("U2", "U1")):
        if number:
            for end in ("", "-wal", "-shm"):
                (tmp_path / f"tally.db{end}").unlink(missing_ok=True)
            shutil.copy(tmp_path / "kept.db", tmp_path / "tally.db")
        town.store = open_store(town.url)
        town.ledger = Ledger(town.store, load_rulebook())
        to = town.take(card("Y-1", unit))
        told = town.penalties(town.sheets().scores(ASKED, to))
        assert told == {"U1": "0", "U2": "0", "U3": "0"} | {unit: "2"}
        town.close()


def test_nobody_takes_a_view_from_its_users(town, monkeypatch):
    """Somebody appends, and follows, while another opens the view."""
    view = town.view()
    inode = read_model_path(town.url).stat().st_ino
    fits = Index._fits

    def meanwhile(self, cursor):
        monkeypatch.setattr(Index, "_fits", fits)
        town.take(card("Y-1", "U1"))
        view.follow()
        return fits(self, cursor)

    monkeypatch.setattr(Index, "_fits", meanwhile)
    other = town.view()
    assert read_model_path(town.url).stat().st_ino == inode
    assert other.position == town.ledger.position()


def test_a_view_of_another_ledger_is_emptied_in_place(town):
    town.sheets().scores(ASKED, town.ledger.position())
    with closing(sqlite3.connect(read_model_path(town.url))) as connection:
        connection.execute("UPDATE anchors SET digest = x'00'")
        connection.commit()
    inode = read_model_path(town.url).stat().st_ino
    again = town.sheets()
    assert read_model_path(town.url).stat().st_ino == inode
    assert again.kept() == []
    to = town.ledger.position()
    assert town.penalties(again.scores(ASKED, to)) == town.penalties(town.right())


def test_check_looks_at_one_moment(town, monkeypatch):
    """Others record and score while the index and the pages are compared: nothing is wrong."""
    busy = town.sheets()
    busy.scores(ASKED, town.ledger.position())
    differing, scored, number = comparing._differing, score_cache.score_year, iter(range(100))

    def work():
        to = town.take(card(f"Y-{next(number)}", "U1"))
        busy._read_model.follow()
        busy.scores(ASKED, to)

    def compared(*arguments):
        work()
        return differing(*arguments)

    def judged(*arguments, **more):
        monkeypatch.setattr(score_cache, "score_year", scored)
        work()
        return scored(*arguments, **more)

    monkeypatch.setattr(comparing, "_differing", compared)
    monkeypatch.setattr(score_cache, "score_year", judged)
    other = Ledger(town.store, load_rulebook())
    assert list(read_model_findings(town.url, other, load_rulebook())) == []
    assert next(number) >= 2


@pytest.fixture
def sample(at_work):
    at_work.at("2016-11-30T17:00", *sample_year())
    return at_work


CARD = ("--unit", "V025", "--issued-on", "2016-05-12", "--by", "clerk")


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_view_with_a_hole_in_it(sample, part):
    """Whatever is overwritten: figures stay right, entries are recorded, check does not break."""
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
        told = sample(*words).ok().json
        if number == 0:
            assert told == right
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
def test_a_damaged_row_is_told_by_its_position(sample, topic, old, new, as_bytes):
    """By whatever way it is read; what no way stumbles over, `tally check` tells."""
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
        told = sample(*words)
        if told.status:
            assert f"position {position}: {topic}" in told.err
            assert "run `tally check`" in told.err
    told = sample("check", "--json")
    assert told.status == 1
    assert position in {finding["position"] for finding in told.json["findings"]}


def test_a_missing_row_is_told_by_its_position(sample):
    with closing(sqlite3.connect(sample.folder / "tally.db")) as connection:
        connection.execute("DROP TRIGGER no_delete")
        connection.execute("DELETE FROM stored_events WHERE position = 5000")
        connection.commit()
    told = sample("score", "--year", "2016").refused()
    assert "position 5000: there is no such event" in told.err
